"""Marking an extract anew: flex or freeze, illustrative or not. No fact changes; of a published one a position is made.

The same bytes may come again as freeze. They are the same facts, so nothing is loaded twice: the slices that are taken from
the extract count at the new point from a new position on, and older positions keep what they said.
"""

from django.db import transaction

from accounts.actions import record
from accounts.permissions import NotAllowed
from accounts.queries import organisations_of
from planning.models import Extract, ExtractState, ReportingPosition

from .positions import NotPublishable, check_publisher, locked, make_position

MARKABLE = (
    ExtractState.WAITING,
    ExtractState.RECEIVED,
    ExtractState.CHECKING,
    ExtractState.CHECKED,
    ExtractState.PUBLISHED,
)


@transaction.atomic
def mark_extract(*, by, extract: Extract, reporting_point: str, illustrative: bool, reason: str = "") -> ReportingPosition | None:
    """Give an extract another reporting point or illustrative mark; of a published one, return the position that it made.

    Nothing happens where it is marked so already.

    Raises:
        NotPublishable: it is refused, failed, cancelled or withdrawn.
    """
    lock = locked()
    extract = Extract.objects.select_for_update().get(pk=extract.pk)
    _check_marker(by, extract)
    if extract.state not in MARKABLE:
        raise NotPublishable(f"An extract that is {extract.get_state_display().lower()} is not marked: upload the file again.")
    was, becomes = _words(extract.reporting_point, extract.illustrative), _words(reporting_point, illustrative)
    if was == becomes:
        return None
    extract.reporting_point, extract.illustrative = reporting_point, illustrative
    extract.save(update_fields=["reporting_point", "illustrative"])
    changed = f"Marked as {becomes} instead of {was}"
    said = f"{changed}. {reason}".strip()
    if extract.state == ExtractState.PUBLISHED:
        return make_position(lock, by, [extract], said, "marked")
    record(by=by, action="marked extract", about=f"Extract {extract.pk}", reason=said)
    return None


def _check_marker(by, extract: Extract) -> None:
    """Before its rows are read a file is the sender's and their organisation's; then it is for whoever may publish it."""
    if extract.year:
        check_publisher(by, extract)
    elif extract.uploaded_by_id != by.pk and extract.organisation not in organisations_of(by):
        raise NotAllowed("An extract is marked by whoever uploaded it or by its organisation's finance lead.")


def _words(reporting_point: str, illustrative: bool) -> str:
    return f"{reporting_point}, illustrative" if illustrative else reporting_point
