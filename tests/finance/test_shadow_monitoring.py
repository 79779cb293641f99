"""Shadow monitoring: forecasts, variances and ratings, and two views that are of the same total."""

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.calculations import shadow_monitoring as monitoring
from tests.finance.twins import monitoring as twin

GRAIN = monitoring.GRAIN


def spend(rows: dict) -> pd.DataFrame:
    """(provider, population, month) → actual of delegated services of one programme of care."""
    cells = [(p, "population", a, "g", m, amount) for (p, a, m), amount in rows.items()]
    return pd.DataFrame(cells, columns=[*GRAIN, "month", "actual_price"]).astype({"actual_price": "Int64"})


def shares(frame: pd.DataFrame, share: float) -> pd.DataFrame:
    return frame[GRAIN].drop_duplicates().assign(share=share)


def forecast(rows: dict, *, to_month=12, share=0.5) -> pd.DataFrame:
    frame = spend(rows)
    return monitoring.forecasts(frame, monitoring.months_reported(frame, to_month), shares(frame, share))


actuals = st.dictionaries(st.integers(1, 13), st.integers(-100, 10**11), min_size=1, max_size=13)


@given(actuals)
def test_the_run_rate_agrees_with_the_slow_twin(months):
    [row] = forecast({("P1", "A", m): amount for m, amount in months.items()}, to_month=13).to_dict("records")
    assert row["actual_price"] == sum(months.values())
    assert abs(row["forecast_run_rate"] - twin.run_rate(months)) <= Fraction(6, 10)


@given(actuals)
def test_populations_and_providers_are_of_the_same_total(months):
    rows = {("P1" if m % 2 else "P2", "A" if m % 3 else "B", m): amount for m, amount in months.items()}
    found = forecast(rows, to_month=13)
    budget = spend(rows).rename(columns={"actual_price": "budget"}).assign(to_date=True)
    views = [monitoring.by_view(budget, found, by)[["budget", *monitoring.SPENT]].sum() for by in (["population"], ["provider"])]
    assert views[0].to_dict() == views[1].to_dict()
    assert views[0]["actual_price"] == sum(months.values())


def test_months_after_the_last_one_do_not_count():
    rows = {("P1", "A", m): 10 for m in range(1, 7)} | {("P1", "A", 7): 1000}
    [row] = forecast(rows, to_month=6).to_dict("records")
    assert (row["actual_price"], row["forecast_phased"], row["forecast_run_rate"]) == (60, 120, 120)


def test_a_month_that_a_provider_lacks_is_forecast_with_the_others():
    [row] = forecast({("P1", "A", 1): 30, ("P1", "A", 3): 60}).to_dict("records")
    assert row["forecast_run_rate"] == 90 + 45 * 10


def test_a_population_without_spend_in_late_months_is_not_forecast_to_spend_more():
    found = forecast({("P1", "A", 1): 12, **{("P1", "B", m): 1 for m in range(1, 5)}})
    assert found.set_index("population").loc["A", "forecast_run_rate"] == 12


def test_a_whole_year_is_its_own_forecast():
    rows = {("P1", "A", m): 7 for m in range(1, 13)}
    [row] = forecast(rows, share=1.0).to_dict("records")
    assert row["actual_price"] == row["forecast_phased"] == row["forecast_run_rate"] == 84


def test_an_unknown_share_leaves_one_forecast_not_known():
    [row] = forecast({("P1", "A", 1): 5}, share=float("nan")).to_dict("records")
    assert pd.isna(row["forecast_phased"])
    assert row["forecast_run_rate"] == 60


def rated(budget, actual, *, green=0.005, amber=0.02) -> pd.DataFrame:
    frame = pd.DataFrame({"budget_year": [1], "budget": [budget], "actual_price": [actual], "forecast_run_rate": [1]})
    return monitoring.against_budget(frame.astype("Int64"), green_within=green, amber_within=amber)


@given(st.integers(-5, 10**6), st.integers(0, 10**6))
def test_ratings_agree_with_the_slow_twin(budget, actual):
    assert rated(budget, actual)["rating"].iloc[0] == twin.rating(budget, actual, Fraction(5, 1000), Fraction(2, 100))


@pytest.mark.parametrize(
    ("actual", "rating"), [(1000, "green"), (1005, "green"), (1006, "amber"), (1020, "amber"), (1021, "red")]
)
def test_a_rating_reaches_up_to_its_edge(actual, rating):
    row = rated(1000, actual).iloc[0]
    assert row["rating"] == rating
    assert row["variance"] == 1000 - actual


def test_nothing_is_rated_against_no_budget():
    row = rated(0, 5).iloc[0]
    assert row["rating"] is None
    assert pd.isna(row["variance_share"])
    assert row["variance"] == -5


def test_bands_that_overlap_are_refused():
    with pytest.raises(ValueError, match="at least as far as green"):
        rated(1, 1, green=0.03)
