from .official import (
    OfficialAllocation,
    OfficialConvergence,
    OfficialFactor,
    OfficialFile,
    OfficialFileKind,
    OfficialFileProblem,
    OfficialNeed,
    RegisteredPeople,
    WeightedPractice,
)
from .rate import Rate
from .rounds import SEALED, AllocationRound, RoundEvent, RoundState

__all__ = [
    "SEALED",
    "AllocationRound",
    "OfficialAllocation",
    "OfficialConvergence",
    "OfficialFactor",
    "OfficialFile",
    "OfficialFileKind",
    "OfficialFileProblem",
    "OfficialNeed",
    "Rate",
    "RegisteredPeople",
    "RoundEvent",
    "RoundState",
    "WeightedPractice",
]
