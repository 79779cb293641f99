"""Workbooks and packed files for tests."""

import gzip
import io
import zipfile
from collections.abc import Mapping, Sequence

import xlsxwriter

from tests.planning.acm_files import HEADINGS, acm_row


def workbook_bytes(sheets: Mapping[str, Sequence[Sequence]], hidden: Sequence[str] = ()) -> bytes:
    """A workbook of the sheets: name → rows of cells; numbers stay numbers and dates dates."""
    out = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "dd/mm/yyyy hh:mm", "strings_to_formulas": False}
    with xlsxwriter.Workbook(out, options) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell not in ("", None):
                        sheet.write(number, column, cell)
            if name in hidden:
                sheet.hide()
    return out.getvalue()


def acm_cells(rows=None, headings: Mapping[str, str] | None = None, without: Sequence[str] = ()) -> list[list[str]]:
    """A heading row of the ACM and the rows under it; `headings` renames columns and `without` leaves some out."""
    shown = {name: (headings or {}).get(name, heading) for name, heading in HEADINGS.items() if name not in without}
    return [list(shown.values()), *([row.get(name, "") for name in shown] for row in (rows or [acm_row()]))]


def acm_workbook(rows=None, **options) -> bytes:
    return workbook_bytes({"ACM": acm_cells(rows, **options)})


def zip_bytes(files: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_parts(workbook: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The workbook with some of its parts in other words; a part that was not there is added."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        all_parts = {name: archive.read(name) for name in archive.namelist()}
    return zip_bytes(all_parts | dict(parts))


def part_of(workbook: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return archive.read(name)


def gzip_bytes(content: bytes) -> bytes:
    return gzip.compress(content)
