"""Spend against plan so far, and where the year is heading.

Differences are actual − plan: positive = over plan. One phasing share is used for each provider, so that outturn by
provider, by system and by programme of care add up to the same total.
"""

from collections.abc import Sequence

import pandas as pd

from planning.calculations.contract import floats, numbers, ratio, require_columns, require_unique

MONTHS = 12
FULL_YEAR, THIS_PLAN, EARLIER_PLAN, TWELFTHS = "full_year", "this_plan", "earlier_plan", "twelfths"
PRICES = ["planned_price", "actual_price"]


def phasing_shares(monthly: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """The share of the year's plan that falls in the months that have actuals, for each provider.

    Args:
        monthly: `provider`, `month` (1–12 April to March, 13 = year end; unique together), `planned_price`, `actual_price`,
            of the year in question.
        earlier: the same columns of an earlier year.

    Returns:
        One row a provider: `provider`, `months` (of 1–12 with actuals), `last_month` (of those), `share` and `basis`:
        `full_year` (all twelve have actuals: 1), `this_plan` (the plan reaches over the whole year), `earlier_plan` (the
        earlier year's plan in the same months), `twelfths` (months ÷ 12). NaN where no month has actuals.

    Raises:
        ValueError: a column is not there, or a key names two rows.

    Source: forecast outturn by phasing of plan (this product's order of preference).
    """
    for frame, name in [(monthly, "months"), (earlier, "months of the earlier year")]:
        require_columns(frame, ["provider", "month", *PRICES], of=name)
        require_unique(frame, ["provider", "month"], of=name)
    rows = []
    plans, actuals, earlier_plans = (
        _by_month(monthly, "planned_price"),
        _by_month(monthly, "actual_price"),
        _by_month(earlier, "planned_price"),
    )
    for provider in sorted(set(monthly["provider"])):
        loaded = sorted(m for m in actuals.get(provider, {}) if m <= MONTHS)
        share, basis = _share(loaded, plans.get(provider, {}), earlier_plans.get(provider, {}))
        rows.append((provider, len(loaded), max(loaded, default=0), share, basis))
    return pd.DataFrame(rows, columns=["provider", "months", "last_month", "share", "basis"])


def forecast_outturn(monthly: pd.DataFrame, phasing: pd.DataFrame, *, by: Sequence[str]) -> pd.DataFrame:
    """Spend against plan to date and forecast for the year, by any column.

    Args:
        monthly: `provider`, `month`, the columns `by` (unique together), `planned_price`, `actual_price` (whole
            ten-thousandths of a pound; missing where not stated).
        phasing: as `phasing_shares` gives.
        by: columns to report by.

    Returns:
        One row for each value of `by`, in its order: `planned_price` and `actual_price` of the months that have actuals,
        `difference` (actual − plan), `difference_share` (÷ plan), `forecast` (actual ÷ phasing share), `planned_year` (the
        plan where it reaches over the whole year, else plan to date ÷ phasing share), `forecast_difference`; whole units,
        missing where an input is.

    Raises:
        ValueError: a column is not there, or a key names two rows.

    Source: forecast A of the shadow-monitoring method: actual to date ÷ phasing share of plan.
    """
    keys = list(dict.fromkeys(["provider", *by]))
    require_columns(monthly, [*keys, "month", *PRICES], of="months")
    require_unique(monthly, [*keys, "month"], of="months")
    require_columns(phasing, ["provider", "share", "basis"], of="phasing")
    require_unique(phasing, ["provider"], of="phasing")
    rows = monthly[[*keys, "month", *PRICES]].assign(**{c: numbers(monthly[c]).astype("Int64") for c in PRICES})
    # Plan counts in the months in which the provider has reported at all, not only where this group has spend.
    reported = rows.groupby(["provider", "month"])["actual_price"].transform("count") > 0
    sums = rows[reported].groupby(keys, as_index=False)[PRICES].sum(min_count=1)
    whole = rows.groupby(keys)["planned_price"].sum(min_count=1).rename("stated").reset_index()
    sums = whole.merge(sums, on=keys, how="left", validate="one_to_one")
    sums = sums.merge(phasing[["provider", "share", "basis"]], on="provider", how="left", validate="many_to_one")
    share = floats(sums["share"])
    sums["forecast"] = _for_the_year(sums["actual_price"], share)
    sums["planned_year"] = sums["stated"].where(
        sums["basis"].isin([FULL_YEAR, THIS_PLAN]), _for_the_year(sums["planned_price"], share)
    )
    result = sums.groupby(list(by), as_index=False)[[*PRICES, "forecast", "planned_year"]].sum(min_count=1)
    result["difference"] = result["actual_price"] - result["planned_price"]
    result["difference_share"] = ratio(result["difference"], result["planned_price"])
    result["forecast_difference"] = result["forecast"] - result["planned_year"]
    return result


def spend_table(monthly: pd.DataFrame, providers: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Spend against plan and forecast of one or more years together, by a column.

    Args:
        monthly: `year`, `provider`, `month`, `by` (unique together), `planned_price`, `actual_price`.
        providers: `year`, `provider`, `month` (unique together), `planned_price`, `actual_price` of every loaded year and of
            everything the provider did: what phasing is taken from.
        by: the column to report by.

    Returns:
        As `forecast_outturn`, added up over years.

    Raises:
        ValueError: a column is not there, or a key names two rows.
    """
    require_columns(monthly, ["year", "provider", "month", by, *PRICES], of="months")
    require_columns(providers, ["year", "provider", "month", *PRICES], of="months of providers")
    parts = []
    for year, rows in monthly.groupby("year"):
        parts.append(forecast_outturn(rows, phasing_of(providers, str(year)), by=[by]))
    amounts = [*PRICES, "forecast", "planned_year"]
    everything = pd.concat(parts) if parts else pd.DataFrame(columns=[by, *amounts])
    result = everything.groupby(by)[amounts].sum(min_count=1).astype("Int64").reset_index()
    result["difference"] = result["actual_price"] - result["planned_price"]
    result["difference_share"] = ratio(result["difference"], result["planned_price"])
    result["forecast_difference"] = result["forecast"] - result["planned_year"]
    return result


def phasing_of(providers: pd.DataFrame, year: str) -> pd.DataFrame:
    """Phasing shares of a year: of each provider's months, with the nearest earlier year's plan to borrow from."""
    return phasing_shares(providers[providers["year"] == year], nearest_earlier(providers, year))


def nearest_earlier(providers: pd.DataFrame, year: str) -> pd.DataFrame:
    """Months of each provider's latest year before one, with the columns that were given.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(providers, ["year", "provider"], of="months of providers")
    earlier = providers[providers["year"] < year]
    return earlier[earlier["year"] == earlier.groupby("provider")["year"].transform("max")]


def _by_month(frame: pd.DataFrame, column: str) -> dict[str, dict[int, int]]:
    """Provider → month → amount, where it is known: frames of twelve rows cost more than they hold."""
    known = frame[frame[column].notna()]
    found: dict[str, dict[int, int]] = {}
    for provider, month, amount in zip(known["provider"], known["month"], known[column], strict=True):
        found.setdefault(provider, {})[int(month)] = amount
    return found


def _share(loaded: list[int], plan: dict[int, int], earlier: dict[int, int]) -> tuple[float, str]:
    if not loaded:
        return float("nan"), TWELFTHS
    if len(loaded) == MONTHS:
        return 1.0, FULL_YEAR
    for months, basis in [(plan, THIS_PLAN), (earlier, EARLIER_PLAN)]:
        if set(range(1, MONTHS + 1)) <= set(months):
            whole, part = int(sum(months.values())), int(sum(months[month] for month in loaded))
            if 0 < part < whole:
                return part / whole, basis
    return len(loaded) / MONTHS, TWELFTHS


def _for_the_year(amounts: pd.Series, share: pd.Series) -> pd.Series:
    """Amounts ÷ share in whole units; exactly the amounts where the share is 1."""
    scaled = (floats(amounts) / share.mask(share <= 0)).round().astype("Float64")
    whole = pd.Series(scaled, index=amounts.index).mask(scaled.isna()).astype("Int64")
    return whole.mask(share == 1, amounts)
