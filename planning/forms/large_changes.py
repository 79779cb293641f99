"""The form in which the programme team says how large a change may be before it needs a reason."""

from datetime import date
from decimal import Decimal

from django import forms

from planning.models import LargeChange
from presentation.forms import DatePartsField

MOST_POUNDS = 10_000_000_000


def _pounds(label: str, help_text: str, named: str) -> forms.IntegerField:
    message = f"{named} must be a whole number of pounds from 0 to {MOST_POUNDS:,}, such as 1000000"
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=0,
        max_value=MOST_POUNDS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-10"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), message) | {"required": f"Enter {_lower(named)}"},
    )


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]


class LargeChangeForm(forms.Form):
    """`today` is the first day from which a threshold may count: what was published before is not judged anew."""

    pounds = _pounds(
        "More than how many pounds is large?", "Of actual price, more or less, in one publication. In whole pounds.", "The amount"
    )
    percent = forms.DecimalField(
        label="More than what share is large?",
        help_text="In per cent of the price that is replaced.",
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "nhsuk-input--width-5"}),
        error_messages={
            "required": "Enter the share",
            **dict.fromkeys(
                ("invalid", "min_value", "max_value", "max_digits", "max_whole_digits", "max_decimal_places"),
                "The share must be a number from 0 to 100 with no more than 2 decimal places, such as 5",
            ),
        },
    )
    least_pounds = _pounds(
        "Up to how many pounds does a share not matter?",
        "A large share of little money needs no reason. 0 if every share matters.",
        "The amount up to which a share does not matter",
    )
    valid_from = DatePartsField(
        label="From which day?",
        help_text="Today or later, for example 1 4 2027. What is set for a day replaces what was set for the same day.",
        error_messages={"required": "Enter the day from which it counts"},
    )
    owner = forms.CharField(
        label="Who answers for it?",
        max_length=120,
        error_messages={
            "required": "Enter who answers for it",
            "max_length": "Who answers for it must be 120 characters or fewer",
        },
    )
    source = forms.CharField(
        label="Where was it agreed, and when?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Enter where it was agreed, and when",
            "max_length": "Where it was agreed must be 500 characters or fewer",
        },
    )

    def __init__(self, *args, today: date, **options):
        super().__init__(*args, **options)
        self.today = today

    def clean_valid_from(self) -> date:
        day = self.cleaned_data["valid_from"]
        if day < self.today:
            raise forms.ValidationError("The day from which it counts must be today or later")
        return day

    def clean_percent(self) -> Decimal:
        return self.cleaned_data["percent"].quantize(Decimal("0.01"))


def of_threshold(threshold: LargeChange | None) -> dict:
    """What the form shows first: what is in force."""
    row = threshold or LargeChange()
    return {"pounds": row.pounds, "percent": f"{Decimal(row.percent):g}", "least_pounds": row.least_pounds}
