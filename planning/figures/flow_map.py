"""The map of flows: homes and providers by position, flows as lines, and what has no position beside it."""

from planning.calculations.travel import placed
from planning.charts import flow_map as charts
from planning.figures.flows import SOURCE, URL_NAME, all_flows, flow_notes, position_stamp, read_flows, without_ends
from planning.forms.filters import query_of
from planning.forms.flows import FlowFilterForm
from planning.queries import travel
from planning.tables.flows import FlowMapTable
from presentation.figure import Figure, register

# The filter that shows one end of a flow alone, at the levels that have one.
FILTERS_OF_HOMES = {"system": "system", "place": "place"}


def read_map(reader, filters):
    level = filters.get("level") or "system"
    positions = {"region": travel.positions_of_regions, "code": travel.positions_of_codes}.get(level, travel.positions_of_homes)
    return {**read_flows(reader, filters), "positions": positions(), "to": travel.positions_of_destinations()}


def placed_flows(read, filters):
    frame = placed(all_flows(read, filters), read["positions"], read["to"])
    rest = query_of(without_ends(filters))
    own = FILTERS_OF_HOMES.get(filters.get("level") or "system")
    homes = frame["home"].map({code: f"?{rest}&{own}={code}&shown_as=map" if own else "" for code in set(frame["home"])})
    providers = frame["provider"].map({code: f"?{rest}&provider={code}&shown_as=map" for code in set(frame["provider"])})
    return frame.assign(home_address=homes.astype(object), provider_address=providers.astype(object))


def map_notes(frame, filters):
    yield "A place or system stands where the middle of its people is, a provider at its main site. Lines say nothing of routes."
    if filters.get("level") == "region":
        yield "A region stands at the middle of those of its systems that are loaded."
    yield from flow_notes(frame, filters)


FLOW_MAP = register(
    Figure(
        name="flow_map",
        heading="Where people live and where they are treated",
        form=FlowFilterForm,
        query=read_map,
        calculation=placed_flows,
        table=FlowMapTable,
        chart=charts.map_chart,
        note=map_notes,
        stamp=position_stamp,
        source=SOURCE,
        url_name=URL_NAME,
    )
)
