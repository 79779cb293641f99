"""What an allocation round is asked."""

import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django import forms

from finance import queries
from finance.forms import coefficients as modelling
from finance.forms import round_years
from finance.forms.policies import knot_of, number_field
from finance.forms.round_from_option import answers_of_option, kept_of
from finance.models import AllocationRound, PolicyOption
from finance.queries import measures
from finance.queries import rounds as reading
from planning.calculations.financial_years import following, years_from
from planning.forms.filters import left_out
from planning.forms.provenance import note_field
from planning.queries import choices, positions, scenarios
from presentation.amounts import from_pounds, plain, to_pounds
from presentation.forms import PastedNumberField

MOST_YEARS, MOST_KNOTS = 10, 20
# How far the inputs of a round may be out, in per cent, unless somebody says otherwise: illustrative.
ERRORS = {
    "population": ("Population", "1"),
    "age": ("Cost by age and sex", "2"),
    "need": ("Additional need", "3"),
    "market_forces": ("Market forces", "0.5"),
}
MODEL_FIELDS = ("constant", "coefficients")


def _rate(label: str, least: str = "-20", most: str = "30", **options: Any) -> PastedNumberField:
    return number_field(label, least, most, "%", decimals=4, **options)


def _error(what: str) -> PastedNumberField:
    return _rate(f"{what} may be out by", "0", "50", said=f"How far {what[0].lower()}{what[1:]} may be out")


