"""Spend against indicative budgets, month by month, with two forecasts and a rating.

Inside, a variance is budget − actual: positive = under budget. Everything is computed for each provider, population and
programme of care and then added up, so that the view by population and the view by provider are of the same total.
"""

from collections.abc import Sequence

import pandas as pd

from planning.calculations.contract import floats, numbers, ratio, require_columns, require_unique

from .population_budgets import GRAIN

MONTHS = 12
LAST_MONTHS = 3
SPENT = ["actual_price", "forecast_phased", "forecast_run_rate"]
# Shares are floats: one that stands on an edge is within it.
EDGE = 1e-12
GREEN, AMBER, RED = "green", "amber", "red"


def months_reported(actual: pd.DataFrame, to_month: int) -> pd.DataFrame:
    """Which months each provider has reported, up to and with one.

    Args:
        actual: `provider`, `month` (1–12 April to March, 13 = year end), `actual_price` (missing where not stated).
        to_month: the last month that counts.

    Returns:
        `provider`, `month`, one row for each month in which the provider has any actual.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(actual, ["provider", "month", "actual_price"], of="months")
    rows = actual[actual["actual_price"].notna() & (actual["month"] <= to_month)]
    return rows[["provider", "month"]].drop_duplicates().sort_values(["provider", "month"], ignore_index=True)


def forecasts(actual: pd.DataFrame, reported: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Two forecasts of the year for each group of `GRAIN`.

    Args:
        actual: `GRAIN`, `month` (unique together), `actual_price` (whole ten-thousandths of a pound).
        reported: as `months_reported` gives: only these months count.
        shares: `GRAIN` (unique), `share` of the year's budget that falls in the months that count; missing where not known.

    Returns:
        `GRAIN`, `actual_price` to date, `forecast_phased` (actual ÷ share), `forecast_run_rate` (actual + mean of the
        provider's last three months × months left of twelve); whole units, `Int64`.

    Raises:
        ValueError: a column is not there, or a key names two rows.

    Source: forecasts A and B of the shadow-monitoring method (South London briefing, 2021; this product's formulas).
    """
    require_columns(actual, [*GRAIN, "month", "actual_price"], of="actual")
    require_unique(actual, [*GRAIN, "month"], of="actual")
    require_unique(shares, GRAIN, of="phasing shares")
    own = reported[reported["month"] <= MONTHS]
    counts = own.groupby("provider")["month"].count()
    recent = own[own.groupby("provider")["month"].rank(ascending=False) <= LAST_MONTHS].assign(is_recent=True)
    rows = actual.merge(reported, on=["provider", "month"], validate="many_to_one").dropna(subset=["actual_price"])
    rows = rows.merge(recent, on=["provider", "month"], how="left", validate="many_to_one")
    late = rows[rows["is_recent"].notna()].groupby(GRAIN)["actual_price"].sum().rename("late")
    sums = rows.groupby(GRAIN)["actual_price"].sum().to_frame().join(late).reset_index()
    sums = sums.merge(shares, on=GRAIN, how="left", validate="one_to_one")
    months = floats(sums["provider"].map(counts)).fillna(0)
    mean = floats(sums["late"]).fillna(0) / months.clip(upper=LAST_MONTHS).mask(months == 0)
    rest = (mean * (MONTHS - months)).fillna(0).round().astype("Int64")
    actuals = numbers(sums["actual_price"]).astype("Int64")
    share = floats(sums["share"])
    phased = (floats(actuals) / share.mask(share <= 0)).round().astype("Int64").mask(share == 1, actuals)
    return sums[GRAIN].assign(actual_price=actuals, forecast_phased=phased, forecast_run_rate=actuals + rest)


def by_view(budgets: pd.DataFrame, forecast: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Budgets, actual and forecasts added up by any columns that both have.

    Args:
        budgets: the columns `by`, `budget`, `to_date` (whether the month is one that counts so far).
        forecast: the columns `by`, `actual_price`, `forecast_phased`, `forecast_run_rate`, as `forecasts` gives.
        by: columns to report by.

    Returns:
        One row for each value of `by`: `budget_year`, `budget` (to date), `actual_price`, `forecast_phased`,
        `forecast_run_rate`, `Int64`; 0 where there is no budget or no actual.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(budgets, [*by, "budget", "to_date"], of="budgets")
    require_columns(forecast, [*by, *SPENT], of="forecasts")
    planned = budgets[list(by)].assign(
        budget_year=budgets["budget"], budget=budgets["budget"].where(budgets["to_date"].astype(bool), 0)
    )
    both = pd.concat([planned, forecast[[*by, *SPENT]]], ignore_index=True)
    amounts = ["budget_year", "budget", *SPENT]
    return both.astype(dict.fromkeys(amounts, "Int64")).groupby(list(by), as_index=False)[amounts].sum()


def against_budget(rows: pd.DataFrame, *, green_within: float, amber_within: float) -> pd.DataFrame:
    """Variances and rating of rows that have budget, actual and forecasts.

    Args:
        rows: `budget_year`, `budget` (to date), `actual_price`, `forecast_run_rate` (whole units, missing where not known).
        green_within: the overspend to date that is still green, as a share of the budget to date.
        amber_within: the overspend that is still amber.

    Returns:
        `rows` with `variance` (budget − actual, positive = under), `variance_share` (÷ budget to date),
        `full_year_variance` (budget of the year − forecast by run rate) and `rating` (green, amber, red; None where there is
        no budget to rate against).

    Raises:
        ValueError: a column is not there, or amber begins before green ends.

    Source: bands of the shadow-monitoring method; the widths are rates with their own source.
    """
    require_columns(rows, ["budget_year", "budget", "actual_price", "forecast_run_rate"], of="rows")
    if not 0 <= green_within <= amber_within:
        raise ValueError("Amber reaches at least as far as green, and both at least to 0.")
    variance = numbers(rows["budget"]).astype("Int64") - numbers(rows["actual_price"]).astype("Int64")
    share = ratio(variance, rows["budget"])
    rating = pd.Series([None] * len(rows), index=rows.index, dtype=object)
    rating[share.notna()] = RED
    rating[share >= -amber_within - EDGE] = AMBER
    rating[share >= -green_within - EDGE] = GREEN
    year = numbers(rows["budget_year"]).astype("Int64") - numbers(rows["forecast_run_rate"]).astype("Int64")
    return rows.assign(variance=variance, variance_share=share, full_year_variance=year, rating=rating)
