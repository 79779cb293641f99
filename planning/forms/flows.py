"""Filters of the pages of flows: what the explorer can be asked, and what of it contradicts itself."""

from typing import Any, ClassVar

from django import forms

from planning.calculations.financial_years import preceding
from planning.queries import choices, patient_sets, positions

from .filters import ALL_YEARS, BASES, MEASURES, FilterForm, one_of, several

FLOW_MEASURES = [*MEASURES, ("patients", "Patients")]
FLOW_BASES = [*BASES, ("change", "This year against last")]
FLOW_LEVELS = [("region", "Region"), ("system", "System"), ("place", "Place"), ("code", "CCG or sub-ICB of the day")]
DESTINATIONS = [("provider", "Provider"), ("site", "Site")]


class FlowFilterForm(FilterForm):
    """Filters of the Flows page."""

    uses: ClassVar[tuple[str, ...]] = (*FilterForm.uses, "destination", "place")
    defaults: ClassVar[dict[str, str]] = {**FilterForm.defaults, "destination": "provider"}
    further: ClassVar[tuple[str, ...]] = ("from_month", "to_month", "point_of_delivery", "geography")

    measure = one_of("Measure", FLOW_MEASURES)
    basis = one_of("Show", FLOW_BASES)
    level = one_of("Homes by", FLOW_LEVELS)
    destination = one_of("Treated at", DESTINATIONS)
    place = several("Places of patients", choices.place_choices, hidden=True)

    def clean(self):
        cleaned = super().clean()
        self._check_patients(cleaned)
        self._check_change(cleaned)
        self._check_homes(cleaned)
        return cleaned

    def _check_patients(self, cleaned):
        """Patients are counted of what was done, in patient-level sets that somebody has sent."""
        if cleaned.get("measure") != "patients":
            return
        if cleaned.get("basis") not in (None, "actual"):
            self.add_error("basis", "Patients are counted of actual activity alone: choose Actual, or activity or cost")
        if not patient_sets.set_manifest(self.position)[0].read_copies:
            self.add_error("measure", "No patient-level set is published, so patients are not known: choose activity or cost")

    def _check_change(self, cleaned):
        if cleaned.get("basis") != "change" or "year" not in cleaned:
            return
        # A merger between the two years is no change of where anybody is treated.
        cleaned["geography"] = "today"
        if cleaned["year"] == ALL_YEARS:
            self.add_error("year", "This year against last needs one year: choose a year")
        elif preceding(cleaned["year"]) not in positions.manifest(self.position).years:
            before = preceding(cleaned["year"])
            self.add_error(
                "basis", f"{before} is not loaded, so {cleaned['year']} cannot be held against it: choose a later year"
            )

    def _check_homes(self, cleaned):
        """Places of none of the systems chosen leave nobody."""
        systems, places = cleaned.get("system"), cleaned.get("place")
        if systems and places and not choices.places_touching(systems) & set(places):
            self.add_error("place", "None of the places chosen is in the systems chosen: clear one of the two")


class MeasuresForm(FilterForm):
    """Filters of the page of measures, which are of every home and every provider."""

    uses: ClassVar[tuple[str, ...]] = tuple(name for name in FilterForm.uses if name not in ("provider", "system", "level"))
    further: ClassVar[tuple[str, ...]] = ("from_month", "to_month", "point_of_delivery", "geography")

    basis = one_of("Show", [basis for basis in BASES if basis[0] != "difference"])


class FlowForm(FlowFilterForm):
    """One flow: from one home, at the level that the filters name, to one provider or one of its sites."""

    uses: ClassVar[tuple[str, ...]] = (
        *[name for name in FlowFilterForm.uses if name not in ("system", "place", "basis", "destination")],
        "home",
        "site",
    )
    further: ClassVar[tuple[str, ...]] = ("from_month", "to_month", "point_of_delivery", "geography")

    measure = one_of("Measure", MEASURES)
    home = forms.CharField(
        max_length=10, widget=forms.HiddenInput(), label="Home", error_messages={"required": "Choose a home of patients"}
    )
    provider = forms.CharField(
        max_length=5, widget=forms.HiddenInput(), label="Provider", error_messages={"required": "Choose a provider"}
    )
    site = forms.CharField(max_length=9, required=False, widget=forms.HiddenInput(), label="Site")

    def __init__(self, data=None, *, reader: Any = None, page: bool = True):
        super().__init__(data, reader=reader, page=page)
        self.fields["level"].widget = forms.HiddenInput()

    def clean_home(self):
        code = self.cleaned_data["home"]
        if code not in {**choices.code_names(), **choices.place_names(), **choices.region_names()}:
            raise forms.ValidationError(f"Home of patients: “{code}” is not on the list")
        return [code]

    def clean_provider(self):
        code = self.cleaned_data["provider"]
        if code not in choices.provider_names() and code not in dict(choices.provider_choices(self.position)):
            raise forms.ValidationError(f"Provider: “{code}” is not on the list")
        return [code]

    def clean_site(self):
        return [self.cleaned_data["site"]] if self.cleaned_data["site"] else []
