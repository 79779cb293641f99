"""Writes of accounts: the audit trail, what people are told, and what they belong to."""

import logging
from collections.abc import Iterable
from uuid import uuid4

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from .models import AuditEvent, Membership, Notice, ReferenceVersion, Role, User

logger = logging.getLogger(__name__)


class NoActor(ValueError):
    """Something was done by nobody: the audit trail refuses it, and so does whatever was being done."""


def record(*, by, action, about="", **detail) -> AuditEvent:
    """Add one event to the audit trail, in the transaction of what is done.

    Raises:
        NoActor: `by` is not a person who is known.
    """
    if by is None or not getattr(by, "pk", None):
        raise NoActor(f"Nobody is named as having {action}.")
    # PostgreSQL holds no NUL, and an address may carry one.
    about = str(about).replace("\0", "\N{REPLACEMENT CHARACTER}")[:200]
    return AuditEvent.objects.create(by_id=by.pk, action=action, about=about, detail=detail)


def record_view(*, request: HttpRequest, action: str = "viewed page", about: str = "", **detail) -> None:
    """Record that whoever asked has seen what is about to be sent, once for each request.

    A server's database that cannot write it lets the request fail. The demo's database may be held by a long write:
    there, after the busy timeout, it is logged instead.
    """
    request.view_is_recorded = True
    # As it was sent: reading it apart fails where more filters were sent than are taken.
    query = request.META.get("QUERY_STRING", "")
    filters = {"filters": query[:500]} if query else {}
    try:
        record(by=request.user, action=action, about=about or request.path, **filters, **detail)
    except OperationalError:
        if connection.vendor != "sqlite":
            raise
        logger.exception("The audit trail could not be written: %s %s %s", request.user.pk, action, about or request.path)


def reference_changed() -> None:
    """End what pages and processes keep of reference data; called in the transaction that changes them."""
    ReferenceVersion.objects.update_or_create(pk=1, defaults={"token": uuid4()})


def notify(*, to: Iterable[User], text: str, link: str = "") -> None:
    """Tell people something; a link is an address within the product."""
    once = {user.pk: user for user in to}
    Notice.objects.bulk_create(Notice(to=user, text=text[:500], link=link) for user in once.values())


def read_notices(*, by: User, pk: int | None = None) -> int:
    """Mark a person's own notices as read, all of them or one; return how many were not."""
    unread = by.notices.filter(read_at=None) if pk is None else by.notices.filter(read_at=None, pk=pk)
    return unread.update(read_at=timezone.now())


@transaction.atomic
def add_person(*, by: User, email: str, name: str, password: str | None = None) -> User:
    user = User.objects.create_user(email, password, name=name)
    record(by=by, action="added person", about=user.email)
    return user


@transaction.atomic
def give_membership(*, by: User, user: User, role: str, organisation: str = "") -> Membership:
    membership, made = Membership.objects.get_or_create(user=user, role=role, organisation=organisation)
    if made:
        record(by=by, action="gave membership", about=user.email, membership=str(membership))
        memberships_changed(user=user)
    return membership


@transaction.atomic
def end_membership(*, by: User, membership: Membership) -> None:
    user, said = membership.user, str(membership)
    membership.delete()
    record(by=by, action="ended membership", about=user.email, membership=said)
    memberships_changed(user=user)


def memberships_changed(*, user: User) -> None:
    """Ends the pages that the person's browser keeps, and lets administrators, and only them, into administration."""
    administers = user.is_superuser or Membership.objects.filter(user=user, role=Role.ADMINISTRATOR).exists()
    User.objects.filter(pk=user.pk).update(role_version=F("role_version") + 1, is_staff=administers)
    user.refresh_from_db()
