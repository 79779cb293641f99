"""A policy tried out: who gains and who loses by it, in which fifth of deprivation they live, and at whose providers.

Gains and losses are against growth alike for all: every system with the same growth, of the same quantum. They add up to 0.
"""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from planning.calculations.contract import floats, ratio, require_columns, require_known, require_unique

from .apportionment import apportion
from .convergence import MOST_YEARS, PENNY, grown

FIFTHS = 5
# Which amounts of an area are followed to its people and its providers.
FOLLOWED = ["allocation", "gain"]


def growth_of_years(growth: float | Sequence[float], years: Sequence[str]) -> dict[str, float]:
    """The growth of each year.

    Args:
        growth: fractions: one for all years, or one a year in their order.
        years: names of the years, in their order.

    Returns:
        A fraction by year.

    Raises:
        ValueError: there are more or fewer rates than years.
    """
    rates = [float(growth)] if isinstance(growth, int | float) else [float(rate) for rate in growth]
    if len(rates) == 1:
        return dict.fromkeys(years, rates[0])
    if len(rates) != len(years):
        raise ValueError(
            f"There are {len(rates)} rates of growth for {len(years)} years: give one for all of them, or one for each."
        )
    return dict(zip(years, rates, strict=True))


def quanta_of_years(
    baseline: int,
    years: Sequence[str],
    *,
    growth: float | Sequence[float],
    first: int | None = None,
    transfers: Mapping[str, Mapping[str, int]] | None = None,
) -> dict[str, int]:
    """What is given away in each year.

    Args:
        baseline: what is spent in the year before the first, whole ten-thousandths of a pound.
        years: names of the years, in their order.
        growth: of each year on the one before, as `growth_of_years` takes it.
        first: what is given away in the first year, where that does not follow from growth (whole ten-thousandths, whole pence).
        transfers: recurrent transfers by year and area, in whole ten-thousandths: what they bring in together grows with the
            rest, from their year on.

    Returns:
        Whole ten-thousandths of a pound, whole pence, by year.

    Raises:
        ValueError: there is no year or more than ten, there are more or fewer rates than years, or what is given away in a year
            is not above 0.
    """
    if not 1 <= len(years) <= MOST_YEARS:
        raise ValueError(f"There must be between 1 and {MOST_YEARS} years: there are {len(years)}.")
    amount = int(baseline)
    quanta: dict[str, int] = {}
    for year, rate in growth_of_years(growth, years).items():
        moved = sum((transfers or {}).get(year, {}).values())
        amount = int(first) if first is not None and not quanta else grown(amount + moved, rate)
        if amount <= 0:
            raise ValueError("The quantum must be above £0." if not quanta else f"The quantum of {year} must be above £0.")
        quanta[year] = amount
    return quanta


def without_programmes(mapped: pd.DataFrame, programmes: Mapping[str, str], left_out: Collection[str]) -> pd.DataFrame:
    """Money mapped to populations without some programmes of care; services that have none stay.

    Args:
        mapped: `service_code` and whatever else.
        programmes: programme of care by service.
        left_out: programmes of care.

    Returns:
        The rows that stay.

    Raises:
        ValueError: the column is not there.
    """
    require_columns(mapped, ["service_code"], of="mapped")
    return mapped[~mapped["service_code"].map(programmes).isin(left_out)] if left_out else mapped


