"""Tables of what official files say, as published."""

from presentation.amounts import NOT_KNOWN
from presentation.tables import FigureTable, MoneyColumn, NumberColumn, ShareColumn, TextColumn


class OfficialAllocationsTable(FigureTable):
    system_name = TextColumn("System")
    system = TextColumn("System code", on_page=False)
    year = TextColumn("Year")
    population = NumberColumn("People", empty=NOT_KNOWN, on_page=False)
    weighted_population = NumberColumn("Weighted people", empty=NOT_KNOWN, on_page=False)
    target_share = ShareColumn("Target share", empty=NOT_KNOWN, decimals=3)
    baseline = MoneyColumn("Baseline", empty=NOT_KNOWN, summed=False)
    target = MoneyColumn("Target", empty=NOT_KNOWN, summed=False)
    allocation = MoneyColumn("Allocation", empty=NOT_KNOWN, summed=False)
    distance = ShareColumn("Distance from target", empty=NOT_KNOWN, signed=True, decimals=2)
    edition = TextColumn("Edition", on_page=False)
    source = TextColumn("Source", on_page=False)

    class Meta:
        caption = "Allocations of specialised services, as published"


class OfficialConvergenceTable(FigureTable):
    what = TextColumn("Distance or system")
    system = TextColumn("System code", on_page=False, empty="All")
    year = TextColumn("Year")
    distance = ShareColumn("Distance from target", signed=True, decimals=2)
    convergence = ShareColumn("Change in growth", signed=True, decimals=2)
    floor = ShareColumn("Least growth", empty=NOT_KNOWN, decimals=2)
    cap = ShareColumn("Most growth", empty=NOT_KNOWN, decimals=2)
    edition = TextColumn("Edition", on_page=False)
    source = TextColumn("Source", on_page=False)

    class Meta:
        caption = "Pace of change, as published"


class OfficialNeedTable(FigureTable):
    area_name = TextColumn("Area")
    area = TextColumn("Area code", on_page=False)
    year = TextColumn("Year")
    programme = TextColumn("Programme of care")
    programme_of_care = TextColumn("Programme code", on_page=False, empty="All")
    need_index = NumberColumn("Need index", decimals=2)
    age = TextColumn("Age and sex")
    edition = TextColumn("Edition", on_page=False)
    source = TextColumn("Source", on_page=False)

    class Meta:
        caption = "Need index, as published (1.00 is the average)"


class OfficialMeasuresTable(FigureTable):
    area_name = TextColumn("Area")
    area = TextColumn("Area code", on_page=False)
    year = TextColumn("Year")
    measure = TextColumn("Measure")
    unit = TextColumn("Unit", empty=NOT_KNOWN)
    value = NumberColumn("Value", decimals=3)
    edition = TextColumn("Edition", on_page=False)
    source = TextColumn("Source", on_page=False)

    class Meta:
        caption = "Measures of need and supply, as published"


class OfficialFactorsTable(FigureTable):
    provider_name = TextColumn("Provider")
    provider = TextColumn("Provider code", on_page=False)
    year = TextColumn("Year")
    value = NumberColumn("Payment index", decimals=4)
    edition = TextColumn("Edition", on_page=False)
    source = TextColumn("Source", on_page=False)

    class Meta:
        caption = "Market forces factors, as published"
        page_rows = "shown"


class RegisteredPeopleTable(FigureTable):
    area_name = TextColumn("Area")
    area = TextColumn("Area code", on_page=False)
    year = TextColumn("Year")
    population = NumberColumn("Registered people")
    under_15 = ShareColumn("Under 15")
    over_75 = ShareColumn("75 and over")
    edition = TextColumn("Edition", on_page=False)
    source = TextColumn("Source", on_page=False)

    class Meta:
        caption = "Registered people, as published"
