"""Two people, or one who clicks twice, doing the same thing at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.queries import command_line_user
from planning.actions import check_extract, publish_extracts
from planning.models import Extract, PositionSlice, ReportingPosition
from planning.queries import position_totals
from tests.planning.acm_files import acm_row
from tests.planning.few_codes import make_few_codes
from tests.planning.received_extracts import check, receive

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def intake(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    make_few_codes()
    command_line_user()


def at_once(*actions) -> list:
    """Run actions on threads that start together; what each gave or raised."""
    start = Barrier(len(actions))

    def run(action):
        try:
            start.wait()
            return action()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return [future.result() for future in [pool.submit(run, action) for action in actions]]


def publication(*extracts):
    return lambda: publish_extracts(by=command_line_user(), extracts=list(extracts), reason="x").number


def test_a_double_click_publishes_once():
    extract = check()
    assert at_once(publication(extract), publication(extract)) == [1, 1]
    assert ReportingPosition.objects.count() == 1
    assert PositionSlice.objects.count() == 1


def test_two_publications_of_one_slice_follow_each_other():
    extracts = [check([acm_row(actual_price=price), acm_row(month=2, commissioner="36L")]) for price in ("1", "2")]
    numbers = at_once(*(publication(extract) for extract in extracts))
    assert sorted(numbers) == [1, 2]
    last = Extract.objects.get(publication=2)
    assert set(PositionSlice.objects.at(2).values_list("extract", flat=True)) == {last.pk}
    assert int(position_totals(2)["actual_price"].sum()) == last.actual_price


def test_the_same_bytes_at_once_are_one_extract():
    first, second = at_once(receive, receive)
    assert first.pk == second.pk
    assert Extract.objects.count() == 1


def test_two_workers_check_an_extract_once():
    extract = receive()
    copies = [Extract.objects.get(pk=extract.pk) for _ in range(2)]
    at_once(*(lambda copy=copy: check_extract(extract=copy).state for copy in copies))
    extract.refresh_from_db()
    assert (extract.state, extract.attempt, extract.facts.count()) == ("checked", 1, 1)
