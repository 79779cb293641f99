"""Tables of shadow monitoring."""

from presentation.amounts import NOT_APPLICABLE
from presentation.tables import FigureTable, MoneyColumn, ShareColumn, TagColumn, TextColumn

RATINGS = {"Green: within budget": "green", "Amber: over budget": "yellow", "Red: well over budget": "red"}


class BudgetTable(FigureTable):
    budget_year = MoneyColumn("Budget for the year", count="people")
    budget = MoneyColumn("Budget to date", count="people")
    actual_price = MoneyColumn("Actual to date", count="people")
    difference = MoneyColumn("Actual less budget", count="people", signed=True)
    difference_share = ShareColumn("As a share of budget", numerator="difference", denominator="budget", signed=True)
    rating = TagColumn("Rating", tags=RATINGS, empty=NOT_APPLICABLE, quiet=NOT_APPLICABLE)
    forecast_phased = MoneyColumn("Forecast by phasing", count="people")
    forecast_run_rate = MoneyColumn("Forecast by run rate", count="people")
    forecast_difference = MoneyColumn("Run rate less budget for the year", count="people", signed=True)

    class Meta:
        total_row = True


class MonitoredPopulationTable(BudgetTable):
    name = TextColumn("Population")
    code = TextColumn("Code", empty=NOT_APPLICABLE, on_page=False)
    kind_words = TextColumn("Where the money goes", on_page=False)
    basis = TextColumn("Budget is")

    class Meta(BudgetTable.Meta):
        caption = "Spend against indicative budgets by population"
        sequence = ("name", "code", "kind_words", "basis", "...")


class MonitoredProviderTable(BudgetTable):
    name = TextColumn("Provider", leads_to=("programme:provider", "code"))
    code = TextColumn("Code", on_page=False)
    budget_year = MoneyColumn("Plan for the year", count="people")
    budget = MoneyColumn("Plan to date", count="people")
    difference = MoneyColumn("Actual less plan", count="people", signed=True)
    difference_share = ShareColumn("As a share of plan", numerator="difference", denominator="budget", signed=True)
    forecast_difference = MoneyColumn("Run rate less plan for the year", count="people", signed=True)

    class Meta(BudgetTable.Meta):
        caption = "The same spend against plan by provider"
        sequence = ("name", "code", "budget_year", "budget", "actual_price", "difference", "difference_share", "rating", "...")


class MonitoredProgrammeTable(BudgetTable):
    name = TextColumn("Programme of care")
    code = TextColumn("Code", empty=NOT_APPLICABLE, on_page=False)

    class Meta(BudgetTable.Meta):
        caption = "Spend against indicative budgets by programme of care"
        sequence = ("name", "code", "...")


class MonitoredMonthTable(FigureTable):
    name = TextColumn("Month")
    budget = MoneyColumn("Budget", count="people")
    actual_price = MoneyColumn("Actual", count="people")
    difference = MoneyColumn("Actual less budget", count="people", signed=True)
    budget_to_date = MoneyColumn("Budget so far", count="people_to_date", summed=False)
    actual_to_date = MoneyColumn("Actual so far", count="people_to_date", summed=False)
    difference_to_date = MoneyColumn("Difference so far", count="people_to_date", signed=True, summed=False)
    difference_share = ShareColumn("As a share of budget so far", count="people_to_date", signed=True)
    rating = TagColumn("Rating so far", tags=RATINGS, empty=NOT_APPLICABLE, quiet=NOT_APPLICABLE)

    class Meta:
        caption = "Budget and actual month by month"
