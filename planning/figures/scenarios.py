"""Figures of one scenario, and of several side by side."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planning.calculations.flows import distance_km
from planning.calculations.scenario_flows import factor_of
from planning.calculations.scenarios import AT_COST_UNIT, YEARS, Effects, years_of
from planning.charts import scenarios as charts
from planning.figures.scenario_reading import (
    effects_of_version,
    of_version,
    people_of,
    scenario_stamp,
)
from planning.forms.scenarios import ComparedForm, ScenarioForm
from planning.queries import choices, flows, reference
from planning.queries import scenarios as reading
from planning.tables import scenarios as tables
from presentation.disclosure import numeric
from presentation.figure import Figure, register
from presentation.wording import unit_name

SOURCE = "Scenario on Aggregate Contract Monitoring (ACM), with the assumptions listed"
URL_NAME = "planning:scenarios"
# Activity is stored in thousandths, and moves in millionths.
PARTS = 1_000


def read_scenario(reader: Any, filters: Mapping[str, Any]) -> dict[str, Any]:
    """The effects of a version, with the names of everything in them."""
    version = of_version(filters)
    return named_read(version, effects_of_version(version))


def named_read(version: Any, effects: Effects) -> dict[str, Any]:
    """Some effects on what a version starts from, with the names of everything in them."""
    return {
        "effects": effects,
        "version": version,
        "years": years_of(version.year),
        "providers": choices.provider_names(),
        "payers": reading.payer_names(),
        "homes": choices.home_names(),
        "services": reading.service_names(),
        "units": reading.units(),
    }


def _with_people(frame: pd.DataFrame, rows: pd.DataFrame, by: list[str], units: Mapping[str, str]) -> pd.DataFrame:
    """The frame with the count of people's events that stands behind each row, missing where there is none."""
    return frame.merge(people_of(rows, by, units, flows.PEOPLE_UNITS), on=by, how="left")


def scenario_years(read: Mapping[str, Any], filters: Mapping[str, Any]) -> pd.DataFrame:
    effects = read["effects"]
    beds = effects.beds.groupby("year")["beds"].sum()
    frame = effects.years.assign(beds=effects.years["year"].map(beds).fillna(0.0).round(1))
    # The same people leave one provider and reach another: half of the ends of what moves.
    moved = effects.transfers[["year", "point_of_delivery", "activity"]]
    return _named_years(_with_people(frame, moved, ["year"], read["units"]), read)


def _named_years(frame: pd.DataFrame, read: Mapping[str, Any]) -> pd.DataFrame:
    return frame.assign(year=[read["years"][int(y) - 1] for y in frame["year"]])


def scenario_organisations(read: Mapping[str, Any], filters: Mapping[str, Any]) -> pd.DataFrame:
    effects, by = read["effects"], ["year", "provider"]
    frame = effects.organisations.merge(effects.beds, on=by, how="left")
    frame["spells"] = (frame["spells"].fillna(0) / PARTS).round().astype("int64")
    frame["beds"] = frame["beds"].fillna(0.0).round(1)
    frame = _with_people(frame, effects.payments, by, read["units"])
    frame["provider_name"] = [read["providers"].get(code, code) for code in frame["provider"]]
    order = frame.groupby("provider")["margin"].transform("min")
    frame = frame.assign(order=order).sort_values(["order", "provider_name", "year"], ignore_index=True)
    return _named_years(frame.drop(columns="order"), read)


def scenario_commissioners(read: Mapping[str, Any], filters: Mapping[str, Any]) -> pd.DataFrame:
    effects, by = read["effects"], ["year", "payer"]
    frame = _with_people(effects.commissioners, effects.payments, by, read["units"])
    low = effects.payments[effects.payments["low_volume"]]
    named = low.groupby(by)["provider"].agg(lambda codes: sorted({read["providers"].get(c, c) for c in codes}))
    fixed = {key: ", ".join(names) for key, names in named.items()}
    frame["low_volume"] = [fixed.get(key, "") for key in zip(frame["year"], frame["payer"], strict=True)]
    frame["payer_name"] = [read["payers"].get(code, code) for code in frame["payer"]]
    order = frame.groupby("payer")["payments"].transform(lambda v: -v.abs().max())
    frame = frame.assign(order=order).sort_values(["order", "payer_name", "year"], ignore_index=True)
    return _named_years(frame.drop(columns="order"), read)


