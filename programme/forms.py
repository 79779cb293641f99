"""Filters of the Overview and of the pages of services and providers."""

from typing import ClassVar

from django import forms
from django.utils import timezone

from networks.forms import one_service, share_of_flow
from planning.calculations.financial_years import financial_year_on
from planning.forms.filters import ALL_YEARS, FilterForm
from planning.queries import choices
from programme.queries.service import MIXED, NO_STATUS, STATUS_WORDS


def _search(label: str) -> forms.CharField:
    """Words to look for in a list."""
    messages = {
        "max_length": "Search must be 100 characters or fewer",
        "null_characters_not_allowed": "Search must not have a null character in it",
    }
    return forms.CharField(label=label, required=False, max_length=100, error_messages=messages)


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


class OneYearForm(OverviewForm):
    """One year with or without a page, the latest full one where none is chosen: what it is compared with is another year."""

    def __init__(self, data=None, *, reader=None, page=True):
        super().__init__(data, reader=reader, page=page)
        self.fields["year"].choices = [c for c in self.fields["year"].choices if c[0] != ALL_YEARS]
        if not self.data.get("year") and (year := self.opening_year()):
            self.data["year"] = year

    def clean(self):
        """Before anything is published there is no year to choose, and the present one stands for it."""
        cleaned = super().clean()
        if cleaned.get("year") == ALL_YEARS:
            cleaned["year"] = financial_year_on(timezone.localdate())
        return cleaned


class CostForm(OneYearForm):
    """One year by cost, which every service has, unless activity is asked for."""

    defaults: ClassVar[dict[str, str]] = {**FilterForm.defaults, "measure": "cost"}
    further: ClassVar[tuple[str, ...]] = ("unit", "geography", "level", "threshold", "population")

    @property
    def about(self) -> dict[str, str]:
        """What every figure of the page is of, those too whose own forms would choose otherwise."""
        return {name: value for name in ("measure", "service", "provider") if (value := self.data.get(name))}


class ServicesForm(CostForm):
    """Filters of the list of services."""

    uses: ClassVar[tuple[str, ...]] = ("search", "year", "programme_of_care", "status", "unit")

    search = _search("Search by name, number or line code")
    status = forms.ChoiceField(
        label="Delegation",
        choices=[("", "Any"), *((word, word) for word in [*STATUS_WORDS.values(), MIXED, NO_STATUS])],
        required=False,
        error_messages={"invalid_choice": "Delegation: “%(value)s” is not on the list"},
    )
    field_order = ("search", "year", "status", "programme_of_care")


class ServiceForm(CostForm):
    """Filters of the page of one service."""

    uses: ClassVar[tuple[str, ...]] = (
        "year",
        "measure",
        "threshold",
        "unit",
        "level",
        "geography",
        "population",
        "service",
    )
    defaults: ClassVar[dict[str, str]] = {**CostForm.defaults, "threshold": "90", "population": "registered"}

    threshold = share_of_flow()
    service = one_service()
    population = forms.ChoiceField(
        label="People",
        choices=[("registered", "Registered with practices"), ("resident", "Residents")],
        required=False,
        error_messages={"invalid_choice": "People: “%(value)s” is not on the list"},
    )


def _of_page(label: str, choices_of, *, required: bool = False) -> forms.MultipleChoiceField:
    """What a page is about, which its address names."""
    messages = {"invalid_choice": f"{label}: “%(value)s” is not on the list", "required": f"Choose a {label.lower()}"}
    widget = forms.MultipleHiddenInput()
    return forms.MultipleChoiceField(label=label, choices=choices_of, required=required, widget=widget, error_messages=messages)


class SpendOverTimeForm(CostForm):
    """Months and years of a service, of a provider, of one at the other or of everything."""

    uses: ClassVar[tuple[str, ...]] = ("year", "measure", "unit", "service", "provider")

    service = _of_page("Service", choices.service_choices)
    provider = _of_page("Provider", ())


class ProvidersForm(CostForm):
    """Filters of the list of providers."""

    uses: ClassVar[tuple[str, ...]] = ("search", "year", "unit")

    search = _search("Search by name, code or site")
    field_order = ("search", "year")


class ProviderForm(CostForm):
    """Filters of the page of one provider."""

    uses: ClassVar[tuple[str, ...]] = ("year", "measure", "unit", "geography", "provider")

    provider = _of_page("Provider", (), required=True)

    def __init__(self, data=None, *, reader=None, page=True):
        super().__init__(data, reader=reader, page=page)
        # Those too of which nothing is loaded: their page says so.
        self.fields["provider"].choices = lambda: list(choices.provider_names().items())
