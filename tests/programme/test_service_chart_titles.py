"""Titles and summaries of charts of services and providers: true of their numbers in every shape."""

import pandas as pd
import pytest

from presentation.amounts import MINUS
from presentation.disclosure import HIDDEN
from programme.charts import service as charts
from programme.charts.service import paid_words

COST = {"measure": "cost", "year": "2025/26"}
SPELLS = {"measure": "activity", "unit": "SPELL", "year": "2025/26"}


def pounds(number):
    return number if number is None or number is HIDDEN else int(number * 10_000)


def shares_chart(*rows, filters=COST, share=True):
    """Rows of (name, pounds, share of the whole)."""
    frame = pd.DataFrame(list(rows), columns=["name", "price", "share"], dtype=object)
    frame["actual_price"] = [pounds(one) for one in frame["price"]]
    frame["actual_activity"] = [one if one is None or one is HIDDEN else one * 1_000 for one in frame["price"]]
    if share:
        frame["price_share"] = frame["activity_share"] = frame["share"]
    return charts.shares_chart(frame, filters, label="name", of="the service", noun="provider")


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        pytest.param([], "No cost in what is chosen", id="none"),
        pytest.param([("A", 0, None), ("B", None, None)], "No cost in what is chosen", id="nought and missing"),
        pytest.param([("A", -5, None)], "No cost in what is chosen", id="credits alone"),
        pytest.param([("A", HIDDEN, HIDDEN)], "No cost in what is chosen", id="hidden"),
        pytest.param([("A", 5, 1.0)], "A has 100% of the service", id="one"),
        pytest.param([("B", 25, 0.25), ("A", 75, 0.75)], "A has 75% of the service", id="the largest, wherever it stands"),
        pytest.param([("A", 5, 0.5), ("B", 5, 0.5)], "A and B have 50% of the service each", id="two alike"),
        pytest.param([(n, 5, 0.25) for n in "ABCD"], "4 providers are alike: 25% of the service each", id="four alike"),
        pytest.param([("A", 150, 1.5), ("B", -50, -0.5)], "A has £150", id="more than the whole, by another's credits"),
        pytest.param([("A", 1_234, HIDDEN)], "A has £1k", id="its share is hidden"),
    ],
)
def test_who_has_the_largest_share(rows, title):
    assert shares_chart(*rows).title == title


def test_without_shares_the_title_says_what_the_largest_is_worth():
    assert shares_chart(("A", 30, None), filters=SPELLS, share=False).title == "A has 30 admitted spells"
    assert shares_chart(("A", 1, None), filters=SPELLS, share=False).title == "A has 1 admitted spell"


def test_only_what_is_above_nought_is_drawn_and_at_most_twelve():
    rows = [(f"P{n:02}", n, None) for n in range(-2, 20)]
    drawn = shares_chart(*rows).frame
    assert drawn["name"].tolist() == [f"P{n:02}" for n in range(19, 7, -1)]


def test_shares_stand_beside_the_bars_and_unknown_ones_say_nothing():
    chart = shares_chart(("A", 75, 0.75), ("B", 25, HIDDEN))
    assert chart.frame["note"].tolist() == ["(75%)", ""]
    assert chart.summary == "Cost by provider and its share of the service, 2025/26."
    assert chart.units == "Cost in £, and share of the service"


def test_activity_is_said_in_its_unit():
    chart = shares_chart(("A", 75, 0.75), filters=SPELLS)
    assert chart.summary == "Admitted spells by provider and its share of the service, 2025/26."
    assert chart.title == "A has 75% of the service"
    assert shares_chart(filters=SPELLS).title == "No admitted spells in what is chosen"


