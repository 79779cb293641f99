import json
import xml.etree.ElementTree as ET

import pandas as pd
import plotly.graph_objects as go
import pytest

from presentation import marks, theme
from presentation.amounts import POUND
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import HIDDEN
from presentation.drawing_plotly import plotly_spec
from presentation.drawing_svg import NARROW, WIDE, WIDEST, draw_svg

from . import demo

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<svg onload=alert(1)>&\"' $x^{ %{y}"


def svg(chart, **options):
    return ET.fromstring(draw_svg(chart, **options))  # noqa: S314


def svg_words(chart, **options):
    return ["".join(text.itertext()) for text in svg(chart, **options).iter(f"{SVG}text")]


def spec(chart):
    return plotly_spec(chart)


def with_words(chart, said):
    """The same chart with other names in every column of words."""
    frame = chart.frame.copy()
    for name in frame.columns:
        if frame[name].map(lambda v: isinstance(v, str)).all():
            frame[name] = [f"{said}{word}" for word in frame[name]]
    return Chart(**{**vars(chart), "frame": frame, "title": said, "summary": said})


@pytest.mark.parametrize("make", demo.CHARTS, ids=lambda make: make.__name__)
def test_every_kind_is_drawn_both_ways(make):
    chart = make()
    drawn = spec(chart)
    assert drawn["kind"] == chart.kind
    assert drawn["data"]
    assert "bdata" not in json.dumps(drawn)
    assert not {trace["type"] for trace in drawn["data"]} & {"choropleth", "scattergeo", "scattermap"}
    assert svg(chart).tag == f"{SVG}svg"


@pytest.mark.parametrize("make", demo.CHARTS, ids=lambda make: make.__name__)
def test_plotly_knows_every_property_of_every_kind(make):
    """Its own objects refuse a property or a value that it would silently leave out in the browser."""
    drawn = spec(make())
    checked = json.loads(go.Figure(data=drawn["data"], layout=drawn["layout"]).to_json())
    assert [set(trace) for trace in checked["data"]] == [set(trace) for trace in drawn["data"]]
    with pytest.raises(ValueError, match="Invalid property"):
        go.Figure(data=[{**drawn["data"][0], "no_such_property": 1}])


@pytest.mark.parametrize("make", demo.CHARTS, ids=lambda make: make.__name__)
def test_a_drawing_is_plain_and_has_no_number_that_json_does_not_know(make):
    drawn = spec(make())
    assert json.loads(json.dumps(drawn, allow_nan=False)) == drawn


def test_what_is_no_number_is_a_gap():
    frame = pd.DataFrame({"n": ["a", "b"], "lat": [51.0, float("nan")], "lon": [0.1, 0.2], "v": [POUND, POUND]})
    columns = {"label": "n", "latitude": "lat", "longitude": "lon", "value": "v"}
    chart = Chart(kind=ChartKind.MAP, frame=frame, columns=columns, measure=Measure.MONEY, **demo.words())
    assert spec(chart)["data"][-1]["y"] == [51.0, None]


def test_every_kind_is_tried():
    assert {make().kind for make in demo.CHARTS} == set(ChartKind)


@pytest.mark.parametrize("make", demo.CHARTS, ids=lambda make: make.__name__)
def test_svg_can_be_read_without_being_seen(make):
    root = svg(make())
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "title desc"
    assert root.find(f"{SVG}title").text == "King's spends most"
    assert root.find(f"{SVG}desc").text == make().summary
    assert list(root.iter(f"{SVG}text"))


@pytest.mark.parametrize("make", demo.CHARTS, ids=lambda make: make.__name__)
def test_svg_escapes_hostile_words(make):
    made = draw_svg(with_words(make(), HOSTILE))
    root = ET.fromstring(made)  # noqa: S314
    assert not [e for e in root.iter() if e.tag in {f"{SVG}script", f"{SVG}foreignObject"} or e.get("onload")]
    assert root.find(f"{SVG}title").text == HOSTILE


