"""Every kind of chart with data as it comes: none, one row, nothing known, hidden, huge, tiny, below nought, hostile names."""

import datetime as dt
import itertools
import json
import math
import re
import xml.etree.ElementTree as ET

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from presentation import marks
from presentation.amounts import MINUS, POUND
from presentation.chart import ROLES, Chart, ChartKind, Measure
from presentation.disclosure import HIDDEN
from presentation.drawing_plotly import plotly_spec
from presentation.drawing_svg import draw_svg

from . import demo

SVG = "{http://www.w3.org/2000/svg}"
KINDS = [make().kind for make in demo.CHARTS]
# The roles that hold an amount, which may be missing or hidden; places on a map and dates are there or the row is not.
AMOUNTS = {"value", "low", "high", "mean", "lower", "upper"}
ODD_AMOUNTS = {
    "missing": None,
    "not a number": float("nan"),
    "hidden": HIDDEN,
    "nought": 0,
    "below nought": -48_300_000 * POUND,
    "tiny": 1,
    "huge": 10**17,
    "huge below nought": -(10**17),
}
ODD_NAMES = {
    "script": "</script><script>alert(1)</script>",
    "entities": "A&B &lt;b&gt; <b>",
    "quotes": "\"'`",
    "hover template": "%{y} {z} 100%",
    "mathematics": "$x^2$ and £5",
    "very long": "North Central and East London Integrated Care System " * 8,
    "one long word": "x" * 400,
    "right to left": "مستشفى الملك",
    "control": "tab\tand\x07bell",
    "blank": "",
    "same": "same",
}


def chart_of(kind):
    return next(make() for make in demo.CHARTS if make().kind == kind)


def changed(chart, **more):
    return Chart(**{**vars(chart), "emphasis": (), **more})


def with_amount(chart, amount, rows=slice(None)):
    """The chart with this amount in the rows, in each of its roles that hold one."""
    frame = chart.frame.copy()
    for role in AMOUNTS & set(chart.columns):
        cells = frame[chart.columns[role]].astype(object).tolist()
        cells[rows] = [amount] * len(cells[rows])
        frame[chart.columns[role]] = pd.Series(cells, index=frame.index, dtype=object)
    return changed(chart, frame=frame)


def with_name(chart, name):
    """The chart with a name in each column of words; where several rows carry it they stay told apart, but for "same"."""
    frame = chart.frame.copy()
    for column in set(frame.columns):
        if frame[column].map(lambda v: isinstance(v, str)).all():
            frame[column] = [name if name == "same" else f"{name}{word}" if name else "" for word in frame[column]]
    return changed(chart, frame=frame, title=f"{name}.", summary=f"{name}.", units=f"{name}.", source=f"{name}.")


def checked_spec(chart):
    """The specification as plotly itself would take it: valid, and the same after a round of JSON without NaN."""
    spec = plotly_spec(chart)
    assert json.loads(json.dumps(spec, allow_nan=False)) == spec
    go.Figure(data=spec["data"], layout=spec["layout"])
    return spec


def checked_svg(chart, **options):
    """The drawing as a reader of XML takes it, with its words and nothing that runs."""
    root = ET.fromstring(draw_svg(chart, **options))  # noqa: S314
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    ids = {element.get("id") for element in root.iter()}
    assert set(root.get("aria-labelledby").split()) <= ids
    assert root.find(f"{SVG}title").text
    assert root.find(f"{SVG}desc").text
    for element in root.iter():
        assert element.tag not in {f"{SVG}script", f"{SVG}foreignObject", f"{SVG}image"}
        assert not [name for name in element.keys() if name.startswith("on")]  # noqa: SIM118
        for value in element.attrib.values():
            assert not re.search(r"\b(nan|inf)\b", value.lower()), value
    return root


def words_of(root):
    return ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("kind", KINDS)
def test_no_rows_are_drawn_as_no_data(kind):
    empty = changed(chart_of(kind), frame=chart_of(kind).frame.iloc[:0])
    checked_spec(empty)
    assert "No data" in words_of(checked_svg(empty))


@pytest.mark.parametrize("kind", KINDS)
def test_one_row_is_enough(kind):
    one = changed(chart_of(kind), frame=chart_of(kind).frame.iloc[:1])
    assert checked_spec(one)["data"]
    checked_svg(one)
    checked_svg(one, narrow=True)


