"""Each kind of column: how a cell reads, what it is in a file, how rows are ordered and totals come about."""

import html
import re
from decimal import Decimal

import pandas as pd
import pytest
from django.template import engines
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from presentation.amounts import MINUS, NO_DATA, NOT_APPLICABLE, NOT_KNOWN, POUND, UNIT
from presentation.chart import Measure
from presentation.disclosure import HIDDEN
from presentation.figure import all_figures
from presentation.tables import (
    ActivityColumn,
    FigureTable,
    MoneyColumn,
    NumberColumn,
    PatientsColumn,
    ShareColumn,
    TagColumn,
    TextColumn,
    total_of,
)

KINDS = (TextColumn, TagColumn, MoneyColumn, ActivityColumn, PatientsColumn, ShareColumn, NumberColumn)


def text_of_cells(table):
    return [[re.sub(r"<[^>]+>", "", html.unescape(str(cell))) for _, cell in cells] for _, cells in table.shown_rows()]


def page_of(table, query=""):
    template = engines["django"].from_string('{% include "presentation/table.html" with table=table %}')
    return template.render({"table": table}, RequestFactory().get(f"/{query}"))


@pytest.mark.parametrize(
    ("column", "stored", "said", "in_file"),
    [
        (MoneyColumn(), -1_234_567_8900, f"{MINUS}£1,234,568", Decimal("-1234567.89")),
        (MoneyColumn(show="pence"), -1_234_567_8900, f"{MINUS}£1,234,567.89", Decimal("-1234567.89")),
        (MoneyColumn(show="headline"), -1_234_567_8900, f"{MINUS}£1.2m", Decimal("-1234567.89")),
        (MoneyColumn(signed=True), 5_000, "+£1", Decimal("0.5")),
        (MoneyColumn(signed=True), 4_999, "£0", Decimal("0.4999")),
        (ActivityColumn(), 1_234_500, "1,235", Decimal("1234.5")),
        (ActivityColumn(signed=True), -1_000, f"{MINUS}1", Decimal(-1)),
        (PatientsColumn(), 12_345, "12,345", 12_345),
        (ShareColumn(), 0.1255, "12.6%", 0.1255),
        (ShareColumn(decimals=0), 0.995, "100%", 0.995),
        (ShareColumn(signed=True), -0.05, f"{MINUS}5.0%", -0.05),
        (NumberColumn(), 1_234.0, "1,234", 1_234),
        (NumberColumn(decimals=1), 0.25, "0.3", 0.25),
        (TextColumn(), "King's", "King's", "King's"),
        (TagColumn(), "Over", "Over", "Over"),
    ],
)
def test_a_cell_on_a_page_and_in_a_file(column, stored, said, in_file):
    assert column.cell(stored) == said
    assert column.in_file(stored) == in_file
    assert type(column.in_file(stored)) is type(in_file)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("nothing", [None, pd.NA, float("nan"), ""])
def test_a_cell_with_nothing_has_the_word_of_its_column_and_is_nothing_in_a_file(kind, nothing):
    assert kind().cell(nothing) in (NO_DATA, NOT_KNOWN, NOT_APPLICABLE)
    assert kind(empty="Not loaded").cell(nothing) == "Not loaded"
    assert kind().in_file(nothing) is None


@pytest.mark.parametrize("kind", [k for k in KINDS if k not in (TextColumn, TagColumn)])
def test_nought_is_shown_as_nought(kind):
    assert "0" in kind().cell(0)
    assert kind().in_file(0) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_hidden_is_a_star_whatever_the_column(kind):
    assert kind().cell(HIDDEN) == kind().in_file(HIDDEN) == "*"


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_of_numbers_says_what_it_measures(kind):
    assert kind().is_numeric == (kind not in (TextColumn, TagColumn))
    assert kind().measure in {None, *Measure}


@pytest.mark.parametrize("parts", [{"numerator": "a"}, {"denominator": "b"}])
def test_a_share_of_one_part_is_refused(parts):
    with pytest.raises(ValueError, match="both"):
        ShareColumn(**parts)


class Paid(FigureTable):
    name = TextColumn("Name")
    cost = MoneyColumn("Cost")
    spells = ActivityColumn("Spells")

    class Meta:
        caption = "Paid"
        total_row = True


def paid(costs, spells=None):
    spells = spells or [None] * len(costs)
    frame = pd.DataFrame({"name": [f"n{i}" for i in range(len(costs))], "cost": costs, "spells": spells})
    return frame.astype({"cost": "Int64", "spells": "Int64"})


def with_total(frame, **options):
    return Paid(frame, total=total_of(frame, Paid).iloc[0].to_dict(), **options)


def number_in(text):
    return int(text.replace(MINUS, "-").replace("£", "").replace(",", ""))


MONEY = st.lists(st.one_of(st.none(), st.integers(-(10**10), 10**10)), min_size=1, max_size=8)


@settings(max_examples=25)
@given(MONEY)
def test_the_column_that_people_add_up_gives_the_total_they_see(costs):
    table = with_total(paid(costs))
    shown = [row[1] for row in text_of_cells(table)]
    total = next(text for bound, text, _ in table.total_cells if bound.name == "cost")
    known = [number_in(text) for text in shown if text != NO_DATA]
    assert total == NOT_APPLICABLE if not known else number_in(total) == sum(known)
    assert [text == NO_DATA for text in shown] == [cost is None for cost in costs]


@settings(max_examples=25)
@given(MONEY)
def test_no_cell_is_off_by_a_pound_or_more_for_the_sake_of_its_total(costs):
    for text, cost in zip((row[1] for row in text_of_cells(with_total(paid(costs)))), costs, strict=True):
        assert cost is None or abs(number_in(text) * POUND - cost) < POUND


