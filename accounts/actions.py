"""Writes of accounts: the audit trail."""

from .models import AuditEvent


def record(*, by, action, about="", **detail):
    """Adds one event to the audit trail."""
    return AuditEvent.objects.create(by=by, action=action, about=str(about)[:200], detail=detail)