def years(*rows):
    """Rows of (year, pounds, full): plan is a pound more."""
    frame = pd.DataFrame(list(rows), columns=["year", "cost", "is_full"])
    price = pd.array([pounds(one) for one in frame["cost"]], dtype="Int64")
    return frame.assign(actual_price=price, planned_price=price + 10_000, actual_activity=price, planned_activity=price)


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        pytest.param([], "No full year is loaded", id="none"),
        pytest.param([("2025/26", 5_000, False)], "No full year is loaded", id="a part of one"),
        pytest.param([("2025/26", None, True)], "No full year is loaded", id="a year without a cost"),
        pytest.param([("2025/26", 5_000, True)], "£5k in 2025/26", id="one"),
        pytest.param([("2024/25", 100, True), ("2025/26", 112, True)], "Cost was 12% higher in 2025/26 than in 2024/25", id="up"),
        pytest.param([("2024/25", 100, True), ("2025/26", 88, True)], "Cost was 12% lower in 2025/26 than in 2024/25", id="down"),
        pytest.param(
            [("2024/25", 1_000, True), ("2025/26", 1_004, True)], "Cost in 2025/26 was what it was in 2024/25", id="equal"
        ),
        pytest.param([("2024/25", 0, True), ("2025/26", 100, True)], "£100 in 2025/26", id="from nothing"),
        pytest.param(
            [("2024/25", 100, True), ("2025/26", 0, True)], "Cost was 100% lower in 2025/26 than in 2024/25", id="to nothing"
        ),
        pytest.param([("2024/25", 100, True), ("2025/26", -50, True)], f"{MINUS}£50 in 2025/26", id="to credits"),
        pytest.param(
            [("2021/22", 100, True), ("2023/24", 1, False), ("2025/26", 300, True)],
            "Cost was 200% higher in 2025/26 than in 2021/22",
            id="across a part of a year",
        ),
    ],
)
def test_how_it_has_grown_over_full_years(rows, title):
    assert charts.years_chart(years(*rows), COST).title == title


def test_growth_of_activity_is_of_many_things():
    up = years(("2024/25", 100, True), ("2025/26", 112, True))
    assert charts.years_chart(up, SPELLS).title == "Admitted spells were 12% higher in 2025/26 than in 2024/25"
    same = years(("2024/25", 100, True), ("2025/26", 100, True))
    assert charts.years_chart(same, SPELLS).title == "Admitted spells in 2025/26 were what they were in 2024/25"


def test_years_that_are_not_full_are_not_drawn_and_a_line_without_a_number_neither():
    frame = years(("2023/24", 7, False), ("2024/25", 100, True), ("2025/26", 112, True))
    chart = charts.years_chart(frame, COST)
    assert set(chart.frame["x"]) == {"2024/25", "2025/26"}
    assert chart.frame["series"].tolist() == ["Actual", "Actual", "Plan", "Plan"]
    bare = frame.assign(planned_price=pd.array([None] * 3, dtype="Int64"))
    assert set(charts.years_chart(bare, COST).frame["series"]) == {"Actual"}


def months(*rows):
    """Rows of (month name, actual, plan, a year before), in pounds."""
    frame = pd.DataFrame(list(rows), columns=["month_name", "actual", "plan", "before"], dtype=object)
    for what in ("price", "activity"):
        for name, column in [("actual", f"actual_{what}"), ("plan", f"planned_{what}"), ("before", f"before_{what}")]:
            frame[column] = pd.array([pounds(one) for one in frame[name]], dtype="Int64")
        frame[f"{what}_difference"] = frame[f"actual_{what}"] - frame[f"planned_{what}"]
    return frame.assign(before_year="2024/25")


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        pytest.param([], "No months of 2025/26 are loaded for what is chosen", id="none"),
        pytest.param([("Year end", 5, 1, 1)], "No months of 2025/26 are loaded for what is chosen", id="the year end alone"),
        pytest.param([("April", 5, None, 5)], "No month of 2025/26 has both a plan and an actual", id="no plan"),
        pytest.param([("April", 5, 4, 5)], "Above plan in 1 of 1 month of 2025/26", id="one above"),
        pytest.param(
            [("April", 4, 4, 5), ("May", 3, 4, 5)], "Above plan in none of 2 months of 2025/26", id="on plan is not above"
        ),
        pytest.param(
            [("April", 5, 4, 5), ("May", None, 4, 5), ("June", 9, 4, 5), ("Year end", 99, 1, 1)],
            "Above plan in 2 of 2 months of 2025/26",
            id="months with both, the year end aside",
        ),
        pytest.param([("April", -1, -4, 5)], "Above plan in 1 of 1 month of 2025/26", id="credits less than planned"),
    ],
)
def test_in_how_many_months_actual_was_above_plan(rows, title):
    assert charts.months_chart(months(*rows), COST).title == title
    assert charts.months_chart(months(*rows), SPELLS).title == title


