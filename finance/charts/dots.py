"""Dot plots of several measures of each area side by side: all charts of shares, indices and distances are drawn so."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric

COLUMNS = {"label": "label", "value": "value", "series": "series"}


def side_by_side(frame: pd.DataFrame, measures: Mapping[str, str], label: str = "system_name") -> pd.DataFrame:
    """One row for each area and measure that is known: label, value, series. `measures` are column → its words."""
    parts = [
        pd.DataFrame({"label": frame[label], "value": numeric(frame[column]), "series": words})
        for column, words in measures.items()
        if column in frame
    ]
    whole = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS), dtype=object)
    return whole.dropna(subset=["value"])


def dots(drawn: pd.DataFrame, measure: Measure, **words: Any) -> Chart:
    return Chart(kind=ChartKind.DOT_PLOT, frame=drawn, columns=COLUMNS, measure=measure, **words)


def indices(drawn: pd.DataFrame, **words: Any) -> Chart:
    """Indices beside the average, which is 1."""
    return dots(drawn, Measure.NUMBER, options={"decimals": 3, "origin": 1.0}, **words)
