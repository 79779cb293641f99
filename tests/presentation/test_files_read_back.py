"""Files as those who open them read them: Excel by openpyxl, CSV by the csv module and pandas, JSON by json."""

import csv
import io
import json
import re
import warnings
from decimal import Decimal

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presentation.amounts import POUND, UNIT
from presentation.disclosure import HIDDEN
from presentation.downloads import facts, inert
from presentation.figure import Mode
from presentation.run import run_figure
from presentation.tables import (
    ActivityColumn,
    FigureTable,
    MoneyColumn,
    NumberColumn,
    PatientsColumn,
    ShareColumn,
    TagColumn,
    TextColumn,
)
from presentation.workbook import SHEET_NAME_LENGTH, sheet_name
from tests.readers import Reader

from .demo import demo_figure

RUNS = re.compile(r"^\s*[=+\-@＝＋－＠]")


class OneOfEach(FigureTable):
    name = TextColumn("Provider")
    cost = MoneyColumn("Cost")
    headline = MoneyColumn("Cost in short", show="headline")
    spells = ActivityColumn("Spells")
    patients = PatientsColumn("Patients")
    share = ShareColumn("Share")
    months = NumberColumn("Months")
    index = NumberColumn("Index", decimals=2)
    state = TagColumn("State")

    class Meta:
        caption = "One of each"


EMPTY = dict.fromkeys(["name", "cost", "headline", "spells", "patients", "share", "months", "index", "state"])
ROWS = [
    {"name": "A", "cost": -12_345_678, "headline": 48_300_000 * POUND, "spells": -1_500, "patients": 15, "share": -0.125,
     "months": 3, "index": -1.25, "state": "Over"},
    {"name": "B", "cost": 1, "headline": 0, "spells": 0, "patients": 0, "share": 0.0, "months": 0, "index": 0.0, "state": "-"},
    EMPTY,
]  # fmt: skip


@pytest.fixture(autouse=True)
def _illustrative(monkeypatch):
    monkeypatch.setattr("presentation.run.is_illustrative", lambda position: position == 14)


def result(rows=ROWS, table=OneOfEach, mode=Mode.INSIDE, data=None, **changes):
    frame = pd.DataFrame(rows, columns=list(rows[0]), dtype=object)
    declared = {"table": table, "chart": None, "calculation": lambda read, filters: frame, **changes}
    return run_figure(demo_figure(**declared), Reader(mode), data or {}, page=True)


def of_csv(made):
    heading, *rows = csv.reader(io.StringIO(made.downloads["csv"]().decode("utf-8-sig"), newline=""))
    return heading, rows


def book_of(made):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(made.downloads["xlsx"]()))


def table_of(made):
    """The sheet of the table as lists: headings, then rows."""
    return [list(row) for row in book_of(made).worksheets[2].iter_rows(min_row=2)]


def test_a_workbook_holds_numbers_in_the_units_of_its_headings():
    heading, first, second, _ = table_of(result())
    assert [cell.value for cell in heading] == ["Provider", "Cost", "Cost in short", "Spells", "Patients", "Share", "Months",
                                                "Index", "State"]  # fmt: skip
    # The patient count was rounded for everybody, the rest is as it was stored.
    assert [cell.value for cell in first] == ["A", -1234.5678, 48_300_000, -1.5, 15, -0.125, 3, -1.25, "Over"]
    assert [cell.value for cell in second] == ["B", 0.0001, 0, 0, 0, 0, 0, 0, "-"]


def test_numbers_of_a_workbook_are_numbers_and_words_are_words():
    _, first, second, third = table_of(result())
    for row in (first, second):
        assert [cell.data_type for cell in row] == ["s", *"nnnnnnn", "s"]
    assert {cell.data_type for cell in third} == {"s"}


def test_negatives_of_a_workbook_are_shown_with_a_plain_minus():
    _, first, *_ = table_of(result())
    formats = [cell.number_format for cell in first if cell.data_type == "n"]
    assert all("-" in made or "[" not in made for made in formats)
    assert first[1].number_format.startswith("£")
    assert first[5].number_format.count("%") == 2


