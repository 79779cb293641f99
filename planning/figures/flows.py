"""Figures of the Flows page: who is treated where."""

from accounts.queries import reference_version
from planning.calculations import flow_tables
from planning.calculations.financial_years import first_day
from planning.calculations.flows import smallest_footprint
from planning.calculations.homes import NOT_KNOWN
from planning.charts import flows as charts
from planning.forms.filters import FlowFilterForm
from planning.queries import choices, coverage, flows, geography, positions, reference
from planning.tables import flows as tables
from presentation.amounts import percent
from presentation.disclosure import numeric
from presentation.figure import Figure, register
from presentation.wording import listed, listed_at_most, number_at_start, number_of

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


def read_flows(reader, filters):
    """Flows at the level of home asked for, with the names of everything in them."""
    column = "home_place" if filters.get("level") == "place" else "home_system"
    frame = flows.flow_frame(reader, filters, [column, "provider"]).rename(columns={column: "home"})
    homes = choices.home_names()
    if column == "home_place":
        not_placed = {code: f"{name} (place not known)" for code, name in homes.items()}
        homes = {**not_placed, **choices.place_names()}
    own = set(reference.own_systems())
    if column == "home_place":
        own = own | choices.places_of(own)
    return {"flows": frame, "homes": homes, "providers": choices.provider_names(), "own": own}


def all_flows(read, filters):
    frame = flow_tables.named_flows(read["flows"], homes=read["homes"], providers=read["providers"], own=read["own"])
    return frame.sort_values(charts.value_column(filters), ascending=False, na_position="last", ignore_index=True)


def shared_flows(read, filters):
    return flow_tables.with_shares(all_flows(read, filters))


def read_crossings(reader, filters):
    return {**read_flows(reader, {**filters, "level": "system"}), "hosts": hosts(filters)}


def crossing_flows(read, filters):
    return flow_tables.crossings(all_flows(read, filters), read["hosts"])


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


def read_measures(reader, filters):
    """Flows of every home and provider: what is true of a whole system is never taken from a part of it."""
    everyone = {**filters, "provider": [], "system": [], "level": "system"}
    hosting = hosts(filters)
    frame = flows.flow_frame(reader, everyone, ["home_system", "provider"]).rename(columns={"home_system": "home"})
    whole = coverage.systems_with_own_trusts(filters)
    present = {*frame["home"], *hosting.loc[hosting["provider"].isin(frame["provider"]), "system"]}
    systems = {code: name for code, name in choices.system_names().items() if code in present}
    return {"flows": frame, "hosts": hosting, "whole": whole, "systems": systems}


def _measures(read, filters, what):
    basis = "planned" if filters.get("basis") == "planned" else "actual"
    return flow_tables.system_measures(
        read["flows"],
        read["hosts"],
        measure=f"{basis}_{what}",
        systems=read["systems"],
        whole=read["whole"],
        not_known=[NOT_KNOWN],
    )


def cost_measures(read, filters):
    return _measures(read, filters, "price")


def activity_measures(read, filters):
    return _measures(read, filters, "activity")


def flow_notes(frame, filters):
    yield "Homes that are not known, and people of devolved nations, overseas and private patients, are rows of their own."
    if filters.get("level") == "place":
        yield "Where the place is not known, the activity stands with its system."


def measure_notes(frame, filters):
    yield "Exports are to providers whose extracts are loaded; care given elsewhere is not in them."
    yield "Imports, exports, net flow and self-sufficiency are shown only where all of a system's own trusts are loaded."
    if absent := frame.loc[~frame["is_whole"], "system_name"].tolist() if len(frame) else []:
        yield f"Not known for {listed_at_most(absent, 8)}: not all of their own trusts have submitted. The files list each."
    shares = frame["not_known_share"].dropna() if "not_known_share" in frame else []
    if len(shares):
        yield not_known_words(float(shares.iloc[0]))
    if filters.get("provider") or filters.get("system"):
        yield "These measures are of every home and every loaded provider, whatever is chosen above."
    if filters.get("basis") == "difference":
        yield "These measures are of actual activity and cost."


def not_known_words(share: float) -> str:
    if share == 0:
        return "Every home is known."
    size = "Less than 0.1%" if percent(share) == "0.0%" else percent(share)
    return f"{size} of the whole has no known home and is left out."


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
FLOW_MEASURES = register(
    Figure(
        name="flow_measures",
        heading="Imports, exports and self-sufficiency, by cost",
        form=FlowFilterForm,
        query=read_measures,
        calculation=cost_measures,
        table=tables.CostMeasuresTable,
        chart=charts.cost_measures_chart,
        note=measure_notes,
        stamp=position_stamp,
        source=SOURCE,
        url_name=URL_NAME,
    )
)
FLOW_MEASURES_ACTIVITY = register(
    Figure(
        name="flow_measures_activity",
        heading="Imports, exports and self-sufficiency, by activity",
        form=FlowFilterForm,
        query=read_measures,
        calculation=activity_measures,
        table=tables.ActivityMeasuresTable,
        chart=charts.activity_measures_chart,
        note=measure_notes,
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
        calculation=crossing_flows,
        table=tables.FlowTable,
        chart=charts.top_chart,
        stamp=position_stamp,
        source=SOURCE,
        url_name=URL_NAME,
    )
)


def flow_sentence(results) -> str:
    """What the page says first: how much, for whom, how many of them from outside, and who makes up nine tenths."""
    result = results["flow_dashboard"]
    frame, filters = result.frame, result.filters
    column = charts.value_column({**filters, "basis": "planned" if filters.get("basis") == "planned" else "actual"})
    values = numeric(frame[column])
    if not values.sum() > 0:
        return f"Nothing matches what is chosen, in {charts.period(filters)}."
    total = charts.in_words(values.sum(), {**filters, "basis": "actual"})
    known = frame["home"] != NOT_KNOWN
    parts = [f"{total} {_chosen(filters)}in {charts.period(filters)}"]
    if values[known].sum() > 0:
        outside = values[known & ~frame["is_own"]].sum() / values[known].sum()
        area = reference.own_footprint_name() or "the programme's own area"
        parts.append(f"{percent(outside, 0)} for people who live outside {area}, of those whose home is known")
    them = "it" if filters.get("measure") == "cost" else "them"
    return f"{': '.join(parts)}. {_reach(frame[known].assign(value=values[known]), them)}".strip()


def _chosen(filters) -> str:
    """The care chosen, in words, where one or two names say it."""
    for key, names in (("service", choices.service_choices), ("programme_of_care", choices.programme_choices)):
        if chosen := filters.get(key):
            words = [name.lower() if key == "programme_of_care" else name for code, name in names() if code in chosen]
            return f"of {listed(words)} " if len(words) <= 2 else f"of {number_of(len(words), key.replace('_', ' '))} "
    return ""


def _reach(known, them: str) -> str:
    """The fewest homes that make up nine tenths."""
    homes = known.groupby(["home", "home_name"], as_index=False)["value"].sum()
    flows_of_all = homes.assign(provider="all", home_system=homes["home"])[["home_system", "provider", "value"]]
    reached = smallest_footprint(flows_of_all, measure="value", threshold="0.9")
    names = list(reached["home_system"].map(homes.set_index("home")["home_name"]))
    if not names:
        return ""
    if len(names) <= 3:
        return f"{listed(names)} {'make' if len(names) > 1 else 'makes'} up 90% of {them}."
    return f"{number_at_start(len(names))} homes make up 90% of {them}, most of all {names[0]}."
