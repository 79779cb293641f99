"""The catchments of every provider at once: spells and residents put together by area, and the tables that pages show."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from . import catchments
from .contract import floats, ratio, require_columns
from .strata import BANDS, GROUPS, covered_providers, with_strata

FEW_SPELLS = 1_000_000  # a thousand spells, in thousandths
ONE_PROGRAMME = 0.95
ALL_AGES, BY_AGE_AND_SEX = "All ages", "Age and sex"
FEW, ONE, FEW_AND_ONE, NO_CAUTION = (
    "Fewer than 1,000 spells",
    "One programme of care",
    "Few spells, one programme",
    "None",
)
OWN_AREA = "OWN"


@dataclass(frozen=True, eq=False)
class CatchmentSet:
    """Everything that the catchments of a year are: see `catchment_set`."""

    populations: pd.DataFrame
    shares: pd.DataFrame
    parts: pd.DataFrame
    all_ages: pd.DataFrame
    post: pd.DataFrame
    thirty: pd.DataFrame
    areas: pd.DataFrame
    scores: pd.DataFrame
    providers: pd.DataFrame
    bands: pd.DataFrame


def catchment_set(spells: pd.DataFrame, residents: pd.DataFrame, sets: pd.DataFrame, *, by_place: bool) -> CatchmentSet:
    """The catchments of all providers, proportional by age and sex where patient-level extracts give them, and the others.

    Args:
        spells: `area` (a place, or a system where the place is not known or not asked for), `provider` (unique together),
            `admissions` (thousandths of a spell).
        residents: `place`, `system`, `sex`, `age_band`, `population` (persons), `imd` (score of the place), `is_counted`:
            whether the system's residents are in any catchment; those of systems whose own trusts are not loaded are not,
            because most of them look to trusts that are not there.
        sets: `area`, `provider`, `age_band`, `sex`, `admissions`: spells of patient-level extracts, in the same unit.
        by_place: whether areas are places; spells whose place is not known are then spread over their system's residents.

    Returns:
        `populations` (area, stratum, population), `shares` (as `area_shares`), `parts` and `all_ages` (as `proportional`, the
        first by age and sex where known), `post` and `thirty` (area, provider, population), `areas` (as `unassigned`), `scores`
        (area, score), `providers` (provider, spells, elsewhere: thousandths, all and those of people from areas not counted;
        covered, by_strata) and `bands` (provider, age_band, spells of the patient-level extracts).

    Raises:
        ValueError: a column is not there, or a key names more than one row.
    """
    require_columns(residents, ["place", "system", "sex", "age_band", "population", "imd", "is_counted"], of="residents")
    everyone = residents[residents["is_counted"].to_numpy(dtype=bool)]
    pieces = everyone.assign(stratum=everyone["sex"].astype(str) + " " + everyone["age_band"].astype(str))
    pieces["area"] = pieces["place" if by_place else "system"]
    populations = pieces.groupby(["area", "stratum"], as_index=False)[["population"]].sum()
    strata = with_strata(sets)
    providers = _providers(spells, strata, set(populations["area"]) | (set(pieces["system"]) if by_place else set()))
    known = strata[strata["stratum"] != ""].groupby(catchments.PARTS[:3], as_index=False)[["admissions"]].sum()
    if by_place:
        spells = catchments.spread_over_places(spells, pieces, value="admissions", by=["provider"])
        known = catchments.spread_over_places(known, pieces, value="admissions", by=["stratum", "provider"])
    shares = catchments.area_shares(spells[spells["area"].isin(set(populations["area"]))])
    by_strata = set(providers.loc[providers["by_strata"], "provider"])
    parts = catchments.proportional(shares, populations, known, by_strata)
    return CatchmentSet(
        populations=populations,
        shares=shares,
        parts=parts,
        all_ages=catchments.proportional(shares, populations),
        post=catchments.first_past_the_post(shares, populations),
        thirty=catchments.at_least(shares, populations),
        areas=catchments.unassigned(parts, populations),
        scores=_scores(pieces),
        providers=providers,
        bands=_bands(known[known["area"].isin(set(populations["area"]))]),
    )


def _providers(spells: pd.DataFrame, strata: pd.DataFrame, areas: set[str]) -> pd.DataFrame:
    """Every provider's spells, how many of them are of people from areas not counted, and what patient-level sets hold."""
    covered = covered_providers(spells, strata)
    sums = spells.groupby("provider")["admissions"].sum()
    away = spells[~spells["area"].isin(areas)].groupby("provider")["admissions"].sum().reindex(sums.index, fill_value=0)
    both = pd.DataFrame({"spells": sums, "elsewhere": away}).reset_index()
    return both.merge(covered, on="provider", how="left")


