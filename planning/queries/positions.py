"""Reads of reporting positions: which there are, what is in them, and their totals re-summed from the facts."""

from functools import lru_cache

import pandas as pd
from django.db import connection
from django.db.models import Count, Max

from planning.models import Extract, Layout, PositionSlice, ReportingPosition
from planning.queries.plan_returns import plan_slices
from planning.queries.read_copies import Manifest, ReadCopy
from presentation.shared_reads import shared


@shared
def latest_position() -> int | None:
    return ReportingPosition.objects.aggregate(latest=Max("number"))["latest"]


def position_or_latest(number: int | None) -> int | None:
    """The number asked for where there is such a position, the latest where none was asked for, otherwise None."""
    if number is None:
        return latest_position()
    return number if reporting_position(number) else None


@shared
def position_before(number: int | None) -> int | None:
    """The position before one, or None."""
    if number is None:
        return None
    return ReportingPosition.objects.filter(number__lt=number).aggregate(latest=Max("number"))["latest"]


@shared
def reporting_position(number: int | None) -> ReportingPosition | None:
    if number is None:
        return None
    return ReportingPosition.objects.select_related("made_by").filter(number=number).first()


def position_in_force(number: int | None) -> ReportingPosition | None:
    """The position asked for where there is one, otherwise the latest."""
    wanted = reporting_position(number) if number is not None else None
    return wanted or reporting_position(latest_position())


def positions_up_to(number: int, how_many: int) -> list[ReportingPosition]:
    """The newest first, with who made them and the extracts they published or withdrew."""
    positions = ReportingPosition.objects.filter(number__lte=number).select_related("made_by").prefetch_related("extracts")
    return list(positions[:how_many])


def position_choices(how_many: int = 200) -> list[ReportingPosition]:
    """The newest positions, for a list to choose from."""
    return list(ReportingPosition.objects.only("number", "made_at", "reason", "illustrative")[:how_many])


def manifest(number: int | None) -> Manifest:
    """What a position is made of. A position never changes, so it is read once for each process."""
    position = None if number is None else reporting_position(number)
    if position is None:
        return Manifest()
    return _manifest(position.number, position.fingerprint, position.made_at)


@lru_cache(maxsize=16)
def _manifest(number, fingerprint, made_at) -> Manifest:
    current = PositionSlice.objects.at(number).filter(layout=Layout.ACM)
    months = list(current.values_list("extract_id", "provider", "year", "month", "reporting_point").distinct())
    ended = PositionSlice.objects.filter(layout=Layout.ACM, until_position__lte=number)
    held = {m[0] for m in months}
    partial = set(ended.filter(extract_id__in=held).values_list("extract_id", flat=True).distinct())
    extracts = Extract.objects.in_bulk(held)
    # Of files published together one may overtake slices of another before they ever were in a position.
    numbers = dict(current.values_list("extract_id").annotate(Count("id")))
    partial |= {pk for pk, extract in extracts.items() if numbers[pk] < len(extract.slices)}
    slices = list(current.filter(extract_id__in=partial).values_list("extract_id", "month", "commissioner"))
    plans = plan_slices(number, fingerprint, made_at)
    plan_returns = Extract.objects.in_bulk(set(plans["extract"]))
    slices += plans[["extract", "month", "commissioner"]].itertuples(index=False, name=None)
    columns = ["extract", "provider", "year", "month", "reporting_point"]
    coverage = pd.DataFrame(months, columns=columns).sort_values(["provider", "year", "month"], ignore_index=True)
    return Manifest(
        read_copies=tuple(
            ReadCopy(extract=e.pk, name=e.read_copy, provider=e.provider, year=e.year, whole=e.pk in extracts.keys() - partial)
            for e in sorted([*extracts.values(), *plan_returns.values()], key=lambda e: e.pk)
        ),
        slices=pd.DataFrame(slices, columns=["extract", "month", "commissioner"]),
        coverage=coverage,
        plans=plans.assign(reporting_point=plans["extract"].map({k: e.reporting_point for k, e in plan_returns.items()})),
    )


def coverage_frame(number: int | None) -> pd.DataFrame:
    """One row for each provider and month of a position: provider, year, month, extract, reporting_point."""
    return manifest(number).coverage


def slice_extracts(number: int | None, *, provider: str | None = None, year: str | None = None) -> list[int]:
    """Extracts that slices of a position are taken from."""
    return [r.extract for r in manifest(number).read_copies if provider in (None, r.provider) and year in (None, r.year)]


TOTALS_SQL = """
    SELECT f.provider, f.home_system, f.year, f.month, f.point_of_delivery, {key}
           SUM(f.planned_price), SUM(f.actual_price), SUM(f.planned_activity), SUM(f.actual_activity)
    FROM planning_patientflow f
    JOIN planning_positionslice s
      ON s.extract_id = f.extract_id AND s.month = f.month AND s.commissioner = f.commissioner
    WHERE s.layout = %s AND s.from_position <= %s AND (s.until_position IS NULL OR s.until_position > %s)
    GROUP BY {key} f.provider, f.home_system, f.year, f.month, f.point_of_delivery
"""
TOTALS_COLUMNS = ["provider", "home_system", "year", "month", "point_of_delivery"]
TOTALS_SUMS = ["planned_price", "actual_price", "planned_activity", "actual_activity"]


def position_totals(number: int) -> pd.DataFrame:
    """Sums of every fact of a position, specialised or not, from the database itself rather than the read copies.

    They are those of ACM, with the plan of plan returns where ACM holds none.
    """
    frame = _totals(Layout.ACM, number, [])
    plans = manifest(number).plans
    if plans.empty:
        return frame
    keys = ["commissioner"]
    returned = _totals(Layout.IAP, number, keys)
    slices = plans[["provider", "year", "month", *keys]].astype(object)
    returned = returned.merge(slices, on=["provider", "year", "month", *keys], validate="many_to_one")
    return pd.concat([frame, returned.drop(columns=keys)], ignore_index=True)


def _totals(layout: str, number: int, keys: list[str]) -> pd.DataFrame:
    key = "".join(f"f.{name}, " for name in keys)
    with connection.cursor() as cursor:
        cursor.execute(TOTALS_SQL.format(key=key), [layout, number, number])
        rows = cursor.fetchall()
    frame = pd.DataFrame(rows, columns=[*TOTALS_COLUMNS, *keys, *TOTALS_SUMS], dtype=object)
    for name in TOTALS_SUMS:
        frame[name] = pd.array([None if v is None else int(v) for v in frame[name].tolist()], dtype="Int64")
    return frame
