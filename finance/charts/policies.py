"""Charts of the policy workbench. Every title is computed from the frame that is drawn, so that it is true of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import money, number, percent
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric

from .dots import dots, side_by_side

SOURCE = "Aggregate Contract Monitoring; weighted shares and pace of change as described in the methods"
# Providers that a chart of options can show and be read.
MOST_DRAWN = 12
NONE = "No share of the money can be taken: see the note"


def _systems(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[~frame["is_total"].astype(bool)] if "is_total" in frame else frame


def _first(frame: pd.DataFrame, column: str) -> str:
    return str(frame[column].iloc[0]) if len(frame) else ""


def side(distance: float) -> str:
    """ "6.5% above", "7.7% below", "at": how something stands to its target."""
    size = percent(abs(distance))
    return "at" if size == "0.0%" else f"{size} {'above' if distance > 0 else 'below'}"


def distance_title(frame: pd.DataFrame) -> str:
    rows = _systems(frame)
    before = numeric(rows["opening_distance"]) if len(rows) else pd.Series(dtype=float)
    if before.isna().all():
        return NONE
    place = before.abs().idxmax()
    name, year, last = rows.loc[place, "system_name"], _first(rows, "first_year"), _first(rows, "last_year")
    after, end = numeric(rows["closing_distance"])[place], numeric(rows["last_distance"])[place]
    said = f"{name} goes from {side(before[place])} its target to {side(after)} in {year}"
    return said if last == year else f"{said} and {side(end)} by {last}"


def distance_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    rows, first, last = _systems(frame), _first(frame, "first_year"), _first(frame, "last_year")
    times = {"opening_distance": "Before", "closing_distance": f"After {first}"}
    times |= {"last_distance": f"After {last}"} if last != first else {}
    return dots(
        side_by_side(rows, times),
        Measure.SHARE,
        title=distance_title(frame),
        summary="Distance of each system from its weighted share of the money, before the policy and after it.",
        units="Above (+) or below (−) target, % of target",
        source=SOURCE,
        signed=True,
    )


def gain_words(frame: pd.DataFrame, place: Any) -> str:
    """ "South West London gains £1.2m (£0.81 a head)"."""
    gain, head = numeric(frame["gain"])[place], numeric(frame["gain_per_head"])[place]
    head_said = "" if head != head else f" (£{number(abs(head), 2)} a head)"
    return f"{frame.loc[place, 'system_name']} {'gains' if gain > 0 else 'loses'} {money(abs(int(gain)))}{head_said}"


def gains_title(frame: pd.DataFrame) -> str:
    gains = numeric(frame["gain"]) if len(frame) else pd.Series(dtype=float)
    if gains.isna().all():
        return NONE
    year = _first(frame, "first_year")
    if money(int(gains.abs().max())) == "£0":
        return f"Nobody gains or loses in {year} beside growth alike for all"
    said = [gain_words(frame, place) for place in dict.fromkeys([gains.idxmax(), gains.idxmin()]) if gains[place]]
    return f"{' and '.join(said)} in {year}, beside growth alike for all"


def gains_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    return _bars(
        frame,
        label="system_name",
        title=gains_title(frame),
        summary="What the policy gives each system more or less than the same growth for all would, of the same quantum.",
    )


def years_title(frame: pd.DataFrame) -> str:
    after = numeric(frame["closing_distance"]).abs() if len(frame) else pd.Series(dtype=float)
    if after.isna().all():
        return NONE
    largest = after.groupby(frame["year"], sort=False).max()
    before = numeric(frame["opening_distance"]).abs()[frame["year"] == largest.index[0]].max()
    verb = "falls" if largest.iloc[-1] < before else "rises" if largest.iloc[-1] > before else "stays"
    if percent(largest.iloc[-1]) == percent(before):
        return f"The largest distance from target stays at {percent(before)} to {largest.index[-1]}"
    return f"The largest distance from target {verb} from {percent(before)} to {percent(largest.iloc[-1])} by {largest.index[-1]}"


def years_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    drawn = frame.assign(value=numeric(frame["closing_distance"]) if len(frame) else []).dropna(subset=["value"])
    if len(drawn):
        first = frame[frame["year"] == frame["year"].iloc[0]]
        before = first.assign(year="Before", value=numeric(first["opening_distance"])).dropna(subset=["value"])
        drawn = pd.concat([before, drawn], ignore_index=True)
    return Chart(
        kind=ChartKind.LINE_RANGE,
        frame=drawn,
        columns={"x": "year", "value": "value", "series": "system_name"},
        measure=Measure.SHARE,
        title=years_title(frame),
        summary="Distance of each system from its target at the end of each year, if the policy is kept.",
        units="Above (+) or below (−) target, % of target",
        source=SOURCE,
        signed=True,
    )


def fifths_title(frame: pd.DataFrame) -> str:
    gains = numeric(frame["gain"]) if len(frame) else pd.Series(dtype=float)
    if gains.isna().all():
        return "The effect on fifths of deprivation is not known"
    gain, year = gains.iloc[0], _first(frame, "first_year")
    if money(int(abs(gain))) == "£0":
        return f"The most deprived fifth of residents neither gains nor loses in {year}"
    head = numeric(frame["gain_per_head"]).iloc[0]
    verb = "gains" if gain > 0 else "loses"
    return f"The most deprived fifth of residents {verb} {money(abs(int(gain)))} in {year} (£{number(abs(head), 2)} a head)"


def fifths_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    return _bars(
        frame,
        label="fifth_words",
        title=fifths_title(frame),
        summary="Gains and losses by fifth of residents, from the most deprived places to the least.",
    )


def providers_title(frame: pd.DataFrame) -> str:
    gains = numeric(frame["gain"]) if len(frame) else pd.Series(dtype=float)
    if gains.isna().all():
        return "The effect on providers is not known"
    year, low, high = _first(frame, "first_year"), gains.idxmin(), gains.idxmax()
    if money(int(gains.abs().max())) == "£0":
        return f"No provider would feel it in {year}"
    place = low if gains[low] < 0 else high
    verb = "less" if gains[place] < 0 else "more"
    return f"{frame.loc[place, 'provider_name']} would feel it most: {money(abs(int(gains[place])))} {verb} in {year}"


def providers_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    return _bars(
        frame,
        label="provider_name",
        title=providers_title(frame),
        summary="Gains and losses of systems, followed to the providers that their money goes to now.",
    )


def options_title(frame: pd.DataFrame) -> str:
    known = frame.assign(value=numeric(frame["gain"]) if len(frame) else []).dropna(subset=["value"])
    if known.empty:
        return "The options chosen cannot be worked out: see the note" if len(frame) else "Choose two to four options to compare"
    if len(set(known["option_name"])) == 1:
        largest = known.loc[known["value"].abs().idxmax()]
        return f"Under “{largest['option_name']}” {who_within(largest['who'])} {_gains(largest)}"
    values = known.groupby("who", sort=False)["value"]
    who = (values.max() - values.min()).idxmax()
    own = known[known["who"] == who]
    high, low = own.loc[own["value"].idxmax()], own.loc[own["value"].idxmin()]
    if money(int(high["value"] - low["value"])) == "£0":
        return "The options give everybody the same in the first year"
    said = [f"{_gains(row)} under “{row['option_name']}”" for row in (high, low)]
    return f"The options differ most for {who_within(who)}, which {said[0]} and {said[1]}"


def who_within(who: str) -> str:
    """The name as it stands within a sentence."""
    return f"the {who[0].lower()}{who[1:]}" if who.endswith("fifth of residents") else who


def _gains(row: Any) -> str:
    if money(abs(int(row["value"]))) == "£0":
        return "neither gains nor loses"
    return f"{'gains' if row['value'] > 0 else 'loses'} {money(abs(int(row['value'])))}"


def options_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    return _options(frame, "What each option gives to each system in its first year.")


def options_fifths_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    return _options(frame, "What each option gives to each fifth of residents in its first year, the most deprived first.")


def options_providers_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Of the providers that would feel any option most."""
    size = numeric(frame["gain"]).abs().groupby(frame["who"]).max() if len(frame) else pd.Series(dtype=float)
    drawn = set(size.sort_values(ascending=False, kind="stable").index[:MOST_DRAWN])
    return _options(
        frame[frame["who"].isin(drawn)] if len(frame) else frame,
        "Gains and losses of systems under each option, followed to the providers that their money goes to now.",
    )


def _options(frame: pd.DataFrame, summary: str) -> Chart:
    drawn = frame.assign(value=numeric(frame["gain"]) if len(frame) else []).dropna(subset=["value"])
    return Chart(
        kind=ChartKind.DOT_PLOT,
        frame=drawn,
        columns={"label": "who", "value": "value", "series": "option_name"},
        measure=Measure.MONEY,
        title=options_title(frame),
        summary=summary,
        units="£ gained (+) or lost (−) beside growth alike for all",
        source=SOURCE,
        signed=True,
    )


def _bars(frame: pd.DataFrame, *, label: str, title: str, summary: str) -> Chart:
    drawn = frame.assign(value=numeric(frame["gain"]) if len(frame) else []).dropna(subset=["value"])
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn,
        columns={"label": label, "value": "value"},
        measure=Measure.MONEY,
        title=title,
        summary=summary,
        units="£ gained (+) or lost (−) beside growth alike for all",
        source=SOURCE,
        signed=True,
    )
