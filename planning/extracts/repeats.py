"""Rows that say in every column what an earlier row says: a block that was pasted twice counts twice.

Files of sums have one row for each of their combinations, so that such a row is nearly always a slip. In a patient-level set two
patients may have the same, and nothing is said of it.
"""
# ruff: noqa: S608 - names in SQL are constants and the layout's; texts go through `engine.text`.

from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from . import engine
from .checking import CODES, LISTED
from .faults import FIGURES

SUMS = ("acm", "iap")
# Fewer rows with little money (£) on them may well be two of a kind.
FEWEST, LEAST_MONEY = 10, 25_000
MOST_TOLD = 200
PRICES = ("planned_price", "actual_price")
# What rows are first told apart by: numbers and codes as they were read, which are soon compared.
_READ = ", ".join(dict.fromkeys(("month", *CODES, *LISTED, "tariff", *FIGURES)))


@dataclass(frozen=True)
class Repeats:
    """Accepted rows that repeat an earlier one: how many, their prices in stored units, and the first, each with its like."""

    rows: int
    planned_price: int | None
    actual_price: int | None
    listed: tuple[tuple[int, int], ...]


def find_repeats(
    connection: DuckDBPyConnection, lines: Path, values: Path, layout: str, beat: engine.Beat | None = None
) -> Repeats | None:
    """Accepted rows that are the same as an earlier one in every column of the layout.

    Args:
        connection: That of the check.
        lines: All rows as they were received.
        values: Their values.
        layout: Of the file.
        beat: Called while it is looked for.

    Returns:
        None where there are none, or so few with so little money that they may be right.
    """
    if layout not in SUMS:
        return None
    of_values = f"read_parquet({engine.text(values)}) WHERE accepted AND concat({', '.join(PRICES)}) <> ''"
    # Hashes alone are held: they are few bytes a row, however wide the rows are.
    twins = f"SELECT h FROM (SELECT hash({_READ}) AS h FROM {of_values}) GROUP BY h HAVING count(*) > 1"
    engine.run(connection, f"CREATE OR REPLACE TEMP TABLE twins AS {twins}", beat)
    if not connection.execute("SELECT count(*) FROM twins").fetchall()[0][0]:
        return None
    described = connection.execute(f"DESCRIBE FROM read_parquet({engine.text(lines)})").fetchall()
    kept = {"row", "ragged", "everything", "too_long"}
    cells = ", ".join(engine.name(column) for column, *_ in described if column not in kept)
    rows = f"SELECT row, {', '.join(PRICES)} FROM {of_values} AND hash({_READ}) IN (FROM twins)"
    first = f"min(row) OVER (PARTITION BY hash({cells})) AS first"
    same = f"SELECT v.*, {first} FROM ({rows}) v JOIN read_parquet({engine.text(lines)}) l USING (row)"
    engine.run(connection, f"CREATE OR REPLACE TEMP TABLE repeats AS SELECT * FROM ({same}) WHERE row > first", beat)
    return _found(connection)


def _found(connection: DuckDBPyConnection) -> Repeats | None:
    money = ", ".join(f"round(sum({price}) * 10000)::BIGINT" for price in PRICES)
    most = f"coalesce(sum(greatest({', '.join(f'abs(coalesce({price}, 0))' for price in PRICES)})), 0)"
    [(number, planned, actual, at_stake)] = connection.execute(f"SELECT count(*), {money}, {most} FROM repeats").fetchall()
    if not number or (number < FEWEST and at_stake < LEAST_MONEY):
        return None
    listed = connection.execute(f"SELECT row, first FROM repeats ORDER BY row LIMIT {MOST_TOLD}").fetchall()
    return Repeats(number, planned, actual, tuple(listed))
