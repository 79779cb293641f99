"""The people of a round, three ways: residents, people registered with practices, and residents as projected.

A system of which any place is not known has no number: its population is missing, never the sum of the others.
"""

from collections.abc import Iterable

import pandas as pd

from planning.calculations.contract import floats, require_columns, require_unique
from planning.calculations.financial_years import start_year
from planning.calculations.growth import people_by_home

from .allocation import system_people
from .rounds import EVERY_YEAR

COLUMNS = ["year", "area", "sex", "age_band", "population"]


def resident_people(populations: pd.DataFrame, place_systems: pd.DataFrame) -> pd.DataFrame:
    """Residents of systems, the same in every year.

    Args:
        populations: `place`, `sex`, `age_band` (unique together), `population`.
        place_systems: `place`, `system` (unique together), `share` of the place's residents.

    Returns:
        `year` (EVERY_YEAR), `area` (the system), `sex`, `age_band`, `population`; missing where a place of it has no people.

    Raises:
        ValueError: a key names two rows.
    """
    people = system_people(populations, place_systems)
    lacking = set(place_systems.loc[~place_systems["place"].isin(set(populations["place"])), "system"])
    people = people.assign(population=people["population"].mask(people["area"].isin(lacking)), year=EVERY_YEAR)
    return people[COLUMNS]


def registered_people(residents: pd.DataFrame, registered: pd.DataFrame) -> pd.DataFrame:
    """People registered with practices, by the ages and sexes of residents: lists of practices state no ages here.

    Args:
        residents: as `resident_people` gives.
        registered: `area` (unique), `registered` (people; missing where it is not known).

    Returns:
        The residents' rows with `population` scaled so that an area's add up to its registered people.

    Raises:
        ValueError: a column is not there, or an area stands twice.
    """
    require_columns(registered, ["area", "registered"], of="registered populations")
    require_unique(registered, ["area"], of="registered populations")
    totals = residents.groupby("area")["population"].transform(lambda own: own.sum(skipna=False))
    wanted = floats(residents["area"].map(registered.set_index("area")["registered"]))
    return residents.assign(population=residents["population"] * wanted / totals.mask(totals <= 0))


def projected_people(projections: pd.DataFrame, place_systems: pd.DataFrame, years: Iterable[str]) -> pd.DataFrame:
    """Residents as projected for the middle of the calendar year in which each financial year begins.

    Args:
        projections: `area` (a place or a system), `year` (calendar), `sex`, `age_band`, `people`.
        place_systems: `place`, `system`, `share`.
        years: financial years.

    Returns:
        `year` (financial), `area` (the system), `sex`, `age_band`, `population`; missing where a place of it is not projected for
        that year. A year that is not projected at all has no rows.

    Raises:
        ValueError: a column is not there.
    """
    people = people_by_home(projections, place_systems)
    frames = [pd.DataFrame(columns=COLUMNS)]
    for year in years:
        of_year = projections[projections["year"] == start_year(year)]
        given = set(of_year["area"])
        lacking = set(place_systems.loc[~place_systems["place"].isin(given), "system"]) - given
        own = people[people["year"] == start_year(year)].rename(columns={"home": "area", "people": "population"})
        frames.append(own.assign(year=year, population=floats(own["population"]).mask(own["area"].isin(lacking)))[COLUMNS])
    return pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)
