"""Plan and actual by year and by month, of a service, of a provider, of one at the other or of everything."""

from typing import Any

import pandas as pd

from planning.calculations.contract import ratio
from planning.calculations.financial_years import MONTH_NAMES, preceding
from planning.figures.flows import position_stamp
from planning.queries import flows, positions
from presentation.figure import Figure, register
from programme.calculations.spend_over_time import by_month
from programme.charts import service as charts
from programme.forms import SpendOverTimeForm
from programme.queries import service as reads
from programme.tables import service as tables

SOURCE = "Aggregate Contract Monitoring (ACM)"
FULL_YEARS_NOTE = "Only years with all twelve months in are compared; growth is a year, compounded from the first of them."
NAMES_OF_MONTHS = (*MONTH_NAMES, charts.YEAR_END)


def every_year(filters):
    """The same filters over every year loaded."""
    return {**filters, "year": "all", "from_month": None, "to_month": None}


def read_years(reader, filters):
    coverage = positions.coverage_frame(filters["position"])
    own = coverage[coverage["provider"].isin(filters["provider"])] if filters.get("provider") else coverage
    return {
        "years": flows.flow_frame(reader, every_year(filters), ["year"]),
        "months": own[own["month"] <= len(MONTH_NAMES)].groupby("year")["month"].nunique(),
        "full_years": reads.full_years(filters["position"]),
    }


def by_year(read, filters):
    """One row a year: plan, actual and the change on the year before where both are full."""
    rows = read["years"].sort_values("year", ignore_index=True)
    rows["months"] = rows["year"].map(read["months"]).fillna(0).astype("int64")
    rows["is_full"] = rows["year"].isin(read["full_years"]) & (rows["months"] == len(MONTH_NAMES))
    rows["difference"] = rows["actual_price"] - rows["planned_price"]
    rows["difference_share"] = ratio(rows["difference"], rows["planned_price"])
    full = rows[rows["is_full"]].set_index("year")["actual_price"]
    before = pd.Series([full.get(preceding(year)) for year in rows["year"]], index=rows.index, dtype="Int64")
    now = rows["actual_price"].where(rows["is_full"])
    return rows.assign(change_share=ratio(now - before, before))


def read_months(reader, filters):
    year = filters["year"]
    both = {**filters, "year": "all"}
    frame = flows.flow_frame(reader, both, ["year", "month"])
    return frame[frame["year"].isin([year, preceding(year)])].reset_index(drop=True)


def months(read, filters):
    year = filters["year"]
    return by_month(read, year=year, before=preceding(year), names=NAMES_OF_MONTHS)


def year_notes(frame, filters):
    yield FULL_YEARS_NOTE


def month_notes(frame, filters):
    yield "The year end stands by itself in the table and is not drawn."


def _figure(**options: Any) -> Figure:
    common = {"form": SpendOverTimeForm, "stamp": position_stamp, "source": SOURCE, "url_name": "programme:services"}
    return register(Figure(**{**common, **options}))


SPEND_BY_YEAR = _figure(
    name="spend_by_year",
    heading="Year by year",
    rows=every_year,
    query=read_years,
    calculation=by_year,
    table=tables.SpendByYearTable,
    chart=charts.years_chart,
    note=year_notes,
)
SPEND_BY_MONTH = _figure(
    name="spend_by_month",
    heading="Month by month",
    query=read_months,
    calculation=months,
    table=tables.SpendByMonthTable,
    chart=charts.months_chart,
    note=month_notes,
)
