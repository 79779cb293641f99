"""Tables of networks and their footprints."""

from presentation.amounts import NOT_APPLICABLE
from presentation.tables import ActivityColumn, FigureTable, MoneyColumn, NumberColumn, ShareColumn, TagColumn, TextColumn


class NetworksTable(FigureTable):
    network_name = TextColumn("Network")
    network = TextColumn("Code", on_page=False)
    kind = TextColumn("Kind")
    scope = TagColumn("Services", tags={"Stated": "green", "Inferred": "yellow", "Not stated": "grey"})
    actual_price = MoneyColumn("Cost of its services", count="people")
    stated_price_share = ShareColumn("Share from its stated systems", numerator="stated_price", denominator="actual_price")
    actual_activity = ActivityColumn("Activity of its services")
    stated_activity_share = ShareColumn(
        "Share of activity from its stated systems", numerator="stated_activity", denominator="actual_activity"
    )
    stated_systems = NumberColumn("Systems stated")
    stated_regions = NumberColumn("Regions stated")
    homes_50 = NumberColumn("Homes for 50%")
    homes_80 = NumberColumn("Homes for 80%")
    homes_90 = NumberColumn("Homes for 90%")
    homes_95 = NumberColumn("Homes for 95%")
    regions_90 = NumberColumn("Regions for 90%")
    stated_price = MoneyColumn("Cost from its stated systems", count="people", visible=False)
    stated_activity = ActivityColumn("Activity from its stated systems", visible=False)

    class Meta:
        caption = "Networks, their stated footprints and the footprints of their flows"


class NetworkFootprintTable(FigureTable):
    home_name = TextColumn("Home of patient")
    home_system = TextColumn("Home code", on_page=False)
    region = TextColumn("Region", empty="None")
    stated = TagColumn("Stated footprint", tags={"Stated": "blue", "Not stated": "grey"})
    actual_price = MoneyColumn("Cost", count="people")
    price_share = ShareColumn("Share of cost", numerator="actual_price", denominator="all_price", of_whole=True)
    actual_activity = ActivityColumn("Activity")
    activity_share = ShareColumn("Share of activity", numerator="actual_activity", denominator="all_activity", of_whole=True)
    needed = TextColumn("Needed for", empty="Not needed for 95%")
    all_price = MoneyColumn("Cost of all known homes", visible=False, summed=False)
    all_activity = ActivityColumn("Activity of all known homes", visible=False, summed=False)

    class Meta:
        caption = "Homes of the network's patients, largest first, beside its stated footprint"
        total_row = True


LEVEL_TAGS = {
    "Place": "green",
    "System": "aqua-green",
    "Systems of one region": "blue",
    "Several regions": "purple",
    "National": "pink",
}
STABILITY_TAGS = {"Stable": "green", "Mostly stable": "yellow", "Changing": "orange", "One year only": "grey"}


class FootprintsTable(FigureTable):
    service_name = TextColumn("Service", leads_to=("programme:service", "service"))
    service = TextColumn("Service code", on_page=False, empty=NOT_APPLICABLE)
    actual_price = MoneyColumn("Cost", count="people", show="headline")
    actual_activity = ActivityColumn("Activity", on_page=False)
    natural_level = TagColumn("Natural level", tags=LEVEL_TAGS)
    homes_50 = NumberColumn("For 50%")
    homes_80 = NumberColumn("For 80%")
    homes_90 = NumberColumn("For 90%")
    homes_95 = NumberColumn("For 95%")
    footprint_names = TextColumn("Homes for the share chosen", wide=True)
    all_footprint_names = TextColumn("All homes for the share chosen", on_page=False)
    covered = ShareColumn("Share that they make up", count="people", on_page=False)
    regions = NumberColumn("Regions")
    stability = TagColumn("Over the years", tags=STABILITY_TAGS)
    overlap = ShareColumn("Overlap of years", count="people", decimals=0, on_page=False)
    span = TextColumn("Fewest to most")
    years = NumberColumn("Years with a flow", on_page=False)
    stated_number = NumberColumn("Systems stated", empty="None")
    stated_names = TextColumn("Planning footprint", on_page=False, empty="None stated")
    stated_share = ShareColumn("Share of flow from stated systems", count="people", on_page=False)
    planned_by = TextColumn("Planned by", on_page=False, empty="No network")
    providers_90 = NumberColumn("Providers for 90%")
    provider_names = TextColumn("Delivery footprint", on_page=False)
    beyond_share = ShareColumn("From beyond the loaded systems", count="people", on_page=False)
    not_known_share = ShareColumn("Home not known", count="people", on_page=False)

    class Meta:
        caption = "Services by natural footprint: fewest homes for each share of the flow"


