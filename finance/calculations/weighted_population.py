"""Weighted populations: people, weighted by age, need and the cost of the places that treat them.

Weighted population = population × age index × additional-need index × market forces index, scaled so that the loaded
areas' weighted populations add up to their people. Shares are of the areas given, and of nothing beyond them.

Source: HFMA, "Allocation, allocation, allocation" (2011); NHS England, technical guide to allocations (2025/26).
"""

from collections.abc import Mapping

import pandas as pd

from planning.calculations.contract import floats, ratio, require_columns, require_known, require_unique

INDICES = ("age_index", "need_index", "mff_index")


def age_cost_index(population: pd.DataFrame, cost_weights: pd.DataFrame) -> pd.DataFrame:
    """Relative cost of each area's people by their age and sex.

    Args:
        population: `area`, `sex`, `age_band` (unique together), `population` (people).
        cost_weights: `sex`, `age_band` (unique together), `cost` (a head; only the proportions matter).

    Returns:
        One row an area in code order: `area`, `population`, `age_cost` (mean cost a head) and `age_index`
        (÷ the mean of all the areas' people).

    Raises:
        ValueError: a column is not there, a key names two rows, a population is missing or negative, or an age band and sex
            has people but no cost.

    Source: weighted capitation, age component (NHS England technical guide to allocations).
    """
    require_columns(population, ["area", "sex", "age_band", "population"], of="populations")
    require_unique(population, ["area", "sex", "age_band"], of="populations")
    require_columns(cost_weights, ["sex", "age_band", "cost"], of="cost weights")
    require_unique(cost_weights, ["sex", "age_band"], of="cost weights")
    require_known(population, ["population"], name="area", of="populations")
    if (population["population"] < 0).any():
        raise ValueError("The frame of populations has a population below 0.")
    rows = population.merge(cost_weights[["sex", "age_band", "cost"]], on=["sex", "age_band"], how="left", validate="many_to_one")
    if rows["cost"].isna().any():
        without = rows.loc[rows["cost"].isna(), ["age_band", "sex"]].drop_duplicates()
        raise ValueError(f"There is no cost weight for: {', '.join(f'{a} {s}' for a, s in without.itertuples(index=False))}.")
    rows = rows.assign(people=floats(rows["population"]), cost=floats(rows["population"]) * floats(rows["cost"]))
    result = rows.groupby("area")[["people", "cost"]].sum()
    mean = result["cost"].sum() / result["people"].sum() if result["people"].sum() else float("nan")
    result["age_cost"] = ratio(result["cost"], result["people"])
    result["age_index"] = result["age_cost"] / mean
    return result.reset_index().rename(columns={"people": "population"})[["area", "population", "age_cost", "age_index"]]


def need_index(areas: pd.DataFrame, coefficients: Mapping[str, float]) -> pd.DataFrame:
    """Additional need from measures of the areas, such as deprivation.

    need = 1 + the sum over measures of coefficient × (the area's value − the mean of all the areas' people).

    Args:
        areas: `area` (unique), `population` and a column for each coefficient.
        coefficients: change in need for one unit of the measure.

    Returns:
        The areas' rows with `need` and `need_index` (÷ the mean of all the areas' people).

    Raises:
        ValueError: a column is not there, an area stands twice, a measure is missing, or need comes out at 0 or below.

    Source: additional-need index of weighted capitation; the linear form is this product's own.
    """
    require_columns(areas, ["area", "population", *coefficients], of="areas")
    require_unique(areas, ["area"], of="areas")
    require_known(areas, ["population", *coefficients], name="area", of="areas")
    need = pd.Series(1.0, index=areas.index)
    for measure, coefficient in coefficients.items():
        values = floats(areas[measure])
        need = need + float(coefficient) * (values - _mean_of_people(values, areas["population"]))
    if (need <= 0).any():
        raise ValueError(f"Need comes out at 0 or below for: {', '.join(areas.loc[need <= 0, 'area'])}.")
    return areas.assign(need=need, need_index=need / _mean_of_people(need, areas["population"]))


def flow_shares(spend: pd.DataFrame, market_forces: pd.DataFrame) -> pd.DataFrame:
    """Where each area's care is given, with the market forces factor taken out of prices.

    Prices include the factor, so shares of price would count it twice.

    Args:
        spend: `area`, `provider` (unique together), `price`; prices below 0 count as 0.
        market_forces: `provider` (unique), `mff` (payment index).

    Returns:
        `area`, `provider`, `share` (of the area's care; the shares of an area add up to 1). Areas without care have no rows.

    Raises:
        ValueError: a column is not there, a key names two rows, or a provider with care has no factor.
    """
    require_columns(spend, ["area", "provider", "price"], of="spend")
    require_unique(spend, ["area", "provider"], of="spend")
    rows = _with_factor(spend[["area", "provider", "price"]].dropna(subset=["price"]), market_forces)
    rows = rows.assign(care=floats(rows["price"]).clip(lower=0) / rows["mff"])
    rows["share"] = ratio(rows["care"], rows.groupby("area")["care"].transform("sum"))
    return rows.dropna(subset=["share"])[["area", "provider", "share"]].reset_index(drop=True)


