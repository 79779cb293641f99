"""A figure as a file: CSV and XLSX for people, JSON for programs. Nothing in a file can run as a formula.

CSV holds one table and nothing else, so the facts about it stand in columns of their own at the right, the same in every
row; XLSX follows the government guidance on accessible spreadsheets: a cover, notes, one table to a sheet.
"""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from . import amounts
from .chart import Measure
from .tables import FigureColumn
from .wording import CONTROL_CHARACTERS

if TYPE_CHECKING:
    from .run import FigureResult

# A spreadsheet takes text that begins like this for a formula, also behind blanks and in full-width form.
STARTS_A_FORMULA = re.compile(r"^[\s\x00]*[=+\-@＝＋－＠]|^[\t\r\n\x00]")
PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
# A spreadsheet keeps no more digits of a number.
DIGITS_IN_A_SPREADSHEET = 15


@dataclass(frozen=True)
class Download:
    label: str
    extension: str
    content_type: str
    write: Callable[["FigureResult"], bytes]


def inert(text: str) -> str:
    """Text that no spreadsheet runs: control characters go, what would start a formula gets an apostrophe before it."""
    clean = CONTROL_CHARACTERS.sub("", text)
    # A control character may hide the sign until it is taken out.
    return f"'{clean}" if STARTS_A_FORMULA.match(text) or STARTS_A_FORMULA.match(clean) else clean


def plain_number(text: str) -> Decimal | str:
    """A received cell as the number that it plainly is, so that its column can be added up; anything else as it stands.

    A minus sign makes no formula of a plain number: behind an apostrophe a credit would count for nothing.
    """
    return Decimal(text) if PLAIN_NUMBER.fullmatch(text) else text


def in_spreadsheet(number: Decimal) -> Decimal | str:
    """A number that a spreadsheet keeps whole, or its text."""
    return number if len(number.as_tuple().digits) <= DIGITS_IN_A_SPREADSHEET else f"{number:f}"


def file_name(result: "FigureResult", extension: str) -> str:
    """Lower case with dashes, from the registered name alone: nothing a person typed gets into a header."""
    position = f"-position-{result.position}" if result.position is not None else ""
    return f"{re.sub(r'[^a-z0-9]+', '-', result.figure.name.lower())}{position}.{extension}"


def facts(result: "FigureResult") -> dict[str, str]:
    """What must travel with the numbers."""
    filters = "; ".join(f"{n}: {', '.join(v) if isinstance(v, list) else v}" for n, v in result.filters_said.items())
    return {
        "Position": amounts.NOT_APPLICABLE if result.position is None else str(result.position),
        "Illustrative data": "Yes" if result.illustrative else "No",
        "Mode": str(result.mode),
        "Units": result.chart.units if result.chart else amounts.NOT_APPLICABLE,
        "Filters": filters or "None",
        "Source": result.source,
    }


def cell_text(column: FigureColumn, value: Any) -> str:
    """A cell of a file as text: a number plain, with a plain minus and all its decimals; words inert; nothing by its word."""
    if value is None:
        return inert(column.empty)
    if isinstance(value, Decimal):
        return amounts.plain_money(value) if column.measure == Measure.MONEY else amounts.plain(value)
    return str(value) if isinstance(value, int | float) else inert(str(value))


def as_csv(result: "FigureResult") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    about = facts(result)
    writer.writerow([inert(h) for h in (*result.table.headings, *about)])
    constant = [inert(v) for v in about.values()]
    columns = [bound.column for bound in result.table.columns]
    for row in result.table.file_rows():
        shown = [cell_text(column, value) for column, value in zip(columns, row, strict=True)]
        writer.writerow([*shown, *constant])
    # Excel reads UTF-8 only behind a byte order mark.
    return out.getvalue().encode("utf-8-sig")


def as_json(result: "FigureResult") -> bytes:
    return json.dumps(json_object(result), ensure_ascii=False, indent=1).encode()


def json_object(result: "FigureResult") -> dict[str, Any]:
    """The object that `manage.py export` prints; money and activity are decimal strings, nothing is null, hidden "*"."""
    keys = result.table.keys
    columns = [bound.column for bound in result.table.columns]
    rows = [
        {k: cell_text(c, v) if isinstance(v, Decimal) else v for k, c, v in zip(keys, columns, row, strict=True)}
        for row in result.table.file_rows()
    ]
    return {
        "figure": result.figure.name,
        "position": result.position,
        "filters": result.filters_said,
        "illustrative": result.illustrative,
        "mode": str(result.mode),
        "rows": rows,
    }


def as_xlsx(result: "FigureResult") -> bytes:
    # XlsxWriter is loaded only where a workbook is written.
    from .workbook import figure_workbook

    return figure_workbook(result)


DOWNLOADS = {
    "csv": Download("CSV", "csv", "text/csv; charset=utf-8", as_csv),
    "xlsx": Download("Excel", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "json": Download("JSON", "json", "application/json", as_json),
}
