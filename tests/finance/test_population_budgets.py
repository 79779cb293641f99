"""Indicative budgets: plans that do not reach over the year, and budgets that people entered."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.calculations import population_budgets as budgets
from tests.finance.twins import monitoring as twin

CELL = ["provider", "kind", "population", "programme_of_care", "month"]
ENTERED = ["population", "programme_of_care", "amount", "months"]
NO_EARLIER = pd.DataFrame(columns=["provider", "month", "planned_price"])


def plan_of(cells: dict, column="planned_price") -> pd.DataFrame:
    """(provider, population, programme, month) → amount, all of delegated services."""
    rows = [(p, "population", a, g, m, amount) for (p, a, g, m), amount in cells.items()]
    return pd.DataFrame(rows, columns=[*CELL, column]).astype({column: "Int64"})


def reported(*pairs) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["provider", "month"])


def phasing(share, basis="earlier_plan", provider="P1") -> pd.DataFrame:
    return pd.DataFrame({"provider": [provider], "share": [share], "basis": [basis]})


months = st.dictionaries(st.integers(1, 6), st.integers(0, 10**10), min_size=1, max_size=6)


@given(months, st.integers(1, 6), st.booleans())
def test_the_rest_of_the_year_agrees_with_the_slow_twin(stated, to_month, is_known):
    plan = plan_of({("P1", "A", "g", m): amount for m, amount in stated.items()})
    held = {m for m in stated if m <= to_month}
    weights = {m: m * 10 if is_known else 1 for m in range(1, 13)}
    earlier = pd.DataFrame({"provider": "P1", "month": list(weights), "planned_price": list(weights.values())})
    result = budgets.plan_of_the_year(
        plan, reported(*(("P1", m) for m in held)), phasing(0.4), earlier if is_known else NO_EARLIER
    )
    found = result.set_index("month")["budget"].to_dict()
    if not held:
        assert found == stated
        return
    expected = twin.plan_of_the_year(stated, held, 0.4, weights)
    assert set(found) == set(expected)
    assert all(abs(found[m] - expected[m]) <= 1.001 for m in expected)
    assert sum(found.values()) == round(sum(stated[m] for m in held) / 0.4)


def test_a_plan_that_reaches_over_the_year_stands_as_it_is():
    plan = plan_of({("P1", "A", "g", m): m for m in range(1, 14)})
    result = budgets.plan_of_the_year(plan, reported(("P1", 1)), phasing(0.5, "this_plan"), NO_EARLIER)
    assert result.set_index("month")["budget"].to_dict() == {m: m for m in range(1, 14)}


def test_without_any_plan_there_is_no_budget():
    plan = plan_of({("P1", "A", "g", 1): None})
    assert budgets.plan_of_the_year(plan, reported(("P1", 1)), phasing(1 / 12, "twelfths"), NO_EARLIER).empty


def entered(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=ENTERED)


TWO = plan_of({("P1", "A", "g", m): 30 for m in range(1, 13)} | {("P1", "A", "h", m): 10 for m in range(1, 13)}, "budget")


@given(st.integers(0, 10**13), st.sampled_from(["", "g", "h", "other"]))
def test_what_is_entered_adds_up_to_the_last_unit(amount, programme):
    result = budgets.entered_months(entered(("A", programme, amount, [])), TWO)
    assert result["budget"].sum() == amount
    assert set(result["month"]) == set(range(1, 13))


def test_an_entered_budget_is_phased_and_divided_as_the_plan_is():
    result = budgets.entered_months(entered(("A", "", 4800, [])), TWO)
    assert result.groupby("month")["budget"].sum().unique().tolist() == [400]
    assert result.groupby("programme_of_care")["budget"].sum().to_dict() == {"g": 3600, "h": 1200}


def test_an_entered_budget_keeps_its_own_months():
    own = [1200, *[0] * 10, 600]
    result = budgets.entered_months(entered(("A", "h", 1800, own)), TWO)
    assert result["budget"].tolist() == own
    assert set(result["programme_of_care"]) == {"h"}


def test_where_no_plan_is_known_months_are_alike():
    result = budgets.entered_months(entered(("Z", "", 24, [])), TWO)
    assert result["budget"].tolist() == [2] * 12
    assert set(result["programme_of_care"]) == {""}


def cells(to_month=2, populations=("A",), held=(("P1", 1),)):
    rows = entered(("A", "", 4800, []), ("B", "", 12, []))
    return budgets.budget_cells(TWO, rows, reported(*held), to_month=to_month, populations=populations)


def test_entered_budgets_stand_in_the_place_of_plan_and_count_to_the_month():
    result = cells()
    assert set(result["population"]) == {"A"}
    assert result["is_entered"].all()
    assert result.loc[result["to_date"], "budget"].sum() == 800
    assert set(result["provider"]) == {""}


def test_others_keep_their_plan_and_count_in_months_that_their_provider_reported():
    result = cells(populations=())
    assert result["budget"].sum() == TWO["budget"].sum()
    assert result.loc[result["to_date"], "budget"].sum() == 40
    assert not result["is_entered"].any()


def test_phasing_is_of_the_entered_budget_or_of_the_provider():
    groups = TWO[budgets.GRAIN].drop_duplicates()
    groups = pd.concat([groups, groups.assign(population="B"), groups.assign(kind="hub")], ignore_index=True)
    shares = budgets.phasing_by_group(groups, phasing(0.3), cells(to_month=3)).set_index(["kind", "population"])["share"]
    assert set(shares["population", "A"]) == {0.25}
    assert set(shares["population", "B"]) == set(shares["hub", "A"]) == {0.3}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (entered(("A", "", 10, []), ("A", "", 20, [])), "more than one row"),
        (entered(("A", "", 10, [1] * 12)), "twelve and add up"),
        (entered(("A", "", 10, [10])), "twelve and add up"),
        (entered().drop(columns="months"), "no column: months"),
    ],
)
def test_budgets_that_cannot_be_read_are_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        budgets.entered_months(rows, TWO)
