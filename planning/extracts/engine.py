"""DuckDB as the intake uses it: little memory, two threads, nothing fetched from anywhere, and a beat while it works."""

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import duckdb

MEMORY_LIMIT = "180MB"
FLUSH = "8MB"
THREADS = 2
BEAT_SECONDS = 2.0
# Small groups of rows and no fixed order: row numbers are in the rows, and the memory is not.
ROW_GROUP = 20_480
# A file is read in parts of this size, one for each thread: with DuckDB's own 32 MB most files would be read by one alone.
READ_AT_ONCE = 4 * 1024**2

Beat = Callable[[], None]


@contextmanager
def engine(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of its own that spills into `folder`."""
    connection = duckdb.connect(
        config={
            "memory_limit": MEMORY_LIMIT,
            "threads": THREADS,
            "temp_directory": str(folder),
            "preserve_insertion_order": False,
            # What one step held is given back before the next takes its own.
            "allocator_flush_threshold": FLUSH,
            "allocator_bulk_deallocation_flush_threshold": FLUSH,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    try:
        yield connection
    finally:
        connection.close()


def hold_little(connection: duckdb.DuckDBPyConnection) -> None:
    """Give memory back sooner, for a little more work: what is not given back grows with the rows."""
    for setting in ("allocator_flush_threshold", "allocator_bulk_deallocation_flush_threshold"):
        connection.execute(f"SET {setting} = '1MB'")


def run(connection: duckdb.DuckDBPyConnection, sql: str, beat: Beat | None = None) -> None:
    """Run one statement on a thread while this one beats; an exception of the beat (cancelled, superseded) stops it."""
    if beat is None:
        connection.execute(sql)
        return
    with ThreadPoolExecutor(max_workers=1) as pool:
        work = pool.submit(connection.execute, sql)
        while not wait([work], timeout=BEAT_SECONDS).done:
            try:
                beat()
            except BaseException:
                connection.interrupt()
                raise
        work.result()


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict]:
    """Rows of a small result by name."""
    result = connection.execute(sql)
    names = [d[0] for d in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def add_table(connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, list], **types: str) -> None:
    """A small table; its columns are text where `types` does not say otherwise."""
    unnested = ", ".join(f"unnest(?::{types.get(column, 'VARCHAR')}[]) AS {name(column)}" for column in columns)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name(table)} AS SELECT {unnested}", list(columns.values()))


def add_list(connection: duckdb.DuckDBPyConnection, type_name: str, codes: Collection[str]) -> None:
    """A type of the listed codes: `try_cast(code AS type_name)` is missing for any other, without a join."""
    members = ", ".join(text(code) for code in sorted(codes)) or "''"
    connection.execute(f"DROP TYPE IF EXISTS {name(type_name)}; CREATE TYPE {name(type_name)} AS ENUM ({members})")


def text(value: object) -> str:
    """A value as an SQL string."""
    return "'" + str(value).replace("'", "''") + "'"


def name(value: str) -> str:
    """A name as an SQL identifier."""
    return '"' + value.replace('"', '""') + '"'


def cases(column: str, values: Mapping[str, str]) -> str:
    """An SQL expression that looks a text up among a few; missing for any other."""
    if not values:
        return "NULL::VARCHAR"
    return f"CASE {column} {' '.join(f'WHEN {text(cell)} THEN {text(value)}' for cell, value in values.items())} END"


def copy_sql(sql: str, target: Path) -> str:
    """SQL that writes the rows of a query to a Parquet."""
    # The default pages of dictionaries take ten times the memory for files of the same size.
    written = f"COMPRESSION snappy, ROW_GROUP_SIZE {ROW_GROUP}, STRING_DICTIONARY_PAGE_SIZE_LIMIT 65536"
    return f"COPY ({sql}) TO {text(target)} (FORMAT parquet, {written})"
