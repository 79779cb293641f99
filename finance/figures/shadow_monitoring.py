"""Figures of shadow monitoring: one year's spend against indicative budgets, by population and by provider."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from finance.calculations import monitored_spend as monitoring
from finance.calculations import shadow_monitoring as rating
from finance.calculations.allocation import HUB_NOT_KNOWN
from finance.calculations.populations_by_month import spend_by_month
from finance.calculations.provider_to_population import UNALLOCATED, WITHOUT_STATUS
from finance.charts import monitoring as charts
from finance.figures.allocation import APART, KIND_WORDS, finance_stamp, named, statuses_sources, unallocated_notes
from finance.forms import MonitoringForm
from finance.queries import budgets as reading
from finance.queries.rates import rate_sources
from finance.tables import monitoring as tables
from planning.calculations.financial_years import months_in_words
from planning.calculations.homes import NOT_KNOWN
from planning.queries import choices
from presentation.amounts import UNIT, money, money_exact, percent
from presentation.disclosure import is_small, numeric
from presentation.figure import Figure, register
from presentation.shared_reads import shared
from presentation.wording import MONTH_NAMES, listed, listed_at_most

RATING_WORDS = dict(zip((rating.GREEN, rating.AMBER, rating.RED), tables.RATINGS, strict=True))
# Nobody holds a budget for the others.
RATED_KINDS = ("population", "hub")
KINDS = ("population", "hub", "apart", "without_status", "unallocated")
EMPTY = ["code", "name", "kind", "is_entered", "budget_year", "budget", *rating.SPENT, "people"]
PLAN_WORDS, ENTERED_WORDS = "Plan of providers", "Recorded by the programme"


def read_monitoring(reader, filters, by: str, level: str = "system"):
    """The year up to the month, and the count behind the money by one group."""
    asked = {name: filters.get(name) for name in ("position", "year", "to_month")}
    of_some = {**asked, "system": filters.get("system") if by in ("programme_of_care", "month") else []}
    return {**_read(reader, asked, level), "people": reading.people_behind(reader, of_some, by)}


@shared
def _read(reader, asked, level):
    if not asked["year"] or not asked["to_month"]:
        return {}
    read = reading.budgeted_spend(reader, asked, level)
    whole = read["whole"]
    places = {place for place, system in read["place_systems"].items() if system in whole}
    of = monitoring.monitored(
        spend_by_month(read["flows"], read["statuses"], read["hubs"], HUB_NOT_KNOWN),
        read["providers"],
        dict(zip(read["programmes"]["service_code"], read["programmes"]["programme_of_care"], strict=True)),
        read["entered"],
        year=asked["year"],
        to_month=asked["to_month"],
        populations=places if level == "place" else whole,
        not_known=[NOT_KNOWN],
        apart=APART,
    )
    return {"of": of, "names": read["names"], "bands": read["bands"]}


def _rated(rows: pd.DataFrame, read: Mapping[str, Any], by: str) -> pd.DataFrame:
    """Rows with differences as pages show them (actual less budget, + = over), ratings in words, and the count behind them."""
    bands = read["bands"]
    frame = rating.against_budget(rows, **(bands if len(bands) == 2 else {"green_within": 0.0, "amber_within": 0.0}))
    people = dict(zip(read["people"][by], read["people"]["people"], strict=True))
    frame["people"] = pd.array([people.get(code, pd.NA) for code in frame["code"]], dtype="Int64")
    hidden = pd.Series([is_small(n, UNIT) or len(bands) < 2 for n in frame["people"]], index=frame.index)
    return frame.assign(
        difference=-frame["variance"],
        difference_share=-frame["variance_share"],
        forecast_difference=-frame["full_year_variance"],
        rating=frame["rating"].map(RATING_WORDS).mask(hidden, None),
    ).drop(columns=["variance", "variance_share", "full_year_variance"])


def _nothing(*more: str) -> pd.DataFrame:
    columns = [*EMPTY, "difference", "difference_share", "forecast_difference", "rating", *more]
    return pd.DataFrame(columns=columns, dtype=object)


def populations(read, filters):
    """Those that have a budget first, then what stays with hubs and what is nobody's."""
    if "of" not in read:
        return _nothing("kind_words", "basis")
    of = read["of"]
    rows = rating.by_view(of.budgets, of.forecast, ["kind", "population"]).rename(columns={"population": "code"})
    entered = set(of.budgets.loc[of.budgets["is_entered"], "population"])
    place = filters.get("level") == "place"
    names = {**read["names"], UNALLOCATED: "Unallocated", WITHOUT_STATUS: "Without delegation status"}
    systems = choices.system_names() if place else {}
    frame = _rated(rows, read, "home_place" if place else "home_system")
    frame["name"] = [f"{systems[c]}: place not known" if c in systems else names.get(c, c) for c in frame["code"]]
    frame["rating"] = frame["rating"].where(frame["kind"].isin(RATED_KINDS), None)
    own = frame["kind"] == "population"
    frame["basis"] = [ENTERED_WORDS if o and c in entered else PLAN_WORDS for o, c in zip(own, frame["code"], strict=True)]
    frame = frame.assign(kind_words=frame["kind"].map(KIND_WORDS), order=frame["kind"].map(KINDS.index))
    frame = frame.sort_values(["order", "budget_year", "code"], ascending=[True, False, True], ignore_index=True)
    return frame.drop(columns="order")


