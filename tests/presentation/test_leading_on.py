"""Names in tables that are links to pages of their own, and words at the ends of lines that are close."""

import pandas as pd
import pytest
from django.utils.html import escape

from presentation import marks
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import HIDDEN
from presentation.drawing_plotly import plotly_spec
from presentation.drawing_svg import draw_svg
from presentation.tables import FigureTable, MoneyColumn, TextColumn


class Named(FigureTable):
    name = TextColumn("Provider", leads_to=("programme:provider", "code"))
    code = TextColumn("Code", on_page=False)
    gone = TextColumn("Elsewhere", leads_to=("nowhere:at_all", "code"))
    plain = TextColumn("Plain", wide=True)
    price = MoneyColumn("Cost")


def cells(*, carried: str | None = "", **row) -> dict[str, str]:
    table = Named([{"name": "King's", "code": "RJZ", "gone": "x", "plain": "<b>", "price": 1, **row}])
    if carried is not None:
        table.lead_on(carried)
    [(_, shown)] = table.shown_rows()
    return {column.name: str(cell) for column, cell in shown}


def test_a_name_with_a_page_is_a_link_once_its_table_leads_on():
    assert cells()["name"] == '<a href="/providers/RJZ/">King&#x27;s</a>'
    assert cells(carried=None)["name"] == "King's"


def test_links_carry_what_every_link_of_the_page_carries():
    assert 'href="/providers/RJZ/?position=3"' in cells(carried="?position=3")["name"]


@pytest.mark.parametrize("code", [None, "", float("nan"), HIDDEN, "no such/address"])
def test_what_has_no_page_is_no_link(code):
    assert cells(code=code)["name"] == "King's"


def test_a_page_that_is_not_there_is_no_link():
    assert cells()["gone"] == "x"


def test_hidden_names_stay_hidden():
    assert ">*</a>" in cells(name=HIDDEN)["name"]


def test_markup_in_a_name_is_written_out():
    assert escape("<i>") in cells(name="<i>")["name"]
    assert "<i>" not in cells(name="<i>")["name"]


def test_files_hold_the_words_alone():
    table = Named([{"name": "King's", "code": "RJZ", "gone": "x", "plain": "p", "price": 1}])
    table.lead_on("")
    assert next(table.file_rows())[0] == "King's"


def test_names_are_sorted_by_what_they_say():
    table = Named(
        [{"name": n, "code": c, "gone": "", "plain": "", "price": 1} for n, c in (("b", "A"), ("a", "B"))], order_by="name"
    )
    table.lead_on("")
    assert [row.record["name"] for row, _ in table.shown_rows()] == ["a", "b"]


def lines(**series: list[float]) -> list[marks.Line]:
    return marks.lines(chart_of(**series))


def chart_of(**series: list[float]) -> Chart:
    rows = [(name, str(x), value) for name, values in series.items() for x, value in enumerate(values)]
    return Chart(
        kind=ChartKind.LINE_RANGE,
        frame=pd.DataFrame(rows, columns=["series", "x", "value"]),
        columns={"x": "x", "value": "value", "series": "series"},
        measure=Measure.NUMBER,
        title="Two lines",
        summary="Two lines.",
        units="Things",
        source="A test",
    )


@pytest.mark.parametrize(
    ("series", "below"),
    [
        ({"a": [1, 100], "b": [1, 98]}, {"b"}),
        ({"a": [1, 98], "b": [1, 100]}, {"a"}),
        ({"a": [1, 100], "b": [1, 50]}, set()),
        ({"a": [1, 100], "b": [1, 98], "c": [1, 96]}, {"b"}),
        ({"a": [1, 100]}, set()),
        ({"a": [float("nan")], "b": [1, 2]}, set()),
        ({"a": [0, 0], "b": [0, 0]}, set()),
    ],
)
def test_of_lines_that_end_close_the_lower_says_its_words_below(series, below):
    assert {line.name for line in lines(**series) if line.end_below} == below


def test_both_drawings_put_the_words_apart():
    chart = chart_of(a=[1, 100], b=[1, 98])
    places = [trace["textposition"] for trace in plotly_spec(chart)["data"] if trace.get("textposition")]
    assert sorted(places) == ["bottom left", "top left"]
    assert draw_svg(chart).count("<text") > 2
