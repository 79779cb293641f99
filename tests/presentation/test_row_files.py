"""Many rows as a file: nothing runs, nothing is lost, and little is held at a time."""

import csv
import io
import tracemalloc

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from presentation.row_files import csv_pieces, numbered, write_workbook

HEADINGS = ("Row in the file", "A", "B")
CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


def as_csv(batches, same=()) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(csv_pieces(HEADINGS, batches, same)).decode("utf-8-sig"), newline="")))


def test_every_batch_follows_the_one_before_under_one_heading():
    found = as_csv([[(2, "a", None)], [(3, "b", "x"), (9, "c", "")]], same=[("File", "june.csv")])
    assert found == [
        [*HEADINGS, "File"],
        ["2", "a", "", "june.csv"],
        ["3", "b", "x", "june.csv"],
        ["9", "c", "", "june.csv"],
    ]


def test_without_rows_there_is_a_heading():
    assert as_csv([]) == [list(HEADINGS)]


@given(st.sampled_from("=+-@"), CELLS)
def test_no_cell_of_a_csv_runs(sign, text):
    [_, [_, cell, same]] = as_csv([[(1, sign + text)]], same=[("File", sign + text)])[:2]
    assert cell.startswith("'")
    assert same.startswith("'")


@pytest.mark.parametrize("cell", ["-132318.6503", "12", "0.10", "-1.00000000", "123456789012345678.5"])
def test_a_credit_is_a_number_where_its_column_holds_figures(cell):
    """Behind an apostrophe it would be words, and whoever adds up the column would miss it."""
    [_, [_, first, second]] = list(
        csv.reader(io.StringIO(b"".join(csv_pieces(HEADINGS, [[(2, cell, cell)]], (), {"B"})).decode("utf-8-sig"), newline=""))
    )
    assert second == cell
    assert first == (f"'{cell}" if cell.startswith("-") else cell)


@pytest.mark.parametrize("cell", ["=1+1", "-1+1", "-", "+5", "- 5", "-1,5", "TBC", "£-1", "-٣", "1e5", "@A1", ""])
def test_what_is_no_plain_number_stays_text_among_figures(cell):
    assert list(numbered(HEADINGS, [[(2, "a", cell)]], {"B"})) == [[[2, "a", cell]]]
    out = io.BytesIO()
    write_workbook(out, "Title", [], HEADINGS, [[(2, "a", cell)]], {"B"})
    sheet = openpyxl.load_workbook(out)["Rows"]
    assert (sheet["C2"].data_type, sheet["C2"].value) == ("s", cell)


def test_figures_of_a_workbook_can_be_added_up_and_long_ones_are_kept_whole():
    out = io.BytesIO()
    rows = [(2, "007", "-132318.6503"), (3, "-1", "10.50"), (4, "x", "1234567890123456.5"), (5, "x", None)]
    write_workbook(out, "Title", [], HEADINGS, [rows], {"B"})
    sheet = openpyxl.load_workbook(out)["Rows"]
    assert [row[2].value for row in sheet.iter_rows(min_row=2)] == [-132318.6503, 10.5, "1234567890123456.5", None]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["007", "-1", "x", "x"]


@given(st.lists(st.tuples(CELLS, CELLS), max_size=10))
def test_a_workbook_holds_every_cell_as_text(rows):
    out = io.BytesIO()
    write_workbook(out, "Title", [("File", "=june.csv")], HEADINGS, [[(i, *row) for i, row in enumerate(rows, start=2)]])
    book = CalamineWorkbook.from_filelike(io.BytesIO(out.getvalue()))
    sheet = book.get_sheet_by_name("Rows").to_python()
    assert sheet[0] == list(HEADINGS)
    assert [[int(number), *(str(cell) for cell in cells)] for number, *cells in sheet[1:]] == [
        [i, *row] for i, row in enumerate(rows, start=2)
    ]
    assert book.get_sheet_by_name("Cover").to_python()[1] == ["File", "=june.csv"]


def test_little_is_held_whatever_the_number_of_rows():
    batches = ([(number, "x" * 50, "y" * 50)] * 1000 for number in range(200))
    tracemalloc.start()
    size = sum(len(piece) for piece in csv_pieces(HEADINGS, batches, []))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 20_000_000
    assert peak < 5_000_000
