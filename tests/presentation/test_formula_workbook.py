"""Workbooks with live formulas: words are never formulas, formulas carry their value, and cells are named as sheets see them."""

import io

import openpyxl
import pytest

from presentation.formula_workbook import (
    EXACT,
    FIRST_ROW,
    MONEY,
    WORDS,
    Formula,
    Sheet,
    formula_workbook,
    letter_of,
)

SUMS = Sheet(
    "Sums",
    "Two numbers and their sum",
    [("Name", WORDS), ("Amount", MONEY), ("Twice", EXACT)],
    [("a", 2, Formula(f"=B{FIRST_ROW}*2", 4)), ("b", 3.5, Formula(f"=B{FIRST_ROW + 1}*2", 7.0))],
)
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("http://example.org")',
    "http://example.org",
    "a\x00b",
    "a\x0bb",
]


def opened(sheets, title="Title", about=(), *, values=False):
    return openpyxl.load_workbook(io.BytesIO(formula_workbook(title, list(about), sheets)), data_only=values)


@pytest.mark.parametrize(
    ("number", "letter"),
    [
        (0, "A"),
        (1, "B"),
        (25, "Z"),
        (26, "AA"),
        (27, "AB"),
        (51, "AZ"),
        (52, "BA"),
        (701, "ZZ"),
        (702, "AAA"),
    ],
)
def test_columns_are_named_as_spreadsheets_name_them(number, letter):
    assert letter_of(number) == letter


def test_cells_of_a_column_are_named_for_any_sheet():
    assert SUMS.cells(1) == f"'Sums'!$B${FIRST_ROW}:$B${FIRST_ROW + 1}"
    assert SUMS.cells(0, 5, 9) == "'Sums'!$A$5:$A$9"
    assert SUMS.last_row == FIRST_ROW + 1


def test_a_formula_is_one_and_carries_its_value():
    formulas, values = opened([SUMS])["Sums"], opened([SUMS], values=True)["Sums"]
    assert formulas.cell(FIRST_ROW, 3).value == f"=B{FIRST_ROW}*2"
    assert values.cell(FIRST_ROW, 3).value == 4
    assert values.cell(FIRST_ROW + 1, 3).value == 7
    assert formulas.cell(FIRST_ROW + 1, 2).value == 3.5
    assert formulas.cell(FIRST_ROW, 2).number_format == MONEY


def test_a_sheet_has_its_title_then_its_headings_then_its_rows():
    page = opened([SUMS])["Sums"]
    assert page["A1"].value == "Two numbers and their sum"
    assert [cell.value for cell in page[FIRST_ROW - 1]] == ["Name", "Amount", "Twice"]
    assert page.cell(FIRST_ROW, 1).value == "a"


def test_the_cover_says_what_it_is_and_what_each_sheet_holds():
    cover = opened([SUMS], "What it is", [("Area", "South London")])["Cover"]
    rows = [tuple(cell.value for cell in row) for row in cover.iter_rows(max_col=2)]
    assert rows == [("What it is", None), ("Area", "South London"), ("Sums", "Two numbers and their sum")]


@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_never_formulas_or_links_wherever_they_stand(words):
    sheet = Sheet("Words", words, [(words, WORDS)], [(words,)])
    book = opened([sheet], words, [(words, words)])
    for page in book:
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n")
                assert cell.hyperlink is None


def test_nothing_is_an_empty_cell_and_yes_and_no_are_words():
    sheet = Sheet("Cells", "Cells", [("A", WORDS), ("B", WORDS), ("C", WORDS)], [(None, True, False)])
    page = opened([sheet])["Cells"]
    assert [cell.value for cell in page[FIRST_ROW]] == [None, "Yes", "No"]


@pytest.mark.parametrize("name", ["", "a/b", "what?", "x" * 32, "History", "[1]", "'quoted'"])
def test_a_name_that_a_spreadsheet_refuses_is_refused(name):
    with pytest.raises(ValueError, match="cannot be named"):
        Sheet(name, "Title", [("A", WORDS)], [])


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="a row of 2 cells under 1 headings"):
        Sheet("Rows", "Title", [("A", WORDS)], [(1, 2)])
