"""Catchment populations: how many residents look to each provider, from where the residents of each area are treated.

Three methods. Proportional: of each area, or of each age and sex of it, a provider has the share of residents that it has of
their admissions. First past the post: an area belongs whole to the provider with most of its admissions. 30% rule: an area
belongs whole to every provider with at least 30% of them, so that areas may count twice.

Source: OHID, NHS acute (hospital) trust catchment populations; Beaney and others, BMC Public Health 2022.
"""

from collections.abc import Collection
from fractions import Fraction

import numpy as np
import pandas as pd

from .contract import floats, numbers, ratio, require_columns, require_unique

KEYS = ["area", "provider"]
RULE = "0.30"
PARTS = ["area", "stratum", "provider", "population"]


def area_shares(admissions: pd.DataFrame) -> pd.DataFrame:
    """Of the admissions of each area's residents, how many are at each provider.

    Args:
        admissions: `area`, `provider` (unique together), `admissions` (any one unit). Credits below nought count as none.

    Returns:
        `area`, `provider`, `admissions`, `area_admissions` (of all providers) and `share` (0 to 1; NaN where the area has none),
        in the order of area and provider.

    Raises:
        ValueError: a column is not there, or an area and provider stand twice.
    """
    require_columns(admissions, [*KEYS, "admissions"], of="admissions")
    require_unique(admissions, KEYS, of="admissions")
    rows = admissions[[*KEYS, "admissions"]].sort_values(KEYS, ignore_index=True)
    rows["admissions"] = numbers(rows["admissions"].fillna(0)).clip(lower=0)
    rows["area_admissions"] = rows.groupby("area")["admissions"].transform("sum")
    return rows.assign(share=ratio(rows["admissions"], rows["area_admissions"]))


def proportional(
    shares: pd.DataFrame,
    populations: pd.DataFrame,
    strata: pd.DataFrame | None = None,
    by_strata: Collection[str] = (),
) -> pd.DataFrame:
    """Residents of each age and sex of each area by provider, in proportion to admissions.

    Providers named in `by_strata` are known by age and sex: what is theirs of an area by its all-age shares is divided among
    them stratum by stratum. The others have their all-age share of every stratum. A stratum without admissions at the former
    uses the all-age shares. With every provider in `by_strata` this is the stratified method, with none the all-age one.

    Args:
        shares: as `area_shares` gives them, or published ones, whose sum may be less than 1.
        populations: `area`, `stratum` (unique together), `population` (persons).
        strata: `area`, `stratum`, `provider` (unique together), `admissions`; rows of providers not in `by_strata` are ignored.
        by_strata: providers that are known by age and sex.

    Returns:
        `area`, `stratum`, `provider`, `population` (persons, not rounded). What the providers of an area do not make up of its
        residents has no row.

    Raises:
        ValueError: a column is not there, or a key names more than one row.
    """
    require_columns(shares, [*KEYS, "share"], of="shares")
    require_unique(shares, KEYS, of="shares")
    require_columns(populations, ["area", "stratum", "population"], of="populations")
    require_unique(populations, ["area", "stratum"], of="populations")
    known = shares[shares["share"] > 0]
    rows = known[[*KEYS, "share"]].merge(populations[["area", "stratum", "population"]], on="area", how="inner")
    rows["share"] = _by_strata(rows, strata, by_strata) if strata is not None and len(by_strata) else rows["share"]
    rows["population"] = floats(rows["population"]) * rows["share"]
    rows = rows[rows["population"] > 0]
    return rows[PARTS].sort_values(PARTS[:3], ignore_index=True)


def _by_strata(rows: pd.DataFrame, strata: pd.DataFrame, by_strata: Collection[str]) -> pd.Series:
    """Shares of each stratum: what the providers known by age and sex have of an area together, divided by their admissions."""
    require_columns(strata, ["area", "stratum", "provider", "admissions"], of="strata")
    require_unique(strata, ["area", "stratum", "provider"], of="strata")
    counted = strata[strata["provider"].isin(list(by_strata))]
    counted = counted.assign(admissions=floats(counted["admissions"]).clip(lower=0))[[*PARTS[:3], "admissions"]]
    joined = rows.merge(counted, on=PARTS[:3], how="left")
    is_known = joined["provider"].isin(list(by_strata))
    own = joined["admissions"].where(is_known).fillna(0.0)
    cell = [joined["area"], joined["stratum"]]
    together = joined["share"].where(is_known, 0.0).groupby(cell).transform("sum")
    admitted = own.groupby(cell).transform("sum")
    divided = together * own / admitted.where(admitted > 0)
    return pd.Series(np.where(is_known & (admitted > 0), divided, joined["share"]), index=rows.index)


def first_past_the_post(shares: pd.DataFrame, populations: pd.DataFrame) -> pd.DataFrame:
    """Each area with all its residents at the provider with most of its admissions; of equals the first by code.

    Args:
        shares: as `area_shares` gives them.
        populations: `area`, `stratum` (unique together), `population` (persons).

    Returns:
        `area`, `provider`, `population` (persons); areas without admissions have no row.

    Raises:
        ValueError: a column is not there, or a key names more than one row.
    """
    rows = _admitted(shares)
    # Spread over places the same share comes out a hair apart from one place to another.
    ranked = rows.assign(share=floats(rows["share"]).round(12)).sort_values(
        ["area", "share", "provider"], ascending=[True, False, True]
    )
    return _whole_areas(ranked.drop_duplicates("area"), populations)


