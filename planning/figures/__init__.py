from . import catchments, flows, patient_sets, public_shares

__all__ = ["catchments", "flows", "patient_sets", "public_shares"]
