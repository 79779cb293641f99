"""Which providers have submitted which months, and whose own trusts are all in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from accounts.reading import kept
from planning.models import Provider, ReportingPoint
from planning.queries import positions

YEAR_END = 13


@dataclass(frozen=True)
class Coverage:
    """Of the latest year: the last month in, its reporting point, and how many of the provider months expected are in."""

    year: str
    month: int
    reporting_point: str
    provider_months: int
    expected: int


def latest_coverage(number: int | None) -> Coverage | None:
    frame = positions.coverage_frame(number)
    months = frame[frame["month"] < YEAR_END]
    if months.empty:
        return None
    year = max(months["year"])
    of_year = months[months["year"] == year].drop_duplicates(["provider", "month"])
    last = int(of_year["month"].max())
    at_last = of_year[of_year["month"] == last]
    flex = ReportingPoint.FLEX in set(at_last["reporting_point"])
    providers = expected_providers() | set(of_year["provider"])
    return Coverage(year, last, ReportingPoint.FLEX if flex else ReportingPoint.FREEZE, len(of_year), len(providers) * last)


@kept
def expected_providers() -> set[str]:
    """Providers whose extracts the programme expects."""
    return set(Provider.objects.filter(in_scope=True).values_list("code", flat=True))


def months_loaded(filters: Mapping[str, Any]) -> pd.DataFrame:
    """Columns provider, year, month of the position within the years and months asked for, year end left out."""
    frame = positions.coverage_frame(filters.get("position"))
    frame = frame[frame["month"] < YEAR_END]
    if filters.get("year") not in (None, "", "all"):
        frame = frame[frame["year"] == filters["year"]]
    first, last = filters.get("from_month") or 1, filters.get("to_month") or 12
    frame = frame[frame["month"].between(first, last)]
    return frame[["provider", "year", "month"]].drop_duplicates(ignore_index=True)


def systems_with_own_trusts(filters: Mapping[str, Any]) -> set[str]:
    """Systems whose own trusts are all in for every month that anyone has submitted.

    A system's own trusts are those the programme expects of it, or where it expects none, all that stand in its name.
    """
    loaded = months_loaded(filters)
    if loaded.empty:
        return set()
    periods = set(zip(loaded["year"], loaded["month"], strict=True))
    complete = {p for p, own in loaded.groupby("provider") if set(zip(own["year"], own["month"], strict=True)) == periods}
    start = date(int(min(loaded["year"])[:4]), 4, 1)
    by_system: dict[str, list[tuple[str, bool]]] = {}
    for code, system, expected in _trusts_from(start):
        by_system.setdefault(system, []).append((code, expected))
    return {s for s, trusts in by_system.items() if _own(trusts) <= complete}


@kept
def _trusts_from(start: date) -> list[tuple[str, str, bool]]:
    """Providers that stand in a system's name on a date or later: code, system, whether the programme expects them."""
    trusts = Provider.objects.exclude(system=None).exclude(valid_to__lt=start)
    return list(trusts.values_list("code", "system", "in_scope"))


def _own(trusts: list[tuple[str, bool]]) -> set[str]:
    return {code for code, expected in trusts if expected} or {code for code, _ in trusts}


@kept
def provider_systems() -> pd.DataFrame:
    """Columns provider, system: which system hosts each provider."""
    hosts = Provider.objects.exclude(system=None).order_by("code").values_list("code", "system")
    return pd.DataFrame(list(hosts), columns=["provider", "system"])