class RoundDetailsForm(forms.Form):
    """Everything that a round is asked."""

    name = forms.CharField(
        label="Name",
        max_length=100,
        help_text="For example: Specialised allocations 2026/27, first proposal.",
        error_messages={"required": "Enter a name", "max_length": "The name must be 100 characters or fewer"},
    )
    note = note_field()
    footprint = forms.ChoiceField(
        label="Area",
        required=False,
        error_messages={"invalid_choice": "Select an area on the list"},
        help_text="Shares are of this area. Every system of it must have its own trusts loaded.",
    )
    position = forms.TypedChoiceField(
        label="Position",
        coerce=int,
        error_messages={"required": "Nothing is published yet: publish extracts first", "invalid_choice": "Select a position"},
    )
    baseline_year = forms.ChoiceField(
        label="Baseline year",
        help_text="What was spent on each population in this year is where it starts from.",
        error_messages={"required": "Select a baseline year", "invalid_choice": "Select a baseline year that is loaded"},
    )
    first_year = forms.ChoiceField(
        label="First year allocated",
        error_messages={"required": "Select the first year", "invalid_choice": "Select a first year on the list"},
    )
    years = forms.TypedChoiceField(
        label="Number of years",
        coerce=int,
        choices=[(n, n) for n in range(1, MOST_YEARS + 1)],
        error_messages={"invalid_choice": f"Number of years must be between 1 and {MOST_YEARS}", "required": "Select the years"},
    )
    method = forms.ChoiceField(
        label="How weighted shares are made",
        choices=AllocationRound.Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how weighted shares are made"},
    )
    people = forms.ChoiceField(
        label="Whose population",
        choices=AllocationRound.People.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whose population"},
    )
    need = forms.ChoiceField(
        label="Additional need",
        choices=AllocationRound.Need.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how need is measured"},
    )
    need_includes_age = forms.BooleanField(
        label="The need index holds age already", required=False, help_text="The index of age and sex is then left out."
    )
    need_per_unit = PastedNumberField(
        label="Change in need for one point of deprivation",
        min_value=Decimal("-0.1"),
        max_value=Decimal("0.1"),
        decimal_places=6,
        help_text="Index of Multiple Deprivation 2019, average score. Used where need is measured from deprivation.",
        error_messages={
            "required": "Enter the change in need for one point",
            "invalid": "Change in need must be a number, such as 0.004",
            **dict.fromkeys(("min_value", "max_value"), "Change in need must be between \u22120.1 and 0.1"),
            "max_decimal_places": "Change in need must have no more than 6 decimal places",
        },
    )
    constant = modelling.constant_field()
    coefficients = modelling.coefficients_field()
    quantum = PastedNumberField(
        label="Quantum of the first year (£, optional)",
        unit="£",
        required=False,
        min_value=Decimal("0.01"),
        max_value=Decimal(10) ** 12,
        decimal_places=2,
        help_text="What there is to give away. Blank: the baselines together, grown by the growth below.",
        error_messages={
            "invalid": "Quantum must be an amount in pounds, such as 1250000000",
            "max_decimal_places": "Quantum must be in whole pence",
            **dict.fromkeys(("min_value", "max_value"), "Quantum must be between £0.01 and £1,000,000,000,000"),
        },
    )
    growth = round_years.growth_field()
    floor = _rate("Floor", help_text="Least growth of any area, a year.")
    cap = _rate("Cap", help_text="Most growth of any area, a year.")
    knots = forms.CharField(
        label="Knots",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="One a line: a distance from target, then the change of growth there, both in %. Linear in between.",
        error_messages={"required": "Enter at least two knots, such as −5 1", "max_length": "Knots: 600 characters at most"},
    )
    transfers = round_years.transfers_field()
    leave_out_programme = left_out("Leave out programmes of care", choices.programme_choices)
    leave_out_system = left_out("Leave out systems", choices.system_choices)
    error_population = _error("Population")
    error_age = _error("Cost by age and sex")
    error_need = _error("Additional need")
    error_market_forces = _error("Market forces")

    def __init__(
        self, data: Any = None, *, found: AllocationRound | None = None, option: PolicyOption | None = None, **options: Any
    ):
        latest, begun = positions.latest_position(), found or option
        self.option = kept_of(option) if option else found.parameters.get("option") if found else None
        self.numbers = [n for n in dict.fromkeys((latest, begun.position if begun else None)) if n]
        chosen = str(data.get("position", "")) if data else ""
        position = int(chosen) if chosen in {str(n) for n in self.numbers} else (begun.position if begun else latest)
        years = scenarios.full_years(position) if position else []
        super().__init__(data, initial={**opening(years), "position": position, **_begun(found, option)}, **options)
        if self.numbers:
            self.fields["position"].error_messages["required"] = "Select a position"
        self.fields["footprint"].choices = reading.area_choices()
        said = {latest: "the latest"}
        self.fields["coefficients"].widget.measures = measures.measure_choices()
        self.fields["position"].choices = [(n, f"{n}, {said.get(n, 'as it is now')}") for n in self.numbers]
        self.fields["baseline_year"].choices = [(year, year) for year in years]
        self.fields["first_year"].choices = [(year, year) for year in _years_after(years)]

    @property
    def is_carried_over(self) -> bool:
        """Whether the option that it begins with could be read."""
        return self.option is not None and "leave_out_programme" in self.initial

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields as a page groups them."""
        named = {
            "What is allocated": ("name", "note", "footprint", "position", "baseline_year", "first_year", "years"),
            "Weighted shares": ("method", "people", "need", "need_per_unit", *MODEL_FIELDS, "need_includes_age"),
            "What is left out": ("leave_out_programme", "leave_out_system"),
            "How much, and how fast": ("quantum", "growth", "transfers", "floor", "cap", "knots"),
            "How far each input may be out (illustrative unless you know better)": [f"error_{name}" for name in ERRORS],
        }
        return [(heading, [self[name] for name in names]) for heading, names in named.items()]

    def clean_quantum(self) -> int | None:
        given = self.cleaned_data["quantum"]
        return None if given is None else from_pounds(given)

    def clean_growth(self) -> list[Decimal]:
        return round_years.rates_in(self.cleaned_data["growth"])

    def clean_transfers(self) -> list[round_years.Transfer]:
        return round_years.transfers_in(self.cleaned_data["transfers"], choices.system_names())

    def clean_knots(self) -> list[list[float]]:
        lines = [line.strip() for line in re.split(r"[;\n]", self.cleaned_data["knots"]) if line.strip()]
        if len(lines) > MOST_KNOTS:
            raise forms.ValidationError(f"Knots must be {MOST_KNOTS} or fewer: there are {len(lines)}")
        knots = [[float(v / 100) for v in knot_of(number, line)] for number, line in enumerate(lines, start=1)]
        if len(knots) < 2:
            raise forms.ValidationError("Enter at least two knots, such as −5 1")
        for number, ((before, more), (after, less)) in enumerate(pairwise(knots), start=2):
            if after <= before:
                words = "overlap" if after == before else "are out of order"
                raise forms.ValidationError(
                    f"Knots {number - 1} and {number} {words}: give each distance once, from the lowest to the highest"
                )
            if less > more:
                raise forms.ValidationError(
                    f"Knot {number} gives more growth than knot {number - 1} to areas that are further above target: correct it"
                )
        return knots

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        floor, cap = cleaned.get("floor"), cleaned.get("cap")
        if floor is not None and cap is not None and floor > cap:
            self.add_error("floor", "Floor must be no higher than the cap")
        first, baseline = cleaned.get("first_year"), cleaned.get("baseline_year")
        if first and baseline and first <= baseline:
            self.add_error("first_year", f"First year allocated must be after the baseline year, {baseline}")
        self._check_years(cleaned)
        self._check_model(cleaned)
        if cleaned.get("need") == AllocationRound.Need.MEASURE and cleaned.get("need_includes_age"):
            self.add_error("need_includes_age", "Deprivation does not hold age: choose an imported need index, or clear this")
        return cleaned

    def _check_model(self, cleaned: dict[str, Any]) -> None:
        """Coefficients are asked for where need is by a model, and kept nowhere else."""
        if cleaned.get("need") != AllocationRound.Need.MODEL or cleaned.get("method") == AllocationRound.Method.PUBLISHED:
            cleaned["model"] = {}
            return
        known = [measure for measure, _ in self.fields["coefficients"].widget.measures]
        found, faults = modelling.coefficients_in(cleaned.get("coefficients") or [], known)
        if "constant" not in self.errors and cleaned.get("constant") is None:
            self.add_error("constant", "Enter the constant of the model, 0 if it has none")
        if faults:
            self.add_error("coefficients", [forms.ValidationError(fault) for fault in faults])
        cleaned["model"] = modelling.model_in(cleaned.get("constant"), found)

    def _check_years(self, cleaned: Mapping[str, Any]) -> None:
        """What is said year by year is of the years that are allocated."""
        number, first = cleaned.get("years"), cleaned.get("first_year")
        if number and "growth" in cleaned and (fault := round_years.growth_fault(cleaned["growth"], number)):
            self.add_error("growth", fault)
        if number and first and "transfers" in cleaned:
            fault = round_years.transfers_fault(cleaned["transfers"], years_from(first, number))
            if fault:
                self.add_error("transfers", fault)

    @property
    def asked(self) -> dict[str, Any]:
        """What the round keeps of a form that is right."""
        said = self.cleaned_data
        plainly = ("name", "note", "position", "baseline_year", "first_year", "years", "method", "people", "need")
        rates = {name: float(said[name] / 100) for name in ("floor", "cap")}
        growth = [float(rate / 100) for rate in said["growth"]]
        return {
            **{name: said[name] for name in (*plainly, "need_includes_age", "quantum")},
            "footprint_id": said["footprint"] or None,
            "parameters": {
                **rates,
                "growth": growth if len(growth) > 1 else growth[0],
                "transfers": [list(transfer) for transfer in said["transfers"]],
                **{name: said[name] for name in ("leave_out_programme", "leave_out_system") if said[name]},
                **({"option": self.option} if self.option else {}),
                "knots": said["knots"],
                "need_per_unit": float(said["need_per_unit"]),
                **({"need_model": said["model"]} if said["model"] else {}),
                "errors": {name: float(said[f"error_{name}"] / 100) for name in ERRORS},
            },
        }


def _years_after(years: list[str]) -> list[str]:
    """The ten years after the first that is loaded."""
    found = [following(min(years))] if years else []
    while years and len(found) < MOST_YEARS:
        found.append(following(found[-1]))
    return found


def opening(years: list[str]) -> dict[str, Any]:
    """What a new round begins with: the programme's own rates, and errors that are marked illustrative."""
    year = years[0] if years else "9999/00"
    pace, growth = queries.pace_in_force(year), queries.growth_rates(year).get("revenue")
    need = queries.rates_in_force("need", year).set_index("key")["value"]
    own = {"growth": growth and growth["value"], "floor": pace.floor, "cap": pace.cap}
    return {
        **{name: _percent(value) for name, value in own.items() if value is not None},
        "knots": "\n".join(f"{_percent(d)} {_percent(c)}" for d, c in pace.knots),
        "need_per_unit": plain(need[queries.NEED_MEASURE]) if queries.NEED_MEASURE in need.index else None,
        "baseline_year": year,
        "first_year": following(year) if years else None,
        "years": 3,
        "method": AllocationRound.Method.CHAIN,
        "people": AllocationRound.People.RESIDENT,
        "need": AllocationRound.Need.MEASURE,
        **{f"error_{name}": default for name, (_, default) in ERRORS.items()},
    }


