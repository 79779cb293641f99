import datetime as dt
import re
from decimal import Decimal

import pytest
from django import forms
from django.http import QueryDict
from django.template import engines

from presentation.forms import DatePartsField, PastedNumberField, choice_groups, control_of

MANY = [(f"R{i}", f"Provider {i}") for i in range(20)]


class EveryControl(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the contract")
    reason = forms.CharField(label="Reason", widget=forms.Textarea, required=False)
    year = forms.ChoiceField(label="Year", choices=[("2024/25", "2024/25"), ("2025/26", "2025/26")])
    unit = forms.ChoiceField(label="Unit", choices=[("a", "Spells"), ("b", "Days")], widget=forms.RadioSelect)
    point = forms.MultipleChoiceField(label="Point of delivery", choices=[("DC", "Day case"), ("EL", "Elective")], required=False)
    provider = forms.MultipleChoiceField(label="Providers", choices=MANY, required=False, widget=forms.CheckboxSelectMultiple)
    sure = forms.BooleanField(label="I have checked the totals")
    when = DatePartsField(label="Date of meeting")
    file = forms.FileField(label="Upload a file")
    position = forms.IntegerField(widget=forms.HiddenInput, required=False)


GOOD = "name=King's&year=2025/26&unit=b&point=DC&provider=R3&provider=R5&sure=on&when_day=31&when_month=3&when_year=2026"


def html(form):
    return engines["django"].from_string("{{ form }}").render({"form": form})


def summary(form):
    return engines["django"].from_string('{% include "components/error_summary.html" %}').render({"form": form})


def test_every_control_has_the_class_of_the_design_system():
    shown = html(EveryControl())
    for expected in (
        'class="nhsuk-input"',
        'class="nhsuk-textarea"',
        'class="nhsuk-select"',
        'class="nhsuk-radios__input"',
        'class="nhsuk-checkboxes__input"',
        'class="nhsuk-file-upload__input"',
        'class="nhsuk-input nhsuk-date-input__input nhsuk-input--width-4"',
    ):
        assert expected in shown
    assert '<input type="hidden" name="position"' in shown


def test_every_control_has_a_label_or_a_legend_of_its_own():
    shown = html(EveryControl())
    ids = re.findall(r'<(?:input|select|textarea)[^>]*\bid="([^"]+)"', shown)
    labelled = re.findall(r'<label[^>]*\bfor="([^"]+)"', shown)
    assert len(ids) == len(set(ids))
    assert set(ids) - {"id_position"} == set(labelled)
    assert shown.count("<legend") == 4


def test_hints_and_errors_are_tied_to_their_control():
    shown = html(EveryControl(QueryDict("year=1066")))
    assert '<div class="nhsuk-hint" id="id_name-hint">As on the contract</div>' in shown
    assert 'aria-describedby="id_name-hint id_name-error"' in shown
    assert 'id="id_name-error"><span class="nhsuk-u-visually-hidden">Error:</span> This field is required.' in shown
    assert "nhsuk-input nhsuk-input--error" in shown
    assert "nhsuk-form-group--error" in shown


def test_the_summary_leads_to_each_control():
    form = EveryControl(QueryDict("name=a&unit=z"))
    form.is_valid()
    form.add_error(None, "The two do not go together")
    shown = summary(form)
    assert "There is a problem" in shown
    ids = set(re.findall(r'<(?:input|select|textarea)[^>]*\bid="([^"]+)"', html(form)))
    targets = re.findall(r'href="#([^"]+)"', shown)
    assert targets
    assert set(targets) <= ids
    assert "<li>The two do not go together</li>" in shown


def test_a_form_without_faults_has_no_summary():
    assert summary(EveryControl()).strip() == ""


def test_radio_buttons_are_never_folded_away_however_many():
    class Kinds(forms.Form):
        kind = forms.ChoiceField(label="Kind", choices=MANY, widget=forms.RadioSelect)

    shown = Kinds()["kind"].as_field_group()
    assert shown.count('type="radio"') == len(MANY)
    assert "<details" not in shown
    assert "All 20" not in shown


def test_lists_of_many_can_be_chosen_from_without_scripts():
    form = EveryControl(QueryDict(GOOD))
    shown = html(form)
    assert shown.count('type="checkbox"') == 20 + 2 + 1
    assert "2 of 20 chosen" in shown
    assert '<details class="nhsuk-details app-choices">' in shown
    checked = re.findall(r'name="(\w+)" type="(?:checkbox|radio)" value="(\w+)" checked', shown)
    assert checked == [("unit", "b"), ("point", "DC"), ("provider", "R3"), ("provider", "R5")]


def test_what_is_drawn_as_boxes_is_read_as_a_list():
    form = EveryControl(QueryDict(GOOD))
    form.is_valid()
    assert form.cleaned_data["point"] == ["DC"]
    assert form.cleaned_data["provider"] == ["R3", "R5"]


def test_a_date_is_three_numbers():
    form = EveryControl(QueryDict(GOOD))
    form.is_valid()
    assert form.cleaned_data["when"] == dt.date(2026, 3, 31)
    assert [v in html(form) for v in ('value="31"', 'value="3"', 'value="2026"')] == [True] * 3


@pytest.mark.parametrize("typed", ["when_day=31&when_month=2&when_year=2026", "when_day=x", "when_month=3&when_year=2026"])
def test_a_date_that_is_none_says_so_and_keeps_what_was_typed(typed):
    form = EveryControl(QueryDict(typed))
    assert form.errors["when"] == ["Enter a real date, for example 31 3 2026"]
    for value in re.findall(r"=([^&]+)", typed):
        assert f'value="{value}"' in html(form)
    assert 'href="#id_when_0"' in summary(form)


def test_a_date_may_be_left_out_where_it_may():
    assert DatePartsField(required=False).clean("") is None


def test_a_date_that_is_known_is_filled_in():
    class Known(forms.Form):
        when = DatePartsField(initial=dt.date(2026, 3, 31))

    assert 'name="when_year" type="text" inputmode="numeric" autocomplete="off" value="2026"' in html(Known())


def test_grouped_choices_keep_their_groups():
    class Grouped(forms.Form):
        service = forms.MultipleChoiceField(choices=[("Cancer", [("1", "Lung"), ("2", "Brain")]), ("3", "Other")])

    groups = choice_groups(Grouped({"service": ["2"]})["service"])
    assert [(g["name"], [(c["label"], c["chosen"]) for c in g["choices"]]) for g in groups] == [
        ("Cancer", [("Lung", False), ("Brain", True)]),
        ("", [("Other", False)]),
    ]


def test_hostile_names_are_escaped():
    class Hostile(forms.Form):
        who = forms.ChoiceField(
            label="<b>Who</b>", choices=[('"><script>', "<i>x</i>")], widget=forms.RadioSelect, help_text="<u>h</u>"
        )

    shown = html(Hostile({"who": "<svg onload=alert(1)>"}))
    for payload in ("<b>", "<script>", "<i>", "<u>", "<svg"):
        assert payload not in shown


def test_unknown_widgets_are_drawn_plainly():
    class Odd(forms.Form):
        odd = forms.SplitDateTimeField()

    assert control_of(Odd()["odd"]) == "plain"
    assert "nhsuk-form-group" in html(Odd())


@pytest.mark.parametrize(
    ("unit", "typed", "number"),
    [
        ("£", "£1,200.50", "1200.50"),
        ("£", " £ 1 200 ", "1200"),
        ("£", "\u2212£1,200", "-1200"),
        ("£", "£-5", "-5"),
        ("£", "1,234,567", "1234567"),
        ("£m", "£1,145.9m", "1145.9"),
        ("%", "3.6%", "3.6"),
        ("%", "\u22123.6 %", "-3.6"),
        ("", "+0.004", "0.004"),
    ],
)
def test_a_number_is_read_as_it_is_pasted(unit, typed, number):
    assert PastedNumberField(unit=unit).clean(typed) == Decimal(number)


@pytest.mark.parametrize(
    ("unit", "typed"),
    [("%", "£3"), ("£", "3%"), ("£", "1,5"), ("£", "12,00.5"), ("£", "1.2bn"), ("", "NaN"), ("£", "--5"), ("£", "£")],
)
def test_what_is_no_number_of_the_field_is_refused_and_never_guessed(unit, typed):
    with pytest.raises(forms.ValidationError):
        PastedNumberField(unit=unit).clean(typed)


def test_a_number_stands_in_a_box_of_text_so_that_the_browser_drops_nothing():
    class Amount(forms.Form):
        amount = PastedNumberField(unit="£", required=False)

    shown = html(Amount({"amount": "£1,200.50"}))
    assert 'type="text"' in shown
    assert 'inputmode="decimal"' in shown
    assert 'value="£1,200.50"' in shown
    assert Amount({"amount": ""}).fields["amount"].clean("") is None
