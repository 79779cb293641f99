"""Tables of the policy workbench."""

from presentation.amounts import NOT_APPLICABLE, NOT_KNOWN
from presentation.residents import PopulationColumn
from presentation.tables import FigureTable, MoneyColumn, NumberColumn, RatioColumn, ShareColumn, TextColumn

# Of `policy_workbench`, whole units.
MONEY = ["baseline", "target", "alike", "allocation", "change", "gain", "distance_money"]


def column_names(table: type[FigureTable]) -> list[str]:
    """The columns of a frame that a table shows, and the count behind them."""
    return [*(str(column.accessor or name) for name, column in table.base_columns.items()), "people"]


class PolicyTable(FigureTable):
    system_name = TextColumn("System")
    system = TextColumn("System code", on_page=False, empty=NOT_APPLICABLE)
    baseline = MoneyColumn("Baseline", empty=NOT_KNOWN, count="people")
    target_share = ShareColumn("Weighted share", empty=NOT_KNOWN, decimals=2)
    opening_distance = ShareColumn("Distance before", empty=NOT_KNOWN, count="people", signed=True, decimals=2)
    convergence = ShareColumn("Convergence", count="people", signed=True, decimals=2)
    growth = ShareColumn("Growth", empty=NOT_KNOWN, count="people", signed=True, decimals=2)
    limit_words = TextColumn("Floor or cap", empty=NOT_APPLICABLE)
    allocation = MoneyColumn("Allocation, first year", empty=NOT_KNOWN, count="people")
    change = MoneyColumn("More or less than the baseline", empty=NOT_KNOWN, count="people", signed=True)
    target = MoneyColumn("Target, first year", empty=NOT_KNOWN)
    distance_money = MoneyColumn("Above or below target", empty=NOT_KNOWN, count="people", signed=True)
    closing_distance = ShareColumn("Distance after one year", empty=NOT_KNOWN, count="people", signed=True, decimals=2)
    last_distance = ShareColumn("Distance after all years", empty=NOT_KNOWN, count="people", signed=True, decimals=2)
    first_year = TextColumn("First year", on_page=False)
    last_year = TextColumn("Last year", on_page=False)

    class Meta:
        caption = "From baseline to allocation, and the distance from target before and after"
        total_rows = "is_total"


class PolicyGainsTable(FigureTable):
    system_name = TextColumn("System")
    system = TextColumn("System code", on_page=False)
    population = PopulationColumn("People", empty=NOT_KNOWN)
    alike = MoneyColumn("With growth alike for all", empty=NOT_KNOWN, count="people")
    allocation = MoneyColumn("Under the policy", empty=NOT_KNOWN, count="people")
    gain = MoneyColumn("Gain or loss", empty=NOT_KNOWN, count="people", signed=True)
    gain_per_head = RatioColumn("£ a head", numerator="gain", denominator="population_units", empty=NOT_KNOWN)
    first_year = TextColumn("Year", on_page=False)
    population_units = NumberColumn("People × 10,000", visible=False)

    class Meta:
        caption = "Allocation of the first year beside growth alike for all"
        total_row = True


class PolicyYearsTable(FigureTable):
    year = TextColumn("Year")
    system_name = TextColumn("System")
    system = TextColumn("System code", on_page=False)
    baseline = MoneyColumn("Baseline", empty=NOT_KNOWN, count="people", summed=False)
    growth = ShareColumn("Growth", empty=NOT_KNOWN, count="people", signed=True, decimals=2)
    limit_words = TextColumn("Floor or cap", empty=NOT_APPLICABLE)
    allocation = MoneyColumn("Allocation", empty=NOT_KNOWN, count="people", summed=False)
    target = MoneyColumn("Target", empty=NOT_KNOWN, summed=False)
    distance_money = MoneyColumn("Above or below target", empty=NOT_KNOWN, count="people", signed=True, summed=False)
    opening_distance = ShareColumn("Distance before", empty=NOT_KNOWN, count="people", signed=True, decimals=2)
    closing_distance = ShareColumn("Distance after", empty=NOT_KNOWN, count="people", signed=True, decimals=2)

    class Meta:
        caption = "Allocation and distance from target, year by year"


