"""Two people, or one who clicks twice, doing the same thing at the same moment."""

import pytest

from accounts.queries import command_line_user
from planning.actions import (
    NotPublishable,
    cancel_extract,
    check_again,
    check_extract,
    check_extract_by_id,
    publish_extracts,
    withdraw_extract,
)
from planning.models import Extract, PositionSlice, ReportingPosition
from planning.queries import position_totals
from tests.at_once import at_once
from tests.planning.acm_files import acm_row
from tests.planning.few_codes import make_few_codes
from tests.planning.received_extracts import check, receive

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def intake(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    make_few_codes()
    command_line_user()


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


def test_of_two_who_confirmed_the_same_position_one_is_told_to_look_again():
    extracts = [check([acm_row(actual_price=price), acm_row(month=2, commissioner="36L")]) for price in ("1", "2")]

    def confirmed(extract):
        try:
            return publish_extracts(by=command_line_user(), extracts=[extract], reason="x", seen=0).number
        except NotPublishable as refused:
            return str(refused)

    first, second = at_once(*(lambda e=e: confirmed(e) for e in extracts))
    told = [said for said in (first, second) if isinstance(said, str)]
    assert len(told) == 1
    assert "Position 1 was published after you opened this page" in told[0]
    assert ReportingPosition.objects.count() == 1
    assert sorted(Extract.objects.values_list("state", flat=True)) == ["checked", "published"]


def test_two_files_of_one_slice_checked_at_once_are_both_ready():
    extracts = [receive([acm_row(actual_price=price)]) for price in ("1", "2")]
    at_once(*(lambda pk=e.pk: check_extract_by_id(pk) for e in extracts))
    assert [Extract.objects.get(pk=e.pk).state for e in extracts] == ["checked", "checked"]
    assert [Extract.objects.get(pk=e.pk).actual_price for e in extracts] == [10_000, 20_000]


def test_publishing_and_withdrawing_at_once_leave_one_of_the_two_orders():
    first, second = (check([acm_row(actual_price=price)]) for price in ("1", "2"))
    publication(first)()
    withdrawal = lambda: withdraw_extract(by=command_line_user(), extract=first, reason="x").number  # noqa: E731
    assert sorted(at_once(publication(second), withdrawal)) == [2, 3]
    assert int(position_totals(3)["actual_price"].sum()) == 20_000
    assert set(PositionSlice.objects.at(3).values_list("extract", flat=True)) == {second.pk}


def test_trying_again_twice_at_once_is_once():
    extract = check()
    Extract.objects.filter(pk=extract.pk).update(state="failed")

    def again():
        try:
            return check_again(by=command_line_user(), extract=extract).state
        except NotPublishable as refused:
            return str(refused)

    found = sorted(at_once(again, again))
    assert found[1] == "received"
    assert "is not checked again" in found[0]


def test_an_extract_is_cancelled_or_published_never_both():
    extract = check()

    def publish():
        try:
            return f"published {publication(extract)()}"
        except NotPublishable as refused:
            return str(refused)

    def cancel():
        return cancel_extract(by=command_line_user(), extract=Extract.objects.get(pk=extract.pk)).state

    at_once(publish, cancel)
    extract.refresh_from_db()
    assert (extract.state == "published") == ReportingPosition.objects.exists() == PositionSlice.objects.exists()
    assert extract.state in ("published", "cancelled")
    assert extract.facts.exists() == (extract.state == "published")


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
