"""Dot plots of several measures side by side: only what is known is drawn, under the words given."""

import pandas as pd

from finance.charts.dots import indices, side_by_side
from presentation.chart import ChartKind

FRAME = pd.DataFrame({"system_name": ["A", "B"], "before": [0.1, None], "after": [0.05, float("nan")], "name": ["x", "y"]})


def test_each_measure_that_is_known_is_a_row_under_its_words():
    drawn = side_by_side(FRAME, {"before": "Before", "after": "After 2026/27"})
    assert drawn.to_dict("records") == [
        {"label": "A", "value": 0.1, "series": "Before"},
        {"label": "A", "value": 0.05, "series": "After 2026/27"},
    ]


def test_areas_go_by_the_name_that_is_asked_for():
    assert side_by_side(FRAME, {"before": "Before"}, "name")["label"].tolist() == ["x"]


def test_a_measure_that_is_not_there_is_left_out_and_nothing_is_an_empty_chart():
    drawn = side_by_side(FRAME, {"never": "Never"})
    assert list(drawn.columns) == ["label", "value", "series"]
    assert drawn.empty


def test_indices_are_beside_one():
    chart = indices(side_by_side(FRAME, {"before": "Age"}), title="t", summary="s", units="u", source="o")
    assert chart.kind is ChartKind.DOT_PLOT
    assert chart.options == {"decimals": 3, "origin": 1.0}
