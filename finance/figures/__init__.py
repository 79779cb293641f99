"""Figures of finance, declared when the app is ready."""

from finance.figures import affordability, allocation

__all__ = ["affordability", "allocation"]
