"""Each rule on codes and figures that contradict each other, broken once in each of the layouts beside ACM."""

from dataclasses import replace
from datetime import date

import pytest

from planning.extracts import intake
from planning.extracts.assignment import Arrangement, assignment_rules, figure_sign_rules, month_to_come_rules
from planning.extracts.layout_rules import LAYOUT_RULES, rules_of
from tests.planning.checked_files import problems_in
from tests.planning.layout_files import ROWS, layout_bytes, layout_row
from tests.planning.test_contradictions import GREEN, RED, RETAINED, reference

PATIENT_LEVEL = ("plcm", "drplcm", "deplcm")
BESIDE_ACM = ("iap", *PATIENT_LEVEL)
# A year end is of no month to come once the year is over.
SENT = date(2025, 6, 1)
ANOTHER_SET = "point of delivery is of another set"


def told(tmp_path, layout: str, *rows, sent=None) -> list[tuple[int, str, str]]:
    """(row, rule, severity) of every problem; the first row of data is row 2."""
    path, work = tmp_path / "received.csv", tmp_path / "work"
    path.write_bytes(layout_bytes(layout, list(rows)))
    work.mkdir()
    with intake.check_file(path, layout, reference(), work, 7, lambda r: None, lambda s: None, sent) as checked:
        return [(row, rule, severity) for row, _, _, rule, severity in problems_in(checked)]


# Rule → the cells that break it, in any layout.
OF_CODES = {
    "category is of delegated care, the service is retained": {"service_code": RED},
    "category is of NHS England, the service is delegated": {"service_category": "21", "commissioner": "13R"},
    "commissioner is NHS England's hub, the service is delegated": {"commissioner": "13R"},
    "commissioner is a sub-ICB location, the service is retained": {**RETAINED, "commissioner": "72Q"},
    "commissioner is not that of the practice or residence": {"practice_responsibility": "36L"},
    "category is of an ICB, the service is specialised": {"service_category": "12"},
    "category is specialised, the service code is not": {"service_code": "99999999"},
    "commissioner is the hub of another region": {**RETAINED, "commissioner": "14G"},
    "commissioner is not listed": {"commissioner": "ZZ9", "practice_responsibility": "ZZ9", "residence_responsibility": "ZZ9"},
}
OTHER_CARE = {"service_category": "31", "service_code": "99999999"}
# Layout → rule → the cells that break it, where points of delivery and figures differ.
OF_LAYOUT = {
    "iap": {"drug category on other care": OTHER_CARE},
    "plcm": {
        "drug category on other care": OTHER_CARE,
        "activity where there is none to count": {"point_of_delivery": "BLOCK", "actual_activity": "1", "tariff": ""},
        "activity and price have opposite signs": {"actual_price": "-1"},
        ANOTHER_SET: {"point_of_delivery": "DRUG", "tariff": ""},
        "month is still to come": {"month": "12"},
    },
    "drplcm": {
        ANOTHER_SET: {"point_of_delivery": "EL"},
        "month is still to come": {"month": "12"},
    },
    "deplcm": {
        "drug category on other care": OTHER_CARE,
        "activity and price have opposite signs": {"actual_activity": "-1"},
        ANOTHER_SET: {"point_of_delivery": "EL"},
        "month is still to come": {"month": "12"},
    },
}
# In these the point of delivery that breaks the rule is of another set too.
TWO_AT_ONCE = {
    ("drplcm", "drug category on other care"): {**OTHER_CARE, "point_of_delivery": "EL"},
    ("deplcm", "activity where there is none to count"): {"point_of_delivery": "BLOCK"},
}
BROKEN = [
    *((layout, rule, cells) for layout in BESIDE_ACM for rule, cells in {**OF_CODES, **OF_LAYOUT[layout]}.items()),
    *((layout, rule, cells) for (layout, rule), cells in TWO_AT_ONCE.items()),
]


