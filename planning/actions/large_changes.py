"""How large a change may be before whoever publishes it says why: set by the programme team, from a day on."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts.actions import record
from accounts.permissions import check_set_large_changes
from planning.models import LargeChange


@transaction.atomic
def set_large_change(
    *, by, valid_from: date, pounds: int, percent: Decimal, least_pounds: int, owner: str, source: str
) -> LargeChange:
    """Let a threshold count from a day on. What was set for the same day before is replaced, and stays in the audit trail."""
    check_set_large_changes(by)
    values = {"pounds": pounds, "percent": percent, "least_pounds": least_pounds, "owner": owner, "source": source}
    before = LargeChange.objects.filter(valid_from=valid_from).values(*values).first()
    threshold, _ = LargeChange.objects.update_or_create(valid_from=valid_from, defaults=values)
    record(by=by, action="set large change", about=str(threshold), now=_stated(values), before=_stated(before or {}))
    return threshold


def _stated(values: dict) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
