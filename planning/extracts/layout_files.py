"""Blank templates and filled examples of each layout, as CSV and as a workbook, written from the one definition."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from .layouts import LAYOUT_NAMES, Column, accepted_spellings, layout_columns

# The months that the example has a row of.
EXAMPLE_MONTHS = ("1", "2", "3")
# A list of more codes than this stands on a sheet of its own.
SHORT_LIST = 25
NARROW, WIDE = 14, 60
ABOUT = ("Column", "Here", "National rule", "Kind", "Longest", "Meaning", "Example", "Allowed codes", "Also read as")

# Field of a column → its allowed codes with what they mean.
Codes = Mapping[str, Sequence[tuple[str, str]]]


def example_rows(layout: str) -> list[list[str]]:
    """Rows that the checker accepts as they stand: the example of every column, for the first months of a year."""
    columns = layout_columns(layout)
    return [[month if c.field == "month" else "" if c.identifying else c.example for c in columns] for month in EXAMPLE_MONTHS]


def rows_of(layout: str, kind: str) -> list[list[str]]:
    """Rows under the headings: none in a `template`, and those of `example_rows` in an `example`."""
    return example_rows(layout) if kind == "example" else []


def delimited(layout: str, kind: str) -> bytes:
    """The file as CSV: UTF-8 with a byte order mark and CRLF, as spreadsheet programs open it without asking."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([c.name for c in layout_columns(layout)])
    writer.writerows(rows_of(layout, kind))
    return out.getvalue().encode("utf-8-sig")


def workbook(layout: str, kind: str, codes: Codes) -> bytes:
    """The file as a workbook: the rows, then a sheet on every column, then the longer lists of codes.

    Codes are text and stay so when more are typed below; figures are numbers.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": f"{LAYOUT_NAMES[layout]}: {kind}"})
    formats = {
        "text": book.add_format({"num_format": "@"}),
        "money": book.add_format({"num_format": "0.00##"}),
        "activity": book.add_format({"num_format": "0.###"}),
        "required": book.add_format({"bold": True, "num_format": "@", "text_wrap": True, "bottom": 1}),
        "heading": book.add_format({"num_format": "@", "text_wrap": True, "bottom": 1}),
        "wrapped": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
    }
    _write_rows(book.add_worksheet(layout.upper()), layout, kind, formats)
    _write_about(book.add_worksheet("Columns"), layout, codes, formats)
    _write_codes(book.add_worksheet("Codes"), layout, codes, formats)
    book.close()
    return out.getvalue()


def _write_rows(sheet: Any, layout: str, kind: str, formats: Mapping[str, Any]) -> None:
    for i, column in enumerate(layout_columns(layout)):
        kept = formats.get(column.kind, formats["text"])
        sheet.set_column(i, i, NARROW, kept)
        sheet.write_string(0, i, column.name, formats["required" if column.required else "heading"])
        for row, cells in enumerate(rows_of(layout, kind), 1):
            if column.is_figure and cells[i]:
                sheet.write_number(row, i, float(cells[i]), kept)
            elif cells[i]:
                sheet.write_string(row, i, cells[i], kept)
    sheet.set_row(0, 75)
    sheet.freeze_panes(1, 0)


def _write_about(sheet: Any, layout: str, codes: Codes, formats: Mapping[str, Any]) -> None:
    for i, (heading, width) in enumerate(zip(ABOUT, (WIDE, 18, 12, 10, 10, WIDE, 24, WIDE, WIDE), strict=True)):
        sheet.set_column(i, i, width)
        sheet.write_string(0, i, heading, formats["required"])
    for row, column in enumerate(layout_columns(layout), 1):
        for i, cell in enumerate(_about(column, codes.get(column.field, ()))):
            sheet.write_string(row, i, cell, formats["wrapped"])
    sheet.freeze_panes(1, 1)


def _about(column: Column, codes: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    listed = "; ".join(f"{code}: {meaning}" if meaning else code for code, meaning in codes)
    allowed = listed if len(codes) <= SHORT_LIST else f"{len(codes)} codes: see the sheet Codes"
    here = standing(column)
    length = str(column.max_length or "")
    spellings = "; ".join(accepted_spellings(column))
    return (column.name, here, column.requirement, column.kind, length, column.meaning, column.example, allowed, spellings)


def standing(column: Column) -> str:
    """What the intake makes of a column that is not there or blank."""
    return "identifies a person" if column.identifying else "required" if column.required else "may be absent"


def _write_codes(sheet: Any, layout: str, codes: Codes, formats: Mapping[str, Any]) -> None:
    for i, (heading, width) in enumerate((("Column", 48), ("Code", 16), ("Meaning", 80))):
        sheet.set_column(i, i, width, formats["text"])
        sheet.write_string(0, i, heading, formats["required"])
    rows = [(c.name, *pair) for c in layout_columns(layout) for pair in codes.get(c.field, ())]
    for row, cells in enumerate(rows, 1):
        for i, cell in enumerate(cells):
            sheet.write_string(row, i, cell, formats["text"])
    sheet.freeze_panes(1, 0)
