"""A workbook with live formulas, so that anybody can check a calculation by hand: cover, then one table to a sheet.

Every formula carries the value that the product computed, so that readers without a recalculation see the same number.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from django.conf import settings

from .wording import CONTROL_CHARACTERS
from .workbook import WIDEST, sheet_name

MONEY, NUMBER, EXACT, RATE, WORDS = "#,##0.00", "#,##0.00", "0.0000000000", "0.0000%", ""
WIDTHS = {WORDS: 16, RATE: 12, EXACT: 16, MONEY: 20}
FIRST_ROW = 3  # Of the rows of a table, as a spreadsheet counts: under its title and its headings.


@dataclass(frozen=True)
class Formula:
    """A formula as a spreadsheet has it, beginning with "=", and what it comes to."""

    text: str
    value: float | int | str = 0


@dataclass(frozen=True)
class Sheet:
    """One table. A column is (heading, number format); cells are words, numbers, formulas, or None for nothing."""

    name: str
    title: str
    columns: Sequence[tuple[str, str]]
    rows: list[Sequence[Any]] = field(default_factory=list)

    def __post_init__(self):
        if sheet_name(self.name) != self.name:
            raise ValueError(f"A sheet cannot be named {self.name!r}.")
        if odd := [row for row in self.rows if len(row) != len(self.columns)]:
            raise ValueError(f"Sheet {self.name} has a row of {len(odd[0])} cells under {len(self.columns)} headings.")

    @property
    def last_row(self) -> int:
        return FIRST_ROW + len(self.rows) - 1

    def cells(self, column: int, first: int | None = None, last: int | None = None) -> str:
        """The cells of a column, all rows unless it says which, as a formula on any sheet names them."""
        letter = letter_of(column)
        return f"'{self.name}'!${letter}${first or FIRST_ROW}:${letter}${last or self.last_row}"


def letter_of(column: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    return (letter_of(column // 26 - 1) if column > 25 else "") + chr(ord("A") + column % 26)


def formula_workbook(title: str, about: Sequence[tuple[str, str]], sheets: Sequence[Sheet]) -> bytes:
    """The workbook: a cover with what it is and what each sheet holds, then the sheets. Words are never formulas."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": _text(title), "company": settings.PROGRAMME_NAME})
    bold, wrapped = book.add_format({"bold": True, "font_size": 14}), book.add_format({"text_wrap": True, "valign": "top"})
    cover = book.add_worksheet("Cover")
    cover.set_column(0, 0, 28)
    cover.set_column(1, 1, 90)
    cover.write_string(0, 0, _text(title), bold)
    for row, (label, words) in enumerate([*about, *((sheet.name, sheet.title) for sheet in sheets)], start=1):
        cover.write_string(row, 0, _text(label), wrapped)
        cover.write_string(row, 1, _text(words), wrapped)
    for sheet in sheets:
        _write(book, sheet, bold)
    book.close()
    return out.getvalue()


def _write(book: Any, sheet: Sheet, bold: Any) -> None:
    page = book.add_worksheet(sheet.name)
    page.write_string(0, 0, _text(sheet.title), bold)
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = [book.add_format({"num_format": kind}) if kind else None for _, kind in sheet.columns]
    for column, (words, kind) in enumerate(sheet.columns):
        page.write_string(1, column, _text(words), heading)
        longest = max((len(str(row[column])) for row in sheet.rows if isinstance(row[column], str)), default=0)
        page.set_column(column, column, min(max(longest + 2, WIDTHS.get(kind, 16)), WIDEST))
    for number, row in enumerate(sheet.rows, start=2):
        for column, cell in enumerate(row):
            _write_cell(page, number, column, cell, formats[column])


def _write_cell(page: Any, row: int, column: int, cell: Any, kind: Any) -> None:
    if isinstance(cell, Formula):
        page.write_formula(row, column, cell.text, kind, cell.value)
    elif isinstance(cell, bool):
        page.write_string(row, column, "Yes" if cell else "No")
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell, kind)
    elif cell is not None:
        page.write_string(row, column, _text(str(cell)))


def _text(value: str) -> str:
    return re.sub(r"\s+", " ", CONTROL_CHARACTERS.sub("", value))
