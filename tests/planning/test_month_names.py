"""Months as names of sheets and of columns: one sheet is never taken for all of them, nor a column for a month's rows."""

import html

import pytest
from django.urls import reverse

from planning.actions import check_extract, choose_sheet
from planning.extracts.month_names import fault_of_crosstab, names_a_month, sheets_of_months
from planning.extracts.questions import SHEET, can_be_mapped, look, refusal_of
from planning.extracts.reading import Refused, find_heading, read_heading
from planning.models import SheetChoice
from tests.planning.acm_files import HEADINGS, acm_bytes, acm_row
from tests.planning.received_extracts import receive
from tests.planning.test_heading_rows import as_csv
from tests.planning.test_questions import tables
from tests.planning.test_waiting import media  # noqa: F401 - media is used by itself
from tests.planning.workbook_files import acm_cells, workbook_bytes

LONG = ["month", "planned_activity", "planned_price", "actual_activity", "actual_price"]
CODES = [field for field in HEADINGS if field not in LONG]
MONTHS = ["Apr-25", "May-25", "Jun-25", "Jul-25", "Aug-25"]


@pytest.mark.parametrize("name", ["June", "ACM_Apr-25", "M01", "ACM M1-6", "Month 3", "Sept 25 flex", "2025-04-01", "may"])
def test_a_name_with_a_month_is_told(name):
    assert names_a_month(name)


@pytest.mark.parametrize("name", ["", "ACM", "Margate", "Data", "MFF", "M1A", "Marketing", "Sheet1", "Decision", "2025"])
def test_a_name_without_a_month_is_not(name):
    assert not names_a_month(name)


def test_one_sheet_of_a_month_is_no_series():
    assert not sheets_of_months(["June", "Notes"])
    assert sheets_of_months(["May", "June"])


def wide(names: list[str]) -> bytes:
    cells = [acm_row().get(field, "") for field in CODES]
    return as_csv(["Activity of the year"], [*(HEADINGS[field] for field in CODES), *names], [*cells, *(["1"] * len(names))])


@pytest.mark.parametrize("names", [MONTHS, [f"{m} price" for m in MONTHS], [f"M{n:02d}" for n in range(1, 13)]])
def test_months_side_by_side_are_refused_with_the_way_out_and_nothing_is_asked(tmp_path, names):
    path = tmp_path / "a.csv"
    path.write_bytes(wide(names))
    assert not can_be_mapped(find_heading(path, "acm"), "acm")
    with pytest.raises(Refused, match=r"Months stand side by side in the headings \(.* and more\).*Unpivot Columns"):
        read_heading(path, "acm")


def test_a_few_headings_with_a_month_are_columns_as_others(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(wide([*MONTHS[:3], "DONE", "COST", "PLAN DONE"]))
    assert can_be_mapped(find_heading(path, "acm"), "acm")


@pytest.mark.parametrize("heading", [["Row Labels", "Sum of Price"], ["Sum of Price", "Column Labels"]])
def test_a_pivot_table_is_refused_with_how_to_get_the_rows_behind_it(tmp_path, heading):
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(heading, ["NCBPS13B", "12"]))
    with pytest.raises(Refused, match=r"is a pivot table. Double-click its grand total to list the rows behind it"):
        read_heading(path, "acm")
    assert fault_of_crosstab(["FINANCIAL YEAR", "Sum of Price"]) == ""


def test_sheets_of_months_are_refused_with_the_way_out_where_nobody_can_be_asked(tmp_path):
    found = tables(tmp_path, {"May": acm_bytes(), "June": acm_bytes()})
    assert "copy their rows under each other into one sheet" in str(refusal_of(look(found, "acm"), "acm", found))
    found = tables(tmp_path, {"Flex": acm_bytes(), "Freeze": acm_bytes()})
    assert "copy their rows" not in str(refusal_of(look(found, "acm"), "acm", found))


def months(*numbers: int) -> bytes:
    return workbook_bytes(
        {name: acm_cells([acm_row(month=n)] * n) for n, name in enumerate(("April", "May", "June"), 1) if n in numbers}
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("reference", "media")
def test_the_sheet_of_a_month_is_asked_for_again_next_month(finance_lead, signed_in):
    extract = receive(by=finance_lead, content=months(1, 2), name="may.xlsx", asks=True)
    assert extract.reading["question"] == SHEET
    page = html.unescape(signed_in(finance_lead).get(reverse("planning:extract", args=[extract.pk])).content.decode())
    assert "Only one sheet is read. To send several months, cancel this extract" in page
    assert "used for your next workbook" not in page
    extract = check_extract(extract=choose_sheet(by=finance_lead, extract=extract, sheet="May"))
    assert (extract.state, extract.covered_months) == ("checked", [2])
    assert not SheetChoice.objects.exists()
    SheetChoice.objects.create(organisation="RJ1", layout="acm", sheet="May", said_by=finance_lead)
    again = receive(by=finance_lead, content=months(1, 2, 3), name="june.xlsx", asks=True)
    assert (again.state, again.reading["question"]) == ("waiting", SHEET)
