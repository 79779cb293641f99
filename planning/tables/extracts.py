"""Tables of the extract pages."""

from presentation.tables import ActivityColumn, FigureTable, MoneyColumn, NumberColumn, TextColumn


class ChangesTable(FigureTable):
    period = TextColumn("Month")
    planned_price_before = MoneyColumn("Plan now", show="pence")
    planned_price_after = MoneyColumn("Plan after", show="pence")
    planned_price_difference = MoneyColumn("Difference in plan", show="pence", signed=True)
    actual_price_before = MoneyColumn("Actual now", show="pence")
    actual_price_after = MoneyColumn("Actual after", show="pence")
    actual_price_difference = MoneyColumn("Difference in actual", show="pence", signed=True)

    class Meta(FigureTable.Meta):
        caption = "What would change, by month"
        total_row = True


class SlicesTable(FigureTable):
    period = TextColumn("Month")
    commissioner = TextColumn("Commissioner")
    planned_price_before = MoneyColumn("Plan now", show="pence")
    actual_price_before = MoneyColumn("Actual now", show="pence")

    class Meta(FigureTable.Meta):
        caption = "Slices that would be left empty"
        total_row = True


class SlicesByStatusTable(FigureTable):
    what = TextColumn("What happens to them")
    number = NumberColumn("Slices", summed=True)
    before = MoneyColumn("Actual now", show="pence")
    after = MoneyColumn("Actual after", show="pence")
    difference = MoneyColumn("Difference", show="pence", signed=True)

    class Meta(FigureTable.Meta):
        caption = "Slices by what happens to them. A slice is a month of one commissioner"
        total_row = True


class PlannedByStatusTable(SlicesByStatusTable):
    before = MoneyColumn("Plan now", show="pence")
    after = MoneyColumn("Plan after", show="pence")


class ActivityTable(FigureTable):
    unit = TextColumn("Unit")
    planned_activity_before = ActivityColumn("Plan now", summed=False)
    planned_activity_after = ActivityColumn("Plan after", summed=False)
    actual_activity_before = ActivityColumn("Actual now", summed=False)
    actual_activity_after = ActivityColumn("Actual after", summed=False)
    actual_activity_difference = ActivityColumn("Difference in actual", summed=False, signed=True)

    class Meta(FigureTable.Meta):
        caption = "Activity by its unit. Activity of two units is not added"


class MovedTable(FigureTable):
    name = TextColumn("Service")
    before = MoneyColumn("Now", show="pence", summed=False)
    after = MoneyColumn("After", show="pence", summed=False)
    difference = MoneyColumn("Difference", show="pence", summed=False, signed=True)

    class Meta(FigureTable.Meta):
        caption = "Services whose money moves most"


class TotalsTable(FigureTable):
    name = TextColumn("Total of")
    before = MoneyColumn("Actual now", show="pence", summed=False)
    after = MoneyColumn("Actual after", show="pence", summed=False)
    difference = MoneyColumn("Difference", show="pence", summed=False, signed=True)

    class Meta(FigureTable.Meta):
        caption = "What it does to totals of the year"


class PlannedTotalsTable(TotalsTable):
    before = MoneyColumn("Plan now", show="pence", summed=False)
    after = MoneyColumn("Plan after", show="pence", summed=False)
