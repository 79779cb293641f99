"""A policy to try: how much is given away, how fast distances close, what counts as need, and what is left out."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from finance import queries
from finance.queries import policies as saved
from planning.forms.filters import ALL_YEARS, FilterForm, left_out, one_of, several
from planning.forms.provenance import note_field
from planning.queries import choices, coverage, positions
from presentation.amounts import plain
from presentation.forms import PastedNumberField

WAYS = [("chain", "Full chain, step by step"), ("core", "Core index, finished")]
MOST_YEARS, MOST_KNOTS, MOST_COMPARED = 10, 20, 4
BETWEEN_KNOTS, WITHIN_KNOT = re.compile(r"[;\n]"), re.compile(r"[\s:,]+")
EXAMPLE = "such as −5 1"


def number_field(
    label: str, least: str, most: str, unit: str, *, decimals: int = 3, said: str = "", **options: Any
) -> PastedNumberField:
    """`said` is what a message calls it, where that is not its label."""
    name = said or label
    message = f"{name} must be between {least}%% and {most}%%".replace("-", "\u2212")
    if unit == "£m":
        message = f"{name} must be above £0 and no more than £{Decimal(most):,}m"
    texts = {
        **dict.fromkeys(("min_value", "max_value"), message),
        "invalid": f"{name} must be a number, such as 1.5",
        "required": f"Enter {'the ' if name == label else ''}{name[0].lower()}{name[1:]}",
        "max_decimal_places": f"{name} must have no more than {decimals} decimal places",
    }
    return PastedNumberField(
        label=f"{label} ({unit})",
        unit=unit,
        min_value=Decimal(least),
        max_value=Decimal(most),
        decimal_places=decimals,
        error_messages=texts,
        **options,
    )


class PolicyForm(FilterForm):
    """What a policy says; whatever is not said is as the programme's own rates have it."""

    uses: ClassVar[tuple[str, ...]] = (
        *("year", "way", "growth", "quantum", "years", "floor", "cap", "need_weight", "knots"),
        *("leave_out_programme", "leave_out_system"),
    )
    defaults: ClassVar[dict[str, str]] = {"way": "chain", "years": "5"}

    way = one_of("Weighted shares by", WAYS)
    growth = number_field("Growth", "-20", "30", "%", help_text="A year, of what all systems receive together.")
    quantum = number_field(
        *("Quantum of the first year", "0.000001", "100000", "£m"),
        required=False,
        decimals=6,
        help_text="Optional. In place of growth, in the first year.",
    )
    years = forms.TypedChoiceField(
        label="Years ahead",
        coerce=int,
        required=False,
        choices=[(n, n) for n in range(1, MOST_YEARS + 1)],
        error_messages={"invalid_choice": f"Years ahead must be between 1 and {MOST_YEARS}"},
    )
    floor = number_field("Floor", "-20", "30", "%", help_text="Least growth of any system, a year.")
    cap = number_field("Cap", "-20", "30", "%", help_text="Most growth of any system, a year.")
    need_weight = number_field(
        *("Weight of need", "0", "500", "%"),
        required=False,
        decimals=1,
        help_text="100 as in the rates, 0 for none. Full chain only.",
    )
    knots = forms.CharField(
        label="Knots",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="One a line: a distance from target, then the change of growth there, both in %.",
        error_messages={
            "required": f"Enter at least two knots, {EXAMPLE}",
            "max_length": "Knots must be 600 characters or fewer",
        },
    )
    leave_out_programme = left_out("Leave out programmes of care", choices.programme_choices)
    leave_out_system = left_out("Leave out systems", ())

    def __init__(self, data: Any = None, *, reader: Any = None, page: bool = True):
        super().__init__(data, reader=reader, page=page)
        self.fields["year"].choices = [c for c in self.fields["year"].choices if c[0] != ALL_YEARS]
        self.fields["year"].label = "From the spend of"
        if not self.data.get("year") and (year := self.opening_year()):
            self.data["year"] = year
        self._fill_in(self.data.get("year") or ALL_YEARS)
        self.fields["leave_out_system"].choices = self._whole_systems()
        if self.data.get("knots"):
            self.data["knots"] = re.sub(r";\s*", "\n", self.data["knots"])

    def _fill_in(self, year: str) -> None:
        """The programme's own rates and the form's defaults where nothing is said."""
        known = year in {value for value, _ in self.fields["year"].choices}
        self.pace = queries.pace_in_force(year if known else ALL_YEARS)
        growth = queries.growth_rates(year if known else ALL_YEARS).get("revenue")
        knots = "; ".join(f"{_percent(d)} {_percent(c)}" for d, c in self.pace.knots)
        own = {"growth": growth and growth["value"], "floor": self.pace.floor, "cap": self.pace.cap}
        given = {name: _percent(value) for name, value in own.items() if value is not None} | {"knots": knots}
        for name, value in {**self.defaults, "need_weight": "100", **given}.items():
            if value and not self.data.get(name):
                self.data[name] = value

    def _whole_systems(self) -> list[tuple[str, str]]:
        """Those whose own trusts are all in: the others have no share to leave out."""
        period = {"position": self.position, "year": self.data.get("year") or ALL_YEARS}
        known = period["year"] in {value for value, _ in self.fields["year"].choices}
        whole = coverage.systems_with_own_trusts(period) if known else set()
        return [(code, name) for code, name in choices.system_choices() if code in whole]

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields as a page groups them; two systems alone have none to leave out."""
        left_out = [self["leave_out_programme"]]
        if len(self.fields["leave_out_system"].choices) > 2:
            left_out.append(self["leave_out_system"])
        return [
            ("How much is given away", [self[n] for n in ("year", "growth", "quantum", "years")]),
            ("How fast distances close", [self[n] for n in ("floor", "cap", "knots")]),
            ("What counts", [self["way"], self["need_weight"], *left_out]),
        ]

    def clean_knots(self) -> str:
        """ "−10: 1.5" and "-10 1.5 %" alike, one a line, as "-10 1.5; -5 1"."""
        said = [line.strip() for line in BETWEEN_KNOTS.split(self.cleaned_data["knots"]) if line.strip()]
        if len(said) > MOST_KNOTS:
            raise forms.ValidationError(f"Knots must be {MOST_KNOTS} or fewer: there are {len(said)}")
        return "; ".join(" ".join(plain(v) for v in knot_of(number, line)) for number, line in enumerate(said, start=1))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "need_weight" not in self.errors and cleaned.get("need_weight") is None:
            cleaned["need_weight"] = Decimal(100)
        cleaned["years"] = int(cleaned["years"]) if cleaned.get("years") else None
        if cleaned.get("way") == "core" and cleaned.get("need_weight") not in (None, Decimal(100)):
            self.add_error("need_weight", "Weight of need must be 100% with the core index, which is finished as published")
        if "year" not in self.errors and cleaned.get("year") == ALL_YEARS:
            cleaned["year"] = ""
        return cleaned


def knot_of(number: int, line: str) -> list[Decimal]:
    words = [w for w in WITHIN_KNOT.split(line.replace("\u2212", "-").replace("%", " ").strip()) if w]
    try:
        values = [Decimal(word) for word in words]
    except InvalidOperation:
        values = []
    if len(values) != 2 or not all(v.is_finite() and abs(v) <= 100 for v in values):
        raise forms.ValidationError(f"Knot {number}, “{line[:40]}”, must be two numbers between −100 and 100, {EXAMPLE}")
    return values


def _percent(value: Decimal) -> str:
    """0.0360 as 3.6."""
    return plain(value * 100)


def settings_of(filters: Mapping[str, Any]) -> dict[str, Any]:
    """What a policy says, as it is kept: without the position, every number as text."""
    kept = {name: filters[name] for name in PolicyForm.uses if filters.get(name) not in (None, "", [])}
    return {name: value if isinstance(value, list) else str(value) for name, value in kept.items()}


class SavePolicyForm(forms.Form):
    """What an option is called, and whether others read it."""

    name = forms.CharField(
        label="Name of the option",
        max_length=100,
        help_text="For example: Slower, with a floor of 3%.",
        error_messages={"required": "Enter a name", "max_length": "The name must be 100 characters or fewer"},
    )
    note = note_field()
    shared = forms.BooleanField(label="Share it with everybody who sees figures", required=False)


class OptionsForm(forms.Form):
    """Up to four saved options side by side."""

    option = several("Options", ())

    def __init__(self, data: Any = None, *, reader: Any = None, page: bool = True):
        self.reader = reader
        query = QueryDict(mutable=True)
        for name, value in data.lists() if hasattr(data, "lists") else dict(data or {}).items():
            query.setlist(name, [str(v) for v in (value if isinstance(value, list | tuple) else [value])])
        super().__init__(query)
        self.fields["option"].choices = saved.option_choices(reader.user if reader else None)

    def clean_option(self) -> list[str]:
        chosen = list(dict.fromkeys(self.cleaned_data["option"]))
        if len(chosen) > MOST_COMPARED:
            raise forms.ValidationError(f"Choose at most four options: {len(chosen)} are chosen")
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        chosen = cleaned.get("option") or []
        first = saved.options_by_number(chosen[:1])
        return {"option": chosen, "position": first[0].position if first else positions.latest_position()}

    def query_string(self) -> str:
        query = QueryDict(mutable=True)
        query.setlist("option", self.cleaned_data["option"])
        return query.urlencode()
