"""A chart as data: a frame, the kind of drawing, and the words that go with it.

`drawing_plotly`, `drawing_svg` draw it; an app never names a drawing library.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd


class ChartKind(StrEnum):
    BARS = "bars"
    STACKED_BARS = "stacked_bars"
    WATERFALL = "waterfall"
    LINE_RANGE = "line_range"
    DOT_PLOT = "dot_plot"
    HEATMAP = "heatmap"
    SANKEY = "sankey"
    SPC = "spc"
    MAP = "map"
    TIMELINE = "timeline"


class Measure(StrEnum):
    """What the drawn numbers are, so that one place formats them. Money is whole ten-thousandths of a pound; a
    population is residents as estimated, which are no patients."""

    MONEY = "money"
    ACTIVITY = "activity"
    PATIENTS = "patients"
    POPULATION = "population"
    SHARE = "share"
    NUMBER = "number"


# The roles each kind needs; `?` marks one that may be left out. `link` is the address that a mark leads to.
ROLES: Mapping[ChartKind, tuple[str, ...]] = {
    ChartKind.BARS: ("label", "value", "note?", "link?"),
    ChartKind.STACKED_BARS: ("label", "value", "series"),
    ChartKind.WATERFALL: ("label", "value", "total"),
    ChartKind.LINE_RANGE: ("x", "value", "series?", "low?", "high?"),
    ChartKind.DOT_PLOT: ("label", "value", "series?"),
    ChartKind.HEATMAP: ("row", "column", "value", "link?"),
    ChartKind.SANKEY: ("source", "target", "value", "link?"),
    ChartKind.SPC: ("x", "value", "mean", "lower", "upper", "label"),
    ChartKind.MAP: ("label", "latitude", "longitude", "value?", "to_latitude?", "to_longitude?", "to_label?", "link?"),
    ChartKind.TIMELINE: ("label", "start", "end", "state?"),
}


# Kinds that need the whole width of a page to be read.
WIDE_KINDS = frozenset({ChartKind.HEATMAP, ChartKind.SANKEY, ChartKind.MAP})


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One chart. It cannot be built without its words.

    `columns` maps the roles of the kind to columns of `frame`; `title` states the message, computed from the same frame;
    `summary` is one sentence; `units` and `source` are printed under it. `emphasis` names labels drawn in the strong colour.
    """

    kind: ChartKind
    frame: pd.DataFrame
    columns: Mapping[str, str]
    measure: Measure
    title: str
    summary: str
    units: str
    source: str
    emphasis: tuple[str, ...] = ()
    signed: bool = False
    options: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self):
        for name in ("title", "summary", "units", "source"):
            if not getattr(self, name).strip():
                raise ValueError(f"A chart needs its {name}.")
        needed = {r for r in ROLES[self.kind] if not r.endswith("?")}
        known = {r.rstrip("?") for r in ROLES[self.kind]}
        if missing := needed - set(self.columns):
            raise ValueError(f"A {self.kind} chart needs columns for: {', '.join(sorted(missing))}.")
        if strange := set(self.columns) - known:
            raise ValueError(f"A {self.kind} chart has no role named: {', '.join(sorted(strange))}.")
        if absent := set(self.columns.values()) - set(self.frame.columns):
            raise ValueError(f"The frame has no column named: {', '.join(sorted(absent))}.")
