"""Tables of core services: shares of systems, and need of systems and places, from official weighted populations."""

from presentation.amounts import NOT_APPLICABLE
from presentation.tables import FigureTable, NumberColumn, ShareColumn, TextColumn


class CoreSharesTable(FigureTable):
    system_name = TextColumn("System")
    system = TextColumn("System code", on_page=False, empty=NOT_APPLICABLE)
    practices = NumberColumn("Practices", on_page=False)
    population = NumberColumn("Registered people")
    overall_core = NumberColumn("Weighted people")
    population_share = ShareColumn("Share of people", decimals=3)
    target_share = ShareColumn("Core target share", decimals=3)
    before_share = ShareColumn("Core target share, edition before", decimals=3, optional=True)
    change = ShareColumn("Change", decimals=3, signed=True, optional=True)
    need_overall_core = NumberColumn("Need, overall", decimals=2)
    need_general_acute = NumberColumn("Need, General and Acute", decimals=2)
    need_community = NumberColumn("Need, community", decimals=2)
    need_mental_health = NumberColumn("Need, mental health", decimals=2)
    need_maternity = NumberColumn("Need, maternity", decimals=2)
    need_prescribing = NumberColumn("Need, prescribing", decimals=2)
    need_health_inequalities = NumberColumn("Need, health inequalities", decimals=2)
    edition = TextColumn("Edition", on_page=False)
    source = TextColumn("Source", on_page=False)
    services = TextColumn("Services", on_page=False)

    class Meta:
        caption = "Core target shares and need of systems. Core services, not specialised"
        total_rows = "is_total"
        page_rows = "shown"


class CorePlaceIndicesTable(FigureTable):
    place_name = TextColumn("Place")
    place = TextColumn("Place code", on_page=False)
    system_name = TextColumn("System")
    system = TextColumn("System code", on_page=False)
    practices = NumberColumn("Practices", on_page=False)
    population = NumberColumn("Registered people")
    place_overall_core = NumberColumn("Core services overall", decimals=2)
    place_general_acute = NumberColumn("General and Acute", decimals=2)
    place_community = NumberColumn("Community", decimals=2)
    place_mental_health = NumberColumn("Mental health", decimals=2)
    place_maternity = NumberColumn("Maternity", decimals=2)
    place_prescribing = NumberColumn("Prescribing", decimals=2)
    place_health_inequalities = NumberColumn("Health inequalities", decimals=2)
    edition = TextColumn("Edition", on_page=False)
    source = TextColumn("Source", on_page=False)
    services = TextColumn("Services", on_page=False)

    class Meta:
        caption = "Need of each place beside its system (1.00). Core services, not specialised"
        page_rows = "shown"