class FootprintLevelsTable(FigureTable):
    level_name = TextColumn("Natural level")
    services = NumberColumn("Services", summed=True)
    actual_price = MoneyColumn("Cost", count="people")
    price_share = ShareColumn("Share of cost", numerator="actual_price", denominator="all_price", of_whole=True)
    actual_activity = ActivityColumn("Activity")
    activity_share = ShareColumn("Share of activity", numerator="actual_activity", denominator="all_activity", of_whole=True)
    largest = TextColumn("Largest services", empty="None")
    all_price = MoneyColumn("Cost of all services", visible=False, summed=False)
    all_activity = ActivityColumn("Activity of all services", visible=False, summed=False)

    class Meta:
        caption = "Services by natural level"
        total_row = True


class ServiceFootprintTable(NetworkFootprintTable):
    system_name = TextColumn("System", on_page=False, empty=NOT_APPLICABLE)
    stated = TagColumn("In a stated footprint", tags={"Stated": "blue", "Not stated": "grey"}, quiet="No network")
    covered = ShareColumn("Together so far", count="people")

    class Meta:
        caption = "Homes of the service's patients, largest first"
        total_row = True


class ServiceFootprintYearsTable(FigureTable):
    year = TextColumn("Year")
    actual_price = MoneyColumn("Cost", count="people")
    actual_activity = ActivityColumn("Activity")
    homes_50 = NumberColumn("Homes for 50%")
    homes_80 = NumberColumn("Homes for 80%")
    homes_90 = NumberColumn("Homes for 90%")
    homes_95 = NumberColumn("Homes for 95%")
    regions = NumberColumn("Regions")
    footprint_names = TextColumn("Homes for the share chosen", on_page=False)
    joined = TextColumn("New in the footprint", empty=NOT_APPLICABLE)
    left = TextColumn("No longer in it", empty=NOT_APPLICABLE)
    homes_needed = NumberColumn("Homes for the share chosen, number", visible=False)
    overlap = ShareColumn("Overlap of all years", count="people", visible=False)

    class Meta:
        caption = "The service's footprint, year by year"


class NetworkComparisonTable(FigureTable):
    label = TextColumn("Footprint")
    systems = NumberColumn("Systems", empty="Not said")
    others = NumberColumn("Other homes", empty=NOT_APPLICABLE, on_page=False)
    regions = NumberColumn("Regions", empty="Not said")
    homes = TextColumn("Which", empty="None", wide=True)
    verdict = TagColumn(
        "Beside what is stated",
        tags={"As stated": "green", "More than stated": "orange", "Fewer than stated": "yellow"},
        quiet="Stated",
    )
    actual_price = MoneyColumn("Cost of their people", count="people", empty=NOT_APPLICABLE, on_page=False)
    price_share = ShareColumn("Share of cost", numerator="actual_price", denominator="all_price")
    actual_activity = ActivityColumn("Activity of their people", on_page=False)
    activity_share = ShareColumn("Share of activity", numerator="actual_activity", denominator="all_activity", on_page=False)
    both = NumberColumn("Of the stated", empty=NOT_APPLICABLE, on_page=False)
    only_here = TextColumn("Not stated", empty="None")
    only_stated = TextColumn("Stated and not needed", empty="None")
    all_price = MoneyColumn("Cost of all known homes", visible=False, summed=False)
    all_activity = ActivityColumn("Activity of all known homes", visible=False, summed=False)

    class Meta:
        caption = "The stated footprint beside those of the flow"


class NetworkDeliveryTable(FigureTable):
    provider_name = TextColumn("Provider", leads_to=("programme:provider", "provider"))
    provider = TextColumn("Provider code", on_page=False)
    system_name = TextColumn("Hosted by", empty="No loaded system")
    stated = TagColumn("Its system", tags={"Stated": "blue", "Not stated": "grey"})
    member = TagColumn("In the network", tags={"Member": "blue", "Not a member": "grey"})
    actual_price = MoneyColumn("Cost", count="people")
    actual_activity = ActivityColumn("Activity")
    share = ShareColumn("Share", count="people")
    covered = ShareColumn("Together so far", count="people")
    needed = TextColumn("Needed", empty="Not needed for 90%")

    class Meta:
        caption = "Providers that deliver the network's services, largest first"
        total_row = True
