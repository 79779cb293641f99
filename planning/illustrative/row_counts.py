"""How many rows each file and each line gets."""

import numpy as np
import pandas as pd

from .weights import UnusableWeights

# Rows of a month of data where nobody asks for a number: quick to load, rich enough for every page.
ROWS_A_MONTH = 2_000
# Below this a file cannot hold a row for each kind of money in each month.
FEWEST_ROWS_A_FILE_MONTH = 4
# Small providers get more rows for their money than large ones: their files would be a handful of rows.
SIZE_POWER = 0.75
# A row is worth this many units of activity on average or more, so that even one at the dearest tariff can be a whole unit.
UNITS_A_ROW = 1.4


def shared_out(total: float, weights: np.ndarray, ceilings: np.ndarray) -> np.ndarray:
    """Share a total out by weight, none above its ceiling; where all ceilings are reached, in proportion to them."""
    if ceilings.sum() <= total:
        return ceilings * (total / ceilings.sum())
    low, high = 0.0, float((ceilings / weights).max())
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(weights * middle, ceilings).sum() < total else (low, middle)
    shares = np.minimum(weights * high, ceilings)
    return shares * (total / shares.sum())


def whole(shares: np.ndarray) -> np.ndarray:
    """Whole numbers that add up to the (whole) sum of shares, each within one of its share."""
    return np.diff(np.rint(np.cumsum(shares)), prepend=0).astype(np.int64)


def line_ceilings(lines: pd.DataFrame) -> pd.Series:
    """The most rows that a line can have in a full year with at least a unit of activity in each."""
    return lines["actual_price"] / (lines["unit_price"] * UNITS_A_ROW)


def line_rows(lines: pd.DataFrame, rows: float) -> np.ndarray:
    """Expected rows of each line of one provider in a full year: by cost and the point of delivery's own weight."""
    return shared_out(rows, (lines["actual_price"] * lines["rows"]).to_numpy(), line_ceilings(lines).to_numpy())


def file_rows(lines_by_year: dict[str, pd.DataFrame], months: dict[str, int], rows: int | None) -> pd.Series:
    """Rows of each file.

    Args:
        lines_by_year: Lines of each year.
        months: Months of each year.
        rows: Rows in all, or None for the usual number a month.

    Returns:
        Rows by year and provider, adding up to `rows` exactly.

    Raises:
        UnusableWeights: Too few rows were asked for.
    """
    files = []
    for year, lines in lines_by_year.items():
        part = lines.assign(ceiling=line_ceilings(lines)).groupby("provider")[["actual_price", "ceiling"]].sum()
        size = part["actual_price"] ** SIZE_POWER
        files.append(part.assign(year=year, weight=size / size.sum() * months[year], ceiling=part["ceiling"] * months[year] / 12))
    table = pd.concat(files).reset_index().set_index(["year", "provider"])
    fewest = table.index.get_level_values("year").map(months).to_numpy() * FEWEST_ROWS_A_FILE_MONTH
    wanted = sum(months.values()) * ROWS_A_MONTH if rows is None else rows
    if wanted < fewest.sum():
        raise UnusableWeights(f"{wanted:,} rows are too few for {len(table)} files: at least {fewest.sum():,} are needed")
    spare = shared_out(wanted - fewest.sum(), table["weight"].to_numpy(), np.maximum(table["ceiling"] - fewest, 1).to_numpy())
    return pd.Series(whole(spare) + fewest, index=table.index)
