"""Writes of peer groups: made and changed by those who plan, used by everybody who sees figures."""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import record
from accounts.permissions import NotAllowed, check_keep_peer_groups, user_can_change_peer_group
from finance.models import PeerGroup


class NotKept(Exception):
    """A peer group cannot be kept as it was sent; the message says why and what to do."""


@transaction.atomic
def make_peer_group(*, by, name: str, level: str, members: Collection[str], reason: str = "") -> PeerGroup:
    """A new group. Raises: NotKept: there is one of that name, or it has fewer than two members."""
    check_keep_peer_groups(by)
    group = PeerGroup(owner=by, name=name.strip(), level=level, members=_members(members), reason=reason.strip())
    _keep(group)
    record(by=by, action="made peer group", about=group.name, level=level, members=group.members)
    return group


@transaction.atomic
def change_peer_group(*, by, group: PeerGroup, name: str, members: Collection[str], reason: str = "") -> PeerGroup:
    """Its name, members and reason; what it is of stays. Raises: NotKept, as `make_peer_group`, or it was deleted."""
    group = _own(by, group)
    before = {"name": group.name, "members": group.members}
    group.name, group.members, group.reason = name.strip(), _members(members), reason.strip()
    _keep(group)
    record(by=by, action="changed peer group", about=group.name, before=before, members=group.members)
    return group


@transaction.atomic
def delete_peer_group(*, by, group: PeerGroup) -> None:
    """Nobody finds it any more; addresses that name it say so."""
    group = _own(by, group)
    group.deleted_at = group.changed_at = timezone.now()
    group.save(update_fields=["deleted_at", "changed_at"])
    record(by=by, action="deleted peer group", about=group.name, members=group.members)


def _own(by, group: PeerGroup) -> PeerGroup:
    check_keep_peer_groups(by)
    locked = PeerGroup.objects.select_for_update().get(pk=group.pk)
    if not user_can_change_peer_group(by, owner=locked.owner_id):
        raise NotAllowed("This peer group is somebody else's. Make one of your own, or ask the programme team.")
    if locked.deleted_at:
        raise NotKept("This peer group was deleted.")
    return locked


def _members(members: Collection[str]) -> list[str]:
    codes = sorted(set(members))
    if len(codes) < 2:
        raise NotKept("Choose two members or more: a group of one is no group of peers.")
    return codes


def _keep(group: PeerGroup) -> None:
    group.changed_at = timezone.now()
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError:
        raise NotKept("There is a peer group of that name: choose another name.") from None
