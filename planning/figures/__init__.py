from . import flows

__all__ = ["flows"]
