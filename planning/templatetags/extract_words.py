"""Words for extracts: amounts to the penny, and states as tags."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from presentation import amounts

register = template.Library()
TAGS = {
    "waiting": ("Waiting for you", "yellow"),
    "received": ("Waiting to be checked", "grey"),
    "checking": ("Being checked", "blue"),
    "checked": ("Ready to publish", "purple"),
    "published": ("Published", "green"),
    "refused": ("Refused", "red"),
    "failed": ("Not checked", "red"),
    "cancelled": ("Cancelled", "grey"),
    "withdrawn": ("Withdrawn", "orange"),
}


@register.simple_tag
def state_tag(state: str) -> SafeString:
    words, colour = TAGS[state]
    return format_html('<strong class="nhsuk-tag nhsuk-tag--{}">{}</strong>', colour, words)


@register.filter
def pence(stored: int | None) -> str:
    """Stored units to the penny: £1,234,567.89."""
    return amounts.money_exact(stored)


@register.filter
def pounds(amount: object) -> str:
    """An amount that is in pounds already, as the rows of a file are."""
    return amounts.NO_DATA if amounts.is_missing(amount) else amounts.money_exact(round(amount * amounts.POUND))


@register.filter
def whole(number: int | None) -> str:
    """A number of things with commas."""
    return amounts.whole(number)


@register.filter
def cell(value: object) -> str:
    """A cell as it was received; a blank one says so."""
    return amounts.NO_DATA if amounts.is_missing(value) or value == "" else str(value)


@register.filter
def about_seconds(seconds: int | None) -> str:
    """A time that is left, as finely as it can be foreseen: less than 10 seconds, about 40 seconds, about 3 minutes."""
    if seconds is None:
        return ""
    if seconds < 10:
        return "less than 10 seconds"
    if seconds < 90:
        return f"about {-(-seconds // 10) * 10} seconds"
    return f"about {-(-seconds // 60)} minutes"


@register.filter
def tens(hundredths: int) -> int:
    """By steps of ten, so that a screen reader is not read every number."""
    return hundredths - hundredths % 10
