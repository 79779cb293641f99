"""The rows behind a figure: lines of uploaded files, as they were received, with the file's own row numbers."""
# ruff: noqa: S608 - every value is a parameter; names in SQL are headings of the layout or constants.

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
from django.conf import settings
from django.http import Http404

from accounts.permissions import check_see_extracts, user_can_see_extract
from accounts.queries import organisations_of
from planning.extracts import engine
from planning.extracts.layouts import layout_columns
from planning.models import Extract, Layout, PositionSlice
from planning.queries import flows, patient_sets, positions, read_copies
from planning.queries.extracts import extract_by_id, system_of_commissioners

PRICES = ("planned_price", "actual_price")
ROW_HEADING = "Row in the file"
BATCH = 10_000


@dataclass(frozen=True)
class Lines:
    """Some of the rows of an extract. `total` and the sums are of all that were asked for; prices are pounds."""

    headings: tuple[str, ...]
    rows: list[tuple]
    total: int
    planned_price: Decimal | None
    actual_price: Decimal | None


def extract_with_lines(user, pk: int) -> tuple[Extract, list[str] | None]:
    """An extract and the commissioners whose rows in it the person may see; None for all. Otherwise there is none.

    A system's lead sees the rows of their own commissioners in a provider's file that holds others' too.
    """
    check_see_extracts(user)
    extract = extract_by_id(pk)
    if extract is None:
        raise Http404("There is no such extract.")
    systems = system_of_commissioners(extract.commissioners, extract.year) if extract.year else {}
    if user_can_see_extract(user, organisation=extract.organisation, provider=extract.provider, systems=list(systems.values())):
        return extract, None
    own = sorted(code for code, system in systems.items() if system in organisations_of(user))
    if not own:
        raise Http404("There is no such extract.")
    return extract, own


def lines(
    extract: Extract, filters: Mapping[str, Any], *, commissioners: list[str] | None, first: int = 0, number: int | None = None
) -> Lines:
    """Accepted rows that stand behind the filters; where these name a position, only those that are in it."""
    if not extract.line_store:
        return Lines((), [], 0, None, None)
    source, parameters, frames = _source(extract, filters, commissioners)
    money = ", ".join(f"sum({price})::VARCHAR AS {price}" for price in PRICES)
    total = read_copies.run(f"SELECT count(*) AS number, {money} FROM ({source})", parameters, **frames)
    headings = _headings(extract)
    cells = ", ".join(f"l.{engine.name(heading)}" for heading in headings)
    paging = "" if number is None else f" LIMIT {int(number)} OFFSET {int(first)}"
    chosen = f"SELECT row FROM ({source}) ORDER BY row{paging}"
    sql = f"SELECT l.row, {cells} FROM read_parquet(?) l SEMI JOIN ({chosen}) v USING (row) ORDER BY l.row"
    found = read_copies.run(sql, [str(_path(extract)), *parameters], **frames)
    rows = list(found.astype(object).itertuples(index=False, name=None))
    planned, actual = (_pounds(total[price][0]) for price in PRICES)
    return Lines((ROW_HEADING, *headings), rows, int(total["number"][0]), planned, actual)


def line_batches(extract: Extract, filters: Mapping[str, Any], *, commissioners: list[str] | None) -> Iterator[list[tuple]]:
    """The same rows in the order of the file, a batch at a time, in little memory whatever their number."""
    source, parameters, frames = _source(extract, filters, commissioners)
    numbers = read_copies.run(f"SELECT row FROM ({source}) ORDER BY row", parameters, **frames)
    cells = ", ".join(f"l.{engine.name(heading)}" for heading in _headings(extract))
    sql = f"SELECT l.row, {cells} FROM read_parquet(?) l SEMI JOIN chosen USING (row) WHERE l.row BETWEEN ? AND ? ORDER BY l.row"
    for first in range(0, len(numbers), BATCH):
        chosen = numbers.iloc[first : first + BATCH]
        span = [int(chosen["row"].iloc[0]), int(chosen["row"].iloc[-1])]
        found = read_copies.run(sql, [str(_path(extract)), *span], chosen=chosen)
        yield list(found.astype(object).itertuples(index=False, name=None))


