"""Reads of accounts: what people are, what they were told, and what they did."""

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet, prefetch_related_objects

from presentation.shared_reads import shared

from .models import AuditEvent, Membership, Notice, ReferenceVersion, Role, User

COMMAND_LINE = "command-line@localhost"


def command_line_user() -> User:
    """The command line's own account: it has no password and cannot sign in."""
    user, made = User.objects.get_or_create(email=COMMAND_LINE, defaults={"name": "Command line"})
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def is_command_line(user: AbstractBaseUser) -> bool:
    return getattr(user, "email", None) == COMMAND_LINE


def user_named(email: str) -> User | None:
    """The person who signs in with this email address, however it is typed."""
    return User.objects.filter(email=email.strip().lower()).first()


def memberships_of(user: AbstractBaseUser) -> list[Membership]:
    """Asked of the database once for each request: the user keeps the answer."""
    if not user.is_authenticated or not user.is_active:
        return []
    prefetch_related_objects([user], "memberships")
    return list(user.memberships.all())


def roles_of(user: AbstractBaseUser) -> frozenset[str]:
    keeps = {Role.ADMINISTRATOR} if user.is_active and user.is_superuser else set()
    return frozenset(m.role for m in memberships_of(user)) | keeps


def organisations_of(user: AbstractBaseUser) -> frozenset[str]:
    """Codes of the providers and systems whose finances a person leads."""
    return frozenset(m.organisation for m in memberships_of(user) if m.role == Role.FINANCE_LEAD)


def finance_leads_of(organisations: Iterable[str]) -> list[User]:
    """Who to tell about a provider or a system."""
    leads = Membership.objects.filter(role=Role.FINANCE_LEAD, organisation__in=organisations, user__is_active=True)
    return list({membership.user_id: membership.user for membership in leads.select_related("user").order_by("user_id")}.values())


def audit_events(*, person: str = "", action: str = "", since=None, until=None) -> QuerySet[AuditEvent]:
    """The audit trail, newest first. `person` is part of a name or an email address, the dates include their own day."""
    events = AuditEvent.objects.select_related("by").order_by("-id")
    if person:
        events = events.filter(by__in=User.objects.filter(email__icontains=person) | User.objects.filter(name__icontains=person))
    if action:
        events = events.filter(action=action)
    if since:
        events = events.filter(at__date__gte=since)
    return events.filter(at__date__lte=until) if until else events


def audited_actions() -> list[str]:
    return list(AuditEvent.objects.order_by("action").values_list("action", flat=True).distinct())


def programme_team() -> list[User]:
    team = Membership.objects.filter(role=Role.PROGRAMME_TEAM, user__is_active=True).select_related("user")
    return [membership.user for membership in team.order_by("user_id")]


def notices_of(user: User, *, unread: bool = False) -> QuerySet[Notice]:
    """What a person was told, the newest first."""
    return user.notices.filter(read_at=None) if unread else user.notices.all()


@shared
def unread_notices(pk: int) -> int:
    return Notice.objects.filter(to=pk, read_at=None).count()


@shared
def reference_version() -> str:
    """A token that changes with reference data and rates; blank before any were loaded."""
    token = ReferenceVersion.objects.values_list("token", flat=True).first()
    return token.hex if token else ""
