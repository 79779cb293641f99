"""Many rows as a file: nothing runs, nothing is lost, and little is held at a time."""

import csv
import io
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from presentation.row_files import csv_pieces, write_workbook

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