def _begun(found: AllocationRound | None, option: PolicyOption | None) -> dict[str, Any]:
    """What a round that is changed, like another, or from an option begins with."""
    if found:
        return answers_of(found)
    return answers_of_option(option) if option else {}


def answers_of(found: AllocationRound) -> dict[str, Any]:
    """What a round was asked, as the form shows it."""
    told: Mapping[str, Any] = found.parameters
    plainly = (
        "name",
        "note",
        "position",
        "baseline_year",
        "first_year",
        "years",
        "method",
        "people",
        "need",
        "need_includes_age",
    )
    return {
        **{name: getattr(found, name) for name in plainly},
        "footprint": found.footprint_id or "",
        "quantum": None if found.quantum is None else plain(to_pounds(found.quantum), 2),
        **{name: _percent(told[name]) for name in ("floor", "cap")},
        "growth": round_years.rates_said(told["growth"]),
        "transfers": round_years.transfers_said(told.get("transfers", [])),
        **{name: told.get(name, []) for name in ("leave_out_programme", "leave_out_system")},
        "knots": "\n".join(f"{_percent(d)} {_percent(c)}" for d, c in told["knots"]),
        "need_per_unit": plain(Decimal(str(told["need_per_unit"]))),
        **modelling.model_said(told.get("need_model", {})),
        **{f"error_{name}": _percent(told["errors"].get(name, 0)) for name in ERRORS},
    }


def _percent(value: Decimal | float) -> str:
    """0.0360 as 3.6."""
    return plain(Decimal(str(value)) * 100)
