"""What allocation and affordability read of positions and reference data: spend by population, and what shares rest on."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from accounts.reading import kept
from finance.models import Rate
from planning.calculations.financial_years import first_day
from planning.models import Commissioner, CommissionerKind
from planning.queries import choices, coverage, flows, geography, positions, reference

from .rates import rates_in_force

ALL_YEARS = "all"
NEED_MEASURE = "imd2019_avg_score"


def years_of(filters: Mapping[str, Any]) -> list[str]:
    """The years that filters ask for, of those in the position."""
    loaded = list(positions.manifest(filters.get("position")).years)
    return loaded if filters.get("year") in (None, "", ALL_YEARS) else [y for y in loaded if y == filters["year"]]


def spend_by_population(reader: Any, filters: Mapping[str, Any]) -> dict[str, Any]:
    """What maps provider spend to populations: flows, statuses, hubs, names, and the counts that disclosure needs."""
    years = years_of(filters)
    everyone = {**filters, "provider": [], "system": []}
    frame = flows.flow_frame(reader, everyone, ["year", "provider", "service_code", "home_system"])
    return {
        "flows": frame,
        "statuses": reference.service_status(years) if years else _no_statuses(),
        "hubs": provider_hubs(first_day(years[-1]) if years else None),
        "people": _people(reader, everyone, ["provider", "home_system"]),
        "population_names": {**choices.home_names(), **hub_names()},
        "provider_names": choices.provider_names(),
    }


def kept_programmes(left_out: Collection[str]) -> list[str]:
    """The programmes of care that stay in; none named means all."""
    return [code for code, _ in choices.programme_choices() if code not in left_out] if left_out else []


def programmes_of_services() -> dict[str, str]:
    """The programme of care of each service by its code."""
    return reference.service_lookup().set_index("service_code")["programme_of_care"].to_dict()


def allocation_inputs(filters: Mapping[str, Any]) -> dict[str, Any]:
    """What both ways to a weighted share rest on, beside the spend."""
    years = years_of(filters)
    rate_year = years[-1] if years else "9999/00"
    weights = rates_in_force(Rate.Kind.AGE_COST, rate_year).rename(columns={"key": "age_band", "value": "cost"})
    need = rates_in_force(Rate.Kind.NEED, rate_year).set_index("key")["value"]
    factors = reference.market_forces_factors().rename(columns={"value": "mff"})
    places = reference.place_lookup().rename(columns={"code": "place", "imd_2019": "imd"})
    populations = reference.place_populations()
    return {
        "whole": coverage.systems_with_own_trusts(filters),
        "hosts": coverage.provider_systems(),
        "system_names": choices.system_names(),
        "cost_weights": weights[["sex", "age_band", "cost"]],
        "need_per_imd_point": float(need[NEED_MEASURE]) if NEED_MEASURE in need.index else None,
        "market_forces": _of_year(factors, rate_year),
        "places": places,
        "place_systems": reference.place_systems(),
        "populations": populations[populations["year"] == populations["year"].max()],
    }


def people_of_systems(reader: Any, filters: Mapping[str, Any]) -> pd.DataFrame:
    """The count behind the money of each home system, as `_people` gives it."""
    return _people(reader, {**filters, "provider": [], "system": []}, ["home_system"])


def people_of_providers(reader: Any, filters: Mapping[str, Any], systems: Iterable[str]) -> pd.DataFrame:
    """The count behind the money of each provider for the people of some systems, as `_people` gives it."""
    return _people(reader, {**filters, "provider": [], "system": sorted(systems)}, ["provider"])


def monthly_spend(reader: Any, filters: Mapping[str, Any], by: str) -> dict[str, Any]:
    """Plan and actual by month, provider and a column; and by month and provider alone for every year, for phasing."""
    keys = list(dict.fromkeys(["year", "provider", "month", by]))
    return {
        "monthly": flows.flow_frame(reader, filters, keys),
        "providers": flows.flow_frame(reader, {"position": filters.get("position")}, ["year", "provider", "month"]),
        "people": _people(reader, filters, [by]),
        "names": _names_of(by),
        "by": by,
    }


def _names_of(by: str) -> dict[str, str]:
    if by == "provider":
        return choices.provider_names()
    if by == "home_system":
        return choices.home_names()
    return {**dict(choices.programme_choices()), "": "No programme of care"}


def _people(reader: Any, filters: Mapping[str, Any], by: list[str]) -> pd.DataFrame:
    """The count behind money by the named groups, missing for readers inside the agreement, who see all."""
    if getattr(reader, "mode", None) != "outside":
        return pd.DataFrame(columns=[*by, "people"])
    return flows.flow_frame(reader, filters, by)[[*by, "people"]]


def provider_hubs(on: date | None) -> pd.DataFrame:
    """Columns provider, hub: the specialised hub of the system that hosts each provider, on a date."""
    hosts = coverage.provider_systems()
    systems = reference.commissioner_systems()
    if on is not None:
        # A provider stays where it is when its system merges; the hub is that of what the system became.
        became = geography.systems_today(on)
        hosts = hosts.assign(system=[became.get(s, s) for s in hosts["system"]])
        day = pd.Timestamp(on)
        in_force = (systems["valid_from"].isna() | (systems["valid_from"] <= day)) & (
            systems["valid_to"].isna() | (systems["valid_to"] >= day)
        )
        systems = systems[in_force]
    hubs = systems[systems["hub_code"] != ""].sort_values(["system_code", "hub_code"]).drop_duplicates("system_code")
    return hosts.assign(hub=hosts["system"].map(hubs.set_index("system_code")["hub_code"]).fillna(""))[["provider", "hub"]]


@kept
def hub_names() -> dict[str, str]:
    return dict(Commissioner.objects.filter(kind=CommissionerKind.HUB).values_list("code", "name"))


def _of_year(factors: pd.DataFrame, year: str) -> pd.DataFrame:
    """The factor of each provider in a year, or in the nearest year that has one."""
    away = (factors["year"].str[:4].astype(int) - int(year[:4])).abs()
    nearest = factors.assign(away=away).sort_values(["provider", "away", "year"]).drop_duplicates("provider")
    return nearest[["provider", "mff"]].reset_index(drop=True)


def _no_statuses() -> pd.DataFrame:
    return pd.DataFrame({"service_code": [], "year": [], "status": [], "list_year": [], "as_if": []}, dtype=object)
