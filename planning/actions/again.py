"""Checking an extract again from the file that was received: after a fault, or because reference data have changed since."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import record
from accounts.permissions import NotAllowed, check_publish_extract
from accounts.queries import organisations_of
from planning.models import Extract, ExtractState
from planning.queries.extracts import systems_in
from planning.queries.progress import received_is_kept

from .extracts import clear_attempt, kept_files
from .looking import stored_texts
from .positions import NotPublishable

AGAIN = (ExtractState.FAILED, ExtractState.CHECKED)
# What a check finds out, as it stands before one.
UNCHECKED = {
    "rows": 0,
    "accepted": 0,
    "rejected": 0,
    "excluded": 0,
    "problem_count": 0,
    "rows_read": 0,
    "attempt": 0,
    "line_store": "",
    "read_copy": "",
    "phase": "",
    "reason": "",
    "read_notes": [],
    "slices": [],
    "totals": {},
}
UPLOADED_AGAIN = "The same file was uploaded again since, as extract {pk}: go on with that one."
NOT_KEPT = "The file that was received is not kept any more. Upload it again."


def check_again(*, by, extract: Extract) -> Extract:
    """Let an extract that failed, or was checked and not published, be checked anew; nothing is uploaded.

    Raises:
        NotPublishable: it is in another state, the file is not there any more, or the same bytes came in again since.
    """
    try:
        return _check_again(by, extract)
    except IntegrityError:
        # The same bytes came in at this very moment.
        raise NotPublishable(UPLOADED_AGAIN.format(pk=_same_bytes(extract).pk)) from None


@transaction.atomic
def _check_again(by, extract: Extract) -> Extract:
    extract = Extract.objects.select_for_update().get(pk=extract.pk)
    _check_sender(by, extract)
    if extract.state not in AGAIN:
        raise NotPublishable(f"An extract that is {extract.get_state_display().lower()} is not checked again.")
    if not received_is_kept(extract):
        raise NotPublishable(NOT_KEPT)
    if (other := _same_bytes(extract)) is not None:
        raise NotPublishable(UPLOADED_AGAIN.format(pk=other.pk))
    received = set(stored_texts(extract))
    files = [path for path in kept_files(extract) if path not in received]
    was = extract.state
    for name, value in {**UNCHECKED, "state": ExtractState.RECEIVED, "heartbeat": timezone.now()}.items():
        setattr(extract, name, value)
    extract.save(update_fields=[*UNCHECKED, "state", "heartbeat"])
    clear_attempt(extract, problems=True)
    record(by=by, action="checked extract again", about=f"Extract {extract.pk}", was=was)
    transaction.on_commit(lambda: [path.unlink(missing_ok=True) for path in files])
    return extract


def _same_bytes(extract: Extract) -> Extract | None:
    same = Extract.objects.of_bytes(extract.sha256, extract.layout).standing()
    return same.filter(organisation=extract.organisation).exclude(pk=extract.pk).first()


def _check_sender(by, extract: Extract) -> None:
    if extract.uploaded_by_id == by.pk or extract.organisation in organisations_of(by):
        return
    if not extract.year:
        raise NotAllowed("An extract is checked again by whoever uploaded it or by its organisation's finance lead.")
    check_publish_extract(by, organisation=extract.organisation, provider=extract.provider, systems=systems_in(extract))