def _scores(pieces: pd.DataFrame) -> pd.DataFrame:
    scores = pieces.drop_duplicates("place")[["place", "imd"]].rename(columns={"place": "area", "imd": "score"})
    people = pieces.groupby(["place", "area"], as_index=False)[["population"]].sum()
    people = people.rename(columns={"area": "whole", "place": "area"})
    return catchments.weighted_score(people, scores, by="whole").rename_axis("area").reset_index()


def _bands(known: pd.DataFrame) -> pd.DataFrame:
    bands = known.assign(age_band=known["stratum"].astype(str).str[2:])
    return bands.groupby(["provider", "age_band"], as_index=False)[["admissions"]].sum().rename(columns={"admissions": "spells"})


def cautions(chosen: pd.DataFrame, by_programme: pd.DataFrame) -> dict[str, str]:
    """Which providers' catchments are not to be trusted, in a word each: small specialist trusts distort every method.

    Args:
        chosen: `provider`, `spells` (thousandths) of what is chosen.
        by_programme: `provider`, `programme_of_care`, `admissions`: all of the provider's specialised spells.

    Returns:
        For each provider of `chosen`: fewer than 1,000 spells, nearly all (95%) of its work in one programme of care, both, or
        none.

    Source: flow-based catchments of small specialist trusts (epiforecasts/covid19.nhs.data, issue 16).
    """
    largest = by_programme.groupby("provider")["admissions"].max()
    whole = by_programme.groupby("provider")["admissions"].sum()
    share = ratio(largest, whole)
    words = {(True, True): FEW_AND_ONE, (True, False): FEW, (False, True): ONE, (False, False): NO_CAUTION}
    return {
        provider: words[bool(spells < FEW_SPELLS), bool(share.get(provider, np.nan) >= ONE_PROGRAMME)]
        for provider, spells in zip(chosen["provider"], chosen["spells"], strict=True)
    }


def providers_table(found: CatchmentSet) -> pd.DataFrame:
    """One row for each provider with spells: its catchment by each method.

    Returns:
        `provider`, `spells`, `elsewhere` (thousandths), `basis` (in words), `covered`, and in persons `proportional`, `all_ages`,
        `first_past_the_post`, `at_least_30` (missing where no area is counted); largest proportional catchment first.
    """
    result = found.providers[found.providers["spells"] > 0].reset_index(drop=True)
    methods = {
        "proportional": found.parts,
        "all_ages": found.all_ages,
        "first_past_the_post": found.post,
        "at_least_30": found.thirty,
    }
    none = float("nan") if found.populations.empty else 0.0
    for name, parts in methods.items():
        sums = parts.groupby("provider")["population"].sum()
        result[name] = result["provider"].map(sums).astype("float64").fillna(none)
    result["basis"] = result["by_strata"].map({True: BY_AGE_AND_SEX, False: ALL_AGES}).astype(object)
    result = result.drop(columns="by_strata")
    return result.sort_values(["proportional", "spells", "provider"], ascending=[False, False, True], ignore_index=True)


def areas_table(found: CatchmentSet) -> pd.DataFrame:
    """One row for each area: how many residents, which provider most of its spells are at, and whom nobody has.

    Returns:
        `area`, `population`, `unassigned` (persons), `spells`, `leader_spells` (thousandths), `leader` (code; of equals the
        first), `providers` (how many have any), `score`; the most residents first.
    """
    has = found.shares[found.shares["admissions"] > 0].sort_values(
        ["area", "admissions", "provider"], ascending=[True, False, True]
    )
    first = has.drop_duplicates("area").set_index("area")
    result = found.areas.drop(columns="assigned").merge(found.scores, on="area", how="left")
    result["spells"] = result["area"].map(found.shares.groupby("area")["admissions"].sum()).pipe(_whole)
    result["leader_spells"] = result["area"].map(first["admissions"]).pipe(_whole)
    result["leader"] = result["area"].map(first["provider"]).astype(object)
    result["providers"] = result["area"].map(has.groupby("area")["provider"].nunique()).pipe(_whole)
    return result.sort_values(["population", "area"], ascending=[False, True], ignore_index=True)


def _whole(values: pd.Series) -> pd.Series:
    """Whole numbers, 0 where there is none: what was spread over places is a fraction."""
    return floats(values).fillna(0.0).round().astype("int64")


