"""Writes of allocation rounds: made and calculated by the programme team, reviewed by another of them, sealed once approved."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd
from django.db import transaction
from django.utils import timezone

from accounts.actions import record
from accounts.models import User
from accounts.permissions import NotAllowed, check_make_rounds
from finance.calculations.round_inputs import missing_inputs
from finance.calculations.rounds import RoundInputs, RoundResults, calculate_round
from finance.models import AllocationRound, RoundEvent, RoundState
from finance.queries.rounds import ASKED, OPEN, WORKED, fingerprint, mark_of

from .round_inputs import gather, policy_of

WHAT = RoundEvent.What
ONE_CLICK = timedelta(seconds=20)


class RoundRefused(Exception):
    """What was asked of a round cannot be done; the message says why and what to do."""


@transaction.atomic
def make_round(*, by, asked: Mapping[str, Any]) -> AllocationRound:
    """A draft of what was asked; the same asked again at once, as by a second click, is the round that is there."""
    check_make_rounds(by)
    # The second click waits here until the first has made its round.
    User.objects.select_for_update().get(pk=by.pk)
    if same := _just_made(by, asked):
        return same
    made = AllocationRound.objects.create(made_by=by, **{name: asked[name] for name in ASKED if name in asked})
    _done(by, made, WHAT.MADE)
    return made


def _just_made(by, asked: Mapping[str, Any]) -> AllocationRound | None:
    lately = AllocationRound.objects.filter(made_by=by, state__in=OPEN, made_at__gt=timezone.now() - ONE_CLICK)
    return next((one for one in lately if all(getattr(one, name) == asked[name] for name in ASKED if name in asked)), None)


@transaction.atomic
def change_round(*, by, found: AllocationRound, asked: Mapping[str, Any], seen: str = "") -> AllocationRound:
    """Ask something else of it: what was calculated goes. `seen` is its mark when whoever asks read it.

    Raises:
        RoundRefused: it is under review or approved, or another has done something with it since it was read.
    """
    found = _locked(by, found, OPEN, "be changed", seen)
    for name in ASKED:
        if name in asked:
            setattr(found, name, asked[name])
    found.state, found.sha256 = RoundState.DRAFT, ""
    found.inputs, found.results, found.missing = {}, {}, []
    found.save()
    _done(by, found, WHAT.CHANGED)
    return found


@transaction.atomic
def calculate(*, by, found: AllocationRound, seen: str = "") -> AllocationRound:
    """Read its inputs as they stand now and compute it; where anything is missing it says which, and computes nothing.

    Raises:
        RoundRefused: it is under review or approved.
    """
    found = _locked(by, found, OPEN, "be calculated", seen)
    policy = policy_of(found)
    inputs, own_trusts, sources = gather(found, by=by)
    missing = missing_inputs(inputs, policy, own_trusts=own_trusts).to_dict("records")
    results = None
    if not missing:
        try:
            results = calculate_round(inputs, policy)
        except ValueError as fault:
            # Nothing is missing, but what was asked contradicts itself: a floor that the quantum does not reach, say.
            missing = [
                {"area": "", "input": "Policy", "problem": str(fault), "remedy": "Change the round and calculate it again"}
            ]
    found.missing = missing
    if results is None:
        found.state, found.sha256, found.inputs, found.results = RoundState.DRAFT, "", {}, {}
    else:
        found.inputs = {"tables": input_tables(inputs), "sources": [list(source) for source in sources]}
        found.results = {"tables": result_tables(results)}
        found.state = RoundState.CALCULATED
        found.sha256 = fingerprint(found)
    found.save()
    _done(by, found, WHAT.NOT_CALCULATED if results is None else WHAT.CALCULATED, inputs_missing=len(missing))
    return found


@transaction.atomic
def submit_round(*, by, found: AllocationRound, note: str = "", seen: str = "") -> AllocationRound:
    """Put it forward for review. Raises: RoundRefused: it is not calculated."""
    return _go(by, found, RoundState.CALCULATED, RoundState.UNDER_REVIEW, WHAT.SUBMITTED, "be sent for review", note, seen)


@transaction.atomic
def return_round(*, by, found: AllocationRound, note: str, seen: str = "") -> AllocationRound:
    """Send it back with a reason, to be changed. Raises: RoundRefused: it is not under review, or no reason is given."""
    check_make_rounds(by)
    if not note.strip():
        raise RoundRefused("Say why it is sent back: whoever made it reads it.")
    return _go(by, found, RoundState.UNDER_REVIEW, RoundState.CALCULATED, WHAT.RETURNED, "be sent back", note, seen)


@transaction.atomic
def approve_round(*, by, found: AllocationRound, note: str = "", seen: str = "") -> AllocationRound:
    """Approve and seal it; the one approved before for the same area and year is superseded.

    Raises:
        NotAllowed: they made, changed, calculated or submitted it themselves.
        RoundRefused: it is not under review, or is not as it was when it was calculated.
    """
    found = _locked(by, found, (RoundState.UNDER_REVIEW,), "be approved", seen)
    if by.pk in workers_on(found):
        raise NotAllowed("Nobody approves a round that they made or worked on. Ask another member of the programme team.")
    if fingerprint(found) != found.sha256:
        raise RoundRefused("It is not as it was when it was calculated: send it back and calculate it again.")
    same = AllocationRound.objects.filter(first_year=found.first_year, footprint=found.footprint, state=RoundState.APPROVED)
    for earlier in same.select_for_update():
        _moved(by, earlier, RoundState.SUPERSEDED, WHAT.SUPERSEDED, f"By {found.name}")
    _moved(by, found, RoundState.APPROVED, WHAT.APPROVED, note)
    return found


def workers_on(found: AllocationRound) -> set[int]:
    """Who made, changed, calculated or submitted it."""
    return {found.made_by_id, *found.events.filter(what__in=WORKED).values_list("by", flat=True)}


def _go(by, found: AllocationRound, start: str, end: str, what: str, verb: str, note: str, seen: str) -> AllocationRound:
    return _moved(by, _locked(by, found, (start,), verb, seen), end, what, note)


def _moved(by, found: AllocationRound, state: str, what: str, note: str = "") -> AllocationRound:
    found.state = state
    found.save(update_fields=["state"])
    _done(by, found, what, note=note)
    return found


def _locked(by, found: AllocationRound, states: tuple[str, ...], verb: str, seen: str) -> AllocationRound:
    check_make_rounds(by)
    locked = AllocationRound.objects.select_for_update().get(pk=found.pk)
    if locked.state not in states:
        needed = " or ".join(str(RoundState(state).label).lower() for state in states)
        raise RoundRefused(f"It is {locked.get_state_display().lower()}: to {verb} it must be {needed}.")
    if seen and seen != mark_of(locked):
        raise RoundRefused("Something was done with it since you opened the page. Nothing is done: read it as it is now.")
    return locked


def _done(by, found: AllocationRound, what: str, *, note: str = "", **detail: Any) -> None:
    RoundEvent.objects.create(round=found, what=what, by=by, note=note.strip()[:500])
    words = str(WHAT(what).label).split(":")[0].lower()
    record(by=by, action=f"{words} allocation round"[:60], about=f"Round {found.pk}: {found.name}", note=note[:500], **detail)


def input_tables(inputs: RoundInputs) -> dict[str, Any]:
    names = ["baselines", "people", "cost_weights", "need", "measures", "care", "market_forces", "weighted"]
    return {name: _table(getattr(inputs, name)) for name in names}


def result_tables(results: RoundResults) -> dict[str, Any]:
    return {name: _table(getattr(results, name)) for name in ("shares", "years", "moved", "terms")}


def _table(frame: pd.DataFrame) -> dict[str, Any]:
    """A frame as JSON holds it: columns and rows, nothing where a value is missing."""
    cells = frame.astype(object).where(frame.notna(), None)
    return {"columns": [str(c) for c in frame.columns], "rows": [[_plain(v) for v in row] for row in cells.to_numpy().tolist()]}


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
