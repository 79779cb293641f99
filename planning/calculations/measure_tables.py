"""Measures of flow as the pages show them: for areas, for services within an area, and for providers, with travel."""

from collections.abc import Collection, Mapping

import pandas as pd

from .contract import floats, ratio, require_columns, require_unique
from .flow_groups import AMOUNTS, GROUP_MEASURES, group_measures, of_areas
from .flows import by_provider, known_homes, not_known_share
from .travel import travelled

WAYS = ["mean_km", "median_km", "km_covered", "mean_minutes", "median_minutes", "share_within_hour", "minutes_covered"]
HOUR = 60.0
# What can only be seen where providers of others are loaded too.
OF_OTHERS = ["exports", "net", "self_sufficiency"]


def area_measures(
    flows: pd.DataFrame,
    hosts: pd.DataFrame,
    *,
    measure: str,
    areas: Mapping[str, Collection[str]],
    whole: Collection[str],
    not_known: Collection[str],
) -> pd.DataFrame:
    """Measures of areas, each a group of systems taken as one.

    Args:
        flows: `home_system`, `provider`, the measure, `people` (thousandths) and, where ways are wanted, `km` and `minutes`;
            finer flows stand in several rows.
        hosts: `provider` (unique) and `system`.
        measure: name of the column to measure.
        areas: systems of each area by its code.
        whole: systems whose own trusts are all loaded for the period.
        not_known: homes that stand for "not known", left out of every measure.

    Returns:
        One row for each area in its order: `area`, GROUP_MEASURES (see `group_measures`), the counts behind them
        `resident_people` … `net_people`, WAYS of its residents, `is_whole`, `is_alone` (no provider but its own is loaded) and
        `not_known_share`, of the measure. Everything but `resident` and WAYS is missing where not all trusts of the area are
        loaded, and OF_OTHERS where it is alone.

    Raises:
        ValueError: a column is not there, or a key names more than one row.
    """
    rows = of_areas(known_homes(flows, not_known=not_known), hosts, areas)
    is_whole = {area: bool(systems) and set(systems) <= set(whole) for area, systems in areas.items()}
    result = _measured(rows, by="area", measure=measure, groups=list(areas))
    result["is_whole"] = result["area"].map(is_whole).astype(bool)
    result["is_alone"] = result["area"].map(_alone(flows, hosts, areas)).astype(bool)
    return _of_wholes(result).assign(not_known_share=not_known_share(flows, measure=measure, not_known=not_known))


def service_measures(
    flows: pd.DataFrame,
    hosts: pd.DataFrame,
    *,
    measure: str,
    systems: Collection[str],
    whole: Collection[str],
    not_known: Collection[str],
) -> pd.DataFrame:
    """Measures of each service for one area, taken as one system.

    Args:
        flows: `service` and the columns of `area_measures`.
        hosts: `provider` (unique) and `system`.
        measure: name of the column to measure.
        systems: the systems of the area.
        whole: systems whose own trusts are all loaded for the period.
        not_known: homes that stand for "not known", left out of every measure.

    Returns:
        One row for each service that the area's people or trusts have, the largest for its people first: `service` and what
        `area_measures` gives.

    Raises:
        ValueError: a column is not there, or a key names more than one row.
    """
    require_columns(flows, ["service"], of="flows")
    rows = of_areas(known_homes(flows, not_known=not_known), hosts, {"area": systems})
    result = _measured(rows, by="service", measure=measure, groups=sorted(set(rows["service"])))
    result["is_whole"] = bool(systems) and set(systems) <= set(whole)
    result["is_alone"] = _alone(flows, hosts, {"area": systems})["area"]
    result = _of_wholes(result).sort_values(["resident", "service"], ascending=[False, True], ignore_index=True)
    return result.assign(not_known_share=not_known_share(flows, measure=measure, not_known=not_known))


def _measured(rows: pd.DataFrame, *, by: str, measure: str, groups: list[str]) -> pd.DataFrame:
    """Measures of groups, the counts of people behind them, and how far their residents travel."""
    measures = group_measures(rows, by=by, measure=measure).set_index(by)
    counted = group_measures(rows.assign(people=floats(rows["people"])), by=by, measure="people").set_index(by)
    behind = [name for name in AMOUNTS if name != "net"]
    counts = counted[behind].set_axis([f"{name}_people" for name in behind], axis=1)
    counts["net_people"] = counted[behind].mask(counted[behind] == 0).min(axis=1)
    result = measures.join(counts)
    if "km" in rows:
        result = result.join(ways_of(rows[rows["is_resident"].astype(bool)], by=by, measure=measure).set_index(by))
    result = result.reindex(groups)
    # An area without any flow has nothing, which is known.
    result.loc[~result.index.isin(measures.index), AMOUNTS] = 0
    return result.rename_axis(by).reset_index()


def _of_wholes(result: pd.DataFrame) -> pd.DataFrame:
    only = [name for name in GROUP_MEASURES if name != "resident"]
    shown = result.assign(**{name: result[name].where(result["is_whole"]) for name in only})
    return shown.assign(**{name: shown[name].mask(result["is_alone"]) for name in OF_OTHERS})


