"""Accepted rows → activity and price at the planner's grain, summed exactly.

Files carry more decimals than are kept. Sums have eight; a slice (month of a commissioner) is rounded once to what is kept,
and its facts share out what rounding leaves by largest remainder, so that they add up to it.
"""
# ruff: noqa: S608 - every name in the SQL is a constant of the package.

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from duckdb import DuckDBPyConnection

from . import engine
from .faults import FIGURES

GRAIN = (
    "year",
    "month",
    "provider",
    "site",
    "service_code",
    "service_category",
    "point_of_delivery",
    "commissioner",
    "home",
    "home_system",
    "home_place",
)
SLICE = ("year", "month", "provider", "commissioner")
LONGEST_SITE = 9
# The columns of a read copy, in order; those of the facts in the database are the same.
BATCH = 10_000
FACT_COLUMNS = ("extract", *GRAIN, *FIGURES)


def kept_per_unit(figure: str) -> int:
    """Money is kept in ten-thousandths of a pound, activity in thousandths."""
    return 1_000 if figure.endswith("activity") else 10_000


def sum_facts(connection: DuckDBPyConnection, values: Path, beat: engine.Beat | None = None) -> None:
    """Leave the table `facts`: grain and the six figures as whole kept units; missing where every row's figure is."""
    fine = _with_fractions(connection, values)
    sums = ", ".join(f"{_exact_sum(f) if f in fine else _whole_sum(f)} AS {f}" for f in FIGURES)
    # A text that is too long for a site's code was warned of, and says nothing about a site.
    grain = ", ".join(
        f"CASE WHEN length(site) <= {LONGEST_SITE} THEN site ELSE '' END AS site" if c == "site" else c for c in GRAIN
    )
    table = "sums" if fine else "facts"
    engine.run(
        connection,
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {grain}, {sums} "
        f"FROM read_parquet({engine.text(values)}) WHERE accepted GROUP BY ALL",
        beat,
    )
    if fine:
        columns = ", ".join(f"{_rounded(f)} AS {f}" if f in fine else f for f in FIGURES)
        engine.run(connection, f"CREATE OR REPLACE TEMP TABLE facts AS SELECT {', '.join(GRAIN)}, {columns} FROM sums", beat)
        connection.execute("DROP TABLE sums")


def _with_fractions(connection: DuckDBPyConnection, values: Path) -> set[str]:
    """Figures of which any accepted row has more decimals than are kept."""
    kept = {f: f"{f}::DECIMAL(18, {len(str(kept_per_unit(f))) - 1})::DECIMAL(18, 8)" for f in FIGURES}
    more = ", ".join(f"coalesce(bool_or({f} <> {kept[f]}), FALSE)" for f in FIGURES)
    found = connection.execute(f"SELECT {more} FROM read_parquet({engine.text(values)}) WHERE accepted").fetchone() or ()
    return {f for f, has in zip(FIGURES, found, strict=True) if has}


def _exact_sum(figure: str) -> str:
    """The sum in kept units, with every decimal that was received."""
    return f"(sum({figure})::DECIMAL(28, 8) * {kept_per_unit(figure)})::DECIMAL(33, 8)"


def _whole_sum(figure: str) -> str:
    """The sum in kept units where no row has a fraction of one.

    A figure is below 10⁹, so that a double is off by less than a hundredth of a unit before it is rounded; sums of whole
    numbers are exact, and many times as quick as sums of decimals this wide.
    """
    return f"sum(round({figure}::DOUBLE * {kept_per_unit(figure)})::BIGINT)::BIGINT"


def _rounded(figure: str) -> str:
    """Whole units, and one more for those with the largest remainders of their slice."""
    of_slice = f"PARTITION BY {', '.join(SLICE)}"
    short = f"(round(sum({figure}) OVER ({of_slice})) - sum(floor({figure})) OVER ({of_slice}))"
    rank = f"row_number() OVER ({of_slice} ORDER BY {figure} - floor({figure}) DESC NULLS LAST, {', '.join(GRAIN)})"
    return f"(floor({figure}) + CASE WHEN {rank} <= {short} THEN 1 ELSE 0 END)::BIGINT"


def write_read_copy(connection: DuckDBPyConnection, extract: int, target: Path, beat: engine.Beat | None = None) -> int:
    """Write `facts` as the read copy of an extract; return how many there are."""
    columns = ", ".join("month::INTEGER AS month" if c == "month" else c for c in FACT_COLUMNS[1:])
    engine.run(connection, engine.copy_sql(f"SELECT {extract}::BIGINT AS extract, {columns} FROM facts", target), beat)
    [(number,)] = connection.execute("SELECT count(*) FROM facts").fetchall()
    return number


def sums_of_facts(connection: DuckDBPyConnection) -> list[dict]:
    """Sums of `facts` by provider, year, month, commissioner and point of delivery, in whole kept units."""
    keys = ", ".join((*SLICE, "point_of_delivery"))
    figures = ", ".join(f"sum({f})::BIGINT AS {f}" for f in FIGURES)
    return engine.rows(connection, f"SELECT {keys}, {figures} FROM facts GROUP BY ALL ORDER BY ALL")


def facts_from_rows(connection: DuckDBPyConnection, rows: Iterable[tuple]) -> None:
    """Leave the table `facts` with rows of the database, in the order of `FACT_COLUMNS` without the extract."""
    kinds = {"month": "TINYINT", **dict.fromkeys(FIGURES, "BIGINT")}
    columns = {c: kinds.get(c, "VARCHAR") for c in FACT_COLUMNS[1:]}
    connection.execute(f"CREATE TABLE facts ({', '.join(f'{c} {kind}' for c, kind in columns.items())})")
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        engine.add_table(connection, "batch", dict(zip(columns, map(list, zip(*batch, strict=True)), strict=True)), **columns)
        connection.execute("INSERT INTO facts SELECT * FROM batch")
