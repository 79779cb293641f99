"""Where a provider's admissions come from: shares of the provider's own work, from which no population follows."""

from collections.abc import Collection

import pandas as pd

from .contract import floats, require_columns, require_unique
from .flows import ORIGIN, by_provider, smallest_footprint


def origins_by_provider(shares: pd.DataFrame, *, own: Collection[str], hosts: pd.DataFrame) -> pd.DataFrame:
    """How far each provider's patients come from its own system, from the own area, and from how many homes.

    Args:
        shares: `home_system`, `provider` (unique together), `share` (of all the provider's admissions, 0 to 1).
        own: systems of the programme's own area.
        hosts: `provider` (unique), `system`: the system that hosts each.

    Returns:
        One row for each provider in code order: `provider`, `origins` (homes with any row), `sum` (of the shares), `own_system`
        and `outside_own_system` (shares), `outside_own_area` (share), `origin_hhi` (0 to 10,000), `homes_for_90` (fewest homes,
        largest first, that reach 90%, inclusive), `covered` (their share together). A provider without a host has no share of
        its own system.

    Raises:
        ValueError: a column is not there, or a key names more than one row.
    """
    require_columns(shares, [ORIGIN, "provider", "share"], of="shares")
    require_unique(hosts, ["provider"], of="hosts")
    rows = shares.assign(share=floats(shares["share"]))
    host = rows["provider"].map(hosts.set_index("provider")["system"])
    result = by_provider(rows, measure="share")[["provider", "activity"]].rename(columns={"activity": "sum"})
    # Published shares are shares already: dividing by their rounded sum would move the index.
    squares = (rows["share"] ** 2).groupby(rows["provider"]).sum() * 10_000
    result["origin_hhi"] = result["provider"].map(squares)
    result["origins"] = result["provider"].map(rows.groupby("provider")[ORIGIN].nunique())
    at_home = rows["share"].where(rows[ORIGIN] == host, 0.0).groupby(rows["provider"]).sum()
    result["own_system"] = result["provider"].map(at_home).where(result["provider"].isin(hosts["provider"]))
    result["outside_own_system"] = 1 - result["own_system"]
    inside = rows["share"].where(rows[ORIGIN].isin(list(own)), 0.0).groupby(rows["provider"]).sum()
    result["outside_own_area"] = 1 - result["provider"].map(inside)
    # Whole numbers: in floats 0.6 and 0.3 are a hair less than 0.9.
    exact = rows.assign(admissions=(rows["share"] * 10**8).round().astype("int64"))
    reached = smallest_footprint(exact, measure="admissions", threshold="0.9").groupby("provider")
    result["homes_for_90"] = result["provider"].map(reached["rank"].max()).astype("Int64")
    result["covered"] = result["provider"].map(reached["covered"].max())
    return result
