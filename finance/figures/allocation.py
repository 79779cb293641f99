"""Figures of the Allocation page: what populations cost, beside their weighted shares."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from finance import queries
from finance.calculations import allocation as allocating
from finance.calculations import provider_to_population as mapping
from finance.charts import allocation as charts
from finance.charts import words
from finance.forms import AllocationForm
from finance.tables import allocation as tables
from planning.calculations.homes import DEVOLVED, NOT_KNOWN, OVERSEAS, PRIVATE
from planning.figures.flows import position_stamp
from planning.queries.sources import sources_of
from presentation.amounts import money
from presentation.disclosure import numeric
from presentation.figure import Figure, register
from presentation.shared_reads import shared
from presentation.wording import listed_at_most

SOURCE = "Aggregate Contract Monitoring (ACM)"
APART = (DEVOLVED, OVERSEAS, PRIVATE)
KIND_WORDS = {
    "population": "To the population's system",
    "hub": "Stays with the national hub",
    "apart": "Apart: no English system's",
    "without_status": "Service without delegation status",
    "unallocated": "Unallocated: no known spend to follow",
}


def finance_stamp(filters: Mapping[str, Any]) -> tuple[str, ...]:
    return (*position_stamp(filters), f"rates {queries.rates_version()}")


@shared
def read_populations(reader, filters):
    """Provider spend, and what it is when mapped to populations."""
    read = queries.spend_by_population(reader, filters)
    spend = allocating.spend_rows(read["flows"], read["statuses"], read["hubs"])
    return {**read, "spend": spend, "mapped": mapping.provider_to_population(spend, not_known=[NOT_KNOWN], apart=APART)}


@shared
def read_shares(reader, filters):
    """What weighted shares rest on, and the spend mapped to populations."""
    return {**queries.allocation_inputs(filters), **read_populations(reader, filters)}


@shared
def read_allocation(reader, filters):
    """Both ways to a weighted share, of the spend mapped to populations."""
    read = read_shares(reader, filters)
    return {**read, "ways": ways_of(read, read["mapped"]), "system_people": queries.people_of_systems(reader, filters)}


def _services_words(read: Mapping[str, Any]) -> str:
    """Whose list says which services are delegated, and whether they were."""
    statuses = read["statuses"]
    lists = " and ".join(sorted(set(statuses["list_year"]))) or "no"
    return f"{lists} list, as if delegated" if statuses["as_if"].any() else f"{lists} list"


def named(codes: pd.Series, names: Mapping[str, str]) -> list[str]:
    return [names.get(c, c) for c in codes]


def provider_to_population(read, filters):
    rows = mapping.by_provider_and_population(read["mapped"])
    rows = rows.merge(
        read["people"].rename(columns={"home_system": "population"}),
        on=["provider", "population"],
        how="left",
        validate="many_to_one",
    )
    names = {**read["population_names"], mapping.UNALLOCATED: "Unallocated", mapping.WITHOUT_STATUS: "Without delegation status"}
    as_if = " as if delegated" if read["statuses"]["as_if"].any() else ""
    words = {**KIND_WORDS, "population": f"{KIND_WORDS['population']}{as_if}"}
    return rows.assign(
        provider_name=named(rows["provider"], read["provider_names"]),
        population_name=named(rows["population"], names),
        kind_words=rows["kind"].map(words),
        is_population=rows["kind"] == "population",
    )


def provider_ledger(read, filters):
    rows = mapping.ledger_by_kind(read["spend"], read["mapped"])
    people = read["people"]
    apart = people[people["home_system"].isin(APART)].groupby("provider")["people"].sum()
    names = named(rows["provider"], read["provider_names"])
    return rows.assign(provider_name=names, apart_people=rows["provider"].map(apart))


def ways_of(
    read: Mapping[str, Any], mapped: pd.DataFrame, *, leave_out: Iterable[str] = (), need_weight: float = 1.0
) -> dict[str, Any]:
    """Baselines and both weighted shares of the systems whose own trusts are all in, without those left out."""
    delegated = mapped[mapped["kind"] == "population"]
    systems = sorted((read["whole"] & set(read["system_names"])) - set(leave_out))
    money = delegated.groupby("population")["amount"].sum()
    baselines = {s: int(money.get(s, 0)) for s in systems}
    hosts = read["hosts"].set_index("provider")["system"]
    own = mapped[mapped["kind"].isin(["population", "unallocated"])]
    paid = own.groupby(own["provider"].map(hosts))["amount"].sum()
    measures = allocating.system_measures(read["places"], read["place_systems"], read["populations"])
    need = read["need_per_imd_point"]
    return {
        "baselines": baselines,
        "provider_spend": {str(s): int(a) for s, a in paid.items()},
        "core": allocating.core_index(measures, baselines, systems),
        "chain": allocating.full_chain(
            spend_of_areas(mapped),
            baselines=baselines,
            people=allocating.system_people(read["populations"], read["place_systems"]),
            measures=measures,
            cost_weights=read["cost_weights"],
            need_per_imd_point=None if need is None else need * need_weight,
            market_forces=read["market_forces"],
            systems=systems,
        ),
    }


def spend_of_areas(mapped: pd.DataFrame) -> pd.DataFrame:
    """Delegated money by area and provider: `area`, `provider`, `price`."""
    areas = mapped[mapped["kind"] == "population"].rename(columns={"population": "area", "amount": "price"})
    return areas.groupby(["area", "provider"], as_index=False)["price"].sum()


def allocation(read, filters):
    ways = read["ways"]
    present = set(read["flows"]["home_system"]) | set(ways["baselines"])
    names = {c: n for c, n in read["system_names"].items() if c in present}
    frame = allocating.by_system(names=names, **ways)
    return frame.assign(
        people=_people_of_systems(read, frame["system"]),
        services=_services_words(read),
        core_fault=ways["core"].fault,
        chain_fault=ways["chain"].fault,
    )


def _people_of_systems(read, systems: pd.Series) -> pd.Series:
    return systems.map(read["system_people"].set_index("home_system")["people"])


def _steps(read, way: str) -> pd.DataFrame:
    areas = read["ways"][way].areas.rename(columns={"area": "system"})
    return areas.assign(
        system_name=named(areas["system"], read["system_names"]),
        people=_people_of_systems(read, areas["system"]),
        services=_services_words(read),
    )


def allocation_core(read, filters):
    return _steps(read, "core")


def allocation_chain(read, filters):
    return _steps(read, "chain")


def allocation_notes(frame, filters):
    yield "Shares are of the loaded area, not of England. Spend is of delegated services with the providers loaded."
    if absent := frame.loc[~frame["is_whole"].astype(bool), "system_name"].tolist() if len(frame) else []:
        yield f"Not known for {listed_at_most(absent, 8)}: not all of their own trusts have submitted. The files list each."
    yield (
        "Core index: General and Acute weighted populations of registered patients, finished as published for core services; "
        "no age or market forces are applied to them again. Full chain: residents, with illustrative cost and need weights."
    )
    for column, way in [("core_fault", "The core index"), ("chain_fault", "The full chain")]:
        faults = sorted({f for f in frame[column] if f}) if column in frame else []
        yield from (f"{way} cannot be computed. {fault}" for fault in faults)
    if len(frame) and "as if" in frame["services"].iloc[0]:
        yield "These years came before delegation, or have no list of their own: services are read as if delegated."


def chain_notes(frame, filters):
    yield (
        "Weighted population = residents × age index × additional-need index × market forces index, scaled so that the loaded "
        "area's weighted population equals its people."
    )
    yield "Need rises by the rate for each point of deprivation score (2019) above the mean of the loaded area's people."
    yield "The market forces factor is of where each system's people are treated; it is taken out of prices before averaging."


def unallocated_notes(frame, column: str):
    """Money that is nobody's is warned of, since no population's spend has it."""
    left = numeric(frame.loc[frame["kind"] == "unallocated", column]).sum() if len(frame) else 0
    if left:
        yield f"{money(int(left))} is unallocated: its provider and service have no known spend of a population to follow."


def population_notes(frame, filters):
    yield (
        "Delegated services go to the system of the person's home; money of homes not known follows the known money of the same "
        "provider and service. Retained and host-funded services stay with the national hub."
    )
    yield from unallocated_notes(frame, "amount")
    if len(frame) and frame["kind_words"].str.contains("as if").any():
        yield "Services are read on the list of another year, as if delegated."


def allocation_sources(filters):
    """Populations and market forces factors, and the rates of cost and need."""
    return [
        *sources_of("places", "place_populations", "provider_market_forces_factors"),
        *queries.rate_sources(["age_cost", "need"]),
    ]


def statuses_sources(filters):
    return sources_of("service_statuses", "commissioner_systems")


def _allocation_figure(**options: Any) -> Figure:
    common = {"form": AllocationForm, "stamp": finance_stamp, "source": SOURCE, "url_name": "finance:allocation"}
    return register(Figure(**{**common, **options}))


ALLOCATION = _allocation_figure(
    name="allocation",
    sources=allocation_sources,
    heading="Spend on people beside their weighted share",
    query=read_allocation,
    calculation=allocation,
    table=tables.AllocationTable,
    chart=charts.allocation_chart,
    note=allocation_notes,
)
ALLOCATION_CORE = _allocation_figure(
    name="allocation_core",
    sources=allocation_sources,
    heading="By the core index, finished",
    query=read_allocation,
    calculation=allocation_core,
    table=tables.AllocationCoreTable,
    chart=charts.core_chart,
)
ALLOCATION_CHAIN = _allocation_figure(
    name="allocation_chain",
    sources=allocation_sources,
    heading="By the full chain, step by step",
    query=read_allocation,
    calculation=allocation_chain,
    table=tables.AllocationChainTable,
    chart=charts.chain_chart,
    note=chain_notes,
)
PROVIDER_TO_POPULATION = _allocation_figure(
    name="provider_to_population",
    sources=statuses_sources,
    heading="From what providers were paid to whom it was for",
    query=read_populations,
    calculation=provider_to_population,
    table=tables.ProviderToPopulationTable,
    chart=charts.population_chart,
    note=population_notes,
)
PROVIDER_LEDGER = _allocation_figure(
    name="provider_ledger_check",
    sources=statuses_sources,
    heading="Check: populations add up to each provider's ledger",
    query=read_populations,
    calculation=provider_ledger,
    table=tables.LedgerTable,
    chart=charts.ledger_chart,
)


def allocation_sentence(results) -> str:
    """What the page says first: who receives more than their weighted share, by how much, and what closing it would move."""
    result = results["allocation"]
    frame = result.frame
    core, chain = words.furthest(frame, "core_"), words.furthest(frame, "chain_")
    if core is None:
        return f"{charts.allocation_title(frame)}."
    name, distance, amount = core
    said = f"{words.share_words(name, distance, amount)} of delegated spend in {words.period(result.filters)} by the core index"
    if chain is not None:
        by_chain = frame.loc[frame["system_name"] == name, "chain_distance"]
        said += f", and {words.more_or_less(float(numeric(by_chain).iloc[0]))} by the full chain"
    if words.stored(amount) and distance > 0:
        said += f"; closing a quarter of the first would move {money(int(amount / 4))}"
    return f"{said}."
