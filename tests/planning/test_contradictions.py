"""Codes that contradict each other, by the list of services that was in force in the file's year."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from planning.extracts import intake
from planning.extracts.assignment import Arrangement, arrangement, payers
from planning.extracts.layout_rules import rules_of
from planning.extracts.layouts import LAYOUT_NAMES
from tests.planning import checked_files
from tests.planning.acm_files import acm_bytes, acm_row
from tests.planning.checked_files import problems_in, small_reference

GREEN, RED = "NCBPS13B", "NCBPS01C"
STATUSES = [(GREEN, "2025/26", "GREEN"), (RED, "2025/26", "RED"), ("99999999", "2025/26", "NOT APPLICABLE")]
RETAINED = {"service_code": RED, "service_category": "21", "commissioner": "13R"}


def reference():
    small = small_reference()
    hubs = {"QKK": "13R", "QWE": "13R", "QXU": "14G"}
    parents = small.parents.assign(hub_code=small.parents["system_code"].map(hubs).fillna(""))
    extra = pd.DataFrame([("14G", "hub", "")], columns=["code", "kind", "place"])
    codes = {**small.codes, "commissioners": small.codes["commissioners"] | {"14G"}}
    codes["points_of_delivery"] = codes["points_of_delivery"] | {"ADJUSTMENT"}
    codes["service_categories"] = codes["service_categories"] | {"22", "31"}
    return replace(
        small,
        codes=codes,
        commissioners=pd.concat([small.commissioners, extra], ignore_index=True),
        parents=parents,
        statuses=pd.DataFrame(STATUSES, columns=["service_code", "year", "status"]),
        provider_systems={"RJ1": "QKK"},
    )


def told(tmp_path, *rows, sent=None):
    """(rule, heading) of the problems of the rows."""
    path, work = tmp_path / "received.csv", tmp_path / "work"
    path.write_bytes(acm_bytes(list(rows)))
    work.mkdir()
    with intake.check_file(path, "acm", reference(), work, 7, lambda r: None, lambda s: None, sent) as checked:
        assert checked.result.rejected == 0
        return [(rule, heading) for _, heading, _, rule, severity in problems_in(checked) if severity == "warning"]


CATEGORY, COMMISSIONER = "COMMISSIONED SERVICE CATEGORY CODE", "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)"
CONFLICTS = [
    ({"service_code": RED}, "category is of delegated care, the service is retained", CATEGORY),
    ({"service_category": "21", "commissioner": "13R"}, "category is of NHS England, the service is delegated", CATEGORY),
    ({"service_category": "22", "commissioner": "13R"}, "category is of NHS England, the service is delegated", CATEGORY),
    ({"service_category": "12"}, "category is of an ICB, the service is specialised", CATEGORY),
    ({"service_code": "99999999"}, "category is specialised, the service code is not", CATEGORY),
    ({"commissioner": "13R"}, "commissioner is NHS England's hub, the service is delegated", COMMISSIONER),
    ({**RETAINED, "commissioner": "72Q"}, "commissioner is a sub-ICB location, the service is retained", COMMISSIONER),
    ({**RETAINED, "commissioner": "14G"}, "commissioner is the hub of another region", COMMISSIONER),
    ({"practice_responsibility": "36L"}, "commissioner is not that of the practice or residence", COMMISSIONER),
    (
        {"practice_responsibility": "", "residence_responsibility": "36L"},
        "commissioner is not that of the practice or residence",
        COMMISSIONER,
    ),
    ({"service_category": "31", "service_code": "99999999"}, "drug category on other care", "POINT OF DELIVERY CODE"),
    (
        {"point_of_delivery": "BLOCK", "planned_activity": "0"},
        "activity where there is none to count",
        "CONTRACT MONITORING ACTUAL ACTIVITY",
    ),
    ({"actual_price": "-1"}, "activity and price have opposite signs", "CONTRACT MONITORING ACTUAL PRICE"),
    ({"planned_activity": "-2"}, "activity and price have opposite signs", "CONTRACT MONITORING PLANNED PRICE"),
]


@pytest.mark.parametrize(("cells", "rule", "heading"), CONFLICTS, ids=[f"{rule}: {c}" for c, rule, _ in CONFLICTS])
def test_a_contradiction_is_told_once_and_the_row_accepted(tmp_path, cells, rule, heading):
    assert told(tmp_path, acm_row(), acm_row(**cells)) == [(rule, heading)]


IN_ORDER = [
    RETAINED,
    {"service_category": "21", "commissioner": "13Q"},
    {"service_category": "12", "service_code": "99999999"},
    {"practice_responsibility": "", "residence_responsibility": "X98"},
    {"practice_responsibility": "72Q", "residence_responsibility": "36L"},
    {"service_category": "31", "service_code": "99999999", "point_of_delivery": "DRUG"},
    {"point_of_delivery": "ADJUSTMENT", "planned_activity": "0", "actual_activity": "0", "actual_price": "-5"},
    {"actual_activity": "-3", "actual_price": "-150"},
    {"actual_activity": "0", "actual_price": "-150"},
    {"point_of_delivery": "BLOCK", "actual_activity": "", "planned_activity": "", "site": "RJ121", "treatment_function": "320"},
]


@pytest.mark.parametrize("cells", IN_ORDER, ids=str)
def test_what_agrees_is_no_contradiction(tmp_path, cells):
    assert told(tmp_path, acm_row(**cells)) == []


def test_before_the_first_list_every_service_is_retained(tmp_path):
    year = {"year": "202425"}
    before = acm_row(**year, service_category="21", commissioner="13R")
    delegated = acm_row(**year)
    assert told(tmp_path, before, delegated) == [("category is of delegated care before there was any", CATEGORY)]


def test_after_the_last_list_that_one_holds_on(tmp_path):
    rule = "category is of NHS England, the service is delegated"
    assert told(tmp_path, acm_row(year="202728", service_category="21", commissioner="13R")) == [(rule, CATEGORY)]


@pytest.mark.parametrize(
    ("sent", "months"), [(date(2025, 6, 1), [4, 12]), (date(2025, 5, 31), [3, 4, 12]), (date(2026, 3, 31), []), (None, [])]
)
def test_what_was_done_in_months_to_come_is_warned_of_and_plans_are_not(tmp_path, sent, months):
    done = [acm_row(month=month) for month in (1, 3, 4, 12)]
    planned = acm_row(month=12, actual_activity="0", actual_price="0.00")
    found = told(tmp_path, *done, planned, sent=sent)
    assert found == [("month is still to come", "FINANCIAL MONTH")] * len(months)


def test_the_year_end_is_to_come_until_the_year_is_over(tmp_path):
    assert told(tmp_path, acm_row(month=13), sent=date(2026, 3, 31)) == [("month is still to come", "FINANCIAL MONTH")]
    (tmp_path / "later").mkdir()
    assert told(tmp_path / "later", acm_row(month=13), sent=date(2026, 4, 1)) == []


def test_the_list_of_a_year_is_its_own_or_the_last_before_it():
    statuses = pd.DataFrame(
        [("A", "2025/26", "GREEN"), ("B", "2025/26", "BLUE"), ("A", "2026/27", "RED")], columns=["service_code", "year", "status"]
    )
    assert arrangement(statuses, "2024/25", "").too_early
    assert arrangement(statuses, "2025/26", "13R") == Arrangement("2025/26", frozenset("A"), frozenset("B"), "13R")
    assert arrangement(statuses, "2030/31", "").retained == frozenset("A")
    assert not arrangement(statuses.head(0), "2025/26", "").too_early


def test_the_practice_goes_before_the_residence_and_an_unknown_hub_is_nobodys():
    rows = pd.DataFrame(
        [("36L", "72Q", "13R"), ("", "72Q", "14G"), ("7A1", "", "zz")],
        columns=["practice_responsibility", "residence_responsibility", "commissioner"],
    )
    found = payers(rows, reference().commissioners, "13R")
    assert found["responsible"].tolist() == ["36L", "72Q", ""]
    assert found["payer"].tolist() == ["hub", "other hub", ""]
    assert payers(rows, reference().commissioners, "")["payer"].tolist() == ["hub", "hub", ""]


def test_rules_of_every_layout_have_a_bit_of_a_whole_number():
    for layout in LAYOUT_NAMES:
        for agreed in (Arrangement("2025/26"), Arrangement("2020/21", too_early=True)):
            rules = rules_of(layout, "King's", agreed, begun=3)
            assert len(rules) <= 62
            assert all(len(rule.message) <= 500 and len(rule.name) <= 60 for rule in rules)
    assert checked_files.SYSTEMS
