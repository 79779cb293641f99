from . import assumptions, catchments, flows, patient_sets, public_shares, scenarios

__all__ = ["assumptions", "catchments", "flows", "patient_sets", "public_shares", "scenarios"]
