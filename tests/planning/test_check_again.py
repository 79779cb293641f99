"""Checking again from the file that was received, and files of one organisation in their turn."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.actions import reference_changed
from accounts.models import AuditEvent, Role
from accounts.permissions import NotAllowed
from accounts.queries import command_line_user
from planning.actions import (
    NotPublishable,
    check_again,
    check_extract,
    check_extract_by_id,
    publish_extracts,
    sweep_orphans,
)
from planning.actions import checks as checks_module
from planning.models import Extract, PatientFlow, ServiceCode
from planning.queries.extracts import before_in_queue, next_in_turn
from planning.queries.progress import again_of, progress_of
from tests.planning.acm_files import acm_row
from tests.planning.received_extracts import check, publish, receive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def again(extract, by=None):
    return check_again(by=by or command_line_user(), extract=extract)


def failed(monkeypatch, **options):
    with monkeypatch.context() as broken:
        broken.setattr(checks_module, "insert_rows", lambda *a: 1 / 0)
        return check(**options)


def result(extract) -> dict:
    names = ("state", "rows", "accepted", "rejected", "problem_count", "totals", "slices", "reason", "phase")
    return {name: getattr(extract, name) for name in names}


def test_what_failed_ends_as_if_it_had_not(monkeypatch):
    extract = failed(monkeypatch)
    assert extract.state == "failed"
    extract = check_extract(extract=again(extract))
    undisturbed = check([acm_row(month=2)])
    assert (extract.state, extract.attempt, extract.reason) == ("checked", 1, "")
    assert extract.accepted == undisturbed.accepted
    assert PatientFlow.objects.filter(extract=extract).count() == 1


def test_a_checked_extract_follows_reference_data(media):
    extract = check([acm_row(), acm_row(service_code="NCBPS99Z")])
    assert (extract.accepted, extract.rejected) == (1, 1)
    assert again_of(extract).reference_changed is False
    old = [path for path in media.rglob("*") if path.is_file() and "received" not in str(path)]
    ServiceCode.objects.create(code="NCBPS99Z", description="New", display_name="New", source="A test")
    reference_changed()
    assert again_of(extract).reference_changed is True
    extract = check_extract(extract=again(extract))
    assert (extract.accepted, extract.rejected) == (2, 0)
    assert PatientFlow.objects.filter(extract=extract).exists()
    assert again_of(extract).reference_changed is False
    assert old


def test_checking_again_leaves_no_file_of_the_first_time(media, django_capture_on_commit_callbacks):
    extract = check()
    with django_capture_on_commit_callbacks(execute=True):
        extract = again(extract)
    assert [path.parent.name for path in media.rglob("*") if path.is_file()] == ["received"]
    assert result(extract) | {"slices": 0, "totals": 0} == {
        "state": "received", "rows": 0, "accepted": 0, "rejected": 0, "problem_count": 0,
        "totals": 0, "slices": 0, "reason": "", "phase": "",
    }  # fmt: skip
    assert not PatientFlow.objects.exists()
    assert check_extract(extract=extract).state == "checked"


def test_what_is_published_or_refused_is_not_checked_again():
    [extract] = publish([acm_row()])
    with pytest.raises(NotPublishable, match="published is not checked again"):
        again(extract)
    with pytest.raises(NotPublishable, match="refused is not checked again"):
        again(receive(content=b"nothing\n1\n"))
    assert again_of(extract) is None


def test_a_file_that_is_not_kept_any_more_is_asked_for(media, monkeypatch):
    extract = failed(monkeypatch)
    (media / "received" / extract.stored_name).unlink()
    assert again_of(extract) is None
    with pytest.raises(NotPublishable, match="Upload it again"):
        again(extract)


def test_the_same_file_uploaded_meanwhile_is_gone_on_with(monkeypatch):
    extract = failed(monkeypatch)
    other = receive()
    assert other.pk != extract.pk
    with pytest.raises(NotPublishable, match=f"as extract {other.pk}"):
        again(extract)


def test_it_is_for_the_sender_and_their_organisation(person, monkeypatch):
    own, colleague, stranger = (person(Role.FINANCE_LEAD, code) for code in ("RJ1", "RJ1", "RJZ"))
    extract = failed(monkeypatch, by=own)
    with pytest.raises((NotAllowed, Exception), match=r"no such extract|checked again by"):
        again(extract, by=stranger)
    assert again(extract, by=colleague).state == "received"
    assert AuditEvent.objects.get(action="checked extract again").by == colleague


def test_received_files_are_kept_a_month_and_then_swept(media, monkeypatch):
    young, old = failed(monkeypatch), check([acm_row(month=2)])
    long_ago = timezone.now() - timedelta(days=31)
    Extract.objects.filter(pk=old.pk).update(uploaded_at=long_ago)
    import os

    for path in (media / "received").iterdir():
        os.utime(path, (long_ago.timestamp(), long_ago.timestamp()))
    assert [path.name for path in sweep_orphans()] == [old.stored_name]
    assert (media / "received" / young.stored_name).is_file()
    publish_extracts(by=command_line_user(), extracts=[old], reason="x")


def test_files_of_one_organisation_are_checked_one_after_the_other(person):
    lead = person(Role.FINANCE_LEAD, "RJ1")
    first, second, third = (receive([acm_row(month=month)], by=lead) for month in (1, 2, 3))
    Extract.objects.filter(pk=first.pk).update(state="checking", attempt=1, heartbeat=timezone.now())
    assert check_extract_by_id(second.pk) == []
    second.refresh_from_db()
    assert second.state == "received"
    Extract.objects.filter(pk=first.pk).update(state="received", attempt=0)
    assert check_extract_by_id(first.pk) == [second.pk]
    assert check_extract_by_id(second.pk) == [third.pk]
    assert check_extract_by_id(third.pk) == []
    assert set(Extract.objects.values_list("state", flat=True)) == {"checked"}


def test_files_of_others_and_silent_workers_are_not_waited_for(person):
    own, other = person(Role.FINANCE_LEAD, "RJ1"), person(Role.FINANCE_LEAD, "RJZ")
    theirs = receive([acm_row(provider="RJZ", site="")], by=other)
    silent = receive([acm_row(month=2)], by=own)
    now = timezone.now()
    Extract.objects.filter(pk=theirs.pk).update(state="checking", attempt=1, heartbeat=now)
    Extract.objects.filter(pk=silent.pk).update(state="checking", attempt=1, heartbeat=now - timedelta(minutes=2))
    mine = receive([acm_row(month=3)], by=own)
    assert next_in_turn(theirs) == []
    check_extract_by_id(mine.pk)
    mine.refresh_from_db()
    assert mine.state == "checked"


def test_the_place_in_the_queue_is_known():
    first, second, third = (receive([acm_row(month=month)]) for month in (1, 2, 3))
    assert [before_in_queue(e) for e in (first, second, third)] == [0, 1, 2]
    check_extract(extract=first)
    assert before_in_queue(third) == 1
    shown = progress_of(third, timezone.now())
    assert (shown.waits, shown.before, shown.hundredths) == (True, 1, 0)


def test_progress_of_a_check_under_way():
    extract, now = receive(), timezone.now()
    extract.state, extract.phase, extract.rows_read, extract.rows_expected = "checking", "reading", 500, 1000
    extract.started_at = extract.phase_started_at = now - timedelta(seconds=5)
    shown = progress_of(extract, now)
    assert (shown.waits, shown.hundredths, shown.pace.rows_a_second) == (False, 22, 100)
    extract.phase = ""
    assert progress_of(extract, now).pace is None


def test_the_parts_of_a_check_are_entered_in_their_order(monkeypatch):
    entered = []
    real = checks_module.Attempt.enter
    monkeypatch.setattr(checks_module.Attempt, "enter", lambda self, phase: (entered.append(str(phase)), real(self, phase)))
    extract = check()
    assert entered == ["checking", "writing"]
    assert (extract.phase, extract.rows_expected) == ("", 1)
    assert extract.phase_started_at >= extract.started_at
