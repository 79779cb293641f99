"""Tables of providers: the list, and what stands on the page of one."""

from presentation.amounts import NOT_APPLICABLE
from presentation.tables import ActivityColumn, FigureTable, MoneyColumn, ShareColumn, TagColumn, TextColumn
from programme.tables.overview import CoverageTable
from programme.tables.service import NOT_FULL, STATUS_TAGS


class ProvidersTable(FigureTable):
    provider_name = TextColumn("Provider", leads_to=("programme:provider", "provider"))
    provider = TextColumn("Provider code", on_page=False)
    system_name = TextColumn("Hosted by", empty="No loaded system")
    kind = TextColumn("Kind")
    loaded = TagColumn("Extracts", tags={"Loaded": "green", "Expected": "orange", "Not expected": "grey"})
    actual_price = MoneyColumn("Cost", count="people", empty="None loaded")
    planned_price = MoneyColumn("Plan", count="people", on_page=False)
    difference = MoneyColumn("Actual less plan", count="people", signed=True)
    price_share = ShareColumn("Share of cost", numerator="actual_price", denominator="all_price", of_whole=True)
    change_share = ShareColumn("Since the full year before", count="people", signed=True, empty=NOT_FULL)
    growth_share = ShareColumn("Growth a year", count="people", signed=True, empty=NOT_FULL)
    actual_activity = ActivityColumn("Activity")
    all_price = MoneyColumn("Cost of all providers", visible=False, summed=False)

    class Meta:
        caption = "Providers, those with extracts and the largest first"
        total_row = True


class ProviderServicesTable(FigureTable):
    service_name = TextColumn("Service", leads_to=("programme:service", "service"))
    service = TextColumn("Service code", on_page=False, empty=NOT_APPLICABLE)
    status = TagColumn("Delegation", tags=STATUS_TAGS)
    actual_price = MoneyColumn("Cost", count="people")
    price_share = ShareColumn("Share of the provider’s cost", numerator="actual_price", denominator="all_price", of_whole=True)
    service_share = ShareColumn("Its share of the service", numerator="actual_price", denominator="service_price")
    planned_price = MoneyColumn("Plan", count="people", on_page=False)
    difference = MoneyColumn("Actual less plan", count="people", signed=True)
    actual_activity = ActivityColumn("Activity")
    change_share = ShareColumn("Since the full year before", count="people", signed=True, empty=NOT_FULL)
    all_price = MoneyColumn("Cost of all services", visible=False, summed=False)
    service_price = MoneyColumn("Cost of the service at all loaded providers", visible=False, summed=False)

    class Meta:
        caption = "Services of the provider, the largest first"
        total_row = True


class ProviderHomesTable(FigureTable):
    home_name = TextColumn("Home of patients")
    home_system = TextColumn("Home code", on_page=False)
    actual_price = MoneyColumn("Cost", count="people")
    price_share = ShareColumn("Dependency, by cost", numerator="actual_price", denominator="all_price", of_whole=True)
    planned_price = MoneyColumn("Plan", count="people")
    difference = MoneyColumn("Actual less plan", count="people", signed=True)
    actual_activity = ActivityColumn("Activity")
    activity_share = ShareColumn(
        "Dependency, by activity", numerator="actual_activity", denominator="all_activity", of_whole=True
    )
    all_price = MoneyColumn("All cost of the provider", visible=False, summed=False)
    all_activity = ActivityColumn("All activity of the provider", visible=False, summed=False)

    class Meta:
        caption = "Where the provider's patients live, and how much it depends on each home"
        total_row = True


class ProviderCoverageTable(CoverageTable):
    year = TextColumn("Year")
    provider_name = None
    provider = None

    class Meta:
        caption = "Extracts in, by year and month"
        sequence = ("year", "...")


class ProviderSitesTable(FigureTable):
    site_name = TextColumn("Site")
    site = TextColumn("Site code", empty="Not found")
    postcode = TextColumn("Postcode", on_page=False)
    actual_price = MoneyColumn("Cost", count="people", empty="None stated")
    price_share = ShareColumn("Share of cost", numerator="actual_price", denominator="all_price", of_whole=True)
    actual_activity = ActivityColumn("Activity", empty="None stated")
    all_price = MoneyColumn("Cost of all sites", visible=False, summed=False)

    class Meta:
        caption = "Sites of the provider"
        total_row = True
