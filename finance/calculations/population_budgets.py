"""Indicative budgets of populations, month by month: what people entered, else providers' plans mapped to populations."""

from collections.abc import Collection, Sequence

import pandas as pd

from planning.calculations.contract import floats, numbers, require_columns, require_unique

from .apportionment import apportion, apportion_within
from .outturn import FULL_YEAR, THIS_PLAN

MONTHS = 12
GRAIN = ["provider", "kind", "population", "programme_of_care"]
CELL = [*GRAIN, "month", "budget"]


def plan_of_the_year(mapped: pd.DataFrame, reported: pd.DataFrame, phasing: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Plan of every month of the year; months that no plan reaches yet are estimated.

    Args:
        mapped: `provider`, `kind`, `population`, `programme_of_care`, `month` (unique together), `planned_price` (whole
            ten-thousandths of a pound, missing where not stated).
        reported: `provider`, `month` of the months that have actuals.
        phasing: `provider` (unique), `share`, `basis`, as `outturn.phasing_shares` gives for the same months.
        earlier: `provider`, `month` (unique together), `planned_price` of an earlier year.

    Returns:
        `provider`, `kind`, `population`, `programme_of_care`, `month`, `budget`. Where the provider's plan reaches over the
        whole year it stands as it is. Otherwise the year is plan to date ÷ phasing share, and what is not stated of it is
        spread over the months without plan, as the earlier year's plan was, else equally.

    Raises:
        ValueError: a column is not there, or a key names two rows.

    Source: this product's rule; the year is that of the forecast outturn.
    """
    require_columns(mapped, [*GRAIN, "month", "planned_price"], of="plan")
    require_unique(mapped, [*GRAIN, "month"], of="plan")
    require_unique(phasing, ["provider"], of="phasing")
    stated = mapped.dropna(subset=["planned_price"]).rename(columns={"planned_price": "budget"})[CELL]
    part = phasing[~phasing["basis"].isin([FULL_YEAR, THIS_PLAN])]
    own = stated[stated["provider"].isin(set(part["provider"]))]
    dated = own.merge(reported, on=["provider", "month"], validate="many_to_one")
    year = (
        own.groupby(GRAIN, as_index=False)["budget"]
        .sum()
        .merge(dated.groupby(GRAIN, as_index=False)["budget"].sum(), on=GRAIN, suffixes=("", "_dated"), validate="one_to_one")
    )
    share = floats(numbers(year["provider"].map(_share(part)).astype(object)))
    year["left"] = (floats(year["budget_dated"]) / share).round() - floats(year["budget"])
    lacking = _months_without(own, earlier)
    ahead = year.dropna(subset=["left"]).merge(lacking, on="provider", validate="many_to_many")
    ahead["budget"] = apportion_within(ahead, GRAIN, amount="left", weight="weight", code="month")
    return pd.concat([stated, ahead[CELL]], ignore_index=True).astype({"budget": "int64", "month": "int64"})


def _share(phasing: pd.DataFrame) -> dict[str, float]:
    return {p: s for p, s in zip(phasing["provider"], floats(phasing["share"]), strict=True) if s > 0}


def _months_without(plan: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Months of each provider that no plan reaches, with a weight: the earlier year's plan where it has them all."""
    stated = plan.groupby("provider")["month"].agg(set)
    before = {
        (p, m): int(v) for p, m, v in zip(earlier["provider"], earlier["month"], earlier["planned_price"], strict=True) if v > 0
    }
    rows: list[tuple] = []
    for provider, months in stated.items():
        lacking = [m for m in range(1, MONTHS + 1) if m not in months]
        known = all((provider, m) in before for m in lacking)
        rows += [(provider, m, before[provider, m] if known else 1) for m in lacking]
    return pd.DataFrame(rows, columns=["provider", "month", "weight"])


def entered_months(entered: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    """Budgets that people entered, spread over months and programmes of care where they are not.

    Args:
        entered: `population`, `programme_of_care` ("" for all of them; unique together), `amount` of the year, and `months`
            (twelve amounts that add up to it, or an empty list where it is not phased), whole ten-thousandths of a pound.
        plan: `population`, `programme_of_care`, `month`, `budget`: providers' plans mapped to populations, by whose positive
            amounts what is not phased or not divided is spread (equally over months where there is none).

    Returns:
        `population`, `programme_of_care`, `month`, `budget`; they add up to each amount, to the last unit.

    Raises:
        ValueError: a column is not there, a budget stands twice, or months do not add up to their year.

    Source: this product's rule.
    """
    require_columns(entered, ["population", "programme_of_care", "amount", "months"], of="budgets")
    require_unique(entered, ["population", "programme_of_care"], of="budgets")
    parts = []
    for row in entered.to_dict("records"):
        own = plan[plan["population"] == row["population"]]
        if row["programme_of_care"]:
            own = own[own["programme_of_care"] == row["programme_of_care"]]
        months = _by_month(int(row["amount"]), row["months"], own)
        programmes = {row["programme_of_care"]: 1} if row["programme_of_care"] else _weights(own, "programme_of_care") or {"": 1}
        for month, amount in months.items():
            shared = apportion(int(amount), pd.Series(programmes))
            parts += [(row["population"], programme, month, part) for programme, part in zip(programmes, shared, strict=True)]
    columns = ["population", "programme_of_care", "month", "budget"]
    frame = pd.DataFrame(parts, columns=columns).astype({"budget": "int64"})
    return frame.groupby(columns[:3], as_index=False)[["budget"]].sum()


def _by_month(amount: int, given: Sequence[int], plan: pd.DataFrame) -> dict[int, int]:
    if given:
        if len(given) != MONTHS or sum(given) != amount:
            raise ValueError("The months of a budget are twelve and add up to its year.")
        return dict(enumerate((int(v) for v in given), start=1))
    weights = _weights(plan[plan["month"] <= MONTHS], "month")
    if set(weights) != set(range(1, MONTHS + 1)):
        weights = dict.fromkeys(range(1, MONTHS + 1), 1)
    shared = apportion(amount, pd.Series(weights))
    return dict(zip(weights, (int(part) for part in shared), strict=True))


def _weights(plan: pd.DataFrame, column: str) -> dict:
    sums = plan.groupby(column)["budget"].sum()
    return {key: int(value) for key, value in zip(sums.index, sums, strict=True) if value > 0}


def budget_cells(
    plan: pd.DataFrame, entered: pd.DataFrame, reported: pd.DataFrame, *, to_month: int, populations: Collection[str]
) -> pd.DataFrame:
    """Budgets of the view by population: entered ones in the place of the plan of their populations.

    Args:
        plan: as `plan_of_the_year` gives.
        entered: as `entered_months` wants them.
        reported: `provider`, `month` of the months that have actuals, up to `to_month`.
        to_month: the last month that counts.
        populations: whose entered budgets are to be used; others keep the plan.

    Returns:
        `provider` ("" where entered), `kind`, `population`, `programme_of_care`, `month`, `budget`, `is_entered`, `to_date`
        (a plan counts in the months that its provider has reported, an entered budget in all up to `to_month`).

    Raises:
        ValueError: as `entered_months`.
    """
    delegated = plan[plan["kind"] == "population"]
    used = entered[entered["population"].isin(list(populations))]
    own = entered_months(used, delegated).assign(provider="", kind="population", is_entered=True)
    own["to_date"] = own["month"] <= to_month
    replaced = (plan["kind"] == "population") & plan["population"].isin(set(used["population"]))
    kept = with_dates(plan[~replaced], reported).assign(is_entered=False)
    return pd.concat([kept, own], ignore_index=True)[[*CELL, "is_entered", "to_date"]].astype(
        {"budget": "int64", "is_entered": "bool", "to_date": "bool"}
    )


def with_dates(plan: pd.DataFrame, reported: pd.DataFrame) -> pd.DataFrame:
    """`plan` with `to_date`: whether its provider has reported its month."""
    held = set(zip(reported["provider"], reported["month"], strict=True))
    return plan.assign(to_date=[key in held for key in zip(plan["provider"], plan["month"], strict=True)])


def phasing_by_group(groups: pd.DataFrame, phasing: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """The share of the year's budget that falls in the months that count, for each group of spend.

    Args:
        groups: `provider`, `kind`, `population`, `programme_of_care` (unique together).
        phasing: `provider` (unique), `share`.
        cells: as `budget_cells` gives.

    Returns:
        `groups` with `share`: of the population's own budget where it was entered, else of the provider's plan; missing where
        neither is known.

    Raises:
        ValueError: a column is not there, or a key names two rows.
    """
    require_unique(groups, GRAIN, of="groups")
    own = cells[cells["is_entered"].astype(bool)]
    year = floats(own.groupby("population")["budget"].sum())
    date = floats(own[own["to_date"].astype(bool)].groupby("population")["budget"].sum()).reindex(year.index, fill_value=0.0)
    share = floats(numbers(groups["provider"].map(phasing.set_index("provider")["share"])))
    entered = groups["population"].map((date / year.mask(year == 0)).dropna()).where(groups["kind"] == "population")
    return groups[GRAIN].assign(share=floats(numbers(entered)).fillna(share))
