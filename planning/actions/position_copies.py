"""Position copies: what dashboards read of a position in force, made from its read copies. They may be deleted at any time."""

import logging
import os
import uuid
from pathlib import Path

from planning.extracts.position_copies import write_position_copy
from planning.queries import positions
from planning.queries.position_copies import path_of
from planning.queries.read_copies import ReadCopyMissing, facts_sql

logger = logging.getLogger(__name__)
# The latest and a few before it, since people compare.
KEPT = 4


def make_position_copy(*, number: int) -> Path | None:
    """Write the copy of a position where there is none; nothing where the position is empty.

    Raises: ReadCopyMissing: a read copy is not there, so that nothing can be made from it.
    """
    manifest = positions.manifest(number)
    if not manifest.read_copies:
        return None
    target = path_of(manifest)
    if target.is_file():
        os.utime(target)
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{uuid.uuid4().hex}.unfinished")
    try:
        facts, parameters = facts_sql(manifest.read_copies)
        write_position_copy(facts, parameters, manifest.slices, unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
        unfinished.with_name(f"{unfinished.name}.wal").unlink(missing_ok=True)
    _remove_older(target.parent)
    return target


def make_latest_position_copy() -> Path | None:
    """The copy of the position in force; nothing where it is empty or cannot be read."""
    latest = positions.latest_position()
    try:
        return None if latest is None else make_position_copy(number=latest)
    except ReadCopyMissing as missing:
        # Pages say so too; once they are made anew from the record, the next position or worker makes the copy.
        logger.warning("%s", missing)
        return None


def _remove_older(folder: Path) -> None:
    copies = sorted(folder.glob("*.duckdb"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in copies[KEPT:]:
        old.unlink(missing_ok=True)
