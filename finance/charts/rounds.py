"""Charts of allocation rounds. Every title is computed from the frame that is drawn, so that it is true of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import money, percent
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric
from presentation.wording import number_of

from .dots import indices, side_by_side

SOURCE = "Aggregate Contract Monitoring; populations, weights and policy as kept in the round"
INDICES = {
    "age_index": "Age and sex",
    "need_index": "Additional need",
    "mff_index": "Market forces",
    "overall_need_index": "All together",
}
# What a step ends with: its column, what it measures, its units.
ENDS: Mapping[str, tuple[str, Measure, str]] = {
    "population": ("population", Measure.POPULATION, "People"),
    "age": ("age_index", Measure.NUMBER, "Index above (+) or below (−) 1, the average of the area, %"),
    "need": ("need_index", Measure.NUMBER, "Index above (+) or below (−) 1, the average of the area, %"),
    "market-forces": ("mff_index", Measure.NUMBER, "Index above (+) or below (−) 1, the average of the area, %"),
    "weighted-population": ("weighted_population", Measure.POPULATION, "Weighted people"),
    "target": ("target", Measure.MONEY, "£"),
    "baseline": ("baseline", Measure.MONEY, "£"),
    "opening-distance": ("opening_distance", Measure.SHARE, "Above (+) or below (−) target, % of target"),
    "convergence": ("growth", Measure.SHARE, "Growth from the baseline, %"),
    "allocation": ("allocation", Measure.MONEY, "£"),
    "closing-distance": ("closing_distance", Measure.SHARE, "Above (+) or below (−) target, % of target"),
}


def distance_words(distance: float) -> str:
    """ "5.7% above target", "6.8% below target", "at target"."""
    size = percent(abs(distance))
    return "at target" if size == "0.0%" else f"{size} {'above' if distance > 0 else 'below'} target"


def round_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Distance from target before the first year and after each."""
    rows = frame[~frame["is_total"].astype(bool)]
    years = list(dict.fromkeys(rows["year"]))
    opening = rows[rows["year"] == years[0]] if years else rows
    before = pd.DataFrame({"x": "Opening", "series": opening["area_name"], "value": numeric(opening["opening_distance"])})
    after = pd.DataFrame({"x": rows["year"], "series": rows["area_name"], "value": numeric(rows["closing_distance"])})
    return Chart(
        kind=ChartKind.LINE_RANGE,
        frame=pd.concat([before, after], ignore_index=True).dropna(subset=["value"]),
        columns={"x": "x", "value": "value", "series": "series"},
        measure=Measure.SHARE,
        title=_round_title(opening, rows[rows["year"] == years[-1]] if years else rows, years),
        summary=f"Distance from target before the first year and after each of {number_of(len(years), 'year')}.",
        units="Above (+) or below (−) target, % of target",
        source=SOURCE,
        signed=True,
    )


def _round_title(opening: pd.DataFrame, closing: pd.DataFrame, years: list[str]) -> str:
    starts = dict(zip(opening["area_name"], numeric(opening["opening_distance"]), strict=True))
    ends = dict(zip(closing["area_name"], numeric(closing["closing_distance"]), strict=True))
    known = [name for name in starts if starts[name] == starts[name] and ends.get(name) == ends.get(name)]
    if not known:
        return "Nothing is allocated yet"
    furthest = max(known, key=lambda name: (abs(starts[name]), name))
    return f"{furthest} goes from {distance_words(starts[furthest])} to {distance_words(ends[furthest])} by {years[-1]}"


def chain_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    return indices(
        side_by_side(frame, INDICES, "area_name"),
        title=_chain_title(frame, filters),
        summary="Each index beside 1, the average of the area; people times the indices, scaled, are the weighted population.",
        units="Index: 1 is the average of the area",
        source=SOURCE,
    )


def _chain_title(frame: pd.DataFrame, filters: Mapping[str, Any]) -> str:
    if frame.empty:
        return "Nothing is calculated yet"
    shares, people = numeric(frame["target_share"]), numeric(frame["population"])
    top = int(shares.to_numpy().argmax())
    name, share = frame["area_name"].iloc[top], shares.iloc[top]
    return f"{name} has {percent(people.iloc[top] / people.sum())} of the people and {percent(share)} of the weighted population"


