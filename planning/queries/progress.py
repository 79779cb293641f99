"""How far the check of an extract is, for whoever waits for it, and whether it can be checked again."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from accounts.queries import reference_version
from planning.extracts.pace import Pace, pace
from planning.models import Extract, ExtractState
from planning.queries.extracts import before_in_queue


@dataclass(frozen=True)
class Progress:
    """`before` is how many files are checked first; `pace` is missing until the check has begun."""

    waits: bool
    before: int
    pace: Pace | None

    @property
    def hundredths(self) -> int:
        return int(self.pace.share * 100) if self.pace else 0


def progress_of(extract: Extract, now: datetime) -> Progress:
    if extract.state != ExtractState.CHECKING:
        return Progress(True, before_in_queue(extract), None)
    if not extract.phase or extract.started_at is None or extract.phase_started_at is None:
        return Progress(False, 0, None)
    times = (extract.started_at, extract.phase_started_at, now)
    return Progress(False, 0, pace(extract.phase, *times, extract.rows_read, extract.rows_expected))


@dataclass(frozen=True)
class Again:
    """That an extract can be checked again, and whether there is a reason to."""

    reference_changed: bool


def received_is_kept(extract: Extract) -> bool:
    return bool(extract.stored_name) and (Path(settings.MEDIA_ROOT) / "received" / extract.stored_name).is_file()


def again_of(extract: Extract) -> Again | None:
    """Missing where the extract is neither failed nor waits to be published, or its file is not there any more."""
    if extract.state not in (ExtractState.FAILED, ExtractState.CHECKED) or not received_is_kept(extract):
        return None
    return Again(reference_changed=extract.reference_version != reference_version())
