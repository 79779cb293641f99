"""The map of flows as a chart."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import number, percent
from presentation.chart import Chart, ChartKind
from presentation.disclosure import HIDDEN, numeric
from presentation.maps import MOST_WAYS
from presentation.wording import number_of

from .flow_words import are, is_signed, measure_of, measured_in, period, signed_units, value_column
from .flows import SOURCE, ends_of, flow_title

ENDS = ["home_latitude", "home_longitude", "latitude", "longitude"]


def map_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Flows between known positions; homes and providers without one beside the map, with their amounts."""
    column = value_column(filters)
    known = pd.concat([numeric(frame[name]).notna() for name in ENDS], axis=1).all(axis=1)
    drawn = frame[known].assign(value=frame.loc[known, column], **{name: numeric(frame.loc[known, name]) for name in ENDS})
    return Chart(
        kind=ChartKind.MAP,
        frame=drawn,
        columns={
            "label": "home_name",
            "latitude": "home_latitude",
            "longitude": "home_longitude",
            "value": "value",
            "to_latitude": "latitude",
            "to_longitude": "longitude",
            "to_label": "destination_name",
            "link": "address",
        },
        measure=measure_of(filters),
        title=_title(drawn, filters),
        summary=_summary(frame, drawn, numeric(frame[column]), filters),
        units=signed_units(filters),
        source=SOURCE,
        signed=is_signed(filters),
        options={"beside": beside(frame[~known], column), "links": _links(drawn)},
    )


def _title(drawn: pd.DataFrame, filters) -> str:
    """Within which distance half of it is."""
    ways = pd.DataFrame({"km": numeric(drawn["km"]), "value": numeric(drawn["value"])})
    ways = ways[ways["value"] > 0].sort_values("km")
    if is_signed(filters) or ways.empty:
        return flow_title(drawn.drop(columns="value"), filters)
    half = ways.loc[2 * ways["value"].cumsum() >= ways["value"].sum(), "km"].iloc[0]
    return f"Half of {measured_in(filters)} {are(filters)} within {number(float(half), 0)} km of home"


def _summary(frame: pd.DataFrame, drawn: pd.DataFrame, values: pd.Series, filters) -> str:
    homes = number_of(drawn["home_name"].nunique(), "home")
    ends = number_of(drawn["destination_name"].nunique(), ends_of(filters)[:-1])
    lines = int((numeric(drawn["value"]).abs() > 0).sum())
    which = f"the {MOST_WAYS} largest of {lines:,} flows" if lines > MOST_WAYS else number_of(lines, "flow")
    said = f"{homes} and {ends} by position, {which} as lines, {period(filters)}."
    total = values.abs().sum()
    if not total or len(drawn) == len(frame):
        return said
    return f"{said} {percent(1 - values[drawn.index].abs().sum() / total)} has no position and is listed beside the map."


def beside(absent: pd.DataFrame, column: str) -> tuple[tuple[str, object], ...]:
    """Homes, or else providers, without a position, each with its amount, the largest first."""
    no_home = numeric(absent["home_latitude"]).isna() if len(absent) else pd.Series(dtype=bool)
    names = absent["home_name"].where(no_home, "At " + absent["destination_name"].astype(str))
    values = numeric(absent[column]) if len(absent) else pd.Series(dtype="float64")
    sums = values.groupby(names).sum(min_count=1).sort_values(ascending=False, kind="stable", key=abs)
    hidden = {name for name, value in zip(names, absent[column], strict=True) if value is HIDDEN}
    return tuple((str(name), int(v) if v == v else HIDDEN if name in hidden else None) for name, v in sums.items())


def _links(drawn: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Where the dots lead: to the same page of that home or provider alone."""
    homes = {("label", name): link for name, link in zip(drawn["home_name"], drawn["home_address"], strict=True)}
    ends = zip(drawn["destination_name"], drawn["provider_address"], strict=True)
    return {**homes, **{("to_label", name): link for name, link in ends}}
