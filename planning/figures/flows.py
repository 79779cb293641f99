"""Figures of the Flows page: who is treated where."""

from urllib.parse import quote

import pandas as pd
from django.urls import reverse

from accounts.queries import reference_version
from planning.calculations import flow_tables
from planning.calculations.financial_years import first_day
from planning.charts import flows as charts
from planning.charts.flow_words import value_column
from planning.figures import flow_change, flow_patients
from planning.forms.filters import query_of
from planning.forms.flows import FlowFilterForm
from planning.queries import choices, coverage, flows, geography, positions, reference
from planning.tables import flows as tables
from presentation.figure import Figure, register
from presentation.shared_reads import shared

SOURCE = "Aggregate Contract Monitoring (ACM)"
URL_NAME = "planning:flow_dashboard"


def numbers_stamp(filters) -> tuple[str, ...]:
    """What the numbers of a position rest on, whichever positions came after it."""
    position = positions.reporting_position(filters.get("position"))
    of_position = f"position {position.number} {position.fingerprint}" if position else "no position"
    return (of_position, f"reference {reference_version()}")


def position_stamp(filters) -> tuple[str, ...]:
    """What any figure of a position rests on, and the page around it, which says whether the position is the latest."""
    return (*numbers_stamp(filters), f"latest {positions.latest_position()}")


@shared
def read_flows(reader, filters):
    """Flows at the level asked for, named, each with the address of its page, the largest first."""
    return {"flows": _shown(explored_flows(reader, filters), reader, filters)}


def read_crossings(reader, filters):
    """The same of people whom another system's provider treats."""
    across = flow_tables.crossings(explored_flows(reader, filters), hosts(filters))
    return {"flows": _shown(across, reader, filters)}


@shared
def explored_flows(reader, filters):
    """Columns home_system, that of the level, provider, the site where it is told apart, and all that is measured."""
    by = list(dict.fromkeys(["home_system", flows.HOME_COLUMNS[filters.get("level") or "system"], "provider"]))
    if filters.get("destination") == "site":
        by.append("destination")
    if filters.get("basis") == "change":
        return flow_change.flows_of_two_years(reader, filters, by)
    frame = flows.flow_frame(reader, filters, by)
    return flow_patients.with_patients(frame, reader, filters, by) if filters.get("measure") == "patients" else frame


def place_names():
    """Names of places; what has no place stands with its system."""
    not_placed = {code: f"{name} (place not known)" for code, name in choices.system_names().items()}
    return {**choices.home_names(), **not_placed, **choices.place_names()}


def own_homes(level: str) -> set[str]:
    """Homes of the programme's own area at a level; a region is no part of it, nor it of a region."""
    own = set(reference.own_systems())
    if level == "place":
        return own | choices.places_of(own)
    return own | choices.codes_of(own) if level == "code" else own


def names_of_homes(filters):
    """Names of homes at the level asked for."""
    level = filters.get("level") or "system"
    named = {"region": choices.region_names, "place": place_names, "code": choices.code_names}
    return named.get(level, choices.home_names)()


def _shown(frame, reader, filters):
    level = filters.get("level") or "system"
    regions = geography.regions_of_systems() if level == "region" else None
    at_level = flow_tables.at_level(frame, home=flows.HOME_COLUMNS[level], regions=regions)
    named = flow_tables.named_flows(
        at_level, homes=names_of_homes(filters), destinations=choices.destination_names(), own=own_homes(level)
    )
    if filters.get("destination") == "site":
        stated = named["destination"] != named["provider"]
        named = named.assign(site=named["destination"].where(stated, ""), site_name=named["destination_name"].where(stated, ""))
    if filters.get("measure") == "patients":
        named["coverage"] = named["provider"].map(flow_patients.coverage_of_providers(reader, filters))
    return addressed(named, filters).sort_values(value_column(filters), ascending=False, na_position="last", ignore_index=True)


def all_flows(read, filters):
    return read["flows"]


def addressed(frame, filters):
    """The flows with the address of the page of each, at which the rest of the filters stay."""
    # The page of one flow shows actual and plan beside each other, of activity or of cost.
    rest = {name: value for name, value in without_ends(filters).items() if name not in ("basis", "destination")}
    measure = {"measure": "activity"} if filters.get("measure") == "patients" else {}
    base = f"{reverse('planning:flow')}?{query_of({**rest, **measure})}"
    codes = {code: quote(str(code)) for column in ("home", "provider", "destination") for code in set(frame[column])}
    ends = zip(frame["home"], frame["provider"], frame["destination"], strict=True)
    tails = [f"&home={codes[h]}&provider={codes[p]}" + (f"&site={codes[d]}" if d != p else "") for h, p, d in ends]
    return frame.assign(address=pd.Series([base + tail for tail in tails], index=frame.index, dtype=object))


def without_ends(filters):
    """The filters but those that choose homes and providers."""
    return {name: value for name, value in filters.items() if name not in ("home", "system", "place", "provider", "site")}


def shared_flows(read, filters):
    return flow_tables.with_shares(read["flows"])


def hosts(filters):
    """Which system hosts each provider, in the geography asked for: that of a single year, or today's."""
    frame, year = coverage.provider_systems(), filters.get("year")
    if filters.get("geography") == "today" and filters.get("position") is not None:
        day = positions.reporting_position(filters["position"]).made_at.date()
    elif year not in (None, "", "all"):
        day = first_day(year)
    else:
        return frame
    became = geography.systems_today(day)
    return frame.assign(system=frame["system"].map(lambda code: became.get(code, code)))


def flow_notes(frame, filters):
    yield "Homes that are not known, and people of devolved nations, overseas and private patients, are rows of their own."
    if filters.get("level") == "place":
        yield "Where the place is not known, the activity stands with its system."
    if filters.get("level") == "code":
        yield "Homes are named by the code that the row states: a CCG of the day or a sub-ICB location."
    if filters.get("destination") == "site":
        yield "Where the site is not stated, the activity stands with its provider."
    if filters.get("basis") == "change":
        yield from flow_change.change_notes(filters)
    if filters.get("measure") == "patients":
        yield from flow_patients.patient_notes(frame)


FLOWS = register(
    Figure(
        name="flow_dashboard",
        heading="Who is treated where",
        form=FlowFilterForm,
        query=read_flows,
        calculation=all_flows,
        table=tables.FlowTable,
        chart=charts.flow_chart,
        note=flow_notes,
        stamp=position_stamp,
        source=SOURCE,
        url_name=URL_NAME,
    )
)
FLOW_MATRIX = register(
    Figure(
        name="flow_matrix",
        heading="How much homes and providers rest on each other",
        form=FlowFilterForm,
        query=read_flows,
        calculation=shared_flows,
        table=tables.FlowShareTable,
        chart=charts.matrix_chart,
        stamp=position_stamp,
        source=SOURCE,
        url_name=URL_NAME,
    )
)
FLOW_TOP = register(
    Figure(
        name="flow_top",
        heading="Largest flows across boundaries of systems",
        form=FlowFilterForm,
        query=read_crossings,
        calculation=all_flows,
        table=tables.FlowTable,
        chart=charts.top_chart,
        stamp=position_stamp,
        source=SOURCE,
        url_name=URL_NAME,
    )
)
