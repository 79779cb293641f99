"""Rows of coefficients: what is read of them, what is wrong with each, and how the form shows them again."""

from decimal import Decimal

import pytest
from django import forms
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from finance.calculations.measure_names import NEED, SUPPLY
from finance.forms.coefficients import (
    SIDES,
    CoefficientRows,
    coefficients_field,
    coefficients_in,
    constant_field,
    model_in,
    model_said,
)
from presentation.forms import control_of

KNOWN = ["Age", "Beds", "Distance"]


def row(measure="Age", side=NEED, change="3") -> dict[str, str]:
    return {"measure": measure, "side": side, "change": change}


class ModelForm(forms.Form):
    constant = constant_field()
    coefficients = coefficients_field()

    def __init__(self, data=None, *, measures=(("Age", "%"), ("Beds", "")), **options):
        super().__init__(data, **options)
        self.fields["coefficients"].widget.measures = measures


def sent(*rows: dict[str, str], constant="40") -> QueryDict:
    query = QueryDict(mutable=True)
    query["constant"] = constant
    for part in ("measure", "side", "change"):
        query.setlist(f"coefficients_{part}", [one[part] for one in rows])
    return query


changes = st.decimals(-1_000_000, 1_000_000, places=6)
coefficients = st.dictionaries(st.sampled_from(KNOWN), st.tuples(st.sampled_from([NEED, SUPPLY]), changes))


@given(coefficients, changes)
def test_what_is_typed_is_what_is_kept_and_what_is_shown_again(typed, constant):
    rows = [row(measure, side, str(change)) for measure, (side, change) in typed.items()]
    found, faults = coefficients_in(rows, KNOWN)
    assert found == [[measure, side, float(change)] for measure, (side, change) in typed.items()]
    assert bool(faults) == (not any(side == NEED for side, _ in typed.values()))
    said = model_said(model_in(constant, found))
    assert Decimal(said["constant"]) == constant
    assert [(one["measure"], one["side"], Decimal(one["change"])) for one in said["coefficients"]] == [
        (measure, side, change) for measure, (side, change) in typed.items()
    ]
    assert coefficients_in(said["coefficients"], KNOWN)[0] == found


@given(st.lists(st.fixed_dictionaries({part: st.text(max_size=8) for part in ("measure", "side", "change")}), max_size=4))
def test_anything_typed_gives_coefficients_or_words(rows):
    found, faults = coefficients_in(rows, KNOWN)
    assert all(isinstance(change, float) for _, _, change in found)
    assert {measure for measure, _, _ in found} <= set(KNOWN)
    assert all(fault.strip() for fault in faults)
    assert found or faults


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("3", 3.0), (" 3.50 ", 3.5), ("-0.5", -0.5), ("\u22120.5", -0.5), ("£1,200.50", 1200.5), ("\u2212£12", -12.0), ("0", 0.0)],
)
def test_a_coefficient_may_be_pasted_with_its_signs(typed, kept):
    assert coefficients_in([row(change=typed)], KNOWN) == ([["Age", NEED, kept]], [])


@pytest.mark.parametrize("typed", ["1,5", "3%", "three", "1e", "--3", "=1+1", "٣x", "-"])
def test_what_is_no_number_is_refused_by_the_name_of_its_measure(typed):
    found, [fault] = coefficients_in([row("Beds", change=typed), row()], KNOWN)
    assert fault == "“Beds” must have a number for its coefficient, such as 3.5"
    assert found == [["Age", NEED, 3.0]]


def test_a_row_that_is_not_used_and_blank_is_passed_over():
    assert coefficients_in([row(), row("Beds", "", ""), row("Gone", "", "")], KNOWN) == ([["Age", NEED, 3.0]], [])


def test_a_fault_of_a_long_name_is_short():
    _, [fault, *_] = coefficients_in([row("x" * 5_000)], KNOWN)
    assert len(fault) < 250


def test_rows_are_lists_of_the_same_length_whatever_is_sent():
    widget = CoefficientRows()
    query = sent(row(), row("Beds", SUPPLY, " 12 "))
    assert widget.value_from_datadict(query, {}, "coefficients") == [row(), row("Beds", SUPPLY, "12")]
    query.setlist("coefficients_change", ["3"])
    assert widget.value_from_datadict(query, {}, "coefficients") == [row()]
    assert widget.value_from_datadict({}, {}, "coefficients") == []
    assert widget.value_omitted_from_data({}, {}, "coefficients") is False


def test_the_form_shows_every_measure_with_what_was_chosen_for_it():
    form = ModelForm(sent(row(change="3.5"), row("Gone", SUPPLY, "1")))
    assert form.is_valid()
    page = str(form["coefficients"])
    assert page.count("<select") == 3
    assert 'value="3.5"' in page
    assert page.count(f'value="{NEED}" selected') == 1
    assert page.count(f'value="{SUPPLY}" selected') == 1
    assert "Age (%)" in page
    assert page.index("Beds") < page.index("Gone")
    assert control_of(form["coefficients"]) == "plain"


def test_the_group_has_a_legend_and_every_control_a_name_and_only_the_first_its_id():
    group = ModelForm()["coefficients"].as_field_group()
    assert group.index("<legend") < group.index("<table")
    assert group.count('id="id_coefficients"') == 1
    for measure in ("Age", "Beds"):
        assert f'aria-label="{measure}: of need or supply"' in group
        assert f'aria-label="{measure}: £ a head for one unit"' in group
    assert all(label in group for _, label in SIDES)


def test_names_of_measures_are_words_and_no_markup():
    page = str(ModelForm(measures=(('"><script>', "<i>"),))["coefficients"])
    assert "<script>" not in page
    assert "<i>" not in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [("x", "a number, such as 40"), ("1.1234567", "no more than 6 decimal places"), ("1000001", "between −£1,000,000")],
)
def test_what_is_wrong_with_the_constant_is_said(typed, said):
    assert said in ModelForm(sent(row(), constant=typed)).errors["constant"][0]
