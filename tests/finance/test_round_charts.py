"""Titles and sentences of rounds: true of the numbers under them, whatever those are."""

from types import SimpleNamespace

import pandas as pd
import pytest

from finance.charts import rounds as charts
from finance.figures import rounds as figures
from finance.models import RoundStep
from presentation.chart import ChartKind, Measure
from presentation.disclosure import HIDDEN

POUND = 10_000
ASKED = {"allocation_year": "2026/27", "step": "age", "round": 1, "position": 1, "year": "2025/26"}


def year_row(year, area, opening, closing, allocation=1_000_000, *, total=False) -> dict:
    return {
        "year": year,
        "area_name": area,
        "opening_distance": opening,
        "closing_distance": closing,
        "allocation": allocation * POUND if isinstance(allocation, int) else allocation,
        "is_total": total,
    }


def years(*rows) -> pd.DataFrame:
    return pd.DataFrame([year_row(*row) for row in rows])


@pytest.mark.parametrize(
    ("distance", "said"),
    [
        (0.0, "at target"),
        (0.0004, "at target"),
        (-0.0004, "at target"),
        (0.0006, "0.1% above target"),
        (-0.0006, "0.1% below target"),
        (0.0741, "7.4% above target"),
        (-0.0741, "7.4% below target"),
        (1.5, "150.0% above target"),
    ],
)
def test_a_distance_is_said_in_words(distance, said):
    assert charts.distance_words(distance) == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [("2026/27", "East", 0.05, 0.03), ("2026/27", "West", -0.02, -0.01)],
            "East goes from 5.0% above target to 3.0% above target by 2026/27",
        ),
        (
            [("2026/27", "East", 0.05, 0.03), ("2026/27", "West", -0.08, -0.01)],
            "West goes from 8.0% below target to 1.0% below target by 2026/27",
        ),
        (
            [("2026/27", "East", 0.05, 0.03), ("2027/28", "East", 0.03, 0.0)],
            "East goes from 5.0% above target to at target by 2027/28",
        ),
        (
            [("2026/27", "East", 0.0, 0.0), ("2026/27", "West", 0.0, 0.0)],
            "West goes from at target to at target by 2026/27",
        ),
        (
            [("2026/27", "East", HIDDEN, HIDDEN), ("2026/27", "West", 0.01, 0.01)],
            "West goes from 1.0% above target to 1.0% above target by 2026/27",
        ),
        (
            [("2026/27", "East", HIDDEN, HIDDEN)],
            "Nothing is allocated yet",
        ),
    ],
)
def test_the_title_of_a_round_names_who_is_furthest_from_target(rows, said):
    assert charts.round_chart(years(*rows), ASKED).title == said


def test_a_round_is_drawn_from_before_its_first_year():
    frame = years(("2026/27", "East", 0.05, 0.03), ("2027/28", "East", 0.03, 0.02))
    chart = charts.round_chart(frame, ASKED)
    assert chart.kind == ChartKind.LINE_RANGE
    assert chart.frame["x"].tolist() == ["Opening", "2026/27", "2027/28"]
    assert chart.frame["value"].tolist() == [0.05, 0.03, 0.02]


def test_all_areas_together_are_not_drawn():
    frame = pd.DataFrame(
        [year_row("2026/27", "East", 0.05, 0.03), year_row("2026/27", "All areas together", 0.0, 0.0, total=True)]
    )
    assert set(charts.round_chart(frame, ASKED).frame["series"]) == {"East"}


def step_frame(column, *values) -> pd.DataFrame:
    names = ["East", "West", "South"][: len(values)]
    return pd.DataFrame({"area_name": names, column: list(values)})


@pytest.mark.parametrize(
    ("step", "column", "values", "said"),
    [
        ("population", "population", (10, 20), "West has most people: 20"),
        ("age", "age_index", (1.02, 0.98), "The index raises the weight of East most: 1.0200 beside 1"),
        ("age", "age_index", (1.0, 1.0), "The index is alike in every area"),
        ("need", "need_index", (0.9, 1.1), "The index raises the weight of West most: 1.1000 beside 1"),
        ("market-forces", "mff_index", (0.99, 1.01), "The index raises the weight of West most: 1.0100 beside 1"),
        ("weighted-population", "weighted_population", (7.0, 5.0), "East has most weighted people: 7"),
        ("target", "target", (5 * POUND, 7 * POUND), "The largest target is that of West: £7"),
        ("baseline", "baseline", (5 * POUND, 7 * POUND), "The largest baseline is that of West: £7"),
        ("opening-distance", "opening_distance", (0.05, -0.08), "West is furthest from target: it opens 8.0% below target"),
        ("closing-distance", "closing_distance", (0.05, -0.02), "East is furthest from target: it closes 5.0% above target"),
        ("convergence", "growth", (0.036, 0.05), "West grows fastest, by 5.0%"),
        ("allocation", "allocation", (2_000_000 * POUND, 0), "Most goes to East: £2.0m"),
        ("age", "elsewhere", (1, 2), "The method of this round has no such step"),
    ],
)
def test_the_title_of_a_step_is_true_of_its_numbers(step, column, values, said):
    assert charts.step_chart(step_frame(column, *values), {**ASKED, "step": step}).title == said


