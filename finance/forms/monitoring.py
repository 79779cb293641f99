"""Filters of shadow monitoring, and the forms by which budgets are recorded."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from finance.queries.budgets import areas_with_budgets, budget_years, latest_year_with_spend, month_to_date
from planning.forms.filters import ALL_YEARS, FilterForm
from planning.forms.provenance import TableFileField, owner_field, source_field
from planning.queries.positions import latest_position
from presentation.amounts import from_pounds
from presentation.forms import PastedNumberField


class MonitoringForm(FilterForm):
    """One year as it stood at the end of a month; months and programmes of care of everybody, or of some homes."""

    uses: ClassVar[tuple[str, ...]] = ("year", "to_month", "level", "system")

    def __init__(self, data: Any = None, *, reader: Any = None, page: bool = True):
        super().__init__(data, reader=reader, page=page)
        self.fields["to_month"].label = "As at the end of"
        self.fields["level"].label = "Populations by"
        self.fields["system"].label = "Months and programmes of"
        self.fields["year"].choices = [c for c in self.fields["year"].choices if c[0] != ALL_YEARS]
        if not self.data.get("year") and (year := self.opening_year()):
            self.data["year"] = year
        self.month_in = month_to_date(self.position, self.data.get("year"))
        if not self.data.get("to_month") and self.month_in:
            self.data["to_month"] = str(self.month_in)

    def opening_year(self) -> str | None:
        return latest_year_with_spend(self.position)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("year") == ALL_YEARS:
            cleaned["year"] = ""
        return cleaned


MOST_POUNDS = Decimal(100_000_000_000)


class _BudgetForm(forms.Form):
    """What every recorded budget says of itself."""

    year = forms.ChoiceField(
        label="Financial year",
        error_messages={"required": "Select the financial year", "invalid_choice": "Select the financial year from the list"},
    )
    owner = owner_field(help_text="Who decided it and answers for it.")
    source = source_field(help_text="Where it comes from, for example a paper and its date.")

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["year"].choices = [(year, year) for year in budget_years(latest_position())]


class BudgetForm(_BudgetForm):
    """The budget of one system or place for a year."""

    area = forms.ChoiceField(
        label="System or place",
        error_messages={"required": "Select a system or place", "invalid_choice": "Select a system or place from the list"},
    )
    amount = PastedNumberField(
        label="Budget for the year, £",
        unit="£",
        required=False,
        min_value=0,
        max_value=MOST_POUNDS,
        decimal_places=2,
        help_text="Leave it blank to let the plan of providers count again.",
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-10"}),
        error_messages={
            "invalid": "The budget must be a number of pounds, such as 480000000",
            "min_value": "The budget must be 0 or more",
            "max_value": "The budget must be £100 billion or less",
            "max_decimal_places": "The budget must have no more than 2 decimal places",
        },
    )
    field_order = ("year", "area", "amount", "owner", "source")

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        named = sorted(areas_with_budgets().items(), key=lambda one: one[1])
        self.fields["area"].choices = [("", "Choose one"), *((code, f"{name} ({code})") for code, name in named)]

    def clean_amount(self) -> int | None:
        amount = self.cleaned_data["amount"]
        return None if amount is None else from_pounds(amount)


class BudgetFileForm(_BudgetForm):
    """A file of budgets of one year."""

    file = TableFileField(label="File of budgets", what="file of budgets", most=5)
    field_order = ("file", "year", "owner", "source")