def winners_and_losers(areas: pd.DataFrame) -> pd.DataFrame:
    """What each area gains or loses beside growth alike for all.

    Args:
        areas: one year, as `convergence.one_year` gives it: `area` (unique), `baseline`, `allocation` (whole pence), and
            `population`.

    Returns:
        The areas' rows with `alike` (the same total in proportion to baselines, whole pence by largest remainder), `gain`
        (allocation − alike; they add up to 0), `change` (allocation − baseline), and `gain_per_head` in pounds.

    Raises:
        ValueError: a column is not there, an area stands twice or a number is missing.
    """
    columns = ["baseline", "allocation", "population"]
    require_columns(areas, ["area", *columns], of="areas")
    require_unique(areas, ["area"], of="areas")
    require_known(areas, columns, name="area", of="areas")
    weights = pd.Series([int(b) for b in areas["baseline"]], index=areas["area"])
    alike = apportion(int(areas["allocation"].sum()) // PENNY, weights).to_numpy() * PENNY
    result = areas.assign(alike=alike, gain=areas["allocation"] - alike, change=areas["allocation"] - areas["baseline"])
    return result.assign(gain_per_head=ratio(result["gain"], result["population"]) / 10_000)


def by_deprivation_fifth(areas: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """On whom gains and losses fall, if each area spends them evenly on its people.

    Places are put in order of deprivation and cut into fifths of people; a place on a cut is divided.

    Args:
        areas: `area` (unique), `allocation`, `gain` (whole ten-thousandths of a pound).
        places: `place`, `area` (unique together), `people` (above 0), `imd` (score, higher is more deprived).

    Returns:
        Five rows, the most deprived fifth first: `fifth` (1 to 5), `people`, `imd` (mean of its people), `allocation`, `gain`
        (whole units, adding up to those of the areas that have people) and `gain_per_head` in pounds. No rows where no place has
        people.

    Raises:
        ValueError: a column is not there, a key names two rows, or a measure is missing.
    """
    require_columns(areas, ["area", *FOLLOWED], of="areas")
    require_unique(areas, ["area"], of="areas")
    require_columns(places, ["place", "area", "people", "imd"], of="places")
    require_unique(places, ["place", "area"], of="places")
    require_known(places, ["people", "imd"], name="place", of="places")
    parts = _cut_into_fifths(places[floats(places["people"]) > 0])
    groups = parts.groupby("fifth")
    result = pd.DataFrame({"people": groups["people"].sum(), "imd": groups["weighted"].sum() / groups["people"].sum()})
    weights = parts.groupby(["area", "fifth"])["people"].sum()
    for name in FOLLOWED:
        result[name] = _followed(areas, name, weights).reindex(result.index, fill_value=0)
    result["gain_per_head"] = ratio(result["gain"], result["people"]) / 10_000
    return result.reset_index()


def by_provider(areas: pd.DataFrame, spend: pd.DataFrame) -> pd.DataFrame:
    """At whose providers gains and losses are felt, if each area's money goes where it goes now.

    Args:
        areas: `area` (unique), `allocation`, `gain` (whole ten-thousandths of a pound).
        spend: `area`, `provider` (unique together), `price` (the same units); credits (below 0) attract nothing.

    Returns:
        One row a provider, the largest gain first: `provider`, `price` (what these areas pay it now), `allocation`, `gain` (whole
        units, adding up to those of the areas that have spend) and `gain_share` (gain ÷ price).

    Raises:
        ValueError: a column is not there or a key names two rows.
    """
    require_columns(areas, ["area", *FOLLOWED], of="areas")
    require_unique(areas, ["area"], of="areas")
    require_columns(spend, ["area", "provider", "price"], of="spend")
    require_unique(spend, ["area", "provider"], of="spend")
    own = spend[spend["area"].isin(areas["area"])]
    result = own.groupby("provider")["price"].sum().astype("int64").to_frame()
    weights = own.set_index(["area", "provider"])["price"].clip(lower=0)
    for name in FOLLOWED:
        result[name] = _followed(areas, name, weights).reindex(result.index, fill_value=0)
    result["gain_share"] = ratio(result["gain"], result["price"])
    return result.reset_index().sort_values(["gain", "provider"], ascending=[False, True], ignore_index=True)


def _cut_into_fifths(places: pd.DataFrame) -> pd.DataFrame:
    """Parts of places: area, fifth, people, and people × deprivation."""
    ordered = places.assign(people=floats(places["people"]), imd=floats(places["imd"])).sort_values(
        ["imd", "place", "area"], ascending=[False, True, True]
    )
    ends = ordered["people"].cumsum()
    starts, size = ends - ordered["people"], ordered["people"].sum() / FIFTHS
    parts = []
    for fifth in range(1, FIFTHS + 1):
        within = ends.clip(upper=fifth * size) - starts.clip(lower=(fifth - 1) * size)
        parts.append(ordered.assign(fifth=fifth, people=within)[within > 0])
    found = pd.concat(parts, ignore_index=True)
    return found.assign(weighted=found["people"] * found["imd"])


def _followed(areas: pd.DataFrame, name: str, weights: pd.Series) -> pd.Series:
    """An amount of each area shared out in proportion to weights by (area, somewhere), and added up by somewhere."""
    amounts = {area: int(amount) for area, amount in zip(areas["area"], areas[name], strict=True)}
    parts = [
        apportion(amounts[area], group.droplevel(0))
        for area, group in weights.groupby(level=0)
        if area in amounts and group.sum() > 0
    ]
    together = pd.concat(parts) if parts else pd.Series(dtype="int64")
    return together.groupby(level=0).sum().astype("int64")
