"""Numbers on the forms of allocation as people paste them, and what is said of those that cannot be meant."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from finance.forms.filters import AffordabilityForm
from finance.forms.monitoring import BudgetForm
from finance.forms.policies import PolicyForm
from finance.forms.rounds import RoundDetailsForm

FIELDS = [
    (RoundDetailsForm, "quantum", "£1,145,906,836.50", "1145906836.50"),
    (RoundDetailsForm, "floor", "3.6%", "3.6"),
    (RoundDetailsForm, "need_per_unit", "\u22120.004", "-0.004"),
    (PolicyForm, "quantum", "£1,145.9m", "1145.9"),
    (PolicyForm, "cap", "\u22121.5 %", "-1.5"),
    (BudgetForm, "amount", "£480,000,000", "480000000"),
    (AffordabilityForm, "price", "2.1%", "2.1"),
]


@pytest.mark.parametrize(("form", "name", "typed", "number"), FIELDS)
def test_a_number_is_taken_as_it_stands_in_a_paper(form, name, typed, number):
    assert form.base_fields[name].clean(typed) == Decimal(number)


@pytest.mark.parametrize(("form", "name", "typed", "number"), FIELDS)
def test_the_browser_gets_a_box_of_text(form, name, typed, number):
    assert form.base_fields[name].widget.input_type == "text"


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("floor", "1e400", ["Floor must be between \u221220% and 30%"]),
        ("floor", "", ["Enter the floor"]),
        ("error_age", "60", ["How far cost by age and sex may be out must be between 0% and 50%"]),
        ("error_age", "", ["Enter how far cost by age and sex may be out"]),
        ("quantum", "1.2bn", ["Quantum must be an amount in pounds, such as 1250000000"]),
    ],
)
def test_each_fault_is_said_once_and_in_a_sentence(name, typed, words):
    field = RoundDetailsForm.base_fields[name]
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    assert refused.value.messages == words
