"""Charts of networks: what their flows say beside what is stated."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import percent
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric
from presentation.wording import number_at_start, number_of, number_within, unit_name

SOURCE = "Aggregate Contract Monitoring; stated footprints from the source of each network"
SHOWN = 12


def _words(filters) -> str:
    return "cost" if filters.get("measure") == "cost" else unit_name(filters.get("unit") or "SPELL")


def _period(filters) -> str:
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
        units=f"Share of {_words(filters)} of people whose home is known, {_period(filters)}",
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
        return f"No {_words(filters)} of people whose home is known, {_period(filters)}."
    first = shown.iloc[0]
    stated = drawn.loc[drawn["stated"] == "Stated", "value"].sum()
    words = f"{first['home_name']} has the largest share, {percent(first['value'], 0)}"
    return f"{words}; the systems of the stated footprint have {percent(stated, 0)} together, {_period(filters)}."


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
        summary=f"Share of each pilot's {_words(filters)} from the systems of its stated footprint, {_period(filters)}.",
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
