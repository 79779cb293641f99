"""Files made once and never changed, named by their hash: accepted rows for lineage, and facts for reading."""
# ruff: noqa: S608 - the condition is the checker's own.

import hashlib
import os
from pathlib import Path

from duckdb import DuckDBPyConnection

from . import engine
from .checking import Checked, copy_sql


def accepted_lines(
    connection: DuckDBPyConnection, lines: Path, values: Path, target: Path, result: Checked, beat: engine.Beat | None = None
) -> Path:
    """The Parquet of accepted rows; where every row was, the lines are that already."""
    if result.accepted == result.rows:
        return lines
    left_out = f"SELECT row FROM read_parquet({engine.text(values)}) WHERE NOT accepted OR excluded <> ''"
    sql = f"SELECT l.* FROM read_parquet({engine.text(lines)}) l ANTI JOIN ({left_out}) v USING (row)"
    engine.run(connection, copy_sql(sql, target), beat)
    return target


def keep(path: Path, folder: Path, name: str = "") -> str:
    """Move a finished file into its folder under the name of its hash, on the disk before anything names it."""
    with path.open("rb") as file:
        name = name or f"{hashlib.file_digest(file, 'sha256').hexdigest()}.parquet"
        os.fsync(file.fileno())
    folder.mkdir(parents=True, exist_ok=True)
    path.replace(folder / name)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return name
