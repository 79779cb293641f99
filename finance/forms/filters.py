"""Filters of the finance pages, and the growth rates that a reader may try."""

from decimal import Decimal
from typing import Any

from django import forms

from finance import queries
from planning.forms.filters import ALL_YEARS, FilterForm
from planning.queries import scenarios
from presentation.forms import PastedNumberField

NAMES = {
    "demographic": "Demographic growth",
    "non_demographic": "Non-demographic growth",
    "price": "Price uplift",
    "efficiency": "Efficiency",
    "revenue": "Revenue growth",
}
LEAST, MOST = Decimal("-20"), Decimal("30")
MOST_EFFICIENCY = Decimal("20")


class AllocationForm(FilterForm):
    """A year or part of one, of every provider and service: shares are only true of a whole."""

    uses = ("year", "from_month", "to_month")


class SpendForm(FilterForm):
    """A year of plan and actual, of some providers, homes or programmes of care."""

    uses = ("year", "provider", "system", "programme_of_care")


def _rate(name: str) -> PastedNumberField:
    least, most = (Decimal(0), MOST_EFFICIENCY) if name == "efficiency" else (LEAST, MOST)
    # Two per cent signs: Django fills in the limits of a message with the old formatting.
    message = f"{NAMES[name]} must be between {least}%% and {most}%% a year".replace("between -", "between \u2212")
    return PastedNumberField(
        label=NAMES[name],
        unit="%",
        required=False,
        min_value=least,
        max_value=most,
        decimal_places=3,
        error_messages={
            "min_value": message,
            "max_value": message,
            "invalid": f"{NAMES[name]} must be a number, such as 1.5",
            "max_decimal_places": f"{NAMES[name]} must have no more than 3 decimal places",
        },
    )


class AffordabilityForm(SpendForm):
    """One opening year, and a growth rate for each driver, the programme's own rate where none is given."""

    uses = (*SpendForm.uses, *NAMES, "scenario")

    scenario = forms.ChoiceField(
        label="Scenario",
        required=False,
        help_text="A saved one, whose change in payments is added to the gap.",
        error_messages={"invalid_choice": "Scenario: “%(value)s” is not on the list, or not shared with you"},
    )
    demographic = _rate("demographic")
    non_demographic = _rate("non_demographic")
    price = _rate("price")
    efficiency = _rate("efficiency")
    revenue = _rate("revenue")

    def __init__(self, data: Any = None, *, reader: Any = None, page: bool = True):
        super().__init__(data, reader=reader, page=page)
        self.fields["year"].choices = [c for c in self.fields["year"].choices if c[0] != ALL_YEARS]
        if not self.data.get("year") and (year := self.opening_year()):
            self.data["year"] = year
        self.fields["scenario"].choices = [("", "None"), *scenarios.saved_choices(getattr(reader, "user", None))]
        known = {value for value, _ in self.fields["year"].choices}
        self.defaults_in_force = queries.growth_rates(year if (year := self.data.get("year")) in known else ALL_YEARS)
        for name, rate in self.defaults_in_force.items():
            # Its source stands in the table of rates on the page.
            self.fields[name].help_text = f"Default {_percent(rate['value'])}"
            if not self.data.get(name):
                self.data[name] = _percent(rate["value"])

    @property
    def chosen_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in (*SpendForm.uses, "scenario")]

    @property
    def rate_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in NAMES]

    @property
    def query_without_rates(self) -> str:
        """The address of the same page with the default rates; nothing where the filters are wrong."""
        return "" if self.errors else self.query_string(**dict.fromkeys(NAMES))


def _percent(value: Decimal) -> str:
    """0.041500 as 4.15."""
    return f"{(value * 100).normalize():f}"
