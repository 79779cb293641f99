"""What every page says: which position, to when, who has submitted, who published it, whether it is illustrative."""

from django.core.exceptions import TooManyFieldsSent

from planning.queries import coverage, positions, reference
from planning.queries.positions import position_choices
from presentation.wording import MONTH_NAMES


def position_bar(request):
    """`position_bar` and `own_footprint_name` for templates; nothing for people who are not signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    asked = _asked(request)
    number = int(asked) if asked.isdecimal() and len(asked) < 10 else None
    position = positions.position_in_force(number)
    name = {"own_footprint_name": reference.own_footprint_name()}
    if position is None:
        return {**name, "position_bar": None}
    latest = positions.latest_position()
    shown = {"position": position, "latest": latest, "is_latest": position.number == latest, **_ways(request)}
    return {**name, "position_bar": {**_coverage(position.number), **shown}}


def _ways(request):
    """Ways to another position of the same page: its address without one, and what else its filters are."""
    try:
        others = request.GET.copy()
    except TooManyFieldsSent:
        return {}
    others.pop("position", None)
    filters = [(name, value) for name, values in others.lists() for value in values]
    query = f"?{others.urlencode()}" if filters else ""
    # A page that is of one position has no copy of itself at another.
    latest = "" if getattr(request, "position_shown", None) else request.path + query
    return {"latest_address": latest, "filters": filters, "choices": position_choices}


def _asked(request):
    """The position that the view shows or the address names; the page that refuses too many filters is rendered too."""
    if shown := getattr(request, "position_shown", None):
        return str(shown)
    try:
        return request.GET.get("position", "")
    except TooManyFieldsSent:
        return ""


def _coverage(number):
    latest = coverage.latest_coverage(number)
    if latest is None:
        return {"data_to": "", "coverage": "no provider months in"}
    year = int(latest.year[:4]) + (latest.month > 9)
    return {
        "data_to": f"{MONTH_NAMES[latest.month - 1]} {year} ({latest.reporting_point})",
        "coverage": f"{latest.provider_months} of {latest.expected} provider months in",
        "year": latest.year,
    }
