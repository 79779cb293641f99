"""Flows between homes and providers as the pages show them: named, with differences, shares and boundaries crossed."""

from collections.abc import Collection, Mapping

import pandas as pd

from .contract import floats, ratio, require_columns, require_unique
from .flows import by_system, known_homes, not_known_share

SUMS = ["planned_price", "actual_price", "planned_activity", "actual_activity"]


def named_flows(
    flows: pd.DataFrame, *, homes: Mapping[str, str], providers: Mapping[str, str], own: Collection[str]
) -> pd.DataFrame:
    """Flows with names beside codes and actual less plan.

    Args:
        flows: `home`, `provider` (unique together), `planned_price`, `actual_price` (ten-thousandths of a pound),
            `planned_activity`, `actual_activity` (thousandths of one unit); missing stays missing.
        homes: names of homes by code; a code without a name stands for itself.
        providers: names of providers by code.
        own: homes of the programme's own area.

    Returns:
        The rows with `home_name`, `provider_name`, `price_difference` and `activity_difference` (actual − plan, missing where
        either is) and `is_own` (whether the home is of the own area).

    Raises:
        ValueError: a column is not there, or a home and provider stand twice.
    """
    require_columns(flows, ["home", "provider", *SUMS], of="flows")
    require_unique(flows, ["home", "provider"], of="flows")
    return flows.assign(
        home_name=[homes.get(code, code) for code in flows["home"]],
        provider_name=[providers.get(code, code) for code in flows["provider"]],
        price_difference=flows["actual_price"] - flows["planned_price"],
        activity_difference=flows["actual_activity"] - flows["planned_activity"],
        is_own=flows["home"].isin(list(own)),
    )


def with_shares(flows: pd.DataFrame) -> pd.DataFrame:
    """Each flow beside everything its home sends and everything its provider receives.

    Args:
        flows: `home`, `provider`, `actual_price`, `actual_activity`.

    Returns:
        The rows with the denominators `home_price`, `provider_price`, `home_activity`, `provider_activity` and the shares 0 to
        1 `home_price_share`, `provider_price_share`, `home_activity_share`, `provider_activity_share` (NaN of nothing).

    Raises:
        ValueError: a column is not there.
    """
    require_columns(flows, ["home", "provider", "actual_price", "actual_activity"], of="flows")
    result = flows.copy()
    for what in ("price", "activity"):
        for end in ("home", "provider"):
            result[f"{end}_{what}"] = flows.groupby(end)[f"actual_{what}"].transform(lambda v: v.sum(min_count=1))
            result[f"{end}_{what}_share"] = ratio(flows[f"actual_{what}"], result[f"{end}_{what}"])
    return result


def crossings(flows: pd.DataFrame, hosts: pd.DataFrame) -> pd.DataFrame:
    """Flows of people to a provider that their own system does not host.

    Args:
        flows: `home`, `provider` and any other columns.
        hosts: `provider` (unique) and `system`.

    Returns:
        The rows whose provider is hosted by another system than the home, or by none.

    Raises:
        ValueError: a column is not there, or a provider has two hosts.
    """
    require_columns(flows, ["home", "provider"], of="flows")
    require_unique(hosts, ["provider"], of="hosts")
    host = flows["provider"].map(hosts.set_index("provider")["system"])
    return flows[(flows["home"] != host).to_numpy(dtype=bool)].reset_index(drop=True)


WHOLE_ONLY = ["home_provider", "retained", "exports", "imports", "net", "self_sufficiency", "import_share"]


def system_measures(
    flows: pd.DataFrame,
    hosts: pd.DataFrame,
    *,
    measure: str,
    systems: Mapping[str, str],
    whole: Collection[str],
    not_known: Collection[str],
) -> pd.DataFrame:
    """Measures of flow by system, those that are only true of a whole left missing where its own trusts are not all in.

    Args:
        flows: `home`, `provider` (unique together), the measure, and `people`, the count behind each flow (thousandths).
        hosts: `provider` (unique) and `system`.
        measure: name of the column to measure.
        systems: names of the systems to report, by code, in their order.
        whole: systems whose own trusts are all loaded for the period.
        not_known: homes that stand for "not known", left out of every measure.

    Returns:
        One row a system: `system`, `system_name`, `resident` (its people at loaded providers), `home_provider` (anyone at its
        own), `retained`, `exports` (to loaded providers of others), `imports`, `net` (imports − exports), `self_sufficiency`,
        `import_share`, `is_whole`, `own_trusts` (in words), `not_known_share` (of the measure, the same on every row), and
        the counts behind them `resident_people` … `net_people`. All but `resident` are missing where it is not whole.

    Raises:
        ValueError: a column is not there, or a key names more than one row.

    Source: relevance and commitment indices, as in `flows.by_system`.
    """
    homes = flows.rename(columns={"home": "home_system"})
    known = known_homes(homes, not_known=not_known)
    result = by_system(known, hosts, measure=measure, systems=list(systems)).drop(columns=["hhi", "effective_providers"])
    result.insert(1, "system_name", list(systems.values()))
    result["is_whole"] = result["system"].isin(list(whole))
    result[WHOLE_ONLY] = result[WHOLE_ONLY].where(result["is_whole"])
    words = {True: "All loaded", False: "Not known: its own trusts have not submitted"}
    result["own_trusts"] = result["is_whole"].map(words)
    result["not_known_share"] = not_known_share(homes, measure=measure, not_known=not_known)
    behind = ["resident", "home_provider", "retained", "exports", "imports"]
    counts = by_system(known.assign(people=floats(known["people"])), hosts, measure="people", systems=list(systems))
    return result.assign(**{f"{name}_people": counts[name] for name in behind}, net_people=counts[behind].min(axis=1))
