"""Grouped sums over the read copies of a position, through DuckDB.

A read copy is the immutable Parquet of one extract's facts. An extract that is wholly current is read as it is; one that
was partly superseded is read through the slices that are still its own.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from django.conf import settings


class ReadCopyMissing(Exception):
    """A read copy that a position names is not there; `rebuild_read_copies` makes it from the record."""


@dataclass(frozen=True)
class ReadCopy:
    extract: int
    name: str
    provider: str
    year: str
    whole: bool


@dataclass(frozen=True, eq=False)
class Manifest:
    """The read copies of a position, the slices of those not wholly in it, and which provider months they cover.

    `plans` are the slices whose plan comes from a plan return; only those of its read copy are in the position.

    It is itself and equal to no other, so that what is kept of a position can be kept under it.
    """

    read_copies: tuple[ReadCopy, ...] = ()
    slices: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["extract", "month", "commissioner"]))
    coverage: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["extract", "provider", "year", "month", "reporting_point"])
    )
    plans: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["extract", "provider", "year", "month", "commissioner", "reporting_point"])
    )

    @property
    def years(self) -> tuple[str, ...]:
        return tuple(sorted({r.year for r in self.read_copies}))

    def of(self, providers: Sequence[str] = (), years: Sequence[str] = ()) -> tuple[ReadCopy, ...]:
        """Read copies that can hold rows of these providers and years; none named means all."""
        return tuple(r for r in self.read_copies if (not providers or r.provider in providers) and (not years or r.year in years))


_connection: duckdb.DuckDBPyConnection | None = None
_connecting = threading.Lock()


def _cursor() -> duckdb.DuckDBPyConnection:
    """A cursor of its own for each query, so that threads of one process do not share results."""
    global _connection
    with _connecting:
        if _connection is None:
            _connection = duckdb.connect(":memory:")
            _connection.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
            _connection.execute("SET parquet_metadata_cache = true")
        return _connection.cursor()


def path_of(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "read_copies" / name


def facts_sql(copies: Sequence[ReadCopy]) -> tuple[str, list]:
    """SQL and parameters of the rows that belong to the position. `copies` must not be empty."""
    paths = {r.extract: path_of(r.name) for r in copies}
    if absent := [p.name for p in paths.values() if not p.is_file()]:
        raise ReadCopyMissing(f"Read copies that are not there: {', '.join(absent)}. Run rebuild_read_copies.")
    whole = [str(paths[r.extract]) for r in copies if r.whole]
    partly = [str(paths[r.extract]) for r in copies if not r.whole]
    branches, parameters = [], []
    if whole:
        branches.append("SELECT * FROM read_parquet(?)")
        parameters.append(whole)
    if partly:
        branches.append("SELECT p.* FROM read_parquet(?) p SEMI JOIN slices s USING (extract, month, commissioner)")
        parameters.append(partly)
    return " UNION ALL BY NAME ".join(branches), parameters


def run(sql: str, parameters: list, **frames: pd.DataFrame) -> pd.DataFrame:
    """Run SQL with small frames registered by name. Whole numbers come back as Int64, so missing stays missing."""
    with _cursor() as cursor:
        for name, frame in frames.items():
            cursor.register(name, frame)
        try:
            arrays = cursor.execute(sql, parameters).fetchnumpy()
        finally:
            for name in frames:
                cursor.unregister(name)
    return frame_of(arrays)


def frame_of(arrays: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Columns that DuckDB gave: whole numbers as Int64, everything else as objects."""
    return pd.DataFrame({name: _series(values) for name, values in arrays.items()})


def _series(values: np.ndarray) -> pd.Series:
    if values.dtype.kind != "i":
        return pd.Series(values.tolist(), dtype=object)
    return pd.Series(pd.arrays.IntegerArray(np.ma.getdata(values).astype("int64"), np.ma.getmaskarray(values).copy()))
