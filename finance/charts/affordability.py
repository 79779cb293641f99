"""Charts of affordability. Every title is computed from the frame that is drawn, so that it is true of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import money
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric
from presentation.wording import number_at_start, number_within

from .words import over_words, period, stored

SOURCE = "Aggregate Contract Monitoring"
SHOWN = 25
# Lines that are nearer to each other than this share of the largest value are drawn as one.
TOLD_APART = 0.02


def spend_chart(frame: pd.DataFrame, filters: Mapping[str, Any], *, of: str) -> Chart:
    """Differences from plan as bars, the most over plan first."""
    drawn = frame.assign(value=numeric(frame["difference"])).dropna(subset=["value"])
    drawn = drawn.assign(size=drawn["value"].abs()).nlargest(SHOWN, "size").sort_values("value", ascending=False)
    total = frame.attrs.get("total", {})
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn,
        columns={"label": "name", "value": "value"},
        measure=Measure.MONEY,
        title=spend_title(drawn, of),
        summary=(
            f"Actual less plan by {of}, {period(filters)}: together {over_words(_number(total.get('difference')))}; "
            f"forecast outturn {money(stored(_number(total.get('forecast'))))}."
        ),
        units="£, actual less plan: + is over plan, − is under plan",
        source=SOURCE,
        signed=True,
    )


def _number(value: Any) -> float | None:
    return float(numeric(pd.Series([value], dtype=object)).iloc[0]) if value is not None else None


# How a title says of how many of its rows something is true: "nine of 11 providers are over plan".
OF_HOW_MANY = {
    "provider": "{number} providers are {side} plan",
    "home of patient": "Spend is {side} plan for {number} homes of patients",
    "programme of care": "Spend is {side} plan in {number} programmes of care",
}


def spend_title(drawn: pd.DataFrame, of: str = "provider") -> str:
    if drawn.empty:
        return "Spend against plan is not known for what is chosen"
    over, under = drawn[drawn["value"] > 0], drawn[drawn["value"] < 0]
    top = over.iloc[0] if len(over) else under.iloc[-1] if len(under) else None
    if top is None:
        return "All are on plan"
    side, many = ("over", len(over)) if len(over) else ("under", len(under))
    if many == 1:
        return f"Only {top['name']} is {side} plan, by {money(abs(int(top['value'])))}"
    size = money(abs(int(top["value"])))
    said = OF_HOW_MANY[of].format(number=_share_of(many, len(drawn), starts=of == "provider"), side=side)
    return f"{said}, {top['name']} by most ({size})"


def _share_of(many: int, whole: int, *, starts: bool) -> str:
    if many == whole:
        all_of_them = "both" if whole == 2 else f"all {number_within(whole)}"
        return all_of_them.capitalize() if starts else all_of_them
    return f"{number_at_start(many) if starts else number_within(many)} of {number_within(whole)}"


def gap_title(frame: pd.DataFrame) -> str:
    gaps = numeric(frame["gap"]) if len(frame) else pd.Series(dtype=float)
    if gaps.dropna().empty:
        return "The gap is not known: no spend and plan are loaded for the opening year"
    last, year = gaps.iloc[-1], frame["year"].iloc[-1]
    if last > 0:
        return f"If nothing is done the gap reaches {money(int(last))} in {year}"
    return f"If nothing is done there is {'a surplus of ' + money(-int(last)) if last else 'no gap'} in {year}"


def _apart(frame: pd.DataFrame) -> bool:
    """Whether the gap with a scenario can be told from the one without it in a drawing."""
    change, size = numeric(frame["scenario_payments"]).abs().max(), numeric(frame["gap"]).abs().max()
    return bool(change > TOLD_APART * size)


def gap_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    drawn = frame.assign(value=numeric(frame["gap"]) if len(frame) else [], series="If nothing is done")
    columns = {"x": "year", "value": "value"}
    if filters.get("scenario") and len(frame) and _apart(frame):
        with_it = frame.assign(value=numeric(frame["gap_with"]), series="With the scenario")
        drawn, columns = pd.concat([drawn, with_it], ignore_index=True), {**columns, "series": "series"}
    return Chart(
        kind=ChartKind.LINE_RANGE,
        frame=drawn,
        columns=columns,
        measure=Measure.MONEY,
        title=gap_title(frame),
        summary="Spend less revenue in each year if spend and revenue grow at the rates shown and nothing is done.",
        units="£, spend less revenue (+ = shortfall)",
        source=f"{SOURCE}; growth rates shown below",
        signed=True,
    )


def driver_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    drawn = frame.assign(value=numeric(frame["amount"]) if len(frame) else [], total=frame["is_total"].astype(bool))
    drivers = drawn[~drawn["total"] & (drawn["value"] > 0)]
    title = "Nothing adds to the gap"
    if drawn.empty:
        title = gap_title(pd.DataFrame())
    elif len(drivers):
        top = drivers.loc[drivers["value"].idxmax()]
        title = f"{top['step_name']} adds most to the gap: {money(int(top['value']))} over the years shown"
    return Chart(
        kind=ChartKind.WATERFALL,
        frame=drawn,
        columns={"label": "step_name", "value": "value", "total": "total"},
        measure=Measure.MONEY,
        title=title,
        summary="From the gap of the opening year through each driver of spend and the growth of revenue to the last year's gap.",
        units="£ added to (+) or taken from (−) the gap",
        source=f"{SOURCE}; growth rates shown below",
        signed=True,
    )
