"""Figures of measures of flow, by system, provider, service and footprint, each on cost and on activity."""

import pandas as pd

from planning.calculations.homes import NOT_KNOWN
from planning.calculations.measure_tables import area_measures, provider_measures, service_measures
from planning.calculations.travel import with_distances, with_minutes
from planning.charts import flow_measures as charts
from planning.figures.flows import SOURCE, hosts, position_stamp
from planning.forms.flows import FlowFilterForm, MeasuresForm
from planning.queries import choices, coverage, flows, reference, travel
from planning.tables import flow_measures as tables
from presentation.amounts import percent
from presentation.figure import Figure, register
from presentation.shared_reads import shared
from presentation.wording import listed, listed_at_most

URL_NAME = "planning:flow_measures"
ENDS = ["home_system", "home_place", "provider", "destination"]
COST, ACTIVITY = "cost", "activity"
ALONE = "All loaded, and no trust of others: what its people have elsewhere is not known"
MINUTES = ["mean_minutes", "median_minutes", "share_within_hour", "minutes_covered"]


def of_everyone(filters):
    """The same question of every home and provider: what is true of a whole system is never taken from a part of it."""
    basis = "planned" if filters.get("basis") == "planned" else "actual"
    every = {name: [] for name in ("provider", "system", "place", "home", "site")}
    return {**filters, **every, "level": "system", "destination": "provider", "basis": basis}


def measured(filters, what: str) -> str:
    basis = "planned" if filters.get("basis") == "planned" else "actual"
    return f"{basis}_{'price' if what == COST else 'activity'}"


def read_systems(reader, filters):
    """Flows of everyone between systems and providers, which are soon read; how far they go is for the page of measures."""
    everyone = of_everyone(filters)
    frame = flows.flow_frame(reader, everyone, ["home_system", "provider"])
    return {"flows": frame, "hosts": hosts(filters), "whole": coverage.systems_with_own_trusts(everyone), "times": False}


def read_measures(reader, filters):
    return read_ends(reader, filters, ())


def read_services(reader, filters):
    return {**read_ends(reader, filters, ("service",)), "services": dict(choices.service_choices())}


@shared
def read_ends(reader, filters, by):
    """Flows of everyone as fine as places and sites, with how far they go."""
    everyone = of_everyone(filters)
    frame = flows.flow_frame(reader, everyone, [*by, *ENDS])
    frame = with_distances(frame, travel.positions_of_homes(), travel.positions_of_destinations())
    times = travel.travel_times()
    return {
        "flows": with_minutes(frame, times),
        "hosts": hosts(filters),
        "whole": coverage.systems_with_own_trusts(everyone),
        "times": len(times) > 0,
    }


def _named(frame: pd.DataFrame, read, code: str, names) -> pd.DataFrame:
    """The measures with names beside codes; columns of travel time only where a table of times is loaded."""
    frame = frame.rename(columns={"area": code}) if "area" in frame else frame
    named = frame.assign(**{f"{code}_name": [names.get(one, one) for one in frame[code]]})
    if "is_whole" in named:
        words = {True: "All loaded", False: "Not known: its own trusts have not submitted"}
        named["own_trusts"] = named["is_whole"].map(words).mask(named["is_whole"] & named["is_alone"], ALONE)
    return named if read["times"] else named.drop(columns=MINUTES, errors="ignore")


def system_measures(read, filters, what):
    frame, hosting = read["flows"], read["hosts"]
    present = {*frame["home_system"], *hosting.loc[hosting["provider"].isin(frame["provider"]), "system"]}
    systems = {code: name for code, name in choices.system_names().items() if code in present}
    return _named(_areas(read, filters, what, {code: [code] for code in systems}), read, "system", systems)


def footprint_measures(read, filters, what):
    named = reference.footprint_systems()
    stated = named[named["stated"]] if filters.get("geography") != "today" else named
    areas = {code: list(own["system"]) for code, own in stated.groupby("footprint")}
    return _named(_areas(read, filters, what, areas), read, "footprint", reference.footprint_names())


def _areas(read, filters, what, areas):
    return area_measures(
        read["flows"],
        read["hosts"],
        measure=measured(filters, what),
        areas=areas,
        whole=read["whole"],
        not_known=[NOT_KNOWN],
    )


def services_of_area(read, filters, what):
    frame = service_measures(
        read["flows"],
        read["hosts"],
        measure=measured(filters, what),
        systems=reference.own_systems(),
        whole=read["whole"],
        not_known=[NOT_KNOWN],
    )
    named = _named(frame, read, "service", read["services"])
    return named.assign(service_name=named["service_name"].where(named["service"] != "", "Services without a name"))


def measures_of_providers(read, filters, what):
    frame = provider_measures(read["flows"], read["hosts"], measure=measured(filters, what), not_known=[NOT_KNOWN])
    names, homes = choices.provider_names(), choices.home_names()
    named = _named(frame, read, "provider", names)
    return named.assign(
        system_name=[homes.get(code, "No system") for code in named["system"]],
        top_home_name=[homes.get(code, code) if code else "" for code in named["top_home"]],
    )


