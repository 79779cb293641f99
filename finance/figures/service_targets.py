"""Figures of targets by service: by a need index of the programme of care where one is imported, else on a stated fallback."""

from typing import Any

import pandas as pd

from finance.calculations import service_targets as targeting
from finance.calculations.area_measures import need_of_systems
from finance.charts import service_targets as charts
from finance.figures.allocation import allocation_sources, finance_stamp, named, read_allocation
from finance.forms.service_targets import WAYS, ServiceTargetsForm
from finance.queries import service_targets as reads
from finance.queries.variation import group_names
from finance.tables import service_targets as tables
from presentation.figure import Figure, register
from presentation.wording import number_at_start, number_of

PROGRAMMES = "programme_of_care"
FALLBACK_WORDS = {"chain": "Fallback: full chain, all services alike", "core": "Fallback: core index, all services alike"}


def read_targets(reader, filters, grouping: str):
    """The chain and what it allocates, what codes belong to, and need indices as imported."""
    return {
        **read_allocation(reader, filters),
        "grouping": grouping,
        "codes": reads.groups_of_codes(grouping),
        "needs": reads.needs_of_year(filters),
        "group_people": reads.people_of_groups(reader, filters, grouping),
    }


def targets(read, filters) -> pd.DataFrame:
    """Each group of services of each whole system, with its target; nothing where there are no shares to go by."""
    ways = read["ways"]
    way, fallback = _fallback(ways, filters["way"])
    if not fallback:
        return _empty()
    areas = ways["chain"].areas
    needs = need_of_systems(read["needs"], read["place_systems"], read["populations"])
    shares = targeting.need_shares(areas, needs)
    spend = targeting.spend_by_group(read["mapped"], read["codes"], sorted(fallback))
    rows = targeting.service_targets(spend, shares, fallback)
    people = read["group_people"]
    rows = rows.merge(people, on=["group", "area"], how="left", validate="one_to_one")
    behind = rows["people"].astype("Int64")
    edition = read["needs"].attrs.get("edition", "")
    if (needs.loc[needs["area"].isin(areas["area"]), "places"] > 0).any():
        edition = f"{edition}, by the people of its places"
    basis = {
        targeting.PROGRAMME: f"Need index of its programme of care, {edition}",
        targeting.EVERY_SERVICE: f"Need index of all services, {edition}",
        targeting.FALLBACK: FALLBACK_WORDS[way],
    }
    return rows.assign(
        people=behind,
        group_people=behind.groupby(rows["group"]).transform("min").astype("Int64"),
        group_name=named(rows["group"], group_names(read["grouping"])),
        system_name=named(rows["area"], read["system_names"]),
        basis_words=rows["basis"].map(basis),
    )


def _fallback(ways, wanted: str) -> tuple[str, dict[str, float]]:
    """The way asked for, or the other where it cannot be computed, and each system's share by it."""
    for way in (wanted, *(w for w in WAYS if w != wanted)):
        areas = ways[way].areas
        if len(areas):
            return way, areas.set_index("area")["target_share"].astype(float).to_dict()
    return wanted, {}


def _empty() -> pd.DataFrame:
    texts = ["group", "area", "group_name", "system_name", "basis", "basis_words"]
    amounts = ["baseline", "target", "distance_money", "people", "group_people"]
    shares = {name: pd.Series(dtype="float64") for name in ("distance", "target_share")}
    return pd.DataFrame({n: pd.Series(dtype=object) for n in texts} | {n: pd.Series(dtype="Int64") for n in amounts} | shares)


def by_programme(read, filters):
    return targets(read, filters).sort_values(["group_name", "area"], ignore_index=True)


def by_service(read, filters):
    """The system that is looked at first, the largest distances before the others."""
    rows = targets(read, filters)
    rows = rows.assign(other=rows["area"] != filters["area"], size=-rows["distance_money"].abs().fillna(0))
    ordered = rows.sort_values(["other", "area", "size", "group"], ignore_index=True)
    return ordered.drop(columns=["other", "size"])


def target_notes(frame, filters):
    if frame.empty:
        yield "A target by service needs two systems or more whose own trusts are all in, with people, need and market forces."
        return
    known = frame.drop_duplicates("group")
    modelled = int((known["basis"] == targeting.PROGRAMME).sum())
    if modelled:
        yield f"{number_at_start(modelled)} of {number_of(len(known), 'group')} rest on a need index of their programme of care."
    if (known["basis"] == targeting.FALLBACK).any():
        yield (
            "Where no need index is imported the target shares every service as all services together are: a distance then says "
            "that the mix of care differs, not that need does. Weights of the full chain are illustrative; the core index is of "
            "core services, not specialised."
        )
    if (known["basis"] == targeting.FALLBACK).any() and not known["basis_words"].isin([FALLBACK_WORDS[filters["way"]]]).any():
        yield f"{WAYS[filters['way']]}: cannot be computed from what is loaded, so the other stands in for it."
    yield "The targets of a service add up to what the systems spend on it. Spend is of delegated services at loaded providers."


def _stamp(filters) -> tuple[str, ...]:
    return (*finance_stamp(filters), reads.need_version())


def _figure(**options: Any) -> Figure:
    return register(
        Figure(
            form=ServiceTargetsForm,
            stamp=_stamp,
            source="Aggregate Contract Monitoring (ACM)",
            url_name="finance:service_targets",
            sources=lambda filters: [*allocation_sources(filters), *reads.need_sources()],
            note=target_notes,
            **options,
        )
    )


SERVICE_TARGETS_BY_PROGRAMME = _figure(
    name="service_targets_by_programme",
    heading="By programme of care",
    query=lambda reader, filters: read_targets(reader, filters, PROGRAMMES),
    calculation=by_programme,
    table=tables.ProgrammeTargetsTable,
    chart=charts.programmes_chart,
)
SERVICE_TARGETS = _figure(
    name="service_targets",
    heading="By service",
    query=lambda reader, filters: read_targets(reader, filters, filters["grouping"]),
    calculation=by_service,
    table=tables.ServiceTargetsTable,
    chart=charts.services_chart,
)


def targets_sentence(results) -> str:
    """What the page says first: where the system is furthest from its target, and on what the targets rest."""
    result = results["service_targets_by_programme"]
    frame = result.frame
    own = frame[frame["area"] == result.filters["area"]]
    said = charts.furthest_words(own)
    if said is None:
        return f"{charts.targets_title(frame)}."
    programmes = frame.drop_duplicates("group")
    modelled = int((programmes["basis"] == targeting.PROGRAMME).sum())
    rest = (
        "every target rests on the fallback"
        if not modelled
        else f"{modelled} of {len(programmes)} have a need index of their own"
    )
    return f"{said}, further than on any other programme of care; {rest}."
