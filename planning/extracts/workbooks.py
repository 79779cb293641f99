"""Workbooks → the text of each worksheet, one line to a row, so that line numbers are the spreadsheet's own row numbers.

Only values are read: macros do not run, formulas are not worked out anew, nothing outside the file is opened.
"""

import csv
import datetime
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import python_calamine

from .archives import BROKEN, Limit, blocks_of, open_zip
from .reading import Refused

# Read at once, they take half a gigabyte.
MOST_CELLS = 8_000_000
MOST_SHEETS = 200
# A heading is looked for in the first rows; the widest of them says how wide a row is.
HEAD_ROWS = 30
SAVE_SHEET = "Save the sheet as CSV UTF-8 and select that file: a CSV may be of any length."
TOO_LARGE = f"The selected workbook has too many cells to be read at once. {SAVE_SHEET}"
DECLARATIONS = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)|<\0!\0(?:D\0O\0C\0T|E\0N\0T)|\0<\0!\0(?:D\0O\0C|E\0N\0T)", re.IGNORECASE)
ERROR_CELL = re.compile(rb"<c [^<>]{0,80}\bt=[\"']e[\"']")
# A formula that whatever wrote the workbook has not worked out: no spreadsheet program saves one without its value, but where
# that is a text of no letters.
UNWORKED_CELL = re.compile(
    rb"<c (?![^<>]{0,80}\bt=[\"']str[\"'])[^<>]{0,80}>\s*<f\b(?:[^<>]{0,80}/>|[^<>]{0,80}>[^<]{0,8192}</f>)"
    rb"\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
OVERLAP = 128
_LINE_BREAKS = re.compile(r"[\r\n\x0b\x0c\x85\u2028\u2029]+")


@dataclass(frozen=True)
class Sheet:
    """The text of one worksheet in `file`. `rows` and `columns` are counted from the first to the last that is not blank."""

    name: str
    file: str
    rows: int
    columns: int
    hidden: bool = False


def check_parts(path: Path, limit: Limit) -> tuple[int, int]:
    """Unpack the parts of a workbook once without keeping them; count cells with an error, and with a formula alone.

    Raises:
        Refused: A part is damaged or too large, or declares entities, which no spreadsheet program writes.
    """
    errors = unworked = 0
    with open_zip(path) as archive:
        for member in archive.filelist:
            if not member.filename.lower().endswith((".xml", ".rels")):
                continue
            before = b""
            for block in blocks_of(archive, member, limit):
                text = before + block
                if (b"<!" in text or b"<\0!" in text) and DECLARATIONS.search(text):
                    raise Refused(
                        "The selected workbook holds declarations that no spreadsheet program writes, so it was not read. "
                        f"{SAVE_SHEET}"
                    )
                # What the end of the last block held was counted there.
                errors += len(ERROR_CELL.findall(text)) - len(ERROR_CELL.findall(before))
                if b"<f" in text:
                    unworked += len(UNWORKED_CELL.findall(text)) - len(UNWORKED_CELL.findall(before))
                before = text[-OVERLAP:]
    return errors, unworked


def write_sheets(path: Path, folder: Path, limit: Limit) -> list[Sheet]:
    """Write every worksheet that is not empty as CSV in UTF-8 into `folder`; charts and empty sheets are left out.

    Raises:
        Refused: The workbook is broken or protected, too large, or has no cell with anything in it.
    """
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
            sheets = list(_written(book, folder, limit))
    except python_calamine.PasswordError as protected:
        raise Refused(PROTECTED) from protected
    except (python_calamine.CalamineError, zipfile.BadZipFile, ValueError) as broken:
        raise Refused(BROKEN) from broken
    if not sheets:
        raise Refused("The selected workbook is empty.")
    return sheets


PROTECTED = "The selected workbook is protected by a password. Save it without one and select the new file."


def _written(book: Any, folder: Path, limit: Limit) -> Iterator[Sheet]:
    kinds, visible = python_calamine.SheetTypeEnum, python_calamine.SheetVisibleEnum
    worksheets = [s for s in book.sheets_metadata if s.typ == kinds.WorkSheet]
    for number, metadata in enumerate(worksheets[:MOST_SHEETS]):
        sheet = book.get_sheet_by_name(metadata.name)
        if sheet.start is None:
            continue
        if (sheet.end[0] + 1) * sheet.width > MOST_CELLS:
            raise Refused(TOO_LARGE)
        name = f"sheet-{number}.csv"
        rows = _write_sheet(sheet, folder / name, limit)
        if rows:
            yield Sheet(metadata.name, name, rows, sheet.width, metadata.visible != visible.Visible)


def _write_sheet(sheet: Any, target: Path, limit: Limit) -> int:
    """Write one worksheet; return the number of its last row that is not blank."""
    width = max((len(_filled(row)) for row, _ in zip(sheet.iter_rows(), range(HEAD_ROWS), strict=False)), default=0)
    last = 0
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for number, row in enumerate(sheet.iter_rows(), 1):
            cells = _filled(row)
            if not cells:
                out.write("\n")
                continue
            last = number
            # Most cells are plain text: a function call for each of them would take as long as reading them.
            texts = [c if c.__class__ is str and c.isprintable() else cell_text(c) for c in cells]
            writer.writerow(texts + [""] * (width - len(cells)))
        limit.take(out.tell())
    return last


def _filled(row: list[Any]) -> list[Any]:
    """The cells of a row up to the last that is not blank."""
    end = len(row)
    while end and row[end - 1] == "":
        end -= 1
    return row[:end]


def cell_text(value: Any) -> str:
    """A cell as text: numbers in the fifteen digits that a spreadsheet shows, dates as ISO, line breaks as spaces.

    Args:
        value: Text, a number, a truth value, or a date, time or duration.

    Returns:
        0.1 + 0.2 is 0.3, 5.0 is 5, 1e-07 is 0.0000001; midnight is left off a date.
    """
    if isinstance(value, str):
        return _LINE_BREAKS.sub(" ", value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    return str(value)


def _number_text(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    short = format(value, ".15g")
    return short if "e" not in short else format(Decimal(short), "f")
