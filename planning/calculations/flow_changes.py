"""This year against last: flows of the same months of two years, for the providers that have both."""

import pandas as pd

from .contract import require_columns
from .financial_years import preceding

MONTH = ["provider", "month"]
COMPARED = ("price", "activity")


def months_in_both(loaded: pd.DataFrame, year: str) -> pd.DataFrame:
    """Months that a provider has in a year and in the year before.

    Args:
        loaded: `provider`, `year` (2025/26), `month` (1 to 13).
        year: the later of the two financial years.

    Returns:
        `provider` and `month`, once each.

    Raises:
        ValueError: a column is not there.
    """
    now, before = _months(loaded, year), _months(loaded, preceding(year))
    return now.merge(before, on=MONTH, how="inner").sort_values(MONTH, ignore_index=True)


def months_in_one(loaded: pd.DataFrame, year: str) -> pd.DataFrame:
    """Months that a provider has in only one of a year and the year before.

    Args:
        loaded: `provider`, `year`, `month`.
        year: the later of the two financial years.

    Returns:
        `provider`, `month` and `year`, the one that has it.

    Raises:
        ValueError: a column is not there.
    """
    years = [year, preceding(year)]
    both = pd.concat([_months(loaded, one).assign(year=one) for one in years], ignore_index=True)
    return both[~both.duplicated(MONTH, keep=False)].sort_values(["year", *MONTH], ignore_index=True)


def _months(loaded: pd.DataFrame, year: str) -> pd.DataFrame:
    require_columns(loaded, ["provider", "year", "month"], of="months loaded")
    return loaded.loc[loaded["year"] == year, MONTH].drop_duplicates(ignore_index=True)


def against_year_before(now: pd.DataFrame, before: pd.DataFrame, both: pd.DataFrame) -> pd.DataFrame:
    """Flows of the same months of two years beside each other.

    Args:
        now: flows of the year by `provider`, `month` and any other columns of text, with `actual_price`,
            `planned_price` (ten-thousandths of a pound), `actual_activity`, `planned_activity` (thousandths), `people`.
        before: the same of the year before.
        both: `provider` and `month` that both years have.

    Returns:
        The flows without `month`: the sums of the year, `before_price`, `before_activity` of the year before, `price_change`
        and `activity_change` (this year − last). A flow that one of the years does not have is 0 there, since the months are
        in; a sum of nothing but missing amounts stays missing. `people` is the smaller of the two counts that are not 0.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(now, [*MONTH, "actual_price", "actual_activity", "people"], of="flows of the year")
    require_columns(before, [*MONTH, "actual_price", "actual_activity", "people"], of="flows of the year before")
    later, earlier = _of_months(now, both), _of_months(before, both)
    keys = [column for column in later.columns if not pd.api.types.is_numeric_dtype(later[column].dtype)]
    renamed = {"actual_price": "before_price", "actual_activity": "before_activity", "people": "before_people"}
    last = earlier[[*keys, *renamed]].rename(columns=renamed)
    joined = later.merge(last, on=keys, how="outer", validate="one_to_one", indicator=True)
    absent = {"left_only": list(renamed.values()), "right_only": [c for c in later.columns if c not in keys]}
    for side, columns in absent.items():
        joined.loc[(joined["_merge"] == side).to_numpy(dtype=bool), columns] = 0
    for what in COMPARED:
        joined[f"{what}_change"] = joined[f"actual_{what}"] - joined[f"before_{what}"]
    counts = joined[["people", "before_people"]]
    joined["people"] = counts.mask(counts == 0).min(axis=1).astype("Int64")
    return joined.drop(columns=["_merge", "before_people"])


def _of_months(flows: pd.DataFrame, both: pd.DataFrame) -> pd.DataFrame:
    own = flows.merge(both.astype({"month": flows["month"].dtype}), on=MONTH, how="inner").drop(columns="month")
    keys = [column for column in own.columns if not pd.api.types.is_numeric_dtype(own[column].dtype)]
    sums = [column for column in own.columns if column not in keys]
    return own.groupby(keys, as_index=False, sort=True)[sums].sum(min_count=1).astype(dict.fromkeys(sums, "Int64"))
