import pytest

from planning.extracts.slices import Covering, covered_months, resolve_slices


def whole(extract, months, *slices):
    """A file of several commissioners: it replaces everything in its months."""
    return Covering(extract, frozenset(months), None, frozenset(slices))


def single(extract, months, commissioner, *held):
    return Covering(extract, frozenset(months), frozenset([commissioner]), frozenset((m, commissioner) for m in held))


@pytest.mark.parametrize(
    ("accepted", "covered"),
    [
        ([1], [1]),
        ([3, 1], [1, 2, 3]),
        ([1, 2, 3, 13], [1, 2, 3, 13]),
        ([2, 6, 13], [2, 3, 4, 5, 6, 13]),
        ([13], [13]),
        ([], []),
    ],
)
def test_a_file_covers_from_its_first_to_its_last_month_and_the_year_end_by_itself(accepted, covered):
    assert covered_months(accepted) == covered


def test_a_later_file_replaces_what_it_covers():
    first = whole(1, [1, 2, 3], (1, "A"), (2, "A"), (3, "B"))
    second = whole(2, [1, 2, 3, 4], (1, "A"), (2, "B"), (4, "A"))
    assert resolve_slices([first, second]) == {(1, "A"): 2, (2, "B"): 2, (4, "A"): 2}


def test_split_files_stand_side_by_side():
    early, late = whole(1, range(1, 7), (1, "A"), (6, "A")), whole(2, range(7, 13), (7, "A"), (12, "B"))
    assert resolve_slices([early, late]) == {(1, "A"): 1, (6, "A"): 1, (7, "A"): 2, (12, "B"): 2}


def test_the_year_end_stays_when_the_months_are_sent_again():
    assert resolve_slices([whole(1, [1, 13], (1, "A"), (13, "A")), whole(2, [1], (1, "A"))]) == {(1, "A"): 2, (13, "A"): 1}


def test_a_file_of_one_commissioner_replaces_only_theirs():
    assert resolve_slices([whole(1, [1, 2], (1, "A"), (1, "B"), (2, "A")), single(2, [1, 2], "A", 1)]) == {
        (1, "B"): 1,
        (1, "A"): 2,
    }


def test_order_decides_and_nothing_else():
    first, second = whole(9, [1], (1, "A")), whole(3, [1], (1, "A"))
    assert resolve_slices([first, second]) == {(1, "A"): 3}
    assert resolve_slices([second, first]) == {(1, "A"): 9}


def test_without_extracts_there_are_no_slices():
    assert resolve_slices([]) == {}
