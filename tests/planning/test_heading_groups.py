"""Headings in two rows: a group above says whose figures those below it are, and never that sums to date are of a month."""

import io

import pytest
import xlsxwriter
from django.urls import reverse

from planning.actions import check_extract, map_columns
from planning.extracts.heading_groups import with_groups
from planning.extracts.questions import COLUMNS, can_be_mapped, columns_to_ask, headings_to_offer
from planning.extracts.reading import Refused, describe, find_heading, read_heading
from tests.planning.acm_files import HEADINGS, acm_row
from tests.planning.received_extracts import receive
from tests.planning.test_heading_rows import as_csv
from tests.planning.test_waiting import media  # noqa: F401 - media is used by itself

FIGURES = ("planned_activity", "planned_price", "actual_activity", "actual_price")
OTHERS = [field for field in HEADINGS if not field.startswith(("planned_", "actual_"))]
NAMES = [HEADINGS[field] for field in OTHERS]
NATIONAL = [HEADINGS[field] for field in FIGURES]
BLANK = [""] * len(OTHERS)
SIDES = ["Plan", "", "Actual", ""]
OWN = ["Activity", "Price", "Activity", "Price"]


def row(fields=FIGURES, **cells) -> list[str]:
    return [acm_row(**cells).get(field, "") for field in (*OTHERS, *fields)]


def found(tmp_path, *rows, mapping=None):
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(*rows))
    return find_heading(path, "acm", mapping)


GROUPED = [
    (SIDES, OWN, ["Plan Activity", "Plan Price", "Actual Activity", "Actual Price"]),
    (["Budget", "", "Actuals £", ""], OWN, ["Budget Activity", "Budget Price", "Actuals £ Activity", "Actuals £ Price"]),
    (["YTD", "", "", ""], NATIONAL, [f"YTD {name}" for name in NATIONAL]),
    (["In month", "", "Year to date", ""], OWN, ["Activity", "Price", "Year to date Activity", "Year to date Price"]),
    (["Prior year", ""], ["Actual Cost", "Actual Activity"], ["Prior year Actual Cost", "Prior year Actual Activity"]),
    (["CONTRACT MONITORING", ""], ["ACTUAL PRICE", "WARD CODE"], ["CONTRACT MONITORING ACTUAL PRICE", "WARD CODE"]),
    (["ORGANISATION IDENTIFIER"], ["(CODE OF PROVIDER)"], ["ORGANISATION IDENTIFIER (CODE OF PROVIDER)"]),
    (["WARD CODE", "YTD"], ["", "Price"], ["WARD CODE", "YTD Price"]),
]


@pytest.mark.parametrize(("above", "cells", "whole"), GROUPED)
def test_a_group_is_read_with_what_is_below_it(above, cells, whole):
    assert with_groups(above, cells, "acm") == whole


ALONE = [
    ([], NATIONAL),
    (["ACM of June, year to date"], ["FINANCIAL MONTH", *NATIONAL]),
    (["In month", "", "", ""], NATIONAL),
    (["Plan", "", "Actual", ""], NATIONAL),
    (["12,345.67", "99", "", "Total"], OWN),
    (["YTD", "", ""], ["Ward", "WARD CODE", "Price"]),
    (NATIONAL, ["2", "100.00", "3", "150.00"]),
    (["WARD CODE", "SERVICE CODE"], ["", "NCBPS13B"]),
    (["Plan", ""], ["", ""]),
]


@pytest.mark.parametrize(("above", "cells"), ALONE)
def test_titles_sums_and_rows_of_figures_make_no_heading(above, cells):
    assert with_groups(above, cells, "acm") is None


@pytest.mark.parametrize(
    "rows", [([*BLANK, *SIDES], [*NAMES, *OWN]), ([*NAMES, *SIDES], [*BLANK, *OWN])], ids=["beside", "merged downwards"]
)
def test_plan_and_actual_are_asked_about_by_their_whole_headings(tmp_path, rows):
    heading = found(tmp_path, ["Title"], *rows, row())
    assert (heading.row, heading.joined, heading.match.duplicated) == (3, True, ())
    assert can_be_mapped(heading, "acm")
    needed, _ = columns_to_ask(heading, "acm")
    assert [c.field for c in needed] == ["planned_activity", "planned_price", "actual_price"]
    assert headings_to_offer(heading, needed[0]) == ["Plan Activity", "Plan Price", "Actual Activity", "Actual Price"]
    assert "headings in rows 2 and 3, read together." in describe(heading)[0]


def test_the_lower_row_that_comes_again_among_the_first_rows_is_not_taken_for_the_headings(tmp_path):
    rows = [*BLANK, *SIDES], [*NAMES, *OWN], row(), [*NAMES, *OWN], row(month=2)
    heading = found(tmp_path, *rows)
    assert (heading.row, heading.joined, heading.match.duplicated) == (2, True, ())


def test_sums_to_date_in_a_group_are_never_those_of_a_month_and_nothing_is_asked(tmp_path):
    heading = found(tmp_path, [*BLANK, "Year to date", "", "", ""], [*NAMES, *NATIONAL], row())
    assert not can_be_mapped(heading, "acm")
    with pytest.raises(Refused, match="whole year cannot stand for those of a month: Year to date CONTRACT MONITORING PLANNED"):
        read_heading(tmp_path / "a.csv", "acm")


def test_without_a_sender_to_ask_the_rows_are_named(tmp_path):
    found(tmp_path, [*BLANK, *SIDES], [*NAMES, *OWN], row())
    with pytest.raises(Refused, match=r"Rows 1 and 2 were read together.*give each column its whole heading in one row"):
        read_heading(tmp_path / "a.csv", "acm")


def merged_workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("June")
        for column, name in enumerate(NAMES):
            sheet.merge_range(0, column, 1, column, name)
        for at, side in ((len(NAMES), "Plan"), (len(NAMES) + 2, "Actual")):
            sheet.merge_range(0, at, 0, at + 1, side)
        for number, cells in enumerate([[*BLANK, *OWN], row(), row(month=2)], 1):
            for column, cell in enumerate(cells):
                if cell:
                    sheet.write(number, column, cell)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.usefixtures("reference", "media")
def test_merged_headings_of_a_workbook_are_asked_about_once_and_every_row_keeps_its_number(finance_lead, signed_in):
    book = merged_workbook()
    extract = receive(by=finance_lead, content=book, name="june.xlsx", asks=True)
    assert (extract.state, extract.reading["question"]) == ("waiting", COLUMNS)
    page = signed_in(finance_lead).get(reverse("planning:extract", args=[extract.pk])).content.decode()
    assert "The headings are in rows 1 and 2 of the sheet June" in page
    answers = {"planned_activity": "Plan Activity", "planned_price": "Plan Price", "actual_price": "Actual Price"}
    extract = check_extract(extract=map_columns(by=finance_lead, extract=extract, answers=answers))
    assert (extract.state, extract.rows, extract.accepted) == ("checked", 2, 2)
    assert (extract.planned_price, extract.actual_price) == (2_000_000, 3_000_000)
    assert "headings in rows 1 and 2, read together" in extract.read_notes[0]
    again = receive(by=finance_lead, content=book + b" ", name="july.xlsx", asks=True)
    assert (again.state, again.reading["question"]) == ("received", "")
