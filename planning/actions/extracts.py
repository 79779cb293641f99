"""Receiving, cancelling and putting back extracts."""

import errno
import hashlib
import logging
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actions import record
from accounts.permissions import NotAllowed, check_publish_extract, check_upload_extracts, user_can_see_extract
from accounts.queries import organisations_of
from planning.extracts.person_data import Suspicion
from planning.extracts.reading import Refused
from planning.extracts.whole_file_warnings import RULES
from planning.models import Extract, ExtractProblem, ExtractState, PatientFlow, Severity
from planning.queries.extracts import systems_in

from .looking import display_name, first_look, stored_texts
from .notices import tell_of_check

logger = logging.getLogger(__name__)
BLOCK = 1 << 20
STALLED_AFTER = timedelta(seconds=60)
MOST_ATTEMPTS = 3
CANCELLABLE = (ExtractState.WAITING, ExtractState.RECEIVED, ExtractState.CHECKING, ExtractState.CHECKED)
NO_SPACE = "There is no space left for the file. Nothing was changed; try again later."
NO_STORE = "The planner cannot write to its own store. Nothing was changed; tell whoever runs the planner, and try again later."
FULL, NOT_WRITABLE = (errno.ENOSPC, errno.EDQUOT), (errno.EROFS, errno.EACCES)


def media(*parts: str) -> Path:
    return Path(settings.MEDIA_ROOT).joinpath(*parts)


def receive_extract(
    *, by, file, file_name, layout, reporting_point="flex", illustrative=False, organisation="", sheet="", asks=False
) -> Extract:
    """Take a file in and look at its heading; it is checked later. The same bytes lead to the extract that is there already.

    A file that cannot be taken becomes an extract that is refused, with the reason, and is not kept. Where somebody is there
    to answer (`asks`), one that leaves open what is what in it waits for them. `sheet` names the sheet of a workbook.
    """
    check_upload_extracts(by)
    own = organisations_of(by)
    if organisation and organisation not in own:
        raise NotAllowed("Extracts are uploaded by the finance lead of the provider or of the ICB.")
    extract = Extract(
        layout=layout,
        organisation=organisation or min(own, default=""),
        reporting_point=reporting_point,
        illustrative=illustrative,
        file_name=display_name(file_name),
        uploaded_by=by,
    )
    try:
        return _receive(by, file, extract, sheet, asks)
    except OSError as fault:
        reason = fault_of_store(fault)
        if not reason:
            raise
        logger.exception("A file could not be received.")
        return _save_received(by, extract, state=ExtractState.FAILED, reason=reason)


def fault_of_store(fault: Exception) -> str:
    """What to say where the disk is full or cannot be written to; blank for any other fault. DuckDB says it in words alone."""
    for reason, numbers in ((NO_SPACE, FULL), (NO_STORE, NOT_WRITABLE)):
        if any(getattr(fault, "errno", None) == number or os.strerror(number) in str(fault) for number in numbers):
            return reason
    return ""


def _receive(by, file, extract: Extract, sheet: str, asks: bool) -> Extract:
    layout = extract.layout
    with _quarantined(file) as (received, sha256, size, refusal):
        extract.sha256, extract.size = sha256, size
        if standing := _same_bytes(by, extract):
            standing.came_again = True
            return standing
        try:
            if refusal:
                raise Refused(refusal)
            texts, suspicions = first_look(extract, received, sheet=sheet, asks=asks)
        except Refused as refused:
            extract.reading, extract.stored_name = {}, ""
            return _save_received(by, extract, state=ExtractState.REFUSED, reason=str(refused))
        try:
            _keep(extract, texts)
            state = ExtractState.WAITING if extract.reading["question"] else ExtractState.RECEIVED
            return _save_received(by, extract, state, suspicions=suspicions)
        except IntegrityError:
            # The same bytes came in twice at once: the other one won.
            drop_texts(extract)
            winner = Extract.objects.of_bytes(sha256, layout).standing().get(organisation=extract.organisation)
            winner.came_again = True
            return winner
        except BaseException:
            drop_texts(extract)
            raise


def _keep(extract: Extract, texts: dict[str, Path]) -> None:
    media("received").mkdir(parents=True, exist_ok=True)
    for sheet, path in texts.items():
        path.rename(media("received", extract.reading["sheets"][sheet]["stored"]))


def drop_texts(extract: Extract) -> None:
    for path in stored_texts(extract):
        path.unlink(missing_ok=True)


@contextmanager
def _quarantined(file) -> Iterator[tuple[Path, str, int, str]]:
    """Copy what arrives into a folder that nothing else knows, hashing on the way; it is gone at the end with all in it."""
    folder = media("quarantine", uuid.uuid4().hex)
    folder.mkdir(parents=True)
    path = folder / "received"
    blocks = file.chunks(BLOCK) if hasattr(file, "chunks") else iter(lambda: file.read(BLOCK), b"")
    digest, size, refusal = hashlib.sha256(), 0, ""
    try:
        with path.open("wb") as copy:
            for block in blocks:
                size += len(block)
                if size > settings.EXTRACT_MAX_BYTES:
                    refusal = f"The selected file must be smaller than {settings.EXTRACT_MAX_BYTES // 1024**2:,} MB."
                    break
                digest.update(block)
                copy.write(block)
            copy.flush()
            os.fsync(copy.fileno())
        yield path, digest.hexdigest(), size, refusal
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _same_bytes(by, extract: Extract) -> Extract | None:
    for other in Extract.objects.of_bytes(extract.sha256, extract.layout).standing():
        if other.organisation == extract.organisation or user_can_see_extract(
            by, organisation=other.organisation, provider=other.provider, systems=systems_in(other)
        ):
            return other
    return None


