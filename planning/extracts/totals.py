"""Sums of facts as extracts and positions state them: price planned and paid, and activity by its unit."""

import pandas as pd

PRICES = ("planned_price", "actual_price")


def totals(frame: pd.DataFrame) -> dict:
    """Sum a frame of facts.

    Args:
        frame: planned_price, actual_price (whole ten-thousandths of a pound), actual_activity (whole thousandths), unit.

    Returns:
        planned_price, actual_price, and activity by unit; a price that every row misses is None, and a unit without
        any activity is left out.
    """
    prices = {price: _sum(frame[price]) for price in PRICES}
    activity = {unit: _sum(rows) for unit, rows in frame.groupby("unit", sort=True)["actual_activity"]}
    return {**prices, "activity": {unit: number for unit, number in activity.items() if number is not None}}


def totals_by(frame: pd.DataFrame, key: str) -> dict[str, dict]:
    """Sum a frame of facts for each value of a column.

    Args:
        frame: As for `totals`, with the column `key`.
        key: Name of the column.

    Returns:
        Value of the column → its totals, in order.
    """
    return {str(value): totals(rows) for value, rows in frame.groupby(key, sort=True)}


def with_month(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the column `year_month`, such as 2025/26-01.

    Args:
        frame: year, month.

    Returns:
        The frame with the column.
    """
    return frame.assign(year_month=frame["year"].astype(str) + "-" + frame["month"].map("{:02d}".format))


def _sum(column: pd.Series) -> int | None:
    known = [int(value) for value in column.dropna()]
    return sum(known) if known else None
