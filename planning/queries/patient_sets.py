"""The patient-level sets of a position: PLCM, DrPLCM and DePLCM. They say who was treated, and are in no total of money."""
# ruff: noqa: S608 - every value is a parameter; names in SQL are headings of the layouts or constants.

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from django.conf import settings

from planning.extracts import engine
from planning.extracts.layouts import PSEUDONYM, layout_columns
from planning.models import Extract, Layout, PointOfDelivery, PositionSlice
from planning.queries import flows, positions, read_copies
from planning.queries.read_copies import Manifest, ReadCopy

SETS = (Layout.PLCM, Layout.DRPLCM, Layout.DEPLCM)
FINANCIAL = "Financial"
COVERAGE = ["extract", "provider", "year", "month", "reporting_point"]
COUNTED = ("provider", "year", "service", "home_system")


@dataclass(frozen=True)
class SetLines:
    """The line store of one extract: its rows, with their pseudonyms where it has any."""

    extract: int
    name: str
    provider: str
    year: str


def set_manifest(number: int | None) -> tuple[Manifest, tuple[SetLines, ...]]:
    """Read copies and line stores of the sets of a position, and the slices that are taken from each."""
    position = None if number is None else positions.reporting_position(number)
    if position is None:
        return Manifest(), ()
    return _set_manifest(position.number, position.fingerprint, position.made_at)


@lru_cache(maxsize=16)
def _set_manifest(number, fingerprint, made_at) -> tuple[Manifest, tuple[SetLines, ...]]:
    slices = PositionSlice.objects.at(number).filter(layout__in=SETS)
    held = list(slices.values_list("extract_id", "month", "commissioner"))
    months = list(slices.order_by(*COVERAGE[1:4]).values_list("extract_id", *COVERAGE[1:]).distinct())
    extracts = sorted(Extract.objects.in_bulk({extract for extract, *_ in held}).values(), key=lambda e: e.pk)
    manifest = Manifest(
        read_copies=tuple(ReadCopy(e.pk, e.read_copy, e.provider, e.year, whole=False) for e in extracts),
        slices=pd.DataFrame(held, columns=["extract", "month", "commissioner"]),
        coverage=pd.DataFrame(months, columns=COVERAGE),
    )
    return manifest, tuple(SetLines(e.pk, e.line_store, e.provider, e.year) for e in extracts if e.line_store)


