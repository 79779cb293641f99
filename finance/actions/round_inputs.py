"""Gathers what a round is computed from: spend mapped to populations, people, weights, need, market forces, with sources."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from accounts.reading import counting_reader
from finance import queries
from finance.calculations import allocation as allocating
from finance.calculations import provider_to_population as mapping
from finance.calculations import round_people
from finance.calculations.area_measures import measures_of_systems, nearest_kilometres, need_of_systems
from finance.calculations.measure_names import KILOMETRES, NEAREST
from finance.calculations.need import NeedModel
from finance.calculations.policy import growth_of_years, without_programmes
from finance.calculations.rounds import EVERY_YEAR, MEASURE_COLUMNS, RoundInputs, RoundPolicy
from finance.models import AllocationRound
from finance.queries import measures as measuring
from finance.queries import official
from finance.queries import rounds as reading
from planning.calculations.financial_years import start_year
from planning.calculations.homes import DEVOLVED, NOT_KNOWN, OVERSEAS, PRIVATE
from planning.queries import assumptions, reference, sources

APART = (DEVOLVED, OVERSEAS, PRIVATE)
Sources = list[tuple[str, str, str]]


def policy_of(found: AllocationRound) -> RoundPolicy:
    told = found.parameters
    return RoundPolicy(
        years=reading.years_of(found),
        method=found.method,
        need=found.need,
        need_includes_age=found.need_includes_age,
        quantum=found.quantum,
        growth=tuple(growth_of_years(told["growth"], reading.years_of(found)).values()),
        transfers=reading.transfers_of(found),
        floor=told["floor"],
        cap=told["cap"],
        knots=tuple((distance, change) for distance, change in told["knots"]),
        need_per_unit=told["need_per_unit"],
        model=model_of(told.get("need_model", {})),
        errors=told["errors"],
    )


def model_of(told: Mapping[str, Any]) -> NeedModel:
    """The model of need that a round was told; without coefficients where it was told none."""
    measures = tuple((str(measure), str(side), float(change)) for measure, side, change in told.get("coefficients", []))
    return NeedModel(float(told.get("constant", 0)), measures)


def gather(found: AllocationRound, *, by: Any) -> tuple[RoundInputs, dict[str, bool], Sources]:
    """The tables of a round as they stand now, whether each area's own trusts are in, and where all of it comes from."""
    filters = {"position": found.position, "year": found.baseline_year}
    left_out = found.parameters.get("leave_out_programme", [])
    read = queries.allocation_inputs(filters)
    # Counts of people are read with the money, since what is kept may later be shown outside.
    spend = _delegated(queries.spend_by_population(counting_reader(by), filters), left_out)
    counted = queries.people_of_systems(counting_reader(by), reading.rows_of(found)).set_index("home_system")["people"]
    areas = reading.area_systems(found, read["whole"])
    money = spend.groupby("area")["price"].sum()
    baselines = pd.DataFrame({"area": areas, "name": [read["system_names"].get(a, a) for a in areas]})
    baselines["baseline"] = [int(money.get(a, 0)) for a in areas]
    baselines["people"] = [int(counted.get(a, 0) or 0) for a in areas]
    measures = allocating.system_measures(read["places"], read["place_systems"], read["populations"])
    own = measures[measures["area"].isin(areas)].reset_index(drop=True)
    inputs = RoundInputs(
        baselines=baselines,
        people=_people(found, read, measures, areas),
        cost_weights=read["cost_weights"].astype({"cost": float}),
        need=_need(found, own, read),
        measures=_measures(found, read, areas),
        care=spend[spend["area"].isin(areas)].reset_index(drop=True),
        market_forces=_of_those_used(read["market_forces"], spend, areas),
        weighted=_weighted(own, areas),
    )
    return inputs, {area: area in read["whole"] for area in areas}, _sources(found)


def _delegated(read: dict[str, Any], left_out: list[str]) -> pd.DataFrame:
    """Delegated spend of each population at each provider, without programmes of care: area, provider, price, people."""
    rows = allocating.spend_rows(read["flows"], read["statuses"], read["hubs"])
    mapped = mapping.provider_to_population(rows, not_known=[NOT_KNOWN], apart=APART)
    mapped = without_programmes(mapped, queries.programmes_of_services(), left_out)
    mapped = mapped[mapped["kind"] == "population"].rename(columns={"population": "area", "amount": "price"})
    sums = mapped.groupby(["area", "provider"], as_index=False)["price"].sum()
    people = read["people"].rename(columns={"home_system": "area"})
    return sums.merge(people[["area", "provider", "people"]], on=["area", "provider"], how="left", validate="one_to_one")