@pytest.mark.parametrize("said", ODD_AMOUNTS)
@pytest.mark.parametrize("kind", KINDS)
def test_any_amount_in_every_row_is_a_drawing_for_the_page(kind, said):
    checked_spec(with_amount(chart_of(kind), ODD_AMOUNTS[said]))


@pytest.mark.parametrize("said", ["missing", "hidden", "nought", "huge", "huge below nought"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != ChartKind.TIMELINE])
def test_any_amount_in_every_row_is_a_drawing_for_print(kind, said):
    checked_svg(with_amount(chart_of(kind), ODD_AMOUNTS[said]))


@pytest.mark.parametrize("said", ["missing", "huge below nought"])
@pytest.mark.parametrize("kind", KINDS)
def test_any_amount_in_one_row_leaves_the_others_drawn(kind, said):
    chart = with_amount(chart_of(kind), ODD_AMOUNTS[said], rows=slice(0, 1))
    assert checked_spec(chart)["data"]
    checked_svg(chart)


@pytest.mark.parametrize("kind", KINDS)
def test_any_name_is_a_name_and_nothing_else(kind):
    every = [with_name(chart_of(kind), name) for name in ODD_NAMES.values()]
    for chart in every:
        checked_spec(chart)
    frame = pd.concat([chart.frame for chart in every], ignore_index=True)
    checked_svg(changed(every[0], frame=frame))


@pytest.mark.parametrize("said", ["control", "script", "mathematics"])
@pytest.mark.parametrize("make", [demo.bars, demo.sankey], ids=lambda make: make.__name__)
def test_titles_can_be_read_whatever_stands_in_them(make, said):
    root = checked_svg(with_name(make(), ODD_NAMES[said]))
    printable = re.sub(r"[\x00-\x08]", "", ODD_NAMES[said])
    assert root.find(f"{SVG}title").text == f"{printable}."


@pytest.mark.parametrize("kind", [ChartKind.BARS, ChartKind.LINE_RANGE, ChartKind.SPC])
@pytest.mark.parametrize("said", ["very long", "one long word"])
def test_long_names_leave_room_for_the_drawing(kind, said):
    # A drawing whose axes have no room left makes a warning, which fails a test.
    root = checked_svg(with_name(chart_of(kind), ODD_NAMES[said]), narrow=True)
    assert max(len(word) for word in words_of(root)) <= 60


def leaves(value):
    """Every number and text of a specification."""
    if isinstance(value, dict):
        for part in value.values():
            yield from leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part)
    else:
        yield value


@pytest.mark.parametrize("kind", KINDS)
def test_a_hidden_amount_is_nowhere_in_a_drawing(kind):
    """Neither as a number nor in words; what stands beside it is drawn from what is disclosed too."""
    chart = chart_of(kind)
    if "value" not in chart.columns:
        pytest.skip("draws no amounts")
    telling = 123_456_789 * POUND if chart.measure == Measure.MONEY else 1234.56789
    shown = with_amount(chart, telling, rows=slice(0, 1))
    hidden = with_amount(chart, HIDDEN, rows=slice(0, 1))
    number = marks.value_of(shown, telling)

    def tells(made):
        return any(isinstance(leaf, float | int) and math.isclose(leaf, number) for leaf in leaves(plotly_spec(made)))

    assert tells(shown) or kind in {ChartKind.MAP}
    assert not tells(hidden)
    assert not {"£123.5m", "123456.8%"} & set(words_of(checked_svg(hidden)))


@pytest.mark.parametrize("kind", [ChartKind.BARS, ChartKind.DOT_PLOT, ChartKind.WATERFALL, ChartKind.HEATMAP])
def test_a_hidden_mark_says_so(kind):
    chart = with_amount(chart_of(kind), HIDDEN, rows=slice(0, 1))
    assert "*" in {leaf for leaf in leaves(plotly_spec(chart)["data"]) if isinstance(leaf, str)} or kind == ChartKind.WATERFALL
    assert "*" in {leaf.strip() for leaf in leaves(plotly_spec(chart)["data"]) if isinstance(leaf, str)}


def bars_of(values, *, signed=False, names=None):
    frame = pd.DataFrame({"who": names or [f"n{i}" for i in range(len(values))], "cost": pd.Series(values, dtype=object)})
    columns = {"label": "who", "value": "cost"}
    return Chart(kind=ChartKind.BARS, frame=frame, columns=columns, measure=Measure.MONEY, signed=signed, **demo.words())


