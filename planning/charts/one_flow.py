"""Charts of one flow."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planning.calculations.financial_years import YEAR_END
from presentation.chart import Chart, ChartKind
from presentation.disclosure import numeric
from presentation.wording import MONTH_NAMES, leaders, listed_at_most, number_of

from .flow_words import in_words, measure_of, measured_in, period, units_of
from .flows import SHOWN_FLOWS, SOURCE

MONTHS = tuple(name[:3] for name in MONTH_NAMES)
# More lines than colours cannot be told apart.
MOST_YEARS = 4

__all__ = ["YEAR_END", "in_words", "period"]


def _column(filters: Mapping[str, Any], basis: str = "actual") -> str:
    return f"{basis}_{'price' if filters.get('measure') == 'cost' else 'activity'}"


def trend_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Actual by month, a line for each of the latest years: months of a year that is not loaded are no part of a line."""
    months = frame[frame["is_month"]]
    years = sorted(set(months["year"]))[-MOST_YEARS:]
    drawn = months[months["year"].isin(years)]
    drawn = drawn.assign(value=drawn[_column(filters)], month=[str(said).split(" ")[0] for said in drawn["period"]])
    # From April on, also where the first year that is drawn begins later.
    drawn = drawn.sort_values("month", key=lambda said: said.map(MONTHS.index), kind="stable")
    names, most = leaders(list(months["period"]), numeric(months[_column(filters)]).tolist())
    title = "Nothing in any month"
    if names and most:
        title = f"The most in a month was {in_words(most, filters)}, in {listed_at_most(names, 3)}"
    which = f", the latest {MOST_YEARS} years drawn" if len(set(months["year"])) > MOST_YEARS else ""
    return Chart(
        kind=ChartKind.LINE_RANGE,
        frame=drawn.sort_values("year", kind="stable"),
        columns={"x": "month", "value": "value", "series": "year"},
        measure=measure_of(filters),
        title=title,
        summary=f"{measured_in(filters).capitalize()} of this flow in {number_of(len(months), 'month')}, a line a year{which}.",
        units=units_of(filters),
        source=SOURCE,
    )


def years_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Actual by year, with how many months are in where it is not all of them."""
    notes = ["" if n == 12 else f"({number_of(int(n), 'month')})" for n in frame["months"]]
    drawn = frame.assign(value=frame[_column(filters)], note=notes)
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn,
        columns={"label": "year", "value": "value", "note": "note"},
        measure=measure_of(filters),
        title=_years_title(frame, filters),
        summary=f"{measured_in(filters).capitalize()} of this flow in {number_of(len(frame), 'year')}.",
        units=units_of(filters),
        source=SOURCE,
    )


def _years_title(frame: pd.DataFrame, filters) -> str:
    whole = frame[frame["months"] == 12]
    values = numeric(whole[_column(filters)]).tolist() if len(whole) else []
    if len(values) < 2 or not all(v == v for v in values[-2:]):
        return f"{number_of(len(frame), 'year').capitalize()} of this flow"
    before, now = values[-2:]
    year, last = whole["year"].iloc[-1], whole["year"].iloc[-2]
    said = in_words(now - before, {**filters, "basis": "change"})
    return f"{year}: {said}" + ("" if now == before else f" than in {last}")


def services_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    drawn = frame.assign(value=frame[_column(filters)])
    known = drawn[numeric(drawn["value"]) > 0]
    shown = known.head(SHOWN_FLOWS)
    names, most = leaders(list(shown["service_name"]), numeric(shown["value"]).tolist())
    title = f"No {measured_in(filters)} in what is chosen"
    if names:
        which = "The largest service" if len(names) == 1 else "The largest services"
        title = f"{which}: {listed_at_most(names, 3)}, {in_words(most, filters)}"
    return Chart(
        kind=ChartKind.BARS,
        frame=shown,
        columns={"label": "service_name", "value": "value"},
        measure=measure_of(filters),
        title=title,
        summary=f"{number_of(len(shown), 'service')} of {len(known):,}, the largest first, {period(filters)}.",
        units=units_of(filters),
        source=SOURCE,
    )


def share(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Shares 0 to 1; missing of nothing or of less."""
    below = whole.astype("Float64")
    return part.astype("Float64") / below.mask(below <= 0)