def test_an_index_is_drawn_as_how_far_it_lies_from_one():
    chart = charts.step_chart(step_frame("age_index", 1.02, 0.98), ASKED)
    assert chart.kind == ChartKind.BARS
    assert chart.measure == Measure.SHARE
    assert chart.signed
    assert chart.frame["value"].tolist() == pytest.approx([0.02, -0.02])


def test_money_of_few_people_is_not_drawn():
    chart = charts.step_chart(step_frame("baseline", HIDDEN, 7 * POUND), {**ASKED, "step": "baseline"})
    assert chart.frame["area_name"].tolist() == ["West"]


@pytest.mark.parametrize("step", list(RoundStep.values))
def test_every_step_has_something_to_draw_and_its_units(step):
    column, _, units = charts.ENDS[step]
    chart = charts.step_chart(step_frame(column, 1.5, 0.5), {**ASKED, "step": step})
    assert chart.units == units
    assert len(chart.frame) == 2


def test_the_title_of_the_chain_holds_people_against_weighted_people():
    frame = pd.DataFrame(
        {"area_name": ["East", "West"], "population": [40, 60], "target_share": [0.55, 0.45], "age_index": [1, 1]}
    )
    chart = charts.chain_chart(frame, ASKED)
    assert chart.title == "East has 40.0% of the people and 55.0% of the weighted population"
    assert set(chart.frame["series"]) == {"Age and sex"}
    assert charts.chain_chart(frame[:0], ASKED).title == "Nothing is calculated yet"


def moved(*rows) -> pd.DataFrame:
    columns = ["input", "input_words", "area_name", "low", "target_share", "high"]
    return pd.DataFrame(rows, columns=columns)


def test_the_title_of_uncertainty_names_the_widest_range_of_all_together():
    frame = moved(
        ("age", "Cost by age and sex", "West", 0.0, 0.4, 1.0),
        ("all", "All together", "West", 0.39, 0.4, 0.41),
        ("all", "All together", "East", 0.55, 0.6, 0.64),
    )
    said = "With every input out by its error, the share of East lies between 55.00% and 64.00%"
    chart = charts.moved_chart(frame, ASKED)
    assert chart.title == said
    assert len(chart.frame) == 9
    assert charts.moved_chart(frame[:0], ASKED).title == "No input is taken to be out"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [("2026/27", "East", 0.1, 0.05, 3_000_000), ("2026/27", "West", -0.1, -0.06, 2_000_000)],
            "In 2026/27 West receives £2.0m, 6.0% below target; East receives £3.0m, 5.0% above target.",
        ),
        (
            [("2026/27", "East", 0.1, 0.0, 3_000_000)],
            "In 2026/27 East receives £3.0m, at target.",
        ),
        (
            [
                ("2026/27", name, 0.1, distance, 1_000_000)
                for name, distance in zip("ABCDE", (0.05, 0.04, 0.03, 0.02, 0.01), strict=True)
            ],
            "In 2026/27 A receives £1.0m, 5.0% above target; B receives £1.0m, 4.0% above target; "
            "C receives £1.0m, 3.0% above target; 2 more in the table.",
        ),
        (
            [("2027/28", "East", 0.1, 0.2, 3_000_000), ("2026/27", "East", 0.1, 0.3, 1_000_000)],
            "In 2026/27 East receives £1.0m, 30.0% above target.",
        ),
    ],
)
def test_the_page_says_first_what_each_area_receives(rows, said):
    assert figures.round_sentence({"allocation_round": SimpleNamespace(frame=years(*rows))}) == said


def test_a_round_that_allocates_nothing_says_nothing():
    frame = years(("2026/27", "East", 0.1, 0.05))[:0]
    assert figures.round_sentence({"allocation_round": SimpleNamespace(frame=frame)}) == ""
