"""How flows grow: by the people of a home (their number, age and sex), and by what is done for each of them."""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal

import pandas as pd

from .contract import ratio, require_columns
from .financial_years import start_year

AGES = ["sex", "age_band"]


def people_by_home(projections: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Projected people of each system, a place divided between systems by where its residents live.

    Args:
        projections: `area` (code of a place or a system), `year` (calendar), `sex`, `age_band`, `people`. An area that is a
            system counts by itself, and then its places do not.
        shares: `place`, `system`, `share` (0 to 1).

    Returns:
        `home`, `year`, `sex`, `age_band`, `people`.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(projections, ["area", "year", *AGES, "people"], of="projections")
    systems = projections[projections["area"].isin(set(shares["system"]))].rename(columns={"area": "home"})
    placed = projections.merge(shares, left_on="area", right_on="place").rename(columns={"system": "home"})
    placed = placed[~placed["home"].isin(set(systems["home"]))]
    placed = placed.assign(people=placed["people"] * placed["share"].astype(float))
    columns = ["home", "year", *AGES, "people"]
    both = pd.concat([systems[columns], placed[columns]], ignore_index=True)
    return both.groupby(["home", "year", *AGES])[["people"]].sum().reset_index()


def demographic_factors(people: pd.DataFrame, use: pd.DataFrame, *, base_year: str, years: Collection[str]) -> pd.DataFrame:
    """By how much the use of each home grows with its people's number, age and sex.

    Each age and sex uses care at a fixed rate: factor = sum of people × use in a year ÷ the same in the base year.

    Args:
        people: What `people_by_home` gives.
        use: `sex`, `age_band`, `use` (relative use of care per head).
        base_year: financial year, as 2025/26; the calendar year in which it begins is read.
        years: financial years.

    Returns:
        `home`, `year` (financial), `factor`; a home or year that is not projected, or lacks an age or sex, is left out.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(use, [*AGES, "use"], of="use per head")
    rows = people.merge(use[[*AGES, "use"]].astype({"use": float}), on=AGES, how="inner")
    rows = rows.assign(weighted=rows["people"].astype(float) * rows["use"])
    groups = rows.groupby(["home", "year"])
    whole = groups[["weighted"]].sum()[groups.size() == len(use)].reset_index()
    weighted = whole.pivot_table(index="home", columns="year", values="weighted")
    base = start_year(base_year)
    if base not in weighted:
        return pd.DataFrame({"home": [], "year": [], "factor": []}).astype({"home": object, "year": object, "factor": float})
    named = {start_year(year): year for year in years if start_year(year) in weighted}
    factors = pd.DataFrame({name: ratio(weighted[number], weighted[base]) for number, name in named.items()})
    long = factors.rename_axis("home").reset_index().melt("home", var_name="year", value_name="factor")
    return long.dropna(subset=["factor"]).sort_values(["home", "year"], ignore_index=True)


def growth_factors(
    cells: pd.DataFrame,
    *,
    move: int,
    years: Mapping[int, int],
    demographic: Callable[[str, int], float],
    non_demographic: Callable[[str, str], Decimal],
) -> pd.DataFrame:
    """Factor of the opening flow of each home and service, year by year.

    Args:
        cells: `home`, `service` of the flows that grow.
        move: the number of the move.
        years: for each year of the scenario, how many years it lies after the opening year.
        demographic: (home, year of the scenario) → factor since the opening year.
        non_demographic: (home, service) → growth a year, as a fraction.

    Returns:
        `move`, `year`, `home`, `service`, `factor` = demographic × (1 + non-demographic) ^ years.
    """
    pairs = cells[["home", "service"]].drop_duplicates().sort_values(["home", "service"])
    rows = []
    for year, ahead in years.items():
        for home, service in pairs.itertuples(index=False, name=None):
            factor = demographic(home, year) * float(1 + non_demographic(home, service)) ** ahead
            rows.append((move, year, home, service, factor))
    return pd.DataFrame(rows, columns=["move", "year", "home", "service", "factor"])
