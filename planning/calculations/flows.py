"""Patient flows: who is treated where, how far systems look after their own residents, and how far people travel.

A frame of flows has one row for each `home_system` (where people live) and `provider` (who treats them), and any one
column to measure: activity of one unit, or money. Rows of people whose home is not known do not belong in it
(`known_homes` takes them out and `not_known_share` says how much they were).

Source: standard small-area definitions of flow (relevance and commitment indices, Herfindahl–Hirschman index).
"""

from collections.abc import Collection, Iterable
from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .contract import floats, numbers, ratio, require_columns, require_unique

ORIGIN = "home_system"
EARTH_RADIUS_KM = 6371.0088
# What a column of whole numbers holds.
LARGEST_WHOLE = 2**63

SYSTEM_MEASURES = [
    "resident",
    "home_provider",
    "retained",
    "imports",
    "exports",
    "net",
    "self_sufficiency",
    "import_share",
    "hhi",
    "effective_providers",
]


def known_homes(flows: pd.DataFrame, *, not_known: Collection[str]) -> pd.DataFrame:
    """The flows of people whose home is known.

    Args:
        flows: `home_system` and any other columns.
        not_known: codes that stand for a home that is not known.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(flows, [ORIGIN], of="flows")
    return flows.loc[~flows[ORIGIN].isin(list(not_known))].reset_index(drop=True)


def not_known_share(flows: pd.DataFrame, *, measure: str, not_known: Collection[str]) -> float:
    """Share of the measure whose home is not known (0 to 1; NaN where there is nothing to share).

    Raises:
        ValueError: a column is not there.
    """
    require_columns(flows, [ORIGIN, measure], of="flows")
    values = floats(flows[measure])
    total = values.sum()
    return float(values[flows[ORIGIN].isin(list(not_known))].sum() / total) if total > 0 else float("nan")


def by_system(flows: pd.DataFrame, hosts: pd.DataFrame, *, measure: str, systems: Iterable[str]) -> pd.DataFrame:
    """Measures of flow for each system.

    Args:
        flows: `home_system`, `provider` (unique together) and the measure, in its own units.
        hosts: `provider` (unique) and `system`, the system that hosts it.
        measure: name of the column to measure.
        systems: systems to report, in the order wanted; one without any flow has zeros and no shares.

    Returns:
        One row a system: `system`; in the units of the measure `resident` (its people, anywhere), `home_provider` (anyone, at
        its providers), `retained` (its people at its providers), `imports`, `exports`, `net` (imports − exports); as shares
        0 to 1 `self_sufficiency` (retained ÷ resident) and `import_share` (1 − retained ÷ home_provider); `hhi` (0 to
        10,000, of its residents' providers) and `effective_providers` (10,000 ÷ hhi). Shares of nothing are NaN.

    Raises:
        ValueError: a column is not there, or a key names more than one row.

    Source: relevance index (self-sufficiency), 1 − commitment index (import share); Herfindahl–Hirschman index.
    """
    hosted = _hosted(flows, hosts, measure)
    at_home = hosted[hosted[ORIGIN] == hosted["system"]]
    result = pd.DataFrame({"system": list(systems)})
    for name, rows, key in [("resident", hosted, ORIGIN), ("home_provider", hosted, "system"), ("retained", at_home, "system")]:
        result[name] = _looked_up(_sums(rows, key, measure), result["system"])
    result["imports"] = result["home_provider"] - result["retained"]
    result["exports"] = result["resident"] - result["retained"]
    result["net"] = result["imports"] - result["exports"]
    result["self_sufficiency"] = ratio(result["retained"], result["resident"])
    result["import_share"] = 1 - ratio(result["retained"], result["home_provider"])
    result["hhi"] = result["system"].map(_concentration(hosted, ORIGIN, measure)).astype("float64")
    result["effective_providers"] = 10_000 / result["hhi"]
    return result


def by_provider(flows: pd.DataFrame, *, measure: str) -> pd.DataFrame:
    """Measures of flow for each provider.

    Args:
        flows: `home_system`, `provider` (unique together) and the measure.
        measure: name of the column to measure.

    Returns:
        One row a provider in code order: `provider`, `activity` (units of the measure), `origin_hhi` (0 to 10,000),
        `top_origin` (largest home; of equals the first by code; None where there is nothing), `top_origin_share`.

    Raises:
        ValueError: a column is not there, or a key names more than one row.
    """
    shares = dependency(flows, measure=measure)
    result = _sums(shares, "provider", measure).rename("activity").reset_index()
    result["origin_hhi"] = result["provider"].map(_concentration(shares, "provider", measure)).astype("float64")
    ranked = shares.dropna(subset=["dependency"]).sort_values(["provider", measure, ORIGIN], ascending=[True, False, True])
    top = ranked.drop_duplicates("provider").set_index("provider")
    result["top_origin"] = result["provider"].map(top[ORIGIN]).astype(object)
    result["top_origin"] = result["top_origin"].where(result["top_origin"].notna(), None)
    result["top_origin_share"] = result["provider"].map(top["dependency"]).astype("float64")
    return result


def dependency(flows: pd.DataFrame, *, measure: str) -> pd.DataFrame:
    """How much of each provider's work comes from each home.

    Args:
        flows: `home_system`, `provider` (unique together) and the measure.
        measure: name of the column to measure.

    Returns:
        The rows of flows with `dependency`: the flow ÷ all the provider's flows (NaN where those are nothing).

    Raises:
        ValueError: a column is not there, or a key names more than one row.
    """
    rows = _checked(flows, measure)
    totals = rows.groupby("provider")[measure].transform("sum")
    return rows.assign(dependency=ratio(rows[measure], totals))


def of_footprint(flows: pd.DataFrame, hosts: pd.DataFrame, *, measure: str, systems: Collection[str]) -> dict[str, object]:
    """Measures of flow for a group of systems taken as one.

    Args:
        flows: `home_system`, `provider` (unique together) and the measure.
        hosts: `provider` (unique) and `system`.
        measure: name of the column to measure.
        systems: the systems of the footprint.

    Returns:
        `resident`, `provider_activity`, `retained`, `imports`, `exports`, `net` (units of the measure), `self_sufficiency`,
        `import_share` (shares; NaN where there is nothing to share).

    Raises:
        ValueError: a column is not there, or a key names more than one row.
    """
    hosted = _hosted(flows, hosts, measure)
    group = set(systems)
    merged = hosted.assign(
        **{ORIGIN: hosted[ORIGIN].where(~hosted[ORIGIN].isin(group), "group"), "system": hosted["system"].isin(group)}
    )
    rows = merged.groupby([ORIGIN, "provider"], as_index=False).agg({measure: "sum", "system": "first"})
    hosting = pd.DataFrame({"provider": rows.loc[rows["system"], "provider"].unique(), "system": "group"})
    row = by_system(rows[[ORIGIN, "provider", measure]], hosting, measure=measure, systems=["group"]).iloc[0]
    names = ["resident", "retained", "imports", "exports", "net", "self_sufficiency", "import_share"]
    return {"provider_activity": row["home_provider"], **{name: row[name] for name in names}}


def smallest_footprint(
    flows: pd.DataFrame, *, measure: str, threshold: float | str = "0.9", by: str = "provider"
) -> pd.DataFrame:
    """The fewest homes, largest first, that make up a share of each provider's (or service's) work.

    Args:
        flows: `home_system`, the column `by` (unique together) and the measure.
        measure: name of the column to measure.
        threshold: share to reach, inclusive.
        by: column that names what the footprint is of.

    Returns:
        One row for each home in a footprint, largest first: `by`, `rank` (from 1), `home_system`, the measure, `share`,
        `covered` (shares so far together). Equal homes stand in code order. Homes that stand for many (the rest of
        England) count like any other. What has no work has no rows.

    Raises:
        ValueError: a column is not there, a key names more than one row, or the threshold is not a share.
    """
    reached = ranked_homes(flows, measure=measure, thresholds=[threshold], by=by)
    return reached[reached["needed_for"].notna()].drop(columns="needed_for").reset_index(drop=True)


def fewest_homes(activity: pd.Series, *, threshold: float | str = "0.9") -> list[str]:
    """The footprint of one whole, by code: what `smallest_footprint` finds, for a sentence rather than a table.

    Args:
        activity: whole numbers by home (the index, each once).
        threshold: share to reach, inclusive.

    Returns:
        Codes of the fewest homes, largest first, equal ones in code order; none where there is nothing to share.

    Raises:
        ValueError: the threshold is not a share.
    """
    share = Fraction(str(threshold))
    if not 0 < share <= 1:
        raise ValueError("The threshold of a footprint is more than 0 and at most 1.")
    amounts = {str(home): int(amount) for home, amount in activity.dropna().items()}
    needed, found = share * sum(amounts.values()), []
    for home, amount in sorted(amounts.items(), key=lambda pair: (-pair[1], pair[0])):
        if needed <= 0:
            break
        found.append(home)
        needed -= amount
    return found


def ranked_homes(flows: pd.DataFrame, *, measure: str, thresholds: Iterable[float | str], by: str = "provider") -> pd.DataFrame:
    """Every home that adds to each provider's (or service's) work, largest first, and the least share it is needed for.

    Args:
        flows: `home_system`, the column `by` (unique together) and the measure.
        measure: name of the column to measure.
        thresholds: shares to reach, inclusive.
        by: column that names what is ranked.

    Returns:
        One row a home, largest first, equal homes in code order: `by`, `rank` (from 1), `home_system`, the measure, `share`,
        `covered` (shares so far together), `needed_for` (the least of the thresholds that is not reached without it; NaN
        beyond the last). Homes after the whole is reached, and what has no work, have no rows.

    Raises:
        ValueError: a column is not there, a key names more than one row, or a threshold is not a share.
    """
    shares = sorted((Fraction(str(t)) for t in thresholds), reverse=True)
    if not all(0 < share <= 1 for share in shares):
        raise ValueError("The threshold of a footprint is more than 0 and at most 1.")
    rows = _checked(flows, measure, by=by).dropna(subset=[measure])
    rows = rows.sort_values([by, measure, ORIGIN], ascending=[True, False, True], ignore_index=True)
    groups = rows.groupby(by)
    totals, reached = groups[measure].transform("sum"), groups[measure].cumsum()
    rows = rows.assign(share=ratio(rows[measure], totals), covered=ratio(reached, totals))
    rows["rank"], rows["needed_for"] = groups.cumcount() + 1, float("nan")
    before = reached - rows[measure]
    for share in shares:
        rows.loc[_is_short(before, totals, share), "needed_for"] = float(share)
    rows = rows[_is_short(before, totals, Fraction(1)) & (totals > 0).to_numpy(dtype=bool)]
    return rows[[by, "rank", ORIGIN, measure, "share", "covered", "needed_for"]].reset_index(drop=True)


def _is_short(before: pd.Series, totals: pd.Series, share: Fraction) -> np.ndarray:
    """Whether what stands before a home falls short of a share of the total; exact, since in floats 0.9 of ten is above nine."""
    whole = all(pd.api.types.is_integer_dtype(values.dtype) for values in (before, totals))
    most = max(int(values.abs().max()) for values in (before, totals)) if whole and len(before) else 0
    if whole and most * share.denominator < LARGEST_WHOLE:
        return (before * share.denominator < totals * share.numerator).to_numpy(dtype=bool)
    pairs = zip(before, totals, strict=True)
    return np.array([Fraction(b) < share * Fraction(t) for b, t in pairs], dtype=bool)


def travel(flows: pd.DataFrame, minutes: pd.DataFrame, *, measure: str, within: float = 60, by: str = ORIGIN) -> pd.DataFrame:
    """How far people travel, weighted by the measure.

    Args:
        flows: `home_system`, `provider` (unique together) and the measure.
        minutes: `home_system`, `provider` (unique together), `minutes` one way.
        measure: name of the column that weights.
        within: minutes that count as near, inclusive.
        by: `home_system` or `provider`.

    Returns:
        One row for each value of `by` in code order: `mean_minutes`, `median_minutes` (the smallest time within which at
        least half travel), `share_within`, `covered` (share of the measure whose travel time is known, which the other
        three are of).

    Raises:
        ValueError: a column is not there, or a key names more than one row.
    """
    require_columns(minutes, [ORIGIN, "provider", "minutes"], of="travel times")
    require_unique(minutes, [ORIGIN, "provider"], of="travel times")
    rows = _checked(flows, measure).merge(
        minutes[[ORIGIN, "provider", "minutes"]], on=[ORIGIN, "provider"], how="left", validate="one_to_one"
    )
    everything = rows.groupby(by)[measure].sum()
    known = rows[rows["minutes"].notna() & (floats(rows[measure]) > 0)].sort_values([by, "minutes"], ignore_index=True)
    weights = known.groupby(by)[measure].sum().reindex(everything.index)
    weighted = (floats(known[measure]) * floats(known["minutes"])).groupby(known[by]).sum().reindex(everything.index)
    near = known[known["minutes"] <= within].groupby(by)[measure].sum().reindex(everything.index, fill_value=0)
    half = known[2 * known.groupby(by)[measure].cumsum() >= known.groupby(by)[measure].transform("sum")]
    result = pd.DataFrame(index=everything.index)
    result["mean_minutes"] = ratio(weighted, weights)
    result["median_minutes"] = floats(half.groupby(by)["minutes"].first().reindex(everything.index))
    result["share_within"] = ratio(near, weights)
    result["covered"] = ratio(weights.fillna(0), everything)
    return result.reset_index()


def distance_km(latitude: ArrayLike, longitude: ArrayLike, to_latitude: ArrayLike, to_longitude: ArrayLike) -> np.ndarray:
    """Great-circle distance in km between positions in degrees (haversine, mean Earth radius), number by number."""
    lat, lon, to_lat, to_lon = (np.radians(np.asarray(a, float)) for a in (latitude, longitude, to_latitude, to_longitude))
    half = np.sin((to_lat - lat) / 2) ** 2 + np.cos(lat) * np.cos(to_lat) * np.sin((to_lon - lon) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)))


def _checked(flows: pd.DataFrame, measure: str, by: str = "provider") -> pd.DataFrame:
    require_columns(flows, [ORIGIN, by, measure], of="flows")
    require_unique(flows, [ORIGIN, by], of="flows")
    rows = flows[[ORIGIN, by, measure]].reset_index(drop=True)
    return rows.assign(**{measure: numbers(rows[measure])})


def _hosted(flows: pd.DataFrame, hosts: pd.DataFrame, measure: str) -> pd.DataFrame:
    require_columns(hosts, ["provider", "system"], of="hosts")
    require_unique(hosts, ["provider"], of="hosts")
    return _checked(flows, measure).merge(hosts[["provider", "system"]], on="provider", how="left", validate="many_to_one")


def _sums(rows: pd.DataFrame, key: str, measure: str) -> pd.Series:
    """Sums of what is known; missing where a group has rows and none is known."""
    return rows.groupby(key)[measure].sum(min_count=1)


def _looked_up(sums: pd.Series, keys: pd.Series) -> pd.Series:
    """The sum of each key: 0 for one without rows, missing for one whose rows are all missing."""
    return pd.Series(sums.reindex(keys, fill_value=0).array, index=keys.index)


def _concentration(rows: pd.DataFrame, key: str, measure: str) -> pd.Series:
    """10,000 × the sum of squared shares within each key; NaN where there is nothing to share."""
    shares = ratio(rows[measure], rows.groupby(key)[measure].transform("sum"))
    return (shares**2).groupby(rows[key]).sum(min_count=1) * 10_000
