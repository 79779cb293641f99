"""Charts of patient flows. Every title is computed from the frame that is drawn, so that it is true of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import percent
from presentation.bundles import SMALLEST_SHARE, bundled_flows, ends
from presentation.chart import Chart, ChartKind
from presentation.disclosure import numeric
from presentation.wording import leaders, listed, number_at_start, number_of

from .flow_words import (
    in_words,
    is_signed,
    measure_of,
    measure_words,
    measured_in,
    period,
    signed_units,
    units_of,
    value_column,
)

SOURCE = "Aggregate Contract Monitoring"
SHOWN_HOMES = 15
SHOWN_ENDS = 20
SHOWN_FLOWS = 12


def _flow_words(frame: pd.DataFrame) -> list[str]:
    return [f"{home} to {provider}" for home, provider in zip(frame["home_name"], frame["destination_name"], strict=True)]


def _flow_names(frame: pd.DataFrame) -> pd.Series | list[str]:
    """What marks of flows are called: by the end in which they differ, where one end is the same for all."""
    if len(frame) > 1 and len(set(frame["destination"])) == 1:
        return frame["home_name"]
    if len(frame) > 1 and len(set(frame["home"])) == 1:
        return frame["destination_name"]
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
    if is_signed(filters):
        return _difference_title(frame, values, filters)
    return _largest(_flow_words(frame), values, filters, one=LARGEST, many=LARGEST_ALIKE, none=_nothing(filters))


def _difference_title(frame: pd.DataFrame, values: pd.Series, filters: Mapping[str, Any]) -> str:
    of_plan = filters.get("basis") == "difference"
    one, many = ("Furthest from plan", "Flows furthest from plan") if of_plan else ("Changed most", "Flows changed most")
    names, size = leaders(_flow_words(frame), values.abs().tolist())
    if not names:
        return _nothing(filters)
    if len(names) > 1:
        return f"{many}: {number_of(len(names), 'flow')} by the same amount" if size else _all_the_same(of_plan)
    value = next(v for n, v in zip(_flow_words(frame), values, strict=True) if n == names[0])
    return f"{one}: {names[0]}, {in_words(value, filters)}" if value else _all_the_same(of_plan)


def _all_the_same(of_plan: bool) -> str:
    return "Every flow is on plan" if of_plan else "No flow has changed"


def _nothing(filters) -> str:
    return f"No {measured_in(filters)} in what is chosen"


def flow_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Sankey from homes to providers; differences, which may be negative, as bars."""
    column = value_column(filters)
    drawn = frame.assign(value=numeric(frame[column]))
    if is_signed(filters):
        return _difference_bars(drawn, filters)
    where = ends_of(filters)
    addresses = _addresses(drawn)
    drawn = bundled_flows(
        drawn[drawn["value"] > 0], source="home_name", target="destination_name", value="value", sources="homes", targets=where
    )
    pairs = zip(drawn["home_name"], drawn["destination_name"], strict=True)
    drawn["address"] = pd.Series([addresses.get(pair, "") for pair in pairs], index=drawn.index, dtype=object)
    summary = f"{_all_of_it(frame, column, filters)}{_together(drawn, where)}"
    return Chart(
        kind=ChartKind.SANKEY,
        frame=drawn,
        columns={"source": "home_name", "target": "destination_name", "value": "value", "link": "address"},
        measure=measure_of(filters),
        title=flow_title(frame, filters),
        summary=summary,
        units=units_of(filters),
        source=SOURCE,
        options={"targets": ends(drawn, "destination_name", "value", where)},
    )


def ends_of(filters: Mapping[str, Any]) -> str:
    """What flows lead to, in words."""
    return "sites" if filters.get("destination") == "site" else "providers"


def _all_of_it(frame: pd.DataFrame, column: str, filters: Mapping[str, Any]) -> str:
    """How much the flows are together and how many ends they have; patients of several providers are not added up."""
    number = frame["destination"].nunique()
    names = f"{number_of(frame['home'].nunique(), 'home')} to {number_of(number, ends_of(filters)[:-1])}"
    total = numeric(frame[column]).sum()
    if filters.get("measure") == "patients":
        return f"{units_of(filters)}, from {names}, {period(filters)}."
    return f"{in_words(total, filters) if total else _nothing(filters)}, from {names}, {period(filters)}."


def _addresses(frame: pd.DataFrame) -> dict[tuple[str, str], str]:
    """The page of each flow, by the names of its ends."""
    if "address" not in frame:
        return {}
    return dict(zip(zip(frame["home_name"], frame["destination_name"], strict=True), frame["address"], strict=True))


def _together(drawn: pd.DataFrame, where: str) -> str:
    """Whether the drawing has small homes or providers as one."""
    sides = [
        words
        for column, words in (("home_name", "homes"), ("destination_name", where))
        if drawn[column].astype(str).str.endswith(f" other {words}").any()
    ]
    least = percent(SMALLEST_SHARE, 0)
    return f" {listed(sides).capitalize()} with less than {least} are drawn together; the table has each." if sides else ""


