"""Which round, year and step a figure is of, and what a reviewer says."""

from typing import Any

from django import forms
from django.http import Http404, QueryDict

from finance.models import AllocationRound, RoundStep
from finance.queries import rounds as reading
from planning.forms.filters import one_of

NONE_THERE = "There is no such round, or it is not put forward yet"


class RoundForm(forms.Form):
    """One year and one step of one round, as figures are asked for them; position and baseline year are the round's own."""

    round = forms.IntegerField(
        label="Round",
        min_value=1,
        max_value=10**9,
        widget=forms.HiddenInput(),
        error_messages={
            **dict.fromkeys(("invalid", "min_value", "max_value"), "Round must be a whole number, 1 or more"),
            "required": "Say which round, by its number",
        },
    )
    allocation_year = one_of("Year", ())
    step = one_of("Step", RoundStep.choices)

    def __init__(self, data: Any = None, *, reader: Any = None, page: bool = True):
        self.reader = reader
        super().__init__(data if data is not None else {})
        self.found = self._found()
        self.fields["allocation_year"].choices = [(y, y) for y in reading.years_of(self.found)] if self.found else []
        self.fields["step"].widget = forms.HiddenInput()

    def _found(self) -> AllocationRound | None:
        asked = str(self.data.get("round", ""))
        try:
            return reading.round_for(self.reader.user, int(asked)) if asked.isdecimal() and len(asked) < 10 else None
        except Http404:
            return None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and self.found is None:
            raise forms.ValidationError(NONE_THERE)
        if self.errors or self.found is None:
            return cleaned
        return {
            "round": self.found.pk,
            "allocation_year": cleaned.get("allocation_year") or self.found.first_year,
            "step": cleaned.get("step") or RoundStep.POPULATION,
            "position": self.found.position,
            "year": self.found.baseline_year,
        }

    def query_string(self) -> str:
        query = QueryDict(mutable=True)
        query.update({name: self.cleaned_data[name] for name in ("round", "allocation_year", "step")})
        return query.urlencode()


class ReviewForm(forms.Form):
    """What a reviewer says to an approval, or why a round is sent back."""

    note = forms.CharField(label="Comment", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
