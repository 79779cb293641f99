"""Filters of shadow monitoring, and the forms by which budgets are recorded."""

from typing import Any, ClassVar

from finance.queries.budgets import latest_year_with_spend, month_to_date
from planning.forms.filters import ALL_YEARS, FilterForm


class MonitoringForm(FilterForm):
    """One year as it stood at the end of a month; months and programmes of care of everybody, or of some homes."""

    uses: ClassVar[tuple[str, ...]] = ("year", "to_month", "level", "system")

    def __init__(self, data: Any = None, *, reader: Any = None, page: bool = True):
        super().__init__(data, reader=reader, page=page)
        self.fields["to_month"].label = "As at the end of"
        self.fields["level"].label = "Populations by"
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
