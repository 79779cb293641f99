"""Titles of shadow monitoring: each is true of the frame that is drawn, also where numbers are hidden or missing."""

import pandas as pd
import pytest

from finance.charts import monitoring as charts
from presentation.disclosure import HIDDEN

FILTERS = {"year": "2026/27", "to_month": 6}


def frame(*rows, **more) -> pd.DataFrame:
    columns = {"name": [r[0] for r in rows], "difference": [r[1] for r in rows], "difference_share": [r[2] for r in rows]}
    return pd.DataFrame({**columns, **more}, dtype=object)


@pytest.mark.parametrize(
    ("to_month", "said"),
    [(1, "to April 2026"), (9, "to December 2026"), (10, "to January 2027"), (12, "over the whole of 2026/27"), (None, "so far")],
)
def test_the_month_is_said_in_its_calendar_year(to_month, said):
    assert charts.to_date({"year": "2026/27", "to_month": to_month}) == said


def test_who_is_furthest_over_is_named_with_money_and_share():
    chart = charts.difference_chart(frame(("A", 9_000_000_000, 0.09), ("B", -1, -0.5)), FILTERS, of="population")
    assert chart.title == "A is furthest over budget to September 2026: £900k (9.0%); one of two is over"
    assert chart.frame["name"].tolist() == ["A", "B"]


def test_the_title_is_of_all_populations_where_only_the_furthest_are_drawn():
    rows = frame(*((f"P{n}", 10_000 * (n + 1), 0.01 * n) for n in range(30)), ("Under", -1, -0.1))
    chart = charts.difference_chart(rows, FILTERS, of="population")
    assert chart.title.endswith("30 of 31 are over")
    assert len(chart.frame) == charts.SHOWN
    assert chart.summary.endswith("The 25 furthest from it are drawn.")
    assert "drawn" not in charts.difference_chart(rows.head(25), FILTERS, of="population").summary


def test_the_provider_view_speaks_of_plan():
    chart = charts.difference_chart(frame(("A", 10_000, 0.5)), FILTERS, of="provider", budget="plan")
    assert chart.title == "A is furthest over plan to September 2026: £1 (50.0%)"
    assert "actual less plan" in chart.units


def test_nothing_over_nothing_loaded_and_everything_hidden_are_said():
    assert charts.difference_chart(frame(("A", -5, -0.1)), FILTERS, of="population").title == (
        "Nothing is over budget to September 2026, by population"
    )
    hidden = charts.difference_chart(frame(("A", HIDDEN, HIDDEN)), FILTERS, of="population")
    assert hidden.title == "No spend by population is loaded for what is chosen"
    assert hidden.frame.empty


def test_hubs_and_what_is_nobodys_are_left_to_the_table():
    rows = frame(("A", 1, 0.1), ("Hub", 9, 0.9), kind=["population", "hub"])
    assert charts.budgeted(rows)["name"].tolist() == ["A"]


def months(*rows) -> pd.DataFrame:
    names = ["name", "difference", "difference_to_date", "difference_share"]
    return pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows], columns=names, dtype=object)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [("April", 10_000, 10_000, 0.1), ("May", -5_000, 5_000, 0.025)],
            "£1 (2.5%) over budget; it was over in one of two months",
        ),
        ([("April", 10_000, 10_000, 0.1)], "£1 (10.0%) over budget; it was over in every month"),
        ([("April", -10_000, -10_000, -0.1), ("May", None, None, None)], "£1 (10.0%) under budget; it was over in no month"),
        ([("April", 0, 0, 0.0)], "on budget; it was over in no month"),
    ],
)
def test_months_are_counted_as_they_are(rows, said):
    assert charts.month_title(months(*rows), FILTERS) == f"Spend to September 2026 is {said}"


def test_months_that_are_not_known_are_said():
    chart = charts.month_chart(months(("April", None, None, None)), FILTERS)
    assert chart.title == "Spend month by month is not known for what is chosen"
    assert chart.frame.empty
