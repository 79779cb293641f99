"""Each layout through the check: its own figures, and its own rules."""

import pytest

from planning.extracts.assignment import Arrangement
from planning.extracts.faults import FIGURES
from planning.extracts.layout_rules import LAYOUT_RULES, price_of, rules_of
from planning.extracts.layouts import LAYOUT_NAMES, layout_columns
from tests.planning.checked_files import checked_file, facts_in, problems_in
from tests.planning.layout_files import layout_bytes, layout_row


def check(tmp_path, layout, *rows):
    return checked_file(tmp_path, content=layout_bytes(layout, rows or None), layout=layout)


def test_each_layout_names_the_figures_that_its_columns_hold():
    held = {layout: {c.field for c in layout_columns(layout) if c.is_figure} for layout in LAYOUT_NAMES}
    assert {layout: set(own.figures) for layout, own in LAYOUT_RULES.items()} == held


@pytest.mark.parametrize(
    ("layout", "figures"),
    [
        ("iap", {"planned_activity": 2_000, "planned_price": 1_000_000}),
        ("plcm", {"actual_activity": 1_000, "actual_price": 500_000}),
        ("drplcm", {"actual_price": 200_000}),
        ("deplcm", {"actual_activity": 1_000, "actual_price": 300_000}),
    ],
)
def test_a_row_of_a_layout_becomes_a_fact_with_its_figures_and_no_other(tmp_path, layout, figures):
    with check(tmp_path, layout) as checked:
        [fact] = facts_in(checked)
        assert problems_in(checked) == []
    assert {name: fact[name] for name in FIGURES if fact[name] is not None} == figures
    assert (fact["provider"], fact["commissioner"], fact["home_system"]) == ("RJ1", "72Q", "QKK")


def test_a_figure_that_cannot_be_read_is_told_under_the_heading_of_its_layout(tmp_path):
    with check(tmp_path, "drplcm", layout_row("drplcm", actual_price="TBC"), layout_row("drplcm")) as checked:
        assert problems_in(checked) == [(2, "TOTAL COST", "TBC", "figure cannot be read", "error")]


def test_a_blank_price_is_warned_of_only_where_the_layout_has_that_price(tmp_path):
    with check(tmp_path, "iap", layout_row("iap", planned_price=""), layout_row("iap")) as checked:
        [problem] = problems_in(checked)
    assert problem[1:] == ("CONTRACT MONITORING PLANNED PRICE", "", "price is blank", "warning")


def test_a_total_row_of_a_plan_is_left_out_with_what_it_plans(tmp_path):
    total = {"provider": "Grand total", "planned_price": "100.00"}
    with check(tmp_path, "iap", layout_row("iap"), total) as checked:
        assert checked.result.excluded == 1
        assert any("their planned prices add up to £100.00" in note for note in checked.notes)


def test_rules_of_figures_are_those_of_the_layout():
    fields = {
        layout: {rule.field for rule in rules_of(layout, "King's", Arrangement("2025/26"))} & set(FIGURES)
        for layout in LAYOUT_NAMES
    }
    assert fields["acm"] == set(FIGURES)
    assert fields["plcm"] == {"actual_activity", "actual_price"}
    assert {layout: price_of(layout) for layout in LAYOUT_NAMES} == {
        "acm": "actual_price", "iap": "planned_price", "plcm": "actual_price", "drplcm": "actual_price", "deplcm": "actual_price",
    }  # fmt: skip


def plan_problems(tmp_path, **cells):
    with check(tmp_path, "iap", layout_row("iap", **cells), layout_row("iap")) as checked:
        return [(heading, rule, severity) for row, heading, _, rule, severity in problems_in(checked) if row == 2]


TREATMENT = "ACTIVITY TREATMENT FUNCTION CODE"
SITE = "ORGANISATION SITE IDENTIFIER (OF TREATMENT)"
ACTIVITY = "CONTRACT MONITORING PLANNED ACTIVITY"


