"""Figures of one network: its stated footprint beside that of its flow, and who delivers its services."""

import pandas as pd

from networks import charts, tables
from networks.calculations.natural_footprints import needed_homes
from networks.calculations.planned_footprints import compared_with_stated, delivery_footprints
from networks.figures.footprints import BEYOND_NOTE
from networks.figures.networks import SOURCE, footprint_flows, measured, network_rows, network_sources
from networks.forms import NetworkForm
from networks.queries import members_of, network_named, regions_of_systems, stated_successors, stated_systems
from planning.calculations.contract import ratio
from planning.calculations.homes import NOT_KNOWN
from planning.figures.flows import position_stamp
from planning.queries import choices, coverage
from presentation.figure import Figure, register
from presentation.wording import listed, number_of

DOCUMENT, STATED = "document", "stated"
LABELS = {DOCUMENT: "In the words of its document", STATED: "Stated systems, as listed"}
URL_NAME = "networks:networks"


def read_comparison(reader, filters):
    stated = stated_systems()
    return {
        "flows": footprint_flows(reader, filters, ["home_system"]),
        "network": network_named(filters["network"]),
        "stated": stated[(stated["network"] == filters["network"]) & ~stated["followed"]]["system"].tolist(),
        "followed": stated_successors(filters["network"]),
        "regions": regions_of_systems(),
        "names": choices.home_names(),
    }


def comparison(read, filters):
    """What the document says, the stated systems, and the fewest homes for each share of the flow."""
    needed = needed_homes(read["flows"].assign(network=""), by="network", measure=measured(filters), not_known=[NOT_KNOWN])
    known = read["flows"][read["flows"]["home_system"] != NOT_KNOWN].set_index("home_system")
    rows = compared_with_stated(
        needed, flowing=list(known.index), stated=read["stated"], followed=read["followed"], regions=read["regions"]
    )
    names = read["names"]
    for what in ("price", "activity"):
        values = known[f"actual_{what}"]
        sums = [values.reindex(list(codes)).sum(min_count=1) for codes in rows["counted"]]
        rows[f"actual_{what}"] = pd.Series(sums, dtype="Int64")
        rows[f"all_{what}"] = pd.Series([values.sum(min_count=1)] * len(rows), dtype="Int64")
        rows[f"{what}_share"] = ratio(rows[f"actual_{what}"], rows[f"all_{what}"])
    # The fewest people of any home behind a row (none are no number): one home with a handful hides the row.
    rows["people"] = pd.Series([known["people"].reindex(list(codes)).min() for codes in rows["counted"]], dtype="Int64")
    for column in ("homes", "only_here", "only_stated"):
        rows[column] = [listed([names.get(code, code) for code in codes]) for codes in rows[column]]
    network = read["network"]
    document = {
        "footprint": DOCUMENT,
        "homes": network.footprint_text,
        "systems": network.documented_systems,
        "regions": network.documented_regions,
        "at_least": network.documented_at_least,
    }
    rows = pd.concat([pd.DataFrame([document]), rows], ignore_index=True)
    rows["label"] = [LABELS.get(name, f"Fewest homes for {name}% of its flow") for name in rows["footprint"]]
    said = _said(document, rows)
    rows["verdict"] = [_verdict(row, *said) for row in rows.to_dict("records")]
    return rows.astype(dict.fromkeys(["systems", "others", "regions", "both"], "Int64")).drop(columns=["at_least", "counted"])


def _said(document, rows) -> tuple[int, int | None, bool]:
    """How many systems and regions the document says, and whether at least; those listed where it gives no number."""
    if document["systems"] is not None:
        return document["systems"], document["regions"], document["at_least"]
    listed_row = rows.set_index("footprint").loc[STATED]
    return int(listed_row["systems"]), int(listed_row["regions"]), False


