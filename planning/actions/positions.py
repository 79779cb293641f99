"""Publishing and withdrawing: each makes one reporting position, one at a time, in one short transaction."""

import hashlib
from collections.abc import Sequence
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.actions import record
from accounts.permissions import NotAllowed, check_publish_extract
from accounts.queries import is_command_line, organisations_of
from planning.extracts.slices import resolve_slices
from planning.models import Extract, ExtractState, PositionLock, PositionSlice, ReportingPosition
from planning.queries.extracts import coverings, systems_in

from .extracts import drop_received
from .notices import tell_of_position

# What was done to extracts in the words of notices → in those of the audit trail.
ACTIONS = {"published": "published", "withdrawn": "withdrew", "marked": "marked"}
SLICE = ("layout", "provider", "year", "month", "commissioner")


class NotPublishable(Exception):
    """The extracts are not in a state in which this can be done to them; the message says why."""


@transaction.atomic
def publish_extracts(
    *, by, extracts: Sequence[Extract], reason: str, confirmed: bool = True, seen: int | None = None
) -> ReportingPosition:
    """Make a position in which these extracts are current for what they cover; of two that overlap the later wins.

    Publishing again what was published gives the position that it made. `seen` is the latest position when the person read
    what would change: where the same slices were published since, they read it again first.
    """
    if not confirmed:
        raise NotPublishable("Confirm that the difference is right before you publish.")
    lock = locked()
    if not extracts:
        raise NotPublishable("Select the extracts to publish.")
    found = Extract.objects.select_for_update().in_bulk([e.pk for e in extracts])
    extracts = [found[e.pk] for e in extracts]
    for extract in extracts:
        check_publisher(by, extract)
    if all(e.state == ExtractState.PUBLISHED for e in extracts):
        return extracts[-1].made_positions.earliest("number")
    if unfit := [e for e in extracts if e.state != ExtractState.CHECKED]:
        raise NotPublishable(f"Only checked extracts can be published: {', '.join(map(_said, unfit))}.")
    if seen is not None:
        _check_seen(seen, extracts)
    order = Extract.objects.aggregate(last=Max("publication"))["last"] or 0
    for number, extract in enumerate(extracts, order + 1):
        extract.state, extract.publication = ExtractState.PUBLISHED, number
        extract.published_at, extract.published_by = timezone.now(), by
        extract.save(update_fields=["state", "publication", "published_at", "published_by"])
        # From now on the accepted rows are the record; what was received is not needed any more.
        transaction.on_commit(partial(drop_received, extract))
    return make_position(lock, by, extracts, reason, "published")


def _check_seen(seen: int, extracts: Sequence[Extract]) -> None:
    """What a person confirmed is what would change now."""
    for extract in extracts:
        own = PositionSlice.objects.filter(layout=extract.layout, provider=extract.provider, year=extract.year)
        later = own.filter(Q(from_position__gt=seen) | Q(until_position__gt=seen))
        if newest := later.aggregate(number=Max(Greatest("from_position", Coalesce("until_position", 0))))["number"]:
            raise NotPublishable(
                f"Position {newest} was published after you opened this page, and it changed {extract.provider} {extract.year}. "
                "Read what would change now, then publish."
            )


@transaction.atomic
def withdraw_extract(*, by, extract: Extract, reason: str) -> ReportingPosition:
    """Make a position in which the extract's slices are again what they were without it."""
    lock = locked()
    extract = Extract.objects.select_for_update().get(pk=extract.pk)
    check_publisher(by, extract)
    if extract.state != ExtractState.PUBLISHED:
        raise NotPublishable(
            f"Only a published extract can be withdrawn: extract {extract.pk} is {extract.get_state_display().lower()}."
        )
    extract.state, extract.reason = ExtractState.WITHDRAWN, reason
    extract.save(update_fields=["state", "reason"])
    return make_position(lock, by, [extract], reason, "withdrawn")


