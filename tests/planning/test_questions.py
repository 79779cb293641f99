"""What is asked of whoever sent a file, and what may be answered."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.extracts.layouts import (
    LAYOUT_NAMES,
    accepted_spellings,
    layout_columns,
    match_headings,
    may_stand_for,
    normal_heading,
    of_another_period,
)
from planning.extracts.questions import (
    COLUMNS,
    LAYOUT,
    SHEET,
    Look,
    can_be_mapped,
    columns_to_ask,
    faults_of_mapping,
    headings_to_offer,
    likely_tables,
    look,
    refusal_of,
    tables_of,
)
from planning.extracts.reading import Refused, find_heading
from planning.extracts.samples import examples, may_be_personal, may_be_shown
from planning.extracts.workbooks import Sheet
from tests.planning.acm_files import HEADINGS, acm_bytes, acm_file, acm_row

COLUMN = {c.field: c for c in layout_columns("acm")}
OWN_WORDS = {
    "month": "MTH",
    "year": "FIN YR",
    "provider": "TRUST",
    "commissioner": "PURCHASER",
    "service_category": "CAT",
    "service_code": "SVC",
    "point_of_delivery": "PD",
    "planned_activity": "PLAN UNITS",
    "planned_price": "PLAN £",
    "actual_activity": "DONE UNITS",
    "actual_price": "DONE £",
}


def heading_of(tmp_path: Path, headings=None, rows=None, **options):
    path = acm_file(tmp_path, rows, headings=headings, **options)
    return find_heading(path, "acm", options.get("mapping"))


def tables(tmp_path: Path, sheets: dict[str, bytes], layout="acm", mapping=None, hidden=()):
    for name, content in sheets.items():
        (tmp_path / f"{name}.csv").write_bytes(content)
    rows = {name: content.count(b"\n") for name, content in sheets.items()}
    return tables_of([Sheet(n, f"{n}.csv", rows[n], 0, n in hidden) for n in sheets], tmp_path, layout, mapping or {})


def test_a_heading_that_was_said_to_be_the_wrong_column_can_be_given_back(tmp_path):
    """Somebody said of Actual Price that it is the planned one: the answer that puts it right is among those offered."""
    content = acm_bytes(headings={"planned_price": "Planned Price", "actual_price": "Actual Price"})
    wrong = {"PLANNED PRICE": "planned_price", "ACTUAL PRICE": "planned_price"}
    found = look(tables(tmp_path, {"": content}, mapping=wrong), "acm")
    assert found.question == COLUMNS
    heading = found.table.heading
    needed, _ = columns_to_ask(heading, "acm")
    assert [c.field for c in needed] == ["planned_price", "actual_price"]
    assert all(set(headings_to_offer(heading, column)) == {"Planned Price", "Actual Price"} for column in needed)
    right = {"planned_price": "Planned Price", "actual_price": "Actual Price"}
    assert faults_of_mapping(right, heading, "acm") == {}
    assert set(faults_of_mapping({**right, "actual_price": "Planned Price"}, heading, "acm")) == {"actual_price"}


NOTES = b"How this was made,\nby finance,\n"


def test_a_file_with_every_column_asks_nothing(tmp_path):
    found = look(tables(tmp_path, {"": acm_bytes()}), "acm")
    assert (found.question, found.layout) == ("", "")


def test_columns_that_are_not_known_are_asked_for(tmp_path):
    found = look(tables(tmp_path, {"": acm_bytes(headings={"month": "MTH", "actual_price": "DONE £"})}), "acm")
    assert found.question == COLUMNS
    needed, optional = columns_to_ask(found.table.heading, "acm")
    assert [c.field for c in needed] == ["month", "actual_price"]
    assert optional == []


def test_a_file_in_words_of_its_own_is_asked_about_from_its_true_heading_row(tmp_path):
    title = b"Activity by month,,,,,\r\nMade by contracts,,,\r\n\r\n"
    content = title + acm_bytes([acm_row()] * 3, headings=OWN_WORDS, without=set(HEADINGS) - set(OWN_WORDS))
    found = look(tables(tmp_path, {"": content}), "acm")
    assert (found.question, found.table.heading.row) == (COLUMNS, 4)
    assert list(found.table.heading.cells) == list(OWN_WORDS.values())


def test_what_could_never_hold_the_columns_is_refused(tmp_path):
    with pytest.raises(Refused, match="no heading row"):
        look(tables(tmp_path, {"": b"name,colour\nx,y\n"}), "acm")


def test_one_heading_twice_is_refused_since_no_answer_could_tell_them_apart(tmp_path):
    with pytest.raises(Refused, match="more than once"):
        look(tables(tmp_path, {"": acm_bytes(headings={"ward_code": "Service_Code"})}), "acm")


def test_two_spellings_of_one_column_are_asked_about(tmp_path):
    headings = {"month": "MONTH", "ward_code": "REPORTING_MONTH"}
    found = look(tables(tmp_path, {"": acm_bytes(headings=headings)}), "acm")
    assert found.question == COLUMNS
    needed, _ = columns_to_ask(found.table.heading, "acm")
    assert [c.field for c in needed] == ["month"]
    assert headings_to_offer(found.table.heading, needed[0]) == ["MONTH", "REPORTING_MONTH"]
    said = find_heading(found.table.path, "acm", {"REPORTING MONTH": "month"})
    assert said.match.duplicated == ()
    assert said.cells[said.match.indexes["month"]] == "REPORTING_MONTH"


def test_another_layout_is_recognised_by_its_headings(tmp_path):
    iap = ",".join(c.name for c in layout_columns("iap")).encode() + b"\r\n"
    found = look(tables(tmp_path, {"": iap}), "acm")
    assert (found.question, found.layout) == (LAYOUT, "iap")


def test_the_sheet_with_the_headings_is_taken_and_nothing_asked(tmp_path):
    found = look(tables(tmp_path, {"Notes": NOTES, "Data": acm_bytes()}), "acm")
    assert (found.question, found.table.sheet.name) == ("", "Data")


def test_two_sheets_with_the_headings_are_asked_about_with_the_longer_one_first(tmp_path):
    sheets = {"May": acm_bytes(), "June": acm_bytes([acm_row()] * 3), "Notes": NOTES}
    found = look(tables(tmp_path, sheets), "acm")
    assert (found.question, found.table.sheet.name) == (SHEET, "June")
    assert look(tables(tmp_path, sheets), "acm", "May") == Look(tables(tmp_path, sheets)[0])


def test_a_whole_sheet_comes_before_a_longer_one_that_lacks_columns(tmp_path):
    lacking = acm_bytes([acm_row()] * 9, headings={"actual_price": "COSTS"})
    likely = likely_tables(tables(tmp_path, {"Part": lacking, "Whole": acm_bytes()}), "acm")
    assert [t.sheet.name for t in likely] == ["Whole", "Part"]


def test_hidden_sheets_count_only_where_there_is_no_other(tmp_path):
    both = {"Data": acm_bytes(), "Old": acm_bytes([acm_row()] * 5)}
    assert look(tables(tmp_path, both, hidden=["Old"]), "acm").table.sheet.name == "Data"
    assert look(tables(tmp_path, {"Notes": NOTES, "Old": acm_bytes()}, hidden=["Old"]), "acm").table.sheet.name == "Old"


def test_sheets_that_cannot_be_read_are_passed_over_unless_there_is_no_other(tmp_path):
    assert [t.sheet.name for t in tables(tmp_path, {"Blank": b" \n", "Data": acm_bytes()})] == ["Data"]
    with pytest.raises(Refused, match="is empty"):
        tables(tmp_path, {"Blank": b" \n"})


@pytest.mark.parametrize("heading", ["YTD COST", "Annual plan £", "Cumulative activity", "FOT", "Q1 price", "Price variance"])
def test_figures_that_are_not_of_a_month_are_never_offered_for_one(tmp_path, heading):
    found = heading_of(tmp_path, {"actual_price": heading})
    assert of_another_period(heading)
    assert heading not in headings_to_offer(found, COLUMN["actual_price"])
    assert "actual_price" in faults_of_mapping({"actual_price": heading}, found, "acm")
    # And what was said in other ways is not applied either.
    assert "actual_price" not in match_headings(found.cells, "acm", {normal_heading(heading): "actual_price"}).indexes


def test_a_heading_that_some_use_for_a_month_may_be_said_to_be_one(tmp_path):
    found = heading_of(tmp_path, {"planned_activity": "Activity Plan"})
    assert "planned_activity" not in found.match.indexes
    assert "Activity Plan" in headings_to_offer(found, COLUMN["planned_activity"])


@pytest.mark.parametrize("heading", ["NHS_Number", "date of birth", "Postcode", "Patient Name"])
def test_columns_of_people_are_never_offered(tmp_path, heading):
    found = heading_of(tmp_path, {"local_contract_code": heading, "month": "MTH"})
    assert heading not in headings_to_offer(found, COLUMN["month"])
    assert not may_stand_for(heading, COLUMN["ward_code"])


def test_a_column_is_asked_for_once_and_used_once(tmp_path):
    found = heading_of(tmp_path, {"month": "MTH", "actual_price": "COSTS"})
    assert faults_of_mapping({"month": "MTH", "actual_price": "COSTS"}, found, "acm") == {}
    assert faults_of_mapping({"month": "MTH"}, found, "acm") == {
        "actual_price": "Select which of your columns is CONTRACT MONITORING ACTUAL PRICE"
    }
    twice = faults_of_mapping({"month": "MTH", "actual_price": "MTH"}, found, "acm")
    assert "is selected for FINANCIAL MONTH too" in twice["actual_price"]
    assert set(faults_of_mapping({"month": "SERVICE CODE", "actual_price": "COSTS"}, found, "acm")) == {"month"}
    assert set(faults_of_mapping({"month": "MTH", "actual_price": "COSTS", "colour": "X"}, found, "acm")) == {"colour"}


def test_an_alias_may_be_said_to_be_another_column(tmp_path):
    # "POD" is a local point of delivery; where a hospital means the national one, it can say so.
    found = heading_of(tmp_path, {"point_of_delivery": "POD"}, without=("local_point_of_delivery_code",))
    assert found.match.taken_as == {"POD": "LOCAL POINT OF DELIVERY CODE"}
    assert "POD" in headings_to_offer(found, COLUMN["point_of_delivery"])
    said = match_headings(found.cells, "acm", {"POD": "point_of_delivery"})
    assert said.mapped == {"POD": "POINT OF DELIVERY CODE"}
    assert (said.missing, "local_point_of_delivery_code" in said.indexes) == ((), False)


def test_what_was_said_never_overrides_a_national_heading():
    cells = [c.name for c in layout_columns("acm")] + ["COSTS"]
    match = match_headings(cells, "acm", {"COSTS": "actual_price", "SERVICE CODE": "ward_code"})
    assert (match.duplicated, match.mapped) == ((), {})
    assert match.indexes["service_code"] == 14


def test_a_file_that_would_lose_columns_is_asked_about_until_it_is_settled(tmp_path):
    # An ACM has all that a plan return needs, and actuals besides.
    found = tables(tmp_path, {"": acm_bytes()}, "iap")
    assert (look(found, "iap").question, look(found, "iap").layout) == (LAYOUT, "acm")
    assert look(found, "iap", settled=True).question == ""


@pytest.mark.parametrize(
    ("headings", "layout", "says"),
    [
        ({"month": "MTH"}, "acm", "columns are missing from the heading row: FINANCIAL MONTH"),
        ({}, "iap", "Its headings are those"),
    ],
)
def test_where_nobody_answers_the_file_is_refused_in_words(tmp_path, headings, layout, says):
    found = tables(tmp_path, {"": acm_bytes(headings=headings)}, layout)
    assert says in str(refusal_of(look(found, layout), layout, found))


def test_where_nobody_answers_sheets_are_named(tmp_path):
    found = tables(tmp_path, {"May": acm_bytes(), "June": acm_bytes([acm_row()] * 2)})
    assert "more than one sheet that could be read: June, May" in str(refusal_of(look(found, "acm"), "acm", found))


def test_a_short_heading_row_cannot_be_mapped(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(b"a,b,c,d,e,f,g,h,i,j\n" + b"1," * 9 + b"1\n")
    assert not can_be_mapped(find_heading(path, "acm"), "acm")


@st.composite
def spelled(draw):
    """A heading as exporting programs write it, and the column that it is of."""
    column = draw(st.sampled_from([c for layout in LAYOUT_NAMES for c in layout_columns(layout)]))
    words = draw(st.sampled_from([column.name, *accepted_spellings(column)]))
    change = draw(st.sampled_from([str.upper, str.lower, str.title]))
    between = draw(st.sampled_from([" ", "_", "-", "  ", "\u00a0", "\n", " _ "]))
    words = between.join(change(words).replace("(", " ( ").replace(")", " ) ").split())
    brackets = draw(st.booleans())
    words = words if brackets else words.replace("(", "").replace(")", "")
    around = draw(st.sampled_from(["", " ", "\u200b", "\ufeff", "\u00ad"]))
    return column, f"{around}{words}{around}"


@given(spelled())
def test_however_a_heading_is_spelled_it_is_its_column(one):
    column, heading = one
    match = match_headings([heading], column.layout)
    assert match.indexes == {column.field: 0}


@given(st.text(max_size=40))
def test_no_heading_whatever_breaks_the_reader(heading):
    match = match_headings([heading, heading], "acm")
    assert len(match.indexes) <= 1
    assert normal_heading(normal_heading(heading)) == normal_heading(heading)


@given(st.text(alphabet=st.characters(min_codepoint=65, max_codepoint=90), min_size=3, max_size=12))
def test_words_are_never_shown_as_examples(word):
    assert not may_be_shown(word, {"OPFA"}) or word in {"TBC", "TBA", "NULL", "NIL", "NONE", "OPFA"}


@pytest.mark.parametrize(
    "value", ["9434765919", "943 476 5919", "SE1 7EH", "1234567", "01/02/1960", "1960-02-01", "Smith", "K123456"]
)
def test_cells_that_could_be_of_a_person_are_not_shown(value):
    assert not may_be_shown(value, {"OPFA"})


@pytest.mark.parametrize("value", ["1,234.56", "£12", "(1,234.00)", "-5", "202526", "2025/26", "OPFA", "opfa", "TBC", "0.5"])
def test_amounts_years_and_listed_codes_are_shown(value):
    assert may_be_shown(value, {"OPFA"})


def test_examples_are_of_columns_that_hold_nothing_else(tmp_path):
    rows = [
        acm_row(actual_price=f"{n}.50", ward_code="943476591" + str(n), local_contract_code="Smith", local_sub_specialty_code=n)
        for n in range(1, 6)
    ]
    path = acm_file(
        tmp_path, rows, headings={"ward_code": "WD", "local_contract_code": "LCC", "local_sub_specialty_code": "Patient age"}
    )
    shown = examples(path, find_heading(path, "acm"), {"EL"})
    assert shown["CONTRACT MONITORING ACTUAL PRICE"] == ["1.50", "2.50", "3.50"]
    assert shown["POINT OF DELIVERY CODE"] == ["EL"]
    assert not {"WD", "LCC", "Patient age", "SERVICE CODE"} & set(shown)


@pytest.mark.parametrize("heading", ["PATIENT_ID", "Surname", "Consultant", "nhs_no", "Pt DOB", "Post Code of patient"])
def test_headings_that_speak_of_people_are_known(heading):
    assert may_be_personal(heading)
