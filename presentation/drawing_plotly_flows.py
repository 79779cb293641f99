"""Sankey for plotly."""

from typing import Any

from . import marks, theme
from .chart import Chart
from .plotly_parts import Drawing, drawing_of, height_of, linked, soft, trace_of

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
        meta=linked([f.link for f in flows]),
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
