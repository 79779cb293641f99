"""Tables of networks and their footprints."""

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