@pytest.mark.parametrize(
    ("cells", "column", "rule", "severity"),
    [
        ({"site": ""}, SITE, "site is missing or has another form", "error"),
        ({"site": "RJ1"}, SITE, "site is missing or has another form", "error"),
        ({"treatment_function": ""}, TREATMENT, "treatment function is missing or has another form", "error"),
        (
            {"residence_responsibility": ""},
            "ORGANISATION IDENTIFIER (RESIDENCE RESPONSIBILITY)",
            "residence responsibility is missing or has another form",
            "error",
        ),
        ({"practice": "G8500"}, "GENERAL MEDICAL PRACTICE (PATIENT REGISTRATION)", "practice has another form", "error"),
        ({"tariff": "TARIFF"}, "TARIFF CODE", "tariff has another form", "error"),
        ({"tariff": ""}, "TARIFF CODE", "tariff has another form", "error"),
        ({"planned_activity": "1.2345"}, ACTIVITY, "planned activity has another form", "error"),
        ({"planned_activity": "-1"}, ACTIVITY, "planned activity has another form", "error"),
        ({"planned_activity": ""}, ACTIVITY, "planned activity has another form", "error"),
        ({"planned_price": "100000.00000000000000"}, "CONTRACT MONITORING PLANNED PRICE", "figure is too long", "error"),
        ({"provider": "RJ100"}, "ORGANISATION IDENTIFIER (CODE OF PROVIDER)", "provider ends in 00", "error"),
        ({"year": "2025/26"}, "FINANCIAL YEAR", "year is not six digits", "warning"),
        ({"created": "2026-05-20 09:30"}, "DATE AND TIME DATA SET CREATED", "creation time has no seconds", "warning"),
        ({"month": "14"}, "FINANCIAL MONTH", "month cannot be read", "error"),
    ],
)  # fmt: skip
def test_the_rules_of_the_plan_return(tmp_path, cells, column, rule, severity):
    assert plan_problems(tmp_path, **cells) == [(column, rule, severity)]


BLOCK = {
    "point_of_delivery": "BLOCK", "site": "", "practice_responsibility": "", "residence_responsibility": "",
    "treatment_function": "", "tariff": "", "planned_activity": "0",
}  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({}, None),
        ({"planned_activity": "0.000"}, None),
        ({"planned_price": "-5.00"}, None),
        ({"planned_activity": ""}, "planned activity is not 0"),
        ({"planned_activity": "3"}, "planned activity is not 0"),
        ({"site": "RJ121"}, "site must be blank"),
        ({"practice_responsibility": "72Q"}, "practice responsibility must be blank"),
        ({"treatment_function": "320"}, "treatment function must be blank"),
    ],
)
def test_money_without_activity_in_a_plan_says_0_and_nothing_of_a_patient(tmp_path, cells, rule):
    assert [found for _, found, _ in plan_problems(tmp_path, **{**BLOCK, **cells})] == ([rule] if rule else [])


@pytest.mark.parametrize("units", ["0", "12", "12.5", "0.125", "1,200"])
def test_units_planned_as_the_return_allows_them(tmp_path, units):
    assert plan_problems(tmp_path, planned_activity=units) == []


@pytest.mark.parametrize("created", ["2026-05-20T09:30:00Z", "20/05/2026 09:30:00", "20-May-2026 9:30:15"])
def test_creation_times_with_seconds(tmp_path, created):
    assert plan_problems(tmp_path, created=created) == []


def test_a_drug_among_patient_activity_is_warned_of(tmp_path):
    with check(tmp_path, "plcm", layout_row("plcm", point_of_delivery="DRUG"), layout_row("plcm")) as checked:
        assert problems_in(checked) == [(2, "POINT OF DELIVERY CODE", "DRUG", "point of delivery is of another set", "warning")]


def test_a_pseudonym_of_another_form_is_an_error_that_never_shows_it(tmp_path):
    rows = [layout_row("plcm", patient_pseudonym=cell) for cell in ("Jane Doe", "a" * 64, "")]
    with check(tmp_path, "plcm", *rows) as checked:
        assert problems_in(checked) == [(2, "PATIENT PSEUDONYM", "", "patient pseudonym has another form", "error")]
