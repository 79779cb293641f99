from .budgets import BudgetSet, PopulationBudget
from .official import (
    OfficialAllocation,
    OfficialConvergence,
    OfficialFactor,
    OfficialFile,
    OfficialFileKind,
    OfficialFileProblem,
    OfficialMeasure,
    OfficialNeed,
    RegisteredPeople,
    WeightedPractice,
)
from .peers import PeerGroup
from .policies import PolicyOption
from .rate import Rate
from .rounds import SEALED, AllocationRound, RoundEvent, RoundState, RoundStep

__all__ = [
    "SEALED",
    "AllocationRound",
    "BudgetSet",
    "OfficialAllocation",
    "OfficialConvergence",
    "OfficialFactor",
    "OfficialFile",
    "OfficialFileKind",
    "OfficialFileProblem",
    "OfficialMeasure",
    "OfficialNeed",
    "PeerGroup",
    "PolicyOption",
    "PopulationBudget",
    "Rate",
    "RegisteredPeople",
    "RoundEvent",
    "RoundState",
    "RoundStep",
    "WeightedPractice",
]
