"""Sums that are far from last time's: volume and unit price of a service at a point of delivery in a month.

"Last time" is what is published of the same month, otherwise the latest month before it in the same year. The sums of the
file are compared, not its rows, so that one odd row among thousands is told only where it moves the sum.
"""
# ruff: noqa: S608 - every name in the SQL is a constant of the package.

from dataclasses import dataclass

import pandas as pd
from duckdb import DuckDBPyConnection

from . import engine

KEY = ["month", "service_code", "point_of_delivery"]
SUMS = ["actual_activity", "actual_price"]
# A sum is far off where it is so many times the other, and the money that hangs on it is no small change (£).
TIMES_VOLUME, TIMES_UNIT_PRICE = 3.0, 2.0
LEAST_MONEY = 25_000
# Fewer units than this say nothing about what one costs or how many there will be.
FEWEST = 10
MOST_TOLD = 200
POUND, UNIT = 10_000, 1_000


@dataclass(frozen=True)
class Outlier:
    """One sum that is far from last time's. `compared_month` is the month that was compared with; figures are exact."""

    month: int
    service_code: str
    point_of_delivery: str
    compared_month: int
    what: str
    before: float
    after: float
    price_before: int
    price_after: int


def sums_of_file(connection: DuckDBPyConnection) -> pd.DataFrame:
    """Sums of the table `facts`: `KEY` and `SUMS`, in stored units."""
    keys, sums = ", ".join(KEY), ", ".join(f"sum({name})::BIGINT AS {name}" for name in SUMS)
    found = engine.rows(connection, f"SELECT {keys}, {sums} FROM facts GROUP BY ALL ORDER BY ALL")
    return pd.DataFrame(found, columns=[*KEY, *SUMS])


def find_outliers(after: pd.DataFrame, before: pd.DataFrame) -> list[Outlier]:
    """Hold the sums of a file against those that are published.

    Args:
        after: month, service_code, point_of_delivery, actual_activity (thousandths), actual_price (ten-thousandths of £).
        before: The same of what is published of the provider's year.

    Returns:
        The outliers, those with the most money first.
    """
    if after.empty or before.empty:
        return []
    merged = after.merge(before, on=KEY[1:], suffixes=("", "_before"))
    merged = merged[merged["month_before"] <= merged["month"]]
    latest = merged.sort_values("month_before").groupby(KEY, as_index=False).tail(1).reset_index(drop=True)
    figures = latest[[*SUMS, *(f"{name}_before" for name in SUMS)]].astype("float64").fillna(0)
    activity, price = figures["actual_activity"] / UNIT, figures["actual_price"] / POUND
    activity_before, price_before = figures["actual_activity_before"] / UNIT, figures["actual_price_before"] / POUND
    money = (price - price_before).abs() >= LEAST_MONEY
    many = (activity >= FEWEST) | (activity_before >= FEWEST)
    volume = money & many & _far(activity, activity_before, TIMES_VOLUME)
    counted = (activity >= FEWEST) & (activity_before >= FEWEST)
    unit, unit_before = price / activity.where(counted), price_before / activity_before.where(counted)
    priced = money & counted & ~volume & _far(unit, unit_before, TIMES_UNIT_PRICE)
    cells = latest.to_dict("records")
    found = [
        Outlier(
            month=int(cells[i]["month"]),
            service_code=str(cells[i]["service_code"]),
            point_of_delivery=str(cells[i]["point_of_delivery"]),
            compared_month=int(cells[i]["month_before"]),
            what=what,
            before=float(values_before.iloc[i]),
            after=float(values.iloc[i]),
            price_before=round(float(price_before.iloc[i]) * POUND),
            price_after=round(float(price.iloc[i]) * POUND),
        )
        for what, chosen, values, values_before in (
            ("volume", volume, activity, activity_before),
            ("unit price", priced, unit, unit_before),
        )
        for i in chosen.to_numpy().nonzero()[0].tolist()
    ]
    return sorted(found, key=lambda o: (-abs(o.price_after - o.price_before), o.month, o.service_code, o.point_of_delivery))


def _far(after: pd.Series, before: pd.Series, times: float) -> pd.Series:
    """Whether one is more than so many times the other; figures of opposite signs are, missing ones are not."""
    return (after.abs() > before.abs() * times) | (before.abs() > after.abs() * times) | (after * before < 0)
