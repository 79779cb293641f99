"""Tables of patient flows."""

from presentation.amounts import NOT_KNOWN
from presentation.tables import ActivityColumn, FigureTable, MoneyColumn, ShareColumn, TextColumn


class FlowTable(FigureTable):
    home_name = TextColumn("Home of patient")
    home = TextColumn("Home code", on_page=False)
    provider_name = TextColumn("Provider")
    provider = TextColumn("Provider code", on_page=False)
    actual_activity = ActivityColumn("Actual activity")
    planned_activity = ActivityColumn("Planned activity")
    actual_price = MoneyColumn("Actual cost", count="people")
    planned_price = MoneyColumn("Planned cost", count="people")
    price_difference = MoneyColumn("Cost, actual less plan", count="people", signed=True)
    activity_difference = ActivityColumn("Activity, actual less plan", signed=True)

    class Meta:
        caption = "Activity and cost by home of patient and provider"
        total_row = True


class FlowShareTable(FigureTable):
    home_name = TextColumn("Home of patient")
    home = TextColumn("Home code", on_page=False)
    provider_name = TextColumn("Provider")
    provider = TextColumn("Provider code", on_page=False)
    actual_activity = ActivityColumn("Activity")
    home_activity_share = ShareColumn("Share of the home's activity", numerator="actual_activity", denominator="home_activity")
    provider_activity_share = ShareColumn(
        "Share of the provider's activity", numerator="actual_activity", denominator="provider_activity"
    )
    actual_price = MoneyColumn("Cost", count="people")
    home_price_share = ShareColumn("Share of the home's cost", numerator="actual_price", denominator="home_price")
    provider_price_share = ShareColumn("Share of the provider's cost", numerator="actual_price", denominator="provider_price")

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


class CostMeasuresTable(FigureTable):
    system_name = TextColumn("System")
    system = TextColumn("System code", on_page=False)
    own_trusts = TextColumn("Own trusts", on_page=False)
    resident = MoneyColumn("Residents' care at loaded providers", empty=NOT_KNOWN, count="resident_people")
    retained = MoneyColumn("At own trusts", empty=NOT_KNOWN, count="retained_people")
    exports = MoneyColumn("Exports to other loaded providers", empty=NOT_KNOWN, count="exports_people")
    imports = MoneyColumn("Imports", empty=NOT_KNOWN, count="imports_people")
    home_provider = MoneyColumn("All care of own trusts", empty=NOT_KNOWN, count="home_provider_people")
    net = MoneyColumn("Net (imports less exports)", empty=NOT_KNOWN, count="net_people")
    self_sufficiency = ShareColumn("Self-sufficiency", numerator="retained", denominator="resident", empty=NOT_KNOWN)
    not_known_share = ShareColumn("Home not known", visible=False)
    import_share = ShareColumn("Import share", numerator="imports", denominator="home_provider", empty=NOT_KNOWN)

    class Meta:
        caption = "Imports, exports and self-sufficiency by system, by cost"
        page_rows = "is_whole"


class ActivityMeasuresTable(FigureTable):
    system_name = TextColumn("System")
    system = TextColumn("System code", on_page=False)
    own_trusts = TextColumn("Own trusts", on_page=False)
    resident = ActivityColumn("Residents' care at loaded providers", empty=NOT_KNOWN)
    retained = ActivityColumn("At own trusts", empty=NOT_KNOWN)
    exports = ActivityColumn("Exports to other loaded providers", empty=NOT_KNOWN)
    imports = ActivityColumn("Imports", empty=NOT_KNOWN)
    home_provider = ActivityColumn("All care of own trusts", empty=NOT_KNOWN)
    net = ActivityColumn("Net (imports less exports)", empty=NOT_KNOWN)
    self_sufficiency = ShareColumn("Self-sufficiency", numerator="retained", denominator="resident", empty=NOT_KNOWN)
    not_known_share = ShareColumn("Home not known", visible=False)
    import_share = ShareColumn("Import share", numerator="imports", denominator="home_provider", empty=NOT_KNOWN)

    class Meta:
        caption = "Imports, exports and self-sufficiency by system, by activity"
        page_rows = "is_whole"
