"""The Allocation page from end to end: what each system's people cost, beside two weighted shares of the same money."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from planning.calculations.contract import floats, require_columns, require_unique

from .distance_from_target import distance_from_target
from .weighted_population import (
    age_cost_index,
    finished_index,
    flow_shares,
    market_forces_index,
    need_index,
    weighted_population,
)

HUB_NOT_KNOWN = "HUB-NOT-KNOWN"
OWN_TRUSTS_IN = "All in"
NOT_SUBMITTED = "Not known: its own trusts have not submitted"
STEPS = ["population", "age_cost", "age_index", "imd", "need_index", "mff", "mff_index", "weighted_population"]
RESULTS = ["target_share", "target", "distance_money", "distance"]


@dataclass(frozen=True)
class Chain:
    """The full chain of the systems whose own trusts are in; `fault` says what is missing where it cannot be computed."""

    areas: pd.DataFrame
    fault: str = ""


def spend_rows(flows: pd.DataFrame, statuses: pd.DataFrame, hubs: pd.DataFrame) -> pd.DataFrame:
    """Flows of one or more years as `provider_to_population` wants them.

    Args:
        flows: `year`, `provider`, `service_code`, `home_system` (unique together), `actual_price` (whole ten-thousandths of a
            pound; rows without a price are left out).
        statuses: `year`, `service_code` (unique together), `status`.
        hubs: `provider` (unique), `hub`.

    Returns:
        `provider`, `service_code`, `status`, `hub`, `population`, `amount`; codes without a status have "".

    Raises:
        ValueError: a column is not there or a key names two rows.
    """
    require_columns(flows, ["year", "provider", "service_code", "home_system", "actual_price"], of="flows")
    require_unique(statuses, ["year", "service_code"], of="statuses")
    require_unique(hubs, ["provider"], of="hubs")
    rows = flows.dropna(subset=["actual_price"])
    rows = rows.merge(
        statuses[["year", "service_code", "status"]], on=["year", "service_code"], how="left", validate="many_to_one"
    )
    rows = rows.merge(hubs[["provider", "hub"]], on="provider", how="left", validate="many_to_one")
    rows = rows.assign(status=rows["status"].fillna(""), hub=rows["hub"].fillna("").replace("", HUB_NOT_KNOWN))
    rows = rows.rename(columns={"home_system": "population", "actual_price": "amount"})
    keys = ["provider", "service_code", "status", "hub", "population"]
    return rows.groupby(keys)["amount"].sum().astype("int64").reset_index()


def system_people(populations: pd.DataFrame, place_systems: pd.DataFrame) -> pd.DataFrame:
    """Residents of systems by sex and age band, from places divided by where their people belong.

    Args:
        populations: `place`, `sex`, `age_band` (unique together), `population`.
        place_systems: `place`, `system` (unique together), `share` of the place's residents.

    Returns:
        `area` (the system), `sex`, `age_band`, `population` (not whole where a place is divided).

    Raises:
        ValueError: a key names two rows.
    """
    require_unique(populations, ["place", "sex", "age_band"], of="populations")
    require_unique(place_systems, ["place", "system"], of="shares of places")
    rows = populations.merge(place_systems, on="place", how="inner", validate="many_to_many")
    rows = rows.assign(population=floats(rows["population"]) * rows["share"])
    sums = rows.groupby(["system", "sex", "age_band"])["population"].sum().reset_index()
    return sums.rename(columns={"system": "area"})


def system_measures(places: pd.DataFrame, place_systems: pd.DataFrame, populations: pd.DataFrame) -> pd.DataFrame:
    """Measures of systems added up, or averaged over people, from their places.

    Args:
        places: `place` (unique), `imd`, `registered_population`, `general_acute_weighted_population`.
        place_systems: `place`, `system` (unique together), `share` of the place's residents.
        populations: `place`, `population` (any rows; added up by place).

    Returns:
        One row a system: `area`, `imd` (mean over residents), `registered`, `general_acute_weighted`; missing where any of its
        places lacks the measure.

    Raises:
        ValueError: a key names two rows.
    """
    require_unique(places, ["place"], of="places")
    columns = ["place", "imd", "registered_population", "general_acute_weighted_population"]
    require_columns(places, columns, of="places")
    rows = place_systems.merge(places[columns], on="place", how="left", validate="many_to_one")
    people = rows["place"].map(populations.groupby("place")["population"].sum()) * rows["share"]
    parts = pd.DataFrame(
        {
            "area": rows["system"],
            "people": floats(people),
            "imd": floats(rows["imd"]) * floats(people),
            "registered": floats(rows["registered_population"]) * rows["share"],
            "general_acute_weighted": floats(rows["general_acute_weighted_population"]) * rows["share"],
        }
    )
    groups = parts.groupby("area")
    sums = groups.sum().mask(groups.count() < groups.size().to_numpy()[:, None])
    return sums.assign(imd=sums["imd"] / sums["people"]).drop(columns="people").reset_index()


def with_distance(areas: pd.DataFrame, baselines: Mapping[str, int]) -> pd.DataFrame:
    """Areas with `target_share`, their baselines (0 where nothing is known of them), targets and distances."""
    baseline = [int(baselines.get(area, 0)) for area in areas["area"]]
    return distance_from_target(areas.assign(baseline=baseline))


def full_chain(
    spend: pd.DataFrame,
    *,
    baselines: Mapping[str, int],
    people: pd.DataFrame,
    measures: pd.DataFrame,
    cost_weights: pd.DataFrame,
    need_per_imd_point: float | None,
    market_forces: pd.DataFrame,
    systems: Iterable[str],
) -> Chain:
    """Every step from people to distance for the systems given; shares are of these systems.

    Args:
        spend: delegated spend, `area`, `provider` (unique together), `price`.
        baselines: money of each system's people, whole ten-thousandths of a pound.
        people: as `system_people` gives.
        measures: as `system_measures` gives.
        cost_weights: `sex`, `age_band`, `cost`.
        need_per_imd_point: change in need for one point of deprivation.
        market_forces: `provider`, `mff`.
        systems: the systems of the loaded area.

    Returns:
        A chain with one row a system, or without rows and with the fault that names what is missing.
    """
    wanted = set(systems)
    try:
        _two_or_more(wanted)
        if need_per_imd_point is None:
            raise ValueError("There is no rate of need for a point of deprivation.")
        areas = age_cost_index(people[people["area"].isin(wanted)], cost_weights)
        if absent := sorted(wanted - set(areas["area"])):
            raise ValueError(f"There is no population for: {', '.join(absent)}.")
        areas = areas.merge(measures[["area", "imd"]], on="area", how="left", validate="one_to_one")
        areas = need_index(areas, {"imd": need_per_imd_point})
        shares = flow_shares(spend[spend["area"].isin(wanted)], market_forces)
        areas = weighted_population(market_forces_index(shares, market_forces, areas))
        return Chain(with_distance(areas, baselines)[["area", *STEPS, "baseline", *RESULTS]])
    except ValueError as fault:
        return Chain(pd.DataFrame(columns=["area", *STEPS, "baseline", *RESULTS]), str(fault))


def core_index(measures: pd.DataFrame, baselines: Mapping[str, int], systems: Iterable[str]) -> Chain:
    """Shares by the published core General and Acute weighted populations, nothing more applied to them."""
    wanted = set(systems)
    areas = measures[measures["area"].isin(wanted)].rename(
        columns={"registered": "population", "general_acute_weighted": "weighted_population_raw"}
    )
    columns = ["area", "population", "weighted_population_raw", "baseline", *RESULTS]
    try:
        _two_or_more(wanted)
        if absent := sorted(wanted - set(areas["area"])):
            raise ValueError(f"There is no weighted population for: {', '.join(absent)}.")
        return Chain(with_distance(finished_index(areas), baselines)[columns])
    except ValueError as fault:
        return Chain(pd.DataFrame(columns=columns), str(fault))


def _two_or_more(systems: Collection[str]) -> None:
    if len(systems) < 2:
        raise ValueError("A share needs two systems or more whose own trusts are all in.")


def by_system(
    *, names: Mapping[str, str], provider_spend: Mapping[str, int], baselines: Mapping[str, int], core: Chain, chain: Chain
) -> pd.DataFrame:
    """The two ways side by side, a row for every system and a last row for the loaded area as a whole.

    Args:
        names: systems to show, in their order, with their names.
        provider_spend: money paid to each system's own trusts for delegated services, for whoever they treated.
        baselines: money of each system's people; systems whose own trusts are not all in are left out of it.
        core: as `core_index` gives.
        chain: as `full_chain` gives.

    Returns:
        `system`, `system_name`, `is_whole` and `own_trusts` (whether its own trusts are all in, and in words), `provider_spend`,
        `baseline`, `registered`, `core_weighted`, and for each of `core_` and `chain_` `share`, `target`, `distance_money`,
        `distance`; `is_total`. Missing for systems whose own trusts have not all submitted.
    """
    rows = pd.DataFrame({"system": list(names), "system_name": list(names.values())})
    whole = rows["system"].isin(list(baselines))
    rows["is_whole"] = whole
    rows["own_trusts"] = whole.map({True: OWN_TRUSTS_IN, False: NOT_SUBMITTED})
    rows["provider_spend"] = _whole_numbers(rows["system"], {s: provider_spend.get(s, 0) for s in baselines})
    rows["baseline"] = _whole_numbers(rows["system"], baselines)
    named = core.areas.set_index("area")
    rows["registered"] = rows["system"].map(named["population"]).astype(float)
    rows["core_weighted"] = rows["system"].map(named["weighted_population_raw"]).astype(float)
    for prefix, way in [("core", core), ("chain", chain)]:
        found = way.areas.set_index("area")
        for column in RESULTS:
            name = f"{prefix}_{column.removeprefix('target_')}" if column == "target_share" else f"{prefix}_{column}"
            values = {str(a): v for a, v in found[column].items() if pd.notna(v)}
            money = column in ("target", "distance_money")
            rows[name] = _whole_numbers(rows["system"], values) if money else rows["system"].map(values).astype(float)
    rows = rows.assign(is_total=False).sort_values("own_trusts", kind="stable", ignore_index=True)
    return _with_total(rows) if len(baselines) > 1 else rows


def _with_total(rows: pd.DataFrame) -> pd.DataFrame:
    """The area is at its own target, since the target is made of its own money."""
    total: dict[str, object] = {
        "system": "",
        "system_name": "The loaded area",
        "own_trusts": OWN_TRUSTS_IN,
        "is_whole": True,
        "is_total": True,
    }
    for column in rows.columns.difference(list(total)):
        known = bool(rows[column].notna().any())
        total[column] = 0.0 if column.endswith("_distance") and known else rows[column].sum(min_count=1)
    last = pd.DataFrame([total])[list(rows.columns)].astype(rows.dtypes.to_dict())
    return pd.concat([rows, last], ignore_index=True)


def _whole_numbers(keys: pd.Series, values: Mapping[str, int]) -> pd.Series:
    return pd.Series([int(values[k]) if k in values else None for k in keys], index=keys.index, dtype="Int64")
