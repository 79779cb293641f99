"""What every page shows of the programme itself: its name, the main navigation, and what the reader is here."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string


def programme(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "programme_name": settings.PROGRAMME_NAME,
        "nhs_identity": settings.NHS_IDENTITY,
        "navigation": list(_entries(request, settings.NAVIGATION)) if signed_in else [],
        "section": _section(request) if signed_in else None,
        "carried_position": carried_position(request),
        "memberships_said": [_said(m) for m in user.memberships.all()] if signed_in else [],
    }


def _entries(request: HttpRequest, named: Iterable[tuple[str, str, str]]) -> Iterator[dict[str, Any]]:
    """The entries whose page is there and that this reader may open."""
    for label, url_name, may_open in named:
        address = _address(url_name)
        if address and import_string(may_open)(request.user):
            position = "" if url_name in settings.PAGES_OF_NOW else carried_position(request)
            yield {"label": label, "url": address + position, "current": _is_current(request, address)}


def _section(request: HttpRequest) -> dict[str, Any] | None:
    """The group of `settings.SECTIONS` that the page stands in, where it leads to another page."""
    for name, named in settings.SECTIONS:
        entries = list(_entries(request, named))
        # A page under two of them belongs to the one that names it most closely.
        own = max((e for e in entries if e["current"]), key=lambda e: len(e["url"]), default=None)
        if own and len(entries) > 1:
            return {"name": name, "entries": [{**e, "current": e is own} for e in entries]}
    return None


def carried_position(request: HttpRequest) -> str:
    """The position that the reader looks at, as the query of a link to another page; blank for the latest."""
    try:
        number = request.GET.get("position", "")
    except TooManyFieldsSent:
        return ""
    return f"?position={number}" if number.isdecimal() and number.isascii() and len(number) < 10 else ""


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
