"""What a round says of itself in lists and on its page: state, area, years, and what a reader may do with it."""

import pytest

from accounts.models import Role
from finance.models import AllocationRound, RoundState
from finance.queries import rounds as reading
from planning.models import Footprint
from tests.finance.round_area import stored_round
from tests.finance.test_allocation_figures import rows
from tests.positions import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
# State → whether it is open to change, may be reviewed, and may be approved by somebody who did not make it.
MAY = {
    "draft": (True, False, False),
    "calculated": (True, False, False),
    "under_review": (False, True, True),
    "approved": (False, False, False),
    "superseded": (False, False, False),
}


@pytest.fixture
def maker(person):
    return person(Role.PROGRAMME_TEAM)


@pytest.mark.parametrize("state", list(MAY))
def test_what_a_reader_may_do_with_it_follows_from_its_state(maker, person, state):
    found = stored_round(maker, state=state)
    other, board = person(Role.PROGRAMME_TEAM), person(Role.BOARD_MEMBER)
    about = reading.about_round(found, other)
    assert (about["is_open"], about["reviews"], about["approves"]) == MAY[state]
    own = reading.about_round(found, maker)
    assert not own["approves"]
    theirs = reading.about_round(found, board)
    assert not theirs["makes"]
    assert not theirs["reviews"]


def test_every_state_has_a_word_of_its_own():
    assert set(MAY) == set(RoundState.values)
    assert len({label for _, label in RoundState.choices}) == len(MAY)


@pytest.mark.parametrize(
    ("first", "years", "said"),
    [
        ("2026/27", 1, ("2026/27",)),
        ("2026/27", 2, ("2026/27", "2027/28")),
        ("2029/30", 3, ("2029/30", "2030/31", "2031/32")),
        ("2098/99", 2, ("2098/99", "2099/00")),
    ],
)
def test_years_follow_each_other(first, years, said):
    assert reading.years_of(AllocationRound(first_year=first, years=years)) == said


def test_a_list_says_which_rounds_rest_on_an_older_position(maker):
    publish(rows())
    found = stored_round(maker, position=1)
    [row] = reading.listed(maker)
    assert (row["round"], row["area"], row["last_year"], row["older"]) == (found, "the loaded area", "2027/28", False)
    publish(rows())
    [row] = reading.listed(maker)
    assert row["older"]
    assert reading.about_round(found, maker)["newer_position"] == 2


def test_the_area_is_the_footprint_or_all_that_is_loaded(maker):
    footprint = Footprint.objects.get(code="own")
    found = stored_round(maker, footprint=footprint)
    assert reading.area_name(found) == "South London"
    assert reading.area_systems(found, set()) == ["QKK", "QWE"]
    loaded = AllocationRound()
    assert reading.area_systems(loaded, {"QWE", "XXX"}) == ["QWE"]


def test_what_is_missing_is_said_with_the_names_of_areas(maker):
    found = stored_round(maker, state="draft")
    found.missing = [{"area": "QKK", "input": "x"}, {"area": "", "input": "y"}, {"area": "ZZZ", "input": "z"}]
    assert [fault["area"] for fault in reading.missing_in_words(found)] == ["South East London", "The whole round", "ZZZ"]


def test_the_choice_of_areas_begins_with_what_is_loaded():
    [first, *others] = reading.area_choices()
    assert first[0] == ""
    assert others == [("own", "South London")]


def test_the_stamp_changes_with_what_it_stands_for(maker):
    found = stored_round(maker)
    one = reading.round_stamp(found)
    AllocationRound.objects.filter(pk=found.pk).update(state="approved")
    again = AllocationRound.objects.get(pk=found.pk)
    assert reading.round_stamp(again) != one