def line_headings(extract: Extract) -> tuple[str, ...]:
    return (ROW_HEADING, *_headings(extract))


def figure_headings(layout: str) -> frozenset[str]:
    """Headings of the columns of a layout that hold numbers."""
    return frozenset(c.name for c in layout_columns(layout) if c.is_figure)


def _headings(extract: Extract) -> list[str]:
    """Headings that the file had, in the order of the layout; never those of columns that may identify a person."""
    received = _received(extract)
    return [c.name for c in layout_columns(extract.layout) if c.name in received and not c.concealed and not c.identifying]


def _source(extract: Extract, filters: Mapping[str, Any], commissioners: list[str] | None) -> tuple[str, list, dict]:
    """SQL of the values of accepted rows that the filters let through."""
    values = "SELECT * FROM read_parquet(?) WHERE accepted AND excluded = ''"
    parameters: list = [str(_path(extract).with_suffix(".values.parquet"))]
    frames: dict[str, pd.DataFrame] = {}
    if commissioners is not None:
        values += f" AND commissioner IN ({', '.join('?' * len(commissioners))})"
        parameters += commissioners
    if filters.get("position"):
        frames["slices"] = _slices(extract, filters["position"])
        values = f"SELECT v.* FROM ({values}) v SEMI JOIN slices s USING (month, commissioner)"
    rows, geography = flows.in_geography(values, filters)
    where, wanted = flows.conditions(filters, [extract.year])
    return f"SELECT * FROM ({rows}) WHERE {where}", [*parameters, *wanted], {**frames, **geography}


def _slices(extract: Extract, position: int) -> pd.DataFrame:
    """Slices of a position that are taken from an extract; of a plan return those where its plan stands in."""
    if extract.layout == Layout.IAP:
        plans = positions.manifest(position).plans
        return plans.loc[plans["extract"] == extract.pk, ["month", "commissioner"]]
    held = PositionSlice.objects.at(position).filter(extract=extract).values_list("month", "commissioner")
    return pd.DataFrame(list(held), columns=["month", "commissioner"]).astype({"month": "int64", "commissioner": object})


def _path(extract: Extract) -> Path:
    return Path(settings.MEDIA_ROOT) / "line_store" / extract.line_store


def _received(extract: Extract) -> set[str]:
    described = read_copies.run("SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet(?))", [str(_path(extract))])
    return set(described["column_name"])


def _pounds(total: Any) -> Decimal | None:
    return None if total is None or pd.isna(total) else Decimal(total)


def slices_behind(filters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Extracts that the slices behind some filters are taken from: extract, provider, year, months, reporting_point.

    Where the filters say `sets`, those of the patient-level sets too, and where they say `sets` "alone", only those.
    """
    frame = _coverage_behind(filters)
    if filters.get("provider"):
        frame = frame[frame["provider"].isin(filters["provider"])]
    if filters.get("year") not in (None, "", "all"):
        frame = frame[frame["year"] == filters["year"]]
    frame = frame[frame["month"].between(filters.get("from_month") or 1, filters.get("to_month") or 13)]
    for (extract, provider, year, point), own in frame.groupby(["extract", "provider", "year", "reporting_point"], sort=True):
        months = sorted(set(own["month"]))
        yield {"extract": int(extract), "provider": provider, "year": year, "months": months, "reporting_point": point}


def _coverage_behind(filters: Mapping[str, Any]) -> pd.DataFrame:
    manifest = positions.manifest(filters.get("position"))
    parts = [] if filters.get("sets") == "alone" else [manifest.coverage, manifest.plans.drop(columns="commissioner")]
    if filters.get("sets"):
        parts.append(patient_sets.set_manifest(filters.get("position"))[0].coverage)
    return pd.concat([part for part in parts if len(part)] or [manifest.coverage.head(0)])
