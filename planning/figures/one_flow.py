"""Figures of the page of one flow: from one home to one provider, or to one of its sites."""

from planning.calculations.financial_years import month_start
from planning.calculations.one_flow import monthly, parts, yearly
from planning.charts import one_flow as charts
from planning.figures.flows import SOURCE, names_of_homes, position_stamp
from planning.forms.flows import FlowForm
from planning.queries import choices, flows, positions
from planning.tables import flows as tables
from presentation.amounts import percent
from presentation.disclosure import numeric
from presentation.figure import Figure, register
from presentation.shared_reads import shared

URL_NAME = "planning:flow"


def ends(filters) -> tuple[str, str]:
    """The names of the home and of where they are treated."""
    homes = names_of_homes(filters)
    there = choices.destination_names()
    to = (filters.get("site") or filters["provider"])[0]
    return homes.get(filters["home"][0], filters["home"][0]), there.get(to, to)


def all_of_time(filters):
    """The filters of the whole trend, whatever year and months are chosen."""
    return {**filters, "year": "all", "from_month": None, "to_month": None}


@shared
def read_months(reader, filters):
    frame = positions.coverage_frame(filters.get("position"))
    loaded = frame.loc[frame["provider"].isin(filters["provider"]), ["year", "month"]]
    return {"flow": flows.flow_frame(reader, all_of_time(filters), ["year", "month"]), "loaded": loaded}


def months_of_flow(read, filters):
    rows = monthly(read["flow"], read["loaded"])
    named = [
        f"Year end {year}" if month == charts.YEAR_END else f"{month_start(year, month):%b %Y}"
        for year, month in zip(rows["year"], rows["month"], strict=True)
    ]
    return rows.assign(period=named, is_month=rows["month"] < charts.YEAR_END).drop(columns="month")


def years_of_flow(read, filters):
    return yearly(monthly(read["flow"], read["loaded"]))


def read_services(reader, filters):
    return {"flow": flows.flow_frame(reader, filters, ["service"]), "names": dict(choices.service_choices())}


def services_of_flow(read, filters):
    rows = read["flow"]
    rows["service_name"] = [read["names"].get(code, code) or "Services without a name" for code in rows["service"]]
    rows["all_price"] = rows["actual_price"].sum(min_count=1)
    rows["price_share"] = charts.share(rows["actual_price"], rows["all_price"])
    column = "actual_price" if filters.get("measure") == "cost" else "actual_activity"
    return rows.sort_values(column, ascending=False, na_position="last", ignore_index=True)


def read_parts(reader, filters):
    """The flow, everything of its home and everything of its provider."""
    of_home, of_provider = {**filters, "provider": [], "site": []}, {**filters, "home": [], "site": []}
    asked = {"flow": filters, "of_home": of_home, "of_provider": of_provider}
    return {name: flows.flow_frame(reader, wanted, []) for name, wanted in asked.items()}


def parts_of_ends(read, filters):
    frame = parts(read["flow"], read["of_home"], read["of_provider"])
    home, _ = ends(filters)
    provider = choices.provider_names().get(filters["provider"][0], filters["provider"][0])
    names = {"home": f"All care of {home} at loaded providers", "provider": f"All that {provider} does"}
    return frame.assign(of=frame["end"].map(names))


def trend_notes(frame, filters):
    yield "Every month that the provider has in this position, whatever year and months are chosen above."
    if len(frame) and not frame["is_month"].all():
        yield "Amounts that the provider books at the year end are in the table and not in the line."


def _figure(name, heading, query, calculation, table, chart=None, note=lambda frame, filters: (), rows=lambda filters: filters):
    return register(
        Figure(
            name=name,
            heading=heading,
            form=FlowForm,
            query=query,
            calculation=calculation,
            table=table,
            chart=chart,
            note=note,
            rows=rows,
            stamp=position_stamp,
            source=SOURCE,
            url_name=URL_NAME,
        )
    )


FLOW_TREND = _figure(
    "flow_trend",
    "By month",
    read_months,
    months_of_flow,
    tables.FlowTrendTable,
    charts.trend_chart,
    trend_notes,
    all_of_time,
)
FLOW_YEARS = _figure(
    "flow_years", "By year", read_months, years_of_flow, tables.FlowYearTable, charts.years_chart, rows=all_of_time
)
FLOW_SERVICES = _figure(
    "flow_services", "Its services", read_services, services_of_flow, tables.FlowServiceTable, charts.services_chart
)
FLOW_PARTS = _figure("flow_parts", "What part of both ends it is", read_parts, parts_of_ends, tables.FlowPartTable)


def one_flow_sentence(results) -> str:
    """How large the flow is, and what part of its home's and its provider's care."""
    result = results["flow_parts"]
    frame, filters = result.frame, result.filters
    what = "price" if filters.get("measure") == "cost" else "activity"
    amount = numeric(frame[f"actual_{what}"]).iloc[0]
    home, there = ends(filters)
    said = charts.in_words(amount, filters)
    if not amount > 0:
        return f"Nothing from {home} to {there} in {charts.period(filters)}, in what is chosen."
    of_home, of_provider = (percent(share, 0) for share in numeric(frame[f"{what}_share"]))
    return (
        f"{said} from {home} to {there} in {charts.period(filters)}: {of_home} of all for people of {home} at loaded providers, "
        f"and {of_provider} of all that {choices.provider_names().get(filters['provider'][0], there)} did."
    )