@pytest.mark.parametrize("make", demo.CHARTS, ids=lambda make: make.__name__)
def test_svg_is_the_same_every_time_and_asks_for_nothing(make):
    made = draw_svg(make())
    assert made == draw_svg(make())
    assert "http" not in made.replace("http://www.w3.org/", "")
    assert "DejaVu" not in made
    assert "<metadata" not in made
    assert "<!DOCTYPE" not in made


@pytest.mark.parametrize("make", demo.CHARTS, ids=lambda make: make.__name__)
def test_a_chart_of_no_rows_is_drawn_empty(make):
    chart = make()
    empty = Chart(**{**vars(chart), "frame": chart.frame.iloc[:0], "emphasis": ()})
    assert spec(empty)["kind"] == chart.kind
    assert draw_svg(empty).startswith("<svg")


def test_svg_has_the_width_it_is_shown_at():
    assert svg(demo.bars()).get("viewBox") == f"0 0 {WIDE} {3 * 34 + 20}"
    assert svg(demo.bars(), narrow=True).get("viewBox").split()[2] == str(NARROW)
    assert svg(demo.sankey()).get("width") == str(WIDEST)


def test_bars_carry_their_numbers_on_both_drawings():
    assert spec(demo.bars())["data"][0]["text"] == ["+£14.2m", "+£4.0m", "−£600k"]
    assert {"+£14.2m", "+£4.0m", "−£600k"} <= set(svg_words(demo.bars()))


def test_bars_emphasise_what_they_are_told_to():
    colours = spec(demo.bars(emphasis=("Epsom",)))["data"][0]["marker"]["color"]
    assert colours == [theme.GREY, theme.GREY, theme.BLUE]
    assert [b.colour for b in marks.bars(demo.bars())] == [theme.BLUE, theme.BLUE, theme.GREY]


def test_hidden_and_missing_bars_have_words_and_no_length():
    frame = pd.DataFrame({"who": ["a", "b", "c"], "cost": pd.Series([HIDDEN, None, 5 * POUND], dtype=object)})
    words = demo.words()
    chart = Chart(kind=ChartKind.BARS, frame=frame, columns={"label": "who", "value": "cost"}, measure=Measure.MONEY, **words)
    assert [(b.end, b.text) for b in marks.bars(chart)] == [(0, "*"), (0, "No data"), (5.0, "£5")]
    assert "*" in svg_words(chart)


def test_parts_of_a_bar_follow_each_other_and_small_ones_have_no_words():
    bars = marks.stacked_bars(demo.stacked_bars())
    assert [(round(b.start), round(b.end)) for b in bars[:3]] == [(0, 58), (58, 97), (97, 100)]
    traces = spec(demo.stacked_bars())["data"]
    assert [t["text"] for t in traces] == [["58.0%", "100.0%"], ["39.0%"], ["3.0%"]]
    assert "3.0%" not in svg_words(demo.stacked_bars())
    assert "39.0%" in svg_words(demo.stacked_bars())
    assert [item["label"] for item in spec(demo.stacked_bars())["key"]] == ["South London", "Kent", "Wales"]


def test_steps_of_a_waterfall_begin_where_the_last_one_ended():
    bars = marks.waterfall(demo.waterfall())
    assert [(b.start / 1e6, b.end / 1e6) for b in bars] == [(0, 15), (15, 36), (36, 26), (0, 26)]
    assert [b.text for b in bars] == ["£15.0m", "+£21.0m", "−£10.0m", "£26.0m"]
    assert spec(demo.waterfall())["said"] == ""


def test_a_waterfall_of_small_steps_is_cut_and_says_so():
    drawn = spec(demo.waterfall(start=2_100, end=2_111))
    assert drawn["layout"]["xaxis"]["range"][0] > 2_000e6
    assert "does not begin at £0" in drawn["said"]


