"""Tables of patient flows."""

from presentation.amounts import NOT_KNOWN
from presentation.linked_columns import LinkedColumn
from presentation.tables import (
    ActivityColumn,
    FigureTable,
    MoneyColumn,
    NumberColumn,
    PatientsColumn,
    RatioColumn,
    ShareColumn,
    TextColumn,
)


class FlowTable(FigureTable):
    home_name = LinkedColumn("Home of patient", link="address", also="destination_name")
    home = TextColumn("Home code", on_page=False)
    provider_name = TextColumn("Provider", leads_to=("programme:provider", "provider"))
    provider = TextColumn("Provider code", on_page=False)
    site_name = TextColumn("Site", optional=True)
    site = TextColumn("Site code", on_page=False, optional=True)
    patients = PatientsColumn("Patients", empty=NOT_KNOWN, optional=True)
    coverage = RatioColumn("Coverage of the provider's sets", optional=True)
    actual_activity = ActivityColumn("Actual activity")
    before_activity = ActivityColumn("Activity of the year before", optional=True)
    activity_change = ActivityColumn("Activity, this year less last", signed=True, optional=True)
    planned_activity = ActivityColumn("Planned activity")
    actual_price = MoneyColumn("Actual cost", count="people")
    before_price = MoneyColumn("Cost of the year before", count="people", optional=True)
    price_change = MoneyColumn("Cost, this year less last", count="people", signed=True, optional=True)
    planned_price = MoneyColumn("Planned cost", count="people")
    price_difference = MoneyColumn("Cost, actual less plan", count="people", signed=True)
    activity_difference = ActivityColumn("Activity, actual less plan", signed=True)

    class Meta:
        caption = "Activity and cost by home of patient and provider"
        total_row = True


class FlowShareTable(FigureTable):
    home_name = LinkedColumn("Home of patient", link="address", also="destination_name")
    home = TextColumn("Home code", on_page=False)
    provider_name = TextColumn("Provider", leads_to=("programme:provider", "provider"))
    provider = TextColumn("Provider code", on_page=False)
    site_name = TextColumn("Site", optional=True)
    site = TextColumn("Site code", on_page=False, optional=True)
    patients = PatientsColumn("Patients", empty=NOT_KNOWN, optional=True)
    actual_activity = ActivityColumn("Activity")
    home_activity_share = ShareColumn("Share of the home's activity", numerator="actual_activity", denominator="home_activity")
    provider_activity_share = ShareColumn(
        "Share of the provider's activity", numerator="actual_activity", denominator="provider_activity"
    )
    actual_price = MoneyColumn("Cost", count="people")
    home_price_share = ShareColumn("Share of the home's cost", numerator="actual_price", denominator="home_price")
    provider_price_share = ShareColumn("Share of the provider's cost", numerator="actual_price", denominator="provider_price")
    activity_change = ActivityColumn("Activity, this year less last", signed=True, optional=True)
    price_change = MoneyColumn("Cost, this year less last", count="people", signed=True, optional=True)

    planned_activity = ActivityColumn("Planned activity", visible=False)
    activity_difference = ActivityColumn("Activity, actual less plan", visible=False)
    planned_price = MoneyColumn("Planned cost", count="people", visible=False)
    price_difference = MoneyColumn("Cost, actual less plan", count="people", visible=False)
    home_activity = ActivityColumn("All activity of the home", visible=False, summed=False)
    provider_activity = ActivityColumn("All activity of the provider", visible=False, summed=False)
    home_price = MoneyColumn("All cost of the home", visible=False, summed=False)
    provider_price = MoneyColumn("All cost of the provider", visible=False, summed=False)

    class Meta:
        caption = "Shares of homes and of providers"


class FlowMapTable(FigureTable):
    home_name = LinkedColumn("Home of patient", link="address", also="destination_name")
    home = TextColumn("Home code", on_page=False)
    provider_name = TextColumn("Provider", leads_to=("programme:provider", "provider"))
    provider = TextColumn("Provider code", on_page=False)
    site_name = TextColumn("Site", optional=True)
    site = TextColumn("Site code", on_page=False, optional=True)
    patients = PatientsColumn("Patients", empty=NOT_KNOWN, optional=True)
    actual_activity = ActivityColumn("Activity")
    actual_price = MoneyColumn("Cost", count="people")
    activity_change = ActivityColumn("Activity, this year less last", signed=True, optional=True)
    price_change = MoneyColumn("Cost, this year less last", count="people", signed=True, optional=True)
    km = NumberColumn("Distance (km)", decimals=1, empty=NOT_KNOWN)
    planned_activity = ActivityColumn("Planned activity", on_page=False)
    activity_difference = ActivityColumn("Activity, actual less plan", on_page=False)
    planned_price = MoneyColumn("Planned cost", count="people", on_page=False)
    price_difference = MoneyColumn("Cost, actual less plan", count="people", on_page=False)
    home_latitude = NumberColumn("Latitude of home", decimals=5, on_page=False)
    home_longitude = NumberColumn("Longitude of home", decimals=5, on_page=False)
    latitude = NumberColumn("Latitude of provider", decimals=5, on_page=False)
    longitude = NumberColumn("Longitude of provider", decimals=5, on_page=False)

    class Meta:
        caption = "Flows between places, with how far they are apart"
        total_row = True


class FlowPartTable(FigureTable):
    of = TextColumn("Of")
    actual_activity = ActivityColumn("This flow's activity")
    all_activity = ActivityColumn("All activity")
    activity_share = ShareColumn("Share of activity", numerator="actual_activity", denominator="all_activity")
    actual_price = MoneyColumn("This flow's cost", count="people")
    all_price = MoneyColumn("All cost", count="all_people")
    price_share = ShareColumn("Share of cost", numerator="actual_price", denominator="all_price")

    class Meta:
        caption = "What part of the home's and of the provider's care this flow is"


class FlowTrendTable(FigureTable):
    period = TextColumn("Month")
    year = TextColumn("Year")
    actual_activity = ActivityColumn("Actual activity")
    planned_activity = ActivityColumn("Planned activity")
    actual_price = MoneyColumn("Actual cost", count="people")
    planned_price = MoneyColumn("Planned cost", count="people")

    class Meta:
        caption = "Activity and cost by month"


class FlowYearTable(FigureTable):
    year = TextColumn("Year")
    months = NumberColumn("Months in")
    actual_activity = ActivityColumn("Actual activity")
    planned_activity = ActivityColumn("Planned activity")
    activity_difference = ActivityColumn("Activity, actual less plan", signed=True)
    actual_price = MoneyColumn("Actual cost", count="people")
    planned_price = MoneyColumn("Planned cost", count="people")
    price_difference = MoneyColumn("Cost, actual less plan", count="people", signed=True)

    class Meta:
        caption = "Activity and cost by year"


class FlowServiceTable(FigureTable):
    service_name = TextColumn("Service", leads_to=("programme:service", "service"))
    service = TextColumn("Service code", on_page=False)
    actual_activity = ActivityColumn("Actual activity")
    planned_activity = ActivityColumn("Planned activity")
    actual_price = MoneyColumn("Actual cost", count="people")
    planned_price = MoneyColumn("Planned cost", count="people")
    price_share = ShareColumn("Share of the flow's cost", numerator="actual_price", denominator="all_price", of_whole=True)
    all_price = MoneyColumn("All cost of the flow", visible=False, summed=False)

    class Meta:
        caption = "Services of this flow"
        total_row = True
