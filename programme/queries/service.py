"""Reads of services: what they are, who may plan them, and the years that their spend can be compared over."""

from collections.abc import Collection

import pandas as pd
from django.db.models import Q

from accounts.reading import kept
from planning.models import Service, ServiceCode
from planning.queries import positions, reference

STATUS_WORDS = {"GREEN": "Delegated", "RED": "Retained", "BLUE": "Host-funded", "NOT APPLICABLE": "Not applicable"}
MIXED, NO_STATUS = "Mixed", "Not listed"
NO_ENTRY = "No entry of its own in the manual; it stands for line codes of a national programme"


def service_named(code: str) -> Service | None:
    """The service of a code, however its letters are written."""
    return Service.objects.select_related("programme_of_care").filter(code__iexact=code).first()


def services_like(words: str, how_many: int = 8) -> list[Service]:
    """Services whose name, number or line codes hold a text."""
    found = Service.objects.filter(Q(name__icontains=words) | Q(code__iexact=words) | Q(codes__code__iexact=words))
    return list(found.distinct()[:how_many])


def service_facts(service: Service) -> list[tuple[str, str]]:
    """What is known of a service, heading and words; words are blank where it is not known."""
    highly = {True: "Yes", False: "No", None: ""}[service.highly_specialised]
    return [
        ("Definition", f"Entry {service.code} of the manual of prescribed services" if service.in_manual else NO_ENTRY),
        ("Programme of care", str(service.programme_of_care or "")),
        ("Highly specialised", highly),
        ("Source of the definition", service.source),
    ]


@kept
def all_services() -> pd.DataFrame:
    """Every service with the text that it is found by.

    Columns service, service_name, programme_of_care, programme_name, in_manual, search.
    """
    rows = Service.objects.order_by("name").values_list(
        "code", "name", "programme_of_care", "programme_of_care__name", "in_manual"
    )
    columns = ["service", "service_name", "programme_of_care", "programme_name", "in_manual"]
    frame = pd.DataFrame(list(rows), columns=columns).astype({"programme_of_care": object, "programme_name": object})
    codes = ServiceCode.objects.exclude(service=None).order_by("code").values_list("service", "code", "display_name")
    words: dict[str, list[str]] = {}
    for service, code, name in codes:
        words.setdefault(service, []).append(f"{code} {name}")
    found_by = [
        " ".join([code, name, *words.get(code, [])]) for code, name in zip(frame["service"], frame["service_name"], strict=True)
    ]
    return frame.fillna({"programme_of_care": "", "programme_name": ""}).assign(search=[text.casefold() for text in found_by])


@kept
def line_codes(service: str) -> pd.DataFrame:
    """Columns service_code, display_name, national_programme: the line codes of a service."""
    rows = ServiceCode.objects.filter(service=service).order_by("code")
    columns = ["service_code", "display_name", "national_programme"]
    return pd.DataFrame(list(rows.values_list("code", "display_name", "national_programme__name")), columns=columns)


def statuses_of_services(year: str) -> dict[str, str]:
    """The delegation status of each service in a year, in a word; mixed where its codes differ."""
    frame = reference.service_status([year]).merge(
        reference.service_lookup()[["service_code", "service"]], on="service_code", how="inner", validate="many_to_one"
    )
    words = frame.groupby("service")["status"].agg(lambda codes: sorted(set(codes)))
    return {service: STATUS_WORDS.get(found[0], found[0]) if len(found) == 1 else MIXED for service, found in words.items()}


def full_years(position: int | None, providers: Collection[str] = ()) -> list[str]:
    """Years of a position with each of the twelve months in, of any provider or of those named, the earliest first."""
    coverage = positions.coverage_frame(position)
    if providers:
        coverage = coverage[coverage["provider"].isin(list(providers))]
    months = coverage[coverage["month"] <= 12].groupby("year")["month"].nunique()
    return sorted(year for year, number in months.items() if number == 12)


def in_full_years(rows: pd.DataFrame, position: int | None) -> pd.DataFrame:
    """The rows of each provider's own full years: half a year beside a whole one is no change."""
    coverage = positions.coverage_frame(position)
    months = coverage[coverage["month"] <= 12].groupby(["provider", "year"])["month"].nunique()
    full = set(months[months == 12].index)
    pairs = zip(rows["provider"], rows["year"], strict=True)
    return rows[pd.Series([pair in full for pair in pairs], index=rows.index, dtype=bool)].reset_index(drop=True)
