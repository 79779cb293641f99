"""Reads of the Overview, from every app below."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from django.utils import timezone

from planning.queries import calendar, choices, coverage, flows, positions, reference


def read_origins(reader: Any, filters: Mapping[str, Any]) -> dict[str, Any]:
    """Flows of the providers that the own area's systems host, with the names of everything in them."""
    own = reference.own_systems()
    hosts = coverage.provider_systems()
    hosted = sorted(hosts.loc[hosts["system"].isin(own), "provider"])
    frame = flows.flow_frame(reader, {**filters, "provider": hosted}, ["home_system", "provider"])
    return {
        "flows": frame,
        "homes": choices.home_names(),
        "providers": choices.provider_names(),
        "own": own,
        "own_name": own_name(),
    }


def read_coverage(reader: Any, filters: Mapping[str, Any]) -> dict[str, Any]:
    """What a position holds of a year against its dates, as the calendar of Extracts reads it."""
    number, year, today = filters["position"], filters["year"], timezone.localdate()
    if not year or year == "all":
        year = max(positions.manifest(number).years, default="") or calendar.year_of(today) or ""
    return {
        "sent": calendar.sent_of(number, year, today),
        "expected": calendar.expected_to_send(number, year) if year else set(),
        "providers": choices.provider_names(),
        "spend": flows.flow_frame(reader, {**filters, "specialised": "all"}, ["provider"]),
    }


def read_specialised_and_other(reader: Any, filters: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    return {which: flows.flow_frame(reader, {**filters, "specialised": which}, ["year"]) for which in ("only", "other")}


def read_changes(reader: Any, filters: Mapping[str, Any]) -> dict[str, Any]:
    """Each provider and year of a position and of the one before it."""
    number = filters["position"]
    return {
        "after": _states(reader, number),
        "before": _states(reader, positions.position_before(number)),
        "providers": choices.provider_names(),
    }


def _states(reader, number) -> pd.DataFrame:
    """Columns provider, year, extracts, actual_price of everything in a position, specialised or not."""
    covered = positions.coverage_frame(number).sort_values(["provider", "year", "month", "extract"])
    parts = covered["month"].astype(str) + " of " + covered["extract"].astype(str)
    states = parts.groupby([covered["provider"], covered["year"]]).agg(", ".join).rename("extracts").reset_index()
    spend = flows.flow_frame(reader, {"position": number, "specialised": "all"}, ["provider", "year"])
    return states.merge(spend[["provider", "year", "actual_price"]], on=["provider", "year"], how="left")


def own_providers() -> set[str]:
    """Providers that the systems of the own area host."""
    hosts = coverage.provider_systems()
    return set(hosts.loc[hosts["system"].isin(reference.own_systems()), "provider"])


def own_name() -> str:
    return reference.own_footprint_name() or "the own area"


def months_in(position: int | None, year: str) -> int:
    """The last of the twelve months of a year that anyone has submitted; 0 where there is none."""
    frame = positions.coverage_frame(position)
    months = frame.loc[(frame["year"] == year) & (frame["month"] <= 12), "month"]
    return int(months.max()) if len(months) else 0


def published(position: int | None):
    """The position itself: when and by whom it was published, and why."""
    return positions.reporting_position(position)
