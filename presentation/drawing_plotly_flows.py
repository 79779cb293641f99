"""Sankey and map for plotly."""

import math
from typing import Any

from . import marks, theme
from .chart import Chart
from .plotly_parts import Drawing, bare_axis, drawing_of, height_of, soft, trace_of


def sankey(chart: Chart) -> Drawing:
    flows = marks.flows(chart)
    # A home and a provider of the same name are two nodes.
    left, right = marks.in_order([f.source for f in flows]), marks.in_order([f.target for f in flows])
    at = {**{("s", n): i for i, n in enumerate(left)}, **{("t", n): len(left) + i for i, n in enumerate(right)}}
    strong = [theme.BLUE if n in chart.emphasis or not chart.emphasis else theme.GREY for n in left]
    trace = trace_of(
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
            "color": [soft(theme.BLUE if not chart.emphasis else f.colour) for f in flows],
            "customdata": [f.text for f in flows],
            "hovertemplate": "%{source.label} to %{target.label}: %{customdata}<extra></extra>",
        },
    )
    return drawing_of(
        [trace], {"height": height_of(max(len(left), len(right), 8), 40), "margin": {"l": 4, "r": 4, "t": 8, "b": 8}}
    )


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
