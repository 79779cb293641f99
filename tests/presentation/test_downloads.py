import csv
import io
import json
import warnings
from decimal import Decimal

import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from presentation.downloads import DOWNLOADS, file_name, inert
from presentation.figure import Mode
from presentation.run import run_figure
from presentation.tables import FigureTable, MoneyColumn, TextColumn
from presentation.workbook import sheet_name
from tests.readers import Reader

from .demo import demo_figure

PAYLOADS = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "\x00=1", "=cmd|' /C calc'!A0"]


@pytest.fixture(autouse=True)
def _illustrative(monkeypatch):
    monkeypatch.setattr("presentation.run.is_illustrative", lambda position: position == 14)


def result(mode=Mode.INSIDE, data=None, **changes):
    return run_figure(demo_figure(**changes), Reader(mode), data or {}, page=True)


def rows_of_csv(made):
    return list(csv.reader(io.StringIO(made.downloads["csv"]().decode("utf-8-sig"))))


def workbook(made):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(made.downloads["xlsx"]()))


def test_csv_is_one_table_that_carries_its_facts():
    heading, *rows = rows_of_csv(result())
    assert heading[:2] == ["Provider", "Plan"]
    assert heading[-6:] == ["Position", "Illustrative data", "Mode", "Units", "Filters", "Source"]
    assert len(rows) == 4
    assert {tuple(row[-6:]) for row in rows} == {("14", "Yes", "inside", "£, 2025/26", "year: 2025/26", "ACM, position 14")}


def test_csv_numbers_are_numbers_and_negatives_stay_negative():
    rows = rows_of_csv(result())[1:]
    assert rows[0][1:4] == ["300000000.00", "314200000.50", "1203"]
    assert rows[3][1:3] == ["-123.45", "-9876.5432"]
    assert Decimal(rows[3][2]) == Decimal("-9876.5432")


def test_csv_says_empty_and_hidden_in_words():
    rows = rows_of_csv(result(Mode.OUTSIDE))[1:]
    assert rows[1][2:6] == ["*", "*", "*", "*"]
    assert rows[2][1:6] == ["No data", "No data", "No data", "No data", "Not applicable"]
    assert {row[-4] for row in rows} == {"outside"}


def test_csv_opens_in_excel_as_utf_8():
    assert result().downloads["csv"]().startswith(b"\xef\xbb\xbf")


class HostileTable(FigureTable):
    name = TextColumn("=HYPERLINK(A1)")
    cost = MoneyColumn("-cost")

    class Meta:
        caption = "=caption"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_in_a_csv_runs(payload):
    frame = pd.DataFrame({"name": [payload], "cost": [-12_345_000]})
    changes = {"table": HostileTable, "chart": None, "calculation": lambda read, filters: frame, "source": payload}
    heading, row = rows_of_csv(result(**changes))
    for cell in (heading[0], heading[1], row[0], row[-1]):
        assert cell.startswith("'")
    assert row[1] == "-1234.50"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_in_a_workbook_runs_and_numbers_stay_numbers(payload):
    frame = pd.DataFrame({"name": [payload], "cost": [-12_345_000]})
    changes = {
        "table": HostileTable,
        "chart": None,
        "calculation": lambda read, filters: frame,
        "heading": payload,
        "source": payload,
    }
    book = workbook(result(**changes))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.value for cell in cells if cell.data_type == "n"] == [-1234.5]


@given(st.text(max_size=40))
@example("\x08=1+1")
def test_inert_text_never_begins_as_a_formula(text):
    made = inert(text)
    assert not made or made.strip().lstrip("\x00")[:1] not in tuple("=+-@＝＋－＠")
    assert not any(ord(c) < 32 and c not in "\t\n\r" for c in made)


def test_workbook_has_cover_notes_and_one_marked_up_table_to_a_sheet():
    book = workbook(result())
    assert book.sheetnames == ["Cover", "Notes", "Spend by provider", "Total"]
    assert [len(book[name].tables) for name in book.sheetnames] == [0, 0, 1, 1]
    sheet = book["Spend by provider"]
    assert sheet["A1"].value == "Spend against plan by provider (illustrative data)"
    assert [cell.value for cell in sheet[2]] == result().table.headings
    assert sheet["C3"].value == 314_200_000.5
    assert sheet["C6"].value == -9876.5432
    assert "£" in sheet["C3"].number_format
    assert sheet.max_row == 6
    assert book["Total"]["A3"].value == "Total"


def test_workbook_says_what_it_is():
    book = workbook(result(Mode.OUTSIDE))
    cover = {row[0].value: row[1].value for row in book["Cover"].iter_rows(min_row=2, max_col=2)}
    assert cover["Position"] == "14"
    assert cover["Illustrative data"] == "Yes"
    assert cover["Mode"] == "outside"
    notes = " ".join(str(row[1].value) for row in book["Notes"].iter_rows(min_row=2, max_col=2))
    assert "counts of 1 to 7 are hidden" in notes
    assert "Kingston has sent nothing." in notes
    assert "made up" in notes
    assert book.properties.title == "King's spends most"


def test_workbook_of_no_rows_opens():
    empty = pd.DataFrame({"name": pd.Series([], dtype=object), "cost": pd.Series([], dtype="Int64")})
    changes = {"table": HostileTable, "chart": None, "calculation": lambda read, filters: empty}
    assert workbook(result(**changes)).sheetnames[2] == "Spend by provider"


def test_headings_that_differ_in_letters_only_are_told_apart():
    class Twice(FigureTable):
        one = TextColumn("Name")
        two = TextColumn("name")

        class Meta:
            caption = "Names"

    frame = pd.DataFrame({"one": ["a"], "two": ["b"]})
    book = workbook(result(table=Twice, chart=None, calculation=lambda read, filters: frame))
    assert [cell.value for cell in book["Spend by provider"][2]] == ["Name", "name 2"]


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Spend: plan/actual [all]?", "Spend  plan actual  all"),
        ("'quoted'", "quoted"),
        ("x" * 40, "x" * 31),
        ("", "Table"),
        ("History", "Table History"),
        ("cover", "Table cover"),
    ],
)
def test_sheet_names_are_ones_that_excel_accepts(heading, name):
    assert sheet_name(heading, taken=("Cover",)) == name


def test_json_is_the_object_of_the_contract():
    made = json.loads(result(data={"provider": ["RJ1", "RJZ"], "year": "2024/25"}).downloads["json"]())
    assert list(made) == ["figure", "position", "filters", "illustrative", "mode", "rows"]
    assert made["figure"] == "demo_spend"
    assert made["position"] == 14
    assert made["filters"] == {"year": "2024/25", "provider": ["RJ1", "RJZ"]}
    assert made["illustrative"] is True
    assert made["mode"] == "inside"
    first, small, missing, nought = made["rows"]
    assert first["actual_price"] == "314200000.50"
    assert first["spells"] == "1203"
    assert small["patients"] == "*"
    assert missing["actual_price"] is None
    assert nought["planned_price"] == "-123.45"
    assert small["provider"].startswith("=cmd")


def test_file_names_come_from_the_figure_alone():
    assert file_name(result(), "csv") == "demo-spend-position-14.csv"
    assert file_name(result(name='x";.bat\r\nSet-Cookie: a'), "xlsx") == "x-bat-set-cookie-a-position-14.xlsx"


def test_every_download_says_its_type():
    assert {name: d.extension for name, d in DOWNLOADS.items()} == {"csv": "csv", "xlsx": "xlsx", "json": "json"}
