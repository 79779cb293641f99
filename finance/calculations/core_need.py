"""Target shares and need of core services, from the practice weighted populations that accompany the national allocations.

They are of core services, not of specialised ones. The weighted populations come finished: they add up to the people of
England, so that an index is a ratio of two sums and nothing is weighted again.
"""

import numpy as np
import pandas as pd

from planning.calculations.contract import floats, ratio, require_columns, require_known, require_unique

OVERALL = "overall_core"
COMPONENTS = (
    "general_acute",
    "community",
    "mental_health",
    "maternity",
    "prescribing",
    "health_inequalities",
    OVERALL,
)
"""Columns of weighted people, each of one part of core services; the last is of all of them together."""

PLACES = 2
"""Decimals to which a place index is published."""


def weighted_areas(practices: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """People and weighted people of groups of practices.

    Args:
        practices: `practice` (unique), the columns of `by`, `population` (registered people) and the columns of `COMPONENTS`
            (weighted people).
        by: columns that name an area: ["system"], or ["system", "place"], since a place may have practices of two systems.

    Returns:
        One row an area, in code order: the columns of `by`, `practices` (number), `population` and `COMPONENTS`.

    Raises:
        ValueError: a column is not there, a practice stands twice, or a number is missing (it says which).
    """
    require_columns(practices, ["practice", *by, "population", *COMPONENTS], of="practices")
    require_unique(practices, ["practice"], of="practices")
    numbers = ["population", *COMPONENTS]
    require_known(practices, numbers, name="practice", of="practices")
    groups = practices.groupby(by, sort=True)
    return groups.size().rename("practices").to_frame().join(groups[numbers].sum()).reset_index()


def core_shares(practices: pd.DataFrame) -> pd.DataFrame:
    """Each system's share of England's people and of its weighted people, and its need beside England's.

    Args:
        practices: as `weighted_areas`, of every practice of England, with `system`.

    Returns:
        One row a system in code order: what `weighted_areas` gives, `population_share`, `target_share` (of the overall
        weighted people) and for each component `need_<component>` (1 is England).

    Raises:
        ValueError: as `weighted_areas`, or there are no weighted people at all.

    Source: NHS England, ICB allocations 2025/26 and the questions answered in its ICB allocation tool.
    """
    areas = weighted_areas(practices, ["system"])
    total = areas[["population", *COMPONENTS]].sum()
    if not total[OVERALL] > 0 or not total["population"] > 0:
        raise ValueError("There is no weighted population to take shares of.")
    indices = {f"need_{c}": _relative(areas, c, total["population"], total[c]) for c in COMPONENTS}
    shares = {
        "population_share": floats(areas["population"]) / total["population"],
        "target_share": floats(areas[OVERALL]) / total[OVERALL],
    }
    return areas.assign(**shares, **indices)


def place_indices(practices: pd.DataFrame) -> pd.DataFrame:
    """The need of each place beside that of its system, as published: to two decimals, half up.

    Args:
        practices: as `weighted_areas`, with `system` and `place` (the local authority that the practice is in).

    Returns:
        One row a system and place in code order: what `weighted_areas` gives, and for each component `place_<component>`
        (1.00 is the system; missing where the place or the system has nobody).

    Raises:
        ValueError: as `weighted_areas`.

    Source: NHS England, ICB allocations 2025/26: place index = (weighted ÷ people of the place) ÷ (the same of the system).
    """
    places = weighted_areas(practices, ["system", "place"])
    systems = places.groupby("system")[["population", *COMPONENTS]].transform("sum")
    indices = {f"place_{c}": half_up(_relative(places, c, systems["population"], systems[c]), PLACES) for c in COMPONENTS}
    return places.assign(**indices)


def half_up(values: pd.Series, decimals: int) -> pd.Series:
    """Values rounded so that a half goes up (0 or more), as spreadsheets round; missing stays missing."""
    scale = 10**decimals
    # A half that a binary fraction cannot hold comes out a little under one: it is mended before it is rounded.
    return np.floor((floats(values) * scale).round(6) + 0.5) / scale


def _relative(areas: pd.DataFrame, component: str, people: pd.Series | float, weighted: pd.Series | float) -> pd.Series:
    """Weighted people for each of an area's people, ÷ the same of the whole."""
    whole = ratio(pd.Series(weighted, index=areas.index), pd.Series(people, index=areas.index))
    return ratio(ratio(areas[component], areas["population"]), whole)
