"""What every page shows of the programme itself: its name, the main navigation, and what the reader is here."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string


def programme(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "programme_name": settings.PROGRAMME_NAME,
        "nhs_identity": settings.NHS_IDENTITY,
        "navigation": list(_entries(request)) if signed_in else [],
        "memberships_said": [_said(m) for m in user.memberships.all()] if signed_in else [],
    }


def _entries(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """The entries of `settings.NAVIGATION` whose page is there and that this reader may open."""
    for label, url_name, may_open in settings.NAVIGATION:
        address = _address(url_name)
        if address and import_string(may_open)(request.user):
            yield {"label": label, "url": address, "current": _is_current(request, address)}


def _address(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def _is_current(request: HttpRequest, address: str) -> bool:
    """The entry's own page or a page under it; the front page has none under it."""
    return request.path == address or (address != "/" and request.path.startswith(address))


def _said(membership: Any) -> str:
    """What the reader is here: "Finance lead, King's College Hospital"."""
    if not membership.organisation:
        return membership.get_role_display()
    name = import_string(settings.ORGANISATION_NAME)(membership.organisation)
    return f"{membership.get_role_display()}, {name or membership.organisation}"
