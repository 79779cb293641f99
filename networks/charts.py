"""Charts of networks: what their flows say beside what is stated."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import percent
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric
from presentation.wording import leaders, listed, number_at_start, number_of, number_within, unit_name

SOURCE = "Aggregate Contract Monitoring; stated footprints from the source of each network"
SHOWN = 12
LEVEL_WORDS = {
    "place": "Place",
    "system": "System",
    "one_region": "Systems of one region",
    "regions": "Several regions",
    "national": "National",
}
NO_LEVEL = "No flow of known homes"
LEVEL_SENTENCE = {
    "place": "need one place",
    "system": "need one system",
    "one_region": "need several systems of one region",
    "regions": "need several regions",
    "national": "are national: the loaded systems together do not reach it",
}
STATED, AS_STATED, MORE, FEWER = "Stated", "As stated", "More than stated", "Fewer than stated"


def _words(filters) -> str:
    return "cost" if filters.get("measure") == "cost" else unit_name(filters.get("unit") or "SPELL")


def period(filters) -> str:
    year = filters.get("year")
    return "all years loaded" if year in (None, "", "all") else str(year)


def footprint_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Share of each home, the stated systems in the strong colour."""
    column = "price_share" if filters.get("measure") == "cost" else "activity_share"
    drawn = frame.assign(value=numeric(frame[column])).dropna(subset=["value"])
    shown = drawn[drawn["value"] > 0].head(SHOWN)
    return Chart(
        kind=ChartKind.BARS,
        frame=shown,
        columns={"label": "home_name", "value": "value"},
        measure=Measure.SHARE,
        title=footprint_title(frame),
        summary=_footprint_summary(shown, drawn, filters),
        units=f"Share of {_words(filters)} of people whose home is known, {period(filters)}",
        source=SOURCE,
        emphasis=tuple(shown.loc[shown["stated"] == "Stated", "home_name"]),
    )


def needed_for_nine_tenths(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["needed"].isin(["50%", "80%", "90%"])]


def footprint_title(frame: pd.DataFrame) -> str:
    """How many homes make up nine tenths, and whether those are the stated systems."""
    needed = needed_for_nine_tenths(frame)
    if needed.empty:
        return "No flows of this network's services in what is chosen"
    inside = int((needed["stated"] == "Stated").sum())
    many = number_at_start(len(needed))
    homes = f"{many} home makes up 90% of its flow" if len(needed) == 1 else f"{many} homes make up 90% of its flow"
    if inside == len(needed):
        return f"{homes}, {'and it is' if inside == 1 else 'all of them'} in the stated footprint"
    if inside == 0:
        return f"{homes}, and {'it is not' if len(needed) == 1 else 'none of them is'} in the stated footprint"
    return f"{homes}, {number_within(inside)} of them in the stated footprint"


def _footprint_summary(shown, drawn, filters) -> str:
    if shown.empty:
        return f"No {_words(filters)} of people whose home is known, {period(filters)}."
    first = shown.iloc[0]
    stated = drawn.loc[drawn["stated"] == "Stated", "value"].sum()
    words = f"{first['home_name']} has the largest share, {percent(first['value'], 0)}"
    return f"{words}; the systems of the stated footprint have {percent(stated, 0)} together, {period(filters)}."


def networks_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """How much of each pilot's flow comes from its stated systems; the table has every network."""
    column = "stated_price_share" if filters.get("measure") == "cost" else "stated_activity_share"
    drawn = frame.assign(value=numeric(frame[column]))
    drawn = drawn[drawn["is_pilot"].astype(bool)].dropna(subset=["value"]).sort_values("value", ascending=False, kind="stable")
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn,
        columns={"label": "network_name", "value": "value"},
        measure=Measure.SHARE,
        title=networks_title(drawn),
        summary=f"Share of each pilot's {_words(filters)} from the systems of its stated footprint, {period(filters)}.",
        units=f"Share of {_words(filters)} of people whose home is known",
        source=SOURCE,
    )


def networks_title(drawn: pd.DataFrame) -> str:
    """The pilots whose stated footprint holds the most and the least of their flow."""
    if drawn.empty:
        return "No flows of the pilots' services in what is chosen"
    low, high = drawn.loc[drawn["value"].idxmin()], drawn.loc[drawn["value"].idxmax()]
    if len(drawn) == 1:
        return f"{percent(high['value'], 0)} of the flow of {high['network_name']} is from its stated footprint"
    if percent(low["value"], 0) == percent(high["value"], 0):
        return f"{percent(low['value'], 0)} of the flow of each of {number_of(len(drawn), 'pilot')} is from its stated footprint"
    high_words = f"{percent(high['value'], 0)} of the flow of {high['network_name']}"
    return f"{high_words} is from its stated footprint, and {percent(low['value'], 0)} of that of {low['network_name']}"


def levels_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """How many services are at home at each natural level."""
    drawn = frame.assign(value=numeric(frame["services"]))
    threshold = f"{filters['threshold']}% of the flow"
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn,
        columns={"label": "level_name", "value": "value"},
        measure=Measure.NUMBER,
        title=levels_title(drawn, threshold),
        summary=f"Services by the smallest level at which {threshold} is at home, by {_words(filters)}, {period(filters)}.",
        units="Number of services",
        source=SOURCE,
    )


LEVEL_TITLES = {
    "place": "One place makes up",
    "system": "One system makes up",
    "one_region": "Several systems of one region make up",
    "regions": "Several regions make up",
    "national": "No set of loaded systems makes up",
}


