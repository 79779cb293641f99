"""An extract is marked anew: no fact changes, older positions keep what they said."""

import pytest
from django.http import Http404

from accounts.models import AuditEvent, Role
from accounts.permissions import NotAllowed
from accounts.queries import command_line_user
from planning.actions import NotPublishable, check_extract, mark_extract, publish_extracts, withdraw_extract
from planning.models import Extract, PatientFlow, PositionSlice, ReportingPosition
from planning.queries import coverage_frame, flow_frame
from tests.planning.acm_files import acm_row
from tests.planning.received_extracts import check, publish, receive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
ROWS = [acm_row(month=1), acm_row(month=2, commissioner="36L")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def mark(extract, point="freeze", *, illustrative=False, by=None, **options):
    return mark_extract(
        by=by or command_line_user(), extract=extract, reporting_point=point, illustrative=illustrative, **options
    )


def points(number) -> dict:
    return {s.month: s.reporting_point for s in PositionSlice.objects.at(number)}


def everything(number):
    sums = flow_frame(None, {"position": number, "specialised": "all"}, by=["month"])
    return dict(zip(sums["month"], sums["actual_price"], strict=True))


def test_a_published_flex_becomes_freeze_in_a_new_position_without_new_facts():
    [extract] = publish(ROWS)
    facts = PatientFlow.objects.count()
    position = mark(extract, reason="Agreed with the ICB")
    assert (position.number, position.reason) == (2, "Marked as freeze instead of flex. Agreed with the ICB")
    assert points(1) == {1: "flex", 2: "flex"}
    assert points(2) == {1: "freeze", 2: "freeze"}
    assert everything(1) == everything(2)
    assert PatientFlow.objects.count() == facts
    assert Extract.objects.count() == 1


def test_coverage_says_the_point_of_its_position():
    [extract] = publish(ROWS)
    mark(extract)
    assert set(coverage_frame(1)["reporting_point"]) == {"flex"}
    assert set(coverage_frame(2)["reporting_point"]) == {"freeze"}


def test_fingerprints_tell_the_two_apart():
    [extract] = publish(ROWS)
    mark(extract)
    flex, freeze = ReportingPosition.objects.order_by("number").values_list("fingerprint", flat=True)
    assert flex != freeze


def test_only_slices_that_are_still_its_own_are_marked():
    [first] = publish(ROWS)
    publish([acm_row(month=2), acm_row(month=2, commissioner="36L")])
    mark(first)
    assert points(3) == {1: "freeze", 2: "flex"}


def test_marking_as_it_is_marked_changes_nothing():
    [extract] = publish(ROWS)
    assert mark(extract, "flex") is None
    assert ReportingPosition.objects.count() == 1


def test_before_publication_only_the_extract_changes():
    extract = check(ROWS)
    assert mark(extract, illustrative=True) is None
    extract.refresh_from_db()
    assert (extract.reporting_point, extract.illustrative) == ("freeze", True)
    assert not ReportingPosition.objects.exists()
    publish_extracts(by=command_line_user(), extracts=[extract], reason="x")
    assert ReportingPosition.objects.get().illustrative
    assert set(points(1).values()) == {"freeze"}


def test_a_mark_made_while_the_file_is_checked_stays():
    extract = receive(ROWS)
    held = Extract.objects.get(pk=extract.pk)
    mark(extract)
    checked = check_extract(extract=held)
    assert (checked.state, checked.reporting_point) == ("checked", "freeze")


def test_made_up_data_make_the_new_position_illustrative_and_leave_the_old():
    [extract] = publish(ROWS)
    mark(extract, "flex", illustrative=True)
    assert list(ReportingPosition.objects.order_by("number").values_list("illustrative", flat=True)) == [False, True]


def test_what_is_withdrawn_or_refused_is_not_marked():
    [extract] = publish(ROWS)
    withdraw_extract(by=command_line_user(), extract=extract, reason="x")
    with pytest.raises(NotPublishable, match="withdrawn is not marked: upload the file again"):
        mark(extract)
    with pytest.raises(NotPublishable, match="refused"):
        mark(receive(content=b"no heading\n1\n"))


def test_marking_is_audited():
    [extract] = publish(ROWS)
    mark(extract, reason="Agreed")
    event = AuditEvent.objects.get(action="marked extract")
    assert (event.about, event.detail["position"]) == (f"Extract {extract.pk}", 2)
    assert "freeze instead of flex" in event.detail["reason"]


def test_it_is_for_whoever_may_publish_it(person, programme_team):
    own, stranger = person(Role.FINANCE_LEAD, "RJ1"), person(Role.FINANCE_LEAD, "RJZ")
    [extract] = publish(ROWS, by=own)
    with pytest.raises(Http404):
        mark(extract, by=stranger)
    with pytest.raises(NotAllowed):
        mark(extract, by=programme_team)
    assert mark(extract, by=own).made_by == own


def test_before_its_rows_are_read_it_is_its_senders_to_mark(person):
    own, stranger = person(Role.FINANCE_LEAD, "RJ1"), person(Role.FINANCE_LEAD, "RJZ")
    extract = receive(ROWS, by=own)
    with pytest.raises(NotAllowed, match="marked by whoever uploaded it"):
        mark(extract, by=stranger)
    mark(extract, by=own)
    extract.refresh_from_db()
    assert extract.reporting_point == "freeze"
