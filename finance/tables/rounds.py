"""Tables of allocation rounds."""

from presentation.amounts import NOT_APPLICABLE
from presentation.tables import FigureTable, MoneyColumn, NumberColumn, ShareColumn, TagColumn, TextColumn

LIMITS = {"On the floor": "blue", "On the cap": "purple"}
NO_LIMIT = "Neither"


class RoundTable(FigureTable):
    year = TextColumn("Year")
    area_name = TextColumn("Area")
    area = TextColumn("Area code", empty=NOT_APPLICABLE, on_page=False)
    transfer = MoneyColumn("Transfer", count="people", signed=True, optional=True)
    baseline = MoneyColumn("Baseline", count="people")
    target_share = ShareColumn("Target share", decimals=2)
    target = MoneyColumn("Target")
    opening_distance = ShareColumn("Opening distance", count="people", signed=True, decimals=2)
    convergence = ShareColumn("Convergence", count="people", signed=True, decimals=2, on_page=False)
    growth = ShareColumn("Growth", count="people", signed=True, decimals=2)
    limit_words = TagColumn("Floor or cap", tags=LIMITS, quiet=NO_LIMIT, empty=NOT_APPLICABLE)
    allocation = MoneyColumn("Allocation", show="pence", count="people")
    distance_money = MoneyColumn("Above or below target", count="people", signed=True)
    closing_distance = ShareColumn("Closing distance", count="people", signed=True, decimals=2)

    class Meta:
        caption = "From baseline to allocation, year by year"
        total_rows = "is_total"


class RoundStepsTable(FigureTable):
    area_name = TextColumn("Area")
    area = TextColumn("Area code", on_page=False)
    population = NumberColumn("Population", optional=True)
    population_share = ShareColumn("Share of all people", decimals=2, optional=True)
    age_cost = NumberColumn("Cost a head by age and sex", decimals=2, optional=True)
    age_index = NumberColumn("Age index", decimals=4, optional=True)
    measure = NumberColumn("Measure of need", decimals=4, optional=True)
    use = NumberColumn("Use a head, with its own supply (£)", decimals=2, optional=True)
    use_index = NumberColumn("Use index", decimals=4, optional=True)
    need = NumberColumn("Need", decimals=4, optional=True)
    need_index = NumberColumn("Need index", decimals=4, optional=True)
    mff = NumberColumn("Market forces factor by flow", decimals=4, optional=True)
    mff_index = NumberColumn("Market forces index", decimals=4, optional=True)
    weighted_population_raw = NumberColumn("Weighted before scaling", decimals=1, optional=True)
    weighted_population = NumberColumn("Weighted population", decimals=1, optional=True)
    overall_need_index = NumberColumn("Weighted ÷ people", decimals=4, optional=True)
    target_share = ShareColumn("Target share", decimals=2, optional=True)
    target = MoneyColumn("Target", show="pence", optional=True)
    transfer = MoneyColumn("Transfer at the start of the year", count="people", show="pence", signed=True, optional=True)
    baseline = MoneyColumn("Baseline", count="people", show="pence", optional=True)
    opening_distance = ShareColumn("Opening distance", count="people", signed=True, decimals=2, optional=True)
    convergence = ShareColumn("Convergence", count="people", signed=True, decimals=2, optional=True)
    balancing_growth = ShareColumn("Balancing growth, the same for all", signed=True, decimals=4, optional=True)
    growth = ShareColumn("Growth", count="people", signed=True, decimals=2, optional=True)
    limit_words = TagColumn("Floor or cap", tags=LIMITS, quiet=NO_LIMIT, empty=NOT_APPLICABLE, optional=True)
    allocation = MoneyColumn("Allocation", show="pence", count="people", optional=True)
    distance_money = MoneyColumn("Above or below target", show="pence", count="people", signed=True, optional=True)
    closing_distance = ShareColumn("Closing distance", count="people", signed=True, decimals=2, optional=True)


class RoundChainTable(RoundStepsTable):
    class Meta:
        caption = "From people to target share, step by step"


class RoundStepTable(RoundStepsTable):
    class Meta:
        caption = "What the step gives for each area"


class RoundInputsTable(FigureTable):
    area_name = TextColumn("Area")
    area = TextColumn("Area code", on_page=False)
    age_band = TextColumn("Age", optional=True)
    sex_words = TextColumn("Sex", optional=True)
    population = NumberColumn("People", optional=True)
    cost = NumberColumn("Cost a head", decimals=2, optional=True)
    weighted_cost = NumberColumn("People × cost", optional=True)
    measure = TextColumn("Measure", optional=True)
    unit = TextColumn("Unit", empty=NOT_APPLICABLE, optional=True)
    side_words = TextColumn("Of need or supply", optional=True)
    value = NumberColumn("Value", decimals=4, optional=True)
    known_by = TextColumn("Value known by", optional=True)
    mean = NumberColumn("Mean of all people", decimals=4, optional=True)
    change = NumberColumn("Coefficient (£ for one unit)", decimals=4, signed=True, optional=True)
    need_term = NumberColumn("Adds to need (£ a head)", decimals=4, signed=True, optional=True)
    use_term = NumberColumn("Adds to use (£ a head)", decimals=4, signed=True, optional=True)
    provider_name = TextColumn("Provider", leads_to=("programme:provider", "provider"), optional=True)
    price = MoneyColumn("Paid for its people", count="people", show="pence", optional=True)
    mff = NumberColumn("Market forces factor", decimals=4, optional=True)
    share = ShareColumn("Share of its care, factor taken out", count="people", decimals=2, optional=True)

    class Meta:
        caption = "What goes into the step"


class RoundMovedTable(FigureTable):
    input_words = TextColumn("If this input is out")
    area_name = TextColumn("Area")
    area = TextColumn("Area code", on_page=False)
    error = ShareColumn("By its error", decimals=2)
    low = ShareColumn("Share, if lower", decimals=2)
    target_share = ShareColumn("Target share", decimals=2)
    high = ShareColumn("Share, if higher", decimals=2)
    low_money = MoneyColumn("Target, if lower")
    high_money = MoneyColumn("Target, if higher")

    class Meta:
        caption = "How each target share moves when each input moves by its error"
