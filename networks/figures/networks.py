"""Figures of networks: their flows, and their data-driven footprint beside the stated one."""

import pandas as pd

from networks import charts, tables
from networks.calculations import footprints
from networks.forms import NetworkForm, NetworksForm
from networks.queries import all_networks, network_scope, networks_with_sources, regions_of_systems, stated_systems
from planning.calculations.contract import ratio
from planning.calculations.homes import NOT_KNOWN
from planning.charts.flows import flow_chart, in_words, period
from planning.figures.flows import all_flows, flow_notes, position_stamp, read_flows
from planning.queries import choices, flows
from planning.tables.flows import FlowTable
from presentation.disclosure import numeric
from presentation.figure import Figure, register
from presentation.wording import number_of

SOURCE = "Aggregate Contract Monitoring (ACM); footprints as the source of each network states them"
INFERRED_NOTE = "Some of the services of this network are inferred from its name; no document lists them."


NAMED = ["network", "network_name", "kind", "is_pilot"]


def scope_words(scope: pd.DataFrame, networks) -> dict[str, str]:
    """Whether a document states what each network plans, or it was inferred."""
    inferred = scope.groupby("network")["inferred"].any()
    words = {True: "Inferred", False: "Stated"}
    return {code: words[bool(inferred[code])] if code in inferred.index else "Not stated" for code in networks}


def measured(filters) -> str:
    return "actual_price" if filters.get("measure") == "cost" else "actual_activity"


def footprint_flows(reader, filters, by):
    """Flows of the services of one network by the named groups; empty where it plans none that is known."""
    codes = sorted(set(network_scope(filters["network"])["service_code"]))
    return flows.flow_frame(reader, {**filters, "service_code": codes}, by) if codes else flows.empty_frame(by)


def read_homes(reader, filters):
    """Flows of the services of one network, or of all, by home."""
    scope = network_scope(filters.get("network"))
    wanted = {**filters, "service_code": sorted(set(scope["service_code"]))}
    by = ["service_code", "home_system"]
    frame = flows.flow_frame(reader, wanted, by) if len(scope) else flows.empty_frame(by)
    stated, regions = stated_systems(), regions_of_systems()
    return {"flows": frame, "scope": scope, "stated": stated, "regions": regions, "homes": choices.home_names()}


def _homes(read, filters):
    return footprints.homes_of_networks(
        footprints.flows_of_networks(read["flows"], read["scope"]),
        measure=measured(filters),
        not_known=[NOT_KNOWN],
        stated=read["stated"],
        regions=read["regions"],
    )


def network_homes(read, filters):
    """The homes of one network with shares of the whole; stated systems without any flow stand last."""
    rows = _homes(read, filters)
    stated = read["stated"]
    named = stated[(stated["network"] == filters["network"]) & ~stated["followed"]]["system"]
    silent = pd.DataFrame({"home_system": [s for s in named if s not in set(rows["home_system"])], "is_stated": True})
    rows = pd.concat([rows, silent.assign(region=silent["home_system"].map(read["regions"]))], ignore_index=True)
    for what in ("price", "activity"):
        total = rows[f"actual_{what}"].sum(min_count=1)
        rows[f"all_{what}"] = pd.Series([total] * len(rows), dtype="Int64")
        rows[f"{what}_share"] = ratio(rows[f"actual_{what}"], rows[f"all_{what}"])
    rows["home_name"] = [read["homes"].get(code, code) for code in rows["home_system"]]
    rows["stated"] = rows["is_stated"].map({True: "Stated", False: "Not stated"})
    rows["needed"] = ["" if pd.isna(n) else f"{n * 100:.0f}%" for n in rows["needed_for"].astype(float)]
    return rows.drop(columns=["share", "covered", "rank", "needed_for", "network", "is_stated"])


def read_networks(reader, filters):
    return {**read_homes(reader, filters), "networks": all_networks()}


