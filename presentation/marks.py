"""A chart's marks: what is drawn, where and with which words, before any drawing library.

`drawing_plotly` and `drawing_svg` draw the same marks, so that page and print cannot disagree. Values here are floats in
the units of the words (pounds, spells, per cent); hidden and missing ones are None and are said in their text.
"""

import math
import re
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from . import amounts, theme
from .amounts import is_missing
from .chart import Chart, ChartKind, Measure
from .disclosure import HIDDEN
from .wording import CONTROL_CHARACTERS

# Places of an axis are no nearer to each other: of less, floats have no tenth parts.
FINEST = 1e-12
SCALES = {Measure.MONEY: 1 / amounts.POUND, Measure.ACTIVITY: 1 / amounts.UNIT, Measure.SHARE: 100.0}


def value_of(chart: Chart, stored: Any) -> float | None:
    """The length of a mark, or None where there is none to draw."""
    if stored is HIDDEN or is_missing(stored):
        return None
    return float(stored) * SCALES.get(chart.measure, 1.0)


def text_of(chart: Chart, stored: Any) -> str:
    """The words on a mark."""
    if stored is HIDDEN:
        return str(HIDDEN)
    if is_missing(stored):
        return amounts.NO_DATA
    if chart.measure == Measure.MONEY:
        return amounts.money(stored, signed=chart.signed)
    if chart.measure == Measure.ACTIVITY:
        return amounts.count(stored, signed=chart.signed)
    if chart.measure == Measure.SHARE:
        return amounts.percent(stored, int(chart.options.get("decimals", 1)), signed=chart.signed)
    return amounts.number(stored, int(chart.options.get("decimals", 0)), signed=chart.signed)


