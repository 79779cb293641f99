"""A workbook of 100,000 rows and 43 columns from the upload to the publication."""

import csv
from pathlib import Path

import xlsxwriter

from benchmarks.files import make_file, rewritten
from benchmarks.processes import in_a_process

ROWS, AT_MOST = 100_000, 25
FIGURES = ("ACTIVITY", "PRICE", "FACTOR")


def make_workbook(path: Path, target: Path) -> Path:
    """The rows of a CSV on one sheet, figures as numbers and codes as text, as Excel would have them."""
    with path.open(encoding="utf-8", newline="") as file, xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("ACM")
        reader = csv.reader(file)
        heading = next(reader)
        numeric = [name.endswith(FIGURES) for name in heading]
        sheet.write_row(0, 0, heading)
        for row, cells in enumerate(reader, 1):
            for column, (cell, number) in enumerate(zip(cells, numeric, strict=True)):
                if number and cell:
                    sheet.write_number(row, column, float(cell))
                elif cell:
                    sheet.write_string(row, column, cell)
    return target


def report(folder: Path, rows: int = ROWS) -> list[str]:
    """Lines about one workbook."""
    whole = make_file(round(rows * 1.1), folder)
    path = make_workbook(rewritten(whole, folder / "same.csv", rows=rows), folder / "workbook.xlsx")
    ours = in_a_process("benchmarks.intake", "intake", path, folder / "workbook")
    seconds = ours["seconds"]
    return [
        f"{ours['rows']:,} rows x 43 columns as a workbook, {path.stat().st_size / 1e6:.0f} MB",
        f"  upload until published              {seconds:7.2f} s  peak {ours['peak']:.0f} MB (at most {AT_MOST} s)",
    ]
