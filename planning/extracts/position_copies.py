"""The facts of a whole position in one file, keyed by small whole numbers: a DuckDB database of four tables.

`kinds` are year, service code, service category and point of delivery; `parties` are provider, site, commissioner and home;
`facts` name one of each, with the month and the figures. What is asked of codes is then asked of a few thousand kinds and
parties, and not of every fact. `yearly_facts` are the same without months, a tenth as many, for whoever asks of whole years.
"""
# ruff: noqa: S608 - every name in the SQL is a constant of the package.

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pandas as pd

from .faults import FIGURES

TABLES: Mapping[str, tuple[str, ...]] = {
    "kinds": ("year", "service_code", "service_category", "point_of_delivery"),
    "parties": ("provider", "site", "commissioner", "home", "home_system", "home_place"),
}
KEYS = {"kinds": "kind", "parties": "party"}
# A copy of another make is not read.
MAKE = 2
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 2,
    "memory_limit": "512MB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def write_position_copy(facts: str, parameters: Sequence[object], slices: pd.DataFrame, target: Path) -> None:
    """Write facts as the tables `kinds`, `parties`, `facts` and `yearly_facts` of a new database.

    Args:
        facts: SQL of the facts in stored units, with the columns of `TABLES`, `month` and the six figures.
        parameters: What the SQL takes.
        slices: What the SQL reads as `slices`: extract, month, commissioner.
        target: The file, which must not be there.

    Raises:
        duckdb.Error: The facts cannot be read, or the file cannot be written.
    """
    with duckdb.connect(str(target), config={**CONFIG, "temp_directory": str(target.parent)}) as connection:
        connection.register("slices", slices)
        for table, columns in TABLES.items():
            names = ", ".join(columns)
            numbered = f"CAST(row_number() OVER (ORDER BY {names}) AS INTEGER) AS {KEYS[table]}"
            distinct = f"SELECT DISTINCT {names} FROM ({facts})"
            connection.execute(f"CREATE TABLE {table} AS SELECT {numbered}, * FROM ({distinct})", list(parameters))
        joins = " ".join(f"JOIN {table} ON {_same(table)}" for table in TABLES)
        kept = f"{', '.join(KEYS.values())}, CAST(month AS TINYINT) AS month, {', '.join(FIGURES)}"
        # In the order of time, so that a few months are a few parts of the table.
        made = f"CREATE TABLE facts AS SELECT {kept} FROM ({facts}) f {joins} ORDER BY kinds.year, f.month, party"
        connection.execute(made, list(parameters))
        # A sum of nothing but missing figures stays missing, and so do sums of those.
        sums = ", ".join(f"CAST(SUM({figure}) AS BIGINT) AS {figure}" for figure in FIGURES)
        numbers = ", ".join(KEYS.values())
        connection.execute(
            f"CREATE TABLE yearly_facts AS SELECT {numbers}, {sums} FROM facts GROUP BY {numbers} ORDER BY {numbers}"
        )
        connection.execute("CHECKPOINT")


def _same(table: str) -> str:
    return " AND ".join(f"f.{column} IS NOT DISTINCT FROM {table}.{column}" for column in TABLES[table])
