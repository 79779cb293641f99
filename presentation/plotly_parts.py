"""What drawings for plotly are made of: traces, axes, and words that plotly would take for something else."""

import math
from typing import Any

from . import marks
from .chart import Chart

Trace = dict[str, Any]
Drawing = dict[str, Any]

ROW_HEIGHT = 38
TALLEST = 900


def drawing_of(traces: list[Trace], layout: dict[str, Any]) -> Drawing:
    return {"data": traces, "layout": layout}


def trace_of(kind: str, **said: Any) -> Trace:
    return {"type": kind, **{name: value for name, value in said.items() if value is not None}}


def linked(addresses: list[Any]) -> list[Any] | None:
    """What the marks of a trace lead to, for `static/charts.js`; nothing where none leads anywhere."""
    return addresses if any(addresses) else None


def as_json(value: Any) -> Any:
    """What JSON can hold: what is no number becomes nothing, which plotly leaves a gap for."""
    if isinstance(value, dict):
        return {name: as_json(v) for name, v in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(v) for v in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value.item() if hasattr(value, "item") else value


def height_of(rows: int, extra: int = 24) -> int:
    return min(max(rows * ROW_HEIGHT + extra, 120), TALLEST)


def name_axis(labels: list[str], **more: Any) -> dict[str, Any]:
    """An axis of names, the first at the top."""
    return {"type": "category", "categoryorder": "array", "categoryarray": list(reversed(labels)), "ticksuffix": " ", **more}


def bare_axis(**more: Any) -> dict[str, Any]:
    """An axis that says nothing because its marks carry their numbers."""
    return {"showgrid": False, "showticklabels": False, "zeroline": False, **more}


def number_axis(chart: Chart, values: list[float | None], **more: Any) -> dict[str, Any]:
    """An axis of numbers in the words of the measure."""
    ticks = marks.ticks(chart, values)
    return {"zeroline": True, "tickmode": "array", "tickvals": [v for v, _ in ticks], "ticktext": [t for _, t in ticks], **more}


def span_of(ends: list[float], left: float = 0.22, right: float = 0.22) -> list[float]:
    """The range of an axis with room for words beyond the longest marks."""
    low, high = min([*ends, 0.0]), max([*ends, 0.0])
    if low == high:
        return [0.0, 1.0]
    width = high - low
    return [low - (width * left if low < 0 else 0), high + (width * right if high > 0 else 0)]


def plain(name: str) -> str:
    """A name inside a hover template, where % and braces have a meaning."""
    return name.replace("%", "％").replace("{", "(").replace("}", ")")


def soft(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.2)"
