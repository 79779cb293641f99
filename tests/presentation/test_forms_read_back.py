"""Forms as a browser and a screen reader take them: parsed, what is described, chosen, wrong, and sent back."""

import datetime as dt
from html.parser import HTMLParser

import pytest
from django import forms
from django.http import QueryDict
from django.template import engines
from hypothesis import given, settings
from hypothesis import strategies as st

from presentation.forms import DatePartsField, choice_groups

VOID = {"input", "br", "img", "hr", "meta", "link"}
CHOICES = [("RJ1", "Guy's & St Thomas'"), ("RJZ", "King's"), ("RJ7", "St George's")]


class Page(HTMLParser):
    """The elements of a page with their attributes and words; unclosed and wrongly closed elements are faults."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.faults = [], [], []
        self.feed(text)
        self.faults += [f"<{tag}> is not closed" for tag, _ in self.open]

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "words": "", **{name: value if value is not None else True for name, value in attrs}}
        if len({name for name, _ in attrs}) != len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        self.elements.append(element)
        if tag not in VOID:
            self.open.append((tag, element))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop()[0] != tag:
            self.faults.append(f"</{tag}> closes something else")

    def handle_data(self, data):
        for _, element in self.open:
            element["words"] += data

    def all(self, tag, **attributes):
        return [e for e in self.elements if e["tag"] == tag and all(e.get(n) == v for n, v in attributes.items())]

    def with_id(self, wanted):
        return [e for e in self.elements if e.get("id") == wanted]

    @property
    def controls(self):
        return [e for e in self.elements if e["tag"] in ("input", "select", "textarea") and e.get("type") != "hidden"]


class Everything(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the contract", max_length=20)
    reason = forms.CharField(label="Reason", help_text="For the audit", widget=forms.Textarea)
    year = forms.ChoiceField(label="Year", choices=[("", "Any"), ("2025/26", "2025/26")], required=False)
    unit = forms.ChoiceField(label="Unit", help_text="One", choices=[("a", "Spells"), ("b", "Days")], widget=forms.RadioSelect)
    provider = forms.MultipleChoiceField(label="Providers", help_text="Any number", choices=CHOICES, required=False)
    sure = forms.BooleanField(label="I have checked", help_text="Both totals")
    when = DatePartsField(label="Date", help_text="For example 31 3 2026")
    file = forms.FileField(label="File", help_text="CSV or Excel")


def shown(form):
    page = Page(engines["django"].from_string("{{ form }}").render({"form": form}))
    assert page.faults == []
    return page


def described(page, element):
    """The words that are read out with a control or its group."""
    ids = (element.get("aria-describedby") or "").split()
    assert all(len(page.with_id(one)) == 1 for one in ids), ids
    return " ".join(page.with_id(one)[0]["words"].strip() for one in ids)


def carrier(page, name):
    """What carries the description of a field: its one control, or the fieldset around several."""
    controls = [c for c in page.controls if c.get("name") == name or str(c.get("name", "")).startswith(f"{name}_")]
    if len(controls) == 1:
        return controls[0]
    return next(f for f in page.all("fieldset") if f.get("aria-describedby", "").startswith(f"id_{name}"))


@pytest.mark.parametrize(
    "data", [None, "", "year=x&unit=z&provider=nobody&when_day=99&name=" + "n" * 30], ids=["new", "empty", "wrong"]
)
def test_every_id_is_there_once_and_every_control_has_its_label(data):
    page = shown(Everything(None if data is None else QueryDict(data)))
    ids = [e["id"] for e in page.elements if e.get("id")]
    assert len(ids) == len(set(ids))
    labelled = {label["for"] for label in page.all("label")}
    assert {control["id"] for control in page.controls} == labelled
    assert all(label["words"].strip() for label in page.all("label"))


@pytest.mark.parametrize("name", ["name", "reason", "unit", "provider", "sure", "when", "file"])
def test_hints_are_read_out_with_their_field(name):
    page = shown(Everything())
    assert Everything.base_fields[name].help_text in described(page, carrier(page, name))


@pytest.mark.parametrize("name", ["name", "reason", "unit", "sure", "when", "file"])
def test_what_is_wrong_is_read_out_with_its_field_after_the_hint(name):
    form = Everything(QueryDict(""))
    page = shown(form)
    said = described(page, carrier(page, name))
    assert form.errors[name][0] in said
    assert said.index(form.fields[name].help_text) < said.index(form.errors[name][0])


def test_a_field_that_is_right_is_described_by_no_fault():
    page = shown(Everything(QueryDict("name=King's")))
    assert "Error" not in described(page, carrier(page, "name"))
    assert "--error" not in carrier(page, "name")["class"]
    assert "--error" in carrier(page, "reason")["class"]


@settings(max_examples=10)
@given(st.sets(st.sampled_from([code for code, _ in CHOICES])))
def test_what_was_chosen_comes_back_chosen_and_nothing_else(chosen):
    query = QueryDict(mutable=True)
    query.setlist("provider", sorted(chosen))
    page = shown(Everything(query))
    assert {box["value"] for box in page.all("input", name="provider") if "checked" in box} == chosen


@settings(max_examples=15)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20))
def test_what_was_typed_comes_back_as_it_was_typed(text):
    query = QueryDict(mutable=True)
    query.update({"name": text, "reason": text})
    page = shown(Everything(query))
    assert page.all("input", name="name")[0]["value"] == text
    assert page.all("textarea")[0]["words"].strip() == text.strip()


def test_a_wrong_choice_selects_nothing_and_is_named_as_wrong():
    form = Everything(QueryDict("unit=z&year=1066"))
    page = shown(form)
    assert not [radio for radio in page.all("input", name="unit") if "checked" in radio]
    assert not page.all("option", value="1066")
    assert {"unit", "year"} <= set(form.errors)


def test_the_blank_choice_is_selected_where_nothing_is_chosen():
    selected = [option["value"] for option in shown(Everything()).all("option") if "selected" in option]
    assert selected in ([""], [])


def test_a_file_is_never_sent_back():
    assert "value" not in shown(Everything(QueryDict("file=x.csv"))).all("input", name="file")[0]


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        (("31", "3", "2026"), dt.date(2026, 3, 31)),
        (("01", "04", "2026"), dt.date(2026, 4, 1)),
        ((" 1 ", " 4", "2026 "), dt.date(2026, 4, 1)),
        (("29", "2", "2028"), dt.date(2028, 2, 29)),
        (("29", "2", "2026"), None),
        (("3", "31", "2026"), None),
        (("1", "4", ""), None),
        (("1", "", "2026"), None),
        (("0", "0", "0"), None),
        (("1", "4", "26"), None),
        (("1/4", "2", "2026"), None),
    ],
)
def test_dates_are_day_month_year_and_only_real_ones(typed, date):
    form = Everything({f"when_{part}": value for part, value in zip(("day", "month", "year"), typed, strict=True)})
    assert form.is_valid() is False
    assert form.cleaned_data.get("when") == date
    assert ("when" in form.errors) == (date is None)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))
def test_a_known_date_is_taken_apart_and_put_together_again(date):
    parts = DatePartsField().widget.decompress(date)
    typed = {f"when_{name}": str(part) for name, part in zip(("day", "month", "year"), parts, strict=True)}
    form = Everything(typed)
    form.is_valid()
    assert form.cleaned_data["when"] == date


@pytest.mark.parametrize("payload", ['"><script>alert(1)</script>', "'><img src=x>", "</textarea><b>", "&lt;"])
def test_words_that_were_sent_are_never_part_of_the_page(payload):
    query = QueryDict(mutable=True)
    query.update(dict.fromkeys(["name", "reason", "year", "unit", "provider", "when_day", "when_month"], payload))
    page = shown(Everything(query))
    assert not page.all("script")
    assert not page.all("img")
    assert page.all("input", name="name")[0]["value"] == payload


def test_choices_of_a_field_have_ids_of_their_own_across_groups():
    class Grouped(forms.Form):
        service = forms.MultipleChoiceField(choices=[("Cancer", [("1", "Lung"), ("2", "Brain")]), ("Renal", [("3", "Dialysis")])])

    groups = choice_groups(Grouped(QueryDict("service=3&service=1"))["service"])
    every = [choice for group in groups for choice in group["choices"]]
    assert len({choice["id"] for choice in every}) == 3
    assert [choice["value"] for choice in every if choice["chosen"]] == ["1", "3"]
