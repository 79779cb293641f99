"""Simple reads of reference data as frames. Text blank is "", dates open at one end are NaT, other blanks are missing."""

from collections.abc import Iterable

import pandas as pd

from accounts.reading import kept
from planning.models import (
    Commissioner,
    CommissionerSystem,
    Footprint,
    Place,
    PlaceOverlap,
    PlacePopulation,
    PointOfDelivery,
    Practice,
    Provider,
    ProviderMarketForcesFactor,
    ServiceCategory,
    ServiceCode,
    ServiceStatus,
    Site,
    System,
)


def _frame(rows, **columns: str) -> pd.DataFrame:
    """Frame of a query's rows: new name = the query's own name."""
    return pd.DataFrame(list(rows.values_list(*columns.values())), columns=list(columns))


def _texts(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    return frame.assign(**{name: frame[name].astype(object).where(frame[name].notna(), "").astype(str) for name in names})


def _dates(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    return frame.assign(**{name: pd.to_datetime(frame[name]).astype("datetime64[ns]") for name in names})


@kept
def commissioner_lookup() -> pd.DataFrame:
    """One row for each commissioner, with the place it is where it is one borough, and the one that followed it."""
    columns = {"code": "code", "name": "name", "kind": "kind", "place": "place_id", "successor": "successor_id"}
    frame = _frame(Commissioner.objects.order_by("code"), **columns, valid_from="valid_from", valid_to="valid_to")
    return _dates(_texts(frame, "place", "successor"), "valid_from", "valid_to")


@kept
def commissioner_systems() -> pd.DataFrame:
    """System and specialised hub of each commissioner between two dates; `delegated` is missing where not known."""
    names = ["commissioner", "system_code", "hub_code", "valid_from", "valid_to", "delegated", "assumed"]
    rows = CommissionerSystem.objects.order_by("commissioner_id", "valid_from")
    frame = _frame(rows, **{name: name for name in names})
    return _dates(frame, "valid_from", "valid_to").astype({"delegated": "boolean", "assumed": "bool"})


@kept
def known_codes() -> dict[str, frozenset[str]]:
    """The codes that an extract's cells are checked against, by kind of code."""
    lists = {
        "providers": Provider.objects.values_list("code", flat=True),
        "sites": Site.objects.exclude(code="").values_list("code", flat=True),
        "service_codes": ServiceCode.objects.values_list("code", flat=True),
        "points_of_delivery": PointOfDelivery.objects.values_list("code", flat=True),
        "service_categories": ServiceCategory.objects.values_list("code", flat=True),
        "commissioners": Commissioner.objects.values_list("code", flat=True),
        "systems": System.objects.values_list("code", flat=True),
        "places": Place.objects.values_list("code", flat=True),
        "practices": Practice.objects.values_list("code", flat=True),
    }
    return {name: frozenset(codes) for name, codes in lists.items()}


@kept
def service_lookup() -> pd.DataFrame:
    """One row for each line code, with the service and the programmes it stands under."""
    frame = _frame(
        ServiceCode.objects.order_by("code"),
        service_code="code",
        display_name="display_name",
        service="service_id",
        service_name="service__name",
        in_manual="service__in_manual",
        programme_of_care="programme_of_care_id",
        programme_of_care_name="programme_of_care__name",
        national_programme="national_programme_id",
        national_programme_name="national_programme__name",
        top_up="top_up",
    )
    texts = (
        "service",
        "service_name",
        "programme_of_care",
        "programme_of_care_name",
        "national_programme",
        "national_programme_name",
    )
    return _texts(frame, *texts)


def list_year(year: str, listed: Iterable[str]) -> str:
    """The year whose national list stands for a year: its own, else the nearest, the earlier one where two are as near."""
    return min(listed, key=lambda one: (abs(int(one[:4]) - int(year[:4])), one))


@kept
def service_status(years: Iterable[str] | None = None) -> pd.DataFrame:
    """Status of each line code in the years asked for, or in the years that have a list.

    A year without a list of its own takes the nearest one's: `list_year` names it and `as_if` is true, so that figures on such
    rows can say "as if delegated". Columns service_code, year, status, list_year, as_if.
    """
    rows = ServiceStatus.objects.order_by("year", "service_code_id")
    listed = _frame(rows, service_code="service_code_id", list_year="year", status="status")
    lists = sorted(set(listed["list_year"]))
    wanted = list(dict.fromkeys(lists if years is None else years)) if lists else []
    used = pd.DataFrame({"year": wanted, "list_year": [list_year(year, lists) for year in wanted]}, dtype="str")
    frame = used.merge(listed.astype("str"), on="list_year")
    return frame.assign(as_if=frame["year"] != frame["list_year"])[["service_code", "year", "status", "list_year", "as_if"]]


@kept
def system_lookup() -> pd.DataFrame:
    """One row for each system, with its region, the dates it is in force and the one that followed it."""
    frame = _frame(
        System.objects.order_by("code"),
        code="code",
        name="name",
        short_name="short_name",
        region="region_id",
        region_name="region__name",
        valid_from="valid_from",
        valid_to="valid_to",
        successor="successor_id",
        latitude="latitude",
        longitude="longitude",
    )
    return _dates(_texts(frame, "successor"), "valid_from", "valid_to")


@kept
def provider_lookup() -> pd.DataFrame:
    """One row for each provider; `in_scope` marks those whose extracts are expected."""
    names = ["code", "name", "short_name", "kind", "in_scope", "tertiary", "latitude", "longitude", "valid_from", "valid_to"]
    frame = _frame(
        Provider.objects.order_by("code"), **{name: name for name in names}, system="system_id", successor="successor_id"
    )
    return _dates(_texts(frame, "system", "successor"), "valid_from", "valid_to")


@kept
def site_lookup() -> pd.DataFrame:
    """One row for each site with a code: its provider and position."""
    names = ["code", "name", "latitude", "longitude"]
    return _frame(Site.objects.exclude(code="").order_by("code"), **{name: name for name in names}, provider="provider_id")


@kept
def place_lookup() -> pd.DataFrame:
    """One row for each place: system, deprivation, position, and registered and General and Acute weighted population."""
    names = ["code", "name", "system_share", "latitude", "longitude", "imd_2019", "imd_2025"]
    populations = ["registered_population", "general_acute_weighted_population"]
    frame = _frame(Place.objects.order_by("code"), **{name: name for name in [*names, *populations]}, system="system_id")
    return frame.astype({"system_share": float})


@kept
def place_systems() -> pd.DataFrame:
    """Share of each place's residents in each loaded system: columns place, system, share (of 1)."""
    own = _frame(Place.objects.order_by("code"), place="code", system="system_id", share="system_share")
    overlaps = _frame(PlaceOverlap.objects.order_by("place_id", "system_id"), place="place_id", system="system_id", share="share")
    return pd.concat([own, overlaps], ignore_index=True).astype({"share": float})


@kept
def place_populations() -> pd.DataFrame:
    """Residents by place, year, sex and age band."""
    frame = _frame(
        PlacePopulation.objects.order_by("place_id", "year", "sex", "id"),
        place="place_id",
        year="year",
        sex="sex",
        age_band="age_band",
        population="population",
    )
    return frame.astype({"population": "int64", "year": "int64"})


@kept
def own_systems() -> list[str]:
    """Codes of the systems that this installation plans for."""
    return sorted(System.objects.filter(footprints__is_own=True).values_list("code", flat=True))


@kept
def own_footprint_name() -> str:
    """Name of the area that this installation plans for; blank before the reference data is loaded."""
    return Footprint.objects.filter(is_own=True).values_list("name", flat=True).first() or ""


@kept
def own_footprint() -> str:
    """Code of the area that this installation plans for; blank before the reference data is loaded."""
    return Footprint.objects.filter(is_own=True).values_list("code", flat=True).first() or ""


@kept
def footprint_names() -> dict[str, str]:
    return dict(Footprint.objects.values_list("code", "name"))


@kept
def footprint_systems() -> pd.DataFrame:
    """Systems of each footprint and those that followed them; `stated` is false for a follower."""
    stated = _frame(
        Footprint.systems.through.objects.order_by("footprint_id", "system_id"), footprint="footprint_id", system="system_id"
    )
    successors = dict(System.objects.exclude(successor=None).values_list("code", "successor_id"))
    frames, latest = [stated.assign(stated=True)], stated
    while len(latest := latest.assign(system=latest["system"].map(successors)).dropna(subset="system")):
        frames.append(latest.assign(stated=False))
    return pd.concat(frames, ignore_index=True).drop_duplicates(["footprint", "system"], ignore_index=True)


@kept
def market_forces_factors() -> pd.DataFrame:
    """Payment index of each provider and year; `assumed` where another year's value stands in."""
    names = {"provider": "provider_id", "year": "year", "value": "value", "assumed": "assumed"}
    return _frame(ProviderMarketForcesFactor.objects.order_by("provider_id", "year"), **names).astype({"value": float})


@kept
def practice_lookup() -> pd.DataFrame:
    """System and place of each practice of the loaded list: columns code, system_code, place_code."""
    return _frame(Practice.objects.order_by("code"), code="code", system_code="system_code", place_code="place_code")
