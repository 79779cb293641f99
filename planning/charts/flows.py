"""Charts of patient flows. Every title is computed from the frame that is drawn, so that it is true of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import count, money, percent
from presentation.bundles import SMALLEST_SHARE, bundled_flows, ends
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric
from presentation.wording import leaders, listed, number_at_start, number_of, unit_name

SOURCE = "Aggregate Contract Monitoring"
SHOWN_HOMES = 15
SHOWN_FLOWS = 12


def value_column(filters: Mapping[str, Any]) -> str:
    """The column that the filters ask to see: cost or activity, actual, plan or the difference."""
    what = "price" if filters.get("measure") == "cost" else "activity"
    basis = filters.get("basis") or "actual"
    return f"{what}_difference" if basis == "difference" else f"{basis}_{what}"


def measured_in(filters: Mapping[str, Any]) -> str:
    """What the numbers are, in words: "cost", "planned admitted spells"."""
    words = "cost" if filters.get("measure") == "cost" else unit_name(filters.get("unit") or "SPELL")
    basis = filters.get("basis") or "actual"
    return {"actual": words, "planned": f"planned {words}", "difference": f"{words}, actual less plan"}[basis]


def units_of(filters: Mapping[str, Any]) -> str:
    return "Cost in £" if filters.get("measure") == "cost" else unit_name(filters.get("unit") or "SPELL").capitalize()


def in_words(value: float | None, filters: Mapping[str, Any]) -> str:
    """One value of the measure, with its unit, the sign of a difference said in words."""
    if filters.get("basis") == "difference" and value is not None and value == value:
        size = _amount(abs(value), filters)
        return f"{size} over plan" if value > 0 else f"{size} under plan" if value < 0 else "on plan"
    return _amount(value, filters)


def _amount(value, filters):
    stored = None if value is None or value != value else int(value)
    if filters.get("measure") == "cost":
        return money(stored)
    one = stored == 1_000
    return f"{count(stored)} {unit_name(filters.get('unit') or 'SPELL', 1 if one else None)}"


def period(filters: Mapping[str, Any]) -> str:
    year = filters.get("year")
    return "all years loaded" if year in (None, "", "all") else str(year)


def _measure(filters) -> Measure:
    return Measure.MONEY if filters.get("measure") == "cost" else Measure.ACTIVITY


def _flow_words(frame: pd.DataFrame) -> list[str]:
    return [f"{home} to {provider}" for home, provider in zip(frame["home_name"], frame["provider_name"], strict=True)]


def _flow_names(frame: pd.DataFrame) -> pd.Series | list[str]:
    """What marks of flows are called: by the end in which they differ, where one end is the same for all."""
    if len(frame) > 1 and len(set(frame["provider"])) == 1:
        return frame["home_name"]
    if len(frame) > 1 and len(set(frame["home"])) == 1:
        return frame["provider_name"]
    return _flow_words(frame)


def _largest(labels, values, filters, *, one: str, many: str, none: str) -> str:
    """A title that names the greatest, all of them where up to three are equal."""
    names, value = leaders(labels, values)
    if not names or not value:
        return none
    if len(names) == 1:
        return f"{one} {names[0]}: {in_words(value, filters)}"
    if len(names) > 3:
        return f"{number_at_start(len(names))} flows are equal, {in_words(value, filters)} each"
    return f"{many} {listed(names)}: {in_words(value, filters)} each"


LARGEST, LARGEST_ALIKE = "The largest flow is from", "The largest flows are from"


def flow_title(frame: pd.DataFrame, filters: Mapping[str, Any]) -> str:
    values = numeric(frame[value_column(filters)])
    if filters.get("basis") == "difference":
        size, one, many = values.abs(), "Furthest from plan", "Flows furthest from plan"
        names, _ = leaders(_flow_words(frame), size.tolist())
        signed = [v if n in names else float("nan") for n, v in zip(_flow_words(frame), values, strict=True)]
        if len(names) == 1:
            value = next(v for v in signed if v == v)
            return f"{one}: {names[0]}, {in_words(value, filters)}" if value else "Every flow is on plan"
        return f"{many}: {number_of(len(names), 'flow')} by the same amount" if names else _nothing(filters)
    return _largest(
        _flow_words(frame),
        values,
        filters,
        one="The largest flow is from",
        many="The largest flows are from",
        none=_nothing(filters),
    )


def _nothing(filters) -> str:
    return f"No {measured_in(filters)} in what is chosen"


def flow_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Sankey from homes to providers; differences, which may be negative, as bars."""
    column = value_column(filters)
    drawn = frame.assign(value=numeric(frame[column]))
    if filters.get("basis") == "difference":
        return _difference_bars(drawn, filters)
    drawn = bundled_flows(
        drawn[drawn["value"] > 0], source="home_name", target="provider_name", value="value", sources="homes", targets="providers"
    )
    total = numeric(frame[column]).sum()
    names = f"{number_of(frame['home'].nunique(), 'home')} to {number_of(frame['provider'].nunique(), 'provider')}"
    summary = f"{in_words(total, filters) if total else _nothing(filters)}, from {names}, {period(filters)}.{_together(drawn)}"
    return Chart(
        kind=ChartKind.SANKEY,
        frame=drawn,
        columns={"source": "home_name", "target": "provider_name", "value": "value"},
        measure=_measure(filters),
        title=flow_title(frame, filters),
        summary=summary,
        units=units_of(filters),
        source=SOURCE,
        options={"targets": ends(drawn, "provider_name", "value", "providers")},
    )


