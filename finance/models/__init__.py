from .rate import Rate

__all__ = ["Rate"]
