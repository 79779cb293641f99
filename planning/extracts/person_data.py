"""Looks for people in a file before anything of it is kept: filled identifying columns, NHS numbers, full postcodes.

Cells are looked at and never kept: what comes out are headings and counts. A block of lines is looked at as a whole, as
an array of bytes, since a hospital sends hundreds of megabytes; only what looks like a number or a postcode is looked at
one by one. Lines whose quoting does not go by the book go through the csv module.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np

from .layouts import layout_columns, normal_heading
from .numbering import Numbering, Truncated
from .person_marks import BLANK, Marks, holds_number, is_value
from .person_titles import look_at_titles, rows_that_name_people
from .reading import BLOCK, Heading, Refused, blocks_below, broken_lines_refused, first_headings, is_recognised

QUOTE, NEWLINE = b'"'[0], b"\n"[0]
# Postcodes of these say nothing of where a patient lives.
OF_AN_ORGANISATION = re.compile(r"\b(SITE|PRACTICE|PROVIDER|ORGANISATION|COMMISSIONER|SUPPLIER|HOSPITAL|CLINIC|TRUST)\b")
# Of what may be one by chance, more than this share is refused.
CHANCE = 0.5
WAY_OUT = (
    "It was not kept, and nothing of it is stored. Make a copy without people on your own computer with the command "
    "“python manage.py minimise_extract FILE --out FILE”, which also counts patients by a code that only you can make, "
    "and select the copy; or empty these columns and select the file again."
)


@dataclass
class People:
    """What was found, by index of the column: which identifying columns are filled, and how many cells look like people's.

    `numbers` are codes of ten digits and `passing` those that could be NHS numbers; `postcodes` stand beside the cells that
    are `filled` where there are any.
    """

    identifying: set[int] = field(default_factory=set)
    numbers: Counter[int] = field(default_factory=Counter)
    passing: Counter[int] = field(default_factory=Counter)
    postcodes: Counter[int] = field(default_factory=Counter)
    filled: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True)
class Suspicion:
    """A column in which a few cells look like those of people; `message` says what to do, and no cell."""

    column: str
    rule: str
    message: str


def look_for_people(path: Path, heading: Heading, layout: str) -> People:
    """Look through every cell below the heading of a delimited file.

    Args:
        path: The file, as it was received or unpacked.
        heading: How it is written, and which of its columns are which.
        layout: Figures of this layout are never taken for numbers of people.

    Returns:
        Columns and counts, and no cell.
    """
    people = People()
    measures = {
        heading.match.indexes[c.field] for c in layout_columns(layout) if c.is_figure and c.field in heading.match.indexes
    }
    with broken_lines_refused(), _Beside(_Lines(heading, measures, people)) as lines:
        numbering = Numbering(lines, heading.row, heading.delimiter, len(heading.cells), careful=False)
        for block in blocks_below(path, heading):
            numbering.take(block)
        try:
            numbering.finish()
        except Truncated:
            # The check will refuse it; what it holds until then is looked at all the same.
            held = [*numbering.held, numbering.carry]
            lines.write(b"".join(b"0" + heading.delimiter.encode() + line + b"\n" for line in held))
    return people


def refuse_people(path: Path, heading: Heading, layout: str, sheet: str = "") -> list[Suspicion]:
    """Look for people, and refuse a file that holds them.

    Args:
        path, heading, layout: As for `look_for_people`.
        sheet: Name of the worksheet that the file was, for the words.

    Returns:
        Columns in which a few cells look like NHS numbers or postcodes, as codes may by chance.

    Raises:
        Refused: An identifying column is filled, or in some column most codes are NHS numbers or most cells postcodes.
    """
    where = f" of its sheet {sheet}" if sheet else ""
    rows = first_headings(path, heading, layout)
    _refuse_titles(rows, heading, where)
    if not is_recognised(heading):
        _refuse_under_other_headings(path, rows, heading.row, layout, where)
    people = look_for_people(path, heading, layout)
    named = _headings(heading, people.identifying)
    if named:
        raise Refused(f"The selected file names people: these columns{where} are filled: {named}. {WAY_OUT}")
    if numbers := {i for i, number in people.passing.items() if number > CHANCE * people.numbers[i]}:
        raise Refused(f"The selected file holds NHS numbers in these columns{where}: {_headings(heading, numbers)}. {WAY_OUT}")
    postcodes = {i for i in people.postcodes if not OF_AN_ORGANISATION.search(normal_heading(_heading(heading, i)))}
    if homes := {i for i in postcodes if people.postcodes[i] > CHANCE * people.filled[i]}:
        raise Refused(f"The selected file holds full postcodes in these columns{where}: {_headings(heading, homes)}. {WAY_OUT}")
    return [
        *(_few(heading, i, "codes may be NHS numbers", people.passing[i], "NHS numbers") for i in sorted(people.passing)),
        *(_few(heading, i, "cells may be postcodes", people.postcodes[i], "full postcodes") for i in sorted(postcodes)),
    ]


def _refuse_titles(rows: list[Heading], heading: Heading, where: str) -> None:
    """Rows above the headings, what stands in the heading row itself, and labels on a sheet that is no table."""
    found = look_at_titles([row.cells for row in rows], heading.row, recognised=is_recognised(heading))
    if found.labels:
        listed = ", ".join(found.labels)
        described = " If that sheet only describes columns, remove it and select the file again." if where else ""
        raise Refused(f"The selected file names people outside its columns{where}, by {listed}. {WAY_OUT}{described}")
    if found.passing > CHANCE * found.numbers:
        listed = ", ".join(map(str, found.at))
        raise Refused(f"The selected file holds NHS numbers above its data{where}, in row {listed}. {WAY_OUT}")


def _refuse_under_other_headings(path: Path, rows: list[Heading], taken: int, layout: str, where: str) -> None:
    """In a sheet of which the heading is not known, any of the first rows that names columns of people may be it."""
    for number in rows_that_name_people([row.cells for row in rows]):
        if number == taken:
            continue
        other = rows[number - 1]
        if named := look_for_people(path, other, layout).identifying:
            listed = _headings(other, named)
            raise Refused(f"The selected file names people: these columns{where} are filled: {listed}. {WAY_OUT}")


def refuse_names_of_sheets(names: Iterable[str]) -> None:
    """Names of sheets are shown and kept, so they may be nobody's.

    Args:
        names: Those of a workbook, in its order.

    Raises:
        Refused: One could be an NHS number.
    """
    for number, name in enumerate(names, 1):
        if holds_number(name):
            raise Refused(f"The name of sheet {number} of the selected workbook could be an NHS number. {WAY_OUT}")


def refuse_people_in_text(path: Path, sheet: str) -> None:
    """Look through a sheet that cannot be read as a table, whatever its rows are.

    Args:
        path: Its text in UTF-8, a line to a row.
        sheet: Its name, for the words.

    Raises:
        Refused: Most codes of ten digits on it are NHS numbers.
    """
    numbers = passing = 0
    with path.open("rb") as file:
        while lines := file.readlines(BLOCK):
            starts, found = Marks(b"  " + b"".join(lines) + b"   ").numbers()
            numbers, passing = numbers + len(starts), passing + int(found.sum())
    if passing > CHANCE * numbers:
        raise Refused(f"The selected file holds NHS numbers on its sheet {sheet}. {WAY_OUT}")


_ONE = {"NHS numbers": "an NHS number", "full postcodes": "a full postcode"}


def _few(heading: Heading, index: int, rule: str, number: int, what: str) -> Suspicion:
    cells = f"1 cell of the column could be {_ONE[what]}" if number == 1 else f"{number:,} cells of the column could be {what}"
    message = f"{cells}, as other codes are by chance. Check it; if it names people, cancel this file."
    return Suspicion(_heading(heading, index), rule, message)


def _heading(heading: Heading, index: int) -> str:
    """The heading of a column, unless it could be one of a person itself."""
    shown = heading.cells[index].strip() if 0 <= index < len(heading.cells) else ""
    return shown if shown and not re.search(r"\d{3}[ -]?\d{3}[ -]?\d{4}", shown) else f"column {index + 1}"


def _headings(heading: Heading, indexes: set[int]) -> str:
    return ", ".join(_heading(heading, i) for i in sorted(indexes))


class _Lines:
    """Takes whole numbered lines and adds to what was found. The row number is a cell in front of the file's own."""

    def __init__(self, heading: Heading, measures: set[int], people: People):
        self.delimiter, self.width = heading.delimiter.encode(), len(heading.cells)
        self.wanted = {i: heading.cells[i].encode().strip(BLANK).upper() for i in sorted(heading.match.identifying)}
        self.measures, self.people = measures, people

    def write(self, block: bytes) -> int:
        written = len(block)
        found = Marks(block)
        # Without other forms of blanks, dashes and digits, where it had any.
        block = found.block
        numbers, postcodes = found.numbers(), found.postcodes()
        wanted = [i for i in self.wanted if i not in self.people.identifying]
        if len(numbers[0]) or len(postcodes) or wanted:
            cells = _Cells(block, found.bytes, self.delimiter)
            if cells.regular:
                self._count(cells, numbers, postcodes, wanted)
            else:
                self._count_slowly(block)
        return written

    def _count(self, cells: "_Cells", numbers: tuple[np.ndarray, np.ndarray], postcodes: np.ndarray, wanted: list[int]) -> None:
        people = self.people
        starts, passing = numbers
        # Cells beyond the heading are a row's fault, told elsewhere; here they are of one more column.
        columns = np.minimum(cells.columns_at(starts), self.width)
        for i, number in Counter(columns.tolist()).items():
            if i >= 0 and i not in self.measures:
                people.numbers[i] += number
        for i, number in Counter(columns[passing].tolist()).items():
            if i >= 0 and i not in self.measures:
                people.passing[i] += number
        for i, number in Counter(np.minimum(cells.columns_at(postcodes), self.width).tolist()).items():
            people.postcodes[i] += number
            people.filled[i] += cells.number_filled(i)
        people.identifying |= {i for i in wanted if cells.is_filled(i, self.wanted[i])}

    def _count_slowly(self, block: bytes) -> None:
        text = block.decode(errors="replace")
        try:
            records = list(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter.decode()))
        except csv.Error:
            # What cannot be read cannot be shown to be blank.
            self.people.identifying |= set(self.wanted)
            return
        count_cells((record[1:] for record in records), self.wanted, self.measures, self.width, self.people)


