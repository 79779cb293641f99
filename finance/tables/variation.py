"""Tables of variation: areas beside their peers, and where one of them differs."""

from presentation.amounts import NOT_APPLICABLE, NOT_KNOWN
from presentation.tables import FigureTable, MoneyColumn, NumberColumn, PatientsColumn, RatioColumn, TagColumn, TextColumn

MORE_TREATED, FEWER_TREATED = "More people treated", "Fewer people treated"
COSTS_MORE, COSTS_LESS = "Each costs more", "Each costs less"
ALIKE, NO_SETS, FEW, CAUTION = "No difference", "Patients not known", "Too few patients", "Caution: patients incomplete"
REASONS = {MORE_TREATED: "blue", FEWER_TREATED: "blue", COSTS_MORE: "purple", COSTS_LESS: "purple", CAUTION: "orange"}
COUNTS = ("people", "benchmark_people")
# As many as are drawn: the largest are what a meeting talks about, and the next ones are a page away.
RANKED = 12


def _gap(words: str, *, counts: tuple[str, ...] = COUNTS) -> MoneyColumn:
    return MoneyColumn(words, count=counts, signed=True, empty=NOT_KNOWN, show="headline")


class GapTable(FigureTable):
    """What both tables say of a gap and its parts."""

    per_head = RatioColumn("£ a head", numerator="spend", denominator="population_units", empty=NOT_KNOWN)
    benchmark_per_head = RatioColumn(
        "£ a head of its peers", numerator="benchmark_spend", denominator="benchmark_population_units", empty=NOT_KNOWN
    )
    gap = _gap("More (+) or less (−) than peers")
    access_gap = _gap("Of it, access")
    intensity_gap = _gap("Of it, intensity")
    unsplit_gap = _gap("Of it, patients not known")
    patients = PatientsColumn("Patients", empty=NOT_KNOWN)
    coverage = RatioColumn("Coverage (1.00 is complete)", empty=NOT_KNOWN, count="people")
    benchmark_coverage = RatioColumn("Coverage of its peers", empty=NOT_KNOWN, count="benchmark_people", on_page=False)
    why = TagColumn("Why", tags=REASONS)
    spend = MoneyColumn("Spend on its people", count="people", on_page=False)
    spend_ratio = RatioColumn("Spend a head ÷ peers’", empty=NOT_KNOWN, count=COUNTS, on_page=False)
    access_ratio = RatioColumn("Patients a head ÷ peers’", empty=NOT_KNOWN, count=COUNTS, on_page=False)
    intensity_ratio = RatioColumn("Cost a patient ÷ peers’", empty=NOT_KNOWN, count=COUNTS, on_page=False)
    population = NumberColumn("People", on_page=False)
    known_spend = MoneyColumn("Spend at trusts that sent patient-level sets", count="people", on_page=False)
    benchmark_population = NumberColumn("People of its peers", on_page=False)
    benchmark_spend = MoneyColumn("Spend on people of its peers", count="benchmark_people", on_page=False)
    benchmark_patients = PatientsColumn("Patients of its peers", empty=NOT_KNOWN, on_page=False)
    population_units = NumberColumn("People × 10,000", visible=False)
    benchmark_population_units = NumberColumn("People of its peers × 10,000", visible=False)


class VariationTable(GapTable):
    area_name = TextColumn("System or place")
    area = TextColumn("Code", on_page=False)

    class Meta:
        caption = "Spend a head of each area beside its peers, as access and intensity"
        sequence = ("area_name", "area", "...")


class ProgrammeVariationTable(FigureTable):
    area_name = TextColumn("System or place")
    area = TextColumn("Code", on_page=False)
    group_name = TextColumn("Programme of care")
    group = TextColumn("Programme code", on_page=False, empty=NOT_APPLICABLE)
    spend = MoneyColumn("Spend on its people", count="people")
    per_head = RatioColumn("£ a head", numerator="spend", denominator="population_units", empty=NOT_KNOWN)
    benchmark_per_head = RatioColumn(
        "£ a head of its peers", numerator="benchmark_spend", denominator="benchmark_population_units", empty=NOT_KNOWN
    )
    spend_ratio = RatioColumn("÷ peers’ (1.00 is alike)", empty=NOT_KNOWN, count=COUNTS)
    gap = _gap("More (+) or less (−) than peers")
    benchmark_spend = MoneyColumn("Spend on people of its peers", count="benchmark_people", on_page=False)
    population_units = NumberColumn("People × 10,000", visible=False)
    benchmark_population_units = NumberColumn("People of its peers × 10,000", visible=False)

    class Meta:
        caption = "Spend a head by programme of care beside peers"


class DifferencesTable(GapTable):
    rank = NumberColumn("Rank", on_page=False)
    group_name = TextColumn("Service or programme of care", wide=True)
    group = TextColumn("Service or programme code", on_page=False, empty=NOT_APPLICABLE)

    class Meta:
        caption = "Where it differs from its peers, the largest difference first"
        rows_on_a_page = RANKED
        sequence = ("group_name", "group", "rank", "...")