AMOUNT = st.one_of(st.none(), st.just(HIDDEN), st.integers(-(10**15), 10**15))


@given(st.lists(AMOUNT, min_size=1, max_size=8))
def test_bars_are_as_long_as_their_amounts_and_lie_within_the_axis(values):
    spec = plotly_spec(bars_of(values))
    trace, (low, high) = spec["data"][0], spec["layout"]["xaxis"]["range"]
    known = [float(v) / POUND if isinstance(v, int) else 0.0 for v in values]
    assert trace["x"] == pytest.approx(known)
    assert low <= 0 <= high
    assert all(low <= end <= high for end in trace["x"])
    assert low < high


@settings(max_examples=4)
@given(st.lists(AMOUNT, min_size=2, max_size=5))
def test_bars_say_the_same_on_the_page_and_in_print(values):
    chart = bars_of(values)
    said = plotly_spec(chart)["data"][0]["text"]
    in_print = words_of(checked_svg(chart))
    assert sorted(w for w in in_print if not w.startswith("n")) == sorted(said)


@pytest.mark.parametrize("kind", [ChartKind.HEATMAP, ChartKind.WATERFALL, ChartKind.BARS])
def test_words_on_marks_are_the_same_on_the_page_and_in_print(kind):
    chart = chart_of(kind)
    said = {leaf.strip() for leaf in leaves(plotly_spec(chart)["data"]) if isinstance(leaf, str) and "£" in leaf}
    assert said
    assert said <= set(words_of(checked_svg(chart)))


@given(st.lists(st.tuples(st.integers(-(10**12), 10**12), st.booleans()), min_size=1, max_size=10))
def test_a_waterfall_never_jumps(steps):
    frame = pd.DataFrame([(f"s{i}", value, total) for i, (value, total) in enumerate(steps)], columns=["step", "amount", "total"])
    columns = {"label": "step", "value": "amount", "total": "total"}
    chart = Chart(kind=ChartKind.WATERFALL, frame=frame, columns=columns, measure=Measure.MONEY, **demo.words())
    running = 0
    for bar, (value, total) in zip(marks.waterfall(chart), steps, strict=True):
        assert bar.start * POUND == pytest.approx(0 if total else running, abs=1)
        running = value if total else running + value
        assert bar.end * POUND == pytest.approx(running, abs=1)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(-(10**9), 10**9)), min_size=1, max_size=12))
def test_parts_of_a_stacked_bar_neither_overlap_nor_leave_gaps(parts):
    frame = pd.DataFrame(parts, columns=["who", "home", "cost"])
    columns = {"label": "who", "series": "home", "value": "cost"}
    chart = Chart(kind=ChartKind.STACKED_BARS, frame=frame, columns=columns, measure=Measure.MONEY, **demo.words())
    for who in set(frame["who"]):
        own = [bar for bar in marks.stacked_bars(chart) if bar.label == who]
        for side in ([b for b in own if b.end > b.start], [b for b in own if b.end < b.start]):
            reached = 0.0
            for bar in side:
                assert bar.start == pytest.approx(reached, abs=1e-6)
                reached = bar.end
            expected = sum(b.end - b.start for b in side)
            assert reached == pytest.approx(expected, abs=1e-6)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc"), AMOUNT), max_size=9))
def test_a_sankey_has_a_ribbon_for_each_flow_above_nought(rows):
    frame = pd.DataFrame(rows, columns=["home", "who", "cost"]).astype({"cost": object})
    columns = {"source": "home", "target": "who", "value": "cost"}
    chart = Chart(kind=ChartKind.SANKEY, frame=frame, columns=columns, measure=Measure.MONEY, **demo.words())
    link = plotly_spec(chart)["data"][0]["link"]
    wanted = [(s, t, v) for s, t, v in rows if isinstance(v, int) and v > 0]
    assert [v * POUND for v in link["value"]] == pytest.approx([v for _, _, v in wanted])
    # A home and a provider of one name are two nodes, so that no ribbon leads back to where it began.
    assert not set(link["source"]) & set(link["target"])
    for place, (source, target, _) in enumerate(wanted):
        alike = [other for other, (s, t, _) in enumerate(wanted) if (s, t) == (source, target)]
        ends = (link["source"][place], link["target"][place])
        assert [i for i, pair in enumerate(zip(link["source"], link["target"], strict=True)) if pair == ends] == alike


