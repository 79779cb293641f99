"""What variation reads: spend, patients and coverage of the people of areas, and how many they are."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planning.queries import choices, coverage, flows, patient_sets, reference
from presentation.shared_reads import shared

EVERYTHING = "everything"
SYSTEM, PLACE = "system", "place"
HOMES = {SYSTEM: "home_system", PLACE: "home_place"}


def level_of(area: str) -> str:
    """Whether a code is that of a place, otherwise of a system."""
    return PLACE if area in choices.place_names() else SYSTEM


@shared
def spend_of_areas(reader: Any, filters: Mapping[str, Any], grouping: str) -> dict[str, Any]:
    """What `area_spend` is given: spend, blocks, sets, patients, people and the providers that sent a set.

    `grouping` is `programme_of_care`, `service` or EVERYTHING, one group of all specialised care.
    """
    asked = {"position": filters.get("position"), "year": filters["year"]}
    home = HOMES[filters["level"]]
    by = [home] if grouping == EVERYTHING else [home, grouping]
    counted = getattr(reader, "mode", None) == "outside"
    spend = flows.flow_frame(reader, asked, ["provider", *by])
    people = flows.flow_frame(reader, asked, by) if counted else spend.iloc[:0]
    return {
        "spend": _shaped(spend.rename(columns={"actual_price": "spend"}), home, grouping),
        "blocks": _shaped(_blocks(reader, asked, by).rename(columns={"actual_price": "spend"}), home, grouping),
        "sets": _shaped(_sets(asked, home, grouping), home, grouping),
        "patients": _shaped(patient_sets.patient_counts(asked, ["provider", *by]), home, grouping),
        "people": _shaped(people, home, grouping),
        "sent": patient_sets.providers_with_sets(asked),
    }


def _shaped(frame: pd.DataFrame, home: str, grouping: str) -> pd.DataFrame:
    if grouping == EVERYTHING:
        return frame.rename(columns={home: "area"}).assign(group=EVERYTHING)
    return frame.rename(columns={home: "area", grouping: "group"})


def _blocks(reader: Any, asked: Mapping[str, Any], by: list[str]) -> pd.DataFrame:
    """Money that no patient is behind."""
    points = sorted(patient_sets.without_patients())
    return flows.flow_frame(reader, {**asked, "point_of_delivery": points}, by) if points else flows.empty_frame(by)


def _sets(asked: Mapping[str, Any], home: str, grouping: str) -> pd.DataFrame:
    prices = patient_sets.set_prices(asked, [home, "service_code"]).rename(columns={"set_price": "spend"})
    rows = prices.merge(flows.code_groups(), on="service_code", how="left", validate="many_to_one")
    return rows.fillna(dict.fromkeys(flows.CODE_GROUPS, ""))


def people_of_places(filters: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Frames of places with the people asked for, and of the areas of the level that they belong to."""
    places = reference.place_lookup().rename(
        columns={
            "code": "place",
            "registered_population": "registered",
            "general_acute_weighted_population": "weighted",
        }
    )
    residents = reference.place_populations()
    latest = residents[residents["year"] == residents["year"].max()].groupby("place")["population"].sum()
    places["resident"] = places["place"].map(latest)
    belongs = reference.place_systems().rename(columns={"system": "area"})
    if filters["level"] == PLACE:
        belongs = places[["place"]].assign(area=places["place"], share=1.0)
    return {"places": places[["place", filters["population"]]].set_axis(["place", "population"], axis=1), "belongs": belongs}


def whole_areas(filters: Mapping[str, Any]) -> set[str]:
    """Areas whose people's care is near enough in: systems whose own trusts are all loaded, and places that lie in them alone."""
    whole = coverage.systems_with_own_trusts(filters)
    if filters["level"] == SYSTEM:
        return whole
    systems = reference.place_systems().groupby("place")["system"].agg(set)
    return {place for place, own in systems.items() if own <= whole}


def system_of_places(filters: Mapping[str, Any]) -> dict[str, str]:
    """The system of each place, where places are compared."""
    places = reference.place_lookup()
    return dict(zip(places["code"], places["system"], strict=True)) if filters["level"] == PLACE else {}


def area_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Systems, the programme's own first, and the places of each."""
    own, names = set(reference.own_systems()), choices.system_names()
    ordered = sorted(names, key=lambda code: (code not in own, names[code]))
    places = reference.place_lookup()
    grouped = [
        (f"Places of {names[code]}", sorted(zip(rows["code"], rows["name"], strict=True), key=lambda pair: pair[1]))
        for code in ordered
        if len(rows := places[places["system"] == code])
    ]
    return [("Systems", [(code, names[code]) for code in ordered]), *grouped]


def group_names(grouping: str) -> dict[str, str]:
    """Names of services, or of programmes of care; "" is what stands under none."""
    if grouping == "service":
        return {**dict(choices.service_choices()), "": "Codes of no listed service"}
    return {**dict(choices.programme_choices()), "": "No programme of care"}
