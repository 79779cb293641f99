from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from planning.models import Extract
from planning.tasks import check_extract_task, take_up_again
from tests.planning.acm_files import acm_bytes
from tests.planning.few_codes import make_few_codes
from tests.planning.received_extracts import receive

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def intake(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = Path(tmp_path) / "media"
    make_few_codes()


def work():
    call_command("run_worker", batch=True, interval=0)


def test_a_queued_extract_is_checked():
    extract = receive()
    check_extract_task.enqueue(extract.pk)
    work()
    extract.refresh_from_db()
    assert extract.state == "checked"


def test_an_extract_that_nobody_queued_is_taken_up_at_the_start():
    extract = receive()
    Extract.objects.update(heartbeat=timezone.now() - timedelta(minutes=2))
    work()
    extract.refresh_from_db()
    assert extract.state == "checked"


def test_what_is_gone_or_done_is_no_trouble():
    extract = receive()
    for pk in (extract.pk, extract.pk, extract.pk + 1):
        check_extract_task.enqueue(pk)
    work()
    extract.refresh_from_db()
    assert (extract.state, extract.attempt) == ("checked", 1)
    assert take_up_again() == 0


def test_what_waits_in_vain_for_an_answer_is_cancelled_at_the_start():
    extract = receive(content=acm_bytes(headings={"actual_price": "COSTS"}), asks=True)
    assert extract.state == "waiting"
    long_ago = timezone.now() - timedelta(days=15)
    Extract.objects.update(uploaded_at=long_ago, reading=extract.reading | {"asked_at": long_ago.isoformat()})
    work()
    extract.refresh_from_db()
    assert extract.state == "cancelled"


@pytest.mark.parametrize(("verbosity", "said"), [(1, True), (0, False)])
def test_it_says_what_it_does_unless_it_is_told_not_to(caplog, verbosity, said):
    check_extract_task.enqueue(receive().pk)
    call_command("run_worker", batch=True, interval=0, verbosity=verbosity)
    assert ("check_extract_task" in caplog.text) is said
