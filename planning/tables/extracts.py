"""Tables of the extract pages."""

from presentation.tables import FigureTable, MoneyColumn, TextColumn


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
    planned_price_before = MoneyColumn("Plan now", show="pence", summed=False)
    actual_price_before = MoneyColumn("Actual now", show="pence")

    class Meta(FigureTable.Meta):
        caption = "Slices that would be left empty"
        total_row = True