def _alone(flows: pd.DataFrame, hosts: pd.DataFrame, areas: Mapping[str, Collection[str]]) -> dict[str, bool]:
    """Areas whose own providers are all that are loaded: nobody can be seen to leave them."""
    system = hosts.set_index("provider")["system"]
    loaded = {system.get(provider, "") for provider in set(flows["provider"])}
    return {area: bool(loaded) and loaded <= set(systems) for area, systems in areas.items()}


def ways_of(flows: pd.DataFrame, *, by: str, measure: str) -> pd.DataFrame:
    """How far people travel, in a straight line and in minutes, weighted by the measure.

    Args:
        flows: the columns `by` and `measure`, `km` and `minutes` (NaN where not known).
        by: what each row of the result is of.
        measure: name of the column that weights.

    Returns:
        `by`, `mean_km`, `median_km`, `km_covered` (share of the measure whose distance is known), `mean_minutes`,
        `median_minutes`, `share_within_hour` (60 minutes or less) and `minutes_covered`.

    Raises:
        ValueError: a column is not there.
    """
    km = travelled(flows, by=by, measure=measure, column="km")
    minutes = travelled(flows, by=by, measure=measure, column="minutes", within=HOUR)
    found = pd.DataFrame({by: km[by], "mean_km": km["mean"], "median_km": km["median"], "km_covered": km["covered"]})
    found["mean_minutes"], found["median_minutes"] = minutes["mean"], minutes["median"]
    return found.assign(share_within_hour=minutes["share_within"], minutes_covered=minutes["covered"])


def provider_measures(flows: pd.DataFrame, hosts: pd.DataFrame, *, measure: str, not_known: Collection[str]) -> pd.DataFrame:
    """Measures of each provider: whom it treats, how much it depends on its largest home, and from how far they come.

    Args:
        flows: `home_system`, `home_place`, `provider`, `destination`, the measure, `people`, `km` and `minutes`.
        hosts: `provider` (unique) and `system`.
        measure: name of the column to measure.
        not_known: homes that stand for "not known", left out of every measure.

    Returns:
        One row a provider, the largest first: `provider`, `system` (its host, "" where it has none), `amount` (everyone whose
        home is known), `retained` (residents of its system), `imports` (others), `import_share`, `top_home`, `top_amount`,
        `top_share` (of its largest home: its dependency on it), `origin_hhi` (0 to 10,000, of its homes), `effective_homes`,
        `not_known_share`, the counts `amount_people`, `retained_people`, `imports_people`, `top_amount_people`, and WAYS.

    Raises:
        ValueError: a column is not there, or a key names more than one row.
    """
    require_unique(hosts, ["provider"], of="hosts")
    known = known_homes(flows, not_known=not_known)
    pairs = known.groupby(["home_system", "provider"], as_index=False)[[measure, "people"]].sum(min_count=1)
    result = by_provider(pairs[["home_system", "provider", measure]], measure=measure)
    result = result.rename(columns={"activity": "amount", "top_origin": "top_home", "top_origin_share": "top_share"})
    system = hosts.set_index("provider")["system"]
    result["system"] = result["provider"].map(system).astype(object).fillna("")
    own = pairs[(pairs["home_system"] == pairs["provider"].map(system)).to_numpy(dtype=bool)]
    tops = pairs.merge(result[["provider", "top_home"]], left_on=["provider", "home_system"], right_on=["provider", "top_home"])
    for column, end in ((measure, ""), ("people", "_people")):
        result[f"retained{end}"] = _sum_of(own, column, result["provider"])
        result[f"top_amount{end}"] = _sum_of(tops, column, result["provider"])
    result["amount_people"] = _sum_of(pairs, "people", result["provider"])
    result["imports"] = result["amount"] - result["retained"]
    result["imports_people"] = result["amount_people"] - result["retained_people"]
    result["import_share"] = ratio(result["imports"], result["amount"])
    result["effective_homes"] = 10_000 / result["origin_hhi"]
    result["not_known_share"] = result["provider"].map(_not_known_by_provider(flows, measure, not_known)).astype("float64")
    ways = ways_of(known, by="provider", measure=measure)
    ordered = result.merge(ways, on="provider", how="left", validate="one_to_one")
    return ordered.sort_values(["amount", "provider"], ascending=[False, True], ignore_index=True)


def _sum_of(rows: pd.DataFrame, column: str, providers: pd.Series) -> pd.Series:
    return pd.Series(
        rows.groupby("provider")[column].sum(min_count=1).reindex(providers, fill_value=0).array, index=providers.index
    )


def _not_known_by_provider(flows: pd.DataFrame, measure: str, not_known: Collection[str]) -> pd.Series:
    absent = flows[flows["home_system"].isin(list(not_known))].groupby("provider")[measure].sum()
    everything = flows.groupby("provider")[measure].sum()
    return ratio(absent.reindex(everything.index, fill_value=0), everything)