def places_table(found: CatchmentSet, provider: str) -> pd.DataFrame:
    """The areas that make up one provider's catchment.

    Returns:
        One row for each area with any of its spells: `area`, `population` (of the area), `spells`, `area_spells` (thousandths),
        and of the provider's catchment in persons `proportional`, `first_past_the_post`, `at_least_30`, and `score`; the most of
        its catchment first.
    """
    own = found.shares[(found.shares["provider"] == provider) & (found.shares["admissions"] > 0).to_numpy(dtype=bool)]
    result = own[["area", "admissions", "area_admissions"]].rename(
        columns={"admissions": "spells", "area_admissions": "area_spells"}
    )
    result = result.assign(spells=_whole(result["spells"]), area_spells=_whole(result["area_spells"]))
    for name, parts in (("proportional", found.parts), ("first_past_the_post", found.post), ("at_least_30", found.thirty)):
        sums = parts[parts["provider"] == provider].groupby("area")["population"].sum()
        result[name] = result["area"].map(sums).astype("float64").fillna(0.0)
    result = result.merge(found.areas[["area", "population"]], on="area").merge(found.scores, on="area", how="left")
    return result.sort_values(["proportional", "area"], ascending=[False, True], ignore_index=True)


def profiles_table(found: CatchmentSet, own: Collection[str]) -> pd.DataFrame:
    """Age, sex and deprivation of each catchment, with the own area's residents first for comparison.

    Args:
        found: as `catchment_set` gives it.
        own: areas of the programme's own area.

    Returns:
        One row for each provider and one for the own area (`provider` = OWN): `provider`, `population`, `score` (weighted), and
        shares `female`, `age_0_14`, `age_15_44`, `age_45_64`, `age_65_84`, `age_85`.
    """
    residents = found.populations[found.populations["area"].isin(list(own))].assign(provider=OWN_AREA)
    parts = pd.concat([residents[catchments.PARTS], found.parts], ignore_index=True)
    sums = parts.groupby("provider")["population"].sum()
    scores = catchments.weighted_score(parts, found.scores)
    result = pd.DataFrame({"population": sums, "score": scores})
    sex, band = parts["stratum"].astype(str).str[:1], parts["stratum"].astype(str).str[2:]
    result["female"] = ratio(parts["population"].where(sex == "f", 0.0).groupby(parts["provider"]).sum(), sums)
    for group in dict.fromkeys(GROUPS.values()):
        inside = parts["population"].where(band.map(GROUPS) == group, 0.0)
        result[f"age_{group}"] = ratio(inside.groupby(parts["provider"]).sum(), sums)
    result = result.reset_index()
    is_own = (result["provider"] == OWN_AREA).astype(int)
    order = result.assign(is_own=is_own).sort_values(["is_own", "population", "provider"], ascending=[False, False, True])
    return order.drop(columns="is_own").reset_index(drop=True)


def ages_table(found: CatchmentSet, provider: str, own: Collection[str]) -> pd.DataFrame:
    """The catchment of one provider by age band and sex, beside the own area's residents.

    Returns:
        One row for each age band in order: `age_band`, `female`, `male`, `population` (persons of the catchment), `share` of it,
        `own_population`, `own_share` (of the own area's residents), and `spells` of the patient-level extracts in the band
        (missing where the provider is not known by age and sex).
    """
    residents = found.populations[found.populations["area"].isin(list(own))]
    theirs = found.parts[found.parts["provider"] == provider]
    columns: dict[str, Mapping[str, float]] = {
        "female": _by_band(theirs[theirs["stratum"].astype(str).str.startswith("f")]),
        "male": _by_band(theirs[theirs["stratum"].astype(str).str.startswith("m")]),
        "own_population": _by_band(residents),
    }
    result = pd.DataFrame({"age_band": BANDS})
    for name, sums in columns.items():
        result[name] = result["age_band"].map(sums).astype("float64").fillna(0.0)
    result["population"] = result["female"] + result["male"]
    for share, of in (("share", "population"), ("own_share", "own_population")):
        result[share] = ratio(result[of], pd.Series(result[of].sum(), index=result.index))
    known = found.providers.set_index("provider")["by_strata"]
    in_band = found.bands[found.bands["provider"] == provider].set_index("age_band")["spells"]
    spells = result["age_band"].map(in_band).pipe(_whole) if bool(known.get(provider, False)) else pd.NA
    return result.assign(spells=pd.Series(spells, index=result.index, dtype="Int64"))


def _by_band(parts: pd.DataFrame) -> Mapping[str, float]:
    sums = parts["population"].groupby(parts["stratum"].astype(str).str[2:]).sum()
    return {str(band): float(people) for band, people in sums.items()}
