"""What stands in the way of a round: which inputs are missing, of which areas, and what to do about each."""

from collections.abc import Iterable, Mapping

import pandas as pd

from .measure_names import NEED
from .need import need_terms
from .rounds import IMPORTED, MEASURE, MODEL, PUBLISHED, RoundInputs, RoundPolicy, people_of_year

COLUMNS = ["area", "input", "problem", "remedy"]
# Of the whole round rather than of one of its areas.
WHOLE_ROUND = ""
Fault = tuple[str, str, str, str]


def missing_inputs(inputs: RoundInputs, policy: RoundPolicy, *, own_trusts: Mapping[str, bool]) -> pd.DataFrame:
    """Everything that a round lacks, so that no share is ever made silently without it.

    Args:
        inputs: the tables as they could be read; any of them may lack areas.
        policy: what the round needs.
        own_trusts: the areas of the round, and whether each one's own trusts are all in for the baseline year.

    Returns:
        One row a fault, by area and input: `area` ("" for the round as a whole), `input`, `problem`, `remedy`. Empty where the
        round can be calculated.
    """
    areas = sorted(own_trusts)
    found: list[Fault] = []
    if len(areas) < 2:
        found.append(
            (
                WHOLE_ROUND,
                "Areas",
                f"There {'is one area' if areas else 'is no area'}: a share needs two or more",
                "Choose an area of two systems or more, or load the trusts of more systems",
            )
        )
    found += _baseline_faults(inputs.baselines, own_trusts)
    found += _transfer_faults(policy, areas)
    if policy.method == PUBLISHED:
        found += _published_faults(inputs.weighted, areas)
    else:
        found += _people_faults(inputs, policy, areas)
        found += _weight_faults(inputs)
        found += _model_faults(inputs, policy, areas) if policy.need == MODEL else _need_faults(inputs.need, policy, areas)
        found += _market_forces_faults(inputs, areas)
    return pd.DataFrame(found, columns=COLUMNS).sort_values(["area", "input", "problem"], ignore_index=True)


def _baseline_faults(baselines: pd.DataFrame, own_trusts: Mapping[str, bool]) -> Iterable[Fault]:
    money = dict(zip(baselines["area"], baselines["baseline"], strict=True))
    for area, whole in own_trusts.items():
        if not whole:
            yield (
                area,
                "Baseline",
                "Its own trusts have not submitted every month of the baseline year",
                "Load their extracts, or leave the system out of the area",
            )
        elif money.get(area, 0) <= 0:
            yield area, "Baseline", "No delegated spend is mapped to its people", "Check the position and the baseline year"


def _transfer_faults(policy: RoundPolicy, areas: list[str]) -> Iterable[Fault]:
    for area in sorted({area for moved in policy.transfers.values() for area in moved} - set(areas)):
        words = "A transfer names it, and it is no area of this round"
        yield area, "Recurrent transfers", words, "Take the transfer out, or choose an area that holds the system"


def _people_faults(inputs: RoundInputs, policy: RoundPolicy, areas: list[str]) -> Iterable[Fault]:
    weights = set(zip(inputs.cost_weights["sex"], inputs.cost_weights["age_band"], strict=True))
    for year in policy.years:
        people = people_of_year(inputs.people, year)
        for area in areas:
            yield from _people_of_area(area, year, people[people["area"] == area], weights)
        if not (people["year"] == year).any():
            return  # The same people stand for every year, so their faults are told once.


def _people_of_area(area: str, year: str, own: pd.DataFrame, weights: set[tuple[str, str]]) -> Iterable[Fault]:
    if own.empty or own["population"].isna().any():
        yield area, "Population", f"No population, or not every age and sex of it, for {year}", "Load populations of its places"
        return
    if (own["population"] < 0).any():
        bands = listed_bands(own.loc[own["population"] < 0])
        yield area, "Population", f"Below 0: {bands}", "Correct the file of populations and load it again"
    if absent := weights - set(zip(own["sex"], own["age_band"], strict=True)):
        bands = listed_bands(pd.DataFrame(sorted(absent), columns=["sex", "age_band"]))
        yield (
            area,
            "Population",
            f"No people are stated for {year}: {bands}",
            "Load every age and sex, with 0 where there is nobody",
        )


