"""Maps: dots and lines by position, what has no position beside them, the same marks on the page and in the picture."""

import math
import xml.etree.ElementTree as ET

import pandas as pd
import plotly.graph_objects as go
import pytest

from presentation import maps, theme
from presentation.amounts import POUND
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import HIDDEN
from presentation.drawing_plotly import plotly_spec
from presentation.drawing_svg import draw_svg

from . import demo

SVG = "{http://www.w3.org/2000/svg}"
MILLION = 1_000_000 * POUND
PLACES = {"Kent": (51.3, 0.6), "Surrey": (51.2, -0.4), "King's": (51.47, -0.09), "St George's": (51.43, -0.17)}
FLOWS = [("Kent", "King's", 80), ("Kent", "St George's", 20), ("Surrey", "St George's", 60)]
COLUMNS = {
    "label": "home",
    "latitude": "lat",
    "longitude": "lon",
    "value": "cost",
    "to_latitude": "to_lat",
    "to_longitude": "to_lon",
    "to_label": "who",
    "link": "address",
}


def chart(flows=FLOWS, **more) -> Chart:
    rows = [(h, w, v * MILLION if isinstance(v, int) else v, *PLACES[h], *PLACES[w], f"/flow/{h}/{w}/") for h, w, v in flows]
    names = ["home", "who", "cost", "lat", "lon", "to_lat", "to_lon", "address"]
    said = {"title": "Half is within 9 km", "summary": "Three flows.", "units": "Cost in £", "source": "ACM"}
    frame = pd.DataFrame(rows, columns=names).astype({"cost": object})
    return Chart(kind=ChartKind.MAP, frame=frame, columns=COLUMNS, measure=Measure.MONEY, **{**said, **more})


def svg(drawn: Chart, **options) -> ET.Element:
    return ET.fromstring(draw_svg(drawn, **options))  # noqa: S314


def titles(root: ET.Element, tag: str) -> list[str]:
    return [found.find(f"{SVG}title").text for found in root.iter(f"{SVG}{tag}")]


def test_each_place_stands_once_with_all_that_it_sends_or_receives():
    found = {dot.name: dot for dot in maps.dots(chart())}
    assert {name: dot.text for name, dot in found.items()} == {
        "Kent": "£100.0m",
        "Surrey": "£60.0m",
        "King's": "£80.0m",
        "St George's": "£80.0m",
    }
    assert [name for name, dot in found.items() if dot.is_target] == ["King's", "St George's"]
    assert (found["Kent"].latitude, found["Kent"].longitude) == PLACES["Kent"]


def test_the_area_of_a_dot_follows_its_amount():
    found = {dot.name: dot.size - 6 for dot in maps.dots(chart([("Kent", "King's", 80), ("Surrey", "King's", 20)]))}
    assert (found["Kent"] / found["King's"]) ** 2 == pytest.approx(0.8)
    assert (found["Surrey"] / found["King's"]) ** 2 == pytest.approx(0.2)


def test_the_width_of_a_line_follows_its_amount_and_the_widest_comes_first():
    widths = [way.width for way in maps.ways(chart())]
    assert widths[0] == maps.WIDEST_WAY
    assert [width / widths[0] for width in widths] == pytest.approx([1, 0.75, 0.25])


def test_a_line_says_from_where_to_where_and_how_much():
    assert maps.ways(chart())[0].said == "Kent to King's: £80.0m"
    assert maps.ways(chart())[0].link == "/flow/Kent/King's/"


def test_amounts_below_nought_are_grey_and_none_is_no_line():
    ways = maps.ways(chart([("Kent", "King's", -80), ("Surrey", "King's", 20), ("Kent", "St George's", 0)], signed=True))
    assert [way.colour for way in ways] == [theme.GREY, theme.BLUE]


def test_more_lines_than_can_be_seen_are_not_drawn():
    PLACES.update({f"p{i}": (51 + i / 100, 0.1) for i in range(200)})
    ways = maps.ways(chart([(f"p{i}", "King's", i + 1) for i in range(200)]))
    assert len(ways) == maps.MOST_WAYS
    assert ways[-1].said == f"p{200 - maps.MOST_WAYS} to King's: £{201 - maps.MOST_WAYS}.0m"


def test_only_the_largest_of_each_kind_carry_names():
    PLACES.update({f"p{i}": (51 + i / 100, 0.1) for i in range(20)})
    dots = maps.dots(chart([*((f"p{i}", "King's", i + 1) for i in range(20)), ("Kent", "St George's", 1)]))
    named = [dots[i].name for i in sorted(maps.named(dots))]
    assert {"King's", "St George's", "p19"} <= set(named)
    assert len(named) <= maps.NAMED + 2
    assert "p1" not in named


def test_names_do_not_lie_upon_each_other():
    PLACES.update({"far": (51.0, 3.0), "big": (51.4, 0.0), "near": (51.401, 0.001), "apart": (51.9, 0.0)})
    dots = maps.dots(chart([("big", "King's", 50), ("near", "King's", 40), ("apart", "King's", 30), ("far", "King's", 20)]))
    named = {dots[i].name for i in maps.named(dots)}
    assert {"big", "apart", "far"} <= named
    assert "near" not in named


