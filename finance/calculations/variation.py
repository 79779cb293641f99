"""Where what is spent on a population differs from its peers, and how much of that is access and how much intensity.

Spend ÷ people = spend ÷ patients × patients ÷ people: intensity times access. Patients are only known where patient-level sets
have come, so the gap is split on the spend of the trusts that sent them, and the rest of it stands apart, not split.
"""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from planning.calculations.contract import floats, ratio, require_columns, require_known, require_unique

KEY = ["area", "group"]
SUMMED = ["population", "spend", "known_spend", "expected_spend", "set_spend"]
AMOUNTS = [*SUMMED, "patients", "people"]
# Nearer to 1 than this the logarithm of a ratio is nothing but the error of its arithmetic.
LEAST_APART = 1e-9


def access_and_intensity(rows: pd.DataFrame) -> pd.DataFrame:
    """Spend a head against a benchmark, as access (patients a head) times intensity (spend a patient).

    Args:
        rows: `population`, `patients`, `spend` and the same three of what each is held against, `benchmark_population`,
            `benchmark_patients`, `benchmark_spend`; people and patients in whole ones, spend in one unit of money.

    Returns:
        The rows with, for themselves and as `benchmark_`: `per_head`, `access`, `intensity`; with `spend_ratio`,
        `access_ratio`, `intensity_ratio`; with `gap_per_head` and its parts `access_per_head` and `intensity_per_head`; and
        `gap` (gap a head × people). Parts are missing where a ratio is, or is 0, and where the spend ratio is 1: then the
        split is undefined and the two ratios say all there is.

    Raises:
        ValueError: a column is not there.

    Source: NHS England, Variations Tool (PSS_Allocations, 2024) for the identity; that logarithms share out the gap is this
        product's own choice.
    """
    needed = ["population", "patients", "spend"]
    require_columns(rows, [*needed, *(f"benchmark_{n}" for n in needed)], of="areas")
    result = rows.copy()
    for side in ("", "benchmark_"):
        result[f"{side}per_head"] = ratio(rows[f"{side}spend"], rows[f"{side}population"])
        result[f"{side}access"] = ratio(rows[f"{side}patients"], rows[f"{side}population"])
        result[f"{side}intensity"] = ratio(rows[f"{side}spend"], rows[f"{side}patients"])
    for name, measure in [("spend", "per_head"), ("access", "access"), ("intensity", "intensity")]:
        result[f"{name}_ratio"] = ratio(result[measure], result[f"benchmark_{measure}"])
    gap = result["per_head"] - result["benchmark_per_head"]
    logs = {name: _log(result[f"{name}_ratio"]) for name in ("spend", "access", "intensity")}
    unit = gap / logs["spend"].mask(logs["spend"].abs() < LEAST_APART)
    result["gap_per_head"] = gap
    result["access_per_head"], result["intensity_per_head"] = unit * logs["access"], unit * logs["intensity"]
    return result.assign(gap=gap * floats(rows["population"]))


def _log(values: pd.Series) -> pd.Series:
    known = floats(values)
    return np.log(known.mask(known <= 0))


