"""Many rows as a file, in little memory: CSV a piece at a time, a workbook written row by row. Nothing can run as a formula."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter

from .downloads import in_spreadsheet, inert, plain_number
from .wording import CONTROL_CHARACTERS

# A workbook of more takes longer to make than anybody waits, and to open too.
MOST_IN_WORKBOOK = 50_000
Batches = Iterable[Iterable[Sequence[Any]]]


def csv_pieces(
    headings: Sequence[str], batches: Batches, same: Sequence[tuple[str, str]], figures: Collection[str] = ()
) -> Iterator[bytes]:
    """The rows as CSV, piece by piece. `same` are (heading, value) that stand in every row, at the right.

    Under the headings of `figures` plain numbers are written as numbers, a minus sign and all.
    """
    values = [inert(value) for _, value in same]
    # Behind a byte order mark, so that spreadsheets read it as UTF-8.
    yield b"\xef\xbb\xbf" + _csv([[inert(text) for text in (*headings, *(heading for heading, _ in same))]])
    for batch in numbered(headings, batches, figures):
        yield _csv([[_cell(cell) for cell in row] + values for row in batch])


def numbered(headings: Sequence[str], batches: Batches, figures: Collection[str]) -> Iterator[list[list[Any]]]:
    """The rows with the cells under the headings of figures as numbers, where they are plain ones."""
    places = [i for i, heading in enumerate(headings) if heading in figures]
    for batch in batches:
        rows = [list(row) for row in batch]
        for row in rows:
            for i in places:
                row[i] = plain_number(row[i]) if isinstance(row[i], str) else row[i]
        yield rows


def _csv(rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cell(cell: Any) -> Any:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return "" if cell is None else cell if isinstance(cell, int) else inert(str(cell))


def write_workbook(
    out: BinaryIO,
    title: str,
    about: Sequence[tuple[str, str]],
    headings: Sequence[str],
    batches: Batches,
    figures: Collection[str] = (),
) -> None:
    """The rows as a workbook: a cover that says what they are, and one sheet of rows, every cell as it was received.

    Under the headings of `figures` plain numbers are numbers, so that they can be added up.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    bold = book.add_format({"bold": True})
    cover = book.add_worksheet("Cover")
    cover.set_column(0, 0, 28)
    cover.set_column(1, 1, 90)
    cover.write_string(0, 0, _text(title), bold)
    for number, (label, words) in enumerate(about, start=1):
        cover.write_string(number, 0, _text(label))
        cover.write_string(number, 1, _text(words))
    sheet = book.add_worksheet("Rows")
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, _text(heading), bold)
    sheet.freeze_panes(1, 1)
    number = 0
    for batch in numbered(headings, batches, figures):
        for row in batch:
            number += 1
            for column, received in enumerate(row):
                cell = in_spreadsheet(received) if isinstance(received, Decimal) else received
                if isinstance(cell, int | Decimal):
                    sheet.write_number(number, column, cell)
                elif cell is not None:
                    sheet.write_string(number, column, _text(str(cell)))
    book.close()


def _text(value: str) -> str:
    return CONTROL_CHARACTERS.sub("", value)
