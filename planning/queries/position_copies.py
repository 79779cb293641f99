"""Sums over the facts of a whole position from one file, keyed by small whole numbers: millions in tens of milliseconds.

A position copy says nothing that the read copies do not. It is made from them once a position stands, and may be deleted at
any time; until it is there, the read copies are read. How it is laid out says `planning/extracts/position_copies.py`.
"""
# ruff: noqa: S608 - every value is a parameter; the names put into SQL come from the tables of this module and of flows.

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import duckdb
import pandas as pd
from django.conf import settings

from planning.extracts.position_copies import CONFIG, MAKE
from planning.queries.read_copies import Manifest, frame_of

logger = logging.getLogger(__name__)

HELD_OPEN = 4


@dataclass
class Asked:
    """What is asked of a position: conditions (SQL with parameters) and groups (name → SQL) of kinds, parties and months.

    `parties` is SQL of the parties with whatever the groups need beside them, and `frames` are the small frames it reads.
    `flags` are conditions on kinds by name, under which `sums` (name → figure and flag, "" for every fact) are added up.
    """

    parties: str
    frames: Mapping[str, pd.DataFrame]
    sums: Mapping[str, tuple[str, str]]
    flags: Mapping[str, tuple[str, list]] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    conditions: Mapping[str, tuple[str, list]] = field(default_factory=dict)


def path_of(manifest: Manifest) -> Path:
    """Where the copy of a position is or would be: named by what it holds."""
    held = hashlib.sha256(repr(MAKE).encode())
    for copy in manifest.read_copies:
        held.update(repr((copy.name, copy.whole)).encode())
    for row in manifest.slices.sort_values(list(manifest.slices)).itertuples(index=False, name=None):
        held.update(repr(row).encode())
    return Path(settings.MEDIA_ROOT) / "position_copies" / f"{held.hexdigest()}.duckdb"


@lru_cache(maxsize=16)
def _path_of(manifest: Manifest) -> Path:
    return path_of(manifest)


@lru_cache(maxsize=HELD_OPEN)
def _opened(path: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(path), read_only=True, config=CONFIG)


def sums_at(manifest: Manifest, ask: Callable[[], Asked]) -> pd.DataFrame | None:
    """One row a group that has facts: its columns, then the sums as Int64; None where the position has no copy.

    A sum of nothing but missing values is missing. `ask` is called only where there is a copy to ask.
    """
    path = _path_of(manifest)
    if not path.is_file():
        return None
    try:
        with _opened(path).cursor() as cursor:
            return _run(cursor, ask())
    except (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException):
        # A disk that lost a part of it; the read copies are still there, and the next copy takes its place.
        logger.exception("The position copy %s cannot be read and is left out.", path.name)
        path.unlink(missing_ok=True)
        # What takes its place has its name, and must not be read through what was open.
        _opened.cache_clear()
        return None


def _run(cursor: duckdb.DuckDBPyConnection, asked: Asked) -> pd.DataFrame:
    sql, parameters = _sql(asked)
    for name, frame in asked.frames.items():
        cursor.register(name, frame)
    try:
        return frame_of(cursor.execute(sql, parameters).fetchnumpy())
    finally:
        for name in asked.frames:
            cursor.unregister(name)


def _sql(asked: Asked) -> tuple[str, list]:
    """Facts are grouped by numbers of groups; what the groups are called is looked up for the few that are left."""
    kinds, kind_values = _chosen(asked, "kind", "kinds", {name: flag[0] for name, flag in asked.flags.items()})
    parties, party_values = _chosen(asked, "party", f"({asked.parties})", {})
    months = dict(asked.groups.get("month", {}))
    month_where, month_values = asked.conditions.get("month", ("TRUE", []))
    numbered = [key for key in ("kind", "party") if asked.groups.get(key)]
    keys = [f"{key}_group" for key in numbered] + [f"{sql} AS {name}" for name, sql in months.items()]
    sums = [
        f"CAST(SUM({figure}){f' FILTER (WHERE {flag})' if flag else ''} AS BIGINT) AS {name}"
        for name, (figure, flag) in asked.sums.items()
    ]
    facts = "facts" if months or "month" in asked.conditions else "yearly_facts"
    grouped = (
        f"SELECT {', '.join([*keys, *sums])} FROM {facts} JOIN chosen_kinds USING (kind) JOIN chosen_parties USING (party) "
        f"WHERE {month_where}{' GROUP BY ALL' if keys else ''}"
    )
    columns = [*(name for key in numbered for name in asked.groups[key]), *months, *asked.sums]
    names = "".join(
        f" JOIN (SELECT DISTINCT {key}_group, {', '.join(asked.groups[key])} FROM chosen_{plural}) USING ({key}_group)"
        for key, plural in (("kind", "kinds"), ("party", "parties"))
        if key in numbered
    )
    sql = (
        f"WITH chosen_kinds AS MATERIALIZED ({kinds}), chosen_parties AS MATERIALIZED ({parties}), grouped AS ({grouped}) "
        f"SELECT {', '.join(columns)} FROM grouped{names}"
    )
    flags = [value for _, values in asked.flags.values() for value in values]
    return sql, [*flags, *kind_values, *party_values, *month_values]


def _chosen(asked: Asked, key: str, table: str, flags: Mapping[str, str]) -> tuple[str, list]:
    """Kinds or parties that are asked for, with the number of their group."""
    groups = asked.groups.get(key, {})
    where, values = asked.conditions.get(key, ("TRUE", []))
    named = "".join(f", {sql} AS {name}" for name, sql in groups.items())
    flagged = "".join(f", {sql} AS {name}" for name, sql in flags.items())
    rows = f"SELECT {key}{named}{flagged} FROM {table} WHERE {where}"
    if not groups:
        return rows, values
    return f"SELECT *, CAST(dense_rank() OVER (ORDER BY {', '.join(groups)}) AS INTEGER) AS {key}_group FROM ({rows})", values
