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
        year, month, and the six prices, in the order of the months. A price is missing where no slice of the month has one,
        and a difference where there is none before and none after.

    Raises:
        ValueError: A column is missing.
    """
    _check(slices)
    replaced = slices[slices["status"] != STAYS]
    prices = [f"{price}_{time}" for price in PRICES for time in TIMES]
    found = replaced.groupby(["year", "month"], as_index=False, sort=True)[prices].sum(min_count=1)
    for price in PRICES:
        neither = found[f"{price}_before"].isna() & found[f"{price}_after"].isna()
        found[f"{price}_difference"] = found[f"{price}_difference"].mask(neither)
    return found


def changes_by_status(slices: pd.DataFrame, price: str = "actual_price") -> dict[str, dict[str, int]]:
    """Count the slices of each status and sum a price of theirs.

    Args:
        slices: As for `changes_by_month`.
        price: actual_price, or planned_price where files of the layout have no other.

    Returns:
        Status → number of slices, and the price before, after and difference in stored units (missing prices count as
        nothing, since a sum of slices is asked for).

    Raises:
        ValueError: A column is missing.
    """
    _check(slices)
    return {
        str(status): {"number": len(own), **{time: int(own[f"{price}_{time}"].fillna(0).sum()) for time in TIMES}}
        for status, own in slices.groupby("status", sort=True)
    }


def differences_by_provider(slices: pd.DataFrame) -> pd.DataFrame:
    """Sum what a position changed by layout, provider and year.

    Args:
        slices: One row for each slice that changed: layout, provider, year, and planned_price and actual_price each with
            _before and _after, in stored units; missing where there was, or is, no such slice.

    Returns:
        layout, provider, year, slices (how many changed), and each price _before, _after and _difference. A slice that is
        missing counts as nothing, because it is the money of the position that is asked for.

    Raises:
        ValueError: A column is missing.
    """
    sums = [f"{price}_{time}" for price in PRICES for time in ("before", "after")]
    key = ["layout", "provider", "year"]
    if missing := {*key, *sums} - set(slices.columns):
        raise ValueError(f"The frame has no column named: {', '.join(sorted(missing))}.")
    known = slices[key].assign(slices=1, **{name: slices[name].astype("Int64").fillna(0) for name in sums})
    found = known.groupby(key, as_index=False, sort=True).sum()
    for price in PRICES:
        found[f"{price}_difference"] = found[f"{price}_after"] - found[f"{price}_before"]
    return found


def what_became(slices: pd.DataFrame) -> list[str]:
    """Say in one word what a position did to each slice.

    Args:
        slices: extract, reporting_point, planned_price and actual_price, each _before and _after; missing where there was, or
            is, no such slice.

    Returns:
        In the order of the rows: New, Emptied, Marked (same extract, another reporting point), Same money, or Changed.
    """
    words = []
    for row in slices.astype(object).where(slices.notna(), None).to_dict("records"):
        if row["extract_before"] is None:
            words.append("New")
        elif row["extract_after"] is None:
            words.append("Emptied")
        elif row["extract_before"] == row["extract_after"]:
            words.append("Marked")
        else:
            same = all(row[f"{price}_before"] == row[f"{price}_after"] for price in PRICES)
            words.append("Same money" if same else "Changed")
    return words
