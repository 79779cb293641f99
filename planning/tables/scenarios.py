"""Tables of scenarios."""

from typing import Any

from presentation.amounts import MINUS, NOT_APPLICABLE, NOT_KNOWN
from presentation.tables import ActivityColumn, FigureTable, MoneyColumn, NumberColumn, TagColumn, TextColumn


class ValueColumn(NumberColumn):
    """Numbers of many measures under one another: each with the decimals that it has, and no more."""

    def text(self, value: Any) -> str:
        return f"{float(value):,.6f}".rstrip("0").rstrip(".").replace("-", MINUS)


class ScenarioYearsTable(FigureTable):
    year = TextColumn("Year")
    payments = MoneyColumn("Change in payments", count="people", signed=True)
    cost_released = MoneyColumn("Cost released", count="people")
    cost_added = MoneyColumn("Cost added", count="people")
    one_off = MoneyColumn("One-off cost")
    system = MoneyColumn("Effect on the whole NHS", count="people", signed=True)
    system_to_date = MoneyColumn("Effect to date", count="people", signed=True)
    cost_stranded = MoneyColumn("Stranded cost", count="people")
    beds = NumberColumn("Beds, net", decimals=1, signed=True, count="people")

    class Meta:
        caption = "Effect on the whole, year by year"


class ScenarioOrganisationsTable(FigureTable):
    provider_name = TextColumn("Organisation")
    provider = TextColumn("Code", on_page=False)
    year = TextColumn("Year")
    income = MoneyColumn("Income", count="people", signed=True)
    cost_released = MoneyColumn("Cost released", count="people")
    cost_added = MoneyColumn("Cost added", count="people")
    margin = MoneyColumn("Margin, without one-off cost", count="people", signed=True)
    one_off = MoneyColumn("One-off cost")
    cost_stranded = MoneyColumn("Stranded cost", count="people")
    spells = ActivityColumn("Admitted spells", signed=True, summed=False)
    beds = NumberColumn("Beds", decimals=1, signed=True, count="people")

    class Meta:
        caption = "Effect on each organisation, year by year"


class ScenarioCommissionersTable(FigureTable):
    payer_name = TextColumn("Commissioner")
    payer = TextColumn("Code", on_page=False)
    year = TextColumn("Year")
    payments = MoneyColumn("Change in payments", count="people", signed=True)
    low_volume = TextColumn("Low-volume relationships", empty=NOT_APPLICABLE)

    class Meta:
        caption = "Change in what each commissioner pays, year by year"


class ScenarioFlowsTable(FigureTable):
    home_name = TextColumn("Home of patient")
    home = TextColumn("Home code", on_page=False)
    service_name = TextColumn("Service")
    service = TextColumn("Service code", on_page=False)
    sender_name = TextColumn("From", empty=NOT_APPLICABLE)
    sender = TextColumn("From code", empty=NOT_APPLICABLE, on_page=False)
    receiver_name = TextColumn("To", empty=NOT_APPLICABLE)
    receiver = TextColumn("To code", empty=NOT_APPLICABLE, on_page=False)
    unit = TextColumn("Counted in")
    activity = ActivityColumn("Activity a year", summed=False)
    price = MoneyColumn("Worth where it was", count="people", empty=NOT_APPLICABLE)
    km_from = NumberColumn("Distance before, km", decimals=1, empty=NOT_KNOWN)
    km_to = NumberColumn("Distance after, km", decimals=1, empty=NOT_KNOWN)

    class Meta:
        caption = "What moves, in the last year looked at"


class ScenarioAssumptionsTable(FigureTable):
    what = TextColumn("Assumption")
    scope = TextColumn("Of")
    value = ValueColumn("Value", decimals=6, empty="By flow")
    measured_in = TextColumn("Measured in")
    state = TagColumn("State", tags={"Default": "yellow", "Decided": "green", "Computed": "blue", "Of this move": "green"})
    quality = TextColumn("Quality", empty="Published")
    owner = TextColumn("Owner")
    recorded = TextColumn("Recorded")
    source = TextColumn("Source")

    class Meta:
        caption = "Assumptions used, each with its owner, source and date"


class ScenariosComparedTable(FigureTable):
    name = TextColumn("Scenario")
    version = NumberColumn("Version")
    owner = TextColumn("Owner")
    on = TextColumn("Built on")
    moves = NumberColumn("Moves")
    spells = ActivityColumn("Admitted spells moved a year", summed=False)
    first_year = TextColumn("First year")
    last_year = TextColumn("Last year")
    payments_last = MoneyColumn("Commissioners, last year", count="people", signed=True)
    system_first = MoneyColumn("Whole NHS, first year", count="people", signed=True)
    system_last = MoneyColumn("Whole NHS, last year", count="people", signed=True)
    system_to_date = MoneyColumn("Whole NHS, all years together", count="people", signed=True)
    stranded_first = MoneyColumn("Stranded cost, first year", count="people")
    stranded_last = MoneyColumn("Stranded cost, last year", count="people")
    one_off = MoneyColumn("One-off cost")
    beds = NumberColumn("Beds opened where people go", decimals=1, count="people")
    km_saved = NumberColumn("Distance saved a journey, km", decimals=1, signed=True, empty=NOT_KNOWN)

    class Meta:
        caption = "Scenarios side by side"
