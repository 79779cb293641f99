"""What the Overview shows: where patients come from, who has submitted, what changed between two positions."""

from collections.abc import Collection, Mapping

import pandas as pd

from planning.calculations.contract import ratio, require_columns, require_unique
from planning.calculations.homes import HOME_GROUPS, NOT_KNOWN

LARGEST_NEIGHBOURS = 4
ELSEWHERE = "Elsewhere"
YEAR_END = 13


def origins(
    flows: pd.DataFrame, *, homes: Mapping[str, str], providers: Mapping[str, str], own: Collection[str], own_name: str
) -> pd.DataFrame:
    """Where each provider's patients come from: the own area, its largest neighbours, elsewhere, not known.

    Args:
        flows: `home_system`, `provider` (unique together), `actual_price` (ten-thousandths of a pound), `actual_activity` and
            `people` (thousandths).
        homes: names of homes by code.
        providers: names of providers by code.
        own: systems of the own area.
        own_name: its name.

    Returns:
        One row for each provider and group, providers by size: `provider`, `provider_name`, `group`, `group_rank`, the sums,
        `provider_price`, `provider_activity`, the shares `price_share`, `activity_share` (0 to 1, NaN of nothing), `is_outside`
        (known to be outside the own area), `own_name`.

    Raises:
        ValueError: a column is not there, or a home and provider stand twice.
    """
    require_columns(flows, ["home_system", "provider", "actual_price", "actual_activity", "people"], of="flows")
    require_unique(flows, ["home_system", "provider"], of="flows")
    systems = flows[flows["home_system"].isin(set(homes) - set(HOME_GROUPS) - set(own))]
    size = systems.groupby("home_system")["actual_price"].sum().sort_values(ascending=False, kind="stable")
    neighbours = {home: homes[home] for home in size.index[:LARGEST_NEIGHBOURS]}
    named = {**dict.fromkeys(own, own_name), **neighbours, NOT_KNOWN: HOME_GROUPS[NOT_KNOWN]}
    order = [own_name, *neighbours.values(), ELSEWHERE, HOME_GROUPS[NOT_KNOWN]]
    grouped = flows.assign(group=[named.get(home, ELSEWHERE) for home in flows["home_system"]])
    sums = ["actual_price", "actual_activity", "people"]
    result = grouped.groupby(["provider", "group"], as_index=False)[sums].sum(min_count=1)
    for what in ("price", "activity"):
        totals = result.groupby("provider")[f"actual_{what}"].transform(lambda v: v.sum(min_count=1))
        result[f"provider_{what}"] = totals
        result[f"{what}_share"] = ratio(result[f"actual_{what}"], totals)
    result["provider_name"] = [providers.get(code, code) for code in result["provider"]]
    result["group_rank"] = [order.index(group) for group in result["group"]]
    result["is_outside"] = ~result["group"].isin([own_name, HOME_GROUPS[NOT_KNOWN]])
    result["own_name"] = own_name
    keys = ["provider_price", "provider", "group_rank"]
    return result.sort_values(keys, ascending=[False, True, True], na_position="last", ignore_index=True)


def coverage_by_month(states: pd.DataFrame, held: pd.DataFrame, *, providers: Mapping[str, str]) -> pd.DataFrame:
    """How each month of a year stands, a row for each provider.

    Args:
        states: `provider`, `month` (1 to 13, unique together), `state`, `word` as `planning.calculations.submissions.standing`
            gives them.
        held: `provider`, `month` of what is in.
        providers: names of providers by code.

    Returns:
        One row a provider by name: `provider`, `provider_name`, `m1` … `m13` (words), `months_in`, `months_expected` (of the
        twelve months: those that are in, and those that are not though their date is past).

    Raises:
        ValueError: a column is not there, or a provider and month stand twice.
    """
    require_columns(states, ["provider", "month", "state", "word"], of="states")
    require_unique(states, ["provider", "month"], of="states")
    inside = set(zip(held["provider"], held["month"], strict=True))
    rows = []
    for code, own in states.groupby("provider", sort=True):
        provider = str(code)
        row: dict[str, object] = {"provider": provider, "provider_name": providers.get(provider, provider)}
        row |= {f"m{month}": word for month, word in zip(own["month"], own["word"], strict=True)}
        row["months_in"] = sum((provider, month) in inside for month in range(1, YEAR_END))
        row["months_expected"] = int((~own["state"].isin(["due", "not due"]) & (own["month"] < YEAR_END)).sum())
        rows.append(row)
    columns = ["provider", "provider_name", *(f"m{m}" for m in range(1, YEAR_END + 1)), "months_in", "months_expected"]
    return pd.DataFrame(rows, columns=columns).sort_values("provider_name", kind="stable", ignore_index=True)


def specialised_and_other(specialised: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Specialised and other care side by side, by year.

    Args:
        specialised: `year` (unique), `planned_price`, `actual_price` (ten-thousandths of a pound).
        other: the same of every other row.

    Returns:
        One row a year in order: `year` and for plan and actual `…_specialised`, `…_other`, `…_all`, missing where no row of the
        year states it.

    Raises:
        ValueError: a column is not there, or a year stands twice.
    """
    for frame, name in ((specialised, "specialised care"), (other, "other care")):
        require_columns(frame, ["year", "planned_price", "actual_price"], of=name)
        require_unique(frame, ["year"], of=name)
    sums = ["planned_price", "actual_price"]
    suffixes = ("_specialised", "_other")
    joined = specialised[["year", *sums]].merge(other[["year", *sums]], on="year", how="outer", suffixes=suffixes)
    result = joined[["year"]].copy()
    for name in sums:
        parts = joined[[f"{name}_specialised", f"{name}_other"]].astype("Int64")
        result[list(parts.columns)] = parts
        result[f"{name}_all"] = parts.sum(axis=1, min_count=1).astype("Int64")
    return result.sort_values("year", ignore_index=True)


def changes_between(before: pd.DataFrame, after: pd.DataFrame, *, providers: Mapping[str, str]) -> pd.DataFrame:
    """What a position changed, by provider and year.

    Args:
        before: `provider`, `year` (unique together), `extracts` (a text that names them) and `actual_price` of the earlier
            position.
        after: the same of the later one.
        providers: names of providers by code.

    Returns:
        Rows of which the extracts differ: `provider`, `provider_name`, `year`, `what` (New, Restated, Withdrawn),
        `before_price`, `after_price`, `change` (after − before; a side that is not there counts as nothing).

    Raises:
        ValueError: a column is not there, or a provider and year stand twice.
    """
    keys = ["provider", "year"]
    for frame, name in ((before, "the earlier position"), (after, "the later position")):
        require_columns(frame, [*keys, "extracts", "actual_price"], of=name)
        require_unique(frame, keys, of=name)
    joined = before.merge(after, on=keys, how="outer", suffixes=("_before", "_after"), indicator=True)
    differs = joined["extracts_before"].fillna("") != joined["extracts_after"].fillna("")
    rows = joined[differs.to_numpy(dtype=bool)].sort_values(keys, ignore_index=True)
    words = {"left_only": "Withdrawn", "right_only": "New", "both": "Restated"}
    was, now = rows["actual_price_before"].astype("Int64"), rows["actual_price_after"].astype("Int64")
    return pd.DataFrame(
        {
            "provider": rows["provider"],
            "provider_name": [providers.get(code, code) for code in rows["provider"]],
            "year": rows["year"],
            "what": rows["_merge"].astype(object).map(words),
            "before_price": was,
            "after_price": now,
            "change": now.fillna(0) - was.fillna(0),
        }
    )