def test_cells_with_nothing_say_why_in_every_file():
    *_, last = table_of(result())
    said = [cell.value for cell in last]
    assert said[0] == "Not known"
    assert said[5] == "Not applicable"
    assert said[1] == said[3] == said[4] == "No data"
    assert of_csv(result())[1][2][: len(said)] == said
    assert set(json.loads(result().downloads["json"]())["rows"][2].values()) == {None}


def test_hidden_cells_are_the_same_star_in_every_file():
    class Few(FigureTable):
        name = TextColumn("Name")
        spells = ActivityColumn("Spells")
        cost = MoneyColumn("Cost", count="spells")

        class Meta:
            caption = "Few"
            total_row = True

    made = result([{"name": "A", "spells": 3 * UNIT, "cost": 900 * POUND}], table=Few, mode=Mode.OUTSIDE)
    assert [cell.value for cell in table_of(made)[1]] == ["A", "*", "*"]
    assert of_csv(made)[1][0][:3] == ["A", "*", "*"]
    assert json.loads(made.downloads["json"]())["rows"] == [{"name": "A", "spells": "*", "cost": "*"}]
    # The total of one hidden row would tell it.
    assert [cell.value for cell in book_of(made)["Total"][3]] == ["Total", "*", "*"]


@pytest.mark.parametrize("mode", list(Mode))
def test_every_file_says_for_whom_it_is_and_that_it_is_made_up(mode):
    made = result(mode=mode)
    heading, rows = of_csv(made)
    said = dict(zip(heading, rows[0], strict=True))
    assert (said["Mode"], said["Illustrative data"], said["Position"]) == (mode, "Yes", "14")
    kept = json.loads(made.downloads["json"]())
    assert (kept["mode"], kept["illustrative"], kept["position"]) == (mode, True, 14)
    book = book_of(made)
    assert f"Mode: {mode}" in book.properties.description
    assert "Illustrative data: Yes" in book.properties.description
    for sheet in book.worksheets[2:]:
        assert "illustrative" in sheet["A1"].value
    assert any("Illustrative" in str(cell.value) for cell in book["Notes"]["A"])


def test_files_of_real_data_do_not_say_that_they_are_made_up():
    made = result(data={"position": "3"})
    assert {row[of_csv(made)[0].index("Illustrative data")] for row in of_csv(made)[1]} == {"No"}
    book = book_of(made)
    assert not any("illustrative" in str(sheet["A1"].value) for sheet in book.worksheets[2:])
    assert not any("Illustrative" in str(cell.value) for cell in book["Notes"]["A"])


def test_a_workbook_names_its_figure_and_the_programme():
    properties = book_of(result(heading="Spend by provider")).properties
    assert properties.subject == "Spend by provider"
    assert properties.title
    assert not properties.creator or "@" not in properties.creator


@pytest.mark.parametrize("payload", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\n=1", "\r=1", "=cmd|'/C calc'!A0", "＝1"])
def test_no_cell_of_any_file_runs_wherever_the_words_come_from(payload):
    class Hostile(FigureTable):
        name = TextColumn(payload)
        state = TagColumn(f"{payload} state")
        empty = TextColumn("Empty", empty=payload)
        cost = MoneyColumn("Cost")

        class Meta:
            caption = payload

    rows = [{"name": payload, "state": payload, "empty": "", "cost": -POUND}]
    made = result(rows, table=Hostile, source=payload, heading=payload, note=lambda frame, filters: [payload])
    heading, cells = of_csv(made)
    assert not [cell for cell in (*heading, *cells[0]) if RUNS.match(cell) and cell != "-1.00"]
    assert cells[0][3] == "-1.00"
    book = book_of(made)
    every = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "f" not in {cell.data_type for cell in every}
    assert json.loads(made.downloads["json"]())["rows"][0]["name"] == payload


@given(st.text(max_size=30))
def test_making_words_inert_only_adds_an_apostrophe_or_drops_what_cannot_be_printed(text):
    made = inert(text)
    printable = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
    assert made in (printable, f"'{printable}")
    assert inert(made) == made


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)
MONEY = st.one_of(st.none(), st.integers(-(10**15), 10**15))