def ticks(chart: Chart, values: list[float | None], how_many: int = 5) -> list[tuple[float, str]]:
    """Round places of an axis that spans the values, each with its words."""
    known = [v for v in values if v is not None and not math.isnan(v)]
    low, high = min(known, default=0.0), max(known, default=1.0)
    rough = max((high - low or abs(high) or 1.0) / how_many, FINEST)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * m for m in (1, 2, 2.5, 5, 10) if size * m >= rough)
    places = [step * i for i in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
    return [(place, tick_text(chart, place)) for place in places]


def tick_text(chart: Chart, place: float) -> str:
    """The words of a place on an axis: no decimals where there are none to show."""
    if chart.measure == Measure.MONEY:
        return re.sub(r"\.0+(?=[a-z])|(?<=\.\d)0(?=bn)", "", amounts.money(round(place * amounts.POUND)))
    near = round(place, 6)
    text = amounts.number(near, 0 if near.is_integer() else len(f"{near:.6f}".rstrip("0").split(".")[1]))
    return f"{text}%" if chart.measure == Measure.SHARE else text


def column(chart: Chart, role: str) -> list[Any]:
    """The cells of a role, in the order of the frame."""
    return list(chart.frame[chart.columns[role]])


def words(chart: Chart, role: str) -> list[str]:
    """The names of a role, each on one line."""
    return ["" if is_missing(v) else re.sub(r"[\t\n\r]", " ", CONTROL_CHARACTERS.sub("", str(v))) for v in column(chart, role)]


def in_order(values: list[str]) -> list[str]:
    """Each once, in the order of first sight."""
    return list(dict.fromkeys(values))


@dataclass(frozen=True)
class KeyItem:
    """One entry of the key above a chart. `mark` is square, line, dash, dot or ring."""

    label: str
    colour: str
    mark: str = "square"


@dataclass(frozen=True)
class Bar:
    """A bar from `start` to `end` on the row of `label`, with words on or beside it."""

    label: str
    start: float
    end: float
    text: str
    colour: str
    series: str = ""
    # Share of the longest row that this bar takes: words go on it only where they fit.
    room: float = 1.0
    link: str = ""


@dataclass(frozen=True)
class Point:
    label: str
    value: float | None
    text: str
    colour: str
    filled: bool = True
    series: str = ""


@dataclass(frozen=True)
class Line:
    """A line over the places of the x axis, with its range where it has one."""

    name: str
    xs: list[str]
    values: list[float | None]
    lows: list[float | None] = field(default_factory=list)
    highs: list[float | None] = field(default_factory=list)
    colour: str = theme.BLUE
    dashed: bool = False
    texts: list[str] = field(default_factory=list)
    end_text: str = ""
    # Words at the end stand below the line, where those of another end just above it.
    end_below: bool = False


def bars(chart: Chart) -> list[Bar]:
    """One bar for each row, the emphasised (or those above nought) in the strong colour; a note goes behind the words."""
    notes, links = (words(chart, role) if role in chart.columns else [""] * len(chart.frame) for role in ("note", "link"))
    made = []
    for label, stored, note, link in zip(words(chart, "label"), column(chart, "value"), notes, links, strict=True):
        value = value_of(chart, stored)
        text = text_of(chart, stored) + (f" {note}" if note else "")
        made.append(Bar(label=label, start=0, end=value or 0, text=text, colour=_bar_colour(chart, label, value), link=link))
    return made


def _bar_colour(chart: Chart, label: str, value: float | None) -> str:
    if chart.emphasis:
        return theme.BLUE if label in chart.emphasis else theme.GREY
    return theme.GREY if chart.signed and (value or 0) < 0 else theme.BLUE


def stacked_bars(chart: Chart) -> list[Bar]:
    """The parts of each row side by side, in the order of the frame; parts below nought stack to the left."""
    series, labels = words(chart, "series"), words(chart, "label")
    colours = theme.series_colours(in_order(series))
    values = [value_of(chart, v) for v in column(chart, "value")]
    lengths = pd.Series([abs(v or 0) for v in values]).groupby(pd.Series(labels)).sum()
    longest = lengths.max() or 1
    reached: dict[tuple[str, bool], float] = {}
    made = []
    for label, name, value, stored in zip(labels, series, values, column(chart, "value"), strict=True):
        if value is None:
            continue
        side = (label, value < 0)
        start = reached.get(side, 0.0)
        reached[side] = start + value
        text = text_of(chart, stored)
        made.append(Bar(label, start, start + value, text, colours[name], name, abs(value) / longest))
    return made


def waterfall(chart: Chart) -> list[Bar]:
    """Steps from the total before to the total after: each begins where the one before it ended."""
    running = 0.0
    made = []
    for label, stored, total in zip(words(chart, "label"), column(chart, "value"), column(chart, "total"), strict=True):
        value = value_of(chart, stored) or 0.0
        start, end = (0.0, value) if total else (running, running + value)
        colour = theme.DARK_BLUE if total else theme.BLUE if value >= 0 else theme.GREY
        text = text_of(chart, stored)
        signed = text if total or value <= 0 or text.startswith("+") or stored is HIDDEN else f"+{text}"
        made.append(Bar(label=label, start=start, end=end, text=signed, colour=colour))
        running = end
    return made


# Steps smaller than a tenth of the totals cannot be read beside them from nought.
READABLE_STEPS = 0.1


def waterfall_floor(bars: list[Bar]) -> float:
    """Where the scale of a waterfall begins: at nought, or below all ends where the steps are too small to be seen so."""
    ends = [v for b in bars for v in (b.start, b.end) if b.start or b.colour != theme.DARK_BLUE or v]
    low, high = min(ends, default=0.0), max(ends, default=0.0)
    span = high - low
    return low - span * 0.3 if low > 0 and span < high * READABLE_STEPS else 0.0


def said_of(chart: Chart) -> str:
    """What must be said of the drawing itself."""
    if chart.kind == ChartKind.WATERFALL and waterfall_floor(waterfall(chart)):
        return "The scale does not begin at £0, so that the steps can be seen: compare the steps, not the totals' lengths."
    return ""


def points(chart: Chart) -> list[Point]:
    """Dots of a dot plot: of two series the first are rings; three or more have a colour each."""
    names = words(chart, "series") if "series" in chart.columns else [""] * len(chart.frame)
    series = in_order(names)
    colours = theme.series_colours(series) if len(series) > 2 else {}
    filled = {name: bool(colours) or name == series[-1] for name in series}
    return [
        Point(label, value_of(chart, v), text_of(chart, v), colours.get(name) or _dot_colour(chart, label), filled[name], name)
        for label, name, v in zip(words(chart, "label"), names, column(chart, "value"), strict=True)
    ]


# Dots of more rows than this would be hidden by their own words.
NAMED_DOTS = 10


def dots_are_said(chart: Chart) -> bool:
    """Whether each dot has its number beside it."""
    names = in_order(words(chart, "series")) if "series" in chart.columns else []
    return len(names) < 2 or (len(names) == 2 and len(in_order(words(chart, "label"))) <= NAMED_DOTS)


def origin_of(chart: Chart) -> float:
    """Where "neither more nor less" is on the scale of a dot plot."""
    return float(chart.options.get("origin", 0.0))


def _dot_colour(chart: Chart, label: str) -> str:
    return theme.BLUE if not chart.emphasis or label in chart.emphasis else theme.GREY


def lines(chart: Chart) -> list[Line]:
    """One line for each series; `options["dashed"]` names those drawn with dashes."""
    names = words(chart, "series") if "series" in chart.columns else [""] * len(chart.frame)
    frame = pd.DataFrame({"name": names, "x": words(chart, "x"), "stored": pd.Series(column(chart, "value"), dtype=object)})
    for role in ("low", "high"):
        cells = column(chart, role) if role in chart.columns else [None] * len(frame)
        frame[role] = pd.Series([value_of(chart, v) for v in cells], dtype=object)
    colours = dict(zip(in_order(names), (theme.BLUE, theme.GREEN, theme.GREY, theme.DARK_BLUE), strict=False))
    dashed = tuple(chart.options.get("dashed", ()))
    made = []
    for name in in_order(names):
        part = frame[frame["name"] == name]
        known = [v for v in part["stored"] if not is_missing(v)]
        end = f"{name} {text_of(chart, known[-1])}".strip() if known else name
        values = [value_of(chart, v) for v in part["stored"]]
        colour = colours.get(name, theme.GREY)
        texts = [text_of(chart, v) for v in part["stored"]]
        xs, lows, highs = list(part["x"]), list(part["low"]), list(part["high"])
        made.append(Line(name, xs, values, lows, highs, colour, name in dashed, texts, end))
    return _apart(made)


# Ends nearer to each other than this share of the highest would have their words on top of each other.
NEAR_ENDS = 0.1


def _apart(lines: list[Line]) -> list[Line]:
    """Lines whose last values are close: the words of the lower one stand below it."""
    known = {line.name: [value for value in line.values if value is not None] for line in lines}  # noqa: PD011
    most = max((abs(value) for values in known.values() for value in values), default=0.0)
    below: set[str] = set()
    above: tuple[str, float] | None = None
    for name, end in sorted(((name, values[-1]) for name, values in known.items() if values), key=lambda pair: -pair[1]):
        if above is not None and above[0] not in below and above[1] - end < NEAR_ENDS * most:
            below.add(name)
        above = (name, end)
    return [replace(line, end_below=line.name in below) for line in lines]


@dataclass(frozen=True)
class Grid:
    rows: list[str]
    columns: list[str]
    values: list[list[float | None]]
    texts: list[list[str]]
    links: list[list[str]] = field(default_factory=list)


def grid(chart: Chart) -> Grid:
    """Cells of a heatmap. One without a number is left white and says so in the table: a page of "No data" drowns the rest."""
    row_names, column_names = words(chart, "row"), words(chart, "column")
    pairs = list(zip(row_names, column_names, strict=True))
    stored = dict(zip(pairs, column(chart, "value"), strict=True))
    linked = dict(zip(pairs, words(chart, "link"), strict=True)) if "link" in chart.columns else {}
    rows, columns = in_order(row_names), in_order(column_names)
    return Grid(
        rows,
        columns,
        [[value_of(chart, stored.get((r, c))) for c in columns] for r in rows],
        [["" if is_missing(stored.get((r, c))) else text_of(chart, stored[(r, c)]) for c in columns] for r in rows],
        [[linked.get((r, c), "") for c in columns] for r in rows] if linked else [],
    )


@dataclass(frozen=True)
class Flow:
    source: str
    target: str
    value: float
    text: str
    colour: str
    link: str = ""


def flows(chart: Chart) -> list[Flow]:
    """Ribbons of a Sankey. What is hidden, missing, nought or below cannot be a ribbon and is left to the table."""
    made = []
    links = words(chart, "link") if "link" in chart.columns else [""] * len(chart.frame)
    ends = zip(words(chart, "source"), words(chart, "target"), column(chart, "value"), links, strict=True)
    for source, target, stored, link in ends:
        value = value_of(chart, stored)
        if value is not None and value > 0:
            strong = source in chart.emphasis or target in chart.emphasis
            colour = theme.BLUE if strong else theme.GREY
            made.append(Flow(source, target, value, text_of(chart, stored), colour, link))
    return made


def ends_of_flows(chart: Chart) -> tuple[dict[str, float], dict[str, float]]:
    """Both sides of a Sankey from the top: names and sizes, in the order of the frame or of `options["targets"]`."""
    left: dict[str, float] = {}
    right: dict[str, float] = dict.fromkeys(chart.options.get("targets", ()), 0.0)
    for flow in flows(chart):
        left[flow.source] = left.get(flow.source, 0.0) + flow.value
        right[flow.target] = right.get(flow.target, 0.0) + flow.value
    return left, {name: size for name, size in right.items() if size}


def dot_size(amount: float, most: float) -> float:
    """The width of a dot: its area follows the amount."""
    return 6 + 26 * math.sqrt(amount / most)


def map_sizes(chart: Chart) -> list[float]:
    if "value" not in chart.columns:
        return [10.0] * len(chart.frame)
    values = [abs(value_of(chart, v) or 0.0) for v in column(chart, "value")]
    most = max(values, default=0.0) or 1.0
    return [dot_size(value, most) for value in values]


def map_texts(chart: Chart) -> list[str]:
    return [text_of(chart, v) for v in column(chart, "value")] if "value" in chart.columns else [""] * len(chart.frame)


def key(chart: Chart) -> list[KeyItem]:
    """The key of a chart, only where the marks cannot carry their own names."""
    if chart.kind == ChartKind.STACKED_BARS:
        return [KeyItem(n, c) for n, c in theme.series_colours(in_order(words(chart, "series"))).items()]
    if chart.kind == ChartKind.DOT_PLOT and "series" in chart.columns:
        names = in_order(words(chart, "series"))
        if len(names) > 2:
            return [KeyItem(n, c, "dot") for n, c in theme.series_colours(names).items()]
        return [KeyItem(n, theme.BLUE, "dot" if n == names[-1] else "ring") for n in names]
    if chart.kind == ChartKind.SPC:
        return [KeyItem(n, SPC_COLOURS.get(n, theme.GREY), "dot") for n in in_order(words(chart, "label")) if n]
    if chart.kind == ChartKind.TIMELINE and "state" in chart.columns:
        return [KeyItem(n, c) for n, c in theme.series_colours(in_order(words(chart, "state"))).items()]
    return []


# Special cause in the colours of Making Data Count: never red and green, and never without its word.
SPC_COLOURS = {"Common cause": theme.GREY, "Concern": "#ed8b00", "Improvement": theme.BLUE, "Special cause": "#7c2855"}