def market_forces_index(shares: pd.DataFrame, market_forces: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """The market forces factor that each area's people meet where they are treated.

    Args:
        shares: `area`, `provider` (unique together), `share` (an area's add up to 1).
        market_forces: `provider` (unique), `mff` (payment index).
        population: `area` (unique), `population`.

    Returns:
        The rows of population with `mff` (mean by flow) and `mff_index` (÷ the mean of all the areas' people).

    Raises:
        ValueError: a column is not there, a key names two rows, an area's shares do not add up to 1, an area has none, or a
            provider has no factor.

    Source: NHS England, guide to the market forces factor (2025/26): the underlying index adjusts what systems receive.
    """
    require_columns(shares, ["area", "provider", "share"], of="flow shares")
    require_unique(shares, ["area", "provider"], of="flow shares")
    require_columns(population, ["area", "population"], of="populations")
    require_unique(population, ["area"], of="populations")
    rows = _with_factor(shares[["area", "provider", "share"]], market_forces)
    totals = rows.groupby("area")["share"].sum()
    if off := [str(a) for a, t in totals.items() if abs(t - 1) > 1e-6]:
        raise ValueError(f"Flow shares do not add up to 1 for: {', '.join(off)}.")
    factors = (floats(rows["share"]) * rows["mff"]).groupby(rows["area"]).sum()
    result = population.assign(mff=population["area"].map(factors).astype(float))
    require_known(result, ["mff"], name="area", of="flow shares")
    return result.assign(mff_index=result["mff"] / _mean_of_people(result["mff"], result["population"]))


def weighted_population(areas: pd.DataFrame, *, need_includes_age: bool = False) -> pd.DataFrame:
    """Weighted populations and target shares.

    Args:
        areas: `area` (unique), `population`, `age_index`, `need_index`, `mff_index`.
        need_includes_age: the need index already contains age (official models do both in one step): leave the age index out.

    Returns:
        The areas' rows with `weighted_population_raw` (people × indices), `weighted_population` (scaled so that it adds up to
        the people), `target_share` (of these areas; adds up to 1) and `overall_need_index` (weighted ÷ people, relative to
        all the areas).

    Raises:
        ValueError: a column is not there, an area stands twice, or an input is missing (it says which, of which areas).

    Source: HFMA (2011); NHS England technical guide to allocations: weighted populations add up to the population.
    """
    used = [i for i in INDICES if not (need_includes_age and i == "age_index")]
    require_columns(areas, ["area", "population", *used], of="areas")
    require_unique(areas, ["area"], of="areas")
    require_known(areas, ["population", *used], name="area", of="areas")
    raw = floats(areas["population"])
    for index in used:
        raw = raw * floats(areas[index])
    return _with_shares(areas.assign(weighted_population_raw=raw))


def finished_index(areas: pd.DataFrame) -> pd.DataFrame:
    """Target shares from weighted populations that somebody else has finished: nothing more is applied to them.

    Args:
        areas: `area` (unique), `population`, `weighted_population_raw` (as published).

    Returns:
        As `weighted_population`.

    Raises:
        ValueError: a column is not there, an area stands twice, or a number is missing.
    """
    require_columns(areas, ["area", "population", "weighted_population_raw"], of="areas")
    require_unique(areas, ["area"], of="areas")
    require_known(areas, ["population", "weighted_population_raw"], name="area", of="areas")
    return _with_shares(areas)


def _with_shares(areas: pd.DataFrame) -> pd.DataFrame:
    people, raw = floats(areas["population"]), floats(areas["weighted_population_raw"])
    if not raw.sum() > 0:
        raise ValueError("There is no weighted population to take shares of.")
    weighted = raw * (people.sum() / raw.sum())
    return areas.assign(
        weighted_population=weighted,
        target_share=raw / raw.sum(),
        overall_need_index=ratio(weighted, people) / (weighted.sum() / people.sum()),
    )


def _with_factor(rows: pd.DataFrame, market_forces: pd.DataFrame) -> pd.DataFrame:
    require_columns(market_forces, ["provider", "mff"], of="market forces factors")
    require_unique(market_forces, ["provider"], of="market forces factors")
    merged = rows.merge(market_forces[["provider", "mff"]], on="provider", how="left", validate="many_to_one")
    if merged["mff"].isna().any():
        without = sorted(merged.loc[merged["mff"].isna(), "provider"].unique())
        raise ValueError(f"There is no market forces factor for: {', '.join(without)}.")
    return merged.assign(mff=floats(merged["mff"]))


def _mean_of_people(values: pd.Series, people: pd.Series) -> float:
    weights = floats(people)
    return float((floats(values) * weights).sum() / weights.sum())
