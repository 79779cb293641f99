"""What each system's people cost a head for a service, beside its peers."""

from collections.abc import Collection, Mapping

import pandas as pd

from planning.calculations.contract import floats, ratio, require_columns, require_unique

POUND = 10_000
"""Stored units in a pound; people are kept in the same, so that price ÷ people is pounds a head."""


def system_populations(places: pd.DataFrame, shares: pd.DataFrame, *, became: Mapping[str, str]) -> dict[str, float]:
    """People of each system, from its places.

    Args:
        places: `place` (unique), `population` (registered or resident; missing where not known).
        shares: `place`, `system` (unique together), `share` of the place's people.
        became: what systems have become by the day in question; one that is not named stays as it is.

    Returns:
        People by system; a system with a place whose people are not known is left out.

    Raises:
        ValueError: a column is not there, or a key names two rows.
    """
    require_columns(places, ["place", "population"], of="places")
    require_unique(places, ["place"], of="places")
    require_unique(shares, ["place", "system"], of="shares of places")
    rows = shares.merge(places[["place", "population"]], on="place", how="left", validate="many_to_one")
    people = floats(rows["population"]) * floats(rows["share"])
    systems = rows["system"].map(lambda code: became.get(code, code))
    sums = people.groupby(systems).sum(min_count=1)
    known = people.notna().groupby(systems).all()
    return {str(system): float(value) for system, value in sums[known].items()}


def spend_per_head(spend: pd.DataFrame, *, populations: Mapping[str, float], whole: Collection[str]) -> pd.DataFrame:
    """Spend a head of each system, and of its peers: all other systems whose own trusts are in, taken together.

    Args:
        spend: `system` (unique), `actual_price` (ten-thousandths of a pound), `people` (the count behind it).
        populations: people of each system.
        whole: systems whose own trusts are all loaded; only of these is all of their people's care near enough in.

    Returns:
        The rows with `is_whole`, `population` (people, rounded), `population_units` (people × 10,000), `per_head`,
        `peers_price`, `peers_units`, `peers_per_head` (pounds a head) and `against_peers` (per head ÷ peers − 1); missing where
        the system is not whole or has no peers.

    Raises:
        ValueError: a column is not there, or a system stands twice.

    Source: spend ÷ population, crude: not adjusted for age or need (methods, access × intensity).
    """
    require_columns(spend, ["system", "actual_price", "people"], of="spend")
    require_unique(spend, ["system"], of="spend")
    rows = spend.assign(is_whole=spend["system"].isin(list(whole)))
    people = [populations.get(system) for system in rows["system"]]
    rows["population"] = pd.Series([None if p is None else round(p) for p in people], index=rows.index, dtype="Int64")
    counted = rows["is_whole"] & rows["population"].notna() & rows["actual_price"].notna()
    units = (rows["population"] * POUND).where(counted)
    price = rows["actual_price"].where(counted)
    others = counted & (counted.sum() > 1)
    rows["population_units"] = units
    rows["peers_price"] = (price.sum() - price).where(others)
    rows["peers_units"] = (units.sum() - units).where(others)
    rows["per_head"] = ratio(price, units)
    rows["peers_per_head"] = ratio(rows["peers_price"], rows["peers_units"])
    rows["against_peers"] = rows["per_head"] / rows["peers_per_head"].where(rows["peers_per_head"] > 0) - 1
    return rows.sort_values(["is_whole", "per_head", "system"], ascending=[False, False, True], ignore_index=True)
