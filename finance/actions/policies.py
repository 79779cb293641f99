"""Writes of policy options: saved by name, shared, and deleted by whoever made them."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import record
from accounts.permissions import NotAllowed, check_save_policies
from finance.models import PolicyOption


class PolicyNotSaved(Exception):
    """What was asked of an option cannot be done; the message says why and what to do."""


@transaction.atomic
def save_policy_option(
    *, by, name: str, position: int, settings: Mapping[str, Any], rates: str, note: str = "", shared: bool = False
) -> PolicyOption:
    """Keep a policy by name. Raises: PolicyNotSaved: they have one of that name."""
    check_save_policies(by)
    option = PolicyOption(owner=by, name=name.strip(), note=note.strip(), position=position, settings=dict(settings), rates=rates)
    option.shared_at = timezone.now() if shared else None
    try:
        with transaction.atomic():
            option.save()
    except IntegrityError:
        raise PolicyNotSaved("You have an option of that name: choose another name.") from None
    record(by=by, action="saved policy option", about=_about(option), position=position, shared=shared, settings=dict(settings))
    return option


@transaction.atomic
def share_policy_option(*, by, option: PolicyOption, shared: bool) -> None:
    """Let everybody who sees figures read it, or no longer."""
    own = _own(by, option)
    own.shared_at = timezone.now() if shared else None
    own.save(update_fields=["shared_at"])
    record(by=by, action="shared policy option" if shared else "stopped sharing policy option", about=_about(own))


@transaction.atomic
def delete_policy_option(*, by, option: PolicyOption) -> None:
    """Take it out of every list."""
    own = _own(by, option)
    own.deleted_at, own.shared_at = timezone.now(), None
    own.save(update_fields=["deleted_at", "shared_at"])
    record(by=by, action="deleted policy option", about=_about(own))


def _own(by, option: PolicyOption) -> PolicyOption:
    """The option locked, if it is theirs and still stands."""
    check_save_policies(by)
    locked = PolicyOption.objects.select_for_update().get(pk=option.pk)
    if locked.owner_id != by.pk:
        raise NotAllowed("This option is somebody else's. Open it in the workbench and save your own.")
    if locked.deleted_at:
        raise PolicyNotSaved("This option was deleted.")
    return locked


def _about(option: PolicyOption) -> str:
    return f"Policy option {option.pk}: {option.name}"
