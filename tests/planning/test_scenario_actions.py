"""Writes of scenarios: who may, what is kept of each version, and what the audit trail says."""

from decimal import Decimal as D

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import AuditEvent, Membership, Role, User
from accounts.permissions import NotAllowed
from accounts.queries import command_line_user
from planning.actions import scenarios as acting
from planning.models import Scenario, ScenarioMove, ScenarioVersion

pytestmark = pytest.mark.django_db
MAKERS = "Scenarios are made by the programme team and finance leads. Ask them for a copy to be shared."
ELSES = "This scenario is somebody else's. Make a copy of it to change it."
GROWTH = {"kind": "growth", "non_demographic": D("0.02")}
EVERYTHING = {
    "kind": "repatriate",
    "homes": ["QWE"],
    "services": ["4"],
    "senders": ["RJ1", "RJZ"],
    "receiver": "RJ7",
    "site": "E09000024",
    "share": D("0.125"),
    "demographic": D("0.01"),
    "non_demographic": D("-0.02"),
    "first_year": 3,
    "payment": "fixed",
    "one_off": 400_000,
    "new_fixed": 70_000,
    "note": "As agreed in May",
}


def made(by, *moves, name="Hearts", saved=False, shared=False) -> Scenario:
    scenario = acting.make_scenario(by=by, name=name, position=4, year="2025/26")
    for move in moves:
        acting.put_move(by=by, scenario=scenario, fields=move)
    if saved:
        acting.save_scenario(by=by, scenario=scenario)
    if shared:
        acting.share_scenario(by=by, scenario=scenario, shared=True)
    scenario.refresh_from_db()
    return scenario


def moves_of(version) -> list[tuple[int, str]]:
    return [(move.number, move.note) for move in version.moves.order_by("number")]


def latest(scenario) -> ScenarioVersion:
    return scenario.versions.order_by("-number").first()


