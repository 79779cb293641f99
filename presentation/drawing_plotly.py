"""Chart → the specification that plotly draws on a page (`static/charts.js`), as plain lists and words.

plotly's own Python objects check every property of every mark each time, which takes longer than all the rest of a page; the
tests let them check each kind of drawing once.
"""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from . import marks, theme
from .chart import Chart, ChartKind

Trace = dict[str, Any]
Drawing = dict[str, Any]

ROW_HEIGHT = 38
TALLEST = 900


def plotly_spec(chart: Chart) -> dict[str, Any]:
    """The specification as plain data: `data`, `layout`, the `key` above the drawing, and its `kind`."""
    items = [{"label": k.label, "colour": k.colour, "mark": k.mark} for k in marks.key(chart)]
    drawing = DRAWINGS[chart.kind](chart)
    drawing["layout"]["template"] = theme.TEMPLATE
    return {**_as_json(drawing), "key": items, "kind": str(chart.kind), "said": marks.said_of(chart)}


def _drawing(traces: list[Trace], layout: dict[str, Any]) -> Drawing:
    return {"data": traces, "layout": layout}


def _trace(kind: str, **said: Any) -> Trace:
    return {"type": kind, **{name: value for name, value in said.items() if value is not None}}


def _as_json(value: Any) -> Any:
    """What JSON can hold: what is no number becomes nothing, which plotly leaves a gap for."""
    if isinstance(value, dict):
        return {name: _as_json(v) for name, v in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(v) for v in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value.item() if hasattr(value, "item") else value


def _height(rows: int, extra: int = 24) -> int:
    return min(max(rows * ROW_HEIGHT + extra, 180), TALLEST)


def _rows(labels: list[str], **more: Any) -> dict[str, Any]:
    """An axis of names, the first at the top."""
    return {"type": "category", "categoryorder": "array", "categoryarray": list(reversed(labels)), "ticksuffix": " ", **more}


def _bare(**more: Any) -> dict[str, Any]:
    """An axis that says nothing because its marks carry their numbers."""
    return {"showgrid": False, "showticklabels": False, "zeroline": False, **more}


def _numbers(chart: Chart, values: list[float | None], **more: Any) -> dict[str, Any]:
    """An axis of numbers in the words of the measure."""
    ticks = marks.ticks(chart, values)
    return {"zeroline": True, "tickmode": "array", "tickvals": [v for v, _ in ticks], "ticktext": [t for _, t in ticks], **more}


def _span(ends: list[float], left: float = 0.22, right: float = 0.22) -> list[float]:
    """The range of an axis with room for words beyond the longest marks."""
    low, high = min([*ends, 0.0]), max([*ends, 0.0])
    width = (high - low) or 1.0
    return [low - (width * left if low < 0 else 0), high + (width * right if high > 0 else 0)]


def _bars(chart: Chart) -> Drawing:
    bars = marks.bars(chart)
    trace = _trace(
        "bar",
        orientation="h",
        y=[b.label for b in bars],
        x=[b.end for b in bars],
        text=[b.text for b in bars],
        textposition="outside",
        cliponaxis=False,
        marker={"color": [b.colour for b in bars]},
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    axis = _bare(range=_span([b.end for b in bars]), zeroline=True)
    layout = {"xaxis": axis, "yaxis": _rows([b.label for b in bars]), "bargap": 0.35, "height": _height(len(bars))}
    return _drawing([trace], layout)


def _stacked_bars(chart: Chart) -> Drawing:
    bars = marks.stacked_bars(chart)
    traces = []
    for name in marks.in_order([b.series for b in bars]):
        part = [b for b in bars if b.series == name]
        colour = part[0].colour
        traces.append(
            _trace(
                "bar",
                orientation="h",
                name=name,
                y=[b.label for b in part],
                x=[b.end - b.start for b in part],
                base=[b.start for b in part],
                text=[b.text for b in part],
                customdata=[[b.text, b.room] for b in part],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                constraintext="none",
                textfont={"color": theme.text_on(colour)},
                marker={"color": colour, "line": {"color": theme.WHITE, "width": 1}},
                hovertemplate="%{y}, " + _plain(name) + ": %{customdata[0]}<extra></extra>",
            )
        )
    labels = marks.in_order([b.label for b in bars])
    layout = {"barmode": "overlay", "xaxis": _bare(), "yaxis": _rows(labels), "bargap": 0.35, "height": _height(len(labels))}
    return _drawing(traces, layout)


def _plain(name: str) -> str:
    """A name inside a hover template, where % and braces have a meaning."""
    return name.replace("%", "％").replace("{", "(").replace("}", ")")


def _waterfall(chart: Chart) -> Drawing:
    bars = marks.waterfall(chart)
    trace = _trace(
        "bar",
        orientation="h",
        y=[b.label for b in bars],
        x=[b.end - b.start for b in bars],
        base=[b.start for b in bars],
        marker={"color": [b.colour for b in bars]},
        hovertemplate="%{y}: %{customdata}<extra></extra>",
        customdata=[b.text for b in bars],
    )
    # Words stand at the right end of each step, whichever way it goes.
    said = _trace(
        "scatter",
        mode="text",
        y=[b.label for b in bars],
        x=[max(b.start, b.end) for b in bars],
        text=[f" {b.text}" for b in bars],
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="skip",
    )
    links = []
    for i, (above, _) in enumerate(pairwise(bars)):
        row = len(bars) - 1 - i
        at = {"x0": above.end, "x1": above.end, "y0": row - 0.33, "y1": row - 0.67}
        links.append({"type": "line", **at, "line": {"color": theme.GREY, "width": 1}, "layer": "below"})
    floor = marks.waterfall_floor(bars)
    ends = (
        [v - floor for b in bars for v in (b.start, b.end) if v > floor] if floor else [v for b in bars for v in (b.start, b.end)]
    )
    span = [v + floor for v in _span(ends)]
    layout = {"barmode": "overlay", "bargap": 0.35, "shapes": links, "height": _height(len(bars))}
    return _drawing(
        [trace, said], {**layout, "xaxis": _bare(range=span, zeroline=not floor), "yaxis": _rows([b.label for b in bars])}
    )


def _line_range(chart: Chart) -> Drawing:
    traces: list[Any] = []
    lines = marks.lines(chart)
    for line in lines:
        known = [i for i, (low, high) in enumerate(zip(line.lows, line.highs, strict=True)) if None not in (low, high)]
        if known:
            xs, lows, highs = ([seq[i] for i in known] for seq in (line.xs, line.lows, line.highs))
            band = {"x": xs + xs[::-1], "y": highs + lows[::-1], "fill": "toself", "fillcolor": _soft(line.colour)}
            traces.append(_trace("scatter", **band, mode="lines", line={"width": 0}, hoverinfo="skip"))
    for line in lines:
        texts = [""] * len(line.xs)
        if known := [i for i, v in enumerate(line.values) if v is not None]:
            texts[known[-1]] = line.end_text
        traces.append(
            _trace(
                "scatter",
                name=line.name,
                x=line.xs,
                y=line.values,
                mode="lines+markers+text",
                text=texts,
                textposition="top left",
                cliponaxis=False,
                line={"color": line.colour, "width": 3, "dash": "dash" if line.dashed else "solid"},
                customdata=line.texts,
                hovertemplate="%{x}: %{customdata}<extra>" + _plain(line.name) + "</extra>",
            )
        )
    places = marks.in_order([x for line in lines for x in line.xs])
    x_axis = {"type": "category", "categoryorder": "array", "categoryarray": places, "showgrid": False}
    values = [v for line in lines for v in (*line.values, *line.lows, *line.highs, 0.0)]
    y_axis = _numbers(chart, values, rangemode="tozero")
    return _drawing(traces, {"xaxis": x_axis, "yaxis": y_axis, "height": 290, "margin": {"t": 24}})


def _soft(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.2)"


def _dot_plot(chart: Chart) -> Drawing:
    points = marks.points(chart)
    labels = marks.in_order([p.label for p in points])
    traces: list[Any] = []
    series = marks.in_order([p.series for p in points])
    if len(series) > 1:
        joined_x: list[float | None] = []
        joined_y: list[str | None] = []
        for label in labels:
            values = [p.value for p in points if p.label == label and p.value is not None]
            joined_x += [*values, None]
            joined_y += [*[label] * len(values), None]
        traces.append(
            _trace("scatter", x=joined_x, y=joined_y, mode="lines", line={"color": theme.GREY, "width": 3}, hoverinfo="skip")
        )
    for name in series:
        part = [p for p in points if p.series == name]
        inside = [p.colour if p.filled else theme.WHITE for p in part]
        traces.append(
            _trace(
                "scatter",
                name=name,
                x=[p.value for p in part],
                y=[p.label for p in part],
                mode="markers+text" if len(series) == 1 else "markers",
                text=[p.text for p in part],
                textposition="middle right",
                cliponaxis=False,
                marker={"size": 13, "color": inside, "line": {"color": [p.colour for p in part], "width": 3}},
                hovertemplate="%{y}: %{text}<extra>" + _plain(name) + "</extra>",
            )
        )
    known = [p.value for p in points if p.value is not None]
    layout: dict[str, Any] = {"yaxis": _rows(labels), "height": _height(len(labels), 48), "shapes": _band(chart)}
    margin = {"range": _span(known, 0.1, 0.25)} if len(series) == 1 else {}
    return _drawing(traces, {**layout, "xaxis": _numbers(chart, [*known, 0.0], **margin)})


def _band(chart: Chart) -> list[dict[str, Any]]:
    """A pale band behind the marks, `options["band"]` in the units of the words: the span that is near enough."""
    if "band" not in chart.options:
        return []
    low, high = chart.options["band"]
    return [
        {
            "type": "rect",
            "x0": low,
            "x1": high,
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "fillcolor": theme.PALE,
            "line": {"width": 0},
            "layer": "below",
        }
    ]


def _heatmap(chart: Chart) -> Drawing:
    grid = marks.grid(chart)
    colours = theme.DIVERGING if chart.signed else theme.HEAT
    scale = [[i / (len(colours) - 1), c] for i, c in enumerate(colours)]
    trace = _trace(
        "heatmap",
        x=grid.columns,
        # From the bottom up: with the axis turned round instead, plotly picks the colour of the words by the wrong row.
        y=grid.rows[::-1],
        z=grid.values[::-1],
        text=grid.texts[::-1],
        texttemplate="%{text}",
        colorscale=scale,
        zmid=0 if chart.signed else None,
        showscale=False,
        xgap=2,
        ygap=2,
        hoverongaps=False,
        hovertemplate="%{y}, %{x}: %{text}<extra></extra>",
    )
    x_axis = {"type": "category", "side": "top", "showgrid": False}
    y_axis = {"type": "category", "showgrid": False}
    return _drawing([trace], {"xaxis": x_axis, "yaxis": y_axis, "height": _height(len(grid.rows), 90)})


def _sankey(chart: Chart) -> Drawing:
    flows = marks.flows(chart)
    # A home and a provider of the same name are two nodes.
    left, right = marks.in_order([f.source for f in flows]), marks.in_order([f.target for f in flows])
    at = {**{("s", n): i for i, n in enumerate(left)}, **{("t", n): len(left) + i for i, n in enumerate(right)}}
    strong = [theme.BLUE if n in chart.emphasis or not chart.emphasis else theme.GREY for n in left]
    trace = _trace(
        "sankey",
        arrangement="snap",
        node={
            "label": [*left, *right],
            "color": [*strong, *[theme.DARK_BLUE] * len(right)],
            "pad": 18,
            "thickness": 14,
            "line": {"width": 0},
            "hovertemplate": "%{label}<extra></extra>",
        },
        link={
            "source": [at["s", f.source] for f in flows],
            "target": [at["t", f.target] for f in flows],
            "value": [f.value for f in flows],
            "color": [_soft(theme.BLUE if not chart.emphasis else f.colour) for f in flows],
            "customdata": [f.text for f in flows],
            "hovertemplate": "%{source.label} to %{target.label}: %{customdata}<extra></extra>",
        },
    )
    return _drawing([trace], {"height": _height(max(len(left), len(right), 8), 40), "margin": {"l": 4, "r": 4, "t": 8, "b": 8}})


def _spc(chart: Chart) -> Drawing:
    xs = marks.words(chart, "x")
    lists = {role: [marks.value_of(chart, v) for v in marks.column(chart, role)] for role in ("value", "mean", "lower", "upper")}
    labels = marks.words(chart, "label")
    colours = [marks.SPC_COLOURS.get(label, theme.GREY) for label in labels]
    limits = {"color": theme.MUTED, "width": 1, "dash": "dash"}
    traces = [
        _trace("scatter", x=xs, y=lists["upper"], mode="lines", line=limits, hoverinfo="skip"),
        _trace("scatter", x=xs, y=lists["lower"], mode="lines", line=limits, hoverinfo="skip"),
        _trace("scatter", x=xs, y=lists["mean"], mode="lines", line={"color": theme.MUTED, "width": 1}, hoverinfo="skip"),
        _trace(
            "scatter",
            x=xs,
            y=lists["value"],
            mode="lines+markers",
            line={"color": theme.GREY, "width": 2},
            marker={"size": 9, "color": colours},
            customdata=[[marks.text_of(chart, v), label] for v, label in zip(marks.column(chart, "value"), labels, strict=True)],
            hovertemplate="%{x}: %{customdata[0]}. %{customdata[1]}<extra></extra>",
        ),
    ]
    return _drawing(
        traces,
        {
            "xaxis": {"type": "category", "showgrid": False},
            "yaxis": _numbers(chart, [v for seq in lists.values() for v in seq], zeroline=False),
            "height": 290,
        },
    )


def _map(chart: Chart) -> Drawing:
    """Points by position and lines between them: no boundary is fetched, so none can be out of date or from another host."""
    labels, texts = marks.words(chart, "label"), marks.map_texts(chart)
    latitudes = marks.column(chart, "latitude")
    across = math.cos(math.radians(sum(latitudes) / len(latitudes))) if latitudes else 1.0
    xs = [longitude * across for longitude in marks.column(chart, "longitude")]
    sizes = marks.map_sizes(chart)
    traces: list[Any] = []
    if "to_latitude" in chart.columns:
        ends = zip(marks.column(chart, "to_longitude"), marks.column(chart, "to_latitude"), strict=True)
        for x, y, size, (to_x, to_y) in zip(xs, latitudes, sizes, ends, strict=True):
            line = {"color": _soft(theme.BLUE), "width": max(size / 3, 1)}
            traces.append(_trace("scatter", x=[x, to_x * across], y=[y, to_y], mode="lines", line=line, hoverinfo="skip"))
    named = marks.largest(sizes)
    traces.append(
        _trace(
            "scatter",
            x=xs,
            y=latitudes,
            mode="markers+text",
            text=[label if i in named else "" for i, label in enumerate(labels)],
            textposition="top center",
            cliponaxis=False,
            customdata=[f"{label}: {text}" if text else label for label, text in zip(labels, texts, strict=True)],
            hovertemplate="%{customdata}<extra></extra>",
            marker={
                "size": sizes,
                "color": [_dot(chart, n) for n in labels],
                "opacity": 0.85,
                "line": {"color": theme.WHITE, "width": 1},
            },
        )
    )
    axis = _bare(zeroline=False)
    return _drawing(
        traces,
        {"xaxis": axis, "yaxis": {**axis, "scaleanchor": "x"}, "height": 420, "margin": {"l": 60, "r": 60, "t": 24, "b": 24}},
    )


def _dot(chart: Chart, label: str) -> str:
    return theme.BLUE if not chart.emphasis or label in chart.emphasis else theme.GREY


def _timeline(chart: Chart) -> Drawing:
    labels, starts, ends = (marks.column(chart, role) for role in ("label", "start", "end"))
    states = marks.words(chart, "state") if "state" in chart.columns else [""] * len(labels)
    colours = theme.series_colours(marks.in_order(states))
    lengths = [(end - start).total_seconds() * 1000 for start, end in zip(starts, ends, strict=True)]
    trace = _trace(
        "bar",
        orientation="h",
        y=[str(label) for label in labels],
        x=lengths,
        base=[start.isoformat() for start in starts],
        marker={"color": [colours[s] for s in states]},
        customdata=[f"{s:%-d %B %Y} to {e:%-d %B %Y} {w}".strip() for s, e, w in zip(starts, ends, states, strict=True)],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )
    return _drawing(
        [trace],
        {"xaxis": {"type": "date"}, "yaxis": _rows([str(n) for n in labels]), "bargap": 0.4, "height": _height(len(labels), 48)},
    )


DRAWINGS: dict[ChartKind, Callable[[Chart], Drawing]] = {
    ChartKind.BARS: _bars,
    ChartKind.STACKED_BARS: _stacked_bars,
    ChartKind.WATERFALL: _waterfall,
    ChartKind.LINE_RANGE: _line_range,
    ChartKind.DOT_PLOT: _dot_plot,
    ChartKind.HEATMAP: _heatmap,
    ChartKind.SANKEY: _sankey,
    ChartKind.SPC: _spc,
    ChartKind.MAP: _map,
    ChartKind.TIMELINE: _timeline,
}
