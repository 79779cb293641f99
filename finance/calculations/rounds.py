"""An allocation round from end to end: the chain from people to weighted shares, then year by year towards target.

Money is whole ten-thousandths of a pound; what is allocated is whole pence and adds up to the quantum. Rates are fractions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from planning.calculations.contract import floats, require_columns, require_unique

from .convergence import Pace, pace_of_change
from .need import NeedModel, need_of_model, need_terms
from .policy import quanta_of_years
from .weighted_population import (
    age_cost_index,
    finished_index,
    flow_shares,
    market_forces_index,
    need_index,
    weighted_population,
)

CHAIN, PUBLISHED = "chain", "published"
MEASURE, IMPORTED, MODEL = "measure", "imported", "model"
MEASURE_COLUMNS = ["area", "measure", "unit", "value", "places"]
# People of every year, where they are not projected.
EVERY_YEAR = ""
CHAIN_STEPS = ["age_cost", "age_index", "measure", "use", "use_index", "need", "need_index", "mff", "mff_index"]
CHAIN_COLUMNS = [
    "year",
    "area",
    "population",
    *CHAIN_STEPS,
    "weighted_population_raw",
    "weighted_population",
    "target_share",
    "overall_need_index",
]
# Which factor of the weighted population an error moves.
ERRORS = {"population": "population", "age": "age_index", "need": "need_index", "market_forces": "mff_index"}


@dataclass(frozen=True)
class RoundPolicy:
    """What a round is told: how shares are made, how much there is, and how fast it moves.

    `years` are the financial years in order; `quantum` of the first (none: the baselines grown by `growth`), each later one
    grows by `growth`, which is one rate for all years or one a year. `transfers` are recurrent, by year and area, in whole
    ten-thousandths of a pound: they are added to an area's baseline at the start of the year. `knots` are (distance,
    convergence) as fractions; `need_per_unit` is the change in need for one unit of the measure; `model` is the model of need
    with supply held at its mean; `errors` are fractions by the names of `ERRORS`.
    """

    years: tuple[str, ...]
    method: str = CHAIN
    need: str = MEASURE
    need_includes_age: bool = False
    quantum: int | None = None
    growth: float | tuple[float, ...] = 0.0
    floor: float = 0.0
    cap: float = 1.0
    knots: tuple[tuple[float, float], ...] = ()
    need_per_unit: float = 0.0
    model: NeedModel = field(default_factory=NeedModel)
    errors: Mapping[str, float] = field(default_factory=dict)
    transfers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class RoundInputs:
    """The tables that a round is computed from.

    `baselines`: `area` (unique), `baseline`. `people`: `year` (or EVERY_YEAR), `area`, `sex`, `age_band`, `population`.
    `cost_weights`: `sex`, `age_band`, `cost`. `need`: `area`, `measure` (its value, or the need index where it is imported).
    `care`: `area`, `provider`, `price`. `market_forces`: `provider`, `mff`. `weighted`: `area`, `population`,
    `weighted_population_raw`, of the published way. `measures`: `area`, `measure`, `unit`, `value`, `places`, of a model of need.
    """

    baselines: pd.DataFrame
    people: pd.DataFrame
    cost_weights: pd.DataFrame
    need: pd.DataFrame
    care: pd.DataFrame
    market_forces: pd.DataFrame
    weighted: pd.DataFrame
    measures: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=MEASURE_COLUMNS))


@dataclass(frozen=True)
class RoundResults:
    """What comes out of a round.

    `shares` as `weighted_shares` gives, `years` as `pace_of_change`, `moved` as `moved_shares` of the first year; `terms` of a
    model of need as `terms_of_years`, otherwise empty.
    """

    shares: pd.DataFrame
    years: pd.DataFrame
    moved: pd.DataFrame
    terms: pd.DataFrame = field(default_factory=pd.DataFrame)


def calculate_round(inputs: RoundInputs, policy: RoundPolicy) -> RoundResults:
    """A round from its inputs to what each area receives in each year.

    Args:
        inputs: the tables.
        policy: how shares are made, how much there is, and how fast it moves.

    Returns:
        The three tables. The allocations of a year add up to its quantum to the penny.

    Raises:
        ImpossiblePace: the floor or the cap cannot hold in some year; it says which and what would.
        ValueError: an input is missing, or the policy contradicts itself.

    Source: NHS England, revenue allocations: target, baseline, convergence, allocation.
    """
    shares = weighted_shares(inputs, policy)
    by_year = {str(year): dict(zip(own["area"], own["target_share"], strict=True)) for year, own in shares.groupby("year")}
    baselines = inputs.baselines[["area", "baseline"]].sort_values("area", ignore_index=True)
    areas = baselines.assign(target_share=baselines["area"].map(by_year[policy.years[0]]))
    pace = Pace(knots=policy.knots, floor=policy.floor, cap=policy.cap)
    years = pace_of_change(areas, quanta=quanta(inputs, policy), pace=pace, shares=by_year, transfers=policy.transfers)
    first = shares[shares["year"] == policy.years[0]].reset_index(drop=True)
    return RoundResults(shares, years, moved_shares(first, policy), terms_of_years(shares, inputs, policy))


def quanta(inputs: RoundInputs, policy: RoundPolicy) -> dict[str, int]:
    """What there is to allocate in each year, in whole pence.

    Args:
        inputs: its baselines, from which the first quantum grows where the policy names none.
        policy: quantum, growth, transfers and years.

    Returns:
        Year → whole ten-thousandths of a pound.

    Raises:
        ValueError: there are more or fewer rates of growth than years, or nothing is left to allocate in a year.
    """
    baseline = int(inputs.baselines["baseline"].sum())
    return quanta_of_years(baseline, policy.years, growth=policy.growth, first=policy.quantum, transfers=policy.transfers)


def weighted_shares(inputs: RoundInputs, policy: RoundPolicy) -> pd.DataFrame:
    """The chain from people to weighted shares in each year of a round.

    Args:
        inputs: the tables; areas are those of the baselines.
        policy: how shares are made.

    Returns:
        One row a year and area in code order: `year`, `area`, `population`, the steps (`age_cost`, `age_index`, `measure`,
        `use`, `use_index`, `need`, `need_index`, `mff`, `mff_index`; missing where the method has no such step),
        `weighted_population_raw`, `weighted_population`, `target_share` (a year's add up to 1) and `overall_need_index`.

    Raises:
        ValueError: an input is missing or contradicts itself, as the steps say it.

    Source: HFMA (2011) and NHS England, technical guide to allocations (2025/26), as `weighted_population` has them.
    """
    areas = sorted(inputs.baselines["area"])
    by_year = {year: _shares_of(year, areas, inputs, policy) for year in policy.years}
    frame = pd.concat(list(by_year.values()), ignore_index=True)
    for column in CHAIN_COLUMNS:
        if column not in frame:
            frame[column] = float("nan")
    return frame[CHAIN_COLUMNS]


def _shares_of(year: str, areas: Sequence[str], inputs: RoundInputs, policy: RoundPolicy) -> pd.DataFrame:
    if policy.method == PUBLISHED:
        own = inputs.weighted[inputs.weighted["area"].isin(areas)].sort_values("area", ignore_index=True)
        _all_there(areas, own, "published weighted population")
        return finished_index(own).assign(year=year)
    people = people_of_year(inputs.people, year)
    people = people[people["area"].isin(areas)]
    _all_there(areas, people, f"population in {year}")
    frame = age_cost_index(people[["area", "sex", "age_band", "population"]], inputs.cost_weights)
    frame = _with_need(frame, inputs, policy)
    care = inputs.care[inputs.care["area"].isin(areas)]
    shares = flow_shares(care, inputs.market_forces)
    frame = market_forces_index(shares, inputs.market_forces, frame)
    return weighted_population(frame, need_includes_age=policy.need_includes_age).assign(year=year)


def people_of_year(people: pd.DataFrame, year: str) -> pd.DataFrame:
    """The people a year is weighted by: its own where they are projected, otherwise those of every year."""
    return people[people["year"].isin([year, EVERY_YEAR])]


def terms_of_years(shares: pd.DataFrame, inputs: RoundInputs, policy: RoundPolicy) -> pd.DataFrame:
    """What each term of a model of need comes to in each area: once where every year has the same people.

    Args:
        shares: as `weighted_shares` gives.
        inputs: its measures.
        policy: its model.

    Returns:
        The columns of `need_terms` with `year` (EVERY_YEAR where all are alike), `unit` and `places` (the mean of how many of its
        places a value is; 0 for its own). No rows unless need is by a model.
    """
    if policy.need != MODEL or policy.method == PUBLISHED:
        return pd.DataFrame(columns=["year", "area"])
    alike = set(inputs.people["year"]) == {EVERY_YEAR}
    found = []
    for year in policy.years[:1] if alike else policy.years:
        people = shares.loc[shares["year"] == year, ["area", "population"]].reset_index(drop=True)
        found.append(need_terms(people, inputs.measures, policy.model).assign(year=EVERY_YEAR if alike else year))
    about = inputs.measures[["area", "measure", "unit", "places"]]
    frame = pd.concat(found, ignore_index=True).merge(about, on=["area", "measure"], how="left", validate="many_to_one")
    return frame.assign(unit=frame["unit"].fillna(""), places=frame["places"].fillna(0).astype("int64"))


def _with_need(frame: pd.DataFrame, inputs: RoundInputs, policy: RoundPolicy) -> pd.DataFrame:
    if policy.need == MODEL:
        return need_of_model(frame, inputs.measures, policy.model)
    frame = frame.merge(inputs.need[["area", "measure"]], on="area", how="left", validate="one_to_one")
    if policy.need == MEASURE:
        return need_index(frame, {"measure": policy.need_per_unit})
    if frame["measure"].isna().any():
        raise ValueError(f"There is no need index for: {', '.join(frame.loc[frame['measure'].isna(), 'area'])}.")
    people, index = floats(frame["population"]), floats(frame["measure"])
    # An index of all England is brought to these areas' mean, as the other indices are.
    return frame.assign(need=index, need_index=index / ((index * people).sum() / people.sum()))


def _all_there(areas: Sequence[str], frame: pd.DataFrame, what: str) -> None:
    if absent := sorted(set(areas) - set(frame["area"])):
        raise ValueError(f"There is no {what} for: {', '.join(absent)}.")


def moved_shares(shares: pd.DataFrame, policy: RoundPolicy) -> pd.DataFrame:
    """How each area's share moves when one of its inputs moves by its error and everything else stays.

    Args:
        shares: rows of one year as `weighted_shares` gives them.
        policy: its errors; those of steps that the method has not are left out.

    Returns:
        One row an input and area: `area`, `input` (a name of `ERRORS`, or `all`), `error`, `target_share`, `low`, `high` (the
        share with the input lower and higher by its error). `all` moves by the root of the sum of squares of the others.

    Raises:
        ValueError: a column is not there, or an area stands twice.

    Source: this product's own; errors are the round's parameters.
    """
    require_columns(shares, ["area", "population", "target_share", "weighted_population_raw"], of="shares")
    require_unique(shares, ["area"], of="shares")
    rows = []
    for name, error in _errors_used(policy):
        for area, share, low, high in _moved(shares, error):
            rows.append((area, name, error, share, low, high))
    frame = pd.DataFrame(rows, columns=["area", "input", "error", "target_share", "low", "high"])
    return pd.concat([frame, _together(frame)], ignore_index=True) if len(frame) else frame


def _errors_used(policy: RoundPolicy) -> list[tuple[str, float]]:
    names = ["population"] if policy.method == PUBLISHED else list(ERRORS)
    if policy.need_includes_age and "age" in names:
        names.remove("age")
    return [(name, float(policy.errors[name])) for name in names if policy.errors.get(name)]


def _moved(shares: pd.DataFrame, error: float) -> list[tuple[str, float, float, float]]:
    """Shares are products of the inputs, so an input that is a tenth higher makes its area's weight a tenth higher."""
    raw, found = floats(shares["weighted_population_raw"]), []
    for at, area in enumerate(shares["area"]):
        moved = [raw.iloc[at] * (1 + by) / (raw.sum() + raw.iloc[at] * by) for by in (-error, error)]
        found.append((str(area), float(shares["target_share"].iloc[at]), float(moved[0]), float(moved[1])))
    return found


def _together(frame: pd.DataFrame) -> pd.DataFrame:
    squares = frame.assign(
        low=(frame["low"] - frame["target_share"]) ** 2,
        high=(frame["high"] - frame["target_share"]) ** 2,
        error=frame["error"] ** 2,
    )
    sums = squares.groupby("area", sort=False).agg(
        error=("error", "sum"), target_share=("target_share", "first"), low=("low", "sum"), high=("high", "sum")
    )
    sums = sums.assign(error=sums["error"] ** 0.5, low=sums["low"] ** 0.5, high=sums["high"] ** 0.5)
    sums = sums.assign(low=sums["target_share"] - sums["low"], high=sums["target_share"] + sums["high"], input="all")
    return sums.reset_index()[list(frame.columns)]