def test_lines_keep_gaps_ranges_and_end_in_their_names():
    nothing, plans = marks.lines(demo.line_range())
    assert nothing.end_text == "Do nothing £61.0m"
    assert list(zip(plans.xs, plans.texts, strict=True))[1] == ("2027/28", "No data")
    assert plans.dashed
    assert plans.lows == [None, None, None]
    assert nothing.highs == [19e6, 44e6, 77e6]
    traces = spec(demo.line_range())["data"]
    assert [t.get("fill") for t in traces] == ["toself", None, None]
    assert traces[2]["line"]["dash"] == "dash"
    assert "With plans £33.0m" in svg_words(demo.line_range())


def test_axes_have_round_places_in_words():
    assert [t for _, t in marks.ticks(demo.line_range(), [0.0, 77e6])] == ["£0", "£20m", "£40m", "£60m"]
    assert [t for _, t in marks.ticks(demo.dot_plot(), [-4.4, 3.9])] == ["−4%", "−2%", "0%", "2%"]
    assert [t for _, t in marks.ticks(demo.dot_plot(), [0.0, 1.0])] == ["0%", "0.2%", "0.4%", "0.6%", "0.8%", "1%"]
    assert [t for _, t in marks.ticks(demo.line_range(), [0.0, 3e9])][1:] == ["£1bn", "£2bn", "£3bn"]
    assert marks.ticks(demo.spc(), []) == marks.ticks(demo.spc(), [0.0, 1.0])


def test_dots_of_the_last_series_are_filled_and_joined_to_the_first():
    points = marks.points(demo.dot_plot())
    assert [p.filled for p in points] == [False, False, True, True]
    drawn = spec(demo.dot_plot())
    assert drawn["data"][0]["x"] == [pytest.approx(3.9), pytest.approx(2.9), None, pytest.approx(-4.4), pytest.approx(-3.1), None]
    assert drawn["layout"]["shapes"][0]["x0"] == -2.5
    assert [item["mark"] for item in drawn["key"]] == ["ring", "dot"]


def test_dots_of_two_series_carry_their_numbers_above_and_below():
    rings, filled = [t for t in spec(demo.dot_plot())["data"] if t["mode"] != "lines"]
    assert (rings["mode"], rings["textposition"]) == ("markers+text", "bottom center")
    assert filled["textposition"] == "top center"
    assert filled["text"] == ["+2.9%", "−3.1%"]
    assert "+3.9%" in svg_words(demo.dot_plot())


def test_three_series_of_dots_have_a_colour_each():
    frame = pd.DataFrame({"who": ["A"] * 3, "what": ["age", "need", "market"], "index": [1.02, 0.99, 1.001]})
    columns = {"label": "who", "series": "what", "value": "index"}
    made = Chart(kind=ChartKind.DOT_PLOT, frame=frame, columns=columns, measure=Measure.NUMBER, title="t", summary="s",
                 units="u", source="s", options={"decimals": 3, "origin": 1.0})  # fmt: skip
    drawn = spec(made)
    assert len({item["colour"] for item in drawn["key"]}) == 3
    assert [t["mode"] for t in drawn["data"]] == ["lines", "markers", "markers", "markers"]
    assert min(drawn["layout"]["xaxis"]["tickvals"]) > 0.9


def test_names_of_a_sankey_stand_beside_its_nodes():
    drawn = spec(demo.sankey())
    node, names = drawn["data"][0]["node"], drawn["layout"]["annotations"]
    assert [n["text"] for n in names] == node["label"]
    assert [round(1 - n["y"], 6) for n in names] == [round(y, 6) for y in node["y"]]
    left = [n for n in names if n["xanchor"] == "right"]
    assert [n["text"] for n in left] == ["Kent", "Surrey"]
    assert all(n["hovertext"].startswith("£") for n in names)


def test_nodes_of_a_sankey_do_not_overlap_and_share_one_scale():
    drawn = spec(demo.sankey())
    trace, height = drawn["data"][0], drawn["layout"]["height"] - 32
    sizes = {}
    for end in ("source", "target"):
        for at, value in zip(trace["link"][end], trace["link"]["value"], strict=True):
            sizes[at] = sizes.get(at, 0) + value
    scale = (height - trace["node"]["pad"]) / sum(trace["link"]["value"])
    for side in ([0, 1], [2, 3]):
        (top, bottom) = side
        gap = (trace["node"]["y"][bottom] - trace["node"]["y"][top]) * height - (sizes[top] + sizes[bottom]) * scale / 2
        assert gap == pytest.approx(trace["node"]["pad"])


