"""Pace of change: how fast what a population receives may move towards its target, within a floor and a cap.

Growth of an area = λ + convergence(its opening distance), held between a floor and a cap; λ, the balancing growth, is the one
with which all areas together receive the quantum. Knots, floor and cap are parameters of a policy; none is built in.

Source: NHS England, revenue allocations: baseline, convergence, allocation; the shape by knots is this product's own.
"""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from planning.calculations.contract import floats, require_columns, require_known, require_unique

from .apportionment import apportion, round_to_total

PENNY = 100  # ten-thousandths of a pound
MOST_YEARS = 10


class ImpossiblePace(ValueError):
    """No growth within the floor and the cap gives the quantum away; the message says which cannot hold and what would.

    `constraint` is "floor" or "cap"; `quantum` and `bound` (what the areas would receive with every one of them on it) are
    whole ten-thousandths of a pound; `rate_that_holds` is the nearest floor or cap that can hold.
    """

    def __init__(self, message: str, *, constraint: str, quantum: int, bound: int, rate_that_holds: float):
        super().__init__(message)
        self.constraint, self.quantum, self.bound, self.rate_that_holds = constraint, quantum, bound, rate_that_holds


@dataclass(frozen=True)
class Pace:
    """A policy: knots of (distance, change of growth), and the least and most growth of any area, all as fractions.

    Raises:
        ValueError: it contradicts itself; the message names the knots, or the floor and the cap.
    """

    knots: tuple[tuple[float, float], ...]
    floor: float
    cap: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "knots", tuple((float(d), float(c)) for d, c in self.knots))
        check_knots(self.knots)
        if not (math.isfinite(self.floor) and math.isfinite(self.cap)):
            raise ValueError("The floor and the cap must be numbers.")
        if self.floor <= -1:
            raise ValueError(f"The floor of {_rate(self.floor)} would take everything away: it must be above −100%.")
        if self.floor > self.cap:
            raise ValueError(f"The floor of {_rate(self.floor)} is above the cap of {_rate(self.cap)}.")


def check_knots(knots: Sequence[tuple[float, float]]) -> None:
    """Check that knots say one change of growth for each distance, no more of it for who is further above target.

    Args:
        knots: (distance from target, change of growth), fractions, from the lowest distance to the highest.

    Raises:
        ValueError: fewer than two, one is no number, two overlap, they are out of order, or the change rises with distance.
    """
    if len(knots) < 2:
        raise ValueError("There must be at least two knots.")
    for number, knot in enumerate(knots, start=1):
        if not all(math.isfinite(v) for v in knot):
            raise ValueError(f"Knot {number} is not a pair of numbers.")
    for number, ((before, more), (after, less)) in enumerate(itertools.pairwise(knots), start=2):
        if after == before:
            raise ValueError(f"Knots {number - 1} and {number} overlap: both are at a distance of {_rate(after)}.")
        if after < before:
            raise ValueError(f"Knot {number} is out of order: its distance of {_rate(after)} is below {_rate(before)}.")
        if less > more:
            raise ValueError(
                f"Knot {number} gives more growth ({_rate(less)}) than knot {number - 1} ({_rate(more)}), to areas that are "
                "further above target."
            )


def convergence(distance: pd.Series, knots: Sequence[tuple[float, float]]) -> pd.Series:
    """Change of growth for distances from target: linear between knots, flat outside them.

    Args:
        distance: fractions, + is above target.
        knots: as `check_knots` wants them.

    Returns:
        Fractions to add to growth, with the index of `distance`; missing where the distance is.

    Raises:
        ValueError: the knots are refused by `check_knots`.
    """
    check_knots(knots)
    at, change = zip(*knots, strict=True)
    return pd.Series(np.interp(floats(distance), at, change), index=distance.index)


def grown(total: int, growth: float) -> int:
    """A sum of money after growth, to the nearest penny, half up.

    Args:
        total: whole ten-thousandths of a pound.
        growth: a fraction, taken as the decimal that it is written as.

    Returns:
        Whole ten-thousandths of a pound, whole pence.
    """
    exact = Fraction(int(total)) * (1 + Fraction(str(growth)))
    return math.floor(exact / PENNY + Fraction(1, 2)) * PENNY


