"""Plan and actual by year and by month, of a service, of a provider, of one at the other or of everything."""

from typing import Any

from planning.calculations.contract import ratio
from planning.calculations.financial_years import MONTH_NAMES
from planning.figures.flows import position_stamp
from planning.queries import flows, positions
from presentation.figure import Figure, register
from programme.calculations.spend_over_time import by_month
from programme.charts import service as charts
from programme.forms import SpendOverTimeForm
from programme.queries import service as reads
from programme.tables import service as tables

SOURCE = "Aggregate Contract Monitoring (ACM)"
FULL_YEARS_NOTE = "Only years with all twelve months in are compared, and growth is a year, compounded from the first of them."
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
    """One row a year: plan, actual and the change since the full year before."""
    rows = read["years"].sort_values("year", ignore_index=True)
    rows["months"] = rows["year"].map(read["months"]).fillna(0).astype("int64")
    rows["is_full"] = rows["year"].isin(read["full_years"]) & (rows["months"] == len(MONTH_NAMES))
    rows["difference"] = rows["actual_price"] - rows["planned_price"]
    rows["difference_share"] = ratio(rows["difference"], rows["planned_price"])
    full = rows.loc[rows["is_full"], "actual_price"]
    before = full.shift().reindex(rows.index)
    return rows.assign(change_share=ratio(full.reindex(rows.index) - before, before))


def read_months(reader, filters):
    year = filters["year"]
    both = {**filters, "year": "all"}
    frame = flows.flow_frame(reader, both, ["year", "month"])
    before = max((one for one in positions.manifest(filters["position"]).years if one < year), default="")
    return {"months": frame[frame["year"].isin([year, before])].reset_index(drop=True), "before": before}


def months(read, filters):
    rows = by_month(read["months"], year=filters["year"], before=read["before"], names=NAMES_OF_MONTHS)
    return rows.assign(before_year=read["before"])


def compared_words(filters):
    """Which full years are compared."""
    full = reads.full_years(filters["position"])
    earlier = [year for year in full if year < filters["year"]]
    yield FULL_YEARS_NOTE
    if filters["year"] in full and earlier:
        yield f"The full year before {filters['year']} is {earlier[-1]}; the first is {full[0]}."
    else:
        why = "no full year is loaded before it" if filters["year"] in full else "it is not full"
        yield f"{filters['year']} is not compared: {why}."


def year_notes(frame, filters):
    yield FULL_YEARS_NOTE


def month_notes(frame, filters):
    if len(frame) and (before := frame["before_year"].iloc[0]):
        yield f"The year before is the one loaded before it, {before}. The year end stands in the table alone."


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