@example(values=[5e-324], measure=Measure.MONEY)
@given(
    values=st.lists(st.one_of(st.none(), st.floats(-1e12, 1e12, allow_nan=False)), max_size=8),
    measure=st.sampled_from(list(Measure)),
)
def test_places_of_an_axis_rise_evenly_inside_the_values(values, measure):
    chart = Chart(**{**vars(demo.bars()), "measure": measure, "signed": False})
    places = [place for place, _ in marks.ticks(chart, values)]
    known = [v for v in values if v is not None]
    assert places == sorted(places)
    assert len(places) <= 12
    steps = [b - a for a, b in itertools.pairwise(places)]
    assert all(step == pytest.approx(steps[0], rel=1e-6) for step in steps)
    if known and places:
        slack = 1e-6 * max(abs(v) for v in known) + 1e-9
        assert places[0] >= min(known) - slack
        assert places[-1] <= max(known) + slack


@pytest.mark.parametrize(("value", "sign"), [(-3 * POUND, MINUS), (3 * POUND, "+"), (0, "£")])
def test_signed_words_begin_with_their_sign(value, sign):
    assert marks.text_of(bars_of([value], signed=True), value).startswith(sign)


def test_bars_of_one_name_are_all_there():
    chart = bars_of([POUND, 2 * POUND], names=["Trust", "Trust"])
    assert plotly_spec(chart)["data"][0]["text"] == ["£1", "£2"]
    assert {"£1", "£2"} <= set(words_of(checked_svg(chart)))


def test_the_last_cell_of_a_pair_is_the_one_a_heatmap_shows():
    frame = pd.DataFrame({"r": ["a", "a"], "c": ["x", "y"], "v": pd.Series([HIDDEN, 5 * POUND], dtype=object)})
    columns = {"row": "r", "column": "c", "value": "v"}
    chart = Chart(kind=ChartKind.HEATMAP, frame=frame, columns=columns, measure=Measure.MONEY, **demo.words())
    trace = plotly_spec(chart)["data"][0]
    assert trace["z"] == [[None, 5.0]]
    assert trace["text"] == [["*", "£5"]]


def test_a_milestone_of_one_day_is_drawn():
    day = dt.date(2026, 4, 1)
    frame = pd.DataFrame({"what": ["Go"], "start": [day], "end": [day]})
    columns = {"label": "what", "start": "start", "end": "end"}
    chart = Chart(kind=ChartKind.TIMELINE, frame=frame, columns=columns, measure=Measure.NUMBER, **demo.words())
    assert checked_spec(chart)["data"][0]["x"] == [24 * 60 * 60 * 1000]
    checked_svg(chart)


@pytest.mark.parametrize("name", ["title", "summary", "units", "source"])
@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_no_chart_without_its_words(name, blank):
    with pytest.raises(ValueError, match=name):
        Chart(**{**vars(demo.bars()), name: blank})


@pytest.mark.parametrize("kind", KINDS)
def test_no_chart_without_its_columns(kind):
    chart = chart_of(kind)
    for role in (r for r in ROLES[kind] if not r.endswith("?")):
        with pytest.raises(ValueError, match=role):
            changed(chart, columns={r: c for r, c in chart.columns.items() if r != role})
        with pytest.raises(ValueError, match="no column"):
            changed(chart, columns={**chart.columns, role: "not there"})
    with pytest.raises(ValueError, match="no role"):
        changed(chart, columns={**chart.columns, "decoration": next(iter(chart.columns.values()))})


@pytest.mark.parametrize("kind", KINDS)
def test_a_foot_is_said_under_the_drawing_and_outside_of_it(kind):
    chart = chart_of(kind)
    plain, footed = checked_svg(chart), checked_svg(chart, foot="Illustrative data. Source: A&E <file>")
    said = " ".join(words_of(footed))
    assert "Illustrative data. Source: A&E <file>" in said
    heights = [float(root.get("viewBox").split()[3]) for root in (plain, footed)]
    lowest = max(float(text.get("y")) for text in list(footed.iter(f"{SVG}text"))[-1:])
    assert heights[0] < lowest < heights[1]
