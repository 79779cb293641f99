"""Filters of the Overview."""

from typing import ClassVar

from planning.forms.filters import ALL_YEARS, FilterForm
from planning.queries import choices


class OverviewForm(FilterForm):
    """One year, the latest full one where none is chosen."""

    uses: ClassVar[tuple[str, ...]] = ("year",)

    def __init__(self, data=None, *, reader=None, page=True):
        super().__init__(data, reader=reader, page=page)
        if page:
            self.fields["year"].choices = [c for c in self.fields["year"].choices if c[0] != ALL_YEARS]


class LatestYearForm(OverviewForm):
    """One year, the latest that anything is loaded of; without a page too, since its figures are of one year."""

    def __init__(self, data=None, *, reader=None, page=True):
        super().__init__(data, reader=reader, page=page)
        if not self.data.get("year") and (year := self.opening_year()):
            self.data["year"] = year

    def opening_year(self) -> str | None:
        years = choices.year_choices(self.position)
        return years[0][0] if years else None


class PositionForm(FilterForm):
    """A whole position."""

    uses: ClassVar[tuple[str, ...]] = ()