def one_year(areas: pd.DataFrame, *, quantum: int, pace: Pace) -> pd.DataFrame:
    """Allocations of one year, from baselines and target shares.

    Args:
        areas: `area` (unique), `target_share` (above 0, adds up to 1), `baseline` (above 0, whole ten-thousandths of a pound).
        quantum: what is given away, whole ten-thousandths of a pound, whole pence.
        pace: the policy.

    Returns:
        The areas' rows, in their order, with `opening_distance` (baseline ÷ (share × sum of baselines) − 1; + is above target),
        `convergence`, `balancing_growth` (the same for all), `growth` (before pence), `limit` ("floor", "cap" or ""), `target`
        (share × quantum), `allocation` (both whole pence by largest remainder, so that they add up to the quantum; ties by
        code), `distance_money` (allocation − target) and `closing_distance` (allocation ÷ (share × quantum) − 1). A floor or
        cap holds to within the penny that rounding may take.

    Raises:
        ImpossiblePace: the floor needs more than the quantum, or the cap leaves some of it.
        ValueError: a column is not there, an area stands twice, a number is missing or not above 0, the shares do not add up
            to 1, or the quantum is not whole pence.

    Source: NHS England, revenue allocations; `docs/methods.md`, "Pace of change".
    """
    _check_areas(areas)
    if int(quantum) != quantum or quantum % PENNY:
        raise ValueError("The quantum must be whole pence.")
    base, share = floats(areas["baseline"]), floats(areas["target_share"])
    _check_possible(areas["baseline"], int(quantum), pace)
    opening = base / (share * base.sum()) - 1
    change = convergence(opening, pace.knots)
    balancing = _balancing_growth(base, change, float(quantum), pace)
    wanted = balancing + change
    growth = wanted.clip(pace.floor, pace.cap)
    pence = pd.Series((base * (1 + growth) / PENNY).to_numpy(), index=areas["area"])
    allocation = round_to_total(pence, int(quantum) // PENNY).to_numpy() * PENNY
    target = apportion(int(quantum) // PENNY, pd.Series(share.to_numpy(), index=areas["area"])).to_numpy() * PENNY
    return areas.assign(
        opening_distance=opening,
        convergence=change,
        balancing_growth=balancing,
        growth=growth,
        limit=np.select([wanted <= pace.floor, wanted >= pace.cap], ["floor", "cap"], ""),
        target=target,
        allocation=allocation,
        distance_money=allocation - target,
        closing_distance=allocation / (share * float(quantum)) - 1,
    )


def pace_of_change(
    areas: pd.DataFrame,
    *,
    quanta: Mapping[str, int],
    pace: Pace,
    shares: Mapping[str, Mapping[str, float]] | None = None,
    transfers: Mapping[str, Mapping[str, int]] | None = None,
) -> pd.DataFrame:
    """Allocations of up to ten years, each from the one before.

    Args:
        areas: `area` (unique), `target_share`, and `baseline` of the year before the first.
        quanta: the quantum of each year, in their order.
        pace: the policy, the same in every year.
        shares: target shares of the areas from a year on (populations that are projected), where they change.
        transfers: recurrent transfers added to the areas' baselines at the start of a year; they add up to anything.

    Returns:
        As `one_year`, with `year` first, `baseline` of each year (the allocation of the year before plus transfers), and where
        there are transfers `transfer` (of that year, 0 for who has none).

    Raises:
        ImpossiblePace: as `one_year`; the message names the year.
        ValueError: as `one_year`, no year or more than ten, shares or transfers of an area or a year that is not there, or
            transfers that leave an area nothing; the message names the year.
    """
    if not 1 <= len(quanta) <= MOST_YEARS:
        raise ValueError(f"There must be between 1 and {MOST_YEARS} years: there are {len(quanta)}.")
    require_columns(areas, ["area", "target_share", "baseline"], of="areas")
    for name, by_year in [("shares", shares or {}), ("transfers", transfers or {})]:
        _check_named(areas, quanta, name, by_year)
    now, done = areas[["area", "target_share", "baseline"]].reset_index(drop=True), []
    for year, quantum in quanta.items():
        if year in (shares or {}):
            now = now.assign(target_share=now["area"].map((shares or {})[year]))
        if transfers:
            now = _with_transfers(now, year, transfers.get(year, {}))
        result = _in_year(now, year, quantum, pace)
        done.append(result)
        now = now.assign(baseline=result["allocation"])
    return pd.concat(done, ignore_index=True)


def _with_transfers(areas: pd.DataFrame, year: str, moved: Mapping[str, int]) -> pd.DataFrame:
    """Baselines after what is moved at the start of a year, from that year on."""
    given = areas.assign(transfer=[int(moved.get(area, 0)) for area in areas["area"]])
    given = given.assign(baseline=given["baseline"] + given["transfer"])
    if len(bare := given[given["baseline"] <= 0]):
        raise ValueError(
            f"In {year} the transfers leave nothing to: {', '.join(str(a) for a in bare['area'])}. What an area has at the start "
            "of the year must be more than what is taken from it."
        )
    return given


def _in_year(areas: pd.DataFrame, year: str, quantum: int, pace: Pace) -> pd.DataFrame:
    try:
        result = one_year(areas, quantum=quantum, pace=pace)
    except ImpossiblePace as fault:
        raise ImpossiblePace(
            f"In {year}: {fault}",
            constraint=fault.constraint,
            quantum=fault.quantum,
            bound=fault.bound,
            rate_that_holds=fault.rate_that_holds,
        ) from None
    result.insert(0, "year", year)
    return result


def _check_named(areas: pd.DataFrame, quanta: Mapping[str, int], name: str, by_year: Mapping[str, Mapping[str, float]]) -> None:
    if strange := sorted(set(by_year) - set(quanta)):
        raise ValueError(f"There are {name} of a year without a quantum: {', '.join(strange)}.")
    known = set(areas["area"])
    for year, by_area in by_year.items():
        if strange := sorted(set(by_area) - known):
            raise ValueError(f"There are {name} of {year} for areas that are not there: {', '.join(strange)}.")
        if name == "shares" and (absent := sorted(known - set(by_area))):
            raise ValueError(f"There are no {name} of {year} for: {', '.join(absent)}.")


def _check_areas(areas: pd.DataFrame) -> None:
    columns = ["target_share", "baseline"]
    require_columns(areas, ["area", *columns], of="areas")
    require_unique(areas, ["area"], of="areas")
    require_known(areas, columns, name="area", of="areas")
    if areas.empty:
        raise ValueError("There are no areas to give the quantum to.")
    for column, name in [("target_share", "target share"), ("baseline", "baseline")]:
        if (low := areas.loc[floats(areas[column]) <= 0, "area"]).any():
            raise ValueError(f"The {name} must be above 0, and is not for: {', '.join(str(a) for a in low)}.")
    if abs(floats(areas["target_share"]).sum() - 1) > 1e-9:
        raise ValueError("The target shares do not add up to 1.")


def _check_possible(baseline: pd.Series, quantum: int, pace: Pace) -> None:
    """Within a penny: a quantum that was itself rounded to the penny may stand that far from what the floor needs."""
    base = sum(int(b) for b in baseline)
    at_floor, at_cap = (Fraction(base) * (1 + Fraction(str(rate))) for rate in (pace.floor, pace.cap))
    reachable = Fraction(quantum, base) - 1
    if quantum <= at_floor - PENNY:
        holds, needed = _nearest(reachable, base, quantum, math.floor), math.ceil(at_floor / PENNY) * PENNY
        raise ImpossiblePace(
            f"The floor of {_rate(pace.floor)} cannot hold: with every area on it they need {_pounds(needed)}, which is "
            f"{_pounds(needed - quantum)} more than the quantum of {_pounds(quantum)}. A floor of {_rate(holds)} or lower would "
            f"hold, or a quantum of {_pounds(needed)} or more.",
            constraint="floor",
            quantum=quantum,
            bound=needed,
            rate_that_holds=holds,
        )
    if quantum >= at_cap + PENNY:
        holds, most = _nearest(reachable, base, quantum, math.ceil), math.floor(at_cap / PENNY) * PENNY
        raise ImpossiblePace(
            f"The cap of {_rate(pace.cap)} cannot hold: with every area on it they receive {_pounds(most)}, which leaves "
            f"{_pounds(quantum - most)} of the quantum of {_pounds(quantum)}. A cap of {_rate(holds)} or higher would hold, or a "
            f"quantum of {_pounds(most)} or less.",
            constraint="cap",
            quantum=quantum,
            bound=most,
            rate_that_holds=holds,
        )


def _nearest(reachable: Fraction, base: int, quantum: int, beyond: Callable[[Fraction], int]) -> float:
    """The rate to a thousandth of a per cent that holds: the nearest one, where the quantum was rounded from it to the penny."""
    nearest = Fraction(round(reachable * 100_000), 100_000)
    if abs(base * (1 + nearest) - quantum) < PENNY:
        return float(nearest)
    return beyond(reachable * 100_000) / 100_000


def _balancing_growth(base: pd.Series, change: pd.Series, quantum: float, pace: Pace) -> float:
    """The λ with which the areas together receive the quantum; what they receive never falls as it rises."""
    amounts, changes = base.to_numpy(), change.to_numpy()
    # Between the growths at which some area meets the floor or the cap, what all receive is a straight line.
    corners = np.unique(np.concatenate([pace.floor - changes, pace.cap - changes]))
    received = (amounts * (1 + np.clip(corners[:, None] + changes, pace.floor, pace.cap))).sum(axis=1)
    return float(np.interp(quantum, np.maximum.accumulate(received), corners))


def _rate(value: float) -> str:
    """0.036 as 3.6%, with a minus sign of its own."""
    return f"{round(value * 100, 6):.10g}%".replace("-", "−")


def _pounds(value: int) -> str:
    return f"£{value / 10_000:,.2f}"
