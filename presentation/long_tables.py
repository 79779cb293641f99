"""Long tables as files, written as they are read: CSV line by line, XLSX over as many sheets as it takes."""

import csv
import io
import itertools
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from .downloads import in_spreadsheet, inert
from .wording import CONTROL_CHARACTERS
from .workbook import sheet_name

# A sheet holds so many rows; one is the heading.
SHEET_ROWS = 1_048_576
LINES_AT_ONCE = 2_000
BLOCK = 1 << 16


@dataclass(frozen=True)
class LongTable:
    """Headings and rows of text and numbers. `rows` is read once."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]


def csv_blocks(table: LongTable) -> Iterator[bytes]:
    """The table as CSV in blocks, safe to open in a spreadsheet; with a byte order mark, so that it is read as UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow([inert(heading) for heading in table.headings])
    for number, row in enumerate(table.rows, 1):
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
        if number % LINES_AT_ONCE == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def workbook_blocks(tables: Sequence[LongTable]) -> Iterator[bytes]:
    """A workbook of the tables in blocks; it is written once the first block is asked for, and gone after the last."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workbook.xlsx"
        write_workbook(path, tables)
        with path.open("rb") as file:
            yield from iter(lambda: file.read(BLOCK), b"")


def write_workbook(target: Path, tables: Sequence[LongTable], *, most: int = SHEET_ROWS) -> list[str]:
    """Write the tables to a workbook in little memory; return the names of its sheets.

    A table that is longer than a sheet goes on in another, "Problems (2)", under the same headings.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    names: list[str] = []
    with xlsxwriter.Workbook(str(target), options) as book:
        bold = book.add_format({"bold": True})
        for table in tables:
            rows = iter(table.rows)
            first: Sequence[Any] | None = next(rows, None)
            part = 1
            while first is not None or part == 1:
                names.append(sheet_name(table.name if part == 1 else f"{table.name} ({part})", taken=names))
                sheet = book.add_worksheet(names[-1])
                _write_sheet(sheet, table.headings, itertools.islice(_with(first, rows), most - 1), bold)
                first, part = next(rows, None), part + 1
    return names


def _with(first: Sequence[Any] | None, rows: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    return itertools.chain([] if first is None else [first], rows)


def _write_sheet(sheet: Any, headings: Sequence[str], rows: Iterator[Sequence[Any]], bold: Any) -> None:
    sheet.set_column(0, len(headings) - 1, 20)
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    for number, cells in enumerate(rows, 1):
        for column, given in enumerate(cells):
            cell = in_spreadsheet(given) if isinstance(given, Decimal) else given
            if isinstance(cell, str):
                sheet.write_string(number, column, CONTROL_CHARACTERS.sub("", cell))
            elif cell is not None:
                sheet.write_number(number, column, cell)
