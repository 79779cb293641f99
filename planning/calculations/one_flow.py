"""One flow, from one home to one provider: by month and year, by service, and as a part of each of its ends."""

import pandas as pd

from .contract import ratio, require_columns
from .financial_years import YEAR_END

SUMS = ["actual_activity", "planned_activity", "actual_price", "planned_price"]


def monthly(flow: pd.DataFrame, loaded: pd.DataFrame) -> pd.DataFrame:
    """A flow by month, nothing where its provider's month is in and the flow is not.

    Args:
        flow: `year`, `month` (unique together), SUMS and `people`.
        loaded: `year` and `month` that the provider has submitted.

    Returns:
        One row for each month in, in order: `year`, `month`, SUMS (0 where there was nothing, missing where not said) and
        `people`.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(flow, ["year", "month", *SUMS, "people"], of="flow")
    require_columns(loaded, ["year", "month"], of="months loaded")
    months = loaded[["year", "month"]].drop_duplicates().astype({"month": "int64"})
    own = flow[["year", "month", *SUMS, "people"]].astype({"month": "int64"})
    rows = months.merge(own, on=["year", "month"], how="outer", indicator=True)
    nothing = (rows["_merge"] == "left_only").to_numpy(dtype=bool)
    rows.loc[nothing, SUMS] = 0
    return rows.drop(columns="_merge").sort_values(["year", "month"], ignore_index=True)


def yearly(months: pd.DataFrame) -> pd.DataFrame:
    """The months of a flow added up by year.

    Args:
        months: what `monthly` gives.

    Returns:
        One row a year: `year`, `months` (how many are in, the year end apart), SUMS, `people`, and `activity_difference` and
        `price_difference` (actual − plan).

    Raises:
        ValueError: a column is not there.
    """
    require_columns(months, ["year", "month", *SUMS, "people"], of="months")
    sums = months.groupby("year")[[*SUMS, "people"]].sum(min_count=1).astype("Int64")
    sums.insert(0, "months", months[months["month"] < YEAR_END].groupby("year")["month"].nunique().reindex(sums.index).fillna(0))
    for what in ("activity", "price"):
        sums[f"{what}_difference"] = sums[f"actual_{what}"] - sums[f"planned_{what}"]
    return sums.reset_index().astype({"months": "int64"})


def parts(flow: pd.DataFrame, of_home: pd.DataFrame, of_provider: pd.DataFrame) -> pd.DataFrame:
    """A flow as a part of everything that its home sends and its provider receives.

    Args:
        flow: one row of `actual_activity`, `actual_price` and `people`.
        of_home: the same of the home, at any provider.
        of_provider: the same of the provider, for anybody.

    Returns:
        Two rows, of the home and of the provider: `end`, the flow's sums and `people`, `all_activity`, `all_price`,
        `all_people`, `activity_share` and `price_share` (0 to 1; NaN of nothing).

    Raises:
        ValueError: a column is not there.
    """
    names = ["actual_activity", "actual_price", "people"]
    for frame in (flow, of_home, of_provider):
        require_columns(frame, names, of="sums")
    both = pd.concat([of_home[names], of_provider[names]], ignore_index=True)
    wholes = both.set_axis(["all_activity", "all_price", "all_people"], axis=1)
    own = pd.concat([flow[names]] * 2, ignore_index=True)
    rows = pd.concat([own, wholes], axis=1).assign(end=["home", "provider"])
    for what in ("activity", "price"):
        rows[f"{what}_share"] = ratio(rows[f"actual_{what}"], rows[f"all_{what}"])
    return rows