def _together(drawn: pd.DataFrame) -> str:
    """Whether the drawing has small homes or providers as one."""
    sides = [
        words
        for column, words in (("home_name", "homes"), ("provider_name", "providers"))
        if drawn[column].astype(str).str.endswith(f" other {words}").any()
    ]
    least = percent(SMALLEST_SHARE, 0)
    return f" {listed(sides).capitalize()} with less than {least} are drawn together; the table has each." if sides else ""


def _difference_bars(drawn: pd.DataFrame, filters) -> Chart:
    title = flow_title(drawn, filters)
    total = drawn["value"].sum()
    drawn = drawn.assign(label=_flow_names(drawn), size=drawn["value"].abs())
    shown = drawn.dropna(subset=["value"]).nlargest(SHOWN_FLOWS, "size").sort_values("value", ascending=False)
    return Chart(
        kind=ChartKind.BARS,
        frame=shown,
        columns={"label": "label", "value": "value"},
        measure=_measure(filters),
        title=title,
        summary=f"Together {in_words(total, filters)}; the {number_of(len(shown), 'flow')} furthest from plan drawn.",
        units=f"{units_of(filters)}, actual less plan",
        source=SOURCE,
        signed=True,
    )


def matrix_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Heatmap of homes by providers, both in order of size."""
    drawn = frame.assign(value=numeric(frame[value_column(filters)]))
    drawn = drawn[drawn.groupby("provider")["value"].transform("count") > 0]
    homes = drawn.groupby("home_name")["value"].sum().sort_values(ascending=False, kind="stable").index[:SHOWN_HOMES]
    shown = drawn[drawn["home_name"].isin(homes)]
    return Chart(
        kind=ChartKind.HEATMAP,
        frame=shown,
        columns={"row": "home_name", "column": "provider_name", "value": "value"},
        measure=_measure(filters),
        title=_matrix_title(frame, filters),
        summary=f"{measured_in(filters).capitalize()} of {number_of(len(homes), 'home')} at each provider, {period(filters)}.",
        units=units_of(filters),
        source=SOURCE,
        signed=filters.get("basis") == "difference",
    )


def _matrix_title(frame, filters) -> str:
    what = "price" if filters.get("measure") == "cost" else "activity"
    shares = numeric(frame[f"provider_{what}_share"]).where(numeric(frame[f"provider_{what}"]) > 0)
    names, share = leaders(_flow_words(frame), shares.tolist())
    if not names:
        return _nothing({**filters, "basis": "actual"})
    words = "cost" if what == "price" else unit_name(filters.get("unit") or "SPELL")
    if len(names) > 1:
        return (
            f"{number_of(len(names), 'provider')} have all their {words} from one home"
            if share == 1
            else (f"{number_of(len(names), 'flow')} make up {percent(share, 0)} of a provider's {words}")
        )
    home, provider = names[0].split(" to ", 1)
    return f"{provider} depends most on one home: {home}, {percent(share, 0)} of its {words}"


def cost_measures_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    return _measures_chart(frame, {**filters, "measure": "cost"})


def activity_measures_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    return _measures_chart(frame, {**filters, "measure": "activity"})


def _measures_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Where residents of each system are treated, of the systems whose own trusts are all in."""
    whole = frame[frame["is_whole"]]
    parts = [("Own trusts", "retained"), ("Trusts of other systems", "exports")]
    drawn = pd.concat(
        [
            pd.DataFrame({"label": whole["system_name"], "series": s, "value": numeric(whole[c]) / numeric(whole["resident"])})
            for s, c in parts
        ],
        ignore_index=True,
    )
    words = measured_in({**filters, "basis": filters.get("basis") if filters.get("basis") == "planned" else "actual"})
    return Chart(
        kind=ChartKind.STACKED_BARS,
        frame=drawn,
        columns={"label": "label", "value": "value", "series": "series"},
        measure=Measure.SHARE,
        title=_measures_title(whole, words),
        summary=f"{words.capitalize()} of residents, at their system's own trusts and at other loaded trusts, {period(filters)}.",
        units=f"Share of residents' {words} at loaded providers",
        source=SOURCE,
    )