def _need(found: AllocationRound, measures: pd.DataFrame, read: dict[str, Any]) -> pd.DataFrame:
    """Deprivation of each area, or where a need index is imported that of the edition loaded, of all services together: a
    system's own, otherwise the mean of its places by their people. Nothing where need is by a model of its own measures."""
    if found.need == AllocationRound.Need.MODEL:
        return pd.DataFrame(columns=["area", "measure"])
    if found.need == AllocationRound.Need.MEASURE:
        return measures.rename(columns={"imd": "measure"})[["area", "measure"]]
    indices = official.need_indices(programme_of_care="")
    rows = need_of_systems(indices, read["place_systems"], read["populations"]).rename(columns={"need_index": "measure"})
    own = rows["area"].isin(set(measures["area"]))
    return rows.loc[own, ["area", "measure", "places", "includes_age"]].reset_index(drop=True)


def _measures(found: AllocationRound, read: dict[str, Any], areas: list[str]) -> pd.DataFrame:
    """The measures of a model of need by system, and no others."""
    named = [measure for measure, _, _ in policy_of(found).model.measures]
    known = pd.concat([measuring.measures_in_force(), _nearest()], ignore_index=True)
    stated = known[known["measure"].isin(named)]
    rows = measures_of_systems(stated, read["place_systems"], read["populations"])
    units = stated.drop_duplicates("measure").set_index("measure")["unit"]
    rows = rows.assign(unit=rows["measure"].map(units))
    return rows.loc[rows["area"].isin(areas), MEASURE_COLUMNS].reset_index(drop=True)


def _nearest() -> pd.DataFrame:
    rows = nearest_kilometres(reference.place_lookup(), measuring.tertiary_positions())
    return rows.assign(measure=NEAREST, unit=KILOMETRES)


def _weighted(measures: pd.DataFrame, areas: list[str]) -> pd.DataFrame:
    """Overall core weighted populations of the official file of practices; without one, General and Acute of the places."""
    practices = official.weighted_practices()
    if practices.empty:
        names = {"registered": "population", "general_acute_weighted": "weighted_population_raw"}
        return measures.rename(columns=names)[["area", *names.values()]]
    sums = practices.groupby("system", as_index=False)[["population", official.WEIGHTS[-1]]].sum(min_count=1)
    sums = sums.rename(columns={"system": "area", official.WEIGHTS[-1]: "weighted_population_raw"})
    return sums[sums["area"].isin(areas)].reset_index(drop=True)


def _registered(found: AllocationRound, read: dict[str, Any], measures: pd.DataFrame) -> pd.DataFrame:
    """Those of the official file by age and sex; without one, lists of practices by the ages and sexes of residents."""
    loaded = official.registered_populations()
    if loaded.empty:
        residents = round_people.resident_people(read["populations"], read["place_systems"])
        return round_people.registered_people(residents, measures[["area", "registered"]])
    stated = loaded.rename(columns={"population": "people"}).assign(year=start_year(found.first_year))
    return round_people.projected_people(stated, read["place_systems"], [found.first_year]).assign(year=EVERY_YEAR)


def _people(found: AllocationRound, read: dict[str, Any], measures: pd.DataFrame, areas: list[str]) -> pd.DataFrame:
    if found.people == AllocationRound.People.PROJECTED:
        projected = assumptions.projected_people(None)
        people = round_people.projected_people(projected, read["place_systems"], reading.years_of(found))
    else:
        registered = found.people == AllocationRound.People.REGISTERED
        residents = round_people.resident_people(read["populations"], read["place_systems"])
        people = _registered(found, read, measures) if registered else residents
    return people[people["area"].isin(areas)].reset_index(drop=True)


def _of_those_used(factors: pd.DataFrame, spend: pd.DataFrame, areas: list[str]) -> pd.DataFrame:
    used = set(spend.loc[spend["area"].isin(areas), "provider"])
    return factors[factors["provider"].isin(used)].sort_values("provider", ignore_index=True)


def _sources(found: AllocationRound) -> Sources:
    spend: Sources = [
        (
            f"Spend of {found.baseline_year} mapped to populations",
            f"Position {found.position}",
            "Aggregate Contract Monitoring (ACM)",
        )
    ]
    if found.method == AllocationRound.Method.PUBLISHED:
        return [*spend, *_official_or("practices", "places")]
    people = [("Projected people", str(upload), upload.source) for upload in assumptions.projections(None)]
    projected = found.people == AllocationRound.People.PROJECTED
    stated = people if projected else sources.sources_of("places", "place_populations")
    if found.people == AllocationRound.People.REGISTERED:
        stated = _official_or("registered", "places", "place_populations")
    factors = sources.sources_of("provider_market_forces_factors")
    return [*spend, *stated, *_need_sources(found), *factors, *queries.rate_sources(["age_cost"])]


def _need_sources(found: AllocationRound) -> Sources:
    if found.need == AllocationRound.Need.IMPORTED:
        return official.sources_of_official("need")
    if found.need == AllocationRound.Need.MODEL:
        return measuring.sources_of_measures([measure for measure, _, _ in policy_of(found).model.measures])
    return queries.rate_sources(["need"])


def _official_or(kind: str, *tables: str) -> Sources:
    """The official edition of a kind where one is loaded, otherwise the reference tables that stand in for it."""
    return official.sources_of_official(kind) if official.shown_edition(kind) else sources.sources_of(*tables)
