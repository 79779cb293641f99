"""The natural footprint of each service: the fewest homes that make up its flow, at what level that is, how stable it is."""

import math
from collections.abc import Collection, Mapping

import pandas as pd

from planning.calculations.contract import ratio, require_columns, require_unique
from planning.calculations.flows import ORIGIN, ranked_homes

from .footprints import THRESHOLDS

PLACE, SYSTEM, ONE_REGION, REGIONS, NATIONAL = "place", "system", "one_region", "regions", "national"
LEVELS = (PLACE, SYSTEM, ONE_REGION, REGIONS, NATIONAL)
"""Natural levels from the smallest to the largest; planning levels are set beside them."""

STABLE, CHANGING = 0.8, 0.5
"""Overlap from which a footprint is called stable, and below which it is called changing (this programme's own)."""


def needed_homes(flows: pd.DataFrame, *, by: str, measure: str, not_known: Collection[str]) -> pd.DataFrame:
    """The homes that each service's flow needs, largest first, those that are not known left out.

    Args:
        flows: the column `by`, `home_system` (unique together), the measure in whole units.
        by: the column that names what the footprint is of.
        measure: the column that ranks homes.
        not_known: homes that stand for "not known".

    Returns:
        As `ranked_homes` gives them, `needed_for` being the least of the thresholds 0.5, 0.8, 0.9 and 0.95.

    Raises:
        ValueError: a column is not there, or a key names more than one row.
    """
    known = flows[~flows[ORIGIN].isin(list(not_known))]
    return ranked_homes(known, measure=measure, thresholds=THRESHOLDS, by=by)


def footprint_sizes(needed: pd.DataFrame, *, by: str, threshold: float, regions: Mapping[str, str]) -> pd.DataFrame:
    """How many homes reach each threshold, and which they are at one of them.

    Args:
        needed: as `needed_homes` gives them.
        by: the column that names what the footprint is of.
        threshold: the share whose homes and regions are told.
        regions: region of each home; one without (the rest of England, overseas) counts as a home and as no region.

    Returns:
        One row for each value of `by`: `homes_50`, `homes_80`, `homes_90`, `homes_95`, `homes` (codes of those needed for the
        threshold, largest first, as a tuple), `covered` (their share, 0 to 1), `regions` (how many they are in) and
        `region_names` (a tuple in order of size).

    Raises:
        ValueError: a column is not there.
    """
    require_columns(needed, [by, ORIGIN, "covered", "needed_for"], of="homes needed")
    groups = needed.groupby(by, sort=True)
    result = pd.DataFrame(index=groups.size().index)
    for share in map(float, THRESHOLDS):
        result[f"homes_{share * 100:.0f}"] = (needed["needed_for"] <= share).groupby(needed[by]).sum().astype("int64")
    inside = needed[needed["needed_for"] <= threshold]
    inside = inside.assign(region=[regions.get(home, "") for home in inside[ORIGIN]])
    named = inside[inside["region"] != ""].drop_duplicates([by, "region"]).groupby(by)["region"]
    result["homes"] = inside.groupby(by)[ORIGIN].agg(tuple)
    result["covered"] = inside.groupby(by)["covered"].max()
    result["regions"] = named.size().reindex(result.index, fill_value=0).astype("int64")
    result["region_names"] = named.agg(tuple).reindex(result.index)
    result["region_names"] = [names if isinstance(names, tuple) else () for names in result["region_names"]]
    return result.reset_index()


