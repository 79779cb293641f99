"""How far a check is: of rows read, of time passed, and never over before it is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.extracts.pace import BEGINS, ENDS, estimated_rows, pace
from planning.models import CheckingPhase
from planning.templatetags.extract_words import about_seconds, tens

START = datetime(2026, 6, 1, 9, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_reading_is_measured_by_its_rows():
    seen = pace("reading", START, START, at(10), 250_000, 1_000_000)
    assert seen.share == pytest.approx(ENDS["reading"] / 4)
    assert seen.rows_a_second == 25_000
    # A quarter of 0.45 took 10 seconds, so all takes 89.
    assert seen.seconds_left == 79


def test_without_an_estimate_nothing_is_foreseen():
    seen = pace("reading", START, START, at(10), 250_000, None)
    assert (seen.share, seen.rows_a_second, seen.seconds_left) == (0.0, 25_000, None)


def test_more_rows_than_expected_are_not_more_than_all():
    assert pace("reading", START, START, at(1), 500, 100).share == ENDS["reading"]


def test_the_other_parts_are_measured_by_how_long_those_before_took():
    seen = pace("checking", START, at(45), at(65), 1_000_000, 1_000_000)
    assert seen.share == pytest.approx(0.65)
    assert seen.seconds_left == 35
    assert seen.rows_a_second == 22_222
    late = pace("checking", START, at(45), at(500), 1_000_000, 1_000_000)
    assert late.share == pytest.approx(ENDS["checking"] - 0.01)


def test_at_the_very_beginning_nothing_is_divided_by_nought():
    for phase in BEGINS:
        seen = pace(phase, START, START, START, 0, 0)
        assert seen.share == BEGINS[phase]
        assert seen.rows_a_second is None


def test_every_part_of_the_model_has_its_place():
    assert set(BEGINS) == set(ENDS) == set(CheckingPhase.values)
    assert ENDS["writing"] == 1


@given(
    phase=st.sampled_from(sorted(BEGINS)),
    before=st.floats(0, 10_000),
    passed=st.floats(0, 10_000),
    rows=st.integers(0, 10**8),
    expected=st.none() | st.integers(0, 10**8),
)
def test_a_share_is_between_its_ends_and_time_left_is_not_negative(phase, before, passed, rows, expected):
    seen = pace(phase, START, at(before), at(before + passed), rows, expected)
    assert 0 <= seen.share <= 1
    assert seen.seconds_left is None or seen.seconds_left >= 0
    assert seen.rows_a_second is None or seen.rows_a_second >= 0


@given(rows=st.integers(1, 5000), width=st.integers(1, 2000))
def test_rows_are_estimated_from_the_first_part_of_the_file(tmp_path_factory, rows, width):
    path = tmp_path_factory.mktemp("file") / "a.csv"
    path.write_bytes(b"heading\n" + (b"x" * width + b"\n") * rows)
    assert estimated_rows(path) == pytest.approx(rows, rel=0.05, abs=1)


def test_what_has_no_lines_or_is_not_there_is_not_estimated(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"one line without an end")
    assert estimated_rows(tmp_path / "a.csv") is None
    assert estimated_rows(tmp_path / "not there") is None
    (tmp_path / "b.csv").write_bytes(b"old\rbreaks\rof\rlines\r")
    assert estimated_rows(tmp_path / "b.csv") == 3


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (0, "less than 10 seconds"),
        (9, "less than 10 seconds"),
        (10, "about 10 seconds"),
        (41, "about 50 seconds"),
        (90, "about 2 minutes"),
        (600, "about 10 minutes"),
    ],
)
def test_time_is_said_as_finely_as_it_is_foreseen(seconds, said):
    assert about_seconds(seconds) == said


def test_steps_of_ten():
    assert [tens(n) for n in (0, 9, 10, 99, 100)] == [0, 0, 10, 90, 100]
