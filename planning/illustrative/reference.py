"""The reference codes that illustrative extracts are made of, and whether the weights keep to them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from planning.calculations.financial_years import first_day

from .weights import UnusableWeights, Weights

# Homes that are no system: patients of other nations' boards, from overseas, or private.
NOT_ENGLISH = ("DEVOLVED", "OVERSEAS", "PRIVATE")


@dataclass(frozen=True)
class Reference:
    """Codes by what they are looked up for.

    `acm_headings` are the national columns in order, by the product's own name; `statuses` has a column for each year that
    the national list gives. By code: `positions` of providers, and `places` with their `need`, weighted people to a person.
    """

    acm_headings: dict[str, str]
    statuses: pd.DataFrame
    mental_health: frozenset[str]
    units: dict[str, str]
    non_activity: frozenset[str]
    own_systems: frozenset[str]
    commissioners: pd.DataFrame
    hubs: dict[str, str]
    provider_names: dict[str, str]
    sites: frozenset[str]
    market_forces_factors: pd.DataFrame
    positions: pd.DataFrame
    places: pd.DataFrame

    def status_of(self, year: str) -> pd.Series:
        """Status of each service code in a year; years before the list begins take its first year, as if delegated."""
        years = sorted(column for column in self.statuses if column <= year) or [min(self.statuses)]
        return self.statuses[years[-1]]


def _table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)


def _own_systems(folder: Path) -> frozenset[str]:
    footprints = _table(folder, "footprints")
    own = footprints.loc[footprints["is_own"] == "true", "code"]
    systems = _table(folder, "footprint_systems")
    return frozenset(systems.loc[systems["footprint"].isin(own), "system"])


def _numbers(table: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Columns of numbers by code, blanks missing."""
    return table.set_index("code")[list(names)].apply(pd.to_numeric)


def _places(folder: Path) -> pd.DataFrame:
    people = ("registered_population", "general_acute_weighted_population")
    places = _numbers(_table(folder, "places"), "latitude", "longitude", *people)
    return places.assign(need=places[people[1]] / places[people[0]])


def read_reference(folder: Path) -> Reference:
    codes, points = _table(folder, "service_codes"), _table(folder, "points_of_delivery")
    columns, systems = _table(folder, "layout_columns"), _table(folder, "commissioner_systems")
    providers, statuses = _table(folder, "providers"), _table(folder, "service_statuses")
    acm = columns[columns["layout"] == "acm"].sort_values("position", key=lambda position: position.astype(int))
    factors = _table(folder, "provider_market_forces_factors")
    return Reference(
        acm_headings=dict(zip(acm["field"], acm["name"], strict=True)),
        statuses=statuses.pivot_table("status", index="service_code", columns="year", aggfunc="first"),
        mental_health=frozenset(codes.loc[codes["grouping"].str.lower() == "mental health", "code"]),
        units=dict(zip(points["code"], points["unit"], strict=True)),
        non_activity=frozenset(points.loc[points["non_activity"] == "true", "code"]),
        own_systems=_own_systems(folder),
        commissioners=_table(folder, "commissioners"),
        hubs=dict(zip(systems["commissioner"], systems["hub_code"], strict=True)),
        provider_names=dict(zip(providers["code"], providers["short_name"], strict=True)),
        sites=frozenset(_table(folder, "sites")["code"]) - {""},
        market_forces_factors=factors.assign(value=factors["value"].astype(float)),
        positions=_numbers(providers, "latitude", "longitude"),
        places=_places(folder),
    )


def valid_commissioners(reference: Reference, on: date) -> set[str]:
    """Commissioner codes in force on a date; a blank start or end is open."""
    table, day = reference.commissioners, on.isoformat()
    in_force = (table["valid_from"] <= day) & ((table["valid_to"] == "") | (table["valid_to"] >= day))
    return set(table.loc[in_force, "code"])


def commissioners_of(weights: Weights, year: str) -> pd.DataFrame:
    """The rows of `commissioners` that hold in a year."""
    table = weights.commissioners
    return table[(table["from_year"] <= year) & ((table["to_year"] == "") | (table["to_year"] >= year))]


def require_known_codes(weights: Weights, reference: Reference, years: list[str]) -> None:
    """Refuse weights that name a year, code or organisation that is not in the reference data of that year."""
    faults = [f"year {year} is not in years.csv" for year in years if year not in set(weights.years["year"])]
    lists = {
        "provider": (weights.provider_totals["provider"], reference.provider_names),
        "service code": (weights.service_codes["service_code"], reference.statuses.index),
        "point of delivery": (weights.points_of_delivery["point_of_delivery"], reference.units),
        "site": (weights.sites["site"], reference.sites),
    }
    faults += [
        f"{what} {code} is not in the reference data"
        for what, (used, known) in lists.items()
        for code in sorted(set(used) - set(known))
    ]
    for year in years:
        unknown = set(commissioners_of(weights, year)["commissioner"]) - valid_commissioners(reference, first_day(year))
        faults += [f"commissioner {code} is not in force in {year}" for code in sorted(unknown)]
    if faults:
        raise UnusableWeights("; ".join(faults))
