"""Charts of shadow monitoring. Every title is computed from the frame that is drawn, so that it is true of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planning.calculations.financial_years import month_name
from presentation.amounts import money, percent
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric
from presentation.wording import number_within

SOURCE = "Aggregate Contract Monitoring; budgets as the table says"
SHOWN = 25
WHOLE_YEAR = 12


def to_date(filters: Mapping[str, Any]) -> str:
    """ "to September 2026", "over the whole of 2025/26"."""
    year, month = str(filters.get("year") or ""), filters.get("to_month")
    if not year or not month:
        return "so far"
    return f"over the whole of {year}" if int(month) >= WHOLE_YEAR else f"to {month_name(year, int(month))}"


def over_words(difference: float, share: float) -> str:
    """ "£8.2m (3.1%) over budget", "on budget"."""
    if round(difference) == 0:
        return "on budget"
    part = f" ({percent(abs(share))})" if share == share else ""
    return f"{money(abs(int(difference)))}{part} {'over' if difference > 0 else 'under'} budget"


def difference_chart(frame: pd.DataFrame, filters: Mapping[str, Any], *, of: str, budget: str = "budget") -> Chart:
    """Actual less budget as bars, the most over budget first."""
    rows = budgeted(frame)
    drawn = rows.assign(size=rows["value"].abs()).nlargest(SHOWN, "size").sort_values("value", ascending=False)
    only = f" The {SHOWN} furthest from it are drawn." if len(rows) > SHOWN else ""
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn,
        columns={"label": "name", "value": "value"},
        measure=Measure.MONEY,
        title=difference_title(rows, filters, of).replace("budget", budget),
        summary=f"Actual less {budget} {to_date(filters)}, by {of}; the table has ratings and two forecasts of the year.{only}",
        units=f"£, actual less {budget} to date: + is over, − is under",
        source=SOURCE,
        signed=True,
    )


def budgeted(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows that can be drawn, with `value` (actual less budget) and `share`; hubs and what is nobody's are left to the table."""
    rows = frame[frame["kind"] == "population"] if "kind" in frame else frame
    rows = rows.assign(value=numeric(rows["difference"]), share=numeric(rows["difference_share"]))
    return rows.dropna(subset=["value"])


def difference_title(rows: pd.DataFrame, filters: Mapping[str, Any], of: str) -> str:
    """Of all rows, drawn or not."""
    when = to_date(filters)
    if rows.empty:
        return f"No spend by {of} is loaded for what is chosen"
    over = rows[rows["value"] > 0]
    if over.empty:
        return f"Nothing is over budget {when}, by {of}"
    top = over.loc[over["value"].idxmax()]
    named = f"{top['name']} is furthest over budget {when}: {over_words(top['value'], top['share']).removesuffix(' over budget')}"
    if len(rows) == 1:
        return named
    return f"{named}; {number_within(len(over))} of {number_within(len(rows))} {'is' if len(over) == 1 else 'are'} over"


def month_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Actual less budget as it adds up over the months that are in."""
    drawn = frame.assign(value=numeric(frame["difference_to_date"])).dropna(subset=["value"])
    return Chart(
        kind=ChartKind.LINE_RANGE,
        frame=drawn,
        columns={"x": "name", "value": "value"},
        measure=Measure.MONEY,
        title=month_title(frame, filters),
        summary=f"Actual less budget since April, {to_date(filters)}; the table has budget and actual of every month.",
        units="£ since April, actual less budget: + is over, − is under",
        source=SOURCE,
        signed=True,
    )


def month_title(frame: pd.DataFrame, filters: Mapping[str, Any]) -> str:
    known = frame.assign(value=numeric(frame["difference_to_date"]), own=numeric(frame["difference"])).dropna(subset=["value"])
    if known.empty:
        return "Spend month by month is not known for what is chosen"
    share = numeric(known["difference_share"]).iloc[-1]
    over, months = int((known["own"] > 0).sum()), len(known)
    of = {0: "no month", months: "every month"}.get(over, f"{number_within(over)} of {number_within(months)} months")
    return f"Spend {to_date(filters)} is {over_words(known['value'].iloc[-1], share)}; it was over in {of}"
