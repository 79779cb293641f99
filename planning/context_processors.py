"""What every page says: which position, to when, who has submitted, who published it, whether it is illustrative."""

from django.core.exceptions import TooManyFieldsSent

from planning.queries import coverage, positions, reference
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
    is_latest = number is None or position.number == positions.latest_position()
    return {**name, "position_bar": {**_coverage(position.number), "position": position, "is_latest": is_latest}}


def _asked(request):
    """The position that the address names; the page that refuses an address with too many filters is rendered too."""
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