def scenario_flows(read: Mapping[str, Any], filters: Mapping[str, Any]) -> pd.DataFrame:
    moved = read["effects"].transfers
    last = moved[moved["year"] == YEARS].assign(unit=lambda f: f["point_of_delivery"].map(read["units"]))
    by = ["home", "service", "sender", "receiver", "unit"]
    # At the factor of the provider that it was paid to.
    was = last.assign(provider=last["sender"].where(last["sender"] != "", last["receiver"]))
    at_cost = [point for point, unit in read["units"].items() if unit == AT_COST_UNIT]
    last = last.assign(price=last["worth"] * factor_of(was, reading.factors_of(read["version"].year), "provider", at_cost))
    frame = last.groupby(by, as_index=False)[["activity", "price"]].sum()
    frame = _with_people(frame, last, by, read["units"])
    frame["activity"] = (frame["activity"] / PARTS).round().astype("int64")
    frame["price"] = frame["price"].round().astype("int64")
    names = (("home", "homes"), ("service", "services"), ("sender", "providers"), ("receiver", "providers"))
    for column, of in names:
        frame[f"{column}_name"] = [read[of].get(code, code) for code in frame[column]]
    frame["unit"] = [unit_name(unit).capitalize() for unit in frame["unit"]]
    frame = frame.assign(**_distances(frame, read["version"]))
    return frame.sort_values(["price", "home", "service"], ascending=[False, True, True], ignore_index=True)


def _distances(frame: pd.DataFrame, version: Any) -> dict[str, pd.Series]:
    """Kilometres from the centre of each home to who treats its people before and after; missing where not known."""
    homes = reference.system_lookup().set_index("code")[["latitude", "longitude"]]
    providers = reference.provider_lookup().set_index("code")[["latitude", "longitude"]]
    sites = reading.new_sites(version)
    start = homes.reindex(frame["home"]).astype(float)
    found = {}
    for column, of in (("km_from", "sender"), ("km_to", "receiver")):
        end = providers.reindex(frame[of]).astype(float)
        if of == "receiver" and sites:
            moved = frame[of].isin(sites).to_numpy()
            own = pd.DataFrame([sites.get(c, (float("nan"),) * 2) for c in frame[of]], columns=["latitude", "longitude"])
            end = end.reset_index(drop=True).mask(pd.Series(moved), own)
        km = distance_km(start["latitude"], start["longitude"], end["latitude"], end["longitude"])
        found[column] = pd.Series(km, index=frame.index).round(1)
    return found


def read_compared(reader: Any, filters: Mapping[str, Any]) -> list[dict[str, Any]]:
    versions = [reading.version_for(reader.user, int(pk)) for pk in filters["scenario"]]
    return [read_scenario(reader, {"scenario": v.scenario_id, "version": v.number}) for v in versions]


