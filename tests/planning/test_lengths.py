"""Texts that are longer than their layout allows are warned of under their own heading and kept as they stand."""

import pytest

from planning.extracts.layouts import LAYOUT_NAMES, layout_columns
from planning.extracts.lengths import HELD_OTHERWISE, length_rules, measured_columns
from tests.planning.acm_files import HEADINGS, acm_row
from tests.planning.checked_files import checked_file, facts_in, problems_in


@pytest.mark.parametrize(
    ("field", "longest"),
    [("ward_code", 12), ("local_contract_code", 20), ("tariff", 50), ("local_point_of_delivery_description", 100)],
)
def test_a_text_may_be_as_long_as_the_layout_says_and_no_longer(tmp_path, field, longest):
    fits, too_long = "EY02A" + "x" * (longest - 5), "EY02A" + "é" * (longest - 4)
    rows = [acm_row(**{field: fits}), acm_row(**{field: too_long}), acm_row(**{field: f"{fits}   "})]
    with checked_file(tmp_path, rows) as checked:
        found = problems_in(checked)
        assert (checked.result.accepted, len(facts_in(checked))) == (3, 1)
    assert found == [(3, HEADINGS[field], too_long, "text is too long", "warning")]


def test_letters_of_two_bytes_count_once(tmp_path):
    with checked_file(tmp_path, [acm_row(ward_code="é" * 12)]) as checked:
        assert problems_in(checked) == []


def test_several_texts_of_a_row_are_told_one_by_one(tmp_path):
    rows = [acm_row(), acm_row(ward_code="w" * 13, local_sub_specialty_code="s" * 9, site="not a code")]
    with checked_file(tmp_path, rows) as checked:
        assert [(row, heading) for row, heading, _, rule, _ in problems_in(checked) if rule == "text is too long"] == [
            (3, HEADINGS["local_sub_specialty_code"]),
            (3, HEADINGS["ward_code"]),
        ]
        assert sum(broken.number for broken in checked.result.broken) == 3


def test_a_total_row_with_a_long_text_is_left_out_without_a_word_on_it(tmp_path):
    total = {"month": "Total", "actual_price": "150.00", "ward_code": "w" * 40}
    with checked_file(tmp_path, [acm_row(), total]) as checked:
        assert (checked.result.excluded, problems_in(checked)) == (1, [])


def test_a_column_that_is_not_there_is_not_measured(tmp_path):
    with checked_file(tmp_path, [acm_row()], without=("ward_code",)) as checked:
        assert problems_in(checked) == []
    assert "ward_code" not in {c.field for c in measured_columns("acm", {"site", "tariff"})}


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
def test_every_layout_has_few_enough_for_a_whole_number_and_none_of_a_person(layout):
    fields = {c.field for c in layout_columns(layout)}
    measured = measured_columns(layout, fields)
    assert 0 < len(measured) < 63
    assert not any(c.identifying or c.concealed or c.is_figure for c in measured)
    assert not HELD_OTHERWISE & {c.field for c in measured}
    assert [rule.field for rule in length_rules(measured)] == [c.field for c in measured]