@settings(max_examples=15)
@given(st.lists(st.tuples(NAMES, MONEY), min_size=1, max_size=6))
def test_csv_is_read_back_as_it_was_written(rows):
    class Paid(FigureTable):
        name = TextColumn("Name")
        cost = MoneyColumn("Cost", summed=False)

        class Meta:
            caption = "Paid"

    made = result([{"name": name, "cost": cost} for name, cost in rows], table=Paid, data={"position": "3"})
    _, cells = of_csv(made)
    assert [row[0].removeprefix("'") for row in cells] == [name.removeprefix("'") for name, _ in rows]
    money = [None if row[1] == "No data" else int(Decimal(row[1]) * POUND) for row in cells]
    assert money == [cost for _, cost in rows]


def test_pandas_reads_the_csv_with_its_own_types():
    frame = pd.read_csv(io.BytesIO(result(ROWS[:2]).downloads["csv"]()), encoding="utf-8-sig")
    assert frame["Cost"].tolist() == [-1234.5678, 0.0001]
    assert frame["Spells"].tolist() == [-1.5, 0.0]
    assert pd.api.types.is_integer_dtype(frame["Patients"])
    assert frame["Share"].tolist() == [-0.125, 0.0]
    assert frame["Mode"].unique().tolist() == ["inside"]


def test_names_with_commas_quotes_and_lines_stay_in_their_cell():
    names = ['Guy\'s, "St" Thomas', "two\nlines", "semi;colon", "tab\tinside", "émile ß 病院"]
    made = result([{**EMPTY, "name": name} for name in names])
    assert [row[0] for row in of_csv(made)[1]] == names
    assert pd.read_csv(io.BytesIO(made.downloads["csv"]()), encoding="utf-8-sig")["Provider"].tolist() == names


def test_files_for_programs_and_for_people_hold_the_same_rows():
    made = result()
    kept = json.loads(made.downloads["json"]())["rows"]
    _, in_csv = of_csv(made)
    assert len(kept) == len(in_csv) == len(table_of(made)) - 1
    assert [row["cost"] for row in kept[:2]] == [row[1] for row in in_csv[:2]]
    assert [float(row["cost"]) for row in kept[:2]] == [row[1].value for row in table_of(made)[1:3]]


def test_json_money_is_text_so_that_no_reader_makes_it_a_float():
    row = json.loads(result().downloads["json"]())["rows"][0]
    assert (row["cost"], row["spells"]) == ("-1234.5678", "-1.5")
    assert isinstance(row["patients"], int)
    assert isinstance(row["share"], float)


def test_columns_that_are_not_shown_are_in_no_file():
    class Part(FigureTable):
        name = TextColumn("Name")
        share = ShareColumn("Share", numerator="part", denominator="whole")
        part = ActivityColumn("Part", visible=False)
        whole = ActivityColumn("Whole", visible=False)

        class Meta:
            caption = "Part"

    made = result([{"name": "A", "share": 0.25, "part": 5 * UNIT, "whole": 20 * UNIT}], table=Part)
    assert of_csv(made)[0][:3] == ["Name", "Share", "Position"]
    assert list(json.loads(made.downloads["json"]())["rows"][0]) == ["name", "share"]
    assert [cell.value for cell in table_of(made)[0]] == ["Name", "Share"]


def test_filters_travel_with_a_file_and_cannot_run_either():
    made = result(data={"provider": ["RJ1", "RJZ"], "year": "2024/25"})
    assert facts(made)["Filters"] == "year: 2024/25; provider: RJ1, RJZ"
    heading, rows = of_csv(made)
    assert rows[0][heading.index("Filters")] == "year: 2024/25; provider: RJ1, RJZ"


@given(st.text(max_size=60))
def test_any_heading_makes_a_sheet_that_excel_opens(heading):
    name = sheet_name(heading, taken=("Cover", "Notes", "Total"))
    assert 1 <= len(name) <= SHEET_NAME_LENGTH
    assert not re.search(r"[\[\]:*?/\\]", name)
    assert name[0] != "'"
    assert name[-1] != "'"
    assert name.lower() not in {"cover", "notes", "total", "history"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert openpyxl.Workbook().create_sheet(name).title == name


def test_hidden_is_never_a_number_in_a_file():
    for column in (MoneyColumn(), ActivityColumn(), PatientsColumn(), ShareColumn(), NumberColumn(), TextColumn(), TagColumn()):
        assert column.in_file(HIDDEN) == "*"
        assert column.in_file(None) is None
        assert column.in_file(pd.NA) is None