def beside_peers(areas: pd.DataFrame, peers: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """What each area is held against: its peers taken together, for the same group of services.

    Args:
        areas: `area`, `group` (unique together, every area with every group), `population`, `spend`, `known_spend` (of trusts
            whose patients are known), `expected_spend` (that patients are behind) and `set_spend` (as patient-level sets say),
            `patients` (missing where nobody's are known) and, for disclosure, `people` (the smallest count behind the spend, or
            missing).
        peers: the areas that each is held against; those that are not there are left out, and so is an area without any.

    Returns:
        The rows of areas with peers, with `peers` (how many), the sums of their amounts as `benchmark_…` and the smallest
        `benchmark_people`.

    Raises:
        ValueError: a column is not there, a key names two rows, or a population or spend is missing.
    """
    require_columns(areas, [*KEY, *AMOUNTS], of="areas")
    require_unique(areas, KEY, of="areas")
    require_known(areas, SUMMED, name="area", of="areas")
    there = set(areas["area"])
    pairs = [(area, peer) for area in sorted(there) for peer in sorted(set(peers.get(area, ())) & there)]
    others = pd.DataFrame(pairs, columns=["area", "peer"]).merge(areas.rename(columns={"area": "peer"}), on="peer")
    grouped = others.groupby(KEY)
    sums = grouped[SUMMED].sum()
    sums["patients"] = grouped["patients"].sum(min_count=1)
    sums["people"] = grouped["people"].min()
    sums = sums.add_prefix("benchmark_").assign(peers=grouped.size())
    return areas.merge(sums.reset_index(), on=KEY, how="inner", validate="one_to_one")


def split_gaps(rows: pd.DataFrame) -> pd.DataFrame:
    """The gap of each area and group of services to its peers, with the parts of it that can be told.

    Args:
        rows: as `beside_peers` gives them; money in whole ten-thousandths of a pound.

    Returns:
        The rows with, for themselves and as `benchmark_`, `per_head` (of all spend) and `coverage` (what patient-level sets hold
        of the spend that patients are behind; 1 is complete), with `spend_ratio`, `access_ratio` and
        `intensity_ratio` (of trusts whose patients are known), and in whole ten-thousandths of a pound `gap` (+ = more than
        peers) with its parts `access_gap` and `intensity_gap` (both missing where they cannot be told) and `unsplit_gap`, the
        rest: the parts add up to the gap.

    Raises:
        ValueError: a column is not there.
    """
    sides = ("", "benchmark_")
    require_columns(rows, [f"{side}{name}" for side in sides for name in (*SUMMED, "patients")], of="areas beside their peers")
    rows, known = rows.copy(), {f"{side}known_spend": f"{side}spend" for side in sides}
    split = access_and_intensity(rows.drop(columns=list(known.values())).rename(columns=known))
    people = floats(rows["population"])
    for side in sides:
        rows[f"{side}per_head"] = ratio(rows[f"{side}spend"], rows[f"{side}population"])
        rows[f"{side}coverage"] = ratio(rows[f"{side}set_spend"], rows[f"{side}expected_spend"])
    rows["spend_ratio"] = ratio(rows["per_head"], rows["benchmark_per_head"])
    rows["access_ratio"], rows["intensity_ratio"] = split["access_ratio"], split["intensity_ratio"]
    rows["gap"] = _whole((rows["per_head"] - rows["benchmark_per_head"]) * people)
    both = split["access_per_head"].notna() & split["intensity_per_head"].notna()
    for name in ("access", "intensity"):
        rows[f"{name}_gap"] = _whole((split[f"{name}_per_head"] * people).where(both))
    rows["unsplit_gap"] = rows["gap"] - rows["access_gap"].fillna(0) - rows["intensity_gap"].fillna(0)
    return rows


def _whole(values: pd.Series) -> pd.Series:
    return values.round().astype("Int64")


def people_of_areas(places: pd.DataFrame, belongs: pd.DataFrame) -> dict[str, float]:
    """People of areas that are made of places.

    Args:
        places: `place` (unique), `population` (missing where not known).
        belongs: `place`, `area` (unique together), `share` of the place's people.

    Returns:
        People by area; an area with a place whose people are not known, or without people, is left out.

    Raises:
        ValueError: a column is not there, or a key names two rows.
    """
    require_columns(places, ["place", "population"], of="places")
    require_unique(places, ["place"], of="places")
    require_unique(belongs, ["place", "area"], of="shares of places")
    rows = belongs.merge(places[["place", "population"]], on="place", how="left", validate="many_to_one")
    people = floats(rows["population"]) * floats(rows["share"])
    sums, known = people.groupby(rows["area"]).sum(), people.notna().groupby(rows["area"]).all()
    return {str(area): float(value) for area, value in sums[known & (sums > 0)].items()}
