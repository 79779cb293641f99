"""Tables of allocation and affordability."""

from collections.abc import Mapping, Sequence
from typing import Any

from presentation.amounts import NOT_APPLICABLE, is_missing
from presentation.tables import FigureTable, MoneyColumn, ShareColumn, TagColumn, TextColumn


class SpendTable(FigureTable):
    name = TextColumn("Name")
    code = TextColumn("Code", empty=NOT_APPLICABLE, on_page=False)
    planned_price = MoneyColumn("Plan to date", count="people")
    actual_price = MoneyColumn("Actual to date", count="people")
    difference = MoneyColumn("Actual less plan", count="people", signed=True)
    against_plan = TagColumn("Against plan", tags={"Over plan": "red", "Under plan": "blue", "On plan": "green"})
    difference_share = ShareColumn(
        "Difference as a share of plan", numerator="difference", denominator="planned_price", signed=True
    )
    planned_year = MoneyColumn("Plan for the year", count="people")
    forecast = MoneyColumn("Forecast outturn", count="people")
    forecast_difference = MoneyColumn("Forecast less plan", count="people", signed=True)

    class Meta:
        caption = "Spend against plan, and forecast outturn"
        total_row = True


class ProviderSpendTable(SpendTable):
    name = TextColumn("Provider", leads_to=("programme:provider", "code"))
    forecast_from = TextColumn("Forecast rests on")

    class Meta(SpendTable.Meta):
        caption = "Spend against plan by provider"


class SystemSpendTable(SpendTable):
    class Meta(SpendTable.Meta):
        caption = "Spend against plan by home of patient"


class ProgrammeSpendTable(SpendTable):
    class Meta(SpendTable.Meta):
        caption = "Spend against plan by programme of care"


class ScenarioColumn(MoneyColumn):
    """What a scenario changes; a page without one leaves the column out."""

    empty = NOT_APPLICABLE

    def says_something(self, records: Sequence[Mapping[str, Any]], key: str) -> bool:
        return any(not is_missing(record.get(key)) for record in records)


class GapTable(FigureTable):
    year = TextColumn("Year")
    expenditure = MoneyColumn("Spend if nothing is done")
    revenue = MoneyColumn("Revenue")
    gap = MoneyColumn("Gap (spend less revenue)", signed=True)
    gap_words = TagColumn("Position", tags={"Shortfall": "red", "Surplus": "green", "In balance": "green"})
    gap_share = ShareColumn("Gap as a share of revenue", numerator="gap", denominator="revenue", signed=True)
    scenario_payments = ScenarioColumn("Scenario: change in payments", count="scenario_people", signed=True)
    gap_with = ScenarioColumn("Gap with the scenario", count="scenario_people", signed=True)
    scenario_system = ScenarioColumn("Scenario: effect on the whole NHS (+ saves)", count="scenario_people", signed=True)

    class Meta:
        caption = "Spend, revenue and the gap by year"


class GapDriverTable(FigureTable):
    step_name = TextColumn("Step")
    amount = MoneyColumn("Adds to the gap", count="people", signed=True)

    class Meta:
        caption = "From this year's gap to the last year's, by driver"


class GrowthRateTable(FigureTable):
    driver_name = TextColumn("Driver")
    rate = ShareColumn("Rate used, a year", decimals=3)
    default = ShareColumn("Default, a year", decimals=3, empty="No default")
    state = TagColumn("State", tags={"Default": "grey", "Changed": "yellow"})
    quality = TextColumn("Quality of default")
    source = TextColumn("Source of default")

    class Meta:
        caption = "Growth rates used"