def natural_levels(
    flows: pd.DataFrame, *, measure: str, threshold: float, not_known: Collection[str], regions: Mapping[str, str]
) -> pd.DataFrame:
    """The level at which each service's flow is at home.

    Args:
        flows: `service`, `home_system`, `home_place` (unique together; a place that is not known stands as its system) and the
            measure in whole units.
        measure: the column to measure.
        threshold: the share of the flow to reach.
        not_known: homes that stand for "not known".
        regions: region of each loaded system; homes without one lie beyond the loaded systems.

    Returns:
        One row a service: `service`, `natural_level`, `beyond_share` (of the flow whose home is known, from homes in no
        region). The level is `place` where one place reaches the threshold; `system` where one system does; `one_region`
        where the fewest systems that do are in one region; `national` where all loaded systems together do not reach it;
        otherwise `regions`. None where there is no flow.

    Raises:
        ValueError: a column is not there, or a key names more than one row.

    Source: this programme's own reading of the levels of the 2016 South of England segmentation (place, system, several
    systems, regional and national).
    """
    keys = ["service", ORIGIN, "home_place"]
    require_columns(flows, [*keys, measure], of="flows")
    require_unique(flows, keys, of="flows")
    known = flows[~flows[ORIGIN].isin(list(not_known))]
    systems = known.groupby(["service", ORIGIN])[measure].sum(min_count=1).reset_index()
    sizes = footprint_sizes(
        needed_homes(systems, by="service", measure=measure, not_known=()), by="service", threshold=threshold, regions=regions
    ).set_index("service")
    whole = systems.groupby("service")[measure].sum(min_count=1)
    beyond = systems[~systems[ORIGIN].isin([home for home, region in regions.items() if region])]
    beyond_share = ratio(beyond.groupby("service")[measure].sum().reindex(whole.index, fill_value=0), whole)
    places = known[(known["home_place"] != known[ORIGIN]) & (known["home_place"] != "")]
    top = ratio(places.groupby("service")[measure].max().reindex(whole.index), whole)
    levels = [
        _level(sizes.loc[service] if service in sizes.index else None, top[service], beyond_share[service], threshold, regions)
        for service in whole.index
    ]
    return pd.DataFrame({"service": whole.index, "natural_level": levels, "beyond_share": beyond_share.to_numpy()})


def _level(size: pd.Series | None, top_place: float, beyond: float, threshold: float, regions: Mapping[str, str]) -> str | None:
    if size is None:
        return None
    homes = size["homes"]
    # In floats 1 − 0.9 is a hair below a tenth; a part in a million is no one's care.
    if beyond > 1 - threshold + 1e-6:
        return NATIONAL
    if top_place >= threshold - 1e-12:
        return PLACE
    if len(homes) == 1:
        return SYSTEM
    within = size["regions"] == 1 and all(regions.get(home) for home in homes)
    return ONE_REGION if within else REGIONS


def stability(flows: pd.DataFrame, *, measure: str, threshold: str, not_known: Collection[str]) -> pd.DataFrame:
    """How much each service's footprint is the same homes year after year.

    Args:
        flows: `service`, `year`, `home_system` (unique together, in one geography for all years) and the measure.
        measure: the column to measure.
        threshold: the share of the flow to reach.
        not_known: homes that stand for "not known".

    Returns:
        One row a service: `service`, `years` (with any flow), `fewest` and `most` (homes in any year's footprint), `overlap`
        (homes in every year's footprint ÷ homes in any year's; 1 where nothing changes, NaN with fewer than two years),
        `stability` ("stable" from 0.8, "changing" below 0.5, "mostly_stable" between, "one_year").

    Raises:
        ValueError: a column is not there, or a key names more than one row.

    Source: Jaccard index of the years' footprints taken together; the two limits are this programme's own.
    """
    keys = ["service", "year"]
    require_columns(flows, [*keys, ORIGIN, measure], of="flows")
    pairs = flows[keys].drop_duplicates(ignore_index=True).assign(pair=lambda rows: range(len(rows)))
    joined = flows.merge(pairs, on=keys, how="left", validate="many_to_one")
    known = joined[~joined[ORIGIN].isin(list(not_known))]
    needed = ranked_homes(known, measure=measure, thresholds=[threshold], by="pair").dropna(subset=["needed_for"])
    needed = needed.merge(pairs, on="pair", how="left", validate="many_to_one")
    each = needed.groupby(keys)[ORIGIN].size().groupby("service").agg(["size", "min", "max"])
    in_years = needed.groupby(["service", ORIGIN]).size().reset_index(name="in_years")
    in_all = in_years["in_years"] == in_years["service"].map(each["size"])
    any_year = in_years.groupby("service").size()
    overlap = in_all.groupby(in_years["service"]).sum() / any_year
    result = each.rename(columns={"size": "years", "min": "fewest", "max": "most"})
    result["overlap"] = overlap.where(result["years"] > 1)
    result["stability"] = [stability_of(share) for share in result["overlap"]]
    return result.reset_index()


def stability_of(overlap: float) -> str:
    """The word for an overlap of footprints (0 to 1; NaN where there is one year only)."""
    if math.isnan(overlap):
        return "one_year"
    return "stable" if overlap >= STABLE else "changing" if overlap < CHANGING else "mostly_stable"
