"""Tables of targets by programme of care and by service."""

from presentation.amounts import NOT_KNOWN
from presentation.tables import FigureTable, MoneyColumn, ShareColumn, TextColumn

# As many as are drawn, the next ones a page away.
RANKED = 12
COUNTS = ("people", "group_people")


class ServiceTargetsTable(FigureTable):
    group_name = TextColumn("Service or programme of care", wide=True)
    group = TextColumn("Service or programme code", on_page=False)
    system_name = TextColumn("System")
    area = TextColumn("System code", on_page=False)
    baseline = MoneyColumn("Delegated spend on its people", count="people")
    target = MoneyColumn("Target", count="group_people", empty=NOT_KNOWN)
    distance_money = MoneyColumn("Above (+) or below (−) target", count=COUNTS, signed=True, empty=NOT_KNOWN)
    distance = ShareColumn("Distance from target", count=COUNTS, signed=True, empty=NOT_KNOWN)
    target_share = ShareColumn("Target share of the loaded area", decimals=2, on_page=False, empty=NOT_KNOWN)
    basis_words = TextColumn("What the target rests on", wide=True)

    class Meta:
        caption = "Target and distance of each service, the largest first"
        rows_on_a_page = RANKED


class ProgrammeTargetsTable(ServiceTargetsTable):
    group_name = TextColumn("Programme of care")

    class Meta:
        caption = "Target and distance of each programme of care"