# Every write of a scenario that is there already, as somebody asks for it.
WRITES = {
    "change": lambda by, s: acting.change_scenario(by=by, scenario=s, name="Other", note="", position=4, year="2025/26"),
    "put a move": lambda by, s: acting.put_move(by=by, scenario=s, fields=GROWTH),
    "put it in the place of one": lambda by, s: acting.put_move(by=by, scenario=s, fields=GROWTH, number=1),
    "remove a move": lambda by, s: acting.remove_move(by=by, scenario=s, number=1),
    "move it earlier": lambda by, s: acting.move_earlier(by=by, scenario=s, number=2),
    "save": lambda by, s: acting.save_scenario(by=by, scenario=s),
    "discard": lambda by, s: acting.discard_draft(by=by, scenario=s),
    "share": lambda by, s: acting.share_scenario(by=by, scenario=s, shared=True),
    "stop sharing": lambda by, s: acting.share_scenario(by=by, scenario=s, shared=False),
    "delete": lambda by, s: acting.delete_scenario(by=by, scenario=s),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_scenario_is_changed_by_its_owner_alone(person, write):
    owner = person(Role.PROGRAMME_TEAM)
    scenario = made(owner, GROWTH, EVERYTHING, saved=True, shared=True)
    others = {
        person(Role.PROGRAMME_TEAM): ELSES,
        person(Role.FINANCE_LEAD, "RJ1"): ELSES,
        person(Role.BOARD_MEMBER): MAKERS,
        person(Role.ADMINISTRATOR): MAKERS,
    }
    before = AuditEvent.objects.count()
    for somebody, sentence in others.items():
        with pytest.raises(NotAllowed, match=sentence.replace("'", ".")):
            write(somebody, scenario)
    assert AuditEvent.objects.count() == before
    assert moves_of(latest(scenario)) == [(1, ""), (2, "As agreed in May")]


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_one_that_was_deleted_is_left_alone(programme_team, write):
    scenario = made(programme_team, GROWTH, EVERYTHING)
    acting.delete_scenario(by=programme_team, scenario=scenario)
    with pytest.raises(acting.NotSavable, match=r"^This scenario was deleted\.$"):
        write(programme_team, scenario)


@pytest.mark.parametrize(
    ("role", "organisation", "may"),
    [
        (Role.PROGRAMME_TEAM, "", True),
        (Role.FINANCE_LEAD, "RJ1", True),
        (Role.FINANCE_LEAD, "QKK", True),
        (Role.BOARD_MEMBER, "", False),
        (Role.ADMINISTRATOR, "", False),
    ],
)
def test_who_may_begin_and_copy_scenarios(person, programme_team, role, organisation, may):
    somebody = person(role, organisation)
    shared = latest(made(programme_team, GROWTH, saved=True, shared=True))
    attempts = [lambda: made(somebody), lambda: acting.copy_scenario(by=somebody, version=shared)]
    for attempt in attempts:
        if may:
            assert attempt().owner == somebody
        else:
            with pytest.raises(NotAllowed, match=MAKERS):
                attempt()
    assert Scenario.objects.filter(owner=somebody).count() == (2 if may else 0)


def test_what_begins_is_an_empty_draft_of_what_was_chosen(programme_team):
    scenario = acting.make_scenario(
        by=programme_team, name="  Hearts  ", position=7, year="2024/25", note=" Why ", selection={"homes": ["QWE"]}
    )
    assert (scenario.name, scenario.note, scenario.owner, scenario.shared_at) == ("Hearts", "Why", programme_team, None)
    draft = scenario.versions.get()
    assert (draft.number, draft.position, draft.year, draft.saved_at) == (1, 7, "2024/25", None)
    assert draft.selection == {"homes": ["QWE"]}
    event = AuditEvent.objects.get()
    assert (event.action, event.about, event.by) == ("made scenario", f"Scenario {scenario.pk}: Hearts", programme_team)
    assert event.detail == {"position": 7, "year": "2024/25"}


def test_a_name_is_taken_by_one_that_stands_and_free_again_once_it_is_deleted(programme_team, finance_lead):
    first = made(programme_team)
    refusal = r"^You have a scenario of that name: choose another name\.$"
    with pytest.raises(acting.NotSavable, match=refusal):
        made(programme_team, name=" Hearts ")
    assert Scenario.objects.count() == 1
    assert AuditEvent.objects.filter(action="made scenario").count() == 1
    assert made(finance_lead).name == "Hearts"
    other = made(programme_team, name="Kidneys")
    with pytest.raises(acting.NotSavable, match=refusal):
        acting.change_scenario(by=programme_team, scenario=other, name="Hearts", note="", position=4, year="2025/26")
    other.refresh_from_db()
    assert other.name == "Kidneys"
    acting.delete_scenario(by=programme_team, scenario=first)
    assert made(programme_team).pk != first.pk


def test_a_move_is_kept_with_all_that_was_said_of_it(programme_team):
    scenario = made(programme_team)
    move = acting.put_move(by=programme_team, scenario=scenario, fields={**EVERYTHING, "nonsense": 1})
    move.refresh_from_db()
    assert {name: getattr(move, name) for name in EVERYTHING} == EVERYTHING
    event = AuditEvent.objects.get(action="changed move of scenario")
    assert event.detail == {"move": 1, "kind": "repatriate"}


def test_a_copied_move_loses_nothing():
    """Whatever is added to moves must be copied too."""
    fields = {field.name for field in ScenarioMove._meta.get_fields()}
    assert fields - {"id", "version", "number"} == set(acting.OF_A_MOVE) == set(EVERYTHING)


def test_a_move_in_the_place_of_another_has_nothing_of_it(programme_team):
    scenario = made(programme_team, GROWTH, EVERYTHING)
    acting.put_move(by=programme_team, scenario=scenario, fields=GROWTH, number=2)
    move = latest(scenario).moves.get(number=2)
    assert (move.kind, move.homes, move.receiver, move.one_off, move.note) == ("growth", [], "", 0, "")
    with pytest.raises(acting.NotSavable, match=r"^That move is not there any more\.$"):
        acting.put_move(by=programme_team, scenario=scenario, fields=GROWTH, number=3)


def test_there_are_twelve_moves_at_most(programme_team):
    scenario = made(programme_team, *[GROWTH] * 12)
    with pytest.raises(acting.NotSavable, match=r"^A scenario has at most 12 moves: remove one first\.$"):
        acting.put_move(by=programme_team, scenario=scenario, fields=GROWTH)
    acting.put_move(by=programme_team, scenario=scenario, fields=EVERYTHING, number=12)
    acting.move_earlier(by=programme_team, scenario=scenario, number=12)
    assert moves_of(latest(scenario))[-2:] == [(11, "As agreed in May"), (12, "")]


def test_saving_fixes_a_version_and_the_next_change_begins_another(programme_team):
    scenario = made(programme_team, EVERYTHING, saved=True)
    first = scenario.versions.get()
    assert (first.saved_by, first.number) == (programme_team, 1)
    assert AuditEvent.objects.get(action="saved scenario").detail == {"version": 1, "position": 4}
    with pytest.raises(acting.NotSavable, match=r"^There is nothing to save: the latest version is as it stands\.$"):
        acting.save_scenario(by=programme_team, scenario=scenario)
    acting.put_move(by=programme_team, scenario=scenario, fields={**GROWTH, "note": "new"})
    draft = latest(scenario)
    assert (draft.number, draft.saved_at, draft.position, draft.year) == (2, None, 4, "2025/26")
    assert moves_of(draft) == [(1, "As agreed in May"), (2, "new")]
    assert moves_of(first) == [(1, "As agreed in May")]
    copied = draft.moves.get(number=1)
    assert {name: getattr(copied, name) for name in EVERYTHING} == EVERYTHING


def test_without_a_move_nothing_is_saved_shared_or_discarded(programme_team):
    scenario = made(programme_team)
    with pytest.raises(acting.NotSavable, match=r"^Add a move before you save the scenario\.$"):
        acting.save_scenario(by=programme_team, scenario=scenario)
    with pytest.raises(acting.NotSavable, match=r"^Save the scenario before you share it\.$"):
        acting.share_scenario(by=programme_team, scenario=scenario, shared=True)
    with pytest.raises(acting.NotSavable, match=r"^Nothing of this scenario was saved yet: delete it instead\.$"):
        acting.discard_draft(by=programme_team, scenario=scenario)
    acting.share_scenario(by=programme_team, scenario=scenario, shared=False)
    assert [e.action for e in AuditEvent.objects.order_by("pk")] == ["made scenario", "stopped sharing scenario"]


def test_a_discarded_draft_leaves_the_saved_version(programme_team):
    scenario = made(programme_team, EVERYTHING, saved=True)
    acting.remove_move(by=programme_team, scenario=scenario, number=1)
    assert moves_of(latest(scenario)) == []
    acting.discard_draft(by=programme_team, scenario=scenario)
    assert moves_of(latest(scenario)) == [(1, "As agreed in May")]
    assert AuditEvent.objects.filter(action="discarded draft of scenario").count() == 1


def test_only_a_change_of_its_start_begins_a_draft(programme_team):
    scenario = made(programme_team, GROWTH, saved=True)
    acting.change_scenario(by=programme_team, scenario=scenario, name=" New ", note=" N ", position=4, year="2025/26")
    scenario.refresh_from_db()
    assert (scenario.name, scenario.note, scenario.versions.count()) == ("New", "N", 1)
    acting.change_scenario(by=programme_team, scenario=scenario, name="New", note="N", position=4, year="2024/25")
    assert [(v.number, v.year, v.saved_at is None) for v in scenario.versions.order_by("number")] == [
        (1, "2025/26", False),
        (2, "2024/25", True),
    ]
    assert moves_of(latest(scenario)) == [(1, "")]


@pytest.mark.parametrize("number", [0, 1, 3, 4, 99, 10**30, -1])
def test_what_cannot_change_places_does_not_and_nothing_is_written(programme_team, number):
    scenario = made(programme_team, GROWTH, EVERYTHING, saved=True)
    before = AuditEvent.objects.count()
    acting.move_earlier(by=programme_team, scenario=scenario, number=number)
    if number != 1:
        acting.remove_move(by=programme_team, scenario=scenario, number=number)
    assert scenario.versions.count() == 1
    assert AuditEvent.objects.count() == before


def test_moves_behind_a_removed_one_move_up_and_the_trail_names_it(programme_team):
    notes = [{**GROWTH, "note": word} for word in ("a", "b", "c", "d")]
    scenario = made(programme_team, *notes)
    acting.remove_move(by=programme_team, scenario=scenario, number=2)
    assert moves_of(latest(scenario)) == [(1, "a"), (2, "c"), (3, "d")]
    acting.move_earlier(by=programme_team, scenario=scenario, number=3)
    assert moves_of(latest(scenario)) == [(1, "a"), (2, "d"), (3, "c")]
    events = AuditEvent.objects.filter(action__in=["removed move of scenario", "reordered moves of scenario"]).order_by("pk")
    assert [(e.action, e.detail) for e in events] == [
        ("removed move of scenario", {"move": 2}),
        ("reordered moves of scenario", {"move": 3}),
    ]


def test_a_copy_is_ones_own_and_knows_where_it_came_from(programme_team, finance_lead):
    source = made(programme_team, EVERYTHING, saved=True, shared=True)
    acting.put_move(by=programme_team, scenario=source, fields=GROWTH)
    version = source.versions.get(number=1)
    copy = acting.copy_scenario(by=finance_lead, version=version)
    assert (copy.name, copy.owner, copy.copied_from, copy.shared_at) == ("Copy of Hearts", finance_lead, version, None)
    draft = copy.versions.get()
    assert (draft.number, draft.saved_at, draft.position, draft.year) == (1, None, 4, "2025/26")
    assert moves_of(draft) == [(1, "As agreed in May")]
    acting.remove_move(by=finance_lead, scenario=copy, number=1)
    assert moves_of(version) == [(1, "As agreed in May")]
    event = AuditEvent.objects.get(action="copied scenario")
    assert (event.about, event.detail["version"]) == (f"Scenario {source.pk}: Hearts", 1)
    assert event.detail["to"] == f"Scenario {copy.pk}: Copy of Hearts"


def test_a_copy_may_be_of_another_position(programme_team):
    source = made(programme_team, GROWTH, saved=True)
    copy = acting.copy_scenario(by=programme_team, version=latest(source), position=9)
    assert copy.versions.get().position == 9


def test_copies_of_one_name_are_numbered_and_never_too_long(programme_team):
    source = made(programme_team, GROWTH, name="H" * 100, saved=True)
    names = [acting.copy_scenario(by=programme_team, version=latest(source)).name for _ in range(3)]
    assert names == ["Copy of " + "H" * 92, "Copy 2 of " + "H" * 90, "Copy 3 of " + "H" * 90]


def test_what_is_not_shared_is_not_copied(programme_team, finance_lead):
    kept = made(programme_team, GROWTH, saved=True)
    refusal = r"^This scenario is not shared with you\.$"
    with pytest.raises(NotAllowed, match=refusal):
        acting.copy_scenario(by=finance_lead, version=latest(kept))
    acting.share_scenario(by=programme_team, scenario=kept, shared=True)
    acting.put_move(by=programme_team, scenario=kept, fields=GROWTH)
    with pytest.raises(NotAllowed, match=refusal):
        acting.copy_scenario(by=finance_lead, version=latest(Scenario.objects.get(pk=kept.pk)))
    acting.delete_scenario(by=programme_team, scenario=kept)
    with pytest.raises(NotAllowed, match=refusal):
        acting.copy_scenario(by=programme_team, version=Scenario.objects.get(pk=kept.pk).versions.get(number=1))
    assert not Scenario.objects.filter(owner=finance_lead).exists()


def test_the_command_line_may_copy_anything(programme_team):
    draft = made(programme_team, GROWTH)
    assert acting.copy_scenario(by=command_line_user(), version=latest(draft)).name == "Copy of Hearts"


def test_sharing_begins_and_ends_and_deleting_ends_it_too(programme_team):
    scenario = made(programme_team, GROWTH, saved=True, shared=True)
    assert list(Scenario.objects.shared()) == [scenario]
    acting.share_scenario(by=programme_team, scenario=scenario, shared=False)
    assert not Scenario.objects.shared().exists()
    acting.share_scenario(by=programme_team, scenario=scenario, shared=True)
    acting.delete_scenario(by=programme_team, scenario=scenario)
    scenario.refresh_from_db()
    assert (scenario.shared_at, scenario.deleted_at is not None) == (None, True)
    assert not Scenario.objects.shared().exists()
    assert not Scenario.objects.standing().exists()
    assert scenario.versions.count() == 1


def test_a_shared_scenario_with_several_versions_is_listed_once(programme_team):
    scenario = made(programme_team, GROWTH, saved=True, shared=True)
    acting.put_move(by=programme_team, scenario=scenario, fields=GROWTH)
    acting.save_scenario(by=programme_team, scenario=scenario)
    assert list(Scenario.objects.shared()) == [scenario]


def version_of(scenario, **fields):
    return ScenarioVersion.objects.create(scenario=scenario, position=1, year="2025/26", **fields)


@pytest.mark.parametrize(
    ("name", "break_it"),
    [
        ("two drafts", lambda s, by: version_of(s, number=2)),
        ("a number twice", lambda s, by: version_of(s, number=1, saved_at=timezone.now(), saved_by=by)),
        ("saved by nobody", lambda s, by: version_of(s, number=2, saved_at=timezone.now())),
        ("a move twice", lambda s, by: [ScenarioMove.objects.create(version=latest(s), number=1, kind="growth") for _ in "ab"]),
        (
            "more than all",
            lambda s, by: ScenarioMove.objects.create(version=latest(s), number=1, kind="open", share=D("1.000001")),
        ),
        ("less than none", lambda s, by: ScenarioMove.objects.create(version=latest(s), number=1, kind="open", share=D("-1.1"))),
        ("a name twice", lambda s, by: Scenario.objects.create(name=s.name, owner=by)),
    ],
)
def test_the_database_itself_refuses(programme_team, name, break_it):
    scenario = made(programme_team)
    with pytest.raises(IntegrityError), transaction.atomic():
        break_it(scenario, programme_team)


def test_rows_name_themselves_for_people(programme_team):
    scenario = made(programme_team, EVERYTHING)
    assert str(scenario) == "Hearts"
    assert str(latest(scenario)) == "Hearts, version 1"
    assert str(latest(scenario).moves.get()) == "1. Repatriate"


STEPS = st.lists(
    st.one_of(
        st.just(("add", 0)),
        st.tuples(st.sampled_from(["remove", "earlier", "replace"]), st.integers(0, 14)),
        st.just(("save", 0)),
        st.just(("discard", 0)),
    ),
    max_size=14,
)


class AnyOrderOfSteps(TestCase):
    @given(STEPS)
    def test_moves_stay_numbered_from_one_as_a_plain_list_would_have_them(self, steps):
        by = User.objects.create_user(email="steps@example.nhs.uk", name="Steps", password="a long enough password")
        Membership.objects.create(user=by, role=Role.PROGRAMME_TEAM)
        scenario, draft, saved = made(by), [], None
        for place, (step, number) in enumerate(steps):
            word = f"{place}"
            fields = {**GROWTH, "note": word}
            there = 1 <= number <= len(draft)
            try:
                if step == "add":
                    acting.put_move(by=by, scenario=scenario, fields=fields)
                    draft = [*draft, word]
                elif step == "remove":
                    acting.remove_move(by=by, scenario=scenario, number=number)
                    draft = [w for at, w in enumerate(draft, start=1) if at != number]
                elif step == "earlier":
                    acting.move_earlier(by=by, scenario=scenario, number=number)
                    if number >= 2 and there:
                        draft = [*draft[: number - 2], draft[number - 1], draft[number - 2], *draft[number:]]
                elif step == "replace":
                    acting.put_move(by=by, scenario=scenario, fields=fields, number=number)
                    draft = [word if at == number else w for at, w in enumerate(draft, start=1)]
                elif step == "save":
                    acting.save_scenario(by=by, scenario=scenario)
                    saved = list(draft)
                else:
                    acting.discard_draft(by=by, scenario=scenario)
                    draft = list(saved)
            except acting.NotSavable:
                # Refused: too many, not there, nothing to save or to go back to; all stays as it was.
                pass
            assert moves_of(latest(scenario)) == list(enumerate(draft, start=1))
            assert scenario.versions.filter(saved_at=None).count() <= 1
