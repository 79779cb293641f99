"""Adapters of worked files on spend by population: where it belongs, and how it stands against budgets."""

import pandas as pd

from finance.calculations import population_budgets as budgets
from finance.calculations import provider_to_population as mapping
from finance.calculations import shadow_monitoring as monitoring

from .reshaping import by_key, by_months, column_by_key, from_millions, in_millions, long_frame, nested, plain

BILLED = ["provider", "population", "amount"]
VIEW_NAMES = {"shift_from_provider_to_population": "shift", "provider_based_view": "provider_view"}
MONITORED_NAMES = {
    "budget": "ytd_budget",
    "actual_price": "ytd_actual",
    "variance": "ytd_variance",
    "variance_share": "ytd_variance_pct",
    "forecast_phased": "forecast_straight_line",
    "forecast_run_rate": "forecast_run_rate_3m",
    "full_year_variance": "full_year_variance_run_rate",
    "rating": "rag",
}


def provider_spend_to_population(inputs: dict) -> dict:
    spend = from_millions(pd.concat([billed(inputs), block(inputs)]), "amount")
    spend = spend.groupby(BILLED[:2], as_index=False)["amount"].sum().assign(service_code="", status="GREEN", hub="")
    mapped = mapping.provider_to_population(spend, not_known=["UNKNOWN"], apart=["DEVOLVED"])
    hosts = long_frame(inputs["host_icb"], ["provider", "system"])
    views = in_millions(mapping.provider_and_population_views(mapped, hosts))
    check = in_millions(mapping.ledger_check(spend, mapped))
    return {
        **column_by_key(check, "provider", {"ledger_total_by_provider": "ledger"}),
        **column_by_key(views[views["population"].isin(hosts["system"])], "population", VIEW_NAMES),
        **column_by_key(views, "population", {"population_baseline": "population_view"}),
        "mapped": {**nested(everywhere(in_millions(mapped)), "provider", "population", "amount")},
        "control_total": plain(check["ledger"].sum()),
        "mapped_total": plain(check["mapped"].sum()),
    }


def billed(inputs: dict) -> pd.DataFrame:
    return long_frame(inputs["priced_patient_level"], BILLED)


def block(inputs: dict) -> pd.DataFrame:
    return long_frame(inputs["block_not_patient_level"], ["provider", "amount"]).assign(population="UNKNOWN")


def everywhere(mapped: pd.DataFrame) -> pd.DataFrame:
    """With 0 where a provider has nothing for a population."""
    table = mapped.pivot_table(index="provider", columns="population", values="amount", aggfunc="sum", fill_value=0.0)
    return table.reset_index().melt("provider", value_name="amount")


def monitored_budgets(inputs: dict) -> dict:
    actual = from_millions(by_months(inputs["actual_months_1_to_6"], ["population", "month", "actual_price"]), "actual_price")
    actual = actual.assign(provider="P", kind="population", programme_of_care="")
    entered = from_millions(long_frame(inputs["annual_budget"], ["population", "amount"]), "amount")
    entered = entered.assign(programme_of_care="", months=[[]] * len(entered))
    reported, no_plan = monitoring.months_reported(actual, 6), pd.DataFrame(columns=budgets.CELL)
    cells = budgets.budget_cells(no_plan, entered, reported, to_month=6, populations=set(entered["population"]))
    no_phasing = pd.DataFrame({"provider": [], "share": []})
    shares = budgets.phasing_by_group(actual[budgets.GRAIN].drop_duplicates(), no_phasing, cells)
    rows = monitoring.by_view(cells, monitoring.forecasts(actual, reported, shares), ["population"])
    rows = monitoring.against_budget(rows, green_within=0.005, amber_within=0.02)
    return by_key(in_millions(rows), "population", MONITORED_NAMES)


ADAPTERS = {"01e": provider_spend_to_population, "01f": monitored_budgets}
