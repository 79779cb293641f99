"""Background work of planning."""

from django_tasks import task

from planning.actions import (
    check_extract_by_id,
    expire_waiting_extracts,
    make_latest_position_copy,
    put_back_stalled_extracts,
    sweep_orphans,
)


@task()
def check_extract_task(extract_id: int) -> None:
    """Check a received extract and queue the one whose turn is next. One that is gone or taken already is left alone."""
    for following in check_extract_by_id(extract_id):
        check_extract_task.enqueue(following)


def take_up_again() -> int:
    """Queue the extracts that nobody is at work on; return how many."""
    extracts = put_back_stalled_extracts()
    for extract in extracts:
        check_extract_task.enqueue(extract.pk)
    return len(extracts)


def expire() -> int:
    """Cancel extracts that have waited for an answer for too long; return how many."""
    return len(expire_waiting_extracts())


def sweep() -> int:
    """Remove what killed processes left in the stores; return how many files."""
    return len(sweep_orphans())


@task()
def copy_latest_position_task() -> None:
    """Make what dashboards read of the position in force. Of several that were queued the first does the work of all."""
    make_latest_position_copy()


def copy_after_publication(*, by, position, extracts) -> None:
    """Queue the copy of a position that is just being made, as part of the same transaction (`AFTER_PUBLISH`)."""
    copy_latest_position_task.enqueue()
