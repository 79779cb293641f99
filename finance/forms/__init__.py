from .filters import NAMES, AffordabilityForm, AllocationForm, SpendForm

__all__ = ["NAMES", "AffordabilityForm", "AllocationForm", "SpendForm"]
