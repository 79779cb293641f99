"""Read copies made anew from the record, and files that nothing names swept away."""

import shutil
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from planning.extracts import aggregating, engine
from planning.extracts.line_store import keep
from planning.models import Extract, ExtractState, PatientFlow

from .extracts import media
from .looking import stored_texts

TO_BE_CHECKED = (ExtractState.WAITING, ExtractState.RECEIVED, ExtractState.CHECKING)
# How long the received file of one that failed, or waits to be published, is kept to be checked again.
MAY_BE_CHECKED_AGAIN = (ExtractState.FAILED, ExtractState.CHECKED)
KEPT_DAYS = 30
# A file this young may belong to a check whose transaction is about to name it.
ORPHAN_AFTER_SECONDS = 3600
# Stores in which each file has a folder of its own.
OF_FOLDERS = ("quarantine", "working")


def recently():
    return timezone.now() - timedelta(days=KEPT_DAYS)


def rebuild_read_copy(*, extract: Extract) -> str:
    """Write an extract's facts as a read copy, let the extract name it, and return the name."""
    folder = media("working", f"rebuild-{uuid.uuid4().hex}")
    folder.mkdir(parents=True)
    facts = PatientFlow.objects.filter(extract=extract).order_by("pk").values_list(*aggregating.FACT_COLUMNS[1:])
    try:
        with engine.engine(folder) as connection:
            aggregating.facts_from_rows(connection, facts.iterator(chunk_size=10_000))
            aggregating.write_read_copy(connection, extract.pk, folder / "facts.parquet")
        name = keep(folder / "facts.parquet", media("read_copies"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    with transaction.atomic():
        Extract.objects.filter(pk=extract.pk).update(read_copy=name)
    extract.read_copy = name
    return name


def sweep_orphans(*, dry_run: bool = False) -> list[Path]:
    """Remove files of the stores that no extract names and that are not just being made."""
    old = time.time() - ORPHAN_AFTER_SECONDS
    orphans = [path for path in [*_unnamed(), *_left_by_killed_processes()] if path.stat().st_mtime < old]
    for path in orphans if not dry_run else []:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return orphans


def _unnamed() -> Iterator[Path]:
    """Files of the stores that nothing names."""
    waiting = Extract.objects.filter(Q(state__in=TO_BE_CHECKED) | Q(state__in=MAY_BE_CHECKED_AGAIN, uploaded_at__gte=recently()))
    lines = set(Extract.objects.exclude(line_store="").values_list("line_store", flat=True))
    named = {
        "received": {path.name for extract in waiting for path in stored_texts(extract)},
        "quarantine": set(),
        "line_store": lines | {name.replace(".parquet", ".values.parquet") for name in lines},
        # Those that a killed worker did not finish have another ending.
        "position_copies": {path.name for path in media("position_copies").glob("*.duckdb")},
        "read_copies": set(Extract.objects.exclude(read_copy="").values_list("read_copy", flat=True)),
        "working": {str(pk) for pk in Extract.objects.filter(state=ExtractState.CHECKING).values_list("pk", flat=True)},
    }
    for folder, names in named.items():
        for path in sorted(media(folder).glob("*")):
            if (path.is_file() or folder in OF_FOLDERS) and path.name not in names:
                yield path


def _left_by_killed_processes() -> Iterator[Path]:
    """What a process that was killed while a file came in, or while one was made to be sent, had no time to remove."""
    yield from sorted(Path(settings.FILE_UPLOAD_TEMP_DIR).glob("tmp*.upload*"))
    yield from sorted(path for path in media().glob("tmp*") if path.is_dir())
