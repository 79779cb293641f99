"""Tables of services: the list, and what stands on the page of one."""

from presentation.amounts import NOT_APPLICABLE, NOT_KNOWN
from presentation.tables import (
    ActivityColumn,
    FigureTable,
    MoneyColumn,
    NumberColumn,
    RatioColumn,
    ShareColumn,
    TagColumn,
    TextColumn,
)

STATUS_TAGS = {
    "Delegated": "green",
    "Retained": "blue",
    "Host-funded": "aqua-green",
    "Mixed": "purple",
    "Not applicable": "grey",
    "Not listed": "grey",
}
NOT_FULL = "Not known"


class ServicesTable(FigureTable):
    service_name = TextColumn("Service", leads_to=("programme:service", "service"))
    service = TextColumn("Service code", on_page=False, empty=NOT_APPLICABLE)
    programme_name = TextColumn("Programme of care", empty="None")
    status = TagColumn("Delegation", tags=STATUS_TAGS)
    actual_price = MoneyColumn("Cost", count="people")
    planned_price = MoneyColumn("Plan", count="people", on_page=False)
    difference = MoneyColumn("Actual less plan", count="people", signed=True)
    price_share = ShareColumn("Share of cost", numerator="actual_price", denominator="all_price", of_whole=True)
    before = MoneyColumn("Cost in the full year before", count="people", on_page=False, empty=NOT_FULL, summed=False)
    change_share = ShareColumn("Since the full year before", count="people", signed=True, empty=NOT_FULL)
    growth_share = ShareColumn("Growth a year", count="people", signed=True, empty=NOT_FULL)
    growth_from = TextColumn("Growth is from", on_page=False, empty=NOT_APPLICABLE)
    actual_activity = ActivityColumn("Activity")
    all_price = MoneyColumn("Cost of all services listed", visible=False, summed=False)

    class Meta:
        caption = "Services, the one that costs most first"
        total_row = True


class ServiceProvidersTable(FigureTable):
    provider_name = TextColumn("Provider", leads_to=("programme:provider", "provider"))
    provider = TextColumn("Provider code", on_page=False)
    system_name = TextColumn("Hosted by", empty="No loaded system")
    actual_price = MoneyColumn("Cost", count="people")
    price_share = ShareColumn("Share of cost", numerator="actual_price", denominator="all_price", of_whole=True)
    planned_price = MoneyColumn("Plan", count="people")
    difference = MoneyColumn("Actual less plan", count="people", signed=True)
    actual_activity = ActivityColumn("Activity")
    activity_share = ShareColumn("Share of activity", numerator="actual_activity", denominator="all_activity", of_whole=True)
    change_share = ShareColumn("Since the full year before", count="people", signed=True, empty=NOT_FULL)
    all_price = MoneyColumn("Cost of all providers", visible=False, summed=False)
    all_activity = ActivityColumn("Activity of all providers", visible=False, summed=False)

    class Meta:
        caption = "Providers of the service, the largest first"
        total_row = True


class SpendPerHeadTable(FigureTable):
    system_name = TextColumn("System")
    system = TextColumn("System code", on_page=False)
    actual_price = MoneyColumn("Cost of its people at loaded providers", count="people")
    population = NumberColumn("People", empty=NOT_KNOWN)
    per_head = RatioColumn("£ a head", numerator="actual_price", denominator="population_units", empty=NOT_KNOWN)
    peers_per_head = RatioColumn("£ a head of its peers", numerator="peers_price", denominator="peers_units", empty=NOT_KNOWN)
    against_peers = ShareColumn("Above or below its peers", count="people", signed=True, empty=NOT_KNOWN)
    own_trusts = TextColumn("Own trusts", on_page=False)
    population_units = NumberColumn("People × 10,000", visible=False)
    peers_price = MoneyColumn("Cost of its peers", visible=False, summed=False)
    peers_units = NumberColumn("People of its peers × 10,000", visible=False)

    class Meta:
        caption = "Spend a head of each system, beside its peers"
        page_rows = "is_whole"


class ServiceLinesTable(FigureTable):
    service_code = TextColumn("Line code")
    display_name = TextColumn("Name")
    national_programme = TextColumn("National programme", empty="None", on_page=False)
    status = TagColumn("Delegation in the year", tags=STATUS_TAGS)
    list_words = TextColumn("By the list of", on_page=False, empty="No list")
    actual_price = MoneyColumn("Cost", count="people", empty="No activity")
    price_share = ShareColumn("Share of cost", numerator="actual_price", denominator="all_price", of_whole=True)
    planned_price = MoneyColumn("Plan", count="people", empty="No plan")
    actual_activity = ActivityColumn("Activity", empty="No activity")
    all_price = MoneyColumn("Cost of all codes", visible=False, summed=False)

    class Meta:
        caption = "Line codes of the service"
        total_row = True


class ServiceStatusTable(FigureTable):
    year = TextColumn("Year")
    status = TagColumn("Delegation", tags=STATUS_TAGS)
    codes = NumberColumn("Line codes")
    list_words = TextColumn("By the list of", empty="No list")
    actual_price = MoneyColumn("Cost", count="people", empty="No activity")

    class Meta:
        caption = "Delegation of the service's codes by year"


class SpendByYearTable(FigureTable):
    year = TextColumn("Year")
    months = NumberColumn("Months in")
    actual_price = MoneyColumn("Cost", count="people")
    planned_price = MoneyColumn("Plan", count="people")
    difference = MoneyColumn("Actual less plan", count="people", signed=True)
    difference_share = ShareColumn(
        "Difference as a share of plan", numerator="difference", denominator="planned_price", signed=True
    )
    change_share = ShareColumn("Since the full year before", count="people", signed=True, empty=NOT_FULL)
    actual_activity = ActivityColumn("Activity")
    planned_activity = ActivityColumn("Planned activity", on_page=False)

    class Meta:
        caption = "Plan and actual by year"


class SpendByMonthTable(FigureTable):
    month_name = TextColumn("Month")
    actual_price = MoneyColumn("Cost", count="people")
    planned_price = MoneyColumn("Plan", count="people")
    price_difference = MoneyColumn("Actual less plan", count="people", signed=True)
    before_price = MoneyColumn("Cost in the year before", count="people")
    actual_activity = ActivityColumn("Activity")
    planned_activity = ActivityColumn("Planned activity")
    activity_difference = ActivityColumn("Activity, actual less plan", signed=True, on_page=False)
    before_activity = ActivityColumn("Activity in the year before", on_page=False)

    class Meta:
        caption = "Plan and actual by month"
        total_row = True
