"""The footprint that a network's flows describe, beside the one that is stated."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from planning.calculations.contract import ratio, require_columns, require_unique
from planning.calculations.flows import ranked_homes

THRESHOLDS = ("0.5", "0.8", "0.9", "0.95")
SUMS = ["actual_price", "actual_activity", "people"]


def flows_of_networks(flows: pd.DataFrame, scope: pd.DataFrame) -> pd.DataFrame:
    """Flows by service code as flows by network; a code of several networks counts in each.

    Args:
        flows: `service_code`, `home_system` (unique together), `actual_price` (ten-thousandths of a pound), `actual_activity`
            and `people` (thousandths); missing stays missing.
        scope: `network`, `service_code` (unique together).

    Returns:
        One row for each `network` and `home_system` with the sums.

    Raises:
        ValueError: a column is not there, or a key names more than one row.
    """
    require_columns(flows, ["service_code", "home_system", *SUMS], of="flows")
    require_unique(scope, ["network", "service_code"], of="scope")
    joined = scope[["network", "service_code"]].merge(flows, on="service_code", how="inner")
    sums = joined.groupby(["network", "home_system"], as_index=False)[SUMS].sum(min_count=1)
    return sums.astype(dict.fromkeys(SUMS, "Int64"))


def homes_of_networks(
    flows: pd.DataFrame, *, measure: str, not_known: Collection[str], stated: pd.DataFrame, regions: Mapping[str, str]
) -> pd.DataFrame:
    """Each home of each network: its share, and how much of the flow the fewest homes up to it make up.

    Args:
        flows: as `flows_of_networks` gives them.
        measure: the column that ranks homes.
        not_known: homes that stand for "not known", left out.
        stated: `network`, `system`: systems of the stated footprint and those that followed them.
        regions: region of each system; homes without one (the rest of England) have no region.

    Returns:
        Largest home of each network first: the rows with `rank`, `share`, `covered` (of the measure, 0 to 1), `needed_for` (the
        smallest of the thresholds that the home is needed for; NaN beyond the last), `region` and `is_stated`. Homes whose
        measure is missing or nought stand last, without a rank.

    Raises:
        ValueError: a column is not there, or a key names more than one row.

    Source: footprint of a service: fewest origins, largest first, reaching the threshold, inclusive.
    """
    known = flows[~flows["home_system"].isin(list(not_known))].reset_index(drop=True)
    keys = ["network", "home_system"]
    ranked = ranked_homes(known, measure=measure, thresholds=THRESHOLDS, by="network")
    rows = known.merge(ranked.drop(columns=measure), on=keys, how="left", validate="one_to_one")
    rows["region"] = [regions.get(home, "") for home in rows["home_system"]]
    named = set(zip(stated["network"], stated["system"], strict=True))
    pairs = zip(rows["network"], rows["home_system"], strict=True)
    rows["is_stated"] = pd.Series([pair in named for pair in pairs], index=rows.index, dtype=bool)
    rows["rank"] = rows["rank"].astype("Int64")
    return rows.sort_values(["network", "rank", "home_system"], na_position="last", ignore_index=True)


def compared_footprints(homes: pd.DataFrame) -> pd.DataFrame:
    """One row a network: what its flow is, how many homes reach each threshold, and how much the stated footprint covers.

    Args:
        homes: as `homes_of_networks` gives them.

    Returns:
        `network`, `actual_price`, `actual_activity`, `people`, `stated_price`, `stated_activity` (of stated systems),
        `stated_price_share`, `stated_activity_share` (0 to 1, NaN of nothing), `homes_50`, `homes_80`, `homes_90`, `homes_95`
        (homes needed), `regions_90` (regions those of 90% are in).

    Raises:
        ValueError: a column is not there.
    """
    require_columns(homes, ["network", "needed_for", "region", "is_stated", *SUMS], of="homes")
    groups = homes.groupby("network", sort=True)
    result = groups[SUMS].sum(min_count=1)
    inside = homes[homes["is_stated"]].groupby("network")[SUMS].sum(min_count=1).reindex(result.index)
    for what in ("price", "activity"):
        result[f"stated_{what}"] = inside[f"actual_{what}"].fillna(0).where(result[f"actual_{what}"].notna()).astype("Int64")
        result[f"stated_{what}_share"] = ratio(result[f"stated_{what}"], result[f"actual_{what}"])
    for threshold in THRESHOLDS:
        reached = homes[homes["needed_for"] <= float(threshold)]
        name = f"{float(threshold) * 100:.0f}"
        result[f"homes_{name}"] = _counts(reached, "home_system", result.index)
        if threshold == "0.9":
            result["regions_90"] = _counts(reached[reached["region"] != ""], "region", result.index)
    return result.reset_index()


def _counts(rows: pd.DataFrame, column: str, networks: pd.Index) -> np.ndarray:
    """How many different values each network has."""
    return rows.groupby("network")[column].nunique().reindex(networks, fill_value=0).to_numpy(dtype="int64")
