"""Charts of measures of flow: imports, exports, self-sufficiency and dependency."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import percent
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric
from presentation.wording import leaders, listed, listed_at_most, number_of

from .flow_words import are, in_words, measured_in, period, without_difference
from .flows import SOURCE

SHOWN = 15


def of_measure(filters: Mapping[str, Any], what: str) -> dict[str, Any]:
    return {**without_difference(filters), "measure": what}


def systems_chart(frame: pd.DataFrame, filters: Mapping[str, Any], what: str) -> Chart:
    """Where residents of each system are treated, of the systems whose own trusts are all in."""
    words = measured_in(of_measure(filters, what))
    whole = frame[frame["is_whole"]]
    said = f"{words.capitalize()} of residents, at their system's own trusts and at other loaded trusts, {period(filters)}."
    parts, units = [("Own trusts", "retained"), ("Trusts of other systems", "exports")], f"Share of residents' {words} at loaded"
    return _parts_chart(whole, "system_name", parts, "resident", measures_title(whole, words), said, f"{units} providers")


def footprints_chart(frame: pd.DataFrame, filters: Mapping[str, Any], what: str) -> Chart:
    """For whom the trusts of each footprint work, of those whose own trusts are all in."""
    words = measured_in(of_measure(filters, what))
    whole = frame[frame["is_whole"]]
    parts = [("Residents of the footprint", "retained"), ("Others (imports)", "imports")]
    names, most = leaders(list(whole["footprint_name"]), numeric(whole["import_share"]).tolist())
    title = "Imports are not known: no footprint has all of its own trusts loaded"
    if names and most is not None:
        share, verb = percent(most, 0), are(of_measure(filters, what))
        title = f"{listed(names)}: {share} of its own trusts' {words} {verb} for people from elsewhere"
    said = f"{words.capitalize()} of the footprint's own trusts, by whether its residents or others have it, {period(filters)}."
    return _parts_chart(whole, "footprint_name", parts, "home_provider", title, said, f"Share of own trusts' {words}")


def _parts_chart(
    frame: pd.DataFrame, name: str, parts: list[tuple[str, str]], whole: str, title: str, summary: str, units: str
) -> Chart:
    """Bars of which each is a whole, in two parts."""
    sizes = numeric(frame[whole])
    drawn = pd.concat(
        [pd.DataFrame({"label": frame[name], "series": s, "value": numeric(frame[c]) / sizes}) for s, c in parts],
        ignore_index=True,
    )
    return Chart(
        kind=ChartKind.STACKED_BARS,
        frame=drawn,
        columns={"label": "label", "value": "value", "series": "series"},
        measure=Measure.SHARE,
        title=title,
        summary=summary,
        units=units,
        source=SOURCE,
    )


def measures_title(whole: pd.DataFrame, words: str) -> str:
    shares = numeric(whole["self_sufficiency"])
    known = [(n, s) for n, s in zip(whole["system_name"], shares, strict=True) if s == s]
    if not known:
        return "Self-sufficiency is not known: no system has its own trusts and those of others loaded"
    if len(known) == 1:
        return f"{known[0][0]}: {percent(known[0][1], 0)} of residents' {words} at its own trusts"
    low, high = min(known, key=lambda k: k[1]), max(known, key=lambda k: k[1])
    if percent(low[1], 0) == percent(high[1], 0):
        return f"Each of {number_of(len(known), 'system')} has {percent(low[1], 0)} of residents' {words} at its own trusts"
    return f"{high[0]} treats {percent(high[1], 0)} of its residents' {words} at its own trusts, {low[0]} {percent(low[1], 0)}"


def services_chart(frame: pd.DataFrame, filters: Mapping[str, Any], what: str) -> Chart:
    """Of the largest services, how much of what the area's trusts do is for people from elsewhere."""
    words = measured_in(of_measure(filters, what))
    sizes, shares = numeric(frame["home_provider"]), numeric(frame["import_share"])
    largest = sizes[(sizes > 0) & shares.notna()].nlargest(SHOWN).index
    shown = frame.loc[largest].assign(value=shares[largest]).sort_values("value", ascending=False, kind="stable")
    return Chart(
        kind=ChartKind.BARS,
        frame=shown,
        columns={"label": "service_name", "value": "value"},
        measure=Measure.SHARE,
        title=_services_title(shown, words),
        summary=f"The {number_of(len(shown), 'largest service')} of the area's own trusts, {period(filters)}.",
        units=f"Share of own trusts' {words} for people from elsewhere",
        source=SOURCE,
    )


def _services_title(shown: pd.DataFrame, words: str) -> str:
    names, most = leaders(list(shown["service_name"]), shown["value"].tolist())
    if not names:
        return "Imports of services are not known: the area's own trusts are not all loaded"
    have = "has" if len(names) == 1 else "have"
    return f"{listed_at_most(names, 3)} {have} most from elsewhere: {percent(most, 0)} of {words}"


def providers_chart(frame: pd.DataFrame, filters: Mapping[str, Any], what: str) -> Chart:
    """Whom each provider treats: residents of its own system and others."""
    words = measured_in(of_measure(filters, what))
    shown = frame[numeric(frame["amount"]) > 0].head(SHOWN)
    parts = [("Residents of its own system", "retained"), ("Others (imports)", "imports")]
    said = f"{words.capitalize()} of people whose home is known, by where they live, {period(filters)}."
    title = dependency_title(frame, filters, what)
    return _parts_chart(shown, "provider_name", parts, "amount", title, said, f"Share of the provider's {words}")


def dependency_title(frame: pd.DataFrame, filters: Mapping[str, Any], what: str) -> str:
    words = measured_in(of_measure(filters, what))
    shares = numeric(frame["top_share"])
    if not shares.notna().any():
        return f"No {words} of people whose home is known in what is chosen"
    most = frame.loc[shares.idxmax()]
    share, verb = percent(float(shares.max()), 0), are(of_measure(filters, what))
    return f"{most['provider_name']} depends most on one system: {share} of its {words} {verb} for {most['top_home_name']}"


def own_area_words(frame: pd.DataFrame, own: str, filters: Mapping[str, Any], what: str) -> str:
    """What the programme's own area treats of its own, where that is known, and what comes in."""
    rows = frame[(frame["footprint"] == own) & frame["is_whole"]]
    into, kept = (numeric(rows[name]).dropna().tolist() for name in ("import_share", "self_sufficiency"))
    if not into:
        return ""
    words, total = measured_in(of_measure(filters, what)), float(numeric(rows["home_provider"]).iloc[0])
    name = rows["footprint_name"].iloc[0]
    said = f"Trusts of {name} had {in_words(total, of_measure(filters, what))} in {period(filters)}, "
    said += f"{percent(into[0], 0)} of {'it' if what == 'cost' else 'them'} for people from elsewhere."
    return f"{said} They treat {percent(kept[0], 0)} of its residents' {words} at loaded providers." if kept else said
