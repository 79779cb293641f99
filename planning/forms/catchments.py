"""Filters of the pages of catchments, and the form by which a public file of shares is loaded."""

from typing import ClassVar

from django import forms

from planning.forms.filters import FilterForm
from planning.forms.provenance import PublicFileField, edition_field, publisher_field
from planning.queries import choices
from planning.queries.catchments import ALL_AREAS, WHOLE_AREAS

REACHES = [
    (WHOLE_AREAS, "Those whose own trusts have submitted"),
    (ALL_AREAS, "All, as an upper limit"),
]
KINDS = [
    ("proportions", "Area proportions: of each area's patients, the share at each trust"),
    ("origins", "Origin shares: of each trust's admissions, the share from each system or place"),
]


class CatchmentForm(FilterForm):
    """Filters of the page of all catchments. Every provider competes, so none can be left out."""

    uses: ClassVar[tuple[str, ...]] = (
        "year",
        "programme_of_care",
        "national_programme",
        "service",
        "service_code",
        "level",
        "reach",
        "geography",
    )
    further: ClassVar[tuple[str, ...]] = ("geography", "reach")
    defaults: ClassVar[dict[str, str]] = {**FilterForm.defaults, "reach": WHOLE_AREAS}

    reach = forms.ChoiceField(
        label="Areas counted",
        choices=REACHES,
        required=False,
        error_messages={"invalid_choice": "Areas counted: “%(value)s” is not on the list"},
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["level"].label = "Areas"


class ProviderCatchmentForm(CatchmentForm):
    """Filters of the page of one provider's catchment."""

    uses: ClassVar[tuple[str, ...]] = (*CatchmentForm.uses, "catchment_of")

    catchment_of = forms.ChoiceField(
        label="Catchment of",
        required=True,
        widget=forms.HiddenInput(),
        error_messages={"invalid_choice": "Catchment of: “%(value)s” is not on the list", "required": "Choose a provider"},
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["catchment_of"].choices = lambda: sorted(choices.provider_names().items())


class PublicFileForm(forms.Form):
    """A public file of shares to load."""

    kind = forms.ChoiceField(
        label="What is in the file?",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what is in the file"},
    )
    file = PublicFileField(
        label="Public file",
        help_text="A CSV, or an Excel workbook (.xlsx) of one sheet, with the headings in its first row.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    edition = edition_field("As its publisher names it, for example April 2026.")
    source = publisher_field()
