"""Sankey and map for plotly."""

import math
from typing import Any

from . import marks, theme
from .chart import Chart
from .plotly_parts import Drawing, bare_axis, drawing_of, height_of, soft, trace_of

# Pixels of a Sankey: between its nodes, around its drawing, and beside it for the names of its ends.
GAP, EDGE, NAMES = 22, 16, 190
NODE = 14


def sankey(chart: Chart) -> Drawing:
    """Ribbons between two columns of nodes, each named beside the drawing, where no ribbon runs through its name."""
    flows = marks.flows(chart)
    left, right = marks.ends_of_flows(chart)
    # A home and a provider of the same name are two nodes.
    at = {**{("s", n): i for i, n in enumerate(left)}, **{("t", n): len(left) + i for i, n in enumerate(right)}}
    strong = [theme.BLUE if n in chart.emphasis or not chart.emphasis else theme.GREY for n in left]
    height = height_of(max(len(left), len(right), 8), 140)
    room = height - 2 * EDGE
    tops = [*_places(left, right, room), *_places(right, left, room)]
    said = [f"{name}: {_size(chart, size)}" for side in (left, right) for name, size in side.items()]
    trace = trace_of(
        "sankey",
        arrangement="fixed",
        node={
            "label": [*left, *right],
            "customdata": said,
            "x": [0.001] * len(left) + [0.999] * len(right),
            "y": tops,
            "color": [*strong, *[theme.DARK_BLUE] * len(right)],
            "pad": GAP,
            "thickness": NODE,
            "line": {"width": 0},
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        link={
            "source": [at["s", f.source] for f in flows],
            "target": [at["t", f.target] for f in flows],
            "value": [f.value for f in flows],
            "color": [soft(theme.BLUE if not chart.emphasis else f.colour) for f in flows],
            "customdata": [f"{f.source} to {f.target}: {f.text}" for f in flows],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
    )
    names = _names_beside(chart, left, tops[: len(left)], side=0) + _names_beside(chart, right, tops[len(left) :], side=1)
    margin = {"l": NAMES, "r": NAMES, "t": EDGE, "b": EDGE}
    return drawing_of([trace], {"height": height, "margin": margin, "annotations": names})


def _places(side: dict[str, float], other: dict[str, float], room: float) -> list[float]:
    """Where the middle of each node is, as a share of the height from the top; both sides share one scale."""
    total = sum(side.values()) or 1.0
    scale = (room - GAP * (max(len(side), len(other)) - 1)) / total
    gap = (room - total * scale) / (len(side) - 1) if len(side) > 1 else 0.0
    reached, middles = (0.0 if len(side) > 1 else (room - total * scale) / 2), []
    for size in side.values():
        middles.append((reached + size * scale / 2) / room)
        reached += size * scale + gap
    return middles


def _names_beside(chart: Chart, side_sizes: dict[str, float], middles: list[float], *, side: int) -> list[dict[str, Any]]:
    anchor, shift = (("right", -10), ("left", 10))[side]
    common = {"xref": "paper", "yref": "paper", "x": side, "xanchor": anchor, "xshift": shift, "yanchor": "middle"}
    return [
        {**common, "y": 1 - middle, "text": name, "hovertext": _size(chart, size), "align": anchor, "showarrow": False}
        for (name, size), middle in zip(side_sizes.items(), middles, strict=True)
    ]


def _size(chart: Chart, size: float) -> str:
    return marks.text_of(chart, round(size / marks.SCALES.get(chart.measure, 1.0)))


def map_of_flows(chart: Chart) -> Drawing:
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
            line = {"color": soft(theme.BLUE), "width": max(size / 3, 1)}
            traces.append(trace_of("scatter", x=[x, to_x * across], y=[y, to_y], mode="lines", line=line, hoverinfo="skip"))
    named = marks.largest(sizes)
    traces.append(
        trace_of(
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
    axis = bare_axis(zeroline=False)
    return drawing_of(
        traces,
        {"xaxis": axis, "yaxis": {**axis, "scaleanchor": "x"}, "height": 420, "margin": {"l": 60, "r": 60, "t": 24, "b": 24}},
    )


def _dot(chart: Chart, label: str) -> str:
    return theme.BLUE if not chart.emphasis or label in chart.emphasis else theme.GREY
