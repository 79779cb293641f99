"""Background work of planning."""

from django_tasks import task

from planning.actions import check_extract_by_id, put_back_stalled_extracts


@task()
def check_extract_task(extract_id: int) -> None:
    """Check a received extract. Taking up one that is gone or taken already does nothing."""
    check_extract_by_id(extract_id)


def take_up_again() -> int:
    """Queue the extracts that nobody is at work on; return how many."""
    extracts = put_back_stalled_extracts()
    for extract in extracts:
        check_extract_task.enqueue(extract.pk)
    return len(extracts)
