"""A saved scenario in the gap: what commissioners would pay more or less by year, of what the page shows."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from planning.calculations.scenario_flows import Kind
from planning.calculations.scenarios import YEARS, years_of
from planning.figures.scenario_reading import effects_of_version, people_of, scenario_stamp
from planning.queries import flows
from planning.queries import scenarios as reading
from presentation.amounts import money
from presentation.disclosure import numeric

COLUMNS = ["scenario_payments", "scenario_system", "scenario_people"]
# The page's own rates stand for growth: a scenario's would count it twice.
LEFT_OUT = (str(Kind.GROWTH),)


def chosen(filters: Mapping[str, Any]) -> Any:
    """The latest saved version of the scenario chosen, or None."""
    return reading.latest_saved(int(filters["scenario"])) if filters.get("scenario") else None


def chosen_stamp(filters: Mapping[str, Any]) -> tuple[str, ...]:
    version = chosen(filters)
    return scenario_stamp({"scenario": version.scenario_id, "version": version.number}) if version else ()


def by_year(filters: Mapping[str, Any], years: Sequence[str]) -> pd.DataFrame:
    """Change in payments, effect on the whole and the count behind them, for each year named; missing without a scenario.

    Before a scenario begins nothing changes; after its last year what it does in that year goes on, without one-off cost.
    """
    version = chosen(filters)
    if version is None:
        return pd.DataFrame({name: pd.array([pd.NA] * len(years), dtype="Int64") for name in COLUMNS}, index=list(years))
    effects = effects_of_version(version, LEFT_OUT)
    own = _of_filters(effects.payments, filters)
    people = people_of(own, ["year"], reading.units(), flows.PEOPLE_UNITS).set_index("year")["people"]
    each = effects.years.set_index("year")
    payments = own.groupby("year")["income"].sum()
    system = each["system"] if own is effects.payments else None
    first = years_of(version.year)
    rows = []
    for year in years:
        number = first.index(year) + 1 if year in first else (YEARS if year > first[-1] else 0)
        once = int(each.loc[number, "one_off"]) if number and year > first[-1] else 0
        rows.append(
            (
                int(payments.get(number, 0)),
                (int(system.get(number, 0)) + once) if system is not None and number else 0 if system is not None else None,
                people.get(number),
            )
        )
    return pd.DataFrame(rows, columns=COLUMNS, index=list(years)).astype("Int64")


def _of_filters(paid: pd.DataFrame, filters: Mapping[str, Any]) -> pd.DataFrame:
    """Payments of the providers, homes and programmes of care that the page shows; the same frame where it shows all."""
    mask = pd.Series(True, index=paid.index)
    for column, name in (("provider", "provider"), ("home", "system")):
        if filters.get(name):
            mask &= paid[column].isin(filters[name])
    if filters.get("programme_of_care"):
        programmes = paid["service"].map(reading.programmes_of_services())
        mask &= programmes.isin(filters["programme_of_care"])
    return paid if mask.all() else paid[mask]


def notes(filters: Mapping[str, Any]) -> list[str]:
    version = chosen(filters)
    if version is None:
        return []
    said = [
        f"With the scenario “{version.scenario}”, version {version.number}, owned by {version.scenario.owner}, on position "
        f"{version.position}: what commissioners pay more or less is added to the gap, at prices of {version.year}."
    ]
    if any(move.kind in LEFT_OUT for move in reading.moves_of(version)):
        said.append("Its moves of the kind growth are left out: the growth rates of this page stand for them.")
    standing = reading.standing_of(version)
    if standing.withdrawn:
        said.append("Extracts that the scenario rests on were withdrawn since it was saved.")
    if filters.get("position") != version.position:
        said.append(f"The scenario rests on position {version.position}, the rest of this page on {filters.get('position')}.")
    return said


def words(frame: pd.DataFrame, filters: Mapping[str, Any]) -> str:
    """What the scenario does to the gap of the last year, for the page's first sentences."""
    version = chosen(filters)
    if version is None or frame.empty:
        return ""
    change = numeric(frame["scenario_payments"]).iloc[-1]
    name = f"The scenario “{version.scenario}”"
    if change != change:
        return f" {name} changes it by an amount that is not shown."
    if change == 0:
        return f" {name} does not change it."
    return f" {name} makes it {money(abs(int(change)))} {'larger' if change > 0 else 'smaller'}."