def test_months_are_drawn_beside_plan_and_the_year_before_without_the_year_end():
    drawn = charts.months_chart(months(("April", 5, 4, 3), ("Year end", 9, 9, 9)), COST).frame
    assert drawn.to_dict("list") == {
        "x": ["April"] * 3,
        "series": ["2025/26", "Plan", "2024/25"],
        "value": [50_000, 40_000, 30_000],
    }


def test_a_line_that_no_month_has_is_not_drawn():
    drawn = charts.months_chart(months(("April", 5, None, None), ("May", 5, None, 2)), COST).frame
    assert drawn["series"].unique().tolist() == ["2025/26", "2024/25"]
    assert charts.months_chart(months(), COST).frame.empty


def per_head(*rows, **filters):
    frame = pd.DataFrame(list(rows), columns=["system_name", "per_head"], dtype=object)
    return charts.per_head_chart(frame, {"population": "registered", **COST, **filters})


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        pytest.param([], "Spend a head is not known: no system has all of its own trusts loaded", id="none"),
        pytest.param([("A", None)], "Spend a head is not known: no system has all of its own trusts loaded", id="not known"),
        pytest.param([("A", 12.345), ("B", None)], "A spends £12.35 for each registered person", id="one"),
        pytest.param([("A", 2.0), ("B", 7.5)], "B spends £7.50 for each registered person, A £2.00", id="two"),
        pytest.param([("A", 3.0), ("B", 3.0)], "Both systems spend £3.00 for each registered person", id="two alike"),
        pytest.param(
            [("A", 3.001), ("B", 3.0), ("C", 2.999)],
            "All 3 systems spend £3.00 for each registered person",
            id="alike to the penny",
        ),
        pytest.param([("A", 3.0), ("B", 0.0)], "A spends £3.00 for each registered person, B £0.00", id="nought is least"),
        pytest.param(
            [("A", 1234.5), ("B", -3.0)], f"A spends £1,234.50 for each registered person, B {MINUS}£3.00", id="credits"
        ),
    ],
)
def test_who_spends_the_most_a_head_and_the_least(rows, title):
    assert per_head(*rows).title == title


def test_people_are_named_as_they_are_counted():
    chart = per_head(("A", 2.0), population="resident")
    assert chart.title == "A spends £2.00 for each resident"
    assert chart.units == "£ for each resident"


@pytest.mark.parametrize(
    ("actual", "difference", "planned", "words"),
    [
        (2_000_000, None, None, "£2.0m"),
        (2_000_000, float("nan"), 1, "£2.0m"),
        (2_000_000, 0, 2_000_000, "£2.0m, as planned"),
        (2_000_000, 100_000, 1_900_000, "£2.0m, £100k (5.3%) more than planned"),
        (2_000_000, -100_000, 2_100_000, "£2.0m, £100k (4.8%) less than planned"),
        (2_000_000, 2_000_000, 0, "£2.0m, £2.0m more than planned"),
        (2_000_000, 2_000_001, -1, "£2.0m, £2.0m more than planned"),
        (2_000_000, 5, None, "£2.0m, £5 more than planned"),
    ],
)
def test_money_against_plan_in_words(actual, difference, planned, words):
    stored = [one if one is None or one != one else one * 10_000 for one in (actual, difference, planned)]
    assert paid_words(*stored) == words