@transaction.atomic
def declare_complete(*, by, extract: Extract) -> Extract:
    """Say that a checked file of one commissioner is all there is of its provider for its months, so that it replaces all."""
    extract = Extract.objects.select_for_update().get(pk=extract.pk)
    check_publish_extract(by, organisation=extract.organisation, provider=extract.provider, systems=systems_in(extract))
    if not is_command_line(by) and extract.provider not in organisations_of(by):
        raise NotAllowed("Only the provider can say that its file is complete.")
    if extract.state != ExtractState.CHECKED:
        raise NotPublishable(
            f"Only a checked extract can be declared complete: extract {extract.pk} is {extract.get_state_display().lower()}."
        )
    extract.covered_commissioners = None
    extract.save(update_fields=["covered_commissioners"])
    record(by=by, action="declared extract complete", about=f"Extract {extract.pk}")
    return extract


def check_publisher(by, extract: Extract) -> None:
    """A file that replaces all of a provider's slices is for the provider, even if it holds one system's commissioners only."""
    check_publish_extract(by, organisation=extract.organisation, provider=extract.provider, systems=systems_in(extract))
    own = is_command_line(by) or extract.provider in organisations_of(by)
    if extract.covered_commissioners is None and not own:
        raise NotAllowed(
            "This file replaces every commissioner's slices of its provider: the provider publishes and withdraws it."
        )


def _said(extract: Extract) -> str:
    return f"extract {extract.pk} is {extract.get_state_display().lower()}"


def locked() -> PositionLock:
    PositionLock.objects.get_or_create(pk=1)
    return PositionLock.objects.select_for_update().get(pk=1)


def make_position(lock: PositionLock, by, extracts: list[Extract], reason: str, verb: str) -> ReportingPosition:
    lock.last_number += 1
    lock.save(update_fields=["last_number"])
    for layout, provider, year in sorted({(e.layout, e.provider, e.year) for e in extracts}):
        _move_slices(lock.last_number, layout, provider, year)
    position = ReportingPosition.objects.create(
        number=lock.last_number,
        made_by=by,
        reason=reason[:500],
        fingerprint=_fingerprint(),
        illustrative=PositionSlice.objects.filter(until_position=None, extract__illustrative=True).exists(),
    )
    position.extracts.set(extracts)
    touched = [
        sentence
        for dotted in settings.AFTER_PUBLISH
        for sentence in import_string(dotted)(by=by, position=position, extracts=extracts) or ()
    ]
    for extract in extracts:
        record(
            by=by,
            action=f"{ACTIONS[verb]} extract",
            about=f"Extract {extract.pk}",
            position=position.number,
            reason=reason,
            provider=extract.provider,
            year=extract.year,
        )
    tell_of_position(by=by, position=position, extracts=extracts, verb=verb, touched=touched)
    return position


def _move_slices(number: int, layout: str, provider: str, year: str) -> None:
    """End the slices that change, in their extract or in the point they count at, and begin those that take their place."""
    of_provider = {"layout": layout, "provider": provider, "year": year}
    in_force = list(Extract.objects.in_force().filter(**of_provider))
    points = {extract.pk: extract.reporting_point for extract in in_force}
    becomes = {key: (extract, points[extract]) for key, extract in resolve_slices(coverings(in_force)).items()}
    current = {(s.month, s.commissioner): s for s in PositionSlice.objects.filter(**of_provider, until_position=None)}
    held = {key: (s.extract_id, s.reporting_point) for key, s in current.items()}
    ended = [s.pk for key, s in current.items() if becomes.get(key) != held[key]]
    PositionSlice.objects.filter(pk__in=ended).update(until_position=number)
    PositionSlice.objects.bulk_create(
        PositionSlice(
            **of_provider,
            month=month,
            commissioner=commissioner,
            extract_id=extract,
            reporting_point=point,
            from_position=number,
        )
        for (month, commissioner), (extract, point) in sorted(becomes.items())
        if held.get((month, commissioner)) != (extract, point)
    )


def _fingerprint() -> str:
    """The hash of every current slice, the extract it is taken from and the point it counts at."""
    digest = hashlib.sha256()
    current = PositionSlice.objects.filter(until_position=None).order_by(*SLICE)
    for pair in current.values_list(*SLICE, "extract_id", "reporting_point").iterator():
        digest.update(repr(pair).encode())
    return digest.hexdigest()
