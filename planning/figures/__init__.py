from . import (
    assumptions,
    catchments,
    flow_map,
    flow_measures,
    flows,
    one_flow,
    patient_sets,
    public_shares,
    scenarios,
)

__all__ = [
    "assumptions",
    "catchments",
    "flow_map",
    "flow_measures",
    "flows",
    "one_flow",
    "patient_sets",
    "public_shares",
    "scenarios",
]
