"""What the gap between spend and revenue becomes if nothing is done, and what drives it.

Spend of each line grows by (1 + demographic) × (1 + non-demographic) × (1 + price) × (1 − efficiency) a year; revenue by its
own growth; gap = spend − revenue, positive = shortfall.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.calculations.contract import floats, ratio, require_columns, require_known, require_unique

from .apportionment import round_to_total

DRIVERS = ("demographic", "non_demographic", "price", "efficiency")
NET_PRICE_RULE = "multiplicative"


@dataclass(frozen=True)
class Projection:
    """The years (0 = opening), the drivers of each year, and the spend of each line."""

    years: pd.DataFrame
    drivers: pd.DataFrame
    lines: pd.DataFrame


def net_price(price: float, efficiency: float) -> float:
    """Price uplift net of efficiency, by the multiplicative rule: (1 + price) × (1 − efficiency) − 1."""
    return (1 + price) * (1 - efficiency) - 1


def do_nothing_gap(lines: pd.DataFrame, *, opening_revenue: float, revenue_growth: Sequence[float]) -> Projection:
    """Project spend, revenue and the gap over as many years as revenue has growth for.

    Growth of a year is split between drivers in proportion to the logarithm of each driver's factor, so that drivers add up
    to the growth whatever their order; where factors cancel out, by logarithm × opening spend (the limit of the same rule).

    Args:
        lines: `line` (unique), `spend` (opening, any unit of money), `demographic`, `non_demographic`, `price`, `efficiency`
            (a year, as fractions; efficiency as a positive saving).
        opening_revenue: revenue of the opening year, in the unit of spend.
        revenue_growth: a fraction for each year ahead.

    Returns:
        `years`: `year` (0…), `expenditure`, `revenue`, `gap`, `gap_share` (÷ revenue). `drivers`: `year` (1…), `driver`,
        `in_year`, `cumulative`. `lines`: `year` (0…), `line`, `spend`. In the unit of spend.

    Raises:
        ValueError: a column is not there, a line stands twice, a number is missing, or a rate takes away everything (a factor
            of 0 or below).

    Source: NHS England payment scheme 2025/26 (uplift and efficiency); split by logarithm is this product's choice.
    """
    require_columns(lines, ["line", "spend", *DRIVERS], of="lines")
    require_unique(lines, ["line"], of="lines")
    require_known(lines, ["spend", *DRIVERS], name="line", of="lines")
    logs = _log_factors(lines)
    growth = logs.sum(axis=1)
    opening = floats(lines["spend"]).to_numpy()
    spend = [opening * np.exp(growth.to_numpy() * year) for year in range(len(revenue_growth) + 1)]
    revenue = float(opening_revenue) * np.cumprod([1.0, *(1 + float(g) for g in revenue_growth)])
    years = pd.DataFrame({"year": range(len(spend)), "expenditure": [s.sum() for s in spend], "revenue": revenue})
    years["gap"] = years["expenditure"] - years["revenue"]
    years["gap_share"] = ratio(years["gap"], years["revenue"])
    by_line = pd.concat([pd.DataFrame({"year": y, "line": lines["line"].to_numpy(), "spend": s}) for y, s in enumerate(spend)])
    return Projection(years, _drivers(logs, spend), by_line.reset_index(drop=True))


def in_whole_units(projection: Projection) -> Projection:
    """The projection in whole units of money (int64), parts still adding up to wholes.

    Spend and revenue are rounded, the gap is their difference, and each year's drivers are rounded to add up to that year's
    growth of spend; the spend of lines stays as it was.
    """
    years = projection.years.assign(
        expenditure=projection.years["expenditure"].round().astype("int64"),
        revenue=projection.years["revenue"].round().astype("int64"),
    )
    years["gap"] = years["expenditure"] - years["revenue"]
    growth = years.set_index("year")["expenditure"].diff().fillna(0).astype("int64")
    drivers = projection.drivers.copy()
    for year, rows in projection.drivers.groupby("year"):
        drivers.loc[rows.index, "in_year"] = round_to_total(rows.set_index("driver")["in_year"], int(growth[year])).to_numpy()
    drivers["in_year"] = drivers["in_year"].astype("int64")
    drivers["cumulative"] = drivers.groupby("driver")["in_year"].cumsum()
    return Projection(years, drivers, projection.lines)


def waterfall(projection: Projection) -> pd.DataFrame:
    """Steps from the opening gap through every driver and the growth of revenue to the gap of the last year.

    Returns:
        `step`, `amount` (what it adds to the gap, in the units of the projection) and `total` (True for the two gaps).
    """
    years, last = projection.years, projection.years["year"].max()
    ends = projection.drivers[projection.drivers["year"] == last]
    steps = [("opening_gap", years["gap"].iloc[0], True)]
    steps += [(driver, amount, False) for driver, amount in zip(ends["driver"], ends["cumulative"], strict=True)]
    steps.append(("revenue", years["revenue"].iloc[0] - years["revenue"].iloc[-1], False))
    steps.append(("closing_gap", years["gap"].iloc[-1], True))
    return pd.DataFrame(steps, columns=["step", "amount", "total"])


def _log_factors(lines: pd.DataFrame) -> pd.DataFrame:
    signs = {driver: -1.0 if driver == "efficiency" else 1.0 for driver in DRIVERS}
    rates = pd.DataFrame({driver: sign * floats(lines[driver]) for driver, sign in signs.items()})
    if (rates <= -1).any(axis=None):
        raise ValueError("A rate of growth takes away everything: rates are above −100%, and efficiency below 100%.")
    return rates.apply(np.log1p)


def _drivers(logs: pd.DataFrame, spend: list[np.ndarray]) -> pd.DataFrame:
    growth = logs.sum(axis=1).to_numpy()
    moving = growth != 0
    rows = []
    for year, opening in enumerate(spend[:-1], start=1):
        # Growth ÷ its logarithm; exp(x) − 1 is taken in one step, which stays true where x is almost nothing.
        scale = opening * np.where(moving, np.expm1(growth) / np.where(moving, growth, 1), 1)
        rows += [(year, driver, float((logs[driver].to_numpy() * scale).sum())) for driver in DRIVERS]
    result = pd.DataFrame(rows, columns=["year", "driver", "in_year"])
    return result.assign(cumulative=result.groupby("driver")["in_year"].cumsum())
