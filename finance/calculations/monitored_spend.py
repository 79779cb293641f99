"""Shadow monitoring from end to end: a year's flows to budgets, actual and forecasts by population and by provider."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from planning.calculations.contract import require_columns

from . import outturn
from .population_budgets import GRAIN, budget_cells, phasing_by_group, plan_of_the_year, with_dates
from .populations_by_month import PRICES, populations_by_month
from .shadow_monitoring import by_view, forecasts, months_reported


@dataclass(frozen=True)
class Monitored:
    """One year up to one month, by `GRAIN` and month.

    `actual` has `actual_price`; `plan` and `budgets` have `budget` and `to_date`, of providers and of populations; `forecast`
    has no months. The two kinds of budget differ only where people entered budgets of populations.
    """

    actual: pd.DataFrame
    plan: pd.DataFrame
    budgets: pd.DataFrame
    forecast: pd.DataFrame


def monitored(
    spend: pd.DataFrame,
    providers: pd.DataFrame,
    programmes: Mapping[str, str],
    entered: pd.DataFrame,
    *,
    year: str,
    to_month: int,
    populations: Collection[str],
    not_known: Collection[str],
    apart: Collection[str],
) -> Monitored:
    """Map, budget and forecast one year as it stood at the end of a month.

    Args:
        spend: flows of the year, as `spend_by_month` gives them.
        providers: `year`, `provider`, `month` (unique together), `planned_price`, `actual_price` of every loaded year.
        programmes: service code → programme of care; codes without one stand under "".
        entered: budgets that people recorded, as `entered_months` wants them.
        year: the financial year.
        to_month: the last month whose actual counts (13 = year end).
        populations: whose entered budgets may be used.
        not_known: populations that stand for a home that is not known.
        apart: populations that are no English system's.

    Returns:
        Everything that the views are added up from; its actual is that of the flows up to the month.

    Raises:
        ValueError: a column is not there, a key names two rows, or a budget cannot be read.

    Source: shadow-monitoring method of this product (`docs/methods.md`).
    """
    require_columns(spend, ["month", "service_code", *PRICES], of="spend")
    mapped = populations_by_month(_up_to(spend, to_month), not_known=not_known, apart=apart)
    mapped = mapped.assign(programme_of_care=mapped["service_code"].map(programmes).astype(object).fillna(""))
    mapped = mapped.groupby([*GRAIN, "month"], as_index=False)[PRICES].sum(min_count=1)
    own = providers["year"] == year
    months = pd.concat([providers[~own], _up_to(providers[own], to_month)], ignore_index=True)
    reported = months_reported(months[months["year"] == year], to_month)
    phasing = outturn.phasing_of(months, year)
    plan = plan_of_the_year(mapped, reported, phasing, outturn.nearest_earlier(months, year))
    budgets = budget_cells(plan, entered, reported, to_month=to_month, populations=populations)
    shares = phasing_by_group(mapped[GRAIN].drop_duplicates(), phasing, budgets)
    actual = mapped[[*GRAIN, "month", "actual_price"]].dropna(subset=["actual_price"])
    return Monitored(actual, with_dates(plan, reported), budgets, forecasts(actual, reported, shares))


def _up_to(rows: pd.DataFrame, to_month: int) -> pd.DataFrame:
    """The rows without actual after a month; plans stay, since they say what is still to come."""
    return rows.assign(actual_price=rows["actual_price"].mask(rows["month"] > to_month))


def by_month(of: Monitored, populations: Collection[str], *, to_month: int) -> pd.DataFrame:
    """Budget and actual of each month, and together up to it.

    Args:
        of: as `monitored` gives.
        populations: which of them; all where none is named.
        to_month: the last month whose actual counts.

    Returns:
        `month`, `budget`, `actual_price` (missing after the month), `budget_to_date`, `actual_to_date`, `Int64`. Budgets are
        of every month, whether or not all providers have reported it.

    Raises:
        ValueError: a column is not there.
    """
    budgets, actual = (_only(frame, populations) for frame in (of.budgets, of.actual))
    months = pd.DataFrame({"month": sorted(set(budgets["month"]) | set(actual["month"]))}, dtype="int64")
    for name, frame, column in (("budget", budgets, "budget"), ("actual_price", actual, "actual_price")):
        sums = frame.groupby("month")[column].sum()
        months[name] = months["month"].map(sums).astype("Int64").fillna(0)
        months[f"{name.removesuffix('_price')}_to_date"] = months[name].cumsum()
    after = months["month"] > to_month
    return months.assign(**{name: months[name].mask(after) for name in ("actual_price", "actual_to_date")})


def by_programme(of: Monitored, populations: Collection[str]) -> pd.DataFrame:
    """Budgets, actual and forecasts by programme of care, of the populations named or of all; columns as `by_view`.

    Raises:
        ValueError: a column is not there.
    """
    return by_view(_only(of.budgets, populations), _only(of.forecast, populations), ["programme_of_care"])


def _only(frame: pd.DataFrame, populations: Collection[str]) -> pd.DataFrame:
    """Rows of some populations; money that stays with hubs or stands unallocated is nobody's."""
    return frame[(frame["kind"] != "hub") & frame["population"].isin(list(populations))] if populations else frame
