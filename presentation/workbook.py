"""A figure as a workbook: cover, notes, and one table to a sheet, after the government guidance on accessible spreadsheets."""

import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.conf import settings

from .downloads import facts
from .wording import CONTROL_CHARACTERS

if TYPE_CHECKING:
    from .run import FigureResult

SHEET_NAME_LENGTH = 31
WIDEST = 60


def figure_workbook(result: "FigureResult") -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties(
        {
            "title": _text(result.title),
            "subject": _text(result.figure.heading),
            "company": settings.PROGRAMME_NAME,
            "comments": _text("; ".join(f"{k}: {v}" for k, v in facts(result).items())),
        }
    )
    bold = book.add_format({"bold": True, "font_size": 14})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet_of_table = sheet_name(result.figure.heading, taken=("Cover", "Notes", "Total"))
    contents = [("Notes", "How to read the numbers"), (sheet_of_table, result.table.caption)]
    if result.table.total is not None:
        contents.append(("Total", f"{result.table.caption}: total"))
    _write_pairs(book, "Cover", result.title, [*facts(result).items(), *contents], bold, wrapped)
    _write_notes(book, result, bold, wrapped)
    _write_table(book, sheet_of_table, result, list(result.table.file_rows()), bold)
    if (total := result.table.file_total()) is not None:
        _write_table(book, "Total", result, [total], bold)
    book.close()
    return out.getvalue()


def sheet_name(heading: str, taken: Sequence[str] = ()) -> str:
    """A name that Excel accepts: no more than 31 characters, none of []:*?/\\, no apostrophe at an end, not taken."""
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", heading).strip().strip("'")[:SHEET_NAME_LENGTH].strip().strip("'")
    forbidden = {"", "history", *(name.lower() for name in taken)}
    return clean if clean.lower() not in forbidden else f"Table {clean}".strip()[:SHEET_NAME_LENGTH]


def _text(value: str) -> str:
    return CONTROL_CHARACTERS.sub("", value)


def _write_pairs(book: Any, name: str, title: str, pairs: Sequence[tuple[str, str]], bold: Any, wrapped: Any) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, _text(title), bold)
    for row, (label, words) in enumerate(pairs, start=1):
        sheet.write_string(row, 0, _text(label), wrapped)
        sheet.write_string(row, 1, _text(words), wrapped)


def _write_notes(book: Any, result: "FigureResult", bold: Any, wrapped: Any) -> None:
    summary = [("Summary", result.chart.summary)] if result.chart else []
    notes = [(f"Note {i}", note) for i, note in enumerate(result.notes, start=1)]
    empty = "No data: nothing was sent. Not applicable: there is nothing to show. Not known: it cannot be said. *: hidden."
    pairs = [*summary, *notes, ("Who it is for", result.mode_words), ("Words in cells", empty)]
    if result.illustrative:
        pairs.insert(0, ("Illustrative data", "These numbers are made up to show how the product works."))
    _write_pairs(book, "Notes", "Notes", pairs, bold, wrapped)


def _write_table(book: Any, name: str, result: "FigureResult", rows: list[list[Any]], bold: Any) -> None:
    """One marked-up table from column A, under its title; nothing stands below it."""
    sheet = book.add_worksheet(name)
    caption = result.table.caption + (" (illustrative data)" if result.illustrative else "")
    sheet.write_string(0, 0, _text(caption), bold)
    columns = [bound.column for bound in result.table.columns]
    headings = _distinct([_text(h) or f"Column {i}" for i, h in enumerate(result.table.headings, start=1)])
    # A table of Excel needs a row under its headings.
    body = rows or [[None] * len(columns)]
    formats = [book.add_format({"num_format": c.number_format}) if c.number_format else None for c in columns]
    sheet.add_table(
        1,
        0,
        1 + len(body),
        len(columns) - 1,
        {
            "name": re.sub(r"\W", "_", f"table_{name}"),
            "columns": [{"header": h} for h in headings],
            "autofilter": False,
            "style": "Table Style Light 1",
            "banded_rows": False,
        },
    )
    for i, heading in enumerate(headings):
        sheet.write_string(1, i, heading)
    for r, row in enumerate(body, start=2):
        for c, (column, value) in enumerate(zip(columns, row, strict=True)):
            _write_cell(sheet, r, c, column.empty if value is None else value, formats[c])
    for i, heading in enumerate(headings):
        longest = max(len(heading), *(len(str(row[i])) for row in body))
        sheet.set_column(i, i, min(longest + 3, WIDEST))


def _write_cell(sheet: Any, row: int, column: int, value: Any, number_format: Any) -> None:
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, float(value), number_format)
    else:
        sheet.write_string(row, column, _text(str(value)))


def _distinct(headings: list[str]) -> list[str]:
    """Excel repairs a table that has the same heading twice, in whatever letters."""
    seen: set[str] = set()
    out = []
    for heading in headings:
        name, again = heading, 2
        while name.lower() in seen:
            name, again = f"{heading} {again}", again + 1
        seen.add(name.lower())
        out.append(name)
    return out