class PolicyFifthsTable(FigureTable):
    fifth_words = TextColumn("Fifth of residents")
    residents = PopulationColumn("Residents")
    imd = NumberColumn("Mean deprivation score", decimals=1)
    allocation = MoneyColumn("Allocation, first year", count="people")
    gain = MoneyColumn("Gain or loss", count="people", signed=True)
    gain_per_head = RatioColumn("£ a head", numerator="gain", denominator="population_units")
    first_year = TextColumn("Year", on_page=False)
    population_units = NumberColumn("People × 10,000", visible=False)

    class Meta:
        caption = "Gain or loss by fifth of deprivation"
        total_row = True


class PolicyProvidersTable(FigureTable):
    provider_name = TextColumn("Provider", leads_to=("programme:provider", "provider"))
    provider = TextColumn("Provider code", on_page=False)
    host_name = TextColumn("Host system")
    price = MoneyColumn("Paid for these systems' people", count="people")
    allocation = MoneyColumn("Of their allocations", count="people")
    gain = MoneyColumn("Of their gains and losses", count="people", signed=True)
    gain_share = ShareColumn("Share of what is paid", numerator="gain", denominator="price", count="people", signed=True)
    first_year = TextColumn("Year", on_page=False)

    class Meta:
        caption = "Gains and losses where the money goes now"
        total_row = True


class PolicyOptionsTable(FigureTable):
    option_name = TextColumn("Option")
    who = TextColumn("Who", empty=NOT_APPLICABLE)
    allocation = MoneyColumn("Allocation, first year", count="people", empty=NOT_KNOWN, summed=False)
    gain = MoneyColumn("Gain or loss", count="people", empty=NOT_KNOWN, signed=True)
    gain_per_head = RatioColumn("£ a head", numerator="gain", denominator="population_units", empty=NOT_KNOWN)
    closing_distance = ShareColumn("Distance after one year", count="people", signed=True, decimals=2)
    last_distance = ShareColumn("Distance after all years", count="people", signed=True, decimals=2)
    first_year = TextColumn("First year", on_page=False)
    population_units = NumberColumn("People × 10,000", visible=False)

    class Meta:
        caption = "What each option gives to whom"


class PolicyOptionsFifthsTable(FigureTable):
    option_name = TextColumn("Option")
    who = TextColumn("Who", empty=NOT_APPLICABLE)
    residents = PopulationColumn("Residents", empty=NOT_KNOWN, summed=False)
    allocation = MoneyColumn("Allocation, first year", count="people", empty=NOT_KNOWN, summed=False)
    gain = MoneyColumn("Gain or loss", count="people", empty=NOT_KNOWN, signed=True)
    gain_per_head = RatioColumn("£ a head", numerator="gain", denominator="population_units", empty=NOT_KNOWN)
    first_year = TextColumn("First year", on_page=False)
    population_units = NumberColumn("People × 10,000", visible=False)

    class Meta:
        caption = "What each option gives to each fifth of residents"


class PolicyOptionsProvidersTable(FigureTable):
    option_name = TextColumn("Option")
    who = TextColumn("Provider", leads_to=("programme:provider", "provider"), empty=NOT_APPLICABLE)
    provider = TextColumn("Provider code", on_page=False)
    host_name = TextColumn("Host system", empty=NOT_KNOWN)
    price = MoneyColumn("Paid for the systems' people", count="people", empty=NOT_KNOWN, summed=False)
    gain = MoneyColumn("Of their gains and losses", count="people", empty=NOT_KNOWN, signed=True)
    gain_share = ShareColumn("Share of what is paid", numerator="gain", denominator="price", count="people", signed=True)
    first_year = TextColumn("First year", on_page=False)

    class Meta:
        caption = "Where each option would be felt, if money goes where it goes now"