@transaction.atomic
def _save_received(by, extract: Extract, state=ExtractState.RECEIVED, reason="", suspicions: Iterable[Suspicion] = ()) -> Extract:
    extract.state, extract.reason = state, reason
    extract.heartbeat = timezone.now() if state == ExtractState.RECEIVED else None
    extract.save()
    ExtractProblem.objects.bulk_create(
        ExtractProblem(extract=extract, column=s.column[:100], rule=s.rule, severity=Severity.WARNING, message=s.message)
        for s in suspicions
    )
    record(
        by=by,
        action=f"{extract.state} extract",
        about=f"Extract {extract.pk}",
        file_name=extract.file_name,
        sha256=extract.sha256,
        reason=reason,
    )
    if state == ExtractState.REFUSED:
        # Its sender reads the reason on the page that they sent it from.
        tell_of_check(extract, to_sender=False)
    return extract


def cancel_extract(*, by, extract: Extract, reason: str = "") -> Extract:
    """Drop an extract that was not published; a check that is under way stops at its next beat."""
    if extract.year:
        check_publish_extract(by, organisation=extract.organisation, provider=extract.provider, systems=systems_in(extract))
    elif extract.uploaded_by_id != by.pk and extract.organisation not in organisations_of(by):
        raise NotAllowed("An extract is cancelled by whoever uploaded it or by its organisation's finance lead.")
    files = []
    with transaction.atomic():
        changed = Extract.objects.filter(pk=extract.pk, state__in=CANCELLABLE).update(
            state=ExtractState.CANCELLED, reason=reason or "Cancelled before it was published.", phase=""
        )
        extract.refresh_from_db()
        if changed:
            files = kept_files(extract)
            extract.line_store = extract.read_copy = extract.stored_name = ""
            extract.save(update_fields=["line_store", "read_copy", "stored_name"])
            clear_attempt(extract, problems=True)
            record(by=by, action="cancelled extract", about=f"Extract {extract.pk}", reason=reason)
    for path in files:
        path.unlink(missing_ok=True)
    return extract


def kept_files(extract: Extract) -> list[Path]:
    """Files that belong to this extract alone."""
    files = stored_texts(extract)
    for folder, field in (("line_store", "line_store"), ("read_copies", "read_copy")):
        name = getattr(extract, field)
        if name and not Extract.objects.filter(**{field: name}).exclude(pk=extract.pk).exists():
            files.append(media(folder, name))
            files += [media(folder, name.replace(".parquet", ".values.parquet"))] if field == "line_store" else []
    return files


def drop_received(extract: Extract) -> None:
    """Let go of the received file of an extract that will not be checked again."""
    Extract.objects.filter(pk=extract.pk).update(stored_name="")
    drop_texts(extract)


def clear_attempt(extract: Extract, *, problems: bool) -> None:
    """Delete the facts, and the problems, that an attempt left; those of a published extract are never touched."""
    facts = PatientFlow.objects.filter(extract=extract)
    facts._raw_delete(facts.db)
    if problems:
        # What was found while the file was received has no row, and is not looked for again.
        found = extract.problems.filter(Q(row__isnull=False) | Q(rule__in=RULES))
        found._raw_delete(found.db)


def put_back_stalled_extracts() -> list[Extract]:
    """Extracts to take up: received ones that nobody took, and those whose worker fell silent, at most three times.

    The heartbeat is set anew, so that each is put back once a minute at most.
    """
    late = timezone.now() - STALLED_AFTER
    silent = Extract.objects.filter(Q(heartbeat__lt=late) | Q(heartbeat=None))
    back = []
    for extract in silent.filter(state__in=[ExtractState.RECEIVED, ExtractState.CHECKING]):
        given_up = extract.state == ExtractState.CHECKING and extract.attempt >= MOST_ATTEMPTS
        became = {"state": ExtractState.RECEIVED, "heartbeat": timezone.now()}
        if given_up:
            reason = f"Checking stopped {MOST_ATTEMPTS} times. Try again; if it stops again, tell the programme team."
            became = {"state": ExtractState.FAILED, "reason": reason, "phase": ""}
        with transaction.atomic():
            unchanged = silent.filter(pk=extract.pk, state=extract.state, attempt=extract.attempt)
            if not unchanged.update(**became):
                continue
            extract.refresh_from_db()
            if given_up:
                clear_attempt(extract, problems=True)
                record(by=extract.uploaded_by, action="failed extract", about=f"Extract {extract.pk}", reason=extract.reason)
        if given_up:
            shutil.rmtree(working_folder(extract), ignore_errors=True)
        else:
            back.append(extract)
    return back


def working_folder(extract: Extract) -> Path:
    return media("working", str(extract.pk))
