"""Names that lead to their pages, words of nothing to say, rows that pages leave out, and residents as people."""

import pandas as pd
import pytest
from django.template import engines
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from presentation.amounts import MINUS, NO_DATA
from presentation.chart import Measure
from presentation.disclosure import HIDDEN, disclose
from presentation.figure import Mode
from presentation.residents import PopulationColumn
from presentation.tables import ActivityColumn, FigureTable, NumberColumn, RatioColumn, TagColumn, TextColumn


class Leading(FigureTable):
    name = TextColumn("Provider", leads_to=("programme:provider", "code"))
    code = TextColumn("Code", on_page=False)
    nowhere = TextColumn("Nowhere", leads_to=("programme:no_such_page", "code"))

    class Meta:
        caption = "Names"


def leading(code, name="King's", carried=None):
    table = Leading([{"name": name, "code": code, "nowhere": "Here"}])
    if carried is not None:
        table.lead_on(carried)
    return table


def cells(table):
    return [str(cell) for _, row in table.shown_rows() for _, cell in row]


def test_names_are_words_until_the_table_may_lead_on():
    assert cells(leading("RJZ")) == ["King&#x27;s", "Here"] or cells(leading("RJZ")) == ["King's", "Here"]


def test_a_name_leads_to_its_page_and_carries_the_position():
    assert cells(leading("RJZ", carried=""))[0] == '<a href="/providers/RJZ/">King&#x27;s</a>'
    assert cells(leading("RJZ", carried="?position=3"))[0] == '<a href="/providers/RJZ/?position=3">King&#x27;s</a>'


@pytest.mark.parametrize("code", [None, "", float("nan"), pd.NA, HIDDEN, "A/B", "A B", "../admin"])
def test_a_name_without_a_page_leads_nowhere(code):
    assert "<a" not in cells(leading(code, carried=""))[0]


def test_a_page_that_is_not_there_is_led_to_by_nobody():
    assert cells(leading("RJZ", carried=""))[1] == "Here"


def test_markup_in_a_name_stays_words():
    said = cells(leading("RJZ", name="<b>K</b>", carried=""))[0]
    assert said == '<a href="/providers/RJZ/">&lt;b&gt;K&lt;/b&gt;</a>'


def test_files_hold_the_words_alone():
    assert list(leading("RJZ", carried="?position=3").file_rows()) == [["King's", "RJZ", "Here"]]


class Quiet(FigureTable):
    name = TextColumn("Name")
    state = TagColumn("State", tags={"New": "green"}, quiet="", empty="")
    kept = NumberColumn("Kept")

    class Meta:
        caption = "States"
        page_rows = "shown_here"


def quiet(*rows):
    frame = pd.DataFrame(list(rows), columns=["name", "state", "kept", "shown_here"])
    return Quiet(frame)


def headings(table):
    return [str(column.header) for column in table.page_columns]


@pytest.mark.parametrize(
    ("states", "shown"), [(["", ""], False), (["", "New"], True), ([], True)], ids=["nothing to say", "one says", "no rows"]
)
def test_a_column_with_nothing_to_say_is_left_out_of_the_page_and_not_of_files(states, shown):
    table = quiet(*[(f"n{i}", state, i, True) for i, state in enumerate(states)])
    assert ("State" in headings(table)) == shown
    assert table.headings == ["Name", "State", "Kept"]


def test_a_quiet_word_is_no_tag():
    first, second = (row[1][1] for _, row in quiet(("a", "", 1, True), ("b", "New", 2, True)).shown_rows())
    assert str(first) == ""
    assert "nhsuk-tag--green" in str(second)


def test_a_page_leaves_out_rows_that_are_not_for_it_and_files_have_every_one():
    table = quiet(("a", "New", 1, True), ("b", "New", 2, False))
    assert len(list(table.file_rows())) == 2
    table.show_page(None)
    text = (
        engines["django"]
        .from_string('{% include "presentation/table.html" with table=table %}')
        .render({"table": table}, RequestFactory().get("/"))
    )
    assert ">a<" in text.replace("\n", "").replace(" ", "")
    assert ">b<" not in text.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize(
    ("value", "said", "in_file"),
    [(0, "0.00", 0.0), (1, "1.00", 1.0), (12.345, "12.35", 12.345), (-2.5, f"{MINUS}2.50", -2.5), (None, "Not applicable", None)],
)
def test_a_ratio_is_a_plain_number(value, said, in_file):
    column = RatioColumn("£ a head", numerator="price", denominator="people")
    assert (column.cell(value), column.in_file(value)) == (said, in_file)


@pytest.mark.parametrize(
    ("value", "said", "in_file"),
    [
        (0, "0", 0),
        (0.4, "0", 0),
        (0.5, "1", 1),
        (1_234_567.5, "1,234,568", 1_234_568),
        (None, NO_DATA, None),
        (float("nan"), NO_DATA, None),
        (HIDDEN, "*", "*"),
    ],
)
def test_residents_are_whole_people(value, said, in_file):
    column = PopulationColumn("Residents")
    assert (column.cell(value), column.in_file(value)) == (said, in_file)


class Residents(FigureTable):
    home = TextColumn("Home")
    estimated = PopulationColumn("Estimated", count="spells")
    counted = PopulationColumn("Counted")
    spells = ActivityColumn("Spells")

    class Meta:
        caption = "Residents"


def leaving(estimated, spells, mode=Mode.OUTSIDE):
    frame = pd.DataFrame({"home": ["A"], "estimated": [estimated], "counted": [7], "spells": pd.array([spells], dtype="Int64")})
    return disclose(frame, Residents, mode).iloc[0]


@pytest.mark.parametrize(
    ("estimated", "spells", "leaves"),
    [
        (1_249.9, 8_000, 1_200),
        (1_250.0, 8_000, 1_300),
        (49.9, 8_000, 0),
        (1_249.9, 7_000, HIDDEN),
        (1_249.9, 1_000, HIDDEN),
        (1_249.9, 0, 1_200),
        (None, 3_000, None),
    ],
)
def test_an_estimate_leaves_to_the_hundred_and_not_at_all_where_it_rests_on_a_handful(estimated, spells, leaves):
    found = leaving(estimated, spells)["estimated"]
    assert found is leaves if leaves in (HIDDEN, None) else found == leaves


def test_residents_who_are_few_are_no_patients():
    assert leaving(5, 8_000)["counted"] == 0
    assert leaving(5.3, 1_000, Mode.INSIDE)["estimated"] == 5.3


def test_a_population_is_its_own_measure():
    assert PopulationColumn("People").measure == Measure.POPULATION


@given(st.floats(0, 10**8), st.integers(8, 10**6))
def test_what_leaves_is_within_fifty_people_and_whole_hundreds(estimated, spells):
    found = leaving(estimated, spells * 1_000)["estimated"]
    assert found % 100 == 0
    assert abs(found - estimated) <= 50.000001


def test_a_row_without_a_state_has_no_tag_where_there_may_be_nothing_to_say():
    table = quiet(("a", None, 1, True), ("b", "New", 2, True))
    first, second = (row[1][1] for _, row in table.shown_rows())
    assert "nhsuk-tag" not in first
    assert "nhsuk-tag--green" in second
    assert "State" not in headings(quiet(("a", None, 1, True), ("b", "", 2, True)))
