from .rate import Rate
from .rounds import SEALED, AllocationRound, RoundEvent, RoundState

__all__ = ["SEALED", "AllocationRound", "Rate", "RoundEvent", "RoundState"]
