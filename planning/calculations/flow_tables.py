"""Flows between homes and providers as the pages show them: named, with differences, shares and boundaries crossed."""

from collections.abc import Collection, Mapping

import pandas as pd

from .contract import ratio, require_columns, require_unique

SUMS = ["planned_price", "actual_price", "planned_activity", "actual_activity"]


def at_level(flows: pd.DataFrame, *, home: str, regions: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Flows between homes of one level and destinations, from flows that are finer.

    Args:
        flows: `home_system`, the column `home`, `provider`, `destination` where the site is told apart, sums, and `people`.
        home: the column that says where people live.
        regions: what homes belong to, where these are to stand for them; others stand for themselves.

    Returns:
        One row for each `home`, `provider` and `destination` (the provider where no site is told apart) with every other
        numeric column added up; a sum of nothing but missing values is missing.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(flows, ["home_system", home, "provider"], of="flows")
    homes = flows[home] if regions is None else flows[home].map(lambda code: regions.get(code, code))
    destinations = flows["destination"] if "destination" in flows else flows["provider"]
    rows = flows.drop(columns=list({"home_system", home})).assign(home=homes.astype(object), destination=destinations)
    keys = ["home", "provider", "destination"]
    sums = [column for column in rows.columns if column not in keys]
    if not rows.duplicated(keys).any():
        # Each stands for itself already.
        return rows.sort_values(keys, ignore_index=True)[[*keys, *sums]].astype(dict.fromkeys(sums, "Int64"))
    return rows.groupby(keys, as_index=False, sort=True)[sums].sum(min_count=1).astype(dict.fromkeys(sums, "Int64"))


def named_flows(
    flows: pd.DataFrame, *, homes: Mapping[str, str], destinations: Mapping[str, str], own: Collection[str]
) -> pd.DataFrame:
    """Flows with names beside codes and actual less plan.

    Args:
        flows: `home`, `provider`, `destination` (unique together), `planned_price`, `actual_price` (ten-thousandths of a
            pound), `planned_activity`, `actual_activity` (thousandths of one unit); missing stays missing.
        homes: names of homes by code; a code without a name stands for itself.
        destinations: names of providers and sites by code.
        own: homes of the programme's own area.

    Returns:
        The rows with `home_name`, `provider_name`, `destination_name`, `price_difference` and `activity_difference` (actual −
        plan, missing where either is) and `is_own` (whether the home is of the own area).

    Raises:
        ValueError: a column is not there, or a home and a destination stand twice.
    """
    require_columns(flows, ["home", "provider", "destination", *SUMS], of="flows")
    require_unique(flows, ["home", "provider", "destination"], of="flows")
    names = {"home": homes, "provider": destinations, "destination": destinations}
    named = {f"{end}_name": [known.get(code, code) for code in flows[end]] for end, known in names.items()}
    return flows.assign(
        **{name: pd.Series(words, index=flows.index, dtype=object) for name, words in named.items()},
        price_difference=flows["actual_price"] - flows["planned_price"],
        activity_difference=flows["actual_activity"] - flows["planned_activity"],
        is_own=flows["home"].isin(list(own)),
    )


def with_shares(flows: pd.DataFrame) -> pd.DataFrame:
    """Each flow beside everything its home sends and everything its destination receives.

    Args:
        flows: `home`, `destination`, `actual_price`, `actual_activity`.

    Returns:
        The rows with the denominators `home_price`, `provider_price`, `home_activity`, `provider_activity` and the shares 0 to
        1 `home_price_share`, `provider_price_share`, `home_activity_share`, `provider_activity_share` (NaN of nothing).

    Raises:
        ValueError: a column is not there.
    """
    require_columns(flows, ["home", "destination", "actual_price", "actual_activity"], of="flows")
    result = flows.copy()
    for what in ("price", "activity"):
        for end, column in (("home", "home"), ("provider", "destination")):
            result[f"{end}_{what}"] = flows.groupby(column)[f"actual_{what}"].transform(lambda v: v.sum(min_count=1))
            result[f"{end}_{what}_share"] = ratio(flows[f"actual_{what}"], result[f"{end}_{what}"])
    return result


def crossings(flows: pd.DataFrame, hosts: pd.DataFrame) -> pd.DataFrame:
    """Flows of people to a provider that their own system does not host.

    Args:
        flows: `home_system`, `provider` and any other columns.
        hosts: `provider` (unique) and `system`.

    Returns:
        The rows whose provider is hosted by another system than the home, or by none.

    Raises:
        ValueError: a column is not there, or a provider has two hosts.
    """
    require_columns(flows, ["home_system", "provider"], of="flows")
    require_unique(hosts, ["provider"], of="hosts")
    host = flows["provider"].map(hosts.set_index("provider")["system"])
    return flows[(flows["home_system"] != host).to_numpy(dtype=bool)].reset_index(drop=True)
