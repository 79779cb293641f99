"""Chart → SVG for print and for readers without JavaScript: the same marks as on the page, text as text."""

import io
import re
import textwrap
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from . import amounts, marks, theme
from .chart import WIDE_KINDS, Chart, ChartKind
from .drawing_svg_flows import document, sankey_svg, with_foot, words
from .drawing_svg_map import map_svg
from .wording import CONTROL_CHARACTERS

# Widths of a figure that stands beside another, of one across the page, and of one on a phone.
WIDE = 560
WIDEST = 1100
NARROW = 350
ROW = 34
# A name longer than this is cut: with no end to it there would be no room for the drawing.
LINES_OF_A_NAME = 3
LONGEST_ON_A_LINE = 40
# The face that text is measured in is always at hand; the one it is shown in is narrower, so that words still fit.
MEASURED_IN = "DejaVu Sans"
mpl.rcParams.update(
    {
        "svg.fonttype": "none",
        "svg.hashsalt": "figure",
        "font.family": MEASURED_IN,
        # A pound or dollar sign in a name is not mathematics.
        "text.parse_math": False,
        "axes.unicode_minus": True,
    }
)


def draw_svg(chart: Chart, *, narrow: bool = False, foot: str = "") -> str:
    """The chart as one SVG document with its title and summary for those who cannot see it, and `foot` said under it."""
    width = NARROW if narrow else WIDEST if chart.kind in WIDE_KINDS else WIDE
    if chart.frame.empty:
        return with_foot(document(chart, width, ROW * 2, [words(0, ROW, amounts.NO_DATA)]), foot)
    own = {ChartKind.SANKEY: sankey_svg, ChartKind.MAP: map_svg}.get(chart.kind, _matplotlib_svg)
    return CONTROL_CHARACTERS.sub("", with_foot(own(chart, width), foot))


