"""One file from bytes to facts: the steps of the package in their order, each leaving a file or a table for the next."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
import pandas as pd

from planning.calculations.financial_years import last_day, month_start

from . import aggregating, checking, engine, outcomes, valuing
from .checking import Reference, Scan
from .headings_again import headings_again
from .layout_rules import rules_of
from .layouts import LAYOUT_NAMES
from .lengths import length_rules, measured_columns
from .outcomes import Checked
from .outliers import Outlier, find_outliers, sums_of_file
from .reading import Heading, Refused, describe, number_rows, read_heading
from .repeats import Repeats, find_repeats

BATCH = 10_000
# Of one rule so many are listed in the database; all can be found again in the values, as long as the file has any rows.
MOST_PROBLEMS = 1_000
# Of more rows than these, steps give back what they held at once.
MANY_ROWS = 2_000_000
# Called while work goes on, with the rows read so far.
Beat = Callable[[int], None]


@dataclass
class CheckedFile:
    """A file that was checked. Problems and facts are read from it in batches, as long as it is open.

    `lines` are all rows as they were received; `totals` are sums of facts in stored units.
    """

    connection: duckdb.DuckDBPyConnection
    layout: str
    scan: Scan
    result: Checked
    notes: list[str]
    lines: Path
    values: Path
    read_copy: Path
    totals: list[dict]

    def problems(self) -> Iterator[list[tuple]]:
        """(row, column, value, rule, severity, message) in batches."""
        return outcomes.problems(self.connection, self.lines, self.values, self.result.broken, MOST_PROBLEMS, BATCH)

    def outliers(self, published: pd.DataFrame) -> list[Outlier]:
        """Sums of the file that are far from what is published of the provider's year; see `outliers.find_outliers`."""
        return find_outliers(sums_of_file(self.connection), published)

    def repeats(self, beat: engine.Beat | None = None) -> Repeats | None:
        """Accepted rows that say what an earlier row says; see `repeats.find_repeats`."""
        return find_repeats(self.connection, self.lines, self.values, self.layout, beat)

    def facts(self) -> Iterator[list[tuple]]:
        """Rows of `aggregating.FACT_COLUMNS` in batches."""
        found = self.connection.execute(f"SELECT * FROM read_parquet({engine.text(self.read_copy)})")  # noqa: S608
        while batch := found.fetchmany(BATCH):
            yield batch


@contextmanager
def check_file(
    path: Path,
    layout: str,
    reference: Reference,
    folder: Path,
    extract: int,
    beat: Beat,
    allow: Callable[[Scan], None],
    sent: date | None = None,
    *,
    mapping: Mapping[str, str] | None = None,
    heading_row: int | None = None,
    source: str = "",
) -> Iterator[CheckedFile]:
    """Check a received file in `folder`, which is the caller's to remove. `allow` may refuse what the file is of.

    `sent` is the day against which months are still to come; None where no month is. `mapping` is what people have said of
    its headings, `heading_row` the row that they have said these are in, and `source` where its text was taken from, in words.
    """
    heading = read_heading(path, layout, mapping, heading_row)
    with engine.engine(folder) as connection:
        rows, lines = _read(connection, path, folder, heading, layout, beat)

        beats = partial(beat, rows)
        scan = checking.scan(connection, reference, beats)
        allow(scan)
        rules = rules_of(layout, reference.provider_names.get(scan.provider, scan.provider), scan.arrangement, _begun(scan, sent))
        values = folder / "values.parquet"
        headings = headings_again(connection, heading, layout)
        valuing.write_values(connection, values, scan, rules, layout, beats, headings=headings)
        lengths = length_rules(measured_columns(layout, heading.match.indexes))
        result = outcomes.count(connection, lines, values, rules, lengths, layout)
        checked = CheckedFile(connection, layout, scan, result, [], lines, values, folder / "facts.parquet", [])
        checked.notes = [*describe(heading, source), *scan.notes, *result.notes]
        if result.accepted:
            aggregating.sum_facts(connection, values, beats)
            aggregating.write_read_copy(connection, extract, checked.read_copy, beats)
            checked.totals = aggregating.sums_of_facts(connection)
        yield checked


def _read(
    connection: duckdb.DuckDBPyConnection, path: Path, folder: Path, heading: Heading, layout: str, beat: Beat
) -> tuple[int, Path]:
    """Write the file's lines; where its quoting defeats the quick reader, once more through a lenient one."""
    numbered, lines = folder / "numbered.csv", folder / "lines.parquet"
    for careful in (False, True):
        rows = number_rows(path, numbered, heading, beat, careful=careful)
        if rows > MANY_ROWS:
            engine.hold_little(connection)
        try:
            checking.write_lines(connection, numbered, lines, heading, layout, partial(beat, rows))
            break
        except (duckdb.OutOfMemoryException, duckdb.IOException):
            raise
        except duckdb.Error as unreadable:
            if careful:
                raise Refused("The selected file could not be read as a table. Save it again as CSV UTF-8.") from unreadable
    numbered.unlink()
    if rows == 0:
        raise Refused(f"The selected file has headings of {LAYOUT_NAMES[layout]} and no rows under them.")
    return rows, lines


def _begun(scan: Scan, sent: date | None) -> int:
    """The last month of the file's year that had begun when it was sent; without a date, every one has."""
    if sent is None or sent > last_day(scan.year):
        return 13
    return sum(month_start(scan.year, month) <= sent for month in range(1, 13))
