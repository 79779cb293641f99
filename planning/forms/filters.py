"""Filters of figures: from the address of a page, or from the command line, to clean values."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from planning.queries import choices, positions
from presentation.wording import ADMITTED_SPELLS, MONTH_NAMES, UNITS, unit_name

ALL_YEARS = "all"
MONTHS = list(enumerate([*MONTH_NAMES, "Year end"], start=1))
MEASURES = [("activity", "Activity"), ("cost", "Cost")]
BASES = [("actual", "Actual"), ("planned", "Plan"), ("difference", "Actual less plan")]
GEOGRAPHIES = [("then", "As it was at the time"), ("today", "As it is today")]
LEVELS = [("system", "System"), ("place", "Place")]


def several(label: str, choices_of, *, hidden: bool = False, **words) -> forms.MultipleChoiceField:
    """Several of a list; a hidden one is for links and the command line, its list being too long for a page."""
    widget = forms.MultipleHiddenInput() if hidden else forms.CheckboxSelectMultiple()
    return forms.MultipleChoiceField(
        label=label, choices=choices_of, required=False, widget=widget, error_messages=_not_listed(label), **words
    )


def left_out(label: str, choices_of) -> forms.MultipleChoiceField:
    """Several of a list that are left out: where none is chosen, none is."""
    field = several(label, choices_of)
    field.widget.none_chosen = "None"
    return field


def one_of(label: str, choices_of, **words) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices_of, required=False, error_messages=_not_listed(label), **words)


def _month(label: str, none: str) -> forms.TypedChoiceField:
    listed = [("", none), *MONTHS]
    messages = _not_listed(label)
    return forms.TypedChoiceField(
        label=label, choices=listed, required=False, coerce=int, empty_value=None, error_messages=messages
    )


def _not_listed(label: str) -> dict[str, str]:
    return {"invalid_choice": f"{label}: “%(value)s” is not on the list"}


class FilterForm(forms.Form):
    """Filters that any figure of flows understands; a subclass says which it uses, in `uses`.

    On a page what is missing takes the page's defaults; elsewhere missing filters mean the whole position.
    """

    uses: ClassVar[tuple[str, ...]] = (
        "year",
        "from_month",
        "to_month",
        "provider",
        "system",
        "programme_of_care",
        "national_programme",
        "service",
        "service_code",
        "point_of_delivery",
        "unit",
        "measure",
        "basis",
        "geography",
        "level",
    )
    defaults: ClassVar[dict[str, str]] = {
        "unit": ADMITTED_SPELLS,
        "measure": "activity",
        "basis": "actual",
        "geography": "then",
        "level": "system",
    }

    year = one_of("Year", ())
    from_month = _month("From month", "First month")
    to_month = _month("To month", "Last month")
    measure = one_of("Measure", MEASURES)
    unit = one_of("Activity counted in", [(unit, unit_name(unit).capitalize()) for unit in UNITS])
    basis = one_of("Show", BASES)
    level = one_of("Homes by", LEVELS)
    geography = one_of("Boundaries of systems", GEOGRAPHIES)
    provider = several("Providers", ())
    system = several("Homes of patients", choices.system_choices)
    programme_of_care = several("Programmes of care", choices.programme_choices)
    national_programme = several("National programmes", choices.national_programme_choices, hidden=True)
    service = several("Services", choices.service_choices)
    service_code = several("Service line codes", choices.service_code_choices, hidden=True)
    point_of_delivery = several("Points of delivery", choices.point_of_delivery_choices)
    position = forms.IntegerField(
        required=False,
        min_value=1,
        widget=forms.HiddenInput(),
        label="Position",
        error_messages=dict.fromkeys(("invalid", "min_value"), "Position must be a whole number, 1 or more"),
    )

    def __init__(self, data=None, *, reader: Any = None, page: bool = True):
        self.reader, self.page = reader, page
        super().__init__(self._complete(data, page))
        self.position = self._position()
        for name in [n for n in self.fields if n not in self.uses and n != "position"]:
            del self.fields[name]
        if "year" in self.fields:
            self.fields["year"].choices = [*choices.year_choices(self.position), (ALL_YEARS, "All years")]
            if page and not self.data.get("year") and (year := self.opening_year()):
                self.data["year"] = year
        if page:
            # A select without a value would show its first choice, which need not be the default.
            for name in set(self.defaults) & set(self.fields) - set(self.data):
                self.data[name] = self.defaults[name]
        if "provider" in self.fields:
            self.fields["provider"].choices = lambda: choices.provider_choices(self.position)

    # Those that stand behind "More filters" on a page.
    further: ClassVar[tuple[str, ...]] = ()

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.further]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name in self.further]

    @property
    def further_chosen(self) -> bool:
        """Whether one of them is other than its default, or wrong, and so should be seen."""
        chosen = {f.name: f.value() for f in self.further_fields}
        return any(name in self.errors or (value and value != self.defaults.get(name)) for name, value in chosen.items())

    def opening_year(self) -> str | None:
        return choices.latest_full_year(self.position)

    def _complete(self, data, page) -> QueryDict:
        complete = QueryDict(mutable=True)
        for name, values in _lists(data):
            complete.setlist(name, [v for v in values if v != ""])
        return complete

    def _position(self) -> int | None:
        wanted = self.data.get("position")
        number = int(wanted) if wanted and str(wanted).isdecimal() and len(str(wanted)) < 10 else None
        return positions.position_or_latest(number) or positions.latest_position()

    def clean_position(self) -> int | None:
        wanted = self.cleaned_data["position"]
        if wanted is not None and wanted != self.position:
            latest = f"the latest is {self.position}" if self.position else "nothing is published yet"
            raise forms.ValidationError(f"There is no position {wanted}: {latest}")
        return self.position

    def clean(self):
        cleaned = super().clean()
        for name, value in self.defaults.items():
            if name in self.uses and name not in self.errors:
                cleaned[name] = cleaned.get(name) or value
        if "year" in self.uses and "year" not in self.errors:
            cleaned["year"] = cleaned.get("year") or ALL_YEARS
        self._check_months(cleaned)
        self._check_unit(cleaned)
        self._check_services(cleaned)
        return cleaned

    def _check_months(self, cleaned):
        first, last = cleaned.get("from_month"), cleaned.get("to_month")
        if first and last and first > last:
            self.add_error("to_month", "The last month must be the same as or after the first month")

    def _check_unit(self, cleaned):
        points, unit = cleaned.get("point_of_delivery"), cleaned.get("unit")
        if not points or not unit or cleaned.get("measure") != "activity" or "measure" not in self.uses:
            return
        counted = choices.units_of(points)
        if unit not in counted:
            words = " or ".join(sorted(unit_name(u) for u in counted))
            self.add_error("unit", f"The points of delivery chosen are not counted in {unit_name(unit)}: choose {words}, or cost")

    def _check_services(self, cleaned):
        services, programmes = cleaned.get("service"), cleaned.get("programme_of_care")
        if services and programmes and not choices.programmes_of(services) & set(programmes):
            self.add_error("service", "None of the services chosen is in the programmes of care chosen: clear one of the two")

    def query_string(self, **changes: Any) -> str:
        """The filters as an address's query: always in the same order, always with the position."""
        return query_of({**self.cleaned_data, **changes})


def query_of(filters: Mapping[str, Any]) -> str:
    """Clean filters as an address's query, in their order."""
    query = QueryDict(mutable=True)
    for name, value in filters.items():
        values = value if isinstance(value, list) else [value]
        query.setlist(name, [str(v) for v in values if v not in (None, "")])
    return query.urlencode()


def _lists(data):
    if data is None:
        return []
    if hasattr(data, "lists"):
        return list(data.lists())
    return [(name, value if isinstance(value, list | tuple) else [str(value)]) for name, value in data.items()]


class PositionForm(FilterForm):
    """For figures that show a whole position: only which one."""

    uses = ()


class PeriodForm(FilterForm):
    """For figures of a year or part of one."""

    uses = ("year", "from_month", "to_month")


class PatientSetForm(FilterForm):
    """For figures of the patient-level sets."""

    uses = ("year", "from_month", "to_month", "provider", "service", "point_of_delivery")
    further: ClassVar[tuple[str, ...]] = ("from_month", "to_month", "service", "point_of_delivery")
