"""Public files as columns of text: every sheet of a workbook, every encoding, rows numbered as a spreadsheet numbers them."""

import gzip
import io
import zipfile

import pytest

from planning.calculations.reference_rows import heading_names
from planning.extracts.public_files import read_public_sheets
from tests.finance.official_files import as_workbook

MOST = 10_000_000


def only(content: bytes):
    [sheet] = read_public_sheets(content, MOST)
    return sheet


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfa,b\n1,2\n",
        "a\tb\r\n1\t2\r\n".encode("utf-16"),
        "a;b\n1;2\n".encode("cp1252"),
        b"a,b\r1,2\r",
        b"a,b,,\n1,2,,\n",
        gzip.compress(b"a,b\n1,2\n"),
        as_workbook({"One": [["a", "b"], [1, 2]]}),
    ],
    # What is packed names the second in which it was, and a test goes by one name.
    ids=["UTF-8 with a mark", "UTF-16", "semicolons", "old line ends", "columns without anything", "gzip", "workbook"],
)
def test_the_same_table_however_it_is_written(content):
    text = only(content).text
    assert list(text.columns) == ["a", "b"]
    assert text.to_numpy().tolist() == [["1", "2"]]


def test_blank_rows_and_titles_stay_so_that_rows_keep_their_numbers():
    text = only(b"Title\n\na,b,c\n1,2,3\n").text
    assert list(text.columns) == ["Title", "Column 2 without a heading", "Column 3 without a heading"]
    assert text.to_numpy().tolist() == [["", "", ""], ["a", "b", "c"], ["1", "2", "3"]]


def test_a_comma_in_numbers_or_in_a_title_is_no_separator():
    text = only(b"Allocations, by board, 2025/26\nBoard;Money\nQKK;1.000,50\nQWE;2.000,50\n").text
    assert text.iloc[:, 0].tolist() == ["Board", "QKK", "QWE"]
    assert text.iloc[:, 1].tolist() == ["Money", "1.000,50", "2.000,50"]


def test_every_sheet_of_a_workbook_with_what_it_says_of_itself():
    content = as_workbook({"Notes": [["Read me"]], "Empty": [], "Table": [[], ["a"], [0.1 + 0.2]]}, hidden="Notes")
    notes, table = read_public_sheets(content, MOST)
    assert (notes.name, notes.hidden, table.name, table.hidden) == ("Notes", True, "Table", False)
    assert table.said == "Read from the sheet “Table” of the workbook, which has 2 sheets that are not empty"
    assert table.text.to_numpy().tolist() == [["a"], ["0.3"]]


def test_a_packed_csv_says_what_it_was_called():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("weighted.csv", "a,b\n1,2\n")
    sheet = only(held.getvalue())
    assert (sheet.name, sheet.said) == ("", "Read from weighted.csv in the packed file")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "has no rows"),
        (b"\n\n , \n", "has no rows"),
        (b"%PDF-1.7 ...", "this is not text"),
        (b"a\x00b", "this is not text"),
        (b"PK\x03\x04...", "broken"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "older Excel"),
        (b"," * 2000 + b"\n", "2,001 columns"),
        (as_workbook({"One": []}), "empty"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, words):
    with pytest.raises(ValueError, match=words):
        read_public_sheets(content, MOST)


def test_no_more_is_unpacked_than_may_be():
    with pytest.raises(ValueError, match="unpacks to more than"):
        read_public_sheets(gzip.compress(b"a,b\n" + b"1,2\n" * 1_000_000), 1_048_576)


def test_blank_and_repeated_headings_are_told_apart():
    assert heading_names(["a", "", " a ", "b"]) == ["a", "Column 2 without a heading", "a (again, column 3)", "b"]
