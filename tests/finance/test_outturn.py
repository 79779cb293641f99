"""Spend against plan and forecast outturn."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.calculations.outturn import forecast_outturn, phasing_shares
from tests.finance.twins import money as twin

amount = st.one_of(st.none(), st.integers(0, 10**9))
cells = st.dictionaries(
    st.tuples(st.sampled_from(["P1", "P2"]), st.sampled_from(["A", "B", "C"]), st.integers(1, 13)),
    st.tuples(amount, amount),
    min_size=1,
    max_size=30,
)


PRICES = ["planned_price", "actual_price"]


def monthly(rows: dict) -> pd.DataFrame:
    frame = pd.DataFrame([(*key, *values) for key, values in rows.items()], columns=["provider", "system", "month", *PRICES])
    return frame.astype(dict.fromkeys(PRICES, "Int64"))


def of_providers(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.groupby(["provider", "month"], as_index=False)[PRICES].sum(min_count=1)


def year(provider: str, plan: list, actual: list) -> pd.DataFrame:
    rows = {(provider, "A", m): values for m, values in enumerate(zip(plan, actual, strict=True), start=1)}
    return monthly(rows).drop(columns="system")


NOTHING = year("P1", [], [])


@given(cells)
def test_spend_to_date_agrees_with_the_slow_twin(rows):
    frame = monthly(rows)
    result = forecast_outturn(frame, phasing_shares(of_providers(frame), NOTHING), by=["system"])
    plain = [{**r, **{p: None if pd.isna(r[p]) else int(r[p]) for p in PRICES}} for r in frame.to_dict("records")]
    expected = twin.spend_to_date(plain, "system")
    for row in result.to_dict("records"):
        plan, actual = expected.get(row["system"], (0, 0))
        assert (0 if pd.isna(row["planned_price"]) else row["planned_price"]) == plan
        assert (0 if pd.isna(row["actual_price"]) else row["actual_price"]) == actual


@given(cells)
def test_forecasts_by_provider_and_by_system_add_up_to_the_same(rows):
    frame = monthly(rows)
    phasing = phasing_shares(of_providers(frame), NOTHING)
    by_system = forecast_outturn(frame, phasing, by=["system"])["forecast"].sum()
    by_provider = forecast_outturn(of_providers(frame), phasing, by=["provider"])["forecast"].sum()
    assert abs(by_system - by_provider) <= 8  # each part is rounded to a whole unit


def test_a_full_year_is_its_own_outturn():
    frame = year("P1", [10] * 12, [11] * 12)
    phasing = phasing_shares(frame, NOTHING)
    assert phasing[["months", "share", "basis"]].to_numpy().tolist() == [[12, 1.0, "full_year"]]
    row = forecast_outturn(frame, phasing, by=["provider"]).iloc[0]
    assert (row["forecast"], row["planned_year"], row["forecast_difference"]) == (132, 120, 12)


def test_the_rest_of_the_year_is_phased_like_its_plan():
    frame = year("P1", [30, 30, 10, 10, 10, 10, 0, 0, 0, 0, 0, 0], [33, 33, *[None] * 10])
    phasing = phasing_shares(frame, NOTHING)
    assert phasing.loc[0, ["share", "basis"]].tolist() == [0.6, "this_plan"]
    row = forecast_outturn(frame, phasing, by=["provider"]).iloc[0]
    assert (row["planned_price"], row["actual_price"], row["difference"]) == (60, 66, 6)
    assert (row["forecast"], row["planned_year"]) == (110, 100)


def test_a_plan_for_part_of_the_year_borrows_the_phasing_of_the_year_before():
    this_year = year("P1", [30, 30], [33, 33])
    earlier = year("P1", [25, 25, *[5] * 10], [1] * 12)
    phasing = phasing_shares(this_year, earlier)
    assert phasing.loc[0, ["months", "last_month", "share", "basis"]].tolist() == [2, 2, 0.5, "earlier_plan"]
    row = forecast_outturn(this_year, phasing, by=["provider"]).iloc[0]
    assert (row["forecast"], row["planned_year"], row["forecast_difference"]) == (132, 120, 12)


def test_without_any_phasing_months_count_alike():
    phasing = phasing_shares(year("P1", [None] * 3, [5] * 3), NOTHING)
    assert phasing.loc[0, ["share", "basis"]].tolist() == [0.25, "twelfths"]
    row = forecast_outturn(year("P1", [None] * 3, [5] * 3), phasing, by=["provider"]).iloc[0]
    assert row["forecast"] == 60
    assert pd.isna(row["difference"])
    assert pd.isna(row["planned_year"])


def test_plan_counts_only_in_months_the_provider_reported():
    rows = {("P1", "A", 1): (10, 10), ("P1", "B", 1): (5, None), ("P1", "A", 2): (10, None), ("P1", "B", 2): (5, None)}
    frame = monthly(rows)
    result = forecast_outturn(frame, phasing_shares(of_providers(frame), NOTHING), by=["system"]).set_index("system")
    assert result["planned_price"].to_dict() == {"A": 10, "B": 5}
    assert pd.isna(result.loc["B", "actual_price"])


def test_a_provider_that_reported_nothing_has_no_forecast():
    phasing = phasing_shares(year("P1", [10] * 12, [None] * 12), NOTHING)
    assert phasing["share"].isna().all()
    row = forecast_outturn(year("P1", [10] * 12, [None] * 12), phasing, by=["provider"]).iloc[0]
    assert pd.isna(row["forecast"])
    assert pd.isna(row["actual_price"])


def test_the_year_end_month_counts_in_spend_but_not_as_a_month():
    frame = year("P1", [10] * 13, [11] * 13)
    phasing = phasing_shares(frame, NOTHING)
    assert phasing.loc[0, "months"] == 12
    assert forecast_outturn(frame, phasing, by=["provider"]).loc[0, "forecast"] == 143


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (year("P1", [1], [1]).drop(columns="actual_price"), "no column: actual_price"),
        (pd.concat([year("P1", [1], [1])] * 2), "more than one row for provider and month: P1, 1"),
    ],
)
def test_months_that_cannot_be_read_are_refused(frame, message):
    with pytest.raises(ValueError, match=message):
        phasing_shares(frame, NOTHING)
