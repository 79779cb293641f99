"""Writes of scenarios: a draft is worked on, saving makes it a version that never changes, and copies begin from one.

Scenarios belong to whoever made them. Others read what is shared, and make a copy to change it.
"""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import record
from accounts.permissions import NotAllowed, check_make_scenarios
from accounts.queries import is_command_line
from planning.models import Scenario, ScenarioMove, ScenarioVersion

# More cannot be followed by whoever reads them, and each takes its time.
MOST_MOVES = 12
OF_A_MOVE = [
    "kind",
    "homes",
    "services",
    "senders",
    "receiver",
    "site",
    "share",
    "demographic",
    "non_demographic",
    "first_year",
    "payment",
    "one_off",
    "new_fixed",
    "note",
]


class NotSavable(Exception):
    """What was asked of a scenario cannot be done; the message says why and what to do."""


def _own(by, scenario: Scenario) -> Scenario:
    """The scenario locked, if it is theirs to change and still stands."""
    check_make_scenarios(by)
    locked = Scenario.objects.select_for_update().get(pk=scenario.pk)
    if locked.owner_id != by.pk:
        raise NotAllowed("This scenario is somebody else's. Make a copy of it to change it.")
    if locked.deleted_at:
        raise NotSavable("This scenario was deleted.")
    return locked


@transaction.atomic
def make_scenario(
    *, by, name: str, position: int, year: str, note: str = "", selection: Mapping[str, Any] | None = None
) -> Scenario:
    """A scenario with an empty draft. Raises: NotSavable: they have one of that name."""
    check_make_scenarios(by)
    scenario = _named(Scenario(owner=by, name=name.strip(), note=note.strip()))
    ScenarioVersion.objects.create(scenario=scenario, number=1, position=position, year=year, selection=dict(selection or {}))
    record(by=by, action="made scenario", about=_about(scenario), position=position, year=year)
    return scenario


def _named(scenario: Scenario) -> Scenario:
    try:
        with transaction.atomic():
            scenario.save()
    except IntegrityError:
        raise NotSavable("You have a scenario of that name: choose another name.") from None
    return scenario


def _about(scenario: Scenario) -> str:
    return f"Scenario {scenario.pk}: {scenario.name}"


def _draft(scenario: Scenario) -> ScenarioVersion:
    """The draft; where all is saved, a new one with the moves of the latest version."""
    versions = list(scenario.versions.order_by("number"))
    if versions[-1].saved_at is None:
        return versions[-1]
    last = versions[-1]
    draft = ScenarioVersion.objects.create(
        scenario=scenario, number=last.number + 1, position=last.position, year=last.year, selection=last.selection
    )
    _copy_moves(last, draft)
    return draft


def _numbers(scenario: Scenario) -> set[int]:
    """Numbers of the moves as they stand, of the draft or of the latest version."""
    latest = scenario.versions.order_by("-number").first()
    return set(latest.moves.values_list("number", flat=True)) if latest else set()


def _copy_moves(source: ScenarioVersion, target: ScenarioVersion) -> None:
    moves = source.moves.order_by("number").values("number", *OF_A_MOVE)
    ScenarioMove.objects.bulk_create(ScenarioMove(version=target, **move) for move in moves)


@transaction.atomic
def change_scenario(*, by, scenario: Scenario, name: str, note: str, position: int, year: str) -> ScenarioVersion:
    """Change its name and note, and what the draft starts from. Raises: NotSavable: they have another of that name."""
    scenario = _own(by, scenario)
    scenario.name, scenario.note = name.strip(), note.strip()
    _named(scenario)
    draft = scenario.versions.order_by("-number").first()
    if (draft.position, draft.year) != (position, year):
        draft = _draft(scenario)
        draft.position, draft.year = position, year
        draft.save(update_fields=["position", "year"])
    record(by=by, action="changed scenario", about=_about(scenario), position=position, year=year)
    return draft


@transaction.atomic
def put_move(*, by, scenario: Scenario, fields: Mapping[str, Any], number: int | None = None) -> ScenarioMove:
    """Add a move behind the others, or put one in the place of another.

    Raises:
        NotSavable: there are as many as there may be, or none of that number.
    """
    scenario = _own(by, scenario)
    draft = _draft(scenario)
    standing = draft.moves.count()
    if number is None and standing >= MOST_MOVES:
        raise NotSavable(f"A scenario has at most {MOST_MOVES} moves: remove one first.")
    if number is not None and not draft.moves.filter(number=number).exists():
        raise NotSavable("That move is not there any more.")
    values = {name: fields[name] for name in OF_A_MOVE if name in fields}
    if number is not None:
        draft.moves.filter(number=number).delete()
    move = ScenarioMove.objects.create(version=draft, number=number or standing + 1, **values)
    record(by=by, action="changed move of scenario", about=_about(scenario), move=move.number, kind=move.kind)
    return move


