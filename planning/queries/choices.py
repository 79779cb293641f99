"""What filters can be chosen from, as (code, words) pairs, and the names of codes."""

from itertools import groupby

from accounts.reading import kept
from planning.calculations.homes import HOME_GROUPS
from planning.models import (
    NationalProgramme,
    Place,
    PointOfDelivery,
    ProgrammeOfCare,
    Provider,
    Service,
    ServiceCode,
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
def place_names() -> dict[str, str]:
    return dict(Place.objects.values_list("code", "name"))


@kept
def units_of(points_of_delivery: list[str]) -> set[str]:
    return set(PointOfDelivery.objects.filter(code__in=points_of_delivery).values_list("unit", flat=True))


@kept
def programmes_of(services: list[str]) -> set[str]:
    return set(Service.objects.filter(code__in=services).values_list("programme_of_care", flat=True))