def test_what_is_hidden_has_no_line_and_adds_nothing():
    drawn = chart([("Kent", "King's", HIDDEN), ("Surrey", "King's", 20)])
    assert [way.said for way in maps.ways(drawn)] == ["Surrey to King's: £20.0m"]
    assert {dot.name: dot.text for dot in maps.dots(drawn)}["King's"] == "£20.0m"


def test_what_has_no_position_is_beside_the_map_on_the_page_and_in_the_picture():
    drawn = chart(options={"beside": (("Not known", 5 * MILLION), ("Overseas", HIDDEN), ("Private", None))})
    said = [["Not known", "£5.0m"], ["Overseas", "*"], ["Private", "No data"]]
    assert plotly_spec(drawn)["beside"] == said
    words = [found.text for found in svg(drawn).iter(f"{SVG}text")]
    assert "Not on the map:" in words
    assert {": ".join(pair) for pair in said} <= set(words)
    assert "Not on the map:" not in [found.text for found in svg(chart()).iter(f"{SVG}text")]


def test_the_picture_grows_by_what_is_beside_the_map():
    heights = [float(svg(drawn).get("height")) for drawn in (chart(), chart(options={"beside": (("Not known", MILLION),)}))]
    assert heights[1] > heights[0]


def test_page_and_picture_have_the_same_dots_and_lines():
    spec, root = plotly_spec(chart()), svg(chart())
    dots = [said for trace in spec["data"] if trace["mode"] == "markers+text" for said in trace["customdata"]]
    assert dots == titles(root, "circle")
    middles = next(trace for trace in spec["data"] if trace["mode"] == "markers")
    assert middles["customdata"] == titles(root, "line")


def test_lines_of_nearly_one_width_are_one_trace():
    PLACES.update({f"p{i}": (51 + i / 100, 0.1) for i in range(60)})
    spec = plotly_spec(chart([(f"p{i}", "King's", 100) for i in range(60)]))
    assert len([trace for trace in spec["data"] if trace["mode"] == "lines"]) == 1


def test_marks_lead_where_their_rows_say():
    links = {("label", "Kent"): "?system=QKS", ("to_label", "King's"): "?provider=RJZ"}
    spec = plotly_spec(chart(options={"links": links}))
    by_said = {
        said: link
        for trace in spec["data"]
        if "meta" in trace
        for said, link in zip(trace["customdata"], trace["meta"], strict=True)
    }
    assert by_said["Kent to King's: £80.0m"] == "/flow/Kent/King's/"
    assert by_said["Kent: £100.0m"] == "?system=QKS"
    assert by_said["King's: £80.0m"] == "?provider=RJZ"
    assert by_said["Surrey: £60.0m"] == ""


def test_plotly_knows_every_property():
    drawn = plotly_spec(chart())
    checked = go.Figure(data=drawn["data"], layout=drawn["layout"])
    assert len(checked.data) == len(drawn["data"])
    assert drawn["layout"]["yaxis"]["scaleanchor"] == "x"


@pytest.mark.parametrize("narrow", [False, True])
def test_a_kilometre_is_as_long_either_way(narrow):
    """A square of ground is a square on paper."""
    side = 0.5
    across = math.cos(math.radians(51.25))
    PLACES.update({"sw": (51.0, 0.0), "se": (51.0, side / across), "nw": (51.0 + side, 0.0)})
    root = svg(chart([("sw", "se", 1), ("sw", "nw", 1)]), narrow=narrow)
    lengths = [
        math.dist(*[(float(line.get(f"x{i}")), float(line.get(f"y{i}"))) for i in (1, 2)]) for line in root.iter(f"{SVG}line")
    ]
    assert lengths[0] == pytest.approx(lengths[1], rel=0.01)


def test_the_scale_is_as_long_as_it_says():
    PLACES.update({"a": (51.0, 0.0), "b": (51.0 + 50 / maps.KM_OF_A_DEGREE, 0.0)})
    root = svg(chart([("a", "b", 1)]))
    [line] = root.iter(f"{SVG}line")
    of_fifty = abs(float(line.get("y2")) - float(line.get("y1")))
    [words] = [found.text for found in root.iter(f"{SVG}text") if found.text.endswith(" km")]
    [path] = root.iter(f"{SVG}path")
    left, right = float(path.get("d")[1:].split(",")[0]), float(path.get("d").split("H")[1].split("V")[0])
    assert (right - left) / of_fifty == pytest.approx(int(words.removesuffix(" km")) / 50, rel=0.01)


@pytest.mark.parametrize(("width", "length"), [(3, 1), (4, 1), (40, 10), (100, 20), (500, 100), (10_000, 500)])
def test_the_scale_is_the_largest_round_length_within_a_quarter(width, length):
    assert maps.scale_km(width) == length


def test_a_map_of_one_place_stands():
    root = svg(chart([("Kent", "King's", 1)]))
    assert len(list(root.iter(f"{SVG}circle"))) == 2
    assert maps.across([]) == 1.0
    assert "nan" not in draw_svg(demo.map_of_flows())