def step_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    if "use_index" in frame and len(frame):
        return _held_chart(frame, filters)
    column, measure, units = ENDS[filters["step"]]
    there = column in frame and len(frame) > 0
    known = (frame.assign(value=numeric(frame[column])) if there else frame.assign(value=pd.Series(dtype=float))).dropna(
        subset=["value"]
    )
    index = measure == Measure.NUMBER
    return Chart(
        kind=ChartKind.BARS,
        frame=known.assign(value=known["value"] - 1) if index else known,
        columns={"label": "area_name", "value": "value"},
        measure=Measure.SHARE if index else measure,
        title=_step_title(known, filters["step"]),
        summary=f"What this step gives for each area, {filters['allocation_year']}.",
        units=units,
        source=SOURCE,
        signed=measure in (Measure.SHARE, Measure.NUMBER),
    )


def _held_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """What holding supply at its mean does to each area: its index of use beside that of need."""
    use, need = numeric(frame["use_index"]), numeric(frame["need_index"])
    moved = (need - use).abs()
    title = "Holding supply at its mean changes the index of no area"
    if (moved.round(4) > 0).any():
        most = moved.idxmax()
        ends = f"from {use[most]:.4f} by use to {need[most]:.4f} by need"
        title = f"Holding supply at its mean changes {frame.loc[most, 'area_name']} most: {ends}"
    parts = [
        pd.DataFrame({"label": frame["area_name"], "value": index, "series": words})
        for words, index in (("Use, with its own supply", use), ("Need, with supply at its mean", need))
    ]
    return Chart(
        kind=ChartKind.DOT_PLOT,
        frame=pd.concat(parts, ignore_index=True).dropna(subset=["value"]),
        columns={"label": "label", "value": "value", "series": "series"},
        measure=Measure.NUMBER,
        title=title,
        summary=f"Use and need of each area beside 1, the mean of all areas' people, {filters['allocation_year']}.",
        units="Index: 1 is the mean of all areas' people",
        source=f"{SOURCE}; measures as loaded, coefficients as the round was told",
        options={"decimals": 3, "origin": 1.0},
    )


def _step_title(drawn: pd.DataFrame, step: str) -> str:
    if drawn.empty:
        return "The method of this round has no such step"
    top = drawn.loc[drawn["value"].idxmax()]
    name, value = top["area_name"], float(top["value"])
    if step in ("opening-distance", "closing-distance"):
        furthest = drawn.loc[drawn["value"].abs().idxmax()]
        when = "opens" if step == "opening-distance" else "closes"
        return f"{furthest['area_name']} is furthest from target: it {when} {distance_words(float(furthest['value']))}"
    if step == "convergence":
        return f"{name} grows fastest, by {percent(value)}"
    if step in ("target", "baseline", "allocation"):
        words = {"target": "The largest target is", "baseline": "The largest baseline is", "allocation": "Most goes to"}[step]
        return f"{words} {name}: {money(int(value))}" if step == "allocation" else f"{words} that of {name}: {money(int(value))}"
    if step in ("population", "weighted-population"):
        words = "people" if step == "population" else "weighted people"
        return f"{name} has most {words}: {value:,.0f}"
    if f"{value:.4f}" == "1.0000":
        return "The index is alike in every area"
    return f"The index raises the weight of {name} most: {value:.4f} beside 1"


def moved_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    together = frame[frame["input"] == "all"] if len(frame) else frame
    parts = [
        pd.DataFrame(
            {"label": frame["area_name"] + ": " + frame["input_words"], "value": numeric(frame[column]), "series": words}
        )
        for words, column in (("Lower", "low"), ("As calculated", "target_share"), ("Higher", "high"))
    ]
    title = "No input is taken to be out"
    if len(together):
        spread = (numeric(together["high"]) - numeric(together["low"])).to_numpy()
        widest = together.iloc[int(spread.argmax())]
        low, high = percent(float(widest["low"]), 2), percent(float(widest["high"]), 2)
        title = f"With every input out by its error, the share of {widest['area_name']} lies between {low} and {high}"
    return Chart(
        kind=ChartKind.DOT_PLOT,
        frame=pd.concat(parts, ignore_index=True),
        columns={"label": "label", "value": "value", "series": "series"},
        measure=Measure.SHARE,
        title=title,
        summary="The target share of each area in the first year with one of its inputs lower or higher by its error.",
        units="Share of the area's weighted population, %",
        source=f"{SOURCE}; errors are illustrative unless the programme knows better",
    )