def _asked(filters: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    years = [] if filters.get("year") in (None, "", "all") else [filters["year"]]
    return list(filters.get("provider") or ()), years


def providers_with_sets(filters: Mapping[str, Any]) -> list[str]:
    """Providers asked for that have a set in the position, in the years asked for."""
    manifest, _ = set_manifest(filters.get("position"))
    return sorted({copy.provider for copy in manifest.of(*_asked(filters))})


def set_prices(filters: Mapping[str, Any], by: Sequence[str]) -> pd.DataFrame:
    """Columns `by` and set_price (stored units): what the sets of a position say was paid, by columns of their facts."""
    manifest, _ = set_manifest(filters.get("position"))
    copies = manifest.of(*_asked(filters))
    if not copies:
        return pd.DataFrame({**{g: pd.Series(dtype=object) for g in by}, "set_price": pd.Series(dtype="Int64")})
    facts, paths = read_copies.facts_sql(copies)
    rows, geography = flows.in_geography(facts, filters)
    where, values = flows.conditions(filters, sorted({copy.year for copy in copies}))
    sql = f"SELECT {', '.join(by)}, sum(actual_price)::BIGINT AS set_price FROM ({rows}) WHERE {where} GROUP BY ALL"
    return read_copies.run(sql, [*paths, *values], slices=manifest.slices, **geography)


def acm_prices(reader: Any, filters: Mapping[str, Any], by: Sequence[str]) -> pd.DataFrame:
    """Columns `by`, acm_price (stored units) and people (counted for a reader outside): what ACM says was paid."""
    frame = flows.flow_frame(reader, filters, list(by)).rename(columns={"actual_price": "acm_price"})
    return frame.loc[frame["acm_price"].notna(), [*by, "acm_price", "people"]].reset_index(drop=True)


def without_patients() -> frozenset[str]:
    """Points of delivery of money that no patient is behind: blocks, adjustments and the like."""
    return frozenset(PointOfDelivery.objects.filter(domain=FINANCIAL).values_list("code", flat=True))


def service_of_codes() -> dict[str, str]:
    """The service that each line code belongs to."""
    groups = flows.code_groups()
    return dict(zip(groups["service_code"], groups["service"], strict=True))


def patient_counts(filters: Mapping[str, Any], by: Sequence[str] = COUNTED) -> pd.DataFrame:
    """Distinct patients across the three sets of each trust, by columns of their rows.

    A pseudonym is of one trust, so `by` names the provider. Rows without one are counted as `unknown_rows`. Columns `by`,
    patients, rows and unknown_rows; no pseudonym leaves this function.
    """
    manifest, stores = set_manifest(filters.get("position"))
    providers, years = _asked(filters)
    stores = tuple(s for s in stores if s.provider in (providers or [s.provider]) and s.year in (years or [s.year]))
    numbers = ["patients", "rows", "unknown_rows"]
    if not stores:
        groups = {g: pd.Series(dtype=object) for g in by}
        return pd.DataFrame({**groups, **{n: pd.Series(dtype="Int64") for n in numbers}})
    lines = " UNION ALL BY NAME ".join(lines_sql(store, patient=PSEUDONYM) for store in stores)
    held = f"SELECT v.* FROM ({lines}) v SEMI JOIN slices s USING (extract, month, commissioner)"
    rows, geography = flows.in_geography(held, filters)
    where, values = flows.conditions(filters, sorted({store.year for store in stores}))
    named = ", ".join(f"{flows.GROUPS.get(g, g)} AS {g}_" for g in by)
    sql = (
        f"SELECT {named}, count(DISTINCT nullif(patient, '')) AS patients, count(*) AS rows, "
        "count(*) FILTER (WHERE coalesce(patient, '') = '') AS unknown_rows "
        f"FROM (SELECT f.*, {_of_codes()} FROM ({rows}) f LEFT JOIN code_groups c USING (service_code)) "
        f"WHERE {where} GROUP BY ALL"
    )
    frames = {"slices": manifest.slices, "code_groups": flows.code_groups(), **geography}
    found = read_copies.run(sql, values, **frames).rename(columns={f"{g}_": g for g in by})
    return found.sort_values(list(by), ignore_index=True)


def _of_codes() -> str:
    """What a row's line code belongs to, '' where it is not listed."""
    return ", ".join(f"coalesce(c.{name}, '') AS {name}" for name in flows.CODE_GROUPS)


def lines_sql(store: SetLines, **fields: str) -> str:
    """SQL of the accepted rows of a set with their values, and of their lines the fields asked for, '' where it has none."""
    path = Path(settings.MEDIA_ROOT) / "line_store" / store.name
    values, lines = (f"read_parquet({engine.text(p)})" for p in (path.with_suffix(".values.parquet"), path))
    headings = {c.field: c.name for c in layout_columns(Layout.PLCM)}
    held = {name for name, field in fields.items() if headings[field] in _headings(path)}
    cells = [f"l.{engine.name(headings[f])} AS {n}" if n in held else f"'' AS {n}" for n, f in fields.items()]
    source = f"{values} v JOIN {lines} l USING (row)" if held else f"{values} v"
    return f"SELECT {int(store.extract)} AS extract, v.*, {', '.join(cells)} FROM {source} WHERE v.accepted AND v.excluded = ''"


@lru_cache(maxsize=256)
def _headings(path: Path) -> frozenset[str]:
    found = read_copies.run("SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet(?))", [str(path)])
    return frozenset(found["column_name"])
