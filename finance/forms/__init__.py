from .filters import NAMES, AffordabilityForm, AllocationForm, SpendForm
from .monitoring import MonitoringForm

__all__ = ["NAMES", "AffordabilityForm", "AllocationForm", "MonitoringForm", "SpendForm"]
