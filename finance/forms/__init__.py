from .filters import NAMES, AffordabilityForm, AllocationForm, SpendForm
from .monitoring import BudgetFileForm, BudgetForm, MonitoringForm

__all__ = ["NAMES", "AffordabilityForm", "AllocationForm", "BudgetFileForm", "BudgetForm", "MonitoringForm", "SpendForm"]
