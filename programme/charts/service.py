"""Charts of services and providers. Every title is computed from the frame that is drawn, so that it is true of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planning.charts.flows import in_words, period
from presentation.amounts import MINUS, money, percent
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric
from presentation.wording import leaders, listed, number_of, unit_name

SOURCE = "Aggregate Contract Monitoring"
SHOWN = 12
ACTUAL, PLAN = "Actual", "Plan"
YEAR_END = "Year end"


def is_cost(filters: Mapping[str, Any]) -> bool:
    return filters.get("measure") != "activity"


def measure_words(filters: Mapping[str, Any]) -> str:
    return "cost" if is_cost(filters) else unit_name(filters.get("unit") or "SPELL")


def units(filters: Mapping[str, Any]) -> str:
    return "Cost in £" if is_cost(filters) else measure_words(filters).capitalize()


def _measure(filters: Mapping[str, Any]) -> Measure:
    return Measure.MONEY if is_cost(filters) else Measure.ACTIVITY


def _what(filters: Mapping[str, Any]) -> str:
    return "price" if is_cost(filters) else "activity"


def shares_chart(frame: pd.DataFrame, filters: Mapping[str, Any], *, label: str, of: str, noun: str) -> Chart:
    """The largest rows by what they are worth, with their share of the whole beside the words."""
    what = _what(filters)
    drawn = frame.assign(value=numeric(frame[f"actual_{what}"])).dropna(subset=["value"])
    drawn = drawn[drawn["value"] > 0].sort_values("value", ascending=False, kind="stable").head(SHOWN)
    shares = numeric(drawn[f"{what}_share"]) if f"{what}_share" in drawn else pd.Series(float("nan"), index=drawn.index)
    drawn = drawn.assign(note=["" if s != s else f"({percent(s, 0)})" for s in shares], share=shares)
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn,
        columns={"label": label, "value": "value", "note": "note"},
        measure=_measure(filters),
        title=shares_title(drawn, filters, label=label, of=of, noun=noun),
        summary=f"{measure_words(filters).capitalize()} by {noun} and its share of {of}, {period(filters)}.",
        units=f"{units(filters)}, and share of {of}",
        source=SOURCE,
    )


def shares_title(drawn: pd.DataFrame, filters: Mapping[str, Any], *, label: str, of: str, noun: str) -> str:
    """Who has the largest share."""
    names, _ = leaders(drawn[label].tolist(), drawn["value"].tolist())
    if not names:
        return f"No {measure_words(filters)} in what is chosen"
    share = drawn["share"].iloc[0]
    # Credits of others can make one more than the whole, which is no share of it.
    said = share <= 1
    size = f"{percent(share, 0)} of {of}" if said else in_words(drawn["value"].iloc[0], _as_flows(filters))
    if len(names) > 3:
        return f"{number_of(len(names), noun)} are alike: {size} each"
    return f"{listed(names)} {'has' if len(names) == 1 else 'have'} {size}{' each' if len(names) > 1 else ''}"


def _as_flows(filters: Mapping[str, Any]) -> dict[str, Any]:
    return {**filters, "measure": "cost" if is_cost(filters) else "activity", "basis": "actual"}


def years_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Plan and actual over the years, years that are not full left out of the lines."""
    full = frame[frame["is_full"].astype(bool)] if len(frame) else frame
    drawn = _series(full, "year", [(ACTUAL, f"actual_{_what(filters)}"), (PLAN, f"planned_{_what(filters)}")])
    return Chart(
        kind=ChartKind.LINE_RANGE,
        frame=drawn,
        columns={"x": "x", "value": "value", "series": "series"},
        measure=_measure(filters),
        title=years_title(full, filters),
        summary=f"{measure_words(filters).capitalize()} and plan in each full year loaded; part years are in the table.",
        units=units(filters),
        source=SOURCE,
        options={"dashed": (PLAN,)},
    )


def years_title(full: pd.DataFrame, filters: Mapping[str, Any]) -> str:
    """How it has grown over the full years loaded."""
    values = numeric(full[f"actual_{_what(filters)}"]) if len(full) else pd.Series(dtype=float)
    known = values.dropna()
    if known.empty:
        return "No full year is loaded"
    first, last = full.loc[known.index[0], "year"], full.loc[known.index[-1], "year"]
    if first == last or not known.iloc[0] > 0 or known.iloc[-1] < 0:
        return f"{in_words(known.iloc[-1], _as_flows(filters))} in {last}"
    change = known.iloc[-1] / known.iloc[0] - 1
    words = measure_words(filters).capitalize()
    if percent(abs(change), 0) == "0%":
        return f"{words} in {last} {_was(filters)} what {_it(filters)} in {first}"
    return f"{words} {_was(filters)} {percent(abs(change), 0)} {'higher' if change > 0 else 'lower'} in {last} than in {first}"


