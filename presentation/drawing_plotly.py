"""Chart → the specification that plotly draws on a page (`static/charts.js`), as plain lists and words.

plotly's own Python objects check every property of every mark each time, which takes longer than all the rest of a page; the
tests let them check each kind of drawing once.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

from . import maps, marks, theme
from .chart import Chart, ChartKind
from .drawing_plotly_flows import sankey
from .drawing_plotly_map import map_of_places
from .plotly_parts import (
    Drawing,
    as_json,
    bare_axis,
    drawing_of,
    height_of,
    linked,
    name_axis,
    number_axis,
    plain,
    soft,
    span_of,
    trace_of,
)


def plotly_spec(chart: Chart) -> dict[str, Any]:
    """The specification as plain data: `data`, `layout`, the `key` above the drawing, and its `kind`."""
    items = [{"label": k.label, "colour": k.colour, "mark": k.mark} for k in marks.key(chart)]
    drawing = DRAWINGS[chart.kind](chart)
    drawing["layout"]["template"] = theme.TEMPLATE
    made = {**as_json(drawing), "key": items, "kind": str(chart.kind), "said": marks.said_of(chart)}
    return {**made, "beside": [list(pair) for pair in maps.beside(chart)]} if chart.kind == ChartKind.MAP else made


def _bars(chart: Chart) -> Drawing:
    bars = marks.bars(chart)
    trace = trace_of(
        "bar",
        orientation="h",
        y=[b.label for b in bars],
        x=[b.end for b in bars],
        text=[b.text for b in bars],
        textposition="outside",
        cliponaxis=False,
        marker={"color": [b.colour for b in bars]},
        hovertemplate="%{y}: %{text}<extra></extra>",
        meta=linked([b.link for b in bars]),
    )
    axis = bare_axis(range=span_of([b.end for b in bars]), zeroline=True)
    layout = {"xaxis": axis, "yaxis": name_axis([b.label for b in bars]), "bargap": 0.35, "height": height_of(len(bars))}
    return drawing_of([trace], layout)


def _stacked_bars(chart: Chart) -> Drawing:
    bars = marks.stacked_bars(chart)
    traces = []
    for name in marks.in_order([b.series for b in bars]):
        part = [b for b in bars if b.series == name]
        colour = part[0].colour
        traces.append(
            trace_of(
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
                hovertemplate="%{y}, " + plain(name) + ": %{customdata[0]}<extra></extra>",
            )
        )
    labels = marks.in_order([b.label for b in bars])
    layout = {
        "barmode": "overlay",
        "xaxis": bare_axis(),
        "yaxis": name_axis(labels),
        "bargap": 0.35,
        "height": height_of(len(labels)),
    }
    return drawing_of(traces, layout)


def _waterfall(chart: Chart) -> Drawing:
    bars = marks.waterfall(chart)
    trace = trace_of(
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
    said = trace_of(
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
    span = [v + floor for v in span_of(ends)]
    layout = {"barmode": "overlay", "bargap": 0.35, "shapes": links, "height": height_of(len(bars))}
    return drawing_of(
        [trace, said], {**layout, "xaxis": bare_axis(range=span, zeroline=not floor), "yaxis": name_axis([b.label for b in bars])}
    )


def _line_range(chart: Chart) -> Drawing:
    traces: list[Any] = []
    lines = marks.lines(chart)
    for line in lines:
        known = [i for i, (low, high) in enumerate(zip(line.lows, line.highs, strict=True)) if None not in (low, high)]
        if known:
            xs, lows, highs = ([seq[i] for i in known] for seq in (line.xs, line.lows, line.highs))
            band = {"x": xs + xs[::-1], "y": highs + lows[::-1], "fill": "toself", "fillcolor": soft(line.colour)}
            traces.append(trace_of("scatter", **band, mode="lines", line={"width": 0}, hoverinfo="skip"))
    for line in lines:
        texts = [""] * len(line.xs)
        if known := [i for i, v in enumerate(line.values) if v is not None]:
            texts[known[-1]] = line.end_text
        traces.append(
            trace_of(
                "scatter",
                name=line.name,
                x=line.xs,
                y=line.values,
                mode="lines+markers+text",
                text=texts,
                textposition="bottom left" if line.end_below else "top left",
                cliponaxis=False,
                line={"color": line.colour, "width": 3, "dash": "dash" if line.dashed else "solid"},
                customdata=line.texts,
                hovertemplate="%{x}: %{customdata}<extra>" + plain(line.name) + "</extra>",
            )
        )
    places = marks.in_order([x for line in lines for x in line.xs])
    x_axis = {"type": "category", "categoryorder": "array", "categoryarray": places, "showgrid": False}
    values = [v for line in lines for v in (*line.values, *line.lows, *line.highs, 0.0)]
    y_axis = number_axis(chart, values, rangemode="tozero")
    return drawing_of(traces, {"xaxis": x_axis, "yaxis": y_axis, "height": 290, "margin": {"t": 24}})


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
            trace_of("scatter", x=joined_x, y=joined_y, mode="lines", line={"color": theme.GREY, "width": 3}, hoverinfo="skip")
        )
    for name in series:
        part = [p for p in points if p.series == name]
        inside = [p.colour if p.filled else theme.WHITE for p in part]
        beside = "middle right" if len(series) == 1 else "top center" if part[0].filled else "bottom center"
        traces.append(
            trace_of(
                "scatter",
                name=name,
                x=[p.value for p in part],
                y=[p.label for p in part],
                mode="markers+text" if marks.dots_are_said(chart) else "markers",
                text=[p.text for p in part],
                textposition=beside,
                cliponaxis=False,
                marker={"size": 13, "color": inside, "line": {"color": [p.colour for p in part], "width": 3}},
                hovertemplate="%{y}: %{text}<extra>" + plain(name) + "</extra>",
            )
        )
    known = [p.value for p in points if p.value is not None]
    # Half a row above and below, for the words of the first and the last.
    rows = name_axis(labels, range=[-0.8, len(labels) - 0.2])
    layout: dict[str, Any] = {"yaxis": rows, "height": height_of(len(labels) + 1, 48), "shapes": _band(chart)}
    margin = {"range": span_of(known, 0.1, 0.25)} if len(series) == 1 else {}
    return drawing_of(traces, {**layout, "xaxis": number_axis(chart, [*known, marks.origin_of(chart)], **margin)})


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
    trace = trace_of(
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
        meta=linked(grid.links[::-1]),
    )
    x_axis = {"type": "category", "side": "top", "showgrid": False}
    y_axis = {"type": "category", "showgrid": False}
    return drawing_of([trace], {"xaxis": x_axis, "yaxis": y_axis, "height": height_of(len(grid.rows), 90)})


def _spc(chart: Chart) -> Drawing:
    xs = marks.words(chart, "x")
    lists = {role: [marks.value_of(chart, v) for v in marks.column(chart, role)] for role in ("value", "mean", "lower", "upper")}
    labels = marks.words(chart, "label")
    colours = [marks.SPC_COLOURS.get(label, theme.GREY) for label in labels]
    limits = {"color": theme.MUTED, "width": 1, "dash": "dash"}
    traces = [
        trace_of("scatter", x=xs, y=lists["upper"], mode="lines", line=limits, hoverinfo="skip"),
        trace_of("scatter", x=xs, y=lists["lower"], mode="lines", line=limits, hoverinfo="skip"),
        trace_of("scatter", x=xs, y=lists["mean"], mode="lines", line={"color": theme.MUTED, "width": 1}, hoverinfo="skip"),
        trace_of(
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
    return drawing_of(
        traces,
        {
            "xaxis": {"type": "category", "showgrid": False},
            "yaxis": number_axis(chart, [v for seq in lists.values() for v in seq], zeroline=False),
            "height": 290,
        },
    )


def _timeline(chart: Chart) -> Drawing:
    labels, starts, ends = (marks.column(chart, role) for role in ("label", "start", "end"))
    states = marks.words(chart, "state") if "state" in chart.columns else [""] * len(labels)
    colours = theme.series_colours(marks.in_order(states))
    # The last day is part of it.
    lengths = [(end - start + timedelta(days=1)).total_seconds() * 1000 for start, end in zip(starts, ends, strict=True)]
    trace = trace_of(
        "bar",
        orientation="h",
        y=[str(label) for label in labels],
        x=lengths,
        base=[start.isoformat() for start in starts],
        marker={"color": [colours[s] for s in states]},
        customdata=[f"{s:%-d %B %Y} to {e:%-d %B %Y} {w}".strip() for s, e, w in zip(starts, ends, states, strict=True)],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )
    return drawing_of(
        [trace],
        {
            "xaxis": {"type": "date"},
            "yaxis": name_axis([str(n) for n in labels]),
            "bargap": 0.4,
            "height": height_of(len(labels), 48),
        },
    )


DRAWINGS: dict[ChartKind, Callable[[Chart], Drawing]] = {
    ChartKind.BARS: _bars,
    ChartKind.STACKED_BARS: _stacked_bars,
    ChartKind.WATERFALL: _waterfall,
    ChartKind.LINE_RANGE: _line_range,
    ChartKind.DOT_PLOT: _dot_plot,
    ChartKind.HEATMAP: _heatmap,
    ChartKind.SANKEY: sankey,
    ChartKind.SPC: _spc,
    ChartKind.MAP: map_of_places,
    ChartKind.TIMELINE: _timeline,
}
