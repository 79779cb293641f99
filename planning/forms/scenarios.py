"""Forms of scenarios: which one a figure is of, which are compared, and what one is called and starts from."""

from typing import Any

from django import forms
from django.http import Http404, QueryDict

from planning.forms.provenance import note_field
from planning.queries import assumptions, positions, scenarios

MOST_COMPARED = 4
LONGEST_NUMBER = 9
NONE_THERE = "There is no such scenario, or it is not shared with you"


def _whole(label: str, *, required: bool = False) -> forms.IntegerField:
    messages = dict.fromkeys(("invalid", "min_value", "max_value", "required"), f"{label} must be a whole number, 1 or more")
    hidden = forms.HiddenInput()
    return forms.IntegerField(
        label=label, required=required, min_value=1, max_value=10**LONGEST_NUMBER, widget=hidden, error_messages=messages
    )


def _query(data: Any) -> QueryDict:
    """Filters of an address, or of the command line, where a single value is no list."""
    if isinstance(data, QueryDict):
        return data
    query = QueryDict(mutable=True)
    for name, value in dict(data or {}).items():
        query.setlist(name, [str(v) for v in (value if isinstance(value, list | tuple) else [value])])
    return query


class ScenarioForm(forms.Form):
    """One version of one scenario, as figures are asked for it; the position and the year are the version's own."""

    scenario = _whole("Scenario", required=True)
    version = _whole("Version")

    def __init__(self, data: Any = None, *, reader: Any = None, page: bool = True):
        self.reader = reader
        super().__init__(data if data is not None else {})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        try:
            version = scenarios.version_for(self.reader.user, cleaned["scenario"], cleaned["version"])
        except Http404:
            raise forms.ValidationError(NONE_THERE) from None
        if assumptions.assumption_rows().empty:
            raise forms.ValidationError("Nothing is assumed yet: an administrator loads the reference data")
        return {"scenario": version.scenario_id, "version": version.number, "position": version.position, "year": version.year}

    def query_string(self) -> str:
        query = QueryDict(mutable=True)
        query.update({"scenario": self.cleaned_data["scenario"], "version": self.cleaned_data["version"]})
        return query.urlencode()


class ComparedForm(forms.Form):
    """Up to four scenarios, each by its latest saved version."""

    scenario = forms.MultipleChoiceField(
        label="Scenarios",
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"invalid_choice": "Scenarios: “%(value)s” is not on the list"},
        help_text="Choose two to four.",
    )

    def __init__(self, data: Any = None, *, reader: Any = None, page: bool = True):
        self.reader = reader
        super().__init__(_query(data))
        self.fields["scenario"].choices = scenarios.saved_choices(reader.user if reader else None)

    def clean_scenario(self) -> list[str]:
        chosen = list(dict.fromkeys(self.cleaned_data["scenario"]))
        if len(chosen) > MOST_COMPARED:
            raise forms.ValidationError(f"Choose at most four scenarios: {len(chosen)} are chosen")
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        return {"scenario": cleaned.get("scenario") or [], "position": positions.latest_position()}

    def query_string(self) -> str:
        query = QueryDict(mutable=True)
        query.setlist("scenario", self.cleaned_data["scenario"])
        return query.urlencode()


class ScenarioDetailsForm(forms.Form):
    """What a scenario is called, and which year of which position it starts from."""

    name = forms.CharField(
        label="Name",
        max_length=100,
        help_text="What is asked. For example: Cardiac surgery for South West London at St George’s.",
        error_messages={"required": "Enter a name", "max_length": "The name must be 100 characters or fewer"},
    )
    note = note_field()
    year = forms.ChoiceField(
        label="Flows of",
        help_text="The financial year that it starts from. Effects are of the five years after it.",
        error_messages={"required": "Select a year", "invalid_choice": "Select a year that is loaded"},
    )
    position = forms.TypedChoiceField(
        label="Position",
        coerce=int,
        error_messages={"required": "Select a position", "invalid_choice": "Select a position on the list"},
    )

    def __init__(self, data: Any = None, *, position: int | None = None, **options: Any):
        super().__init__(data, **options)
        latest = positions.latest_position()
        numbers = [n for n in dict.fromkeys((latest, position)) if n]
        self.fields["position"].choices = [
            (n, f"{n}, the latest" if n == latest else f"{n}, as it is now") for n in sorted(numbers, reverse=True)
        ]
        if len(numbers) == 1:
            self.fields["position"].widget = forms.HiddenInput()
        self.fields["position"].initial = position or latest
        # Of the position that was sent, where it is on the list: another may hold other years.
        sent = next((n for n in numbers if str(n) == self.data.get("position")), None)
        years = scenarios.full_years(sent or position or latest)
        self.fields["year"].choices = [(year, year) for year in years]


class DeleteForm(forms.Form):
    """Nothing to fill in: the button says it."""