def _verdict(row, said: int, said_regions: int | None, at_least: bool) -> str:
    """How many systems and regions a footprint has, held against those that are stated."""
    if row["footprint"] in (DOCUMENT, STATED):
        return charts.STATED
    if not row["homes"] or not said:
        return ""
    systems, regions, others = (int(row[name]) for name in ("systems", "regions", "others"))
    if systems < said or (systems == said and said_regions is not None and regions < said_regions):
        return charts.FEWER
    alike = (systems == said or at_least) and not others and said_regions in (None, regions)
    return charts.AS_STATED if alike else charts.MORE


def read_delivery(reader, filters):
    return {
        "flows": footprint_flows(reader, filters, ["provider"]),
        "providers": choices.provider_names(),
        "systems": coverage.provider_systems().set_index("provider")["system"].to_dict(),
        "system_names": choices.system_names(),
        "stated": set(stated_systems().query("network == @filters['network']")["system"]),
        "members": members_of(filters["network"]),
    }


def delivery(read, filters):
    """Providers that deliver the network's services, largest first, with who hosts them."""
    measure = measured(filters)
    ranked = delivery_footprints(read["flows"].assign(network=""), by="network", measure=measure)
    keep = ["provider", "rank", "share", "covered", "needed"]
    rows = read["flows"].merge(ranked[keep], on="provider", how="left", validate="one_to_one")
    rows = rows.sort_values(["rank", "provider"], na_position="last", ignore_index=True)
    rows["provider_name"] = [read["providers"].get(code, code) for code in rows["provider"]]
    hosts = [read["systems"].get(code, "") for code in rows["provider"]]
    rows["system_name"] = [read["system_names"].get(code, code) for code in hosts]
    rows["stated"] = ["Stated" if code in read["stated"] else "Not stated" for code in hosts]
    rows["member"] = ["Member" if code in read["members"] else "Not a member" for code in rows["provider"]]
    rows["needed"] = rows["needed"].fillna(False).map({True: "Needed for 90%", False: ""})
    return rows.drop(columns=["rank"])


def comparison_title(frame, filters):
    """What nine tenths of the flow take, beside what the document says."""
    rows = frame.set_index("footprint")
    found, document = rows.loc["90"], rows.loc[DOCUMENT]
    if not found["homes"]:
        return "No flows of this network's services in what is chosen"
    systems = number_of(int(found["systems"]), "system")
    others = number_of(int(found["others"]), "other home")
    said = f"{systems}{f' and {others}' if found['others'] else ''} in {number_of(int(found['regions']), 'region')}"
    words = f"90% of its flow takes {said}"
    who, beside = ("its document says", document) if not pd.isna(document["systems"]) else ("its source lists", rows.loc[STATED])
    if not beside["systems"]:
        return words
    regions = f" in {number_of(int(beside['regions']), 'region')}" if not pd.isna(beside["regions"]) else ""
    return f"{words}; {who} {number_of(int(beside['systems']), 'system')}{regions}"


def comparison_notes(frame, filters):
    yield f"Homes that are not known are left out. {BEYOND_NOTE}"
    yield "“Of the stated” counts systems that followed a stated one, after a merger, as stated."


def delivery_notes(frame, filters):
    yield "Delivery footprint: the fewest loaded providers, largest first, that deliver 90%, for anybody."


NETWORK_COMPARISON = register(
    Figure(
        name="network_comparison",
        rows=network_rows,
        sources=network_sources,
        heading="Stated and data-driven footprints side by side",
        form=NetworkForm,
        query=read_comparison,
        calculation=comparison,
        title=comparison_title,
        table=tables.NetworkComparisonTable,
        note=comparison_notes,
        stamp=position_stamp,
        source=SOURCE,
        url_name=URL_NAME,
    )
)
NETWORK_DELIVERY = register(
    Figure(
        name="network_delivery",
        rows=network_rows,
        sources=network_sources,
        heading="Delivery footprint",
        form=NetworkForm,
        query=read_delivery,
        calculation=delivery,
        table=tables.NetworkDeliveryTable,
        chart=charts.delivery_chart,
        note=delivery_notes,
        stamp=position_stamp,
        source=SOURCE,
        url_name=URL_NAME,
    )
)
