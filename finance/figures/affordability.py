"""Figures of the Affordability page: spend against plan, forecast outturn, and the gap if nothing is done."""

from functools import partial
from typing import Any

import pandas as pd

from finance import queries
from finance.calculations import do_nothing_gap as projecting
from finance.calculations import outturn
from finance.charts import affordability as charts
from finance.charts import words
from finance.figures import scenario_in_gap
from finance.figures.allocation import SOURCE, finance_stamp, named
from finance.forms import NAMES, AffordabilityForm, SpendForm
from finance.tables import affordability as tables
from planning.calculations.financial_years import following
from presentation.amounts import money, percent
from presentation.disclosure import numeric
from presentation.figure import Figure, RestsOn, register
from presentation.shared_reads import shared

YEARS_AHEAD = 5
SAID = ("actual_price", "planned_price", "difference", "forecast", "forecast_difference")
STEP_NAMES = {
    "demographic": "Demographic growth",
    "non_demographic": "Non-demographic growth",
    "price": "Price uplift",
    "efficiency": "Efficiency",
    "revenue": "Revenue growth",
}
BASIS_WORDS = {
    outturn.FULL_YEAR: "the full year's actual",
    outturn.THIS_PLAN: "phasing of this year's plan",
    outturn.EARLIER_PLAN: "phasing of the earlier year's plan",
    outturn.TWELFTHS: "months alike: no phasing is known",
}


def read_spend(reader, filters, by):
    """Spend by a column with its table, which growth rates make no difference to."""
    return _spend_read(reader, {name: value for name, value in filters.items() if name not in (*NAMES, "scenario")}, by)


@shared
def _spend_read(reader, filters, by):
    read = queries.monthly_spend(reader, filters, by)
    return {**read, "table": outturn.spend_table(read["monthly"], read["providers"], by=by)}


def spend(read, filters):
    by = read["by"]
    rows = read["table"].merge(read["people"], on=by, how="left", validate="one_to_one").rename(columns={by: "code"})
    words = {True: "Over plan", False: "Under plan"}
    against = [None if pd.isna(d) else "On plan" if d == 0 else words[bool(d > 0)] for d in rows["difference"]]
    rows = rows.assign(name=named(rows["code"], read["names"]), against_plan=against)
    return rows.sort_values(["actual_price", "code"], ascending=[False, True], na_position="last", ignore_index=True)


def provider_spend(read, filters):
    rows = spend(read, filters)
    years = sorted(set(read["monthly"]["year"]))
    if len(years) != 1:
        return rows.assign(forecast_from="each year by itself")
    phasing = outturn.phasing_of(read["providers"], years[0]).set_index("provider")
    months = rows["code"].map(phasing["months"])
    basis = rows["code"].map(phasing["basis"]).map(BASIS_WORDS)
    return rows.assign(forecast_from=[f"{m} months, {b}" for m, b in zip(months, basis, strict=True)])


def read_gap(reader, filters):
    return read_spend(reader, filters, "provider")


def _projection(read, filters) -> projecting.Projection | None:
    rows = read["table"].dropna(subset=["forecast", "planned_year"])
    rates = {name: filters.get(name) for name in NAMES}
    if rows.empty or any(rate is None for rate in rates.values()):
        return None
    line = {"line": "specialised", "spend": int(rows["forecast"].sum())}
    line |= {driver: float(rates[driver]) / 100 for driver in projecting.DRIVERS}
    return projecting.in_whole_units(
        projecting.do_nothing_gap(
            pd.DataFrame([line]),
            opening_revenue=int(rows["planned_year"].sum()),
            revenue_growth=[float(rates["revenue"]) / 100] * YEARS_AHEAD,
        )
    )


def gap(read, filters):
    projection = _projection(read, filters)
    if projection is None:
        empty = ["year", "expenditure", "revenue", "gap", "gap_share", "gap_words", "gap_with"]
        return pd.DataFrame(columns=[*empty, *scenario_in_gap.COLUMNS])
    years = [filters["year"]]
    for _ in range(YEARS_AHEAD):
        years.append(following(years[-1]))
    words = ["Shortfall" if g > 0 else "Surplus" if g < 0 else "In balance" for g in projection.years["gap"]]
    frame = projection.years.assign(year=years, gap_words=words)
    changes = scenario_in_gap.by_year(filters, years).reset_index(drop=True)
    return frame.assign(**changes, gap_with=frame["gap"] + changes["scenario_payments"])


def gap_drivers(read, filters):
    projection = _projection(read, filters)
    if projection is None:
        return pd.DataFrame({"step_name": [], "amount": [], "is_total": [], "people": []}).astype({"is_total": bool})
    last = filters["year"]
    for _ in range(YEARS_AHEAD):
        last = following(last)
    names = {**STEP_NAMES, "opening_gap": f"Gap in {filters['year']}", "closing_gap": f"Gap in {last}"}
    steps = projecting.waterfall(projection).rename(columns={"total": "is_total"})
    steps = steps.assign(step_name=steps["step"].map(names), people=pd.array([pd.NA] * len(steps), dtype="Int64"))
    return _with_scenario(steps, filters, last)


def _with_scenario(steps: pd.DataFrame, filters: Any, year: str) -> pd.DataFrame:
    """The steps with what a scenario changes before the last gap, which is then the gap with it."""
    if (version := scenario_in_gap.chosen(filters)) is None:
        return steps
    [change] = scenario_in_gap.by_year(filters, [year]).to_dict("records")
    own = {"step": "scenario", "amount": change["scenario_payments"], "is_total": False, "people": change["scenario_people"]}
    closing = steps.iloc[[-1]]
    closing = closing.assign(
        amount=closing["amount"] + change["scenario_payments"],
        people=change["scenario_people"],
        step_name=f"Gap in {year} with the scenario",
    )
    row = pd.DataFrame([{**own, "step_name": f"Scenario: {version.scenario}"}])
    frame = pd.concat([steps.iloc[:-1], row, closing], ignore_index=True)
    return frame.astype({"amount": "int64", "people": "Int64"})