def _was(filters: Mapping[str, Any]) -> str:
    return "was" if is_cost(filters) else "were"


def _it(filters: Mapping[str, Any]) -> str:
    return "it was" if is_cost(filters) else "they were"


def months_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Actual, plan and the year before, month by month."""
    what = _what(filters)
    shown = frame[frame["month_name"] != YEAR_END]
    before = shown["before_year"].iloc[0] if len(shown) else ""
    lines = [
        (str(filters["year"]), f"actual_{what}"),
        (PLAN, f"planned_{what}"),
        *([(before, f"before_{what}")] if before else []),
    ]
    beside = f"beside plan and {before}" if before else "beside plan"
    return Chart(
        kind=ChartKind.LINE_RANGE,
        frame=_series(shown, "month_name", lines),
        columns={"x": "x", "value": "value", "series": "series"},
        measure=_measure(filters),
        title=months_title(shown, filters),
        summary=f"{measure_words(filters).capitalize()} by month of {period(filters)}, {beside}.",
        units=units(filters),
        source=SOURCE,
        options={"dashed": (PLAN,)},
    )


def months_title(shown: pd.DataFrame, filters: Mapping[str, Any]) -> str:
    """In how many months actual was above plan."""
    what = _what(filters)
    if shown.empty:
        return f"No months of {period(filters)} are loaded for what is chosen"
    known = numeric(shown[f"{what}_difference"]).dropna()
    if known.empty:
        return f"No month of {period(filters)} has both a plan and an actual"
    over = int((known > 0).sum())
    return f"Above plan in {over or 'none'} of {number_of(len(known), 'month')} of {period(filters)}"


def _series(frame: pd.DataFrame, x: str, lines: list[tuple[str, str]]) -> pd.DataFrame:
    parts = [pd.DataFrame({"x": frame[x], "series": name, "value": numeric(frame[column])}) for name, column in lines]
    drawn = pd.concat(parts, ignore_index=True) if len(frame) else pd.DataFrame(columns=["x", "series", "value"])
    known = drawn.groupby("series")["value"].transform("count") > 0 if len(drawn) else drawn["value"].notna()
    return drawn[known].reset_index(drop=True)


def per_head_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Spend a head of systems whose own trusts are in."""
    drawn = frame.assign(value=numeric(frame["per_head"])).dropna(subset=["value"])
    people = "registered person" if filters.get("population") == "registered" else "resident"
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn,
        columns={"label": "system_name", "value": "value"},
        measure=Measure.NUMBER,
        title=per_head_title(drawn, people),
        summary=f"Cost at loaded providers for each {people}, {period(filters)}, of systems whose own trusts are all loaded.",
        units=f"£ for each {people}",
        source=f"{SOURCE}; populations of reference data",
        options={"decimals": 2},
    )


def per_head_title(drawn: pd.DataFrame, people: str) -> str:
    """Who spends the most a head, and the least."""
    if drawn.empty:
        return "Spend a head is not known: no system has all of its own trusts loaded"
    high, low = drawn.loc[drawn["value"].idxmax()], drawn.loc[drawn["value"].idxmin()]
    most, least = (f"£{one['value']:,.2f}".replace("£-", f"{MINUS}£") for one in (high, low))
    if len(drawn) > 1 and most == least:
        return f"{'Both' if len(drawn) == 2 else f'All {len(drawn)}'} systems spend {most} for each {people}"
    words = f"{high['system_name']} spends {most} for each {people}"
    return words if len(drawn) == 1 else f"{words}, {low['system_name']} {least}"


def paid_words(actual: float, difference: float | None, planned: float | None) -> str:
    """ "£312.0m, £4.0m (1.3%) more than planned"."""
    if difference is None or difference != difference:
        return money(int(actual))
    if not difference:
        return f"{money(int(actual))}, as planned"
    share = f" ({percent(abs(difference) / planned)})" if planned and planned > 0 else ""
    return f"{money(int(actual))}, {money(abs(int(difference)))}{share} {'more' if difference > 0 else 'less'} than planned"
