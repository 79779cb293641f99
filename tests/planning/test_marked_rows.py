"""Rows marked as plan or as a summary count only where they say something that the other rows do not."""

import csv
import io

import pytest

from planning.extracts.outcomes import refuse_without_rows
from planning.extracts.reading import Refused
from tests.planning.acm_files import acm_bytes, acm_row
from tests.planning.checked_files import checked_file, facts_in

NO_PLAN = {"planned_activity": "", "planned_price": ""}
NOT_DONE = {"actual_activity": "", "actual_price": ""}


def marked(*rows, heading="Source") -> bytes:
    """A file with one more column: each row is (mark, cells)."""
    plain = list(csv.reader(io.StringIO(acm_bytes([acm_row(**cells) for _, cells in rows]).decode())))
    text = io.StringIO(newline="")
    csv.writer(text).writerows(
        [[*plain[0], heading], *([*cells, mark] for cells, (mark, _) in zip(plain[1:], rows, strict=True))]
    )
    return text.getvalue().encode()


def sums(tmp_path, *rows, **options):
    """Rows accepted and left out, sums of planned and actual price, and the note on what was left out."""
    with checked_file(tmp_path, content=marked(*rows, **options)) as checked:
        facts = facts_in(checked) if checked.result.accepted else []
        money = tuple(sum(fact[price] or 0 for fact in facts) // 10_000 for price in ("planned_price", "actual_price"))
        left = [note for note in checked.notes if "left out" in note and "rows" in note.split(" left out")[0]]
        return (checked.result.accepted, checked.result.excluded, *money), left


@pytest.mark.parametrize("heading", ["Source", "DER_Record_Type", "Record Type", "PLAN/ACTUAL".replace("/", " or ")])
def test_plan_rows_that_repeat_the_plan_are_left_out_with_their_sum(tmp_path, heading):
    found, notes = sums(tmp_path, ("Actual", {}), ("Plan", NOT_DONE), heading=heading)
    assert found == (1, 1, 100, 150)
    assert "Plan rows left out" in notes[0]
    assert "1 (row 3)" in notes[0]
    assert "planned prices add up to £100.00" in notes[0]


def test_plan_and_actual_on_rows_of_their_own_in_the_right_columns_are_taken(tmp_path):
    assert sums(tmp_path, ("Actual", NO_PLAN), ("Plan", NOT_DONE)) == ((2, 0, 100, 150), [])


def test_a_plan_row_with_its_plan_among_what_was_done_is_left_out(tmp_path):
    found, _ = sums(tmp_path, ("Actual", NO_PLAN), ("PLANNED", {**NO_PLAN, "actual_price": "170.00"}))
    assert found == (1, 1, 0, 150)


def test_a_file_of_plan_rows_only_is_taken_where_nothing_stands_as_done(tmp_path):
    assert sums(tmp_path, ("Plan", NOT_DONE), ("plan", {**NOT_DONE, "actual_price": "0"}))[0] == (2, 0, 200, 0)


def test_plan_rows_only_with_figures_as_done_are_refused(tmp_path):
    with (
        checked_file(tmp_path, content=marked(("Plan", {}), ("Plan", {}))) as checked,
        pytest.raises(Refused, match="Plan rows left out"),
    ):
        refuse_without_rows(checked.result)


def test_summaries_are_left_out_where_the_detail_is_there(tmp_path):
    found, notes = sums(tmp_path, ("AcutePLD", {}), ("AcutePLD", {}), ("AcuteAGG", {"actual_price": "300.00"}))
    assert found == (2, 1, 200, 300)
    assert "Summary rows left out" in notes[0]
    assert "actual prices add up to £300.00" in notes[0]


def test_a_file_of_summaries_only_is_the_detail(tmp_path):
    assert sums(tmp_path, ("AcuteAGG", {}), ("acute_agg", {}), ("AcuteAGG", {}))[0][:2] == (3, 0)


def test_other_words_and_other_columns_mark_nothing(tmp_path):
    assert sums(tmp_path, ("SLAM", {}), ("SUS", {}))[0][:2] == (2, 0)
    (tmp_path / "other").mkdir()
    assert sums(tmp_path / "other", ("", {}), ("Plan", {}), heading="Comment")[0][:2] == (2, 0)
