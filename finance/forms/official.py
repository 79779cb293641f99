"""The form by which an official file is loaded, and the choice of an edition."""

from typing import Any, ClassVar

from django import forms

from finance.models import OfficialFileKind
from finance.queries.official import edition_choices
from planning.forms.filters import PositionForm
from planning.forms.provenance import PublicFileField, edition_field, publisher_field
from presentation.forms import DatePartsField


class OfficialFileForm(forms.Form):
    """An official file to load."""

    kind = forms.ChoiceField(
        label="What is in the file?",
        choices=OfficialFileKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what is in the file", "invalid_choice": "Select what is in the file"},
    )
    file = PublicFileField(
        label="Official file",
        help_text="The Excel workbook (.xlsx) as it was published, or a CSV.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.zip"}),
    )
    sheet = forms.CharField(
        label="Sheet (optional)",
        required=False,
        help_text="Of a workbook. Leave it blank to use the sheet that has the columns.",
        max_length=100,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-20"}),
        error_messages={"max_length": "The name of the sheet must be 100 characters or fewer"},
    )
    edition = edition_field("As its publisher names it, with the financial year, for example 2025/26.")
    source = publisher_field()
    dated = DatePartsField(label="Published on", required=False, help_text="If you know it. For example, 30 1 2025.")
    replace = forms.BooleanField(
        label="Replace a file of this edition that is loaded already",
        required=False,
        help_text="What was loaded before is kept, and no longer shown.",
    )


def _edition(label: str = "Edition") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, error_messages={"invalid_choice": f"{label}: “%(value)s” is not loaded"}
    )


class EditionForm(PositionForm):
    """Which edition of some kinds of file; the latest year where none is named. What was published rests on no position."""

    kinds: ClassVar[dict[str, str]] = {}

    def __init__(self, data: Any = None, *, reader: Any = None, page: bool = True):
        super().__init__(data, reader=reader, page=page)
        for name, kind in self.kinds.items():
            self.fields[name].choices = edition_choices(kind) or [("", "None is loaded")]

    def clean(self):
        cleaned = super().clean()
        if "position" not in self.errors:
            cleaned["position"] = None
        return cleaned


class CoreSharesForm(EditionForm):
    """Which edition of the practice weighted populations."""

    kinds: ClassVar[dict[str, str]] = {"edition": OfficialFileKind.PRACTICES}
    uses: ClassVar[tuple[str, ...]] = tuple(kinds)

    edition = _edition()


class OfficialFiguresForm(EditionForm):
    """Which edition of each of the other kinds of file."""

    kinds: ClassVar[dict[str, str]] = {
        f"{kind}_edition": kind for kind in OfficialFileKind.values if kind != OfficialFileKind.PRACTICES
    }
    uses: ClassVar[tuple[str, ...]] = tuple(kinds)

    allocations_edition = _edition("Allocations")
    convergence_edition = _edition("Pace of change")
    need_edition = _edition("Need index")
    measures_edition = _edition("Measures of need and supply")
    market_forces_edition = _edition("Market forces factors")
    registered_edition = _edition("Registered people")