def measure_notes(frame, filters):
    yield "Exports are to providers whose extracts are loaded; care given elsewhere is not in them."
    yield "Imports, exports, net flow and self-sufficiency are shown only where all of a system's own trusts are loaded."
    if absent := frame.loc[~frame["is_whole"], _name(frame)].tolist() if len(frame) else []:
        yield f"Not known for {listed_at_most(absent, 8)}: not all of their own trusts have submitted. The files list each."
    if alone := frame.loc[frame["is_whole"] & frame["is_alone"], _name(frame)].tolist() if len(frame) else []:
        yield f"{listed(alone)}: no trust of others is loaded, so what its people have elsewhere, and so its share, is not known."
    yield from _shared_notes(frame, filters)


def service_notes(frame, filters):
    area = reference.own_footprint_name() or "the programme's own area"
    yield f"Residents and own trusts are those of {area}, taken as one system. Exports are to other loaded providers."
    if len(frame) and frame["is_alone"].all():
        yield f"No trust outside {area} is loaded, so self-sufficiency is not known; imports are."
    if len(frame) and not frame["is_whole"].all():
        yield "Its own trusts have not all submitted, so only the care of its residents at loaded providers is shown."
    yield from _shared_notes(frame, filters)


def provider_notes(frame, filters):
    yield "A provider's own residents are those of the system that hosts it. Dependency is the share of its largest home."
    yield from _shared_notes(frame, filters, each=True)


def _shared_notes(frame, filters, *, each: bool = False):
    shares = frame["not_known_share"].dropna() if "not_known_share" in frame and not each else []
    if len(shares):
        yield not_known_words(float(shares.iloc[0]))
    if "mean_km" in frame:
        yield from _notes_of_ways()
    yield "10,000 of the concentration index is one provider alone; effective providers are as many equal ones as give the index."
    if any(filters.get(name) for name in ("provider", "system", "place")):
        yield "These measures are of every home and every loaded provider, whatever is chosen above."
    if filters.get("basis") in ("difference", "change") or filters.get("measure") == "patients":
        yield "These measures are of actual activity and cost."


def _notes_of_ways():
    yield "Distance is a straight line from the middle of the place, or of the system, to the site, or to the trust's main site."
    times = travel.travel_times()
    if len(times):
        first = times.iloc[0]
        yield f"Travel times: {first['source']}, {first['dated'].day} {first['dated']:%B %Y}."
    else:
        yield "No table of travel times is loaded, so minutes are not known."


def _name(frame) -> str:
    return next(name for name in ("system_name", "footprint_name") if name in frame)


def not_known_words(share: float) -> str:
    if share == 0:
        return "Every home is known."
    size = "Less than 0.1%" if percent(share) == "0.0%" else percent(share)
    return f"{size} of the whole has no known home and is left out."


def _of(calculation, what):
    return lambda read, filters: calculation(read, filters, what)


def _pair(name, heading, query, calculation, both, chart, note, form=MeasuresForm, url_name=URL_NAME) -> dict[str, Figure]:
    """A figure on cost, called by its name, and the same on activity."""
    names = {COST: name, ACTIVITY: f"{name}_activity"}
    return {
        what: register(
            Figure(
                name=names[what],
                heading=f"{heading}, by {what}",
                form=form,
                query=query,
                calculation=_of(calculation, what),
                table=table,
                chart=_of(chart, what),
                note=note,
                stamp=position_stamp,
                rows=of_everyone,
                source=SOURCE,
                url_name=url_name,
            )
        )
        for what, table in zip((COST, ACTIVITY), both, strict=True)
    }


FLOW_MEASURES = _pair(
    "flow_measures",
    "Imports, exports and self-sufficiency",
    read_systems,
    system_measures,
    tables.SYSTEM_TABLES,
    charts.systems_chart,
    measure_notes,
    FlowFilterForm,
    "planning:flow_dashboard",
)
SYSTEMS = _pair(
    "system_measures",
    "Imports, exports, self-sufficiency and travel of systems",
    read_measures,
    system_measures,
    tables.SYSTEM_TABLES,
    charts.systems_chart,
    measure_notes,
)
FOOTPRINTS = _pair(
    "footprint_measures",
    "Footprints taken as one system",
    read_measures,
    footprint_measures,
    tables.FOOTPRINT_TABLES,
    charts.footprints_chart,
    measure_notes,
)
PROVIDERS = _pair(
    "provider_measures",
    "Whom providers depend on",
    read_measures,
    measures_of_providers,
    tables.PROVIDER_TABLES,
    charts.providers_chart,
    provider_notes,
)
SERVICES = _pair(
    "service_measures",
    "How far services look after the area's own people",
    read_services,
    services_of_area,
    tables.SERVICE_TABLES,
    charts.services_chart,
    service_notes,
)


def measures_sentence(results) -> str:
    """How far the programme's own area looks after its own people, and who depends on whom."""
    footprints = next(result for name, result in results.items() if name.startswith("footprint_measures"))
    providers = next(result for name, result in results.items() if name.startswith("provider_measures"))
    what = COST if "activity" not in footprints.figure.name else ACTIVITY
    said = [charts.own_area_words(footprints.frame, reference.own_footprint(), footprints.filters, what)]
    return " ".join(part for part in [*said, f"{charts.dependency_title(providers.frame, providers.filters, what)}."] if part)
