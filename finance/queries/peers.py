"""Reads of peer groups, and of the systems and places that they are made of."""

from hashlib import sha256
from typing import Any

from django.http import Http404

from accounts.permissions import NotAllowed, check_keep_peer_groups, user_can_change_peer_group
from finance.models import PeerGroup
from planning.queries import choices
from presentation.shared_reads import shared


@shared
def peer_groups() -> list[PeerGroup]:
    """Those that stand, systems first."""
    return sorted(PeerGroup.objects.standing().select_related("owner"), key=lambda g: (g.level != "system", g.name.casefold()))


def peer_group(pk: int) -> PeerGroup | None:
    return next((group for group in peer_groups() if group.pk == pk), None)


def groups_version() -> str:
    """A short name for the groups as they are now: it changes when any of them does."""
    held = [(g.pk, g.name, g.level, g.members) for g in peer_groups()]
    return sha256(repr(held).encode()).hexdigest()[:12]


def peer_choices() -> list[tuple[str, str]]:
    """Groups as a filter offers them: number, and name with what it is of."""
    return [(str(group.pk), f"{group.name} ({len(group.members)} {group.level}s)") for group in peer_groups()]


def peer_group_for(user: Any, pk: int) -> PeerGroup:
    """Raises: Http404: there is no such group; NotAllowed: it is not theirs to change."""
    check_keep_peer_groups(user)
    found = peer_group(pk)
    if found is None:
        raise Http404("There is no such peer group.")
    if not user_can_change_peer_group(user, owner=found.owner_id):
        raise NotAllowed("This peer group is somebody else's. Make one of your own, or ask the programme team.")
    return found


def area_names(level: str) -> dict[str, str]:
    """Names of the systems, or of the places, by their codes."""
    return choices.place_names() if level == PeerGroup.Level.PLACE else choices.system_names()


def listed(user: Any) -> list[dict[str, Any]]:
    """Each group with the names of its members, and whether this person may change it."""
    rows = []
    for group in peer_groups():
        names = area_names(group.level)
        words = [names.get(code, code) for code in group.members]
        rows.append({"group": group, "members": words, "own": user_can_change_peer_group(user, owner=group.owner_id)})
    return rows
