"""Gathers what a round is computed from: spend mapped to populations, people, weights, need, market forces, with sources."""

from typing import Any

import pandas as pd

from accounts.reading import counting_reader
from finance import queries
from finance.calculations import allocation as allocating
from finance.calculations import provider_to_population as mapping
from finance.calculations import round_people
from finance.calculations.rounds import RoundInputs, RoundPolicy
from finance.models import AllocationRound
from finance.queries import rounds as reading
from planning.calculations.financial_years import following
from planning.calculations.homes import DEVOLVED, NOT_KNOWN, OVERSEAS, PRIVATE
from planning.queries import assumptions, sources

APART = (DEVOLVED, OVERSEAS, PRIVATE)
Sources = list[tuple[str, str, str]]


def policy_of(found: AllocationRound) -> RoundPolicy:
    told = found.parameters
    return RoundPolicy(
        years=years_of(found),
        method=found.method,
        need=found.need,
        need_includes_age=found.need_includes_age,
        quantum=found.quantum,
        growth=told["growth"],
        floor=told["floor"],
        cap=told["cap"],
        knots=tuple((distance, change) for distance, change in told["knots"]),
        need_per_unit=told["need_per_unit"],
        errors=told["errors"],
    )


def years_of(found: AllocationRound) -> tuple[str, ...]:
    years = [found.first_year]
    while len(years) < found.years:
        years.append(following(years[-1]))
    return tuple(years)


def gather(found: AllocationRound, *, by: Any) -> tuple[RoundInputs, dict[str, bool], Sources]:
    """The tables of a round as they stand now, whether each area's own trusts are in, and where all of it comes from."""
    filters = {"position": found.position, "year": found.baseline_year}
    read = queries.allocation_inputs(filters)
    # Counts of people are read with the money, since what is kept may later be shown outside.
    spend = _delegated(queries.spend_by_population(counting_reader(by), filters))
    counted = queries.people_of_systems(counting_reader(by), filters).set_index("home_system")["people"]
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
        need=own.rename(columns={"imd": "measure"})[["area", "measure"]],
        care=spend[spend["area"].isin(areas)].reset_index(drop=True),
        market_forces=_of_those_used(read["market_forces"], spend, areas),
        weighted=own.rename(columns={"registered": "population", "general_acute_weighted": "weighted_population_raw"})[
            ["area", "population", "weighted_population_raw"]
        ],
    )
    return inputs, {area: area in read["whole"] for area in areas}, _sources(found)


def _delegated(read: dict[str, Any]) -> pd.DataFrame:
    """Delegated spend of each population at each provider: area, provider, price, people."""
    rows = allocating.spend_rows(read["flows"], read["statuses"], read["hubs"])
    mapped = mapping.provider_to_population(rows, not_known=[NOT_KNOWN], apart=APART)
    mapped = mapped[mapped["kind"] == "population"].rename(columns={"population": "area", "amount": "price"})
    sums = mapped.groupby(["area", "provider"], as_index=False)["price"].sum()
    people = read["people"].rename(columns={"home_system": "area"})
    return sums.merge(people[["area", "provider", "people"]], on=["area", "provider"], how="left", validate="one_to_one")


def _people(found: AllocationRound, read: dict[str, Any], measures: pd.DataFrame, areas: list[str]) -> pd.DataFrame:
    if found.people == AllocationRound.People.PROJECTED:
        projected = assumptions.projected_people(None)
        people = round_people.projected_people(projected, read["place_systems"], years_of(found))
    else:
        people = round_people.resident_people(read["populations"], read["place_systems"])
        if found.people == AllocationRound.People.REGISTERED:
            people = round_people.registered_people(people, measures[["area", "registered"]])
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
        return [*spend, *sources.sources_of("places")]
    people = [("Projected people", str(upload), upload.source) for upload in assumptions.projections(None)]
    projected = found.people == AllocationRound.People.PROJECTED
    stated = people if projected else sources.sources_of("places", "place_populations")
    factors = sources.sources_of("provider_market_forces_factors")
    return [*spend, *stated, *factors, *queries.rate_sources(["age_cost", "need"])]


def need_per_unit(year: str) -> float | None:
    """The programme's own coefficient of deprivation in a year, where it has one."""
    rates = queries.rates_in_force("need", year).set_index("key")["value"]
    return float(rates[queries.NEED_MEASURE]) if queries.NEED_MEASURE in rates.index else None
