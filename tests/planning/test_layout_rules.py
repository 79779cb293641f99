"""Each layout through the check: its own figures, and its own rules."""

import pytest

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
    fields = {layout: {rule.field for rule in rules_of(layout, "King's", "2025/26")} & set(FIGURES) for layout in LAYOUT_NAMES}
    assert fields["acm"] == set(FIGURES)
    assert fields["plcm"] == {"actual_activity", "actual_price"}
    assert {layout: price_of(layout) for layout in LAYOUT_NAMES} == {
        "acm": "actual_price", "iap": "planned_price", "plcm": "actual_price", "drplcm": "actual_price", "deplcm": "actual_price",
    }  # fmt: skip