def _weight_faults(inputs: RoundInputs) -> Iterable[Fault]:
    weights, key = inputs.cost_weights, ["sex", "age_band"]
    if weights.empty:
        yield WHOLE_ROUND, "Cost weights", "There are none", "Load rates of cost per head by age and sex"
        return
    if len(low := weights[weights["cost"].astype(float) <= 0]):
        yield WHOLE_ROUND, "Cost weights", f"Not above 0: {listed_bands(low)}", "Correct the rates of cost per head"
    both = inputs.people[key].drop_duplicates().merge(weights[key], on=key, how="left", indicator=True)
    if len(uncovered := both[both["_merge"] == "left_only"].sort_values(key)):
        words = f"They do not cover all ages: none for {listed_bands(uncovered)}"
        yield WHOLE_ROUND, "Cost weights", words, "Load a rate for every age and sex that has people"


def _need_faults(need: pd.DataFrame, policy: RoundPolicy, areas: list[str]) -> Iterable[Fault]:
    known = need.dropna(subset=["measure"])
    for area in sorted(set(areas) - set(known["area"])):
        if policy.need == MEASURE:
            yield area, "Additional need", "A place of it has no deprivation score", "Load the scores of its places"
        else:
            yield area, "Additional need", "The official file loaded has no need index for it", "Load the file that has"
    if (
        policy.need == IMPORTED
        and not policy.need_includes_age
        and known.get("includes_age", pd.Series(dtype=bool)).eq(True).any()
    ):
        words = "The imported index holds age already, and the round would weigh age again"
        yield WHOLE_ROUND, "Additional need", words, "Say that the need index holds age already"
    low = known[known["area"].isin(areas) & (known["measure"].astype(float) <= 0)] if policy.need == IMPORTED else known[:0]
    for area in low["area"]:
        yield area, "Additional need", "Its need index is not above 0", "Correct the official file and load it again"


def _model_faults(inputs: RoundInputs, policy: RoundPolicy, areas: list[str]) -> Iterable[Fault]:
    """Measures that are not there; where all are, areas whose need would come out at 0 or below."""
    known = inputs.measures.dropna(subset=["value"])
    if not any(side == NEED for _, side, _ in policy.model.measures):
        yield WHOLE_ROUND, "Additional need", "The model has no measure of need", "Give one measure of need or more a coefficient"
    lacking = False
    for measure, _, _ in policy.model.measures:
        there = set(known.loc[known["measure"] == measure, "area"])
        lacking = lacking or bool(set(areas) - there)
        if not there & set(areas):
            words = f"“{measure}” is not loaded for any area"
            yield WHOLE_ROUND, "Additional need", words, "Load an official file of measures that has it, or leave it out"
            continue
        for area in sorted(set(areas) - there):
            words = f"It has no “{measure}”, nor have all of its places"
            yield area, "Additional need", words, "Load the measure of the system, or of every place of it that has people"
    if not lacking:
        yield from _low_need(inputs, policy, areas)


def _low_need(inputs: RoundInputs, policy: RoundPolicy, areas: list[str]) -> Iterable[Fault]:
    for year in policy.years:
        people = people_of_year(inputs.people, year)
        of_areas = people[people["area"].isin(areas)].groupby("area")["population"].sum(min_count=1).reset_index()
        if set(of_areas["area"]) != set(areas) or not (of_areas["population"] > 0).all():
            return  # Told of the people themselves.
        need = need_terms(of_areas, inputs.measures, policy.model).groupby("area")["need_term"].sum()
        for area, low in need[need <= 0].items():
            words = f"Need comes out at £{low:,.2f} a head, by people of {year}".replace("£-", "\u2212£")
            yield (
                str(area),
                "Additional need",
                words,
                "Correct the constant or the coefficients: need must be above £0 everywhere",
            )
        if not (people["year"] == year).any():
            return


def _market_forces_faults(inputs: RoundInputs, areas: list[str]) -> Iterable[Fault]:
    care = inputs.care[inputs.care["area"].isin(areas) & (inputs.care["price"] > 0)]
    for area in sorted(set(areas) - set(care["area"])):
        yield area, "Market forces", "None of its people's care is loaded, so no factor follows it", "Check the baseline year"
    without = care[~care["provider"].isin(set(inputs.market_forces["provider"]))]
    for provider, own in without.groupby("provider"):
        for area in sorted(own["area"]):
            yield area, "Market forces", f"Provider {provider} has no market forces factor", "Load the factor of the provider"


def _published_faults(weighted: pd.DataFrame, areas: list[str]) -> Iterable[Fault]:
    known = weighted.dropna(subset=["population", "weighted_population_raw"])
    for area in sorted(set(areas) - set(known["area"])):
        yield (
            area,
            "Published weighted population",
            "A place of it has none",
            "Load the official file of weighted populations, or choose the full chain",
        )


def listed_bands(rows: pd.DataFrame) -> str:
    """Ages and sexes in words: "0-4 f, 85+ m"."""
    return ", ".join(f"{band} {sex}" for sex, band in zip(rows["sex"], rows["age_band"], strict=True))
