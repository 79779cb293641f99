"""Official files as published workbooks: which sheet is read, and what is said where several could be."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from finance.actions.official import OfficialFileRefused, load_official_file
from finance.calculations.official_rows import official_rows
from finance.calculations.official_sheets import meant_sheet
from finance.models import OfficialFile
from finance.queries import official
from planning.extracts.public_files import read_public_sheets
from tests.finance import official_files as files

TITLES = [["Allocations of specialised services"], ["Published on 30 January 2025"], []]
TABLE = [["ICB code", "ICB name", "Allocation £000", "Note"], ["QKK", "South East London", 1050.5, "*"], ["QWE", "", 950.25, ""]]
OTHER = [["ICB code", "ICB name", "Allocation £000"], ["QKK", "South East London", 1100]]
COVER = [["Contents"], ["Table 1"]]


def sheets(**held):
    return {sheet.name: sheet.text for sheet in read_public_sheets(files.as_workbook(held), 10_000_000)}


def meant(asked="", year="2025/26", **held):
    name, problems = meant_sheet(sheets(**held), kind="allocations", file="a.xlsx", year=year, asked=asked)
    return name, [(one["column"], one["value"], one["message"]) for one in problems]


def test_the_sheet_with_the_columns_is_meant_wherever_its_headings_stand():
    assert meant(Cover=COVER, Table=TITLES + TABLE) == ("Table", [])


def test_of_several_the_one_named_for_the_year_is_meant():
    assert meant(**{"2025-26": TABLE, "2026-27": OTHER}) == ("2025-26", [])
    assert meant(year="2026/27", **{"2025-26": TABLE, "2026-27": OTHER}) == ("2026-27", [])


def test_of_several_that_nothing_tells_apart_it_is_asked_which():
    name, [(column, value, words)] = meant(One=TABLE, Cover=COVER, Two=OTHER)
    assert (name, column, value) == ("One", "sheet", "")
    assert words == "Say which sheet is meant: One and Two have these columns."


def test_the_sheet_that_is_asked_for_is_meant_in_any_case_or_is_not_there():
    assert meant(asked=" two ", One=TABLE, Two=OTHER) == ("Two", [])
    _, [(column, value, words)] = meant(asked="Three", One=TABLE, Two=OTHER)
    assert (column, value, words) == ("sheet", "Three", "Give one of the sheets of the workbook: One, Two.")


def test_where_no_sheet_has_them_all_the_likeliest_is_told_of():
    assert meant(Cover=COVER, Table=[["ICB code", "ICB name"], ["QKK", "x"]]) == ("Table", [])


@pytest.fixture
def load(programme_team):
    def load_it(content, **changed):
        about = {"kind": "allocations", "file_name": "a.xlsx", "edition": "2025/26", "source": "A publisher"}
        return load_official_file(by=programme_team, content=content, **{**about, **changed})

    return load_it


@pytest.mark.django_db
def test_a_published_workbook_is_loaded_from_its_sheet_and_says_so(load):
    loaded = load(files.as_workbook({"Cover": COVER, "Table 1": TITLES + TABLE}))
    assert loaded.file.sheet == "Table 1"
    assert (
        "Read from the sheet “Table 1” of the workbook, which has 2 sheets that are not empty; headings in row 4." in loaded.words
    )
    assert official.official_allocations()["allocation"].tolist() == [10_505_000_000, 9_502_500_000]
    [(_, _, where)] = official.sources_of_official("allocations")
    assert where.endswith("sheet Table 1)")


@pytest.mark.django_db
def test_rows_of_a_refused_workbook_are_numbered_as_the_sheet_numbers_them(load):
    with pytest.raises(OfficialFileRefused) as refused:
        load(files.as_workbook({"Table 1": [*TITLES, TABLE[0], [], ["QKK", "", "much"]]}))
    assert refused.value.problems[["row", "column", "value"]].to_numpy().tolist() == [[6, "Allocation £000", "much"]]


NOTES = [["", "England", 2000.75], [], ["Source: NHS England"], ["Numbers may not add up because of rounding."]]


@pytest.mark.django_db
def test_totals_and_notes_of_a_published_table_are_passed_over_and_counted(load):
    loaded = load(files.as_workbook({"Table 1": [*TITLES, *TABLE, *NOTES]}))
    assert "Rows of totals or notes, passed over: 3." in loaded.words
    assert official.official_allocations()["system"].tolist() == ["QKK", "QWE"]


@pytest.mark.parametrize("total", [["Total", "", 3], ["", "ENGLAND", 3], ["england", "", 3], ["", "Total England", 3]])
def test_a_total_is_no_area(total):
    [table] = read_public_sheets(files.as_workbook({"T": [*TABLE[:2], total]}), 10_000_000)
    found = official_rows(table.text, kind="allocations", file="")
    assert (found.problems, found.rows["system"].tolist(), found.passed_over) == ([], ["QKK"], 1)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        # A code alone is a row that somebody cut off; so is anything in the middle of the table.
        (["QWE"], "Allocation £000"),
        (["", "", 7], "ICB code"),
        (["", "Kent and Medway", 7], "ICB code"),
    ],
)
def test_a_row_that_only_looks_like_a_note_is_a_fault(row, column):
    [table] = read_public_sheets(files.as_workbook({"T": [*TABLE[:2], row, ["A note"]]}), 10_000_000)
    found = official_rows(table.text, kind="allocations", file="")
    assert [(one["row"], one["column"]) for one in found.problems] == [(3, column)]


@pytest.mark.django_db
def test_two_editions_may_be_two_sheets_of_one_workbook(load):
    content = files.as_workbook({"2025-26": TABLE, "2026-27": OTHER})
    assert load(content).file.sheet == "2025-26"
    assert load(content, edition="2026/27").file.sheet == "2026-27"
    assert load(content, edition="2026/27").state == "unchanged"
    with pytest.raises(OfficialFileRefused, match="2 problems") as refused:
        load(content, edition="2027/28", sheet="2026-27")
    words = " ".join(refused.value.problems["message"])
    assert "The sheet’s name says 2026/27: this is another edition." in words
    assert "This very file is loaded as the edition 2026/27" in words
    assert OfficialFile.objects.loaded().count() == 2


@pytest.mark.django_db
def test_a_hidden_sheet_is_read_only_where_it_is_asked_for(load):
    content = files.as_workbook({"Shown": TABLE, "Workings": OTHER}, hidden="Workings")
    assert load(content).file.rows == 2
    loaded = load(content, sheet="Workings", replace=True)
    assert (loaded.file.rows, loaded.file.sheet) == (1, "Workings")
    assert "hidden sheet" in loaded.words


@pytest.mark.django_db
def test_the_page_and_the_command_take_the_published_workbook(signed_in, programme_team, tmp_path, capsys):
    content = files.as_workbook({"One": TABLE, "Two": OTHER})
    sent = {"kind": "allocations", "edition": "2025/26", "source": "A publisher", "sheet": "Two"}
    file = SimpleUploadedFile("<b>a</b>.xlsx", content)
    page = signed_in(programme_team).post("/allocation/official-files/", {**sent, "file": file}, follow=True).content.decode()
    assert "2025/26: 1 rows, loaded." not in page
    assert "2025/26: 1 row, loaded." in page
    assert "sheet “Two”" in page
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    call_command("load_official_file", "allocations", path, edition="2026/27", source="A publisher", sheet="one")
    assert json.loads(capsys.readouterr().out)["rows"] == 2