@transaction.atomic
def remove_move(*, by, scenario: Scenario, number: int) -> None:
    """Those behind it move up. One that is not there any more stays gone, and nothing is written."""
    scenario = _own(by, scenario)
    if number not in _numbers(scenario):
        return
    draft = _draft(scenario)
    draft.moves.filter(number=number).delete()
    for place, move in enumerate(draft.moves.order_by("number"), start=1):
        if move.number != place:
            draft.moves.filter(pk=move.pk).update(number=place)
    record(by=by, action="removed move of scenario", about=_about(scenario), move=number)


@transaction.atomic
def move_earlier(*, by, scenario: Scenario, number: int) -> None:
    """Change places with the move before it; the first stays where it is."""
    scenario = _own(by, scenario)
    if not {number - 1, number} <= _numbers(scenario):
        return
    draft = _draft(scenario)
    pair = {m.number: m.pk for m in draft.moves.filter(number__in=[number - 1, number])}
    for pk, to in ((pair[number], MOST_MOVES + 1), (pair[number - 1], number), (pair[number], number - 1)):
        draft.moves.filter(pk=pk).update(number=to)
    record(by=by, action="reordered moves of scenario", about=_about(scenario), move=number)


@transaction.atomic
def save_scenario(*, by, scenario: Scenario) -> ScenarioVersion:
    """Make the draft a version. Raises: NotSavable: there is no draft, or it has no moves."""
    scenario = _own(by, scenario)
    draft = scenario.versions.filter(saved_at=None).first()
    if draft is None:
        raise NotSavable("There is nothing to save: the latest version is as it stands.")
    if not draft.moves.exists():
        raise NotSavable("Add a move before you save the scenario.")
    draft.saved_at, draft.saved_by = timezone.now(), by
    draft.save(update_fields=["saved_at", "saved_by"])
    record(by=by, action="saved scenario", about=_about(scenario), version=draft.number, position=draft.position)
    return draft


@transaction.atomic
def discard_draft(*, by, scenario: Scenario) -> None:
    """Go back to the latest saved version. Raises: NotSavable: nothing was ever saved."""
    scenario = _own(by, scenario)
    if not scenario.versions.exclude(saved_at=None).exists():
        raise NotSavable("Nothing of this scenario was saved yet: delete it instead.")
    scenario.versions.filter(saved_at=None).delete()
    record(by=by, action="discarded draft of scenario", about=_about(scenario))


@transaction.atomic
def copy_scenario(*, by, version: ScenarioVersion, position: int | None = None) -> Scenario:
    """A scenario of one's own with the moves of a version, to be changed and saved."""
    check_make_scenarios(by)
    source = version.scenario
    theirs = is_command_line(by) or source.owner_id == by.pk
    if source.deleted_at or not (theirs or (source.shared_at and version.saved_at)):
        raise NotAllowed("This scenario is not shared with you.")
    scenario = Scenario(owner=by, name=_free_name(by, source.name), note=source.note, copied_from=version)
    scenario.save()
    draft = ScenarioVersion.objects.create(
        scenario=scenario, number=1, position=position or version.position, year=version.year, selection=version.selection
    )
    _copy_moves(version, draft)
    record(by=by, action="copied scenario", about=_about(source), version=version.number, to=_about(scenario))
    return scenario


def _free_name(by, name: str) -> str:
    taken = set(Scenario.objects.standing().filter(owner=by).values_list("name", flat=True))
    tries = [f"Copy of {name}"[:100], *(f"Copy {n} of {name}"[:100] for n in range(2, len(taken) + 3))]
    return next(one for one in tries if one not in taken)


@transaction.atomic
def share_scenario(*, by, scenario: Scenario, shared: bool) -> None:
    """Let everybody who sees figures read its saved versions, or no longer. Raises: NotSavable: nothing was saved."""
    scenario = _own(by, scenario)
    if shared and not scenario.versions.exclude(saved_at=None).exists():
        raise NotSavable("Save the scenario before you share it.")
    scenario.shared_at = timezone.now() if shared else None
    scenario.save(update_fields=["shared_at"])
    record(by=by, action="shared scenario" if shared else "stopped sharing scenario", about=_about(scenario))


@transaction.atomic
def delete_scenario(*, by, scenario: Scenario) -> None:
    """Take it out of every list. Its versions stay in the database for whatever was made of them."""
    scenario = _own(by, scenario)
    scenario.deleted_at, scenario.shared_at = timezone.now(), None
    scenario.save(update_fields=["deleted_at", "shared_at"])
    record(by=by, action="deleted scenario", about=_about(scenario))
