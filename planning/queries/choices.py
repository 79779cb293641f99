"""What filters can be chosen from, as (code, words) pairs, and the names of codes."""

from collections import Counter
from itertools import groupby

from accounts.reading import kept
from planning.calculations.homes import HOME_GROUPS
from planning.models import (
    Commissioner,
    CommissionerSystem,
    NationalProgramme,
    Place,
    PlaceOverlap,
    PointOfDelivery,
    ProgrammeOfCare,
    Provider,
    Region,
    Service,
    ServiceCode,
    Site,
    System,
)
from planning.queries import positions

Choices = list[tuple[str, str]]


def provider_choices(position: int | None) -> Choices:
    """Providers whose extracts are in a position."""
    loaded = {r.provider for r in positions.manifest(position).read_copies}
    names = provider_names()
    return sorted(((code, names.get(code, code)) for code in loaded), key=lambda c: c[1])


@kept
def system_choices() -> Choices:
    return [*System.objects.order_by("name").values_list("code", "name"), *HOME_GROUPS.items()]


@kept
def place_choices() -> Choices:
    return list(Place.objects.order_by("name").values_list("code", "name"))


@kept
def programme_choices() -> Choices:
    return list(ProgrammeOfCare.objects.order_by("name").values_list("code", "name"))


@kept
def national_programme_choices() -> Choices:
    return [(code, f"{code} {name}") for code, name in NationalProgramme.objects.order_by("code").values_list("code", "name")]


@kept
def service_choices() -> Choices:
    return list(Service.objects.order_by("name").values_list("code", "name"))


@kept
def service_code_choices() -> Choices:
    codes = ServiceCode.objects.order_by("code").values_list("code", "display_name")
    return [(code, f"{code} {name}") for code, name in codes]


@kept
def point_of_delivery_choices() -> list[tuple[str, Choices]]:
    """In groups by domain."""
    points = PointOfDelivery.objects.order_by("domain", "description").values_list("domain", "code", "description")
    return [(domain, [(code, name) for _, code, name in rows]) for domain, rows in groupby(points, key=lambda p: p[0])]


def year_choices(position: int | None) -> Choices:
    """Years of a position, the latest first."""
    return [(year, year) for year in reversed(positions.manifest(position).years)]


def latest_full_year(position: int | None) -> str | None:
    """The latest year with all of its twelve months in, or the latest there is."""
    coverage = positions.coverage_frame(position)
    months = coverage[coverage["month"] <= 12].groupby("year")["month"].nunique()
    full = [year for year, number in months.items() if number == 12]
    return max(full) if full else max(coverage["year"], default=None)


@kept
def provider_names() -> dict[str, str]:
    return dict(Provider.objects.values_list("code", "short_name"))


@kept
def destination_names() -> dict[str, str]:
    """Names of providers and of sites; a provider stands for its activity whose site is not stated."""
    return {**dict(Site.objects.exclude(code="").values_list("code", "name")), **provider_names()}


@kept
def code_names() -> dict[str, str]:
    """Names of homes by their code of the day, those that share a name told apart by it; a system where there was no code."""
    named = dict(Commissioner.objects.order_by("code").values_list("code", "name"))
    shared = {name for name, number in Counter(named.values()).items() if number > 1}
    codes = {code: f"{name} ({code})" if name in shared else name for code, name in named.items()}
    return {**{code: f"{name} (code not stated)" for code, name in system_names().items()}, **HOME_GROUPS, **codes}


@kept
def region_names() -> dict[str, str]:
    return {**dict(Region.objects.values_list("code", "name")), **HOME_GROUPS}


def home_names() -> dict[str, str]:
    """Names of systems and of the groups of homes that are no system."""
    return {**system_names(), **HOME_GROUPS}


@kept
def system_names() -> dict[str, str]:
    return dict(System.objects.order_by("name").values_list("code", "name"))


@kept
def places_of(systems: set[str]) -> set[str]:
    return set(Place.objects.filter(system__in=systems).values_list("code", flat=True))


@kept
def places_touching(systems: set[str]) -> set[str]:
    """Places of which any part is in one of the systems."""
    return places_of(systems) | set(PlaceOverlap.objects.filter(system__in=systems).values_list("place", flat=True))


@kept
def codes_of(systems: set[str]) -> set[str]:
    """Codes of homes that have belonged to any of the systems, and the systems themselves."""
    ever = CommissionerSystem.objects.filter(system_code__in=systems).values_list("commissioner", flat=True)
    return set(ever) | set(systems)


@kept
def place_names() -> dict[str, str]:
    return dict(Place.objects.values_list("code", "name"))


@kept
def units_of(points_of_delivery: list[str]) -> set[str]:
    return set(PointOfDelivery.objects.filter(code__in=points_of_delivery).values_list("unit", flat=True))


@kept
def programmes_of(services: list[str]) -> set[str]:
    return set(Service.objects.filter(code__in=services).values_list("programme_of_care", flat=True))