class _Beside:
    """Has one block looked at on a thread while the next is read; never more, so that memory stays what it is."""

    def __init__(self, lines: _Lines):
        self.lines, self.pool = lines, ThreadPoolExecutor(max_workers=1)
        self.looking: Future[int] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self.pool:
            self._looked()

    def write(self, block: bytes) -> int:
        self._looked()
        self.looking = self.pool.submit(self.lines.write, block)
        return len(block)

    def _looked(self) -> None:
        if self.looking is not None:
            self.looking.result()


class _Cells:
    """Where in some whole lines each cell begins and ends; `regular` where quotes only stand around cells."""

    def __init__(self, block: bytes, data: np.ndarray, delimiter: bytes):
        self.block, self.data = block, data
        delimits, ends = data == delimiter[0], data == NEWLINE
        self.regular = True
        if QUOTE in block:
            quotes = data == QUOTE
            inside = np.logical_xor.accumulate(quotes)
            self.regular = self._by_the_book(quotes, inside, delimits | ends)
            delimits, ends = delimits & ~inside, ends & ~inside
        self.delimiters, self.ends = np.flatnonzero(delimits), np.flatnonzero(ends)
        starts = np.concatenate([[0], self.ends[:-1] + 1])
        self.first = np.searchsorted(self.delimiters, np.concatenate([starts, [len(data)]]))

    def _by_the_book(self, quotes: np.ndarray, inside: np.ndarray, edges: np.ndarray) -> bool:
        opens, closes = np.flatnonzero(quotes & inside), np.flatnonzero(quotes & ~inside)
        if len(opens) != len(closes):
            return False
        before = opens[opens > 0] - 1
        after = closes[closes + 1 < len(quotes)] + 1
        return bool((edges | quotes)[before].all() and (edges | quotes)[after].all())

    def columns_at(self, places: np.ndarray) -> np.ndarray:
        """The column of each place, without the row number: -1 for that."""
        line = np.searchsorted(self.ends, places)
        return np.searchsorted(self.delimiters, places) - self.first[line] - 1

    def _spans(self, column: int) -> tuple[np.ndarray, np.ndarray]:
        """Beginnings and ends of the cells of a column that have any characters, quotes around nothing left out."""
        before = self.first[:-1] + column
        lines = np.flatnonzero(before < self.first[1:])
        before, last = before[lines], self.first[1:][lines]
        starts = self.delimiters[before] + 1
        after = np.minimum(before + 1, len(self.delimiters) - 1)
        ends = np.where(before + 1 < last, self.delimiters[after], self.ends[lines])
        nothing = (ends - starts == 2) & (self.data[starts] == QUOTE)
        some = (ends > starts) & ~nothing
        return starts[some], ends[some]

    def number_filled(self, column: int) -> int:
        return len(self._spans(column)[0])

    def is_filled(self, column: int, heading: bytes) -> bool:
        starts, ends = self._spans(column)
        return any(is_value(self.block[start:end], heading) for start, end in zip(starts.tolist(), ends.tolist(), strict=True))


def count_cells(
    records: Iterable[list[str]], wanted: Mapping[int, bytes], measures: set[int], width: int, people: People
) -> None:
    """Add what is in some records, cell by cell, to what was found: what `_Lines` does for regular lines at once.

    `wanted` are the columns that must be blank, with their headings in capitals.
    """
    for record in records:
        for index, cell in enumerate(record):
            i, text = min(index, width), b"  " + cell.strip().encode() + b"   "
            if index in wanted and is_value(cell.encode(), wanted[index]):
                people.identifying.add(index)
            found = Marks(text)
            starts, passing = found.numbers()
            if i not in measures and len(starts):
                people.numbers[i] += len(starts)
                if number := int(passing.sum()):
                    people.passing[i] += number
            if number := len(found.postcodes()):
                people.postcodes[i] += number
            people.filled[i] += bool(cell.strip())
