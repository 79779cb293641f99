from . import flows, patient_sets

__all__ = ["flows", "patient_sets"]