def gap_stamp(filters):
    return (*finance_stamp(filters), *scenario_in_gap.chosen_stamp(filters))


def growth_sources(filters):
    return queries.rate_sources(["growth"])


def read_growth_rates(reader, filters):
    return queries.growth_rates(str(filters.get("year") or ""))


def growth_rates(read, filters):
    rows = []
    for name, driver_name in NAMES.items():
        default, used = read.get(name), filters.get(name)
        value = None if default is None else float(default["value"])
        rate = None if used is None else round(float(used) / 100, 8)
        rows.append(
            {
                "driver_name": driver_name,
                "rate": rate,
                "default": value,
                "state": "Default" if rate == value else "Changed",
                "quality": "" if default is None else "Illustrative" if default["illustrative"] else "Published",
                "source": "" if default is None else default["source"],
            }
        )
    return pd.DataFrame(rows)


def spend_notes(frame, filters):
    yield "The budget is the plan in the extracts. Differences are actual less plan: + is over plan."
    yield "Plan counts in the months in which the provider has reported. Forecast outturn = actual ÷ phasing share of plan."


def gap_notes(frame, filters):
    price, efficiency = filters.get("price"), filters.get("efficiency")
    yield "The gap is forecast spend less revenue; revenue opens at the plan of the year. + is a shortfall."
    if price is not None and efficiency is not None:
        net = projecting.net_price(float(price) / 100, float(efficiency) / 100)
        yield (
            f"Price net of efficiency is taken by the {projecting.NET_PRICE_RULE} rule: "
            f"(1 + {percent(price / 100, 2)}) × (1 − {percent(efficiency / 100, 2)}) − 1 = {percent(net, 3)}."
        )
    yield from scenario_in_gap.notes(filters)


def _affordability_figure(**options: Any) -> Figure:
    common = {"stamp": finance_stamp, "source": SOURCE, "url_name": "finance:affordability"}
    return register(Figure(**{**common, **options}))


def _read_by(column: str):
    def read(reader, filters):
        return read_spend(reader, filters, column)

    return read


AFFORDABILITY = _affordability_figure(
    name="affordability",
    stamp=gap_stamp,
    sources=growth_sources,
    heading="The gap if nothing is done",
    form=AffordabilityForm,
    query=read_gap,
    calculation=gap,
    table=tables.GapTable,
    chart=charts.gap_chart,
    note=gap_notes,
)
GAP_DRIVERS = _affordability_figure(
    name="gap_drivers",
    stamp=gap_stamp,
    sources=growth_sources,
    heading="What drives the gap",
    form=AffordabilityForm,
    query=read_gap,
    calculation=gap_drivers,
    table=tables.GapDriverTable,
    chart=charts.driver_chart,
)
GROWTH_RATES = _affordability_figure(
    name="growth_rates",
    heading="Growth rates used",
    form=AffordabilityForm,
    query=read_growth_rates,
    calculation=growth_rates,
    table=tables.GrowthRateTable,
    source="Rates of the programme, each with its source",
    rests_on=RestsOn.REFERENCE,
    sources=growth_sources,
)
SPEND_BY_PROVIDER = _affordability_figure(
    name="spend_by_provider",
    heading="Spend against plan by provider",
    form=SpendForm,
    query=_read_by("provider"),
    calculation=provider_spend,
    table=tables.ProviderSpendTable,
    chart=partial(charts.spend_chart, of="provider"),
    note=spend_notes,
)
SPEND_BY_SYSTEM = _affordability_figure(
    name="spend_by_system",
    heading="Spend against plan by home of patient",
    form=SpendForm,
    query=_read_by("home_system"),
    calculation=spend,
    table=tables.SystemSpendTable,
    chart=partial(charts.spend_chart, of="home of patient"),
    note=spend_notes,
)
SPEND_BY_PROGRAMME = _affordability_figure(
    name="spend_by_programme_of_care",
    heading="Spend against plan by programme of care",
    form=SpendForm,
    query=_read_by("programme_of_care"),
    calculation=spend,
    table=tables.ProgrammeSpendTable,
    chart=partial(charts.spend_chart, of="programme of care"),
    note=spend_notes,
)


def affordability_sentence(results) -> str:
    """What the page says first: spend against plan, the outturn forecast of a part year, and what the gap becomes."""
    spent, ahead = results["spend_by_provider"], results["affordability"]
    total = {name: numeric(pd.Series([spent.total.get(name)], dtype=object)).iloc[0] for name in SAID}
    year = words.period(spent.filters)
    if total["actual_price"] != total["actual_price"]:
        return f"No spend is loaded for what is chosen, in {year}."
    said = f"Providers were paid {money(words.stored(total['actual_price']))} for specialised services in {year}"
    said += f", {words.over_words(total['difference'])}"
    if total["planned_price"] > 0 and total["difference"]:
        said += f" ({percent(abs(total['difference']) / total['planned_price'])})"
    if total["forecast"] == total["forecast"] and total["forecast"] != total["actual_price"]:
        said += f" to date; the forecast for the year is {money(int(total['forecast']))}"
        said += f", {words.over_words(total['forecast_difference'])}"
    return f"{said}. {charts.gap_title(ahead.frame)}.{scenario_in_gap.words(ahead.frame, ahead.filters)}"