def providers(read, filters):
    if "of" not in read:
        return _nothing()
    of = read["of"]
    rows = rating.by_view(of.plan, of.forecast, ["provider"]).rename(columns={"provider": "code"})
    return _named(_rated(rows, read, "provider"), choices.provider_names())


def programmes(read, filters):
    if "of" not in read:
        return _nothing()
    rows = monitoring.by_programme(read["of"], filters.get("system") or [])
    names = {**dict(choices.programme_choices()), "": "No programme of care"}
    return _named(_rated(rows.rename(columns={"programme_of_care": "code"}), read, "programme_of_care"), names)


def _named(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    frame = frame.assign(name=named(frame["code"], names))
    return frame.sort_values(["budget_year", "code"], ascending=[False, True], ignore_index=True)


def months(read, filters):
    if "of" not in read:
        return _nothing("budget_to_date", "actual_to_date", "difference_to_date", "people_to_date")
    frame = monitoring.by_month(read["of"], filters.get("system") or [], to_month=filters["to_month"])
    own = frame[["month", "budget", "actual_price"]]
    so_far = frame.assign(code=frame["month"], budget_year=frame["budget_to_date"], budget=frame["budget_to_date"])
    so_far = so_far.assign(actual_price=frame["actual_to_date"], forecast_run_rate=pd.array([pd.NA] * len(frame), dtype="Int64"))
    rated = _rated(so_far, read, "month")
    # A month that few people make would follow from what stands before and after it.
    counts = numeric(rated["people"]).mask(numeric(rated["people"]) == 0).cummin().ffill()
    return rated.assign(
        name=[MONTH_NAMES[m - 1] if m <= len(MONTH_NAMES) else "Year end" for m in frame["month"]],
        budget=own["budget"],
        actual_price=own["actual_price"],
        difference=own["actual_price"] - own["budget"],
        difference_to_date=rated["difference"],
        people_to_date=counts.astype("Int64"),
    ).drop(columns=["forecast_run_rate", "forecast_difference", "budget_year", "code", "month"])


def population_notes(frame, filters):
    entered = frame.loc[frame["basis"] == ENTERED_WORDS, "name"].tolist()
    if entered:
        yield f"Budgets of {listed_at_most(entered, 8)} were recorded by the programme."
    yield (
        "Budgets are indicative. Where none is recorded, the plan of the loaded providers mapped to populations stands in its "
        "place; months that no plan reaches are estimated from the year before."
    )
    yield from _unused(frame, filters, set(entered))
    yield from timing_notes(frame, filters)
    yield from unallocated_notes(frame, "actual_price")


def _unused(frame, filters, entered: set[str]):
    """Budgets that were recorded and cannot be used, since what they are for is not all in."""
    held = set(reading.budgets_in_force(filters.get("year") or "")["population"])
    rows = frame[(frame["kind"] == "population") & frame["code"].isin(held)]
    if unused := [name for name in rows["name"] if name not in entered]:
        yield f"The budget recorded for {listed(unused)} is not used: not all of its own trusts have submitted."


def timing_notes(frame, filters):
    for name, absent in reading.late_providers(filters).items():
        lacking = months_in_words(filters["year"], absent)
        yield f"{name} has not sent {lacking}: plans leave those months out; recorded budgets do not."
    bands = reading.monitoring_bands(filters.get("year") or "")
    if len(bands) == 2:
        green, amber = percent(bands["green_within"]), percent(bands["amber_within"])
        yield f"Green is up to {green} over the budget to date, amber up to {amber}, red beyond. The bands are illustrative."
    else:
        yield "Nothing is rated: the programme has set no bands of overspend."


def forecast_notes(frame, filters):
    yield (
        "By phasing: actual to date ÷ the share of the year's budget that falls in these months. By run rate: actual to date and "
        "the mean of the last three months for each month left."
    )


def monitoring_sources(filters):
    return [*statuses_sources(filters), *reading.budget_sources(filters.get("year") or ""), *rate_sources(["monitoring"])]


def monitoring_stamp(filters):
    return (*finance_stamp(filters), reading.budgets_version())


def own_rows(filters):
    """Money whose home is not known is shared out among all, so it stands behind the spend of each."""
    return {**filters, "system": [*filters["system"], NOT_KNOWN]} if filters.get("system") else filters


def _monitoring_figure(**options: Any) -> Figure:
    common = {
        "form": MonitoringForm,
        "stamp": monitoring_stamp,
        "sources": monitoring_sources,
        "source": charts.SOURCE,
        "url_name": "finance:shadow_monitoring",
    }
    return register(Figure(**{**common, **options}))


def read_populations(reader, filters):
    place = filters.get("level") == "place"
    return read_monitoring(reader, filters, "home_place" if place else "home_system", "place" if place else "system")


def everybody(filters):
    """Systems chosen narrow the months and programmes of care alone."""
    return {**filters, "system": []}


SHADOW_MONITORING = _monitoring_figure(
    name="shadow_monitoring",
    heading="Population view: spend against indicative budgets",
    query=read_populations,
    calculation=populations,
    table=tables.MonitoredPopulationTable,
    chart=partial(charts.difference_chart, of="population"),
    note=population_notes,
    rows=everybody,
)
MONITORING_BY_PROVIDER = _monitoring_figure(
    name="monitoring_by_provider",
    heading="Provider view: the same spend against plan",
    query=partial(read_monitoring, by="provider"),
    calculation=providers,
    table=tables.MonitoredProviderTable,
    chart=partial(charts.difference_chart, of="provider", budget="plan"),
    note=forecast_notes,
    rows=everybody,
)
MONITORING_BY_MONTH = _monitoring_figure(
    name="monitoring_by_month",
    heading="Month by month",
    query=partial(read_monitoring, by="month"),
    calculation=months,
    table=tables.MonitoredMonthTable,
    chart=charts.month_chart,
    rows=own_rows,
)
MONITORING_BY_PROGRAMME = _monitoring_figure(
    name="monitoring_by_programme_of_care",
    heading="By programme of care",
    query=partial(read_monitoring, by="programme_of_care"),
    calculation=programmes,
    table=tables.MonitoredProgrammeTable,
    chart=partial(charts.difference_chart, of="programme of care"),
    note=forecast_notes,
    rows=own_rows,
)


def _total(result, name: str) -> float:
    return float(numeric(pd.Series([result.total.get(name)], dtype=object)).iloc[0])


def monitoring_sentence(results) -> str:
    """What the page says first: spend against budget, where the year heads, and who is furthest over."""
    result = results["shadow_monitoring"]
    spent, budget = _total(result, "actual_price"), _total(result, "budget")
    if spent != spent:
        return "No spend is loaded for what is chosen."
    share = (spent - budget) / budget if budget else float("nan")
    said = f"{money(int(spent))} was spent {charts.to_date(result.filters)}, {charts.over_words(spent - budget, share)}"
    ends, year = _total(result, "forecast_run_rate"), _total(result, "budget_year")
    if ends == ends and round(ends - spent):
        over = charts.over_words(ends - year, (ends - year) / year if year else float("nan"))
        said += f"; at the rate of the last three months {result.filters['year']} ends {over}"
    return f"{said}. {charts.difference_title(charts.budgeted(result.frame), result.filters, 'population')}."


def views_agree(results) -> str:
    """Whether both views hold the same money, in words with the money to the penny."""
    views = [_total(results[name], "actual_price") for name in ("shadow_monitoring", "monitoring_by_provider")]
    if any(view != view for view in views):
        return ""
    if views[0] == views[1]:
        return f"Check: both views hold the same spend, {money_exact(int(views[0]))}. Nothing is lost between them."
    return f"Check failed: the view by population holds {money_exact(int(views[0] - views[1]))} more than the view by provider."
