"""Tables of allocation and affordability."""

from presentation.amounts import NOT_APPLICABLE, NOT_KNOWN
from presentation.tables import FigureTable, MoneyColumn, NumberColumn, ShareColumn, TextColumn


class AllocationTable(FigureTable):
    system_name = TextColumn("System")
    system = TextColumn("System code", empty=NOT_APPLICABLE, on_page=False)
    provider_spend = MoneyColumn("Paid to its own trusts, for anyone", empty=NOT_KNOWN)
    baseline = MoneyColumn("Paid for its people, at any loaded provider", empty=NOT_KNOWN, count="people")
    core_share = ShareColumn("Weighted share, core index", empty=NOT_KNOWN, on_page=False)
    core_target = MoneyColumn("Target, core index", empty=NOT_KNOWN)
    core_distance_money = MoneyColumn("Above or below, core index", empty=NOT_KNOWN, count="people", signed=True)
    core_distance = ShareColumn("Distance, core index", empty=NOT_KNOWN, count="people", signed=True)
    chain_share = ShareColumn("Weighted share, full chain", empty=NOT_KNOWN, on_page=False)
    chain_target = MoneyColumn("Target, full chain", empty=NOT_KNOWN)
    chain_distance_money = MoneyColumn("Above or below, full chain", empty=NOT_KNOWN, count="people", signed=True)
    chain_distance = ShareColumn("Distance, full chain", empty=NOT_KNOWN, count="people", signed=True)
    own_trusts = TextColumn("Own trusts", on_page=False)
    services = TextColumn("Delegated services", on_page=False)

    class Meta:
        caption = "Spend on each system's people beside their weighted share, two ways"
        total_rows = "is_total"
        page_rows = "is_whole"


class AllocationCoreTable(FigureTable):
    system_name = TextColumn("System")
    system = TextColumn("System code", on_page=False)
    population = NumberColumn("Registered population")
    weighted_population_raw = NumberColumn("Core General and Acute weighted population")
    target_share = ShareColumn("Share of the loaded area", decimals=2)
    target = MoneyColumn("Target")
    baseline = MoneyColumn("Baseline", count="people")
    distance_money = MoneyColumn("Above or below target", count="people", signed=True)
    distance = ShareColumn("Distance from target", count="people", signed=True)

    class Meta:
        caption = "From core weighted population to distance from target"


class AllocationChainTable(FigureTable):
    system_name = TextColumn("System")
    system = TextColumn("System code", on_page=False)
    population = NumberColumn("1. Residents, mid-year")
    age_cost = NumberColumn("Cost a head by age and sex", decimals=1)
    age_index = NumberColumn("2. Age index", decimals=4)
    imd = NumberColumn("Deprivation score", decimals=2)
    need_index = NumberColumn("3. Additional-need index", decimals=4)
    mff = NumberColumn("Market forces factor by flow", decimals=4)
    mff_index = NumberColumn("4. Market forces index", decimals=4)
    weighted_population = NumberColumn("5. Weighted population")
    target_share = ShareColumn("6. Share of the loaded area", decimals=2)
    target = MoneyColumn("7. Target")
    baseline = MoneyColumn("8. Baseline", count="people")
    distance_money = MoneyColumn("Above or below target", count="people", signed=True)
    distance = ShareColumn("9. Distance from target", count="people", signed=True)

    class Meta:
        caption = "The full chain, step by step"


class ProviderToPopulationTable(FigureTable):
    provider_name = TextColumn("Provider", leads_to=("programme:provider", "provider"))
    provider = TextColumn("Provider code", on_page=False)
    kind_words = TextColumn("Where the money goes")
    population_name = TextColumn("Population or hub")
    population = TextColumn("Code", on_page=False)
    stated = MoneyColumn("As the extract states", count="people")
    pro_rata = MoneyColumn("Of unknown homes, pro rata", count="people")
    amount = MoneyColumn("Together", count="people")

    class Meta:
        caption = "What providers were paid, by the population it was for"
        total_row = True


class LedgerTable(FigureTable):
    provider_name = TextColumn("Provider", leads_to=("programme:provider", "provider"))
    provider = TextColumn("Provider code", on_page=False)
    ledger = MoneyColumn("Provider's ledger", show="pence", of_row=True)
    population = MoneyColumn("To populations", show="pence")
    hub = MoneyColumn("To national hubs", show="pence")
    apart = MoneyColumn("Devolved, overseas and private", show="pence", count="apart_people")
    without_status = MoneyColumn("Without delegation status", show="pence")
    unallocated = MoneyColumn("Unallocated", show="pence")
    mapped = MoneyColumn("Sum of these", show="pence", of_row=True)
    difference = MoneyColumn("Difference", show="pence", signed=True)

    class Meta:
        caption = "Check: sum over populations and each provider's ledger"
        total_row = True
