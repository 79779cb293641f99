"""Figures of one service's footprint: its homes, largest first, and what it was in each year loaded."""

from typing import Any

import pandas as pd

from networks import charts, tables
from networks.calculations.footprints import homes_of_networks
from networks.calculations.natural_footprints import footprint_sizes, natural_levels, needed_homes, stability
from networks.figures.footprints import (
    BEYOND_NOTE,
    SOURCE,
    STABILITY_WORDS,
    all_home_names,
    footprint_sources,
    home_column,
    service_scope,
    share_of,
)
from networks.figures.networks import measured
from networks.forms import ServiceFootprintForm
from networks.queries import regions_of_homes, regions_of_systems, stated_systems, systems_of_homes
from planning.calculations.contract import ratio
from planning.calculations.homes import NOT_KNOWN
from planning.figures.flows import position_stamp
from planning.queries import choices, flows
from presentation.amounts import percent
from presentation.figure import Figure, register
from presentation.wording import listed

THRESHOLD_NAMES = ("50", "80", "90", "95")


def read_service(reader, filters):
    """Flows of one service by home, and what the networks that plan it state."""
    column = home_column(filters)
    scope, stated = service_scope(), stated_systems()
    planning = scope.loc[scope["service"].isin(filters["service"]), "network"]
    return {
        "flows": flows.flow_frame(reader, filters, [column]).rename(columns={column: "home_system"}),
        "places": flows.flow_frame(reader, filters, ["home_system", "home_place"]),
        "stated": stated[stated["network"].isin(planning)],
        "regions": regions_of_homes(),
        "systems": systems_of_homes(),
        "names": all_home_names(),
        "system_names": choices.home_names(),
    }


def service_homes(read, filters):
    """The homes of the service's people, largest first, those that are not known left out."""
    stated = set(read["stated"]["system"])
    systems = read["systems"]
    own = pd.DataFrame({"network": "", "system": [home for home in read["names"] if systems.get(home, home) in stated]})
    rows = homes_of_networks(
        read["flows"].assign(network=""), measure=measured(filters), not_known=[NOT_KNOWN], stated=own, regions=read["regions"]
    )
    for what in ("price", "activity"):
        total = rows[f"actual_{what}"].sum(min_count=1)
        rows[f"all_{what}"] = pd.Series([total] * len(rows), dtype="Int64")
        rows[f"{what}_share"] = ratio(rows[f"actual_{what}"], rows[f"all_{what}"])
    rows["home_name"] = [read["names"].get(code, code) for code in rows["home_system"]]
    rows["system_name"] = [read["system_names"].get(systems.get(code, code), "") for code in rows["home_system"]]
    rows["stated"] = rows["is_stated"].map({True: "Stated", False: "Not stated"})
    if not stated:
        rows["stated"] = "No network"
    rows["needed"] = ["" if pd.isna(n) else f"{n * 100:.0f}%" for n in rows["needed_for"].astype(float)]
    level = natural_levels(
        read["places"].assign(service=""),
        measure=measured(filters),
        threshold=share_of(filters),
        not_known=[NOT_KNOWN],
        regions=regions_of_systems(),
    )["natural_level"]
    rows["natural_level"] = level.iloc[0] if len(level) else None
    return rows.drop(columns=["share", "rank", "needed_for", "network", "is_stated"])


def read_service_years(reader, filters):
    column = home_column(filters)
    every_year = {**filters, "year": "all", "geography": "today"}
    years = flows.flow_frame(reader, every_year, ["year", column]).rename(columns={column: "home_system"})
    totals = flows.flow_frame(reader, every_year, ["year"])
    return {"years": years, "totals": totals, "regions": regions_of_homes(), "names": all_home_names()}


def service_years(read, filters):
    """One row a year: how many homes each threshold takes, and which are new or gone beside the year before."""
    measure, threshold = measured(filters), share_of(filters)
    needed = needed_homes(read["years"], by="year", measure=measure, not_known=[NOT_KNOWN])
    sizes = footprint_sizes(needed, by="year", threshold=threshold, regions=read["regions"])
    rows = read["totals"].merge(sizes, on="year", how="inner", validate="one_to_one").sort_values("year", ignore_index=True)
    before: list[tuple[str, ...]] = [(), *rows["homes"].tolist()][: len(rows)]
    names = read["names"]
    rows["homes_needed"] = rows[f"homes_{filters['threshold']}"]
    rows["footprint_names"] = [_names(homes, names) for homes in rows["homes"]]
    rows["joined"] = [_change(homes, was, names) if was else "" for homes, was in zip(rows["homes"], before, strict=True)]
    rows["left"] = [_change(was, homes, names) if was else "" for homes, was in zip(rows["homes"], before, strict=True)]
    whole = stability(read["years"].assign(service=""), measure=measure, threshold=str(threshold), not_known=[NOT_KNOWN])
    rows["overlap"] = whole["overlap"].iloc[0] if len(whole) else float("nan")
    rows["stability"] = STABILITY_WORDS[whole["stability"].iloc[0]] if len(whole) else ""
    return rows.drop(columns=["homes", "region_names"])


def _names(homes, names) -> str:
    return listed([names.get(home, home) for home in homes])


def _change(homes, others, names) -> str:
    return _names([home for home in homes if home not in others], names) or "None"


def service_notes(frame, filters):
    yield f"Homes that are not known are left out. {BEYOND_NOTE}"
    if len(frame) and (frame["stated"] == "No network").all():
        yield "No network that is loaded plans any code of this service."
    else:
        yield "Stated: the system is in the footprint of a network that plans a code of this service."


def year_notes(frame, filters):
    yield "Each year in the systems of today, so that a merger is not taken for a change."
    if len(frame) and frame["overlap"].notna().any():
        share = percent(float(frame["overlap"].iloc[0]), 0)
        yield f"Homes in every year’s footprint ÷ homes in any year’s: {share}. Stable from 80%, changing below 50%."


def _service_figure(**options: Any) -> Figure:
    common = {"form": ServiceFootprintForm, "stamp": position_stamp, "source": SOURCE, "url_name": "networks:footprints"}
    return register(Figure(**{**common, **options}))


def rows_of_every_year(filters):
    return {**filters, "year": "all", "geography": "today"}


SERVICE_FOOTPRINT = _service_figure(
    name="service_footprint",
    heading="Where the service’s people live",
    query=read_service,
    calculation=service_homes,
    table=tables.ServiceFootprintTable,
    chart=charts.service_homes_chart,
    note=service_notes,
    sources=footprint_sources,
)
SERVICE_FOOTPRINT_YEARS = _service_figure(
    name="service_footprint_years",
    heading="Its footprint over the years",
    query=read_service_years,
    calculation=service_years,
    table=tables.ServiceFootprintYearsTable,
    chart=charts.service_years_chart,
    note=year_notes,
    rows=rows_of_every_year,
)