def test_cells_of_a_heatmap_without_a_number_are_left_white():
    grid = marks.grid(demo.heatmap())
    assert grid.texts == [["£3.0m", "£1.0m"], ["", ""]]
    assert spec(demo.heatmap())["data"][0]["z"] == [[None, None], [3e6, 1e6]]


def test_ribbons_leave_out_what_cannot_be_a_ribbon():
    flows = marks.flows(demo.sankey())
    assert [(f.source, f.target) for f in flows] == [("Kent", "King's"), ("Kent", "Oxleas"), ("Surrey", "King's")]
    link = spec(demo.sankey())["data"][0]["link"]
    assert link["value"] == [30e6, 10e6, 20e6]
    assert link["source"] == [0, 0, 1]
    assert link["target"] == [2, 3, 2]


def test_a_ribbon_is_as_thick_as_its_value():
    paths = list(svg(demo.sankey()).iter(f"{SVG}path"))
    widths = [float(p.get("stroke-width")) for p in paths]
    assert widths[0] / widths[1] == pytest.approx(3, rel=0.02)
    assert paths[0].find(f"{SVG}title").text == "Kent to King's: £30.0m"


def test_a_home_and_a_provider_of_one_name_are_two_nodes():
    frame = pd.DataFrame({"home": ["Surrey"], "who": ["Surrey"], "cost": [POUND]})
    chart = Chart(**{**vars(demo.sankey()), "frame": frame})
    assert spec(chart)["data"][0]["node"]["label"] == ["Surrey", "Surrey"]


def test_control_limits_and_special_causes():
    drawn = spec(demo.spc())
    assert drawn["data"][3]["marker"]["color"] == [theme.GREY, theme.GREY, "#ed8b00"]
    assert [item["label"] for item in drawn["key"]] == ["Common cause", "Concern"]


def test_a_map_names_only_its_largest_dots():
    frame = pd.DataFrame({"n": [f"p{i}" for i in range(12)], "lat": 51.0, "lon": 0.1, "v": [i * POUND for i in range(12)]})
    columns = {"label": "n", "latitude": "lat", "longitude": "lon", "value": "v"}
    chart = Chart(kind=ChartKind.MAP, frame=frame, columns=columns, measure=Measure.MONEY, **demo.words())
    assert [t for t in spec(chart)["data"][-1]["text"] if t] == [f"p{i}" for i in range(4, 12)]
    assert len([said for said in svg_words(chart) if not said.endswith(" km")]) == 8


def test_north_is_up_and_east_is_right():
    circles = list(svg(demo.map_of_flows()).iter(f"{SVG}circle"))
    kent, surrey = [(float(c.get("cx")), float(c.get("cy"))) for c in circles]
    assert kent[0] > surrey[0]
    assert kent[1] < surrey[1]


def test_a_name_with_signs_of_a_template_stays_a_name():
    trace = spec(with_words(demo.stacked_bars(), HOSTILE))["data"][0]
    assert "%{y}" not in trace["hovertemplate"].replace("%{y}, ", "", 1)


@pytest.mark.parametrize("make", [demo.bars, demo.sankey, demo.map_of_flows], ids=lambda make: make.__name__)
def test_a_picture_that_travels_alone_says_what_it_is(make):
    foot = "Illustrative data. Source: <ACM>, position 14"
    plain, footed = svg(make()), svg(make(), foot=foot)
    assert foot in svg_words(make(), foot=foot)
    heights = [float(root.get("viewBox").split()[3]) for root in (plain, footed)]
    assert heights[1] == heights[0] + 18
    assert float(footed.get("height").removesuffix("pt")) == heights[1]
