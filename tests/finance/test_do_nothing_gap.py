"""The do-nothing gap: its twin, its drivers, and its steps."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.calculations.do_nothing_gap import do_nothing_gap, in_whole_units, net_price, waterfall
from tests.finance.twins import money as twin

rate = st.floats(-0.2, 0.3)
rates = st.fixed_dictionaries({"demographic": rate, "non_demographic": rate, "price": rate, "efficiency": rate})
growth = st.lists(st.floats(-0.1, 0.1), min_size=1, max_size=6)
money = st.integers(0, 10**13)


def line(name: str, spend: float, **rates) -> dict:
    return {"line": name, "spend": spend, "demographic": 0, "non_demographic": 0, "price": 0, "efficiency": 0, **rates}


@given(money, money, rates, growth)
def test_gaps_agree_with_the_slow_twin(spend, revenue, rates, growth):
    result = do_nothing_gap(pd.DataFrame([line("all", spend, **rates)]), opening_revenue=revenue, revenue_growth=growth)
    for got, expected in zip(result.years["gap"], twin.gaps(spend, revenue, rates, growth), strict=True):
        assert math.isclose(got, expected, rel_tol=1e-9, abs_tol=1e-9 * (spend + revenue + 1))


@given(st.lists(st.tuples(money, rates), min_size=1, max_size=4), growth)
def test_drivers_of_every_year_add_up_to_its_growth(lines, growth):
    frame = pd.DataFrame([line(str(n), spend, **rates) for n, (spend, rates) in enumerate(lines)])
    result = do_nothing_gap(frame, opening_revenue=1, revenue_growth=growth)
    grown = result.years["expenditure"].diff().iloc[1:].tolist()
    for got, expected in zip(result.drivers.groupby("year")["in_year"].sum(), grown, strict=True):
        assert math.isclose(got, expected, rel_tol=1e-6, abs_tol=1e-6 * (frame["spend"].sum() + 1))


@given(money, money, rates, growth)
def test_steps_lead_from_the_first_gap_to_the_last_exactly(spend, revenue, rates, growth):
    projection = do_nothing_gap(pd.DataFrame([line("all", spend, **rates)]), opening_revenue=revenue, revenue_growth=growth)
    steps = waterfall(in_whole_units(projection)).set_index("step")["amount"]
    assert steps.drop("closing_gap").sum() == steps["closing_gap"]


def test_factors_that_cancel_out_still_name_their_drivers():
    lines = pd.DataFrame([line("all", 1000.0, demographic=0.25, efficiency=0.2)])
    result = do_nothing_gap(lines, opening_revenue=1000, revenue_growth=[0.0])
    assert result.years["expenditure"].round(9).tolist() == [1000, 1000]
    drivers = result.drivers.set_index("driver")["in_year"]
    assert math.isclose(drivers["demographic"], 1000 * math.log(1.25))
    assert math.isclose(drivers["efficiency"], -1000 * math.log(1.25))


def test_the_net_price_rule_multiplies():
    assert round(net_price(0.0415, 0.02), 6) == 0.02067


def test_one_year_by_hand():
    lines = pd.DataFrame([line("drugs", 100.0, price=0.1), line("devices", 200.0, efficiency=0.05)])
    result = do_nothing_gap(lines, opening_revenue=290, revenue_growth=[0.1])
    assert result.years["gap"].round(9).tolist() == [10, 110 + 190 - 319]
    assert result.years["gap_share"].round(9).tolist() == [round(10 / 290, 9), round(-19 / 319, 9)]
    assert result.lines[result.lines["year"] == 1]["spend"].round(9).tolist() == [110, 190]
    assert result.drivers.set_index("driver")["in_year"].round(9).to_dict() == {
        "demographic": 0,
        "non_demographic": 0,
        "price": 10,
        "efficiency": -10,
    }


def test_a_share_of_no_revenue_is_missing():
    result = do_nothing_gap(pd.DataFrame([line("all", 1.0)]), opening_revenue=0, revenue_growth=[0.1])
    assert result.years["gap_share"].isna().all()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([line("all", 1.0, efficiency=1.0)], "takes away everything"),
        ([line("all", 1.0, price=-1.0)], "takes away everything"),
        ([line("all", 1.0, price=None)], "lacks price of all"),
        ([line("all", 1.0), line("all", 2.0)], "more than one row for line: all"),
        ([{"line": "all", "spend": 1.0}], "no column: demographic"),
    ],
)
def test_lines_that_cannot_be_projected_are_refused(lines, message):
    with pytest.raises(ValueError, match=message):
        do_nothing_gap(pd.DataFrame(lines), opening_revenue=1, revenue_growth=[0.0])
