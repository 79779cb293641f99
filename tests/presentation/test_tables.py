import re
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from django.template import engines
from django.test import RequestFactory

from presentation.amounts import POUND, UNIT
from presentation.disclosure import HIDDEN, disclose
from presentation.figure import Mode
from presentation.tables import FigureTable, MoneyColumn, NumberColumn, ShareColumn, TagColumn, TextColumn, total_of

from .demo import DemoTable, EveryColumn, demo_frame


def table(**options):
    total = total_of(demo_frame(), DemoTable).iloc[0].to_dict()
    return DemoTable(disclose(demo_frame(), DemoTable, Mode.INSIDE), total=total, prefix="demo-", **options)


def html(shown, query=""):
    template = engines["django"].from_string('{% include "presentation/table.html" with table=table %}')
    return template.render({"table": shown}, RequestFactory().get(f"/{query}"))


def texts(shown):
    return [[str(cell) for _, cell in row.items()] for row in shown.rows]


def test_cells_read_as_people_write_them():
    first, small, missing, nought = texts(table())
    assert first[:5] == ["King's", "£300,000,000", "£314,200,001", "1,203", "1,000"]
    assert small[4] == "*"
    assert missing[1:6] == ["No data", "No data", "No data", "No data", "Not applicable"]
    assert nought[1] == "−£123"
    assert nought[3] == "0"


def test_no_cell_is_empty():
    assert all(cell.strip() for row in texts(table()) for cell in row)


def test_rounded_money_adds_up_to_its_rounded_total():
    class Parts(FigureTable):
        name = TextColumn()
        cost = MoneyColumn()

    frame = pd.DataFrame({"name": list("abc"), "cost": [15_000, 15_000, 15_000]})
    shown = Parts(frame, total={"cost": 45_000})
    assert [row[1] for row in texts(shown)] == ["£2", "£2", "£1"]
    assert shown.total_cells[1][1] == "£5"


def test_the_total_row_sums_money_and_activity_and_not_people():
    cells = {bound.name: text for bound, text, _ in table().total_cells}
    assert cells["provider"] == "Total"
    assert cells["planned_price"] == "£300,019,877"
    assert cells["spells"] == "1,208"
    assert cells["patients"] == "Not applicable"
    assert cells["share"] == "100.0%"


def test_the_total_of_a_share_divides_the_sums():
    class Ratio(FigureTable):
        name = TextColumn()
        home = MoneyColumn()
        all = MoneyColumn()
        share = ShareColumn(numerator="home", denominator="all")

    frame = pd.DataFrame({"name": ["a", "b"], "home": [1, 1], "all": [2, 6], "share": [0.5, 1 / 6]})
    assert total_of(frame, Ratio)["share"].iloc[0] == 0.25


def test_a_share_needs_both_its_parts():
    with pytest.raises(ValueError, match="both a numerator and a denominator"):
        ShareColumn("Share", numerator="spells")


def test_files_get_numbers_as_numbers():
    rows = list(table().file_rows())
    assert rows[0][1:5] == [Decimal("300000000"), Decimal("314200000.5"), Decimal("1203"), 1_000]
    assert rows[1][4] == "*"
    assert rows[2][1:6] == [None] * 5
    assert table().keys == ["provider", "planned_price", "actual_price", "spells", "patients", "share", "state"]
    assert table().headings[0] == "Provider"


def test_number_columns_keep_their_decimals():
    shown = EveryColumn(pd.DataFrame({"name": ["x"], "index": [1.005], "distance": [0.039], "change": [-5_000 * POUND]}))
    assert texts(shown) == [["x", "1.01", "+3.9%", "−£5k"]]
    assert NumberColumn().exact(3.0) == 3


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        ("planned_price", ["Croydon", "=cmd|' /C calc'!A0", "King's", "Kingston"]),
        ("-planned_price", ["King's", "=cmd|' /C calc'!A0", "Croydon", "Kingston"]),
        ("-patients", ["King's", "Croydon", "=cmd|' /C calc'!A0", "Kingston"]),
        ("provider", ["=cmd|' /C calc'!A0", "Croydon", "King's", "Kingston"]),
        ("no_such_column", ["King's", "=cmd|' /C calc'!A0", "Kingston", "Croydon"]),
    ],
)
def test_sorting_is_by_what_is_stored_with_empty_and_hidden_cells_last(order_by, expected):
    assert [row[0] for row in table(order_by=order_by).file_rows()] == expected


def test_rows_that_are_totals_stay_at_the_end_however_sorted():
    class Bridge(FigureTable):
        step = TextColumn()
        amount = MoneyColumn()

        class Meta:
            total_rows = "total"

    frame = pd.DataFrame({"step": ["b", "a", "all"], "amount": [2, 1, 3], "total": [False, False, True]})
    assert [row[0] for row in Bridge(frame, order_by="step").file_rows()] == ["a", "b", "all"]
    assert "app-table__total" in html(Bridge(frame))


def test_the_page_has_caption_scopes_and_numbers_to_the_right():
    shown = html(table())
    assert ">Spend against plan by provider</caption>" in shown
    assert shown.count('scope="col"') == 7
    assert shown.count('scope="row"') == 5
    assert 'class="nhsuk-table__cell nhsuk-table__cell--numeric">£300,000,000</td>' in shown
    assert '<strong class="nhsuk-tag nhsuk-tag--red">Over</strong>' in shown


def test_hostile_words_are_escaped():
    hostile = "<svg onload=alert(1)>"
    shown = html(EveryColumn([{"name": hostile, "index": 1}], caption=hostile))
    assert hostile not in shown
    assert "&lt;svg onload" in shown


