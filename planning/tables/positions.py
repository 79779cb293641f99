"""Tables of the pages of positions."""

from presentation.tables import FigureTable, MoneyColumn, NumberColumn, TextColumn


class DifferencesTable(FigureTable):
    provider = TextColumn("Provider")
    what = TextColumn("What it is")
    year = TextColumn("Year")
    slices = NumberColumn("Slices changed", summed=True)
    planned_price_difference = MoneyColumn("Difference in plan", show="pence", signed=True)
    actual_price_before = MoneyColumn("Actual before", show="pence")
    actual_price_after = MoneyColumn("Actual after", show="pence")
    actual_price_difference = MoneyColumn("Difference in actual", show="pence", signed=True)

    class Meta(FigureTable.Meta):
        caption = "Difference against the position before, by provider"
        total_row = True


class ChangedSlicesTable(FigureTable):
    period = TextColumn("Month")
    provider = TextColumn("Provider")
    commissioner = TextColumn("Commissioner")
    became = TextColumn("What became of it")
    extracts = TextColumn("Extract")
    planned_price_before = MoneyColumn("Plan before", show="pence")
    planned_price_after = MoneyColumn("Plan after", show="pence")
    actual_price_before = MoneyColumn("Actual before", show="pence")
    actual_price_after = MoneyColumn("Actual after", show="pence")

    class Meta(FigureTable.Meta):
        caption = "Slices that changed"
