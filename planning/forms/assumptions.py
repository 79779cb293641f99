"""Forms of what scenarios assume: another value, and a file of projected people."""

from decimal import Decimal
from typing import Any

from django import forms

from planning.calculations.financial_years import read_year
from planning.forms.provenance import TableFileField, owner_field, source_field
from planning.queries import choices, scenarios
from presentation.wording import UNITS, unit_name

# Key → (kind, words, measured in, least, most, which scopes it may be said of).
EVERY = ("provider", "service", "unit")
KEYS: dict[str, tuple[str, str, str, str, str, tuple[str, ...]]] = {
    "unit_price": ("price", "Unit price", "£ a unit", "0", "1000000", ("provider", "service", "point_of_delivery")),
    "variable_share": ("cost", "Variable share of unit cost", "share of unit cost", "0", "1", EVERY),
    "semi_fixed_share": ("cost", "Semi-fixed share of unit cost", "share of unit cost", "0", "1", EVERY),
    "fixed_share": ("cost", "Fixed share of unit cost", "share of unit cost", "0", "1", EVERY),
    "step": ("cost", "Step of semi-fixed cost", "units of activity in one step of capacity", "1", "1000000", EVERY),
    **{
        f"{of}_release_{year}": (
            "cost",
            f"{of.replace('_', '-').capitalize()} cost given up by year {year}",
            f"share given up by year {year}",
            "0",
            "1",
            EVERY,
        )
        for of in ("semi_fixed", "fixed")
        for year in range(1, 6)
    },
    "follows_patient": (
        "payment",
        "Payment that follows the patient",
        "share of the price that follows the patient",
        "0",
        "1",
        ("point_of_delivery",),
    ),
    "low_volume_threshold": (
        "payment",
        "Low-volume threshold",
        "£ a year between one commissioner and one provider",
        "0",
        "100000000",
        (),
    ),
    "length_of_stay": (
        "stay",
        "Length of stay",
        "days of stay of a spell",
        "0",
        "365",
        ("provider", "service", "point_of_delivery"),
    ),
    "occupancy": ("stay", "Bed occupancy", "share of beds in use", "0.01", "1", ("provider", "service")),
    "demographic": ("growth", "Demographic growth", "a year", "-0.2", "0.2", ("home",)),
    "non_demographic": ("growth", "Non-demographic growth", "a year", "-0.2", "0.2", ("home", "service")),
}
SCOPES = ("provider", "service", "home", "point_of_delivery", "unit")
SCOPE_WORDS = {"point_of_delivery": "point of delivery", "unit": "kind of activity"}


def _scope(label: str) -> forms.ChoiceField:
    message = f"{label.removesuffix(' (optional)')}: “%(value)s” is not on the list"
    return forms.ChoiceField(label=label, required=False, error_messages={"invalid_choice": message})


class AssumptionForm(forms.Form):
    key = forms.ChoiceField(
        label="What",
        choices=[("", "Choose one"), *((key, words) for key, (_, words, *_) in KEYS.items())],
        error_messages={"required": "Select what is assumed", "invalid_choice": "Select what is assumed from the list"},
    )
    value = forms.DecimalField(
        label="Value",
        max_digits=16,
        decimal_places=6,
        help_text="Shares and growth as fractions: 0.35 is 35%.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "nhsuk-input--width-10"}),
        error_messages=dict.fromkeys(("required", "invalid"), "Value must be a number, such as 0.35")
        | dict.fromkeys(
            ("max_digits", "max_decimal_places", "max_whole_digits"),
            "Value must have at most 10 digits before the point and 6 after it",
        ),
    )
    service = _scope("Of which service (optional)")
    provider = _scope("Of which provider (optional)")
    home = _scope("Of people of which home (optional)")
    point_of_delivery = _scope("At which point of delivery (optional)")
    unit = _scope("Of which kind of activity (optional)")
    from_year = forms.CharField(
        label="In force from the financial year",
        max_length=7,
        help_text="For example, 2025/26. Scenarios that start from an earlier year do not take it up.",
        error_messages={
            "required": "Enter a financial year, such as 2025/26",
            "max_length": "Enter a financial year, such as 2025/26",
        },
    )
    owner = owner_field(help_text="Who decided it and answers for it.")
    source = source_field()

    def __init__(self, data: Any = None, **options: Any):
        super().__init__(data, **options)
        every = [("", "Everything")]
        self.fields["service"].choices = [*every, *choices.service_choices()]
        self.fields["provider"].choices = [*every, *sorted(choices.provider_names().items(), key=lambda c: c[1])]
        self.fields["home"].choices = [*every, *scenarios.home_choices()]
        self.fields["point_of_delivery"].choices = [*every, *choices.point_of_delivery_choices()]
        self.fields["unit"].choices = [*every, *((unit, unit_name(unit).capitalize()) for unit in UNITS)]

    def clean_from_year(self) -> str:
        found = read_year(self.cleaned_data["from_year"])
        if found is None:
            raise forms.ValidationError("Enter a financial year, such as 2025/26")
        return found[0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "key" in self.errors:
            return cleaned
        _, words, _, least, most, scopes = KEYS[cleaned["key"]]
        value = cleaned.get("value")
        if value is not None and not Decimal(least) <= value <= Decimal(most):
            self.add_error("value", f"{words} must be between {least} and {most}".replace("between -", "between \u2212"))
        for name in SCOPES:
            if cleaned.get(name) and name not in scopes:
                self.add_error(name, f"{words} is not said of one {SCOPE_WORDS.get(name, name)}: leave it at Everything")
        return cleaned

    def row(self) -> dict[str, Any]:
        """The values as a stored assumption has them."""
        cleaned = self.cleaned_data
        kind, _, measured_in, *_ = KEYS[cleaned["key"]]
        return {"kind": kind, "measured_in": measured_in, **cleaned}


class ProjectionForm(forms.Form):
    file = TableFileField(label="File", what="file of projected people", most=20)
    name = forms.CharField(
        label="Name",
        max_length=120,
        help_text="For example: GLA housing-led projections 2024.",
        error_messages={"required": "Enter a name", "max_length": "The name must be 120 characters or fewer"},
    )
    owner = owner_field()
    source = source_field()
