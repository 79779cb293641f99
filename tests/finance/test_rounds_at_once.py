"""Two clicks that make a round at the same moment."""

import pytest

from accounts.models import Role
from finance.actions.rounds import make_round
from finance.models import AllocationRound, RoundEvent
from tests.at_once import at_once
from tests.finance.round_area import PARAMETERS

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = {"name": "Proposal", "position": 1, "baseline_year": "2025/26", "first_year": "2026/27", "years": 1}


def making(by, **asked):
    return lambda: make_round(by=by, asked={**ASKED, "parameters": PARAMETERS, **asked}).pk


def test_two_clicks_of_one_person_make_one_round(person):
    by = person(Role.PROGRAMME_TEAM)
    assert len(set(at_once(*[making(by)] * 3))) == 1
    assert AllocationRound.objects.count() == RoundEvent.objects.count() == 1


def test_two_people_and_two_questions_make_rounds_of_their_own(person):
    first, second = person(Role.PROGRAMME_TEAM), person(Role.PROGRAMME_TEAM)
    made = at_once(making(first), making(second), making(second, name="Another"))
    assert len(set(made)) == 3