@pytest.mark.parametrize(("layout", "rule", "cells"), BROKEN, ids=[f"{layout}: {rule}" for layout, rule, _ in BROKEN])
def test_each_rule_is_told_of_the_row_that_breaks_it_and_of_no_other(tmp_path, layout, rule, cells):
    found = told(tmp_path, layout, layout_row(layout), layout_row(layout, **cells), layout_row(layout), sent=SENT)
    expected = {rule, ANOTHER_SET} if (layout, rule) in TWO_AT_ONCE else {rule}
    assert {(row, name) for row, name, _ in found} == {(3, name) for name in expected}
    assert {severity for *_, severity in found} == {"warning"}


def contradictions(layout: str) -> set[str]:
    """Names of the rules of a layout on what contradicts itself, in a year with a list of services."""
    figures, own = (
        LAYOUT_RULES[layout].figures,
        {rule.name for rule in rules_of(layout, "King's", Arrangement("2025/26"), begun=3)},
    )
    rules = [*assignment_rules(Arrangement("2025/26")), *figure_sign_rules(figures), *month_to_come_rules(3, figures)]
    names = {rule.name for rule in rules} | {"commissioner is not listed", ANOTHER_SET}
    return names & own


@pytest.mark.parametrize("layout", BESIDE_ACM)
def test_no_rule_of_a_layout_is_left_out_here(layout):
    assert contradictions(layout) == {rule for of, rule, _ in BROKEN if of == layout}


def test_what_a_layout_does_not_hold_has_no_rule():
    for layout in ("iap", "drplcm"):
        assert "activity and price have opposite signs" not in contradictions(layout)
    assert "month is still to come" not in contradictions("iap")


@pytest.mark.parametrize("layout", BESIDE_ACM)
def test_a_valid_row_contradicts_nothing(tmp_path, layout):
    assert told(tmp_path, layout, layout_row(layout), sent=SENT) == []


@pytest.mark.parametrize("layout", BESIDE_ACM)
def test_what_nhs_england_retains_with_its_own_hub_contradicts_nothing(tmp_path, layout):
    assert told(tmp_path, layout, layout_row(layout, **RETAINED)) == []


@pytest.mark.parametrize("layout", BESIDE_ACM)
def test_before_there_was_a_list_delegated_care_is_told_of_once(tmp_path, layout):
    found = told(tmp_path, layout, layout_row(layout, year="202425"), layout_row(layout, year="202425", **RETAINED))
    assert found == [(2, "category is of delegated care before there was any", "warning")]


@pytest.mark.parametrize("layout", PATIENT_LEVEL)
def test_several_contradictions_of_a_row_are_all_told(tmp_path, layout):
    cells = {"commissioner": "13R", "month": "12", "actual_price": "-5"}
    found = {rule for _, rule, _ in told(tmp_path, layout, layout_row(layout, **cells), sent=SENT)}
    signs = {"activity and price have opposite signs"} if "actual_activity" in LAYOUT_RULES[layout].figures else set()
    assert found == {"commissioner is NHS England's hub, the service is delegated", "month is still to come"} | signs


@pytest.mark.parametrize("layout", PATIENT_LEVEL)
def test_a_pseudonym_of_another_form_rejects_the_row(tmp_path, layout):
    right, wrong = layout_row(layout, patient_pseudonym="a" * 64), layout_row(layout, patient_pseudonym="A1")
    assert told(tmp_path, layout, right, wrong) == [(3, "patient pseudonym has another form", "error")]


def test_services_without_any_status_contradict_no_commissioner(tmp_path):
    """Whoever loads no list of services is told nothing of who should pay."""
    path, work = tmp_path / "received.csv", tmp_path / "work"
    rows = [layout_row("plcm"), layout_row("plcm", commissioner="13R"), layout_row("plcm", service_code=RED)]
    path.write_bytes(layout_bytes("plcm", rows))
    work.mkdir()
    empty = replace(reference(), statuses=reference().statuses.head(0))
    with intake.check_file(path, "plcm", empty, work, 7, lambda r: None, lambda s: None) as checked:
        assert problems_in(checked) == []
    assert ROWS["plcm"]["service_code"] == GREEN