def _matplotlib_svg(chart: Chart, width: int) -> str:
    rows, draw = DRAWINGS[chart.kind]
    height = rows(chart) if callable(rows) else rows
    figure = Figure(figsize=(width / 72, height / 72), dpi=72, layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.add_subplot()
    _plain_axes(axes)
    draw(chart, axes, width)
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _described(out.getvalue(), chart)


def _described(svg: str, chart: Chart) -> str:
    """The drawing without its declaration, with role, title and description, in the face of the product."""
    body = svg[svg.index("<svg") :].replace(f"'{MEASURED_IN}'", theme.FONT.replace("'", "&#39;")).replace(MEASURED_IN, "Arial")
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    said = f'<title id="title">{escape(chart.title)}</title><desc id="desc">{escape(chart.summary)}</desc>'
    return re.sub(r"<svg ([^>]*)>", lambda m: f'<svg role="img" aria-labelledby="title desc" {m[1]}>{said}', body, count=1)


def _plain_axes(axes: Axes) -> None:
    for side in ("top", "right", "bottom", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, labelsize=12, labelcolor=theme.INK)


def _wrapped(name: str, width: int) -> str:
    return "\n".join(textwrap.wrap(name, 14 if width < WIDE else 26, max_lines=LINES_OF_A_NAME, placeholder="…")) or name


def _short(name: str) -> str:
    """A name where it has one line and no place of its own."""
    return name if len(name) <= LONGEST_ON_A_LINE else f"{name[: LONGEST_ON_A_LINE - 1]}…"


def _rows(axes: Axes, labels: list[str], width: int) -> dict[str, int]:
    """Names down the left, the first at the top; gives each name its height."""
    at = {label: len(labels) - 1 - i for i, label in enumerate(labels)}
    axes.set_yticks(list(at.values()), [_wrapped(label, width) for label in labels])
    axes.set_ylim(-0.6, len(labels) - 0.4)
    axes.set_xticks([])
    return at


def _span(axes: Axes, ends: list[float], floor: float = 0.0) -> None:
    low, high = min([*ends, 0.0]), max([*ends, 0.0])
    room = (high - low) or 1.0
    left, right = low - (0.22 * room if low < 0 else 0), high + (0.22 * room if high > 0 else 0.02 * room)
    axes.set_xlim(floor + left, floor + right)


def _nought(axes: Axes) -> None:
    axes.axvline(0, color=theme.INK, linewidth=1)


def _bars(chart: Chart, axes: Axes, width: int) -> None:
    bars = marks.bars(chart)
    at = _rows(axes, marks.in_order([b.label for b in bars]), width)
    for bar in bars:
        axes.barh(at[bar.label], bar.end, height=0.6, color=bar.colour)
        ahead = bar.end >= 0
        axes.annotate(
            bar.text, (bar.end, at[bar.label]), xytext=(4 if ahead else -4, 0), textcoords="offset points",
            ha="left" if ahead else "right", va="center", fontsize=12, color=theme.INK,
        )  # fmt: skip
    _span(axes, [b.end for b in bars])
    _nought(axes)


def _stacked_bars(chart: Chart, axes: Axes, width: int) -> None:
    bars = marks.stacked_bars(chart)
    at = _rows(axes, marks.in_order([b.label for b in bars]), width)
    length = width - (180 if width >= WIDE else 120)
    for bar in bars:
        axes.barh(at[bar.label], bar.end - bar.start, left=bar.start, height=0.62, color=bar.colour, edgecolor=theme.WHITE)
        # Words stand on a part only where they fit between its ends.
        if bar.room * length > len(bar.text) * 8:
            middle = (bar.start + bar.end) / 2
            axes.text(middle, at[bar.label], bar.text, ha="center", va="center", fontsize=12, color=theme.text_on(bar.colour))
    _key(axes, chart, width)


def _key(axes: Axes, chart: Chart, width: int) -> None:
    items = marks.key(chart)
    handles = []
    for item in items:
        inside = theme.WHITE if item.mark == "ring" else item.colour
        style = {"marker": "s" if item.mark == "square" else "o", "markerfacecolor": inside, "markeredgecolor": item.colour}
        handles.append(mpl.lines.Line2D([], [], linestyle="none", markersize=9, label=_short(item.label), **style))
    columns = 4 if width >= WIDE else 2
    axes.figure.legend(handles=handles, loc="outside upper left", ncols=columns, frameon=False, fontsize=12, handletextpad=0.2)


def _waterfall(chart: Chart, axes: Axes, width: int) -> None:
    bars = marks.waterfall(chart)
    at = {i: len(bars) - 1 - i for i in range(len(bars))}
    axes.set_yticks(list(at.values()), [_wrapped(b.label, width) for b in bars])
    axes.set_ylim(-0.6, len(bars) - 0.4)
    axes.set_xticks([])
    for i, bar in enumerate(bars):
        axes.barh(at[i], bar.end - bar.start, left=bar.start, height=0.6, color=bar.colour)
        place = (max(bar.start, bar.end), at[i])
        axes.annotate(bar.text, place, xytext=(4, 0), textcoords="offset points", ha="left", va="center", fontsize=12)
    for i, (above, _) in enumerate(pairwise(bars)):
        axes.plot([above.end, above.end], [at[i] - 0.3, at[i] - 0.7], color=theme.GREY, linewidth=1)
    floor = marks.waterfall_floor(bars)
    _span(axes, [v - floor for b in bars for v in (b.start, b.end) if not floor or v > floor], floor)
    if not floor:
        _nought(axes)


def _numbers(chart: Chart, values: list[float | None]) -> tuple[list[float], list[str]]:
    """Places and words of an axis of numbers, the same as on the page."""
    ticks = marks.ticks(chart, values)
    return [v for v, _ in ticks], [t for _, t in ticks]


def _line_range(chart: Chart, axes: Axes, width: int) -> None:
    lines = marks.lines(chart)
    places = marks.in_order([x for line in lines for x in line.xs])
    at = {x: i for i, x in enumerate(places)}
    for line in lines:
        known = [(at[x], lo, hi) for x, lo, hi in zip(line.xs, line.lows, line.highs, strict=True) if None not in (lo, hi)]
        if known:
            xs, lows, highs = zip(*known, strict=True)
            axes.fill_between(xs, lows, highs, color=line.colour, alpha=0.2, linewidth=0)
        shown = [(at[x], v) for x, v in zip(line.xs, line.values, strict=True) if v is not None]
        style = "--" if line.dashed else "-"
        axes.plot([x for x, _ in shown], [v for _, v in shown], style, color=line.colour, linewidth=2.5, marker="o", markersize=5)
        if shown:
            offset = (0, -18) if line.end_below else (0, 8)
            axes.annotate(_short(line.end_text), shown[-1], xytext=offset, textcoords="offset points", ha="right", fontsize=12)
    _places(axes, places, width)
    values = [v for line in lines for v in (*line.values, *line.lows, *line.highs) if v is not None]
    axes.set_yticks(*_numbers(chart, [*values, 0.0]))
    axes.grid(axis="y", color=theme.GRID)
    axes.margins(y=0.15)
    if min(values, default=0) >= 0:
        axes.set_ylim(bottom=0)


def _places(axes: Axes, places: list[str], width: int) -> None:
    """Names along the bottom, every second or third of them where they would run into each other."""
    step = max(1, -(-len(places) * 60 // width))
    axes.set_xticks(range(0, len(places), step), [_wrapped(place, width) for place in places[::step]])


def _dot_plot(chart: Chart, axes: Axes, width: int) -> None:
    points = marks.points(chart)
    at = _rows(axes, marks.in_order([p.label for p in points]), width)
    if "band" in chart.options:
        axes.axvspan(*chart.options["band"], color=theme.PALE, zorder=0)
    for label, height in at.items():
        values = [p.value for p in points if p.label == label and p.value is not None]
        axes.plot(values, [height] * len(values), color=theme.GREY, linewidth=2.5, zorder=1)
    one_series = len({p.series for p in points}) == 1
    for point in points:
        if point.value is None:
            axes.annotate(point.text, (0, at[point.label]), xytext=(6, 0), textcoords="offset points", va="center", fontsize=12)
            continue
        inside = point.colour if point.filled else theme.WHITE
        axes.scatter(point.value, at[point.label], s=90, facecolor=inside, edgecolor=point.colour, linewidth=2.5, zorder=2)
        if marks.dots_are_said(chart):
            above = {"xytext": (0, 9 if point.filled else -18), "ha": "center"}
            beside = {"xytext": (10, 0), "va": "center"} if one_series else above
            axes.annotate(point.text, (point.value, at[point.label]), textcoords="offset points", fontsize=12, **beside)
    origin = marks.origin_of(chart)
    axes.set_xticks(*_numbers(chart, [origin, *(p.value for p in points)]))
    axes.margins(x=0.2 if one_series else 0.08)
    axes.axvline(origin, color=theme.INK, linewidth=1)
    if not one_series:
        _key(axes, chart, width)


def _heatmap(chart: Chart, axes: Axes, width: int) -> None:
    grid = marks.grid(chart)
    colours = theme.DIVERGING if chart.signed else theme.HEAT
    scale = mpl.colors.LinearSegmentedColormap.from_list("heat", colours)
    known = [v for row in grid.values for v in row if v is not None]
    highest = max((abs(v) for v in known), default=1) or 1
    norm = mpl.colors.Normalize(-highest if chart.signed else min([*known, 0.0]), highest)
    cells_named = width / max(len(grid.columns), 1) > 60
    for r, (values, texts) in enumerate(zip(grid.values, grid.texts, strict=True)):
        for c, (value, text) in enumerate(zip(values, texts, strict=True)):
            shade = mpl.colors.to_hex(scale(norm(value))) if value is not None else theme.WHITE
            axes.add_patch(mpl.patches.Rectangle((c - 0.48, -r - 0.46), 0.96, 0.92, color=shade))
            if text and cells_named:
                dark = value is not None and sum(mpl.colors.to_rgb(shade)) < 1.5
                axes.text(c, -r, text, ha="center", va="center", fontsize=11, color=theme.WHITE if dark else theme.INK)
    axes.set_xlim(-0.5, len(grid.columns) - 0.5)
    axes.set_ylim(-len(grid.rows) + 0.5, 0.5)
    axes.xaxis.tick_top()
    axes.set_xticks(
        range(len(grid.columns)),
        ["\n".join(textwrap.wrap(n, max(8, width // 8 // max(len(grid.columns), 1)))) for n in grid.columns],
        fontsize=10,
    )
    axes.tick_params(axis="x", labelrotation=0 if cells_named else 90)
    axes.set_yticks([-r for r in range(len(grid.rows))], [_wrapped(n, width) for n in grid.rows])


def _spc(chart: Chart, axes: Axes, width: int) -> None:
    values = {r: [marks.value_of(chart, v) for v in marks.column(chart, r)] for r in ("value", "mean", "lower", "upper")}
    xs, labels = marks.words(chart, "x"), marks.words(chart, "label")
    for role in ("lower", "upper"):
        axes.plot(_gaps(values[role]), "--", color=theme.MUTED, linewidth=1)
    axes.plot(_gaps(values["mean"]), color=theme.MUTED, linewidth=1)
    axes.plot(_gaps(values["value"]), color=theme.GREY, linewidth=1.5, zorder=2)
    for i, (value, label) in enumerate(zip(values["value"], labels, strict=True)):
        if value is not None:
            axes.scatter(i, value, s=50, color=marks.SPC_COLOURS.get(label, theme.GREY), zorder=3)
    _places(axes, xs, width)
    axes.set_yticks(*_numbers(chart, [v for seq in values.values() for v in seq]))
    _key(axes, chart, width)


def _gaps(values: list[float | None]) -> list[float]:
    return [float("nan") if v is None else v for v in values]


def _timeline(chart: Chart, axes: Axes, width: int) -> None:
    labels = marks.words(chart, "label")
    states = marks.words(chart, "state") if "state" in chart.columns else [""] * len(labels)
    colours = theme.series_colours(marks.in_order(states))
    at = _rows(axes, marks.in_order(labels), width)
    rows = zip(labels, states, marks.column(chart, "start"), marks.column(chart, "end"), strict=True)
    for label, state, start, end in rows:
        # The last day is part of it.
        axes.barh(at[label], date2num(end) - date2num(start) + 1, left=date2num(start), height=0.55, color=colours[state])
    axes.xaxis_date()
    axes.xaxis.set_major_locator(mpl.dates.AutoDateLocator(maxticks=6 if width >= WIDE else 3))
    axes.xaxis.set_major_formatter(mpl.dates.DateFormatter("%b %Y"))
    axes.grid(axis="x", color=theme.GRID)
    if any(states):
        _key(axes, chart, width)


def _row_height(role: str, more: int) -> Callable[[Chart], int]:
    return lambda chart: len(marks.in_order(marks.words(chart, role))) * ROW + more


DRAWINGS: dict[ChartKind, tuple[Any, Callable[[Chart, Axes, int], None]]] = {
    ChartKind.BARS: (_row_height("label", 20), _bars),
    ChartKind.STACKED_BARS: (_row_height("label", 90), _stacked_bars),
    ChartKind.WATERFALL: (_row_height("label", 20), _waterfall),
    ChartKind.LINE_RANGE: (280, _line_range),
    ChartKind.DOT_PLOT: (_row_height("label", 80), _dot_plot),
    ChartKind.HEATMAP: (_row_height("row", 70), _heatmap),
    ChartKind.SPC: (300, _spc),
    ChartKind.TIMELINE: (_row_height("label", 60), _timeline),
}
