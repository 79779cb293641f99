from .reference import ReferenceRefused, load_practices, load_reference

__all__ = ["ReferenceRefused", "load_practices", "load_reference"]