def _measures_title(whole: pd.DataFrame, words: str) -> str:
    shares = numeric(whole["self_sufficiency"])
    known = [(n, s) for n, s in zip(whole["system_name"], shares, strict=True) if s == s]
    if not known:
        return "Self-sufficiency is not known: no system has all of its own trusts loaded"
    if len(known) == 1:
        return f"{known[0][0]}: {percent(known[0][1], 0)} of residents' {words} at its own trusts"
    low, high = min(known, key=lambda k: k[1]), max(known, key=lambda k: k[1])
    if percent(low[1], 0) == percent(high[1], 0):
        return f"Each of {number_of(len(known), 'system')} has {percent(low[1], 0)} of residents' {words} at its own trusts"
    return f"{high[0]} treats {percent(high[1], 0)} of its residents' {words} at its own trusts, {low[0]} {percent(low[1], 0)}"


CROSSING, CROSSINGS = "The largest flow across a boundary", "The largest flows across a boundary"


def top_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """The largest flows across boundaries of systems, as bars."""
    drawn = frame.assign(label=_flow_names(frame), words=_flow_words(frame), value=numeric(frame[value_column(filters)]))
    shown = drawn[drawn["value"] != 0].dropna(subset=["value"]).nlargest(SHOWN_FLOWS, "value")
    title = (
        "No one crosses a boundary of systems in what is chosen"
        if shown.empty
        else _largest(shown["label"], shown["value"], filters, one=f"{CROSSING} is from", many=f"{CROSSINGS} are from", none="")
    )
    return Chart(
        kind=ChartKind.BARS,
        frame=shown,
        columns={"label": "label", "value": "value"},
        measure=_measure(filters),
        title=title or _nothing(filters),
        summary=f"The {number_of(len(shown), 'largest flow')} to a provider of another system, {period(filters)}.",
        units=units_of(filters),
        source=SOURCE,
        signed=filters.get("basis") == "difference",
    )