def compared_networks(read, filters):
    """One row for every network, those without any flow too."""
    named = pd.DataFrame([(n.code, n.name, n.kind, n.is_pilot) for n in read["networks"]], columns=NAMED)
    named["scope"] = named["network"].map(scope_words(read["scope"], named["network"]))
    stated = read["stated"][~read["stated"]["followed"]]
    stated = stated.assign(region=stated["system"].map(read["regions"])).groupby("network")
    named["stated_systems"] = named["network"].map(stated["system"].nunique()).astype("Int64")
    named["stated_regions"] = named["network"].map(stated["region"].nunique()).astype("Int64")
    return named.merge(footprints.compared_footprints(_homes(read, filters)), on="network", how="left")


def read_network_flows(reader, filters):
    codes = sorted(set(network_scope(filters["network"])["service_code"]))
    read = read_flows(reader, {**filters, "service_code": codes})
    return read if codes else {**read, "flows": read["flows"].head(0)}


def footprint_notes(frame, filters):
    yield "Homes that are not known are left out. The rest of England counts as one home and as no region."
    needed = charts.needed_for_nine_tenths(frame)
    if len(needed):
        regions = number_of(needed.loc[needed["region"] != "", "region"].nunique(), "region")
        yield f"The homes that make up 90% are in {regions}."
    if filters.get("geography") != "today":
        yield "A system that has followed a stated one, after a merger, counts as stated."
    if network_scope(filters["network"])["inferred"].any():
        yield INFERRED_NOTE


def networks_notes(frame, filters):
    yield "A service that several networks plan counts in each, so networks do not add up to a total."
    yield "Services marked Inferred are taken from a network's name; no document lists them."


def network_rows(filters):
    """The rows of the services that one network plans, or any."""
    codes = sorted(set(network_scope(filters.get("network"))["service_code"]))
    # No code is called that: a network without services rests on no row.
    return {**filters, "service_code": codes or ["NONE"]}


def network_sources(filters):
    return networks_with_sources(filters.get("network"))


NETWORK_FLOWS = register(
    Figure(
        name="network_flows",
        rows=network_rows,
        sources=network_sources,
        heading="Who is treated where",
        form=NetworkForm,
        query=read_network_flows,
        calculation=all_flows,
        table=FlowTable,
        chart=flow_chart,
        note=flow_notes,
        stamp=position_stamp,
        source="Aggregate Contract Monitoring (ACM)",
        url_name="networks:networks",
    )
)
NETWORK_FOOTPRINT = register(
    Figure(
        name="network_footprint",
        rows=network_rows,
        sources=network_sources,
        heading="Data-driven footprint beside the stated one",
        form=NetworkForm,
        query=read_homes,
        calculation=network_homes,
        table=tables.NetworkFootprintTable,
        chart=charts.footprint_chart,
        note=footprint_notes,
        stamp=position_stamp,
        source=SOURCE,
        url_name="networks:networks",
    )
)
NETWORKS = register(
    Figure(
        name="networks",
        rows=network_rows,
        sources=network_sources,
        heading="Networks and their footprints",
        form=NetworksForm,
        query=read_networks,
        calculation=compared_networks,
        table=tables.NetworksTable,
        chart=charts.networks_chart,
        note=networks_notes,
        stamp=position_stamp,
        source=SOURCE,
        url_name="networks:networks",
    )
)


def networks_sentence(results) -> str:
    """How many networks there are, and of how many the stated footprint holds nine tenths of the flow."""
    result = results["networks"]
    frame = result.frame
    column = "stated_price_share" if result.filters.get("measure") == "cost" else "stated_activity_share"
    shares = numeric(frame[column]).dropna()
    if shares.empty:
        return f"{number_of(len(frame), 'network').capitalize()}, none with flows in what is chosen."
    covered = int((shares >= 0.9).sum())
    words = f"{covered or 'none'} {'has' if covered == 1 else 'have'}"
    return f"Of {number_of(len(shares), 'network')} with flows, {words} 90% of the flow or more within the stated footprint."


def network_sentence(results) -> str:
    """How much the network's services are, and how its two footprints compare."""
    frame, filters = results["network_footprint"].frame, results["network_footprint"].filters
    column = measured(filters)
    total = numeric(results["network_flows"].frame[column]).sum()
    if not total > 0:
        return f"No flows of this network's services, in {period(filters)}."
    words = in_words(total, {**filters, "basis": "actual"})
    return f"{words} in {period(filters)}. {charts.footprint_title(frame)}."
