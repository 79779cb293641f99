"""Marks and cells that lead to pages of their own, and columns that are there only where the frame has them."""

from types import SimpleNamespace

import pandas as pd
import plotly.graph_objects as go
import pytest

from presentation import marks
from presentation.amounts import POUND
from presentation.chart import Chart, ChartKind, Measure
from presentation.drawing_plotly import plotly_spec
from presentation.linked_columns import LinkedColumn
from presentation.run import run_figure
from presentation.tables import FigureTable, MoneyColumn, ShareColumn, TextColumn
from tests.readers import Reader

from . import demo

SAID = {"title": "King's spends most", "summary": "It does.", "units": "£", "source": "ACM"}


def chart_of(kind: ChartKind, columns: dict, addresses: list[str]) -> Chart:
    frame = pd.DataFrame({"home": ["Kent", "Surrey"], "who": ["King's", "Oxleas"], "cost": [2 * POUND, POUND]})
    roles = {**columns, "link": "address"}
    return Chart(kind=kind, frame=frame.assign(address=addresses), columns=roles, measure=Measure.MONEY, **SAID)


KINDS = [
    (ChartKind.BARS, {"label": "home", "value": "cost"}),
    (ChartKind.SANKEY, {"source": "home", "target": "who", "value": "cost"}),
]


@pytest.mark.parametrize(("kind", "columns"), KINDS)
def test_every_mark_has_the_address_of_its_row(kind, columns):
    drawn = plotly_spec(chart_of(kind, columns, ["/kent/", "/surrey/"]))
    assert drawn["data"][0]["meta"] == ["/kent/", "/surrey/"]
    assert go.Figure(data=drawn["data"]).data[0].meta


@pytest.mark.parametrize(("kind", "columns"), KINDS)
def test_where_no_mark_leads_anywhere_nothing_is_said_of_it(kind, columns):
    assert "meta" not in plotly_spec(chart_of(kind, columns, ["", ""]))["data"][0]


def test_a_cell_of_a_heatmap_has_its_own_address_and_rows_go_from_the_bottom_up():
    chart = chart_of(ChartKind.HEATMAP, {"row": "home", "column": "who", "value": "cost"}, ["/kent/", "/surrey/"])
    trace = plotly_spec(chart)["data"][0]
    assert trace["y"] == ["Surrey", "Kent"]
    assert trace["meta"] == [["", "/surrey/"], ["/kent/", ""]]
    assert marks.grid(chart).links == [["/kent/", ""], ["", "/surrey/"]]


def test_a_heatmap_without_addresses_has_none():
    assert marks.grid(demo.heatmap()).links == []
    assert "meta" not in plotly_spec(demo.heatmap())["data"][0]


class LinkedTable(FigureTable):
    home = LinkedColumn("Home", link="address", also="who")
    who = TextColumn("Provider")
    before = MoneyColumn("Last year", optional=True)
    share = ShareColumn("Share of last year", numerator="cost", denominator="before", optional=True)
    cost = MoneyColumn("Cost")

    class Meta:
        caption = "Flows"
        total_row = True


def cells(table: FigureTable) -> list[str]:
    [(_, row)] = table.shown_rows()
    return [str(cell) for _, cell in row]


def row_of(**more) -> dict:
    return {"home": "Kent & Medway", "who": "King's <b>", "cost": POUND, "address": "/flow/?home=QKS&provider=RJZ", **more}


def test_a_name_leads_to_its_page_and_is_told_apart_for_whoever_hears_it():
    first = cells(LinkedTable([row_of()], exclude=["before", "share"]))[0]
    assert 'href="/flow/?home=QKS&amp;provider=RJZ"' in first
    assert "Kent &amp; Medway" in first
    assert '<span class="nhsuk-u-visually-hidden"> to King&#x27;s &lt;b&gt;</span>' in first


@pytest.mark.parametrize("address", ["", None])
def test_a_name_without_an_address_is_a_name(address):
    assert cells(LinkedTable([row_of(address=address)], exclude=["before", "share"]))[0] == "Kent & Medway"


def figure_of(frame: pd.DataFrame):
    form = type("Form", (), {"__init__": lambda self, data, *, reader, page: None, "is_valid": lambda self: True})
    form.cleaned_data = {"position": None}
    return SimpleNamespace(
        name="demo",
        heading="Demo",
        form=form,
        query=lambda reader, filters: frame,
        calculation=lambda read, filters: read,
        table=LinkedTable,
        chart=None,
        note=lambda frame, filters: (),
        stamp=lambda filters: (),
        rests_on="reference",
    )


def result_of(frame: pd.DataFrame, mode="inside"):
    return run_figure(figure_of(frame), Reader(mode), {}, page=True)


def test_a_column_that_the_frame_has_not_is_on_no_page_and_in_no_file():
    result = result_of(pd.DataFrame([row_of()]))
    assert result.table.headings == ["Home", "Provider", "Cost"]
    assert [len(row) for row in result.table.file_rows()] == [3]
    assert result.table.file_total() == ["Total", None, 1]


def test_a_column_that_the_frame_has_is_there_with_its_total():
    result = result_of(pd.DataFrame([row_of(before=4 * POUND, share=0.25)]))
    assert result.table.headings == ["Home", "Provider", "Last year", "Share of last year", "Cost"]
    assert result.total["share"] == 0.25


@pytest.mark.parametrize("mode", ["inside", "outside"])
def test_a_share_of_what_is_not_there_makes_no_fault(mode):
    result = result_of(pd.DataFrame([row_of()]), mode)
    assert "share" not in result.total
    assert result.frame["cost"].tolist() == [POUND if mode == "inside" else 0]