def at_least(shares: pd.DataFrame, populations: pd.DataFrame, *, threshold: str = RULE) -> pd.DataFrame:
    """Each area with all its residents at every provider with at least a share of its admissions: areas may count twice.

    Args:
        shares: as `area_shares` gives them; whole numbers are compared exactly, so that a share that is just the threshold
            counts, and fractions to twelve digits.
        populations: `area`, `stratum` (unique together), `population` (persons).
        threshold: the share, as a decimal in text.

    Returns:
        `area`, `provider`, `population` (persons).

    Raises:
        ValueError: a column is not there, or a key names more than one row.
    """
    least, rows = Fraction(threshold), _admitted(shares)
    has, needs = rows["admissions"] * least.denominator, rows["area_admissions"] * least.numerator
    reached = has >= (needs * (1 - 1e-12) if pd.api.types.is_float_dtype(has) else needs)
    return _whole_areas(rows[reached.to_numpy(dtype=bool)], populations)


def _admitted(shares: pd.DataFrame) -> pd.DataFrame:
    require_columns(shares, [*KEYS, "admissions", "area_admissions", "share"], of="shares")
    require_unique(shares, KEYS, of="shares")
    return shares[(shares["admissions"] > 0).to_numpy(dtype=bool)]


def _whole_areas(rows: pd.DataFrame, populations: pd.DataFrame) -> pd.DataFrame:
    require_columns(populations, ["area", "stratum", "population"], of="populations")
    require_unique(populations, ["area", "stratum"], of="populations")
    people = populations.groupby("area")["population"].sum()
    result = rows[KEYS].merge(people.rename("population").reset_index(), on="area", how="inner")
    return result.sort_values(KEYS, ignore_index=True)


def by_provider(parts: pd.DataFrame) -> pd.DataFrame:
    """The catchment of each provider.

    Args:
        parts: `provider`, `population`, and whatever else tells the parts apart.

    Returns:
        One row for each provider in code order: `provider`, `population` (persons).

    Raises:
        ValueError: a column is not there.
    """
    require_columns(parts, ["provider", "population"], of="parts")
    return parts.groupby("provider", as_index=False)[["population"]].sum()


def unassigned(parts: pd.DataFrame, populations: pd.DataFrame) -> pd.DataFrame:
    """How many residents of each area are in nobody's catchment.

    Args:
        parts: as `proportional` gives them.
        populations: `area`, `stratum` (unique together), `population` (persons).

    Returns:
        One row for each area in code order: `area`, `population`, `assigned`, `unassigned` (persons).

    Raises:
        ValueError: a column is not there.
    """
    require_columns(parts, PARTS, of="parts")
    people = floats(populations.groupby("area")["population"].sum())
    assigned = parts.groupby("area")["population"].sum().reindex(people.index, fill_value=0.0)
    # What remains of adding fractions up is nobody.
    left = (people - assigned).where(lambda rest: rest.abs() > people * 1e-12, 0.0)
    return pd.DataFrame({"population": people, "assigned": assigned, "unassigned": left}).reset_index()


def weighted_score(parts: pd.DataFrame, scores: pd.DataFrame, *, by: str = "provider") -> pd.Series:
    """The average score (such as deprivation) of the residents in each catchment, weighted by how many come from each area.

    Args:
        parts: `area`, `population` and the column `by`.
        scores: `area` (unique), `score`; areas without one are left out of the average.
        by: what the average is of.

    Returns:
        By `by`: the average, NaN where no area has a score.

    Raises:
        ValueError: a column is not there, or an area has two scores.
    """
    require_columns(parts, ["area", by, "population"], of="parts")
    require_unique(scores, ["area"], of="scores")
    rows = parts.merge(scores[["area", "score"]], on="area", how="left")
    weight = floats(rows["population"]).where(rows["score"].notna())
    total = (weight * floats(rows["score"])).groupby(rows[by]).sum(min_count=1)
    return ratio(total, weight.groupby(rows[by]).sum(min_count=1)).rename("score")


def spread_over_places(rows: pd.DataFrame, pieces: pd.DataFrame, *, value: str, by: Collection[str] = ()) -> pd.DataFrame:
    """Rows of people whose place is not known, spread over the places of their system in proportion to residents.

    Args:
        rows: `area`, a place or a system, the columns `by`, and the value.
        pieces: `place`, `system`, `population` and whichever of `by` residents are known by (such as `stratum`); a place in two
            systems has a row for each.
        value: name of the column that is divided.
        by: columns that rows keep.

    Returns:
        `area`, the columns `by` and the value as floats, one row each; an area that is neither stays as it is.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(rows, ["area", *by, value], of="rows")
    shared = [name for name in by if name in pieces.columns]
    weights = pieces.groupby(["system", *shared, "place"], as_index=False)[["population"]].sum()
    of_system = weights.groupby(["system", *shared])["population"]
    # Where nobody lives there is no proportion to go by: each place has as much as the next, and nothing is counted twice.
    weights["weight"] = ratio(weights["population"], of_system.transform("sum")).fillna(1 / of_system.transform("size"))
    joined = rows[["area", *by, value]].merge(
        weights[["system", *shared, "place", "weight"]], left_on=["area", *shared], right_on=["system", *shared], how="left"
    )
    joined[value] = floats(joined[value]) * joined["weight"].fillna(1.0)
    joined["area"] = joined["place"].where(joined["place"].notna(), joined["area"]).astype(object)
    return joined.groupby(["area", *by], as_index=False)[[value]].sum()
