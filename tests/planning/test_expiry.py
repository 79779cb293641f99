"""Extracts that wait in vain for an answer: cancelled after some days, their files gone, their sender told."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Notice
from planning.actions import cancel_extract, expire_waiting_extracts, map_columns
from planning.actions import expiry as expiring
from planning.models import Extract, ExtractState
from planning.queries.reading import answer_by
from tests.planning.test_waiting import ANSWERS, kept, media, two_sheets, waiting  # noqa: F401 - media is used by itself

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def asked(extract: Extract, days: float) -> Extract:
    """As if it had been sent, and asked, so many days ago."""
    at = timezone.now() - timedelta(days=days)
    Extract.objects.filter(pk=extract.pk).update(uploaded_at=at, reading=extract.reading | {"asked_at": at.isoformat()})
    extract.refresh_from_db()
    return extract


def test_one_that_waits_too_long_is_cancelled_with_its_files_and_its_sender_is_told(media, finance_lead):  # noqa: F811
    extract = asked(waiting(finance_lead, two_sheets(), name="june.xlsx"), 15)
    assert kept(media) == ["received", "received"]
    assert [e.pk for e in expire_waiting_extracts()] == [extract.pk]
    extract.refresh_from_db()
    assert (extract.state, extract.stored_name) == (ExtractState.CANCELLED, "")
    assert extract.reason == "Nobody answered within 14 days how the file is to be read. It was not kept: upload it again."
    assert kept(media) == []
    notice = Notice.objects.get(to=finance_lead)
    assert "cancelled. Nobody answered within 14 days" in notice.text
    assert notice.link == reverse("planning:extract", args=[extract.pk])
    event = AuditEvent.objects.get(action="expired extract")
    assert (event.about, event.by.email.startswith("command")) == (f"Extract {extract.pk}", True)
    assert expire_waiting_extracts() == []


def test_one_that_waits_for_less_stays(media, finance_lead, settings):  # noqa: F811
    extract = asked(waiting(finance_lead), 13.9)
    assert expire_waiting_extracts() == []
    assert kept(media) == ["received"]
    settings.WAITING_DAYS = 13
    assert [e.pk for e in expire_waiting_extracts()] == [extract.pk]


def test_what_is_asked_anew_begins_anew(finance_lead):
    """An answer may lead to another question: of the file's age only the time since that one counts."""
    extract = asked(waiting(finance_lead), 15)
    Extract.objects.filter(pk=extract.pk).update(reading=extract.reading | {"asked_at": timezone.now().isoformat()})
    assert expire_waiting_extracts() == []


def test_when_it_was_asked_is_written_down_and_taken_away_with_the_answer(finance_lead):
    extract = waiting(finance_lead)
    at = datetime.fromisoformat(extract.reading["asked_at"])
    assert abs(timezone.now() - at) < timedelta(minutes=1)
    assert answer_by(extract) == at + timedelta(days=14)
    assert map_columns(by=finance_lead, extract=extract, answers=ANSWERS).reading["asked_at"] == ""


def test_one_from_before_that_was_written_down_counts_from_its_upload(finance_lead):
    extract = waiting(finance_lead)
    Extract.objects.filter(pk=extract.pk).update(
        uploaded_at=timezone.now() - timedelta(days=15), reading={k: v for k, v in extract.reading.items() if k != "asked_at"}
    )
    assert [e.pk for e in expire_waiting_extracts()] == [extract.pk]


def test_an_answer_at_the_last_moment_wins(finance_lead, monkeypatch):
    extract = asked(waiting(finance_lead), 15)
    stale = Extract.objects.get(pk=extract.pk)
    map_columns(by=finance_lead, extract=extract, answers=ANSWERS)
    assert not expiring._expire(stale)
    assert Extract.objects.get(pk=extract.pk).state == ExtractState.RECEIVED


def test_those_in_other_states_are_left_alone(finance_lead):
    extract = asked(waiting(finance_lead), 99)
    cancel_extract(by=finance_lead, extract=extract)
    assert expire_waiting_extracts() == []
    assert "Cancelled before" in Extract.objects.get(pk=extract.pk).reason


def test_the_same_file_can_be_sent_again(finance_lead):
    asked(waiting(finance_lead), 15)
    expire_waiting_extracts()
    assert waiting(finance_lead).came_again is False


def test_the_page_says_until_when_it_waits(finance_lead, signed_in):
    extract = waiting(finance_lead)
    page = signed_in(finance_lead).get(reverse("planning:extract", args=[extract.pk])).content.decode()
    assert f"It waits until {timezone.localtime(answer_by(extract)):%-d %B %Y}; then it is cancelled" in page
