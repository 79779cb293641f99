"""Figures of finance, declared when the app is ready."""

from finance.figures import affordability, allocation, shadow_monitoring

__all__ = ["affordability", "allocation", "shadow_monitoring"]