def test_headings_sort_by_address_and_keep_the_filters():
    shown = html(table(order_by="-actual_price"), "?year=2025%2F26")
    link = shown.split('href="')[3].split('"')[0].replace("&amp;", "&")
    query = parse_qs(urlsplit(link).query)
    assert query == {"year": ["2025/26"], "demo-sort": ["actual_price"]}
    assert urlsplit(link).fragment == "table-demo"
    assert 'aria-sort="descending"' in shown


def test_an_empty_table_says_so():
    assert ">No data</td>" in html(EveryColumn([]))


def test_long_tables_are_cut_into_pages_by_address():
    rows = [{"name": f"n{i}", "index": i} for i in range(30)]
    shown = EveryColumn(rows)
    shown.paginate(page=2, per_page=10)
    page = html(shown, "?state=open")
    assert "n10" in page
    assert "n20" not in page
    assert "?state=open&amp;page=3" in page
    assert "1 of 3" in page


def test_hidden_cells_are_never_rounded_into_a_total():
    class Parts(FigureTable):
        cost = MoneyColumn()
        spells = NumberColumn()

    shown = Parts([{"cost": HIDDEN, "spells": 5 * UNIT}, {"cost": 15_000, "spells": 1}], total={"cost": 30_000})
    assert [row[0] for row in texts(shown)] == ["*", "£2"]


def many_rows(times=30):
    frame = pd.concat([demo_frame()] * times, ignore_index=True)
    return DemoTable(frame.assign(patients=range(len(frame))), prefix="demo-", order_by="-patients")


@pytest.mark.parametrize(
    ("asked", "page", "first"),
    [(None, 1, "119"), ("2", 2, "69"), ("3", 3, "19"), ("99", 3, "19"), ("0", 1, "119"), ("-1", 1, "119"), ("x", 1, "119")],
)
def test_a_long_table_is_shown_a_page_at_a_time_in_its_order(asked, page, first):
    table = many_rows()
    table.show_page(asked)
    rows = list(table.shown_rows())
    assert table.page.number == page
    assert len(rows) == (20 if page == 3 else 50)
    assert [cell for column, cell in rows[0][1] if column.name == "patients"] == [first]


def test_files_of_a_table_have_every_row_whatever_page_is_shown():
    table = many_rows()
    table.show_page("2")
    assert len(list(table.file_rows())) == 120


def test_cells_of_a_row_are_what_django_tables2_makes_of_them():
    table = many_rows()
    table.show_page(None)
    for row, cells in table.shown_rows():
        assert cells == list(row.items())


def test_a_long_table_says_which_rows_it_shows_and_leads_on():
    table = many_rows()
    table.show_page("2")
    page = html(table, "?year=2024/25")
    assert "Rows 51 to 100 of 120. The files have every row." in page
    links = dict.fromkeys(re.findall(r'href="(\?[^"]*-page=[^"]*)"', page))
    assert list(links) == [f"?year=2024%2F25&amp;demo-page={number}#table-demo" for number in (1, 3)]


def test_rows_of_a_very_long_table_are_counted_with_commas():
    table = many_rows(309)
    table.show_page("25")
    assert "Rows 1,201 to 1,236 of 1,236." in html(table, "")


def test_a_short_table_has_no_pages():
    short = table()
    short.show_page("2")
    assert "Rows 1" not in html(short)
    assert "nhsuk-pagination" not in html(short)


class Folded(FigureTable):
    name = TextColumn("Name")
    code = TextColumn("Code", on_page=False)
    april = TagColumn("Apr", tags={"In": "green"}, quiet="Not due")
    may = TagColumn("May", tags={"In": "green"}, quiet="Not due")

    class Meta:
        caption = "Months"
        page_rows = "is_shown"


def folded():
    rows = [
        {"name": "A", "code": "1", "april": "In", "may": "Not due", "is_shown": True},
        {"name": "B", "code": "2", "april": "Not due", "may": "Not due", "is_shown": True},
        {"name": "C", "code": "3", "april": "In", "may": "Not due", "is_shown": False},
    ]
    return Folded(rows, prefix="folded-")


def test_a_page_leaves_out_what_has_nothing_to_say_and_files_keep_it():
    shown = folded()
    assert [c.name for c in shown.page_columns] == ["name", "april"]
    assert shown.headings == ["Name", "Code", "Apr", "May"]
    assert [row[1] for row in shown.file_rows()] == ["1", "2", "3"]


def test_a_page_shows_the_rows_that_are_marked():
    shown = folded()
    shown.show_page(None)
    page = html(shown)
    assert [row.record["name"] for row, _ in shown.shown_rows()] == ["A", "B"]
    assert ">C<" not in page
    assert ">Code<" not in page


def test_a_word_of_nothing_to_say_is_no_tag():
    page = html(folded())
    assert '<strong class="nhsuk-tag nhsuk-tag--green">In</strong>' in page
    assert '<td class="nhsuk-table__cell">Not due</td>' in page


class Ranked(FigureTable):
    name = TextColumn("Name")

    class Meta:
        caption = "Largest first"
        rows_on_a_page = 2


@pytest.mark.parametrize(("asked", "names"), [(None, ["A", "B"]), ("2", ["C", "D"]), ("99", ["E"])])
def test_a_ranked_table_shows_as_many_rows_as_it_says(asked, names):
    table = Ranked([{"name": name} for name in "ABCDE"], prefix="ranked-")
    table.show_page(asked)
    assert [row.record["name"] for row, _ in table.shown_rows()] == names
    assert len(list(table.file_rows())) == 5
