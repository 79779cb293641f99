"""Charts of what official files say. Nothing is computed here that the publisher did not print."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import money, number, percent, whole
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric
from presentation.wording import number_of


def _source(frame: pd.DataFrame, what: str) -> str:
    return f"{what}: {frame['source'].iloc[0]}" if len(frame) else what


def _bars(frame: pd.DataFrame, label: str, value: str, measure: Measure, **words: Any) -> Chart:
    drawn = frame.assign(value=numeric(frame[value])).dropna(subset=["value"])
    columns = {"label": label, "value": "value"}
    return Chart(kind=ChartKind.BARS, frame=drawn, columns=columns, measure=measure, **words)


def of_latest_year(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["year"] == frame["year"].max()] if len(frame) else frame


def allocations_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    rows = of_latest_year(frame)
    by_distance = numeric(rows["distance"]).notna().any()
    year = rows["year"].iloc[0] if len(rows) else "the year"
    return _bars(
        rows,
        "system_name",
        "distance" if by_distance else "allocation",
        Measure.SHARE if by_distance else Measure.MONEY,
        title=_allocations_title(rows, by_distance),
        summary=f"{'Published distance from target' if by_distance else 'Published allocation'} of each system, {year}.",
        units="Distance from target, % of target" if by_distance else "£ allocated",
        source=_source(frame, "Allocations of specialised services"),
        signed=by_distance,
    )


def _allocations_title(rows: pd.DataFrame, by_distance: bool) -> str:
    if rows.empty:
        return "No official allocations of specialised services are loaded"
    total = money(int(numeric(rows["allocation"]).sum()))
    if not by_distance:
        return f"{total} is allocated to the {number_of(len(rows), 'system')} in the file in {rows['year'].iloc[0]}"
    distance = numeric(rows["distance"])
    furthest = distance.abs().idxmax()
    way = "above" if distance[furthest] > 0 else "below"
    if round(abs(float(distance[furthest])), 4) == 0:
        return f"Every system is at its published target in {rows['year'].iloc[0]}"
    return (
        f"{rows.loc[furthest, 'system_name']} is furthest from its published target: {percent(abs(distance[furthest]))} {way} it"
    )


def convergence_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    rows = of_latest_year(frame)
    return _bars(
        rows,
        "what",
        "convergence",
        Measure.SHARE,
        title=_convergence_title(rows),
        summary="What distance from target adds to growth a year, or takes off it; between two of these it runs straight.",
        units="Change in growth a year, percentage points",
        source=_source(frame, "Convergence (pace of change)"),
        signed=True,
    )


def _convergence_title(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "No official pace of change is loaded"
    values = numeric(rows["convergence"])
    top, bottom = values.idxmax(), values.idxmin()
    most, least = (percent(abs(values[end]), 2) for end in (top, bottom))
    more = f"{rows.loc[top, 'what']}: growth is {most} {'higher' if values[top] >= 0 else 'lower'}"
    return more if top == bottom else f"{more}. {rows.loc[bottom, 'what']}: {least} {'higher' if values[bottom] > 0 else 'lower'}"


def need_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Need of all services together, or of each programme of care where the file has no other."""
    rows = of_latest_year(frame)
    overall = rows[rows["programme_of_care"] == ""]
    named = [f"{area}, {programme}" for area, programme in zip(rows["area_name"], rows["programme"], strict=True)]
    rows = overall.assign(label=overall["area_name"]) if len(overall) else rows.assign(label=named)
    rows = rows.assign(above=numeric(rows["need_index"]) - 1)
    return _bars(
        rows,
        "label",
        "above",
        Measure.SHARE,
        title=_need_title(rows),
        summary="Published need of each area, above or below the average.",
        units="Need above (+) or below (−) the average, %",
        source=_source(frame, "Need index"),
        signed=True,
    )


def _need_title(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "No official need index is loaded"
    top = rows.loc[rows["above"].idxmax()]
    of = top["programme"].lower()
    return f"Need is highest in {top['area_name']}: {number(top['above'] + 1, 2)} where 1.00 is the average ({of})"


def measures_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """The measure that differs most between areas beside its mean, and where it is highest."""
    rows = of_latest_year(frame)
    rows = rows.assign(value=numeric(rows["value"]))
    drawn = rows[rows["measure"] == _most_different(rows)].sort_values("value", ascending=False)
    unit = drawn["unit"].iloc[0] if len(drawn) else ""
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn.head(20),
        columns={"label": "area_name", "value": "value"},
        measure=Measure.NUMBER,
        title=_measures_title(drawn),
        summary="The measure that differs most between areas, the highest first; the table and the files have every measure.",
        units=unit or "Unit of the measure",
        source=_source(frame, "Measures of need and supply"),
        options={"decimals": 2},
    )


def _most_different(rows: pd.DataFrame) -> str:
    """By the spread of its values beside the size of their mean; of equals, the first by name."""
    groups = rows.groupby("measure")["value"]
    size = groups.mean().abs()
    spread = ((groups.max() - groups.min()) / size.where(size > 0)).fillna(0)
    return str(spread.idxmax()) if len(spread) else ""


def _measures_title(drawn: pd.DataFrame) -> str:
    if drawn.empty:
        return "No measures of need and supply are loaded"
    top, last = drawn.iloc[0], drawn.iloc[-1]
    if len(drawn) == 1:
        return f"{top['measure']}: {number(top['value'], 2)} in {top['area_name']}"
    ends = f"{number(top['value'], 2)} in {top['area_name']}, {number(last['value'], 2)} in {last['area_name']}"
    return f"{top['measure']} differs most between areas: {ends}"


def factors_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    rows = of_latest_year(frame)
    rows = rows[rows["shown"].astype(bool)]
    drawn = rows.assign(value=numeric(rows["value"])).sort_values("value", ascending=False)
    title = "No official market forces factors of the providers here are loaded"
    if len(drawn):
        title = f"{drawn['provider_name'].iloc[0]} has the highest market forces factor here, {number(drawn['value'].iloc[0], 4)}"
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn.head(20),
        columns={"label": "provider_name", "value": "value"},
        measure=Measure.NUMBER,
        title=title,
        summary="Payment index of the providers that are loaded, the highest first; the table and the files have them all.",
        units="Payment index",
        source=_source(frame, "Market forces factors"),
        options={"decimals": 4},
    )


def registered_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    rows = of_latest_year(frame)
    people = numeric(rows["population"]).sum() if len(rows) else 0
    title = "No registered people by age and sex are loaded"
    if len(rows):
        title = f"{whole(people)} people are registered in the {number_of(len(rows), 'area')} of the file"
    return _bars(
        rows,
        "area_name",
        "population",
        Measure.POPULATION,
        title=title,
        summary="People registered with practices of each area.",
        units="Registered people",
        source=_source(frame, "Registered population by age and sex"),
    )
