"""Maps for plotly: dots and lines by position on plain axes, so that nothing is fetched from anywhere."""

from collections import defaultdict
from typing import Any

from . import maps, theme
from .chart import Chart
from .plotly_parts import Drawing, bare_axis, drawing_of, linked, soft, trace_of

# Lines of nearly the same width are one trace: a trace for each would be slow to draw.
WIDTHS = 6


def map_of_places(chart: Chart) -> Drawing:
    """Lines first, so that dots lie on them; then what a line says, at its middle; then the dots of homes and of providers."""
    dots, ways = maps.dots(chart), maps.ways(chart)
    across = maps.across([dot.latitude for dot in dots])
    traces = [*_lines(ways, across), *_middles(ways, across)]
    named = maps.named(dots)
    for is_target in (False, True):
        own = [(i, dot) for i, dot in enumerate(dots) if dot.is_target == is_target]
        if own:
            traces.append(_dots(own, named, across, "bottom center" if is_target else "top center"))
    axis = bare_axis(zeroline=False)
    height = 420 if "to_label" not in chart.columns else 620
    layout = {"xaxis": axis, "yaxis": {**axis, "scaleanchor": "x"}, "height": height}
    return drawing_of(traces, {**layout, "margin": {"l": 60, "r": 60, "t": 24, "b": 24}})


def _lines(ways: list[maps.Way], across: float) -> list[Any]:
    classes: dict[tuple[str, int], list[maps.Way]] = defaultdict(list)
    for way in ways:
        classes[way.colour, round(way.width / maps.WIDEST_WAY * WIDTHS)].append(way)
    traces = []
    for (colour, _), own in sorted(classes.items()):
        xs = [x for way in own for x in (way.start[0] * across, way.end[0] * across, None)]
        ys = [y for way in own for y in (way.start[1], way.end[1], None)]
        line = {"color": soft(colour), "width": round(sum(way.width for way in own) / len(own), 1)}
        traces.append(trace_of("scatter", x=xs, y=ys, mode="lines", line=line, hoverinfo="skip"))
    return traces


def _middles(ways: list[maps.Way], across: float) -> list[Any]:
    """What a line says and leads to stands at its middle, unseen."""
    said = [way for way in ways if way.link]
    if not said:
        return []
    return [
        trace_of(
            "scatter",
            x=[(way.start[0] + way.end[0]) / 2 * across for way in said],
            y=[(way.start[1] + way.end[1]) / 2 for way in said],
            mode="markers",
            marker={"size": 12, "opacity": 0},
            customdata=[way.said for way in said],
            hovertemplate="%{customdata}<extra></extra>",
            meta=linked([way.link for way in said]),
        )
    ]


def _dots(own: list[tuple[int, maps.Dot]], named: set[int], across: float, position: str) -> Any:
    return trace_of(
        "scatter",
        x=[dot.longitude * across for _, dot in own],
        y=[dot.latitude for _, dot in own],
        mode="markers+text",
        text=[dot.name if i in named else "" for i, dot in own],
        textposition=position,
        cliponaxis=False,
        customdata=[dot.said for _, dot in own],
        hovertemplate="%{customdata}<extra></extra>",
        marker={
            "size": [dot.size for _, dot in own],
            "color": [dot.colour for _, dot in own],
            "opacity": 0.85,
            "line": {"color": theme.WHITE, "width": 1},
        },
        meta=linked([dot.link for _, dot in own]),
    )
