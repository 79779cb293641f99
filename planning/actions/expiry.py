"""Extracts that wait for an answer do so for a number of days: then they are cancelled, and their files go."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.actions import record
from accounts.queries import command_line_user
from planning.models import Extract, ExtractState
from planning.queries.reading import answer_by

from .extracts import drop_texts
from .notices import tell_of_expiry

NOT_ANSWERED = "Nobody answered within {days} days how the file is to be read. It was not kept: upload it again."


def expire_waiting_extracts() -> list[Extract]:
    """Cancel the extracts that have waited for too long, and tell whoever sent them."""
    now = timezone.now()
    earliest = now - timedelta(days=settings.WAITING_DAYS)
    waiting = Extract.objects.filter(state=ExtractState.WAITING, uploaded_at__lt=earliest)
    return [extract for extract in waiting if answer_by(extract) < now and _expire(extract)]


def _expire(waiting: Extract) -> bool:
    """Cancel it unless somebody answers at this very moment."""
    with transaction.atomic():
        extract = Extract.objects.select_for_update().get(pk=waiting.pk)
        if extract.state != ExtractState.WAITING or extract.reading.get("asked_at") != waiting.reading.get("asked_at"):
            return False
        reason = NOT_ANSWERED.format(days=settings.WAITING_DAYS)
        extract.state, extract.reason, extract.stored_name = ExtractState.CANCELLED, reason, ""
        extract.save(update_fields=["state", "reason", "stored_name"])
        record(by=command_line_user(), action="expired extract", about=f"Extract {extract.pk}", reason=reason)
        tell_of_expiry(extract)
    drop_texts(waiting)
    return True
