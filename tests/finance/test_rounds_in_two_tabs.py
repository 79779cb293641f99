"""Pages of a round that were opened before somebody else did something with it, and buttons that are pressed twice."""

import re

import pytest

from accounts.models import Role
from finance.actions import rounds as acting
from finance.forms.rounds import RoundDetailsForm
from finance.models import AllocationRound, RoundState
from finance.queries.rounds import mark_of
from tests.finance.round_area import stored_round
from tests.finance.test_allocation_figures import rows
from tests.positions import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
STALE = "Something was done with it since you opened the page. Nothing is done: read it as it is now."


@pytest.fixture
def sent() -> dict:
    publish(rows() + [row for month in range(2, 13) for row in rows(month=month)])
    form = RoundDetailsForm()
    return {name: form[name].value() for name in form.fields if form[name].value() is not None} | {"name": "Proposal"}


@pytest.fixture
def address(sent, signed_in, programme_team) -> str:
    """A calculated round of a member of the programme team."""
    return signed_in(programme_team).post("/allocation/rounds/new/", sent).url


def seen(client, address: str) -> str:
    return re.search(r'name="seen" value="(\d*)"', client.get(address).content.decode())[1]


def test_nobody_approves_what_they_have_not_read(signed_in, programme_team, person, address):
    maker, reviewer = signed_in(programme_team), signed_in(person(Role.PROGRAMME_TEAM))
    maker.post(f"{address}submit/")
    mark = seen(reviewer, address)
    maker.post(f"{address}return/", {"note": "One thing more"})
    maker.post(f"{address}submit/")
    page = reviewer.post(f"{address}approve/", {"seen": mark}, follow=True).content.decode()
    assert STALE in page
    assert AllocationRound.objects.get().state == RoundState.UNDER_REVIEW
    reviewer.post(f"{address}approve/", {"seen": seen(reviewer, address)})
    assert AllocationRound.objects.get().state == RoundState.APPROVED


def test_a_form_opened_before_another_changed_the_round_overwrites_nothing(signed_in, programme_team, person, sent, address):
    first, second = signed_in(programme_team), signed_in(person(Role.PROGRAMME_TEAM))
    mark = seen(first, f"{address}change/")
    second.post(f"{address}change/", {**sent, "name": "Of the second", "seen": seen(second, f"{address}change/")})
    page = first.post(f"{address}change/", {**sent, "name": "Of the first", "seen": mark}).content.decode()
    assert STALE in page
    # What was typed is still there, and so is the mark: sending it again is refused as well.
    assert 'value="Of the first"' in page
    assert f'name="seen" value="{mark}"' in page
    assert AllocationRound.objects.get().name == "Of the second"


@pytest.mark.parametrize("button", ["calculate", "submit"])
def test_a_button_of_a_page_that_is_no_longer_true_does_nothing(signed_in, programme_team, address, button):
    client = signed_in(programme_team)
    found = AllocationRound.objects.get()
    mark = mark_of(found)
    acting.calculate(by=programme_team, found=found)
    before = AllocationRound.objects.values().get()
    assert STALE in client.post(f"{address}{button}/", {"seen": mark}, follow=True).content.decode()
    assert AllocationRound.objects.values().get() == before


def test_a_second_click_makes_no_second_round_and_another_question_does(signed_in, programme_team, sent, address):
    client = signed_in(programme_team)
    assert client.post("/allocation/rounds/new/", sent).url == address
    assert client.post("/allocation/rounds/new/", {**sent, "floor": "3"}).url != address
    assert AllocationRound.objects.count() == 2


def test_the_same_question_of_another_person_or_later_is_another_round(programme_team, person, sent, address):
    form = RoundDetailsForm(sent)
    assert form.is_valid()
    found = AllocationRound.objects.get()
    assert acting.make_round(by=person(Role.PROGRAMME_TEAM), asked=form.asked).pk != found.pk
    AllocationRound.objects.filter(pk=found.pk).update(made_at=found.made_at - 2 * acting.ONE_CLICK)
    assert acting.make_round(by=programme_team, asked=form.asked).pk != found.pk


def test_the_mark_of_a_round_changes_with_whatever_is_done_with_it(programme_team):
    found = stored_round(programme_team, state="calculated")
    assert mark_of(found) == ""
    acting.submit_round(by=programme_team, found=found)
    first = mark_of(found)
    acting.return_round(by=programme_team, found=found, note="Again")
    assert first
    assert mark_of(found) not in ("", first)


@pytest.mark.parametrize("state", ["under_review", "approved", "superseded"])
def test_a_round_that_is_not_changed_has_no_form_to_fill_in(signed_in, programme_team, state):
    found = stored_round(programme_team, state=state, need="measure")
    client = signed_in(programme_team)
    for response in (
        client.get(f"/allocation/rounds/{found.pk}/change/", follow=True),
        client.post(f"/allocation/rounds/{found.pk}/change/", {"name": "Other"}, follow=True),
    ):
        assert response.redirect_chain == [(f"/allocation/rounds/{found.pk}/", 302)]
        assert "and is not changed: start one like it." in response.content.decode()
    assert AllocationRound.objects.get().name == found.name


def test_a_position_that_was_not_chosen_is_asked_for(sent):
    assert RoundDetailsForm({**sent, "position": ""}).errors["position"] == ["Select a position"]
