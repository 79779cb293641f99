"""Charts of scenarios. Every title is computed from the frame that is drawn, so that it is true of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import count, money
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import HIDDEN, numeric
from presentation.wording import number_of, unit_name

SOURCE = "Scenario on Aggregate Contract Monitoring, with the assumptions listed"
NOTHING = "Nothing moves in this scenario"
# A number that is hidden is not nought: a title says that it is not shown, and never that nothing is there.
TOO_FEW = "too few people move"
FEWEST_BANDS = 4


def stored(value: float | None) -> int | None:
    return None if value is None or value != value else int(value)


def is_hidden(values: pd.Series) -> bool:
    return any(value is HIDDEN for value in values)


def less_or_more(value: float | None, *, less: str, more: str, same: str) -> str:
    """An amount with its sign said in words: "£1.2m a year less"."""
    if stored(value) is None:
        return "an amount that is not shown"
    if not value:
        return same
    return f"{money(abs(int(value)))} {less if value < 0 else more}"


def system_words(value: float | None) -> str:
    """An effect on the whole in words: + is a saving."""
    return less_or_more(value, less="more a year", more="less a year", same="no more and no less")


def years_title(frame: pd.DataFrame) -> str:
    system, once = numeric(frame["system"]), numeric(frame["one_off"])
    if frame.empty or not (system.abs().sum() > 0 or numeric(frame["payments"]).abs().sum() > 0):
        return f"The effect on the whole NHS is not shown: {TOO_FEW}" if is_hidden(frame["system"]) else NOTHING
    first, last = frame.iloc[0], frame.iloc[-1]
    said = f"This costs the NHS {system_words(system.iloc[-1])} by {last['year']}"
    if stored(system.iloc[0]) is not None and system.iloc[0] != system.iloc[-1]:
        part = ", one-off cost included" if once.iloc[0] else ""
        said += f", and {system_words(system.iloc[0])} in {first['year']}{part}"
    return said.replace("a year in", "in")


def years_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    drawn = frame.assign(value=numeric(frame["system"]))
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn,
        columns={"label": "year", "value": "value"},
        measure=Measure.MONEY,
        title=years_title(frame),
        summary="Cost released less cost added less one-off cost, each year; payments within the NHS cancel out.",
        units="Effect on the whole NHS in £ a year: + is a saving, − a cost",
        source=SOURCE,
        signed=True,
    )


def organisations_title(frame: pd.DataFrame) -> str:
    last = frame[frame["year"] == frame["year"].max()] if len(frame) else frame
    margin = numeric(last["margin"]) if len(last) else pd.Series(dtype=float)
    known = [(n, m) for n, m in zip(last["provider_name"], margin, strict=True) if m == m and m]
    hidden = len(last) > 0 and is_hidden(last["margin"])
    if not known:
        nobody = f"Changes of margins are not shown: {TOO_FEW}" if hidden else "No organisation's margin changes by the last year"
        return nobody if len(frame) else NOTHING
    worst, best = min(known, key=lambda k: k[1]), max(known, key=lambda k: k[1])
    year = last["year"].iloc[0]
    of = "Of those shown, " if hidden else ""
    if worst[1] >= 0:
        return f"{of}{best[0]} gains most: {money(int(best[1]))} a year by {year}"
    said = f"{of}{worst[0]} loses most: {money(abs(int(worst[1])))} a year by {year}"
    return f"{said}; {best[0]} gains {money(int(best[1]))}" if best[1] > 0 else said


def organisations_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    years = [frame["year"].min(), frame["year"].max()] if len(frame) else []
    drawn = frame[frame["year"].isin(years)]
    drawn = drawn.assign(value=numeric(drawn["margin"])) if len(drawn) else frame.assign(value=[])
    return Chart(
        kind=ChartKind.DOT_PLOT,
        frame=drawn,
        columns={"label": "provider_name", "value": "value", "series": "year"},
        measure=Measure.MONEY,
        title=organisations_title(frame),
        summary="Income plus cost released less cost added of each organisation, in the first and the last year.",
        units="Change of margin in £ a year, without one-off cost",
        source=SOURCE,
        signed=True,
    )


def commissioners_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    last = frame[frame["year"] == frame["year"].max()] if len(frame) else frame
    drawn = last.assign(value=numeric(last["payments"]) if len(last) else [])
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn,
        columns={"label": "payer_name", "value": "value"},
        measure=Measure.MONEY,
        title=_commissioners_title(drawn),
        summary="What each commissioner pays all providers together, against the opening year, in the last year looked at.",
        units="Change in payments in £ a year: + pays more",
        source=SOURCE,
        signed=True,
    )


def _commissioners_title(drawn: pd.DataFrame) -> str:
    known = drawn.dropna(subset=["value"])
    known = known[known["value"] != 0]
    if known.empty:
        hidden = len(drawn) > 0 and is_hidden(drawn["payments"])
        return f"Changes of payments are not shown: {TOO_FEW}" if hidden else "No commissioner pays more or less"
    most = known.loc[known["value"].abs().idxmax()]
    return f"{most['payer_name']} pays {money(abs(int(most['value'])))} a year {'more' if most['value'] > 0 else 'less'}"


def flows_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """From whom to whom, in the unit of most of what moves; spells where there are any."""
    ends = frame[(frame["sender"] != "") & (frame["receiver"] != "")]
    units = [unit_name("SPELL").capitalize(), *ends["unit"].unique()] if len(ends) else []
    unit = next((u for u in units if (ends["unit"] == u).any()), unit_name("SPELL").capitalize())
    drawn = ends[ends["unit"] == unit]
    drawn = drawn.assign(value=numeric(drawn["activity"]), source=drawn["sender_name"] + " now")
    sums = drawn.groupby(["source", "receiver_name"], as_index=False)["value"].sum().sort_values("value", ascending=False)
    sums = sums[sums["value"] > 0].assign(label=lambda f: f["source"].str.removesuffix(" now") + " to " + f["receiver_name"])
    # A few flows are bars: as bands they would be one block.
    few = len(sums) < FEWEST_BANDS
    return Chart(
        kind=ChartKind.BARS if few else ChartKind.SANKEY,
        frame=sums,
        columns={"label": "label", "value": "value"}
        if few
        else {"source": "source", "target": "receiver_name", "value": "value"},
        measure=Measure.ACTIVITY,
        title=_flows_title(drawn, unit),
        summary=f"{unit} that move, from where they are treated now to where they would be.",
        units=f"{unit} a year",
        source=SOURCE,
    )


def _flows_title(drawn: pd.DataFrame, unit: str) -> str:
    total = drawn["value"].sum() if len(drawn) else 0
    if not total > 0:
        hidden = len(drawn) > 0 and is_hidden(drawn["activity"])
        return f"What moves is not shown: {TOO_FEW}" if hidden else "No one moves from one provider to another"
    to = drawn.groupby("receiver_name")["value"].sum().sort_values(ascending=False)
    where = to.index[0] if len(to) == 1 else f"{number_of(len(to), 'provider')}, most to {to.index[0]}"
    return f"{count(int(total))} {unit.lower()} a year move to {where}"


def compared_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    drawn = frame.assign(value=numeric(frame["system_last"]) if len(frame) else [], label=frame["name"])
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn,
        columns={"label": "label", "value": "value"},
        measure=Measure.MONEY,
        title=_compared_title(drawn),
        summary=f"Effect of {number_of(len(frame), 'scenario')} on the whole NHS in the last year looked at.",
        units="Effect on the whole NHS in £ a year: + is a saving, − a cost",
        source=SOURCE,
        signed=True,
    )


def _compared_title(drawn: pd.DataFrame) -> str:
    known = drawn.dropna(subset=["value"])
    if known.empty:
        return f"Effects on the whole NHS are not shown: {TOO_FEW}" if len(drawn) else "No scenario is chosen"
    best = known.loc[known["value"].idxmax()]
    costs = f"costs the NHS {system_words(best['value'])}"
    if len(known) == 1:
        return f"{best['label']} {costs}"
    if (known["value"] == best["value"]).all():
        return f"Every one of them {costs}"
    return f"{best['label']} does best for the whole: it {costs}"
