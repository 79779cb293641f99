"""Planning footprints, as networks state them, and delivery footprints, as providers deliver them, of each service."""

from collections.abc import Collection, Mapping

import pandas as pd

from planning.calculations.contract import ratio, require_columns, require_unique
from planning.calculations.flows import ORIGIN, ranked_homes


def planned_footprints(
    flows: pd.DataFrame, *, scope: pd.DataFrame, stated: pd.DataFrame, measure: str, not_known: Collection[str]
) -> pd.DataFrame:
    """The systems that the networks which plan each service state together, and their share of its flow.

    Args:
        flows: `service`, `home_system` (unique together) and the measure.
        scope: `network`, `service` (may repeat): what each network plans.
        stated: `network`, `system`, `followed` (true for what a stated system has become since).
        measure: the column to measure.
        not_known: homes that stand for "not known".

    Returns:
        One row for each service that a network plans and that has a flow: `service`, `networks` (codes, a tuple),
        `stated_systems` (codes as stated, a tuple in code order), `stated_share` (of the flow whose home is known, from stated
        systems and what they have become; NaN of nothing).

    Raises:
        ValueError: a column is not there, or a key names more than one row.
    """
    require_columns(flows, ["service", ORIGIN, measure], of="flows")
    require_unique(flows, ["service", ORIGIN], of="flows")
    planned = scope[scope["service"].isin(flows["service"])][["network", "service"]].drop_duplicates()
    pairs = planned.merge(stated[["network", "system", "followed"]], on="network", how="inner")
    known = flows[~flows[ORIGIN].isin(list(not_known))]
    inside = known.merge(
        pairs[["service", "system"]].drop_duplicates().rename(columns={"system": ORIGIN}), on=["service", ORIGIN], how="inner"
    )
    result = planned.sort_values(["service", "network"]).groupby("service")["network"].agg(tuple).rename("networks").to_frame()
    named = pairs[~pairs["followed"].astype(bool)].drop_duplicates(["service", "system"]).sort_values(["service", "system"])
    systems = named.groupby("service")["system"].agg(tuple).reindex(result.index)
    result["stated_systems"] = [codes if isinstance(codes, tuple) else () for codes in systems]
    sums = inside.groupby("service")[measure].sum().reindex(result.index, fill_value=0)
    wholes = known.groupby("service")[measure].sum(min_count=1).reindex(result.index)
    result["stated_share"] = ratio(sums, wholes)
    # What nobody has stated covers nothing that could be compared.
    result["stated_share"] = result["stated_share"].where(named.groupby("service").size().reindex(result.index) > 0)
    return result.reset_index()


def delivery_footprints(flows: pd.DataFrame, *, by: str, measure: str, threshold: str = "0.9") -> pd.DataFrame:
    """The fewest providers whose sites deliver a share of each service's flow, for anybody.

    Args:
        flows: the column `by`, `provider` (unique together) and the measure.
        by: the column that names what is delivered.
        measure: the column to measure.
        threshold: share to reach, inclusive.

    Returns:
        One row for each provider that delivers, largest first: `by`, `provider`, the measure, `rank`, `share`, `covered` and
        `needed` (whether the threshold is not reached without it).

    Raises:
        ValueError: a column is not there, a key names more than one row, or the threshold is not a share.
    """
    require_columns(flows, [by, "provider", measure], of="flows")
    ranked = ranked_homes(
        flows[[by, "provider", measure]].rename(columns={"provider": ORIGIN}), measure=measure, thresholds=[threshold], by=by
    )
    rows = ranked.rename(columns={ORIGIN: "provider"})
    return rows.assign(needed=rows["needed_for"].notna()).drop(columns="needed_for")


def compared_with_stated(
    needed: pd.DataFrame,
    *,
    flowing: Collection[str],
    stated: Collection[str],
    followed: Mapping[str, str],
    regions: Mapping[str, str],
) -> pd.DataFrame:
    """A network's stated footprint beside those of its flow, one row each.

    Args:
        needed: `home_system` (unique), `needed_for`: the homes that its flow needs, as `needed_homes` gives them.
        flowing: every home with a flow.
        stated: systems of the stated footprint.
        followed: what a system has become since → the stated one.
        regions: region of each home; one without counts as a home and as no region.

    Returns:
        One row for "stated" and each of the thresholds: `footprint` ("stated", "50", "80", "90", "95"), `homes` (codes, a
        tuple), `counted` (those of them with a flow, and what has followed a stated one), `systems` (how many are systems),
        `others` (how many are not: the rest of England, overseas), `regions`, `both` (how many of the stated are in it),
        `only_here`, `only_stated` (codes, tuples).

    Raises:
        ValueError: a column is not there, or a home stands twice.
    """
    require_columns(needed, [ORIGIN, "needed_for"], of="homes needed")
    require_unique(needed, [ORIGIN], of="homes needed")
    footprints = {"stated": tuple(sorted(stated))}
    for threshold in (0.5, 0.8, 0.9, 0.95):
        footprints[f"{threshold * 100:.0f}"] = tuple(needed.loc[needed["needed_for"] <= threshold, ORIGIN])
    rows = []
    for name, homes in footprints.items():
        as_stated = [followed.get(home, home) for home in homes]
        counted = tuple(home for home in flowing if followed.get(home, home) in as_stated) if name == "stated" else homes
        rows.append(
            {
                "footprint": name,
                "homes": homes,
                "counted": counted,
                "systems": sum(bool(regions.get(home)) for home in homes),
                "others": sum(not regions.get(home) for home in homes),
                "regions": len({regions[home] for home in homes if regions.get(home)}),
                "both": sum(home in set(stated) for home in set(as_stated)),
                "only_here": tuple(h for h, s in zip(homes, as_stated, strict=True) if s not in stated),
                "only_stated": tuple(home for home in sorted(stated) if home not in as_stated),
            }
        )
    return pd.DataFrame(rows)
