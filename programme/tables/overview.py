"""Tables of the Overview."""

from planning.calculations.submission_states import COLOURS, STATES
from presentation.amounts import NOT_APPLICABLE, NOT_KNOWN
from presentation.tables import ActivityColumn, FigureTable, MoneyColumn, NumberColumn, ShareColumn, TagColumn, TextColumn

TAGS = {word: COLOURS[state] for state, word in STATES.items()}
NOT_DUE = STATES["not due"]


class OriginsTable(FigureTable):
    provider_name = TextColumn("Provider", leads_to=("programme:provider", "provider"))
    provider = TextColumn("Provider code", on_page=False)
    group = TextColumn("Home of patients")
    actual_activity = ActivityColumn("Admitted spells")
    activity_share = ShareColumn("Share of the provider's spells", numerator="actual_activity", denominator="provider_activity")
    actual_price = MoneyColumn("Cost", count="people")
    price_share = ShareColumn("Share of the provider's cost", numerator="actual_price", denominator="provider_price")
    provider_activity = ActivityColumn("All spells of the provider", visible=False, summed=False)
    provider_price = MoneyColumn("All cost of the provider", visible=False, summed=False)

    class Meta:
        caption = "Where patients come from, by provider"
        total_row = True


class CoverageTable(FigureTable):
    provider_name = TextColumn("Provider", leads_to=("programme:provider", "provider"))
    m1 = TagColumn("Apr", tags=TAGS, quiet=NOT_DUE)
    m2 = TagColumn("May", tags=TAGS, quiet=NOT_DUE)
    m3 = TagColumn("Jun", tags=TAGS, quiet=NOT_DUE)
    m4 = TagColumn("Jul", tags=TAGS, quiet=NOT_DUE)
    m5 = TagColumn("Aug", tags=TAGS, quiet=NOT_DUE)
    m6 = TagColumn("Sep", tags=TAGS, quiet=NOT_DUE)
    m7 = TagColumn("Oct", tags=TAGS, quiet=NOT_DUE)
    m8 = TagColumn("Nov", tags=TAGS, quiet=NOT_DUE)
    m9 = TagColumn("Dec", tags=TAGS, quiet=NOT_DUE)
    m10 = TagColumn("Jan", tags=TAGS, quiet=NOT_DUE)
    m11 = TagColumn("Feb", tags=TAGS, quiet=NOT_DUE)
    m12 = TagColumn("Mar", tags=TAGS, quiet=NOT_DUE)
    m13 = TagColumn("Year end", tags=TAGS, quiet=NOT_DUE)
    months_in = NumberColumn("Months in")
    actual_price = MoneyColumn("Paid to date, all care", count="people")
    months_expected = NumberColumn("Months expected", on_page=False)
    overdue = TextColumn("Overdue", on_page=False, empty="Nothing")
    provider = TextColumn("Provider code", on_page=False)

    class Meta:
        caption = "Extracts in, by provider and month"


class SpecialisedAndOtherTable(FigureTable):
    year = TextColumn("Year")
    actual_price_specialised = MoneyColumn("Specialised, actual", show="pence")
    actual_price_other = MoneyColumn("Other care, actual", show="pence")
    actual_price_all = MoneyColumn("All care, actual", show="pence")
    planned_price_specialised = MoneyColumn("Specialised, plan", show="pence")
    planned_price_other = MoneyColumn("Other care, plan", show="pence")
    planned_price_all = MoneyColumn("All care, plan", show="pence")

    class Meta:
        caption = "Specialised and other care in the extracts of the position"
        total_row = True


class ChangesTable(FigureTable):
    provider_name = TextColumn("Provider", leads_to=("programme:provider", "provider"))
    provider = TextColumn("Provider code", on_page=False)
    year = TextColumn("Year")
    what = TagColumn("What changed", tags={"New": "green", "Restated": "blue", "Withdrawn": "red"})
    before_price = MoneyColumn("Cost before, all care", empty=NOT_APPLICABLE, on_page=False)
    after_price = MoneyColumn("Cost now, all care", empty=NOT_APPLICABLE, on_page=False)
    change = MoneyColumn("Change, all care", signed=True)

    class Meta:
        caption = "What changed since the position before"
        total_row = True


class HeadlinesTable(FigureTable):
    headline = TextColumn("Headline")
    about = TextColumn("Of", empty=NOT_KNOWN)
    whole = MoneyColumn("Out of", empty=NOT_APPLICABLE, summed=False)
    amount = MoneyColumn("Amount", empty=NOT_KNOWN, signed=True, summed=False)
    share = ShareColumn("Share", empty=NOT_KNOWN, signed=True)
    amount_before = MoneyColumn("Amount at the position before", empty=NOT_APPLICABLE, signed=True, summed=False)
    share_before = ShareColumn("Share at the position before", empty=NOT_APPLICABLE, signed=True)

    class Meta:
        caption = "Headline numbers, and what they were at the position before"
