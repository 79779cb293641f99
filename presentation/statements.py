"""Stored sums as commands print them: money as decimal text in pounds, activity as decimal text."""

from typing import Any

from .amounts import plain, plain_money, to_activity, to_pounds


def stated(totals: dict[str, Any]) -> dict[str, Any]:
    """Turn stored units into text at every level: `activity` holds activity by unit, any other number is money."""
    said: dict[str, Any] = {}
    for key, value in totals.items():
        if key == "activity":
            said[key] = {unit: plain(to_activity(number)) for unit, number in value.items()}
        elif isinstance(value, dict):
            said[key] = stated(value)
        else:
            said[key] = None if value is None else plain_money(to_pounds(value))
    return said