def scenarios_compared(read: list[dict[str, Any]], filters: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([_compared(one, filters) for one in read], columns=COMPARED).astype({"people": "Int64"})


COMPARED = [
    *("name", "version", "owner", "on", "moves", "spells", "first_year", "last_year", "payments_last", "system_first"),
    *("system_last", "system_to_date", "stranded_first", "stranded_last", "one_off", "beds", "km_saved", "people"),
]


def _compared(read: Mapping[str, Any], filters: Mapping[str, Any]) -> dict[str, Any]:
    """One scenario as a row of the comparison."""
    version, effects = read["version"], read["effects"]
    years, each = effects.years.set_index("year"), scenario_years(read, filters)
    moved = scenario_flows(read, filters)
    people = each["people"].dropna()
    spells = moved.loc[(moved["unit"] == unit_name("SPELL").capitalize()) & (moved["sender"] != ""), "activity"]
    last = effects.beds[effects.beds["year"] == YEARS]
    return {
        "name": version.scenario.name,
        "version": version.number,
        "owner": str(version.scenario.owner),
        "on": f"Position {version.position}, flows of {version.year}",
        "moves": len(reading.moves_of(version)),
        "spells": int(spells.sum()),
        "first_year": read["years"][0],
        "last_year": read["years"][-1],
        "payments_last": int(years.loc[YEARS, "payments"]),
        "system_first": int(years.loc[1, "system"]),
        "system_last": int(years.loc[YEARS, "system"]),
        "system_to_date": int(years.loc[YEARS, "system_to_date"]),
        "stranded_first": int(years.loc[1, "cost_stranded"]),
        "stranded_last": int(years.loc[YEARS, "cost_stranded"]),
        "one_off": int(years["one_off"].sum()),
        "beds": round(float(last["beds"].clip(lower=0).sum()), 1),
        "km_saved": kilometres_saved(moved),
        "people": int(people.min()) if len(people) else None,
    }


def kilometres_saved(moved: pd.DataFrame) -> float | None:
    """Mean kilometres that a journey is shorter, over people who move and whose distances are known."""
    units = {unit_name(u).capitalize() for u in flows.PEOPLE_UNITS}
    known = moved[moved["unit"].isin(units)].dropna(subset=["km_from", "km_to"])
    weights = numeric(known["activity"]) if len(known) else pd.Series(dtype=float)
    if not weights.sum() > 0:
        return None
    return round(float(((known["km_from"] - known["km_to"]) * weights).sum() / weights.sum()), 1)


def compared_stamp(filters: Mapping[str, Any]) -> tuple[str, ...]:
    stamps = []
    for pk in filters["scenario"]:
        versions = reading.latest_saved(int(pk))
        stamps += scenario_stamp({"scenario": int(pk), "version": versions.number})
    return tuple(stamps)


def scenario_rows(filters: Mapping[str, Any]) -> dict[str, Any]:
    """The flows that a version starts from: of its services, in its year, at its position."""
    version = of_version(filters)
    chosen = [move.services for move in reading.moves_of(version)]
    services = sorted({s for of_move in chosen for s in of_move}) if chosen and all(chosen) else []
    return {"position": version.position, "year": version.year, "service": services}


def compared_rows(filters: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the first scenario: rows are of one position at a time."""
    if not filters["scenario"]:
        return {"position": filters["position"], "service_code": ["NONE"]}
    first = reading.latest_saved(int(filters["scenario"][0]))
    return scenario_rows({"scenario": first.scenario_id, "version": first.number})


def years_notes(frame: pd.DataFrame, filters: Mapping[str, Any]):
    version = of_version(filters)
    yield f"At prices and activity of {version.year}; nothing else grows unless a move says so."
    yield "Effect on the whole = cost released − cost added − one-off cost. Payments cancel out within the NHS."
    yield "Stranded cost is what the provider that people leave still bears; what becomes of it has no NHS standard."


def organisation_notes(frame: pd.DataFrame, filters: Mapping[str, Any]):
    yield "Margin = income + cost released − cost added."
    yield "Costs are of the net change of each kind of activity, in whole steps of capacity that services share."
    yield "A new site stands under the organisation that runs it."


def commissioner_notes(frame: pd.DataFrame, filters: Mapping[str, Any]):
    yield "Delegated services are paid by the system of the home, retained ones by NHS England."
    if len(frame) and (frame["low_volume"].astype(str) != "").any():
        yield "With the providers named, the relationship is low-volume: it stays at a fixed value, so money does not follow."


def flow_notes(frame: pd.DataFrame, filters: Mapping[str, Any]):
    yield "Distances are in a straight line from the centre of each home."
    if len(frame) and (frame["sender"] == "").any():
        yield "Without a provider under From, it is growth."


def side_by_side(result: Any) -> list[dict[str, Any]]:
    """The comparison turned, a column for each scenario: heading, whether it is a number, and a cell for each."""
    table = result.table
    rows = []
    for column in table.columns:
        if str(column.accessor) == "name":
            continue
        cells = [column.column.cell(record.get(str(column.accessor))) for record in table.data.data]
        rows.append({"heading": column.header, "numeric": column.column.is_numeric, "cells": cells})
    return rows


def _scenario_figure(**options: Any) -> Figure:
    common = {"form": ScenarioForm, "query": read_scenario, "stamp": scenario_stamp, "source": SOURCE, "url_name": URL_NAME}
    return register(Figure(**{**common, "rows": scenario_rows, **options}))


SCENARIO_YEARS = _scenario_figure(
    name="scenario_years",
    heading="Effect on the whole, year by year",
    calculation=scenario_years,
    table=tables.ScenarioYearsTable,
    chart=charts.years_chart,
    note=years_notes,
)
SCENARIO_ORGANISATIONS = _scenario_figure(
    name="scenario_organisations",
    heading="Effect on each organisation",
    calculation=scenario_organisations,
    table=tables.ScenarioOrganisationsTable,
    chart=charts.organisations_chart,
    note=organisation_notes,
)
SCENARIO_COMMISSIONERS = _scenario_figure(
    name="scenario_commissioners",
    heading="Effect on each commissioner",
    calculation=scenario_commissioners,
    table=tables.ScenarioCommissionersTable,
    chart=charts.commissioners_chart,
    note=commissioner_notes,
)
SCENARIO_FLOWS = _scenario_figure(
    name="scenario_flows",
    heading="What moves",
    calculation=scenario_flows,
    table=tables.ScenarioFlowsTable,
    chart=charts.flows_chart,
    note=flow_notes,
)
SCENARIOS_COMPARED = register(
    Figure(
        name="scenarios_compared",
        heading="Scenarios side by side",
        form=ComparedForm,
        query=read_compared,
        calculation=scenarios_compared,
        table=tables.ScenariosComparedTable,
        chart=charts.compared_chart,
        stamp=compared_stamp,
        source=SOURCE,
        url_name=URL_NAME,
        rows=compared_rows,
    )
)


def scenario_sentence(results: Mapping[str, Any]) -> str:
    """What moves, what it does to the whole, and who loses."""
    moved, years, own = (results[f"scenario_{name}"] for name in ("flows", "years", "organisations"))
    if moved.frame.empty and not numeric(years.frame["system"]).abs().sum() > 0:
        return f"{charts.NOTHING}."
    return f"{moved.title}. {charts.years_title(years.frame)}. {charts.organisations_title(own.frame)}."
