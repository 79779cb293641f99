"""Every state of a round × everything that can be done with it × everybody: what follows, and that nothing else does."""

import pytest

from accounts.models import AuditEvent, Role
from accounts.permissions import NotAllowed
from finance.actions import rounds as acting
from finance.models import AllocationRound, RoundEvent, RoundState
from tests.finance.round_area import PARAMETERS, stored_round
from tests.finance.test_allocation_figures import rows
from tests.positions import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
REFUSED = "refused"

# State → what was asked → the state after it, by a member of the programme team who did not make the round.
FOLLOWS = {
    "draft": {
        "change": "draft",
        "calculate": "calculated",
        "submit": REFUSED,
        "return": REFUSED,
        "approve": REFUSED,
    },
    "calculated": {
        "change": "draft",
        "calculate": "calculated",
        "submit": "under_review",
        "return": REFUSED,
        "approve": REFUSED,
    },
    "under_review": {
        "change": REFUSED,
        "calculate": REFUSED,
        "submit": REFUSED,
        "return": "calculated",
        "approve": "approved",
    },
    "approved": {
        "change": REFUSED,
        "calculate": REFUSED,
        "submit": REFUSED,
        "return": REFUSED,
        "approve": REFUSED,
    },
    "superseded": {
        "change": REFUSED,
        "calculate": REFUSED,
        "submit": REFUSED,
        "return": REFUSED,
        "approve": REFUSED,
    },
}
DO = {
    "change": lambda by, found: acting.change_round(by=by, found=found, asked={"name": "Changed"}),
    "calculate": lambda by, found: acting.calculate(by=by, found=found),
    "submit": lambda by, found: acting.submit_round(by=by, found=found),
    "return": lambda by, found: acting.return_round(by=by, found=found, note="Look again"),
    "approve": lambda by, found: acting.approve_round(by=by, found=found, note="Checked"),
}
# What the audit trail calls each.
DID = {
    "change": "changed allocation round",
    "calculate": "calculated allocation round",
    "submit": "sent for review allocation round",
    "return": "sent back allocation round",
    "approve": "approved allocation round",
}
# How a refusal begins, by the state.
IT_IS = {
    "draft": "It is draft: to be ",
    "calculated": "It is calculated: to be ",
    "under_review": "It is under review: to be ",
    "approved": "It is approved: to be ",
    "superseded": "It is superseded: to be ",
}
CASES = [(state, what, after) for state, by_what in FOLLOWS.items() for what, after in by_what.items()]
WITHOUT_THE_RIGHT = [
    (Role.FINANCE_LEAD, "RJ1"),
    (Role.FINANCE_LEAD, "QKK"),
    (Role.BOARD_MEMBER, ""),
    (Role.ADMINISTRATOR, ""),
]


@pytest.fixture
def maker(person):
    return person(Role.PROGRAMME_TEAM)


@pytest.fixture
def reviewer(person):
    return person(Role.PROGRAMME_TEAM)


@pytest.fixture
def a_round(maker):
    def make(state: str) -> AllocationRound:
        changes = {"need": "measure"}
        if state in ("draft", "calculated"):
            changes["position"] = publish(rows())
        return stored_round(maker, state=state, **changes)

    return make


def test_every_state_and_everything_that_can_be_done_is_in_the_table():
    assert set(FOLLOWS) == set(RoundState.values) == set(IT_IS)
    assert all(set(by_what) == set(DO) == set(DID) for by_what in FOLLOWS.values())


@pytest.mark.parametrize(("state", "what", "after"), CASES)
def test_what_follows(a_round, reviewer, state, what, after):
    found = a_round(state)
    before = AllocationRound.objects.values().get(pk=found.pk)
    if after == REFUSED:
        with pytest.raises(acting.RoundRefused) as refused:
            DO[what](reviewer, found)
        assert str(refused.value).startswith(IT_IS[state])
        assert AllocationRound.objects.values().get(pk=found.pk) == before
        assert not found.events.exists()
        assert not AuditEvent.objects.filter(by=reviewer).exists()
        return
    DO[what](reviewer, found)
    assert AllocationRound.objects.get(pk=found.pk).state == after
    [event] = found.events.all()
    assert event.by == reviewer
    [audited] = AuditEvent.objects.filter(by=reviewer)
    assert audited.action == DID[what]
    assert audited.about == f"Round {found.pk}: {AllocationRound.objects.get(pk=found.pk).name}"


@pytest.mark.parametrize(("role", "organisation"), WITHOUT_THE_RIGHT)
@pytest.mark.parametrize("what", list(DO))
def test_nobody_else_does_any_of_it(a_round, person, role, organisation, what):
    found = a_round("under_review")
    user = person(role, organisation)
    with pytest.raises(NotAllowed, match="by the programme team"):
        DO[what](user, found)
    assert AllocationRound.objects.get(pk=found.pk).state == RoundState.UNDER_REVIEW
    assert not AuditEvent.objects.filter(by=user).exists()


@pytest.mark.parametrize("worked", ["made", "changed", "calculated", "submitted"])
def test_whoever_worked_on_it_does_not_approve_it(a_round, reviewer, worked):
    found = a_round("under_review")
    RoundEvent.objects.create(round=found, what=worked, by=reviewer)
    with pytest.raises(NotAllowed, match="Nobody approves"):
        DO["approve"](reviewer, found)


@pytest.mark.parametrize("other", ["returned", "not_calculated"])
def test_whoever_only_looked_at_it_may_approve_it(a_round, reviewer, other):
    found = a_round("under_review")
    RoundEvent.objects.create(round=found, what=other, by=reviewer)
    assert DO["approve"](reviewer, found).state == RoundState.APPROVED


def test_its_maker_never_approves_it(a_round, maker):
    with pytest.raises(NotAllowed, match="Nobody approves"):
        DO["approve"](maker, a_round("under_review"))


def test_a_comment_is_kept_with_what_was_done_and_cut_at_its_longest(a_round, reviewer):
    found = acting.approve_round(by=reviewer, found=a_round("under_review"), note=" x" * 400)
    [event] = found.events.all()
    assert len(event.note) == 500
    assert event.note.startswith("x")


def test_a_change_keeps_what_it_does_not_name(a_round, reviewer):
    changed = acting.change_round(by=reviewer, found=a_round("calculated"), asked={"years": 7})
    assert changed.years == 7
    assert changed.name == "Worked example"
    assert changed.parameters == PARAMETERS


def test_only_what_was_asked_of_it_can_be_set(maker, a_round):
    changed = acting.change_round(
        by=maker, found=a_round("calculated"), asked={"state": "approved", "sha256": "x", "made_by": None}
    )
    assert (changed.state, changed.sha256, changed.made_by) == ("draft", "", maker)