def _difference_bars(drawn: pd.DataFrame, filters) -> Chart:
    title = flow_title(drawn, filters)
    total = drawn["value"].sum()
    drawn = drawn.assign(label=_flow_names(drawn), size=drawn["value"].abs())
    shown = drawn.dropna(subset=["value"]).nlargest(SHOWN_FLOWS, "size").sort_values("value", ascending=False)
    which = "furthest from plan" if filters.get("basis") == "difference" else "that changed most"
    return Chart(
        kind=ChartKind.BARS,
        frame=shown,
        columns={"label": "label", "value": "value", **linked(shown)},
        measure=measure_of(filters),
        title=title,
        summary=f"Together {in_words(total, filters)}; the {number_of(len(shown), 'flow')} {which} drawn.",
        units=signed_units(filters),
        source=SOURCE,
        signed=True,
    )


def linked(frame: pd.DataFrame) -> dict[str, str]:
    """The role of the page that each mark leads to, where the flows have one."""
    return {"link": "address"} if "address" in frame else {}


def matrix_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Heatmap of homes by providers, both with the largest first."""
    drawn = frame.assign(value=numeric(frame[value_column(filters)]))
    drawn = drawn[drawn.groupby("destination")["value"].transform("count") > 0]
    homes, destinations = (_by_size(drawn, column) for column in ("home_name", "destination_name"))
    shown = drawn[drawn["home_name"].isin(homes[:SHOWN_HOMES]) & drawn["destination_name"].isin(destinations[:SHOWN_ENDS])]
    place = {name: i for i, name in enumerate([*homes, *destinations])}
    shown = shown.sort_values(["home_name", "destination_name"], key=lambda names: names.map(place), ignore_index=True)
    number = number_of(min(len(homes), SHOWN_HOMES), "home")
    where = "each" if len(destinations) <= SHOWN_ENDS else f"the {SHOWN_ENDS} largest"
    ends = ends_of(filters) if len(destinations) > SHOWN_ENDS else ends_of(filters)[:-1]
    return Chart(
        kind=ChartKind.HEATMAP,
        frame=shown,
        columns={"row": "home_name", "column": "destination_name", "value": "value", **linked(shown)},
        measure=measure_of(filters),
        title=_matrix_title(frame, filters) if measures_whole(filters) else flow_title(frame, filters),
        summary=f"{measured_in(filters).capitalize()} of {number} at {where} {ends}, the largest first, {period(filters)}.",
        units=signed_units(filters),
        source=SOURCE,
        signed=is_signed(filters),
    )


def measures_whole(filters: Mapping[str, Any]) -> bool:
    """Whether flows are amounts that are shares of their ends: neither differences nor patients, who are not added up."""
    return not is_signed(filters) and filters.get("measure") != "patients"


def _by_size(drawn: pd.DataFrame, column: str) -> list[str]:
    sizes = drawn["value"].abs().groupby(drawn[column]).sum()
    return list(sizes.sort_values(ascending=False, kind="stable").index)


def _matrix_title(frame, filters) -> str:
    what = "price" if filters.get("measure") == "cost" else "activity"
    shares = numeric(frame[f"provider_{what}_share"]).where(numeric(frame[f"provider_{what}"]) > 0)
    names, share = leaders(_flow_words(frame), shares.tolist())
    if not names:
        return _nothing({**filters, "basis": "actual"})
    words = measure_words({**filters, "measure": "cost" if what == "price" else "activity"})
    if len(names) > 1:
        return (
            f"{number_of(len(names), 'provider')} have all their {words} from one home"
            if share == 1
            else (f"{number_of(len(names), 'flow')} make up {percent(share, 0)} of a provider's {words}")
        )
    home, provider = names[0].split(" to ", 1)
    return f"{provider} depends most on one home: {home}, {percent(share, 0)} of its {words}"


CROSSING, CROSSINGS = "The largest flow across a boundary", "The largest flows across a boundary"


def top_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """The largest flows across boundaries of systems, as bars."""
    drawn = frame.assign(label=_flow_names(frame), value=numeric(frame[value_column(filters)]))
    drawn = drawn[drawn["value"] != 0].dropna(subset=["value"])
    shown = drawn.loc[drawn["value"].abs().nlargest(SHOWN_FLOWS).index].sort_values("value", ascending=False, kind="stable")
    title = (
        "No one crosses a boundary of systems in what is chosen"
        if shown.empty
        else _largest(shown["label"], shown["value"], filters, one=f"{CROSSING} is from", many=f"{CROSSINGS} are from", none="")
    )
    return Chart(
        kind=ChartKind.BARS,
        frame=shown,
        columns={"label": "label", "value": "value", **linked(shown)},
        measure=measure_of(filters),
        title=title or _nothing(filters),
        summary=f"The {number_of(len(shown), 'largest flow')} to a provider of another system, {period(filters)}.",
        units=signed_units(filters),
        source=SOURCE,
        signed=is_signed(filters),
    )
