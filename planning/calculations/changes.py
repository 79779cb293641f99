"""What publishing would change, summed for people: by month, by what happens to the slices, and as whole sums."""

import pandas as pd

PRICES = ["planned_price", "actual_price"]
TIMES = ["before", "after", "difference"]
NEEDED = {"year", "month", "commissioner", "status", *(f"{price}_{time}" for price in PRICES for time in TIMES)}
STAYS = "stays"


def _check(slices: pd.DataFrame) -> None:
    if missing := NEEDED - set(slices.columns):
        raise ValueError(f"The frame has no column named: {', '.join(sorted(missing))}.")


def changes_by_month(slices: pd.DataFrame) -> pd.DataFrame:
    """Sum the slices that an extract replaces by month.

    Args:
        slices: One row for each slice: year, month, commissioner, status, and planned_price and actual_price each with
            _before, _after and _difference, in stored units; missing where there is no such slice.

    Returns:
        year, month, and the six prices, in the order of the months. A price is missing where no slice of the month has one.

    Raises:
        ValueError: A column is missing.
    """
    _check(slices)
    replaced = slices[slices["status"] != STAYS]
    prices = [f"{price}_{time}" for price in PRICES for time in TIMES]
    return replaced.groupby(["year", "month"], as_index=False, sort=True)[prices].sum(min_count=1)


def changes_by_status(slices: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Count the slices of each status and sum their actual price.

    Args:
        slices: As for `changes_by_month`.

    Returns:
        Status → number of slices, and actual price before, after and difference in stored units (missing prices count as
        nothing, since a sum of slices is asked for).

    Raises:
        ValueError: A column is missing.
    """
    _check(slices)
    return {
        str(status): {"number": len(own), **{time: int(own[f"actual_price_{time}"].fillna(0).sum()) for time in TIMES}}
        for status, own in slices.groupby("status", sort=True)
    }