def test_files_hold_what_is_stored_and_not_what_was_rounded_to_add_up():
    table = with_total(paid([15_000, 15_000, 15_000]))
    assert [row[1] for row in table.file_rows()] == [Decimal("1.5")] * 3
    assert table.file_total()[1] == Decimal("4.5")


def test_a_total_with_nothing_to_add_is_not_nought():
    table = with_total(paid([None, None]))
    assert [text for _, text, _ in table.total_cells][1:] == [NOT_APPLICABLE, NOT_APPLICABLE]
    assert table.file_total() == ["Total", None, None]


@settings(max_examples=25)
@given(st.lists(st.one_of(st.none(), st.just(HIDDEN), st.integers(-99, 99)), max_size=9), st.booleans())
def test_rows_are_in_order_and_what_has_no_number_is_last_either_way(costs, falls):
    frame = pd.DataFrame({"name": ["n"] * len(costs), "cost": pd.Series(costs, dtype=object), "spells": None})
    ordered = [record["cost"] for record in Paid(frame, order_by="-cost" if falls else "cost").data.data]
    known = [cost for cost in ordered if isinstance(cost, int)]
    assert known == sorted((c for c in costs if isinstance(c, int)), reverse=falls)
    assert ordered[: len(known)] == known
    assert sum(c is HIDDEN for c in ordered) == sum(c is HIDDEN for c in costs)


def test_names_are_ordered_without_regard_to_capitals():
    frame = paid([1, 2, 3]).assign(name=["beta", "Alpha", "alpha centauri"])
    assert [row[0] for row in Paid(frame, order_by="name").file_rows()] == ["Alpha", "alpha centauri", "beta"]


def test_a_hidden_row_shows_no_rounding_of_the_others():
    """Rounded to their total, the other rows would tell how much is hidden."""
    table = Paid([{"name": "a", "cost": HIDDEN, "spells": None}, {"name": "b", "cost": 14_999, "spells": None}],
                 total={"cost": 30_000, "spells": None})  # fmt: skip
    assert [row[1] for row in text_of_cells(table)] == ["*", "£1"]


def test_the_label_of_a_total_spans_the_words_before_the_first_number():
    spans = [(text, wide) for _, text, wide in with_total(paid([POUND], [2 * UNIT])).total_cells]
    assert spans == [("Total", 1), ("£1", 1), ("2", 1)]
    assert sum(wide for _, wide in spans) == len(list(Paid(paid([1])).columns))


@pytest.mark.parametrize("rows", [0, 1, 49, 50, 51, 100, 101])
def test_pages_of_a_table_hold_each_row_once(rows):
    seen = []
    for number in range(1, max(1, -(-rows // 50)) + 1):
        table = Paid(paid(list(range(rows))))
        table.show_page(str(number))
        seen += [row[0] for row in text_of_cells(table)]
    assert seen == [f"n{i}" for i in range(rows)]


@pytest.mark.parametrize("asked", ["", "  ", "1e9", "²", "-3", "9" * 30, "<script>", "1;2"])
def test_a_page_that_is_none_is_the_nearest_one(asked):
    table = Paid(paid(list(range(60))))
    table.show_page(asked)
    assert table.page.number in (1, 2)


def test_every_cell_of_a_page_stands_under_a_heading_and_beside_a_row_name():
    shown = page_of(with_total(paid([POUND, None], [UNIT, 0])))
    assert len(re.findall(r'<th[^>]*scope="col"', shown)) == 3
    body = shown.split("<tbody")[1].split("</tbody>")[0]
    rows = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    assert len(rows) == 2
    for row in rows:
        assert len(re.findall(r'<th[^>]*scope="row"', row)) == 1
        assert len(re.findall(r"<td", row)) == 2
    assert re.search(r"<caption[^>]*>\s*Paid", shown)


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "A & B's"])
def test_words_from_anywhere_are_words_on_the_page(payload):
    class Hostile(FigureTable):
        name = TextColumn(payload)
        state = TagColumn("State", tags={"Over": "red"})
        empty = TextColumn("Empty", empty=payload)

    shown = page_of(Hostile([{"name": payload, "state": payload, "empty": ""}], caption=payload))
    assert "<script" not in shown
    assert "<img" not in shown
    assert html.unescape(shown).count(payload) >= 4


def test_a_tag_has_the_colour_of_its_word_and_grey_for_any_other():
    class Tagged(FigureTable):
        state = TagColumn("State", tags={"Over": "red"})

    shown = page_of(Tagged([{"state": "Over"}, {"state": "Odd"}]))
    assert re.search(r"nhsuk-tag--red[^>]*>Over<", shown)
    assert re.search(r"nhsuk-tag--grey[^>]*>Odd<", shown)


@pytest.mark.parametrize("figure", all_figures(), ids=lambda figure: figure.name)
def test_money_of_every_registered_figure_names_counts_that_can_be_looked_up(figure):
    """Disclosure reads the count behind money and the parts of a share by name: a misspelt one must not wait for a reader."""
    columns = {str(column.accessor or name): column for name, column in figure.table.base_columns.items()}
    for name, column in columns.items():
        assert set(column.parts) <= set(columns), name
        assert not column.parts or column.measure == Measure.SHARE
        assert name not in column.counts
        assert not column.counts or column.measure in (Measure.MONEY, Measure.SHARE, Measure.NUMBER, Measure.POPULATION)


@pytest.mark.parametrize("figure", all_figures(), ids=lambda figure: figure.name)
def test_headings_of_every_registered_figure_are_told_apart(figure):
    table = figure.table([])
    assert len({heading.lower() for heading in table.headings}) == len(table.headings)
    assert all(heading.strip() for heading in table.headings)
    assert table.caption or figure.heading
