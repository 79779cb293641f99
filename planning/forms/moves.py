"""Forms of the moves of a scenario: one for each kind, with the fields that it needs and no others."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from planning.calculations.homes import NOT_KNOWN
from planning.models import ScenarioMove
from planning.queries import choices, scenarios

Kind = ScenarioMove.Kind
MOST_POUNDS = 1_000_000_000
LATEST_YEAR = 5
PER_CENT = Decimal(100)

KIND_HELP = {
    Kind.REPATRIATE: "People of some homes who are treated elsewhere would be treated at a provider nearer home.",
    Kind.CONSOLIDATE: "What several providers do would be done at one of them.",
    Kind.OPEN: "A provider would open a site for a service that it does not have there now.",
    Kind.LOSE: "A provider would stop a service, and its people would go elsewhere.",
    Kind.REFERRAL: "More, or fewer, of an area’s people would be referred to a provider.",
    Kind.GROWTH: "Flows grow with the people of a home, and by what is done for each of them.",
}


def _many(label: str, help_text: str = "", *, needed: str = "") -> forms.MultipleChoiceField:
    messages = {"invalid_choice": f"{label}: “%(value)s” is not on the list", "required": needed}
    widget = forms.CheckboxSelectMultiple()
    return forms.MultipleChoiceField(
        label=label, required=bool(needed), help_text=help_text, widget=widget, error_messages=messages
    )


def _percent(label: str, least: int, most: int, help_text: str = "", *, required: bool = True) -> forms.DecimalField:
    name = label.split(",")[0].removesuffix(" (optional)")
    # Two per cent signs: Django fills in the limits of a message with the old formatting.
    between = f"{name} must be between {least}%% and {most}%%".replace("between -", "between \u2212")
    return forms.DecimalField(
        label=label,
        required=required,
        help_text=help_text,
        min_value=least,
        max_value=most,
        decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "nhsuk-input--width-5"}),
        error_messages={
            "required": f"Enter {name[0].lower()}{name[1:]}",
            "invalid": f"{name} must be a number, such as 12.5",
            "min_value": between,
            "max_value": between,
            "max_decimal_places": f"{name} must have no more than 4 decimal places",
        },
    )


def _pounds(label: str, help_text: str) -> forms.IntegerField:
    name = label.removesuffix(" (optional)")
    between = f"{name} must be between £0 and £{MOST_POUNDS:,}"
    return forms.IntegerField(
        label=label,
        required=False,
        help_text=help_text,
        min_value=0,
        max_value=MOST_POUNDS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-10"}),
        error_messages={"invalid": f"{name} must be whole pounds, such as 400000", "min_value": between, "max_value": between},
    )


class MoveForm(forms.Form):
    """Fields of any move; `uses` of a subclass says which of them its kind has."""

    kind: ClassVar[str] = ""
    uses: ClassVar[tuple[str, ...]] = ()
    labels: ClassVar[dict[str, str]] = {}
    required: ClassVar[tuple[str, ...]] = ()

    services = _many("Services", "Leave all unticked for every specialised service.")
    homes = _many("Homes of the people who move", "Leave all unticked for every home.")
    senders = _many("Providers that they leave", "Leave all unticked for every provider but the one they go to.")
    receiver = forms.ChoiceField(label="Provider that they go to", required=False)
    site = forms.ChoiceField(
        label="Where the new site is (optional)", required=False, help_text="For distances. The provider’s own place otherwise."
    )
    share = _percent("Share that moves, %", 0, 100, "Of the flows chosen, as the moves before it leave them.")
    demographic = _percent(
        "Growth with people, % a year (optional)",
        -20,
        20,
        "Leave blank for projected people by age and sex where they are uploaded, otherwise the assumed rate.",
        required=False,
    )
    non_demographic = _percent(
        "Growth in what is done for each person, % a year (optional)",
        -20,
        20,
        "Leave blank for the assumed rate.",
        required=False,
    )
    first_year = forms.TypedChoiceField(label="From which year", coerce=int, error_messages={"required": "Select a year"})
    payment = forms.ChoiceField(
        label="How the activity is paid",
        choices=ScenarioMove.Payment.choices,
        initial=ScenarioMove.Payment.RULES,
        widget=forms.RadioSelect,
        required=False,
    )
    one_off = _pounds("One-off cost, £ (optional)", "In the first year, at the provider that they go to.")
    new_fixed = _pounds("New fixed cost, £ a year (optional)", "From the first year on, whatever the activity.")
    note = forms.CharField(
        label="Note (optional)",
        required=False,
        max_length=300,
        error_messages={"max_length": "The note must be 300 characters or fewer"},
    )

    def __init__(self, data: Any = None, *, version: Any, years: list[str], **options: Any):
        super().__init__(data, **options)
        self.version = version
        for name in [n for n in self.fields if n not in (*self.uses, "note")]:
            del self.fields[name]
        for name, label in self.labels.items():
            self.fields[name].label = label
        self._fill_choices(years)
        for name in self.required:
            self.fields[name].required = True
            word = self.fields[name].label
            self.fields[name].error_messages["required"] = f"Select {word[0].lower()}{word[1:]}"

    def _fill_choices(self, years: list[str]) -> None:
        providers = choices.provider_choices(self.version.position)
        listed = {
            "services": scenarios.services_loaded(self.version.position, self.version.year),
            "homes": [c for c in scenarios.home_choices() if c[0] != NOT_KNOWN],
            "senders": providers,
            "receiver": [
                ("", self.no_receiver),
                *scenarios.receiver_choices(self.version.position, every=self.kind == Kind.OPEN),
            ],
            "site": [("", "Not said"), *choices.place_choices()],
            "first_year": list(enumerate(years[:LATEST_YEAR], start=1)),
        }
        for name in set(listed) & set(self.fields):
            self.fields[name].choices = listed[name]
            if isinstance(self.fields[name], forms.ChoiceField) and not isinstance(self.fields[name], forms.MultipleChoiceField):
                self.fields[name].error_messages.setdefault("invalid_choice", "")
                self.fields[name].error_messages["invalid_choice"] = f"{self.fields[name].label}: “%(value)s” is not on the list"

    no_receiver: ClassVar[str] = "Choose a provider"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        receiver = cleaned.get("receiver")
        if receiver and receiver in cleaned.get("senders", []):
            self.add_error("receiver", "The provider that they go to is one that they leave: choose another")
        if "share" in self.uses and not self.errors and not cleaned["share"]:
            self.add_error("share", "The share must not be 0: nothing would move")
        return cleaned

    def named(self, field: str) -> str | None:
        """Where what is wrong with a field of moves is said: at the field, or at the one that this kind has instead of it."""
        instead = {"share": "points", "senders": "services"}
        return next((name for name in (field, instead.get(field, "")) if name in self.fields), None)

    def fields_of_move(self) -> dict[str, Any]:
        """The cleaned values as a stored move has them."""
        cleaned = self.cleaned_data
        found: dict[str, Any] = {"kind": self.kind, "note": cleaned.get("note", "")}
        for name in ("homes", "services", "senders"):
            found[name] = list(cleaned.get(name) or [])
        for name in ("share", "demographic", "non_demographic"):
            if cleaned.get(name) is not None:
                found[name] = cleaned[name] / PER_CENT
        found |= {name: cleaned.get(name) or "" for name in ("receiver", "site")}
        found |= {name: cleaned.get(name) or 0 for name in ("one_off", "new_fixed")}
        found["first_year"] = cleaned.get("first_year") or 1
        found["payment"] = cleaned.get("payment") or ScenarioMove.Payment.RULES
        return found


CHOSEN = ("services", "homes")
TERMS = ("first_year", "payment", "one_off", "new_fixed")


class RepatriateForm(MoveForm):
    kind = Kind.REPATRIATE
    uses = (*CHOSEN, "senders", "receiver", "share", *TERMS)
    required = ("homes", "receiver")


class ConsolidateForm(MoveForm):
    kind = Kind.CONSOLIDATE
    uses = (*CHOSEN, "senders", "receiver", "share", *TERMS)
    required = ("services", "senders", "receiver")


class OpenForm(MoveForm):
    kind = Kind.OPEN
    uses = (*CHOSEN, "senders", "receiver", "site", "share", *TERMS)
    labels: ClassVar[dict[str, str]] = {"receiver": "Provider that runs the new site"}
    required = ("services", "receiver")


class LoseForm(MoveForm):
    kind = Kind.LOSE
    uses = (*CHOSEN, "senders", "receiver", "share", *TERMS)
    labels: ClassVar[dict[str, str]] = {
        "senders": "Provider that loses the service",
        "share": "Share that it loses, %",
        "receiver": "Where people go",
    }
    required = ("services", "senders")
    no_receiver = "Where others of their home go"


class ReferralForm(MoveForm):
    kind = Kind.REFERRAL
    uses = (*CHOSEN, "receiver", "points", *TERMS)
    labels: ClassVar[dict[str, str]] = {"homes": "Area that refers", "receiver": "Provider whose share changes"}
    required = ("services", "homes", "receiver")

    points = _percent(
        "Change in its share, percentage points", -100, 100, "More than 0 towards the provider, less than 0 away from it."
    )
    field_order = ("services", "homes", "receiver", "points", *TERMS, "note")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "points" not in self.errors and not cleaned.get("points"):
            self.add_error("points", "The change must not be 0: nothing would move")
        return cleaned

    def fields_of_move(self) -> dict[str, Any]:
        return {**super().fields_of_move(), "share": self.cleaned_data["points"] / PER_CENT}


class GrowthForm(MoveForm):
    kind = Kind.GROWTH
    uses = (*CHOSEN, "demographic", "non_demographic", "payment")
    labels: ClassVar[dict[str, str]] = {"homes": "Homes whose flows grow"}

    def fields_of_move(self) -> dict[str, Any]:
        blank = {"demographic": None, "non_demographic": None}
        return {**blank, **super().fields_of_move()}


FORMS = {str(form.kind): form for form in (RepatriateForm, ConsolidateForm, OpenForm, LoseForm, ReferralForm, GrowthForm)}


def values_of(move: ScenarioMove) -> dict[str, Any]:
    """A stored move as its form shows it."""
    values = {name: getattr(move, name) for name in ("homes", "services", "senders", "receiver", "site", "note", "payment")}
    values |= {"first_year": move.first_year, "one_off": move.one_off or None, "new_fixed": move.new_fixed or None}
    for name in ("share", "demographic", "non_demographic"):
        value = getattr(move, name)
        values[name] = None if value is None else f"{(value * PER_CENT).normalize():f}"
    return {**values, "points": values["share"]}
