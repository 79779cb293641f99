"""Target and distance of each group of services: by a need index of its own where there is one, else on a stated fallback."""

from collections.abc import Collection, Mapping

import pandas as pd

from planning.calculations.contract import require_columns, require_unique

from .distance_from_target import distance_from_target
from .weighted_population import weighted_population

ALL_SERVICES = ""
PROGRAMME, EVERY_SERVICE, FALLBACK = "programme", "all", "fallback"


def spend_by_group(mapped: pd.DataFrame, codes: pd.DataFrame, areas: Collection[str]) -> pd.DataFrame:
    """Delegated money of the areas' people by group of services; an area without any has 0.

    Args:
        mapped: `service_code`, `kind`, `population`, `amount` (whole ten-thousandths of a pound), as `provider_to_population`
            gives them.
        codes: `service_code` (unique), `group` and the `programme` of care that the group is of.
        areas: the systems whose own trusts are all in.

    Returns:
        `group`, `programme`, `area` (unique together), `baseline`; codes that are not listed stand under "".

    Raises:
        ValueError: a column is not there, or a code stands twice.
    """
    require_columns(mapped, ["service_code", "kind", "population", "amount"], of="mapped spend")
    require_unique(codes, ["service_code"], of="service codes")
    own = mapped[(mapped["kind"] == "population") & mapped["population"].isin(list(areas))]
    rows = own.merge(codes[["service_code", "group", "programme"]], on="service_code", how="left", validate="many_to_one")
    rows = rows.fillna({"group": "", "programme": ""}).rename(columns={"population": "area"})
    sums = rows.groupby(["group", "programme", "area"])["amount"].sum()
    groups = rows[["group", "programme"]].drop_duplicates()
    grid = groups.merge(pd.DataFrame({"area": sorted(areas)}), how="cross")
    keys = ["group", "programme", "area"]
    baseline = sums.reindex(pd.MultiIndex.from_frame(grid[keys]), fill_value=0)
    return grid.assign(baseline=baseline.to_numpy(dtype="int64")).sort_values(keys, ignore_index=True)


def need_shares(areas: pd.DataFrame, needs: pd.DataFrame) -> pd.DataFrame:
    """Weighted shares of the areas by each imported need index that names all of them.

    Args:
        areas: `area` (unique), `population`, `age_index`, `mff_index`, as the full chain gives them.
        needs: `area`, `programme_of_care` ("" is all services; unique together), `need_index`, `includes_age`.

    Returns:
        `programme`, `area`, `target_share`, which adds up to 1 for each programme; one that lacks an area has no rows.

    Raises:
        ValueError: a column is not there, or a key names two rows.

    Source: weighted population = people × age × need × market forces (NHS England technical guide to allocations).
    """
    require_columns(needs, ["area", "programme_of_care", "need_index", "includes_age"], of="need indices")
    require_unique(needs, ["area", "programme_of_care"], of="need indices")
    found = [pd.DataFrame({"programme": [], "area": [], "target_share": []}, dtype=object).astype({"target_share": float})]
    for programme, own in needs.groupby("programme_of_care"):
        rows = areas.drop(columns=["need_index"], errors="ignore").merge(
            own[["area", "need_index", "includes_age"]], on="area", how="inner", validate="one_to_one"
        )
        # Two areas weighed by age and one not would be two methods in one share.
        if len(rows) < len(areas) or len(set(rows["includes_age"])) != 1:
            continue
        weighed = weighted_population(rows, need_includes_age=bool(rows["includes_age"].iloc[0]))
        found.append(weighed[["area", "target_share"]].assign(programme=programme))
    return pd.concat(found, ignore_index=True)[["programme", "area", "target_share"]]


def service_targets(spend: pd.DataFrame, shares: pd.DataFrame, fallback: Mapping[str, float]) -> pd.DataFrame:
    """Targets and distances of the areas for each group of services.

    Args:
        spend: `group`, `programme`, `area` (unique together), `baseline` (whole ten-thousandths of a pound).
        shares: `programme`, `area`, `target_share`, as `need_shares` gives them; "" is of all services.
        fallback: each area's share of all services, where no need index is of any use.

    Returns:
        The rows with `basis` (PROGRAMME: a need index of its programme; EVERY_SERVICE: one of all services; FALLBACK),
        `target_share`, `target`, `distance_money`, `distance`. The targets of a group add up to its baselines; a group that
        comes to nothing or less has no target.

    Raises:
        ValueError: a column is not there, a key names two rows, or shares do not add up to 1.
    """
    require_columns(spend, ["group", "programme", "area", "baseline"], of="spend")
    require_unique(spend, ["group", "programme", "area"], of="spend")
    by_programme: dict[str, dict[str, float]] = {}
    for programme, area, share in zip(shares["programme"], shares["area"], shares["target_share"], strict=True):
        by_programme.setdefault(programme, {})[area] = share
    parts = []
    for (_, programme), rows in spend.groupby(["group", "programme"]):
        basis, own = _basis(str(programme), by_programme, fallback)
        rows = rows.assign(basis=basis, target_share=rows["area"].map(own).astype(float))
        if rows["baseline"].sum() <= 0:
            parts.append(_without_target(rows))
        else:
            parts.append(distance_from_target(rows))
    if not parts:
        return _without_target(spend.assign(basis="", target_share=float("nan")))
    result = pd.concat(parts, ignore_index=True)
    return result.astype({"target": "Int64", "distance_money": "Int64"})


def _without_target(rows: pd.DataFrame) -> pd.DataFrame:
    nothing = pd.Series(pd.NA, index=rows.index, dtype="Int64")
    return rows.assign(target=nothing, distance_money=nothing, distance=float("nan"))


def _basis(
    programme: str, shares: Mapping[str, Mapping[str, float]], fallback: Mapping[str, float]
) -> tuple[str, Mapping[str, float]]:
    if programme and programme in shares:
        return PROGRAMME, shares[programme]
    if ALL_SERVICES in shares:
        return EVERY_SERVICE, shares[ALL_SERVICES]
    return FALLBACK, fallback
