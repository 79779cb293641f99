"""Measures of flow for any groups of people and providers: footprints, services within an area, the providers of a system.

The rows of a group say of each flow whether its people are the group's own residents and whether its provider is the
group's own; a flow may stand in several groups.
"""

from collections.abc import Collection, Mapping

import pandas as pd

from .contract import ratio, require_columns, require_unique

AMOUNTS = ["resident", "home_provider", "retained", "imports", "exports", "net"]
GROUP_MEASURES = [*AMOUNTS, "self_sufficiency", "import_share", "hhi", "effective_providers"]


def of_areas(flows: pd.DataFrame, hosts: pd.DataFrame, areas: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """The flows once for each area, with whether people and provider are its own.

    Args:
        flows: `home_system`, `provider` and any other columns.
        hosts: `provider` (unique) and `system`, the system that hosts it.
        areas: systems of each area by its name.

    Returns:
        The rows of flows that touch an area, with `area`, `is_resident` and `is_hosted`.

    Raises:
        ValueError: a column is not there, or a provider has two hosts.
    """
    require_columns(flows, ["home_system", "provider"], of="flows")
    require_unique(hosts, ["provider"], of="hosts")
    host = flows["provider"].map(hosts.set_index("provider")["system"])
    parts = [flows.head(0).assign(area="", is_resident=False, is_hosted=False)]
    for area, systems in areas.items():
        resident, hosted = flows["home_system"].isin(list(systems)), host.isin(list(systems))
        own = resident | hosted
        if own.any():
            parts.append(flows[own].assign(area=area, is_resident=resident[own], is_hosted=hosted[own]))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def group_measures(flows: pd.DataFrame, *, by: str, measure: str) -> pd.DataFrame:
    """Measures of flow for each group.

    Args:
        flows: `by`, `provider`, `is_resident`, `is_hosted` and the measure, in its own units.
        by: the column that names the groups.
        measure: name of the column to measure.

    Returns:
        One row for each group in order: `by`; in the units of the measure `resident` (its people, anywhere),
        `home_provider` (anyone, at its providers), `retained` (its people at its providers), `imports`, `exports`, `net`
        (imports − exports); `self_sufficiency` (retained ÷ resident), `import_share` (imports ÷ home_provider), `hhi` (0 to
        10,000, of its residents' providers), `effective_providers` (10,000 ÷ hhi). Shares of nothing are NaN.

    Raises:
        ValueError: a column is not there.

    Source: relevance index (self-sufficiency), 1 − commitment index (import share); Herfindahl–Hirschman index.
    """
    require_columns(flows, [by, "provider", "is_resident", "is_hosted", measure], of="flows")
    resident, hosted = flows["is_resident"].astype(bool), flows["is_hosted"].astype(bool)
    groups = pd.Index(sorted(set(flows[by])), name=by)
    result = pd.DataFrame(index=groups)
    # Each is summed by itself: where nothing that is retained is counted in the unit, what comes in still is.
    parts = {"resident": resident, "home_provider": hosted, "retained": resident & hosted}
    for name, chosen in {**parts, "imports": hosted & ~resident, "exports": resident & ~hosted}.items():
        sums = flows[chosen].groupby(by)[measure].sum(min_count=1)
        result[name] = sums.reindex(groups, fill_value=0)
    result["net"] = result["imports"] - result["exports"]
    result["self_sufficiency"] = ratio(result["retained"], result["resident"])
    result["import_share"] = ratio(result["imports"], result["home_provider"]).where(result["retained"].notna())
    result["hhi"] = concentration(flows[resident], by=by, of="provider", measure=measure).reindex(groups)
    result["effective_providers"] = 10_000 / result["hhi"]
    return result.reset_index()


def concentration(flows: pd.DataFrame, *, by: str, of: str, measure: str) -> pd.Series:
    """10,000 × the sum of squared shares of one column within each group of another; NaN where there is nothing to share.

    Args:
        flows: the columns `by`, `of` and the measure; a pair may stand in several rows.
        by: the column that names the groups.
        of: the column whose shares are squared.
        measure: name of the column to measure.

    Returns:
        The index (0 to 10,000) by group.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(flows, [by, of, measure], of="flows")
    sums = flows.groupby([by, of], as_index=False)[measure].sum(min_count=1)
    shares = ratio(sums[measure], sums.groupby(by)[measure].transform("sum"))
    return (shares**2).groupby(sums[by]).sum(min_count=1) * 10_000
