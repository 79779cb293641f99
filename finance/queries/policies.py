"""Reads of policy options: whose they are, and who may read them."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404
from django.urls import reverse

from accounts.permissions import NotAllowed, check_see_figures
from accounts.queries import is_command_line
from finance.models import PolicyOption
from finance.queries.rates import rates_version
from planning.queries import positions


def readable_options(user: Any) -> Any:
    """Options that a person may read: their own, and those that are shared; the command line reads all."""
    standing = PolicyOption.objects.filter(deleted_at=None).select_related("owner")
    if user is None:
        return standing.exclude(shared_at=None)
    return standing if is_command_line(user) else standing.filter(Q(owner=user.pk) | Q(shared_at__isnull=False))


def option_for(user: Any, pk: int) -> PolicyOption:
    """Raises: Http404: there is none that they may read."""
    check_see_figures(user)
    found = readable_options(user).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such option.")
    return found


def own_option(user: Any, pk: int) -> PolicyOption:
    """Raises: Http404: there is none, or it is somebody else's and not shared; NotAllowed: it is theirs, and shared."""
    found = option_for(user, pk)
    if found.owner_id != user.pk:
        raise NotAllowed("This option is somebody else's. Open it in the workbench and save your own.")
    return found


def options_in(user: Any, numbers: list[str]) -> list[PolicyOption]:
    """Options by their numbers, in the order asked for; those that a person may not read are left out."""
    found = {str(option.pk): option for option in readable_options(user).filter(pk__in=[int(n) for n in numbers])}
    return [found[number] for number in numbers if number in found]


def options_by_number(numbers: list[str]) -> list[PolicyOption]:
    """Of numbers that a form has let through for its reader."""
    return list(PolicyOption.objects.filter(pk__in=[int(n) for n in numbers]))


def option_choices(user: Any) -> list[tuple[str, str]]:
    return [(str(o.pk), f"{o.name} ({o.owner})") for o in readable_options(user).order_by("name", "pk")]


def listed_options(user: Any) -> list[dict[str, Any]]:
    """What the list of options shows, the newest first."""
    latest, rates = positions.latest_position(), rates_version()
    return [
        {
            "option": option,
            "number": str(option.pk),
            "own": option.owner_id == user.pk,
            "address": address_of(option),
            "older": latest is not None and option.position < latest,
            "rates_changed": option.rates != rates,
        }
        for option in readable_options(user)
    ]


def address_of(option: PolicyOption) -> str:
    """The workbench with what the option says, at its position."""
    # In one order, since a database may keep them in its own.
    said = urlencode(sorted({**option.settings, "position": option.position}.items()), doseq=True)
    return f"{workbench()}?{said}"


def workbench() -> str:
    return reverse("finance:policy_workbench")


def options_stamp(user: Any) -> str:
    """What changes when the list does."""
    return repr([(o.pk, o.shared_at) for o in readable_options(user)]) + rates_version()