def levels_title(drawn: pd.DataFrame, threshold: str) -> str:
    """At which level the most services are at home."""
    counted = drawn[drawn["level"].isin(list(LEVEL_TITLES))]
    total = int(counted["value"].sum())
    names, most = leaders(counted["level"].tolist(), counted["value"].tolist())
    if not total or not most:
        return "No services with flows in what is chosen"
    if len(names) > 1:
        return f"{number_of(len(names), 'natural level')} have {number_of(int(most), 'service')} each, for {threshold}"
    return f"{LEVEL_TITLES[names[0]]} {threshold} in {number_within(int(most))} of {number_of(total, 'service')}"


def delivery_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """What each provider delivers, those needed for nine tenths in the strong colour."""
    cost = filters.get("measure") == "cost"
    drawn = frame.assign(value=numeric(frame["actual_price" if cost else "actual_activity"])).dropna(subset=["value"])
    shown = drawn[drawn["value"] > 0].head(SHOWN)
    needed = shown[shown["needed"] != ""]
    return Chart(
        kind=ChartKind.BARS,
        frame=shown,
        columns={"label": "provider_name", "value": "value"},
        measure=Measure.MONEY if cost else Measure.ACTIVITY,
        title=delivery_title(frame),
        summary=f"{_words(filters).capitalize()} of its services by provider, {period(filters)}; the fewest for 90% in blue.",
        units="£ paid" if cost else _words(filters).capitalize(),
        source=SOURCE,
        emphasis=tuple(needed["provider_name"]),
    )


def delivery_title(frame: pd.DataFrame) -> str:
    needed = frame[frame["needed"] != ""] if len(frame) else frame
    if needed.empty:
        return "No provider delivers this network's services in what is chosen"
    many = number_at_start(len(needed))
    words = f"{many} {'provider delivers' if len(needed) == 1 else 'providers deliver'} 90% of it"
    elsewhere = int((needed["stated"] == "Not stated").sum())
    if not elsewhere:
        return f"{words}, {'hosted' if len(needed) == 1 else 'all hosted'} in the stated footprint"
    if elsewhere == len(needed):
        return f"{words}, {'hosted' if len(needed) == 1 else 'all hosted'} outside the stated footprint"
    return f"{words}, {number_within(elsewhere)} of them hosted outside the stated footprint"


def service_homes_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Share of each home of a service's people, those that the chosen share needs in the strong colour."""
    column = "price_share" if filters.get("measure") == "cost" else "activity_share"
    drawn = frame.assign(value=numeric(frame[column])).dropna(subset=["value"])
    shown = drawn[drawn["value"] > 0].head(SHOWN)
    inside = needed_for(frame, filters["threshold"])
    return Chart(
        kind=ChartKind.BARS,
        frame=shown,
        columns={"label": "home_name", "value": "value"},
        measure=Measure.SHARE,
        title=service_homes_title(inside, filters),
        summary=f"Share of {_words(filters)} by home, {period(filters)}; those that {filters['threshold']}% needs in blue.",
        units=f"Share of {_words(filters)} of people whose home is known, {period(filters)}",
        source=SOURCE,
        emphasis=tuple(inside["home_name"]),
    )


def needed_for(frame: pd.DataFrame, threshold: str) -> pd.DataFrame:
    """The homes that a share of the flow needs."""
    inside = [bool(word) and int(word.rstrip("%")) <= int(threshold) for word in frame["needed"]]
    return frame[pd.Series(inside, index=frame.index, dtype=bool)]


def service_homes_title(inside: pd.DataFrame, filters: Mapping[str, Any]) -> str:
    threshold = f"{filters['threshold']}% of its flow"
    if inside.empty:
        return "No flows of this service in what is chosen"
    names = inside["home_name"].tolist()
    if len(names) <= 3:
        return f"{listed(names)} {'make' if len(names) > 1 else 'makes'} up {threshold}"
    regions = inside.loc[inside["region"] != "", "region"].nunique()
    return f"{number_at_start(len(names))} homes in {number_of(regions, 'region')} make up {threshold}, most of all {names[0]}"


def service_years_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """How many homes each share takes, year by year."""
    drawn = pd.concat(
        [
            pd.DataFrame({"year": frame["year"], "series": f"{share}%", "value": numeric(frame[f"homes_{share}"])})
            for share in ("50", "80", "90", "95")
        ],
        ignore_index=True,
    ).dropna(subset=["value"])
    homes = "places" if filters.get("level") == "place" else "systems"
    return Chart(
        kind=ChartKind.LINE_RANGE,
        frame=drawn,
        columns={"x": "year", "value": "value", "series": "series"},
        measure=Measure.NUMBER,
        title=service_years_title(frame, filters),
        summary=f"Fewest {homes} that make up each share of {_words(filters)}, by year, in the systems of today.",
        units=f"Number of {homes} (other homes count as one each)",
        source=SOURCE,
    )


def service_years_title(frame: pd.DataFrame, filters: Mapping[str, Any]) -> str:
    counts = numeric(frame["homes_needed"]).dropna() if len(frame) else pd.Series(dtype=float)
    if counts.empty:
        return "No flows of this service in any year loaded"
    fewest, most = int(counts.min()), int(counts.max())
    homes = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    if len(counts) == 1:
        return f"{number_of(most, 'home')} for {filters['threshold']}% of its flow in the one year loaded"
    same, other = ("it stays", "it changes") if most == 1 else ("they stay", "they change")
    said = {"Stable": f"and {same} the same", "Mostly stable": "and most stay the same", "Changing": f"and {other}"}
    word = said.get(frame["stability"].iloc[0], "")
    return (
        f"{homes} {'home' if most == 1 else 'homes'} for {filters['threshold']}% of its flow in each year loaded, {word}".rstrip(
            ", "
        )
    )
