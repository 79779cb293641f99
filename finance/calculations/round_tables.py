"""The tables of a round as pages show them: year by year with what all areas receive, one step at a time, and every input."""

from collections.abc import Mapping

import pandas as pd

from planning.calculations.contract import floats, require_columns

Tables = Mapping[str, pd.DataFrame]
ALL_AREAS = "All areas together"
MONEY = ["baseline", "target", "allocation", "distance_money"]
# What each step shows of an area, the number that it ends with last.
OF_STEP: Mapping[str, tuple[str, ...]] = {
    "population": ("population", "population_share"),
    "age": ("population", "age_cost", "age_index"),
    "need": ("population", "measure", "use", "use_index", "need", "need_index"),
    "market-forces": ("population", "mff", "mff_index"),
    "weighted-population": (
        *("population", "age_index", "need_index", "mff_index", "weighted_population_raw", "overall_need_index"),
        "weighted_population",
    ),
    "target": ("weighted_population", "target", "target_share"),
    "baseline": ("transfer", "baseline"),
    "opening-distance": ("baseline", "target_share", "opening_distance"),
    "convergence": ("opening_distance", "convergence", "balancing_growth", "limit", "growth"),
    "allocation": ("baseline", "growth", "allocation"),
    "closing-distance": ("allocation", "target", "distance_money", "closing_distance"),
}


def years_with_totals(years: pd.DataFrame, baselines: pd.DataFrame) -> pd.DataFrame:
    """Allocations year by year, a row for all areas together after those of each year.

    Args:
        years: as `pace_of_change` gives.
        baselines: `area` (unique), `name`, `people` (the count behind its money).

    Returns:
        The rows with `area_name`, `people` and `is_total`; totals add money up, `transfer` too where there are any, and stand at
        their own target.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(years, ["year", "area", *MONEY], of="years")
    named = baselines.set_index("area")
    rows = years.assign(
        area_name=years["area"].map(named["name"]), people=years["area"].map(named["people"]).astype("Int64"), is_total=False
    )
    money = [*MONEY, *(["transfer"] if "transfer" in years else [])]
    sums = rows.groupby("year", as_index=False)[[*money, "people"]].sum()
    sums = sums.assign(
        area="", area_name=ALL_AREAS, is_total=True, target_share=1.0, opening_distance=0.0, closing_distance=0.0, limit=None
    )
    sums["growth"] = sums["allocation"] / sums["baseline"] - 1
    both = pd.concat([rows, sums], ignore_index=True)
    both = both.sort_values(["year", "is_total"], kind="stable", ignore_index=True)
    return both.astype(dict.fromkeys(money, "int64"))


def of_one_year(tables: Tables, year: str) -> pd.DataFrame:
    """Every number of every area in one year, from people to closing distance.

    Args:
        tables: `shares`, `years` and `baselines` of a round.
        year: the financial year.

    Returns:
        One row an area in code order: the columns of `shares` and `years`, `area_name`, `people`, `population_share` (of all
        areas' people).
    """
    shares = tables["shares"][tables["shares"]["year"] == year]
    years = tables["years"][tables["years"]["year"] == year].drop(columns=["year", "target_share"])
    rows = shares.merge(years, on="area", validate="one_to_one")
    names = tables["baselines"][["area", "name", "people"]].rename(columns={"name": "area_name"})
    rows = rows.merge(names, on="area", how="left", validate="one_to_one")
    people = floats(rows["population"])
    return rows.assign(population_share=people / people.sum()).sort_values("area", ignore_index=True)


def of_step(rows: pd.DataFrame, step: str) -> pd.DataFrame:
    """What one step shows of every area, and nothing else; columns that hold nothing are left out.

    Args:
        rows: as `of_one_year` gives.
        step: a key of `OF_STEP`.

    Returns:
        `area`, `area_name`, `people`, then the columns of the step.
    """
    kept = [c for c in OF_STEP[step] if c in rows and rows[c].notna().any()]
    return rows[["area", "area_name", "people", *kept]]


def inputs_of_step(tables: Tables, step: str, year: str, names: Mapping[str, str]) -> pd.DataFrame:
    """What goes into a step beside the step before it, row by row.

    Args:
        tables: the inputs of a round.
        step: a key of `OF_STEP`.
        year: which people, where they are projected.
        names: of areas and providers by their codes.

    Returns:
        Age: `area`, `sex`, `age_band`, `population`, `cost`, `weighted_cost` (people × cost). Market forces and baseline:
        `area`, `provider`, `price`, `people`, and for market forces `mff` and `share` (of its area's care,
        which is price ÷ factor). Need: the terms of a model, as `terms_of_years`. Empty for every other step; always
        `area_name`.
    """
    frame = pd.DataFrame(columns=["area"])
    if step in ("population", "age"):
        people = tables["people"][tables["people"]["year"].isin([year, ""])]
        frame = people.merge(tables["cost_weights"], on=["sex", "age_band"], how="left", validate="many_to_one")
        frame = frame.assign(weighted_cost=floats(frame["population"]) * floats(frame["cost"])).drop(columns="year")
        frame = frame if step == "age" else frame.drop(columns=["cost", "weighted_cost"])
    elif step == "need" and "terms" in tables:
        terms = tables["terms"]
        frame = terms[terms["year"].isin([year, ""])].drop(columns="year")
    elif step in ("market-forces", "baseline"):
        frame = tables["care"]
        if step == "market-forces":
            frame = frame.merge(tables["market_forces"], on="provider", how="left", validate="many_to_one")
            care = floats(frame["price"]).clip(lower=0) / floats(frame["mff"])
            frame = frame.assign(share=care / care.groupby(frame["area"]).transform("sum"))
        frame = frame.assign(provider_name=[names.get(p, p) for p in frame["provider"]])
    frame = frame if "people" in frame else frame.assign(people=pd.array([pd.NA] * len(frame), dtype="Int64"))
    frame = frame.assign(area_name=[names.get(a, a) for a in frame["area"]])
    return frame.sort_values(["area_name", "price"], ascending=[True, False], ignore_index=True) if "price" in frame else frame
