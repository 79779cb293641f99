"""Spend of services and providers from year to year: growth over full years, and months beside the year before."""

from collections.abc import Sequence

import pandas as pd

from planning.calculations.contract import floats, ratio, require_columns, require_unique

MONTHS = 12


def growth(years: pd.DataFrame, *, by: str, measure: str, full_years: Sequence[str], year: str) -> pd.DataFrame:
    """How fast each service or provider has grown up to a year.

    Args:
        years: the column `by`, `year` (unique together) and the measure.
        by: the column that names what has grown.
        measure: the column to measure, in its own units.
        full_years: years with all twelve months in, in order; no other year is compared.
        year: the year to grow up to.

    Returns:
        One row for each value of `by`: `before` (the measure in the latest earlier full year; missing where there is none, or
        the year is not full), `change_share` (÷ before, a fraction), `growth_share` (a year, compounded from the first full year
        with anything above nought; NaN where that is the year itself), `growth_from` (that first year, "").

    Raises:
        ValueError: a column is not there, or a key names two rows.

    Source: compound annual growth rate, (last ÷ first) ^ (1 ÷ years) − 1.
    """
    require_columns(years, [by, "year", measure], of="years")
    require_unique(years, [by, "year"], of="years")
    result = pd.DataFrame({by: pd.Series(sorted(set(years[by])), dtype=object)})
    compared = years[years["year"].isin(list(full_years)) & (years["year"] <= year)]
    now = result[by].map(compared[compared["year"] == year].set_index(by)[measure])
    earlier = [one for one in full_years if one < year]
    last = compared[compared["year"] == earlier[-1]] if earlier else compared.head(0)
    result["before"] = result[by].map(last.set_index(by)[measure]).where(now.notna())
    result["change_share"] = ratio(now - result["before"], result["before"])
    above = compared[floats(compared[measure]) > 0].sort_values("year").drop_duplicates(by).set_index(by)
    began = above["year"].to_dict()
    first, first_year = floats(result[by].map(above[measure])), [began.get(code, "") for code in result[by]]
    apart = pd.Series([int(year[:4]) - int(start[:4]) if start else 0 for start in first_year], dtype="float64")
    times = floats(now) / first
    # One to any power is one, to an unknown power too: the year itself has no growth.
    result["growth_share"] = (times ** (1 / apart.where(apart > 0)) - 1).where((times > 0) & (apart > 0))
    known = result["growth_share"].notna()
    result["growth_from"] = [start if grown else "" for start, grown in zip(first_year, known, strict=True)]
    return result


def by_month(months: pd.DataFrame, *, year: str, before: str, names: Sequence[str]) -> pd.DataFrame:
    """Each month of a year: actual, plan, and actual of an earlier year.

    Args:
        months: `year`, `month` (1 to 12 and 13, the year end; unique together), `planned_price`, `actual_price`,
            `planned_activity`, `actual_activity`, `people`.
        year: the year to show.
        before: the earlier year to hold it against; "" for none.
        names: names of months 1 to 13.

    Returns:
        One row a month with anything in either year: `month`, `month_name`, the sums of the year, `before_price`,
        `before_activity`, `price_difference`, `activity_difference` (actual − plan, missing where either is), `people`.

    Raises:
        ValueError: a column is not there, or a month stands twice.
    """
    sums = ["planned_price", "actual_price", "planned_activity", "actual_activity"]
    require_columns(months, ["year", "month", *sums, "people"], of="months")
    require_unique(months, ["year", "month"], of="months")
    own = months[months["year"] == year].drop(columns="year")
    was = months[months["year"] == before][["month", "actual_price", "actual_activity"]]
    was = was.rename(columns={"actual_price": "before_price", "actual_activity": "before_activity"})
    rows = own.merge(was, on="month", how="outer", validate="one_to_one").sort_values("month", ignore_index=True)
    rows = rows.astype(dict.fromkeys([*sums, "before_price", "before_activity", "people"], "Int64"))
    return rows.assign(
        month_name=[names[int(month) - 1] for month in rows["month"]],
        price_difference=rows["actual_price"] - rows["planned_price"],
        activity_difference=rows["actual_activity"] - rows["planned_activity"],
    )


def with_plan(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with their difference from plan and their shares of the whole.

    Args:
        rows: `planned_price`, `actual_price`, `actual_activity` (stored units; missing stays missing).

    Returns:
        The rows with `difference` (actual − plan, missing where either is), `difference_share` (÷ plan), the wholes `all_price`
        and `all_activity` and the shares of them `price_share` and `activity_share` (0 to 1, NaN of nothing).

    Raises:
        ValueError: a column is not there.
    """
    require_columns(rows, ["planned_price", "actual_price", "actual_activity"], of="rows")
    result = rows.assign(difference=rows["actual_price"] - rows["planned_price"])
    result["difference_share"] = ratio(result["difference"], result["planned_price"])
    for what in ("price", "activity"):
        total = result[f"actual_{what}"].sum(min_count=1)
        result[f"all_{what}"] = pd.Series([total] * len(result), index=result.index, dtype="Int64")
        result[f"{what}_share"] = ratio(result[f"actual_{what}"], result[f"all_{what}"])
    return result
