"""Stored whole numbers to pounds, activity and words. Nothing else converts or formats an amount.

Money is stored as whole ten-thousandths of a pound and activity as whole thousandths of its unit. Pages use U+2212 for
a minus; `plain` and `to_pounds` serve files, where a negative stays a number.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

POUND = 10_000
UNIT = 1_000
MINUS = "\u2212"
# Begins at, pounds, letter, rounded to.
SIZES = (("999.95e6", "1e9", "bn", "0.01"), ("999.5e3", "1e6", "m", "0.1"), ("999.5", "1e3", "k", "1"))
NO_DATA = "No data"
NOT_APPLICABLE = "Not applicable"
NOT_KNOWN = "Not known"


def is_missing(value: object) -> bool:
    """Whether a cell holds nothing: None, NaN, NaT or NA. Zero is something."""
    # What nearly every cell is, is told without asking pandas: a page asks tens of thousands of times.
    if value is None or value is pd.NA:
        return True
    if isinstance(value, int | str):
        return False
    if isinstance(value, float):
        return value != value
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def half_up(value: Decimal, step: Decimal | str = "1") -> Decimal:
    """Round to a multiple of `step`, halves away from nought, as people round money."""
    step = Decimal(step)
    return (value / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step


def to_pounds(stored: int) -> Decimal:
    return Decimal(int(stored)) / POUND


def from_pounds(pounds: Decimal | str | int) -> int:
    """Pounds to stored units.

    Raises:
        ValueError: finer than a ten-thousandth of a pound, so that nothing is rounded unseen.
    """
    return _exactly(pounds, POUND)


def to_activity(stored: int) -> Decimal:
    return Decimal(int(stored)) / UNIT


def from_activity(activity: Decimal | str | int) -> int:
    """Raises: ValueError: finer than a thousandth."""
    return _exactly(activity, UNIT)


def _exactly(value: Decimal | str | int, per_one: int) -> int:
    scaled = Decimal(value) * per_one
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{value} is finer than is stored.")
    return int(scaled)


def plain(value: Decimal, places: int | None = None) -> str:
    """A number for a file: no separators, a plain minus, no exponent, no more decimals than it has (or exactly `places`)."""
    if places is not None:
        return f"{half_up(value, Decimal(1).scaleb(-places)):.{places}f}"
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def plain_money(pounds: Decimal) -> str:
    """Pounds for a file: to the penny, or with all its decimals where it has more."""
    return plain(pounds, 2) if pounds == half_up(pounds, "0.01") else plain(pounds)


def _signs(text: str, negative: bool, signed: bool, nought: bool) -> str:
    """The number's text behind its sign; what rounds to nought has none."""
    if nought:
        return text
    return f"{MINUS}{text}" if negative else f"+{text}" if signed else text


def _headline(pounds: Decimal) -> str:
    """Size in words of the board room: billions to two places, millions to one, thousands whole."""
    # Each size begins where the next smaller one would print a thousand: £999,950 is £1.0m, not £1,000k.
    for begins, scale, letter, step in (
        ("999.95e6", "1e9", "bn", "0.01"),
        ("999.5e3", "1e6", "m", "0.1"),
        ("999.5", "1e3", "k", "1"),
    ):
        if pounds >= Decimal(begins):
            return f"£{half_up(pounds / Decimal(scale), step):,f}{letter}"
    return f"£{half_up(pounds):,f}"


def money(stored: int | None, *, signed: bool = False) -> str:
    """Headline form: £2.17bn, £48.3m, £14k, £950."""
    if is_missing(stored):
        return NO_DATA
    pounds = to_pounds(stored)
    text = _headline(abs(pounds))
    return _signs(text, pounds < 0, signed, text == "£0")


def signed_money(stored: int | None) -> str:
    """Headline form with its sign always: +£48.3m, −£0.6m."""
    return money(stored, signed=True)


def money_exact(stored: int | None) -> str:
    """To the penny: £1,234,567.89."""
    return _pounds(stored, "0.01")


def money_whole(stored: int | None, *, signed: bool = False) -> str:
    """To the pound: £1,234,568."""
    return _pounds(stored, "1", signed=signed)


def _pounds(stored: int | None, step: str, *, signed: bool = False) -> str:
    if is_missing(stored):
        return NO_DATA
    rounded = half_up(to_pounds(stored), step)
    return _signs(f"£{abs(rounded):,f}", rounded < 0, signed, rounded == 0)


def count(stored: int | None, *, signed: bool = False) -> str:
    """Activity as a whole number with commas: 12,345."""
    if is_missing(stored):
        return NO_DATA
    return whole(to_activity(stored), signed=signed)


def whole(value: Decimal | int | float | None, *, signed: bool = False) -> str:
    """A plain number (people, practices, months) with commas and no decimals."""
    return number(value, 0, signed=signed)


def number(value: Decimal | int | float | None, decimals: int = 1, *, signed: bool = False) -> str:
    """A plain number to a fixed count of decimals, halves up."""
    if is_missing(value):
        return NO_DATA
    rounded = half_up(_decimal(value), Decimal(1).scaleb(-decimals))
    return _signs(f"{abs(rounded):,.{decimals}f}", rounded < 0, signed, rounded == 0)


def percent(share: Decimal | float | None, decimals: int = 1, *, signed: bool = False) -> str:
    """A share as a percentage, halves up: 0.0625 is 6.3%."""
    if is_missing(share):
        return NO_DATA
    return f"{number(_decimal(share) * 100, decimals, signed=signed)}%"


def _decimal(value: Decimal | int | float) -> Decimal:
    # By way of text: 0.0625 as people read it, not the binary fraction beside it.
    return (
        value if isinstance(value, Decimal) else Decimal(str(float(value))) if isinstance(value, float) else Decimal(int(value))
    )


def round_to_total(values: Sequence[int | None], unit: int) -> list[int | None]:
    """Stored units rounded to multiples of `unit` so that the parts add up to their rounded total.

    Largest remainder: all are rounded down, then the units that are missing from the total go to the parts that lost most
    (the earlier one where two lost the same). Missing parts stay missing.
    """
    known = {i: int(v) for i, v in enumerate(values) if not is_missing(v)}
    whole_parts = {i: v // unit for i, v in known.items()}
    left_over = int(half_up(Decimal(sum(known.values())) / unit)) - sum(whole_parts.values())
    lost_most = sorted(known, key=lambda i: (-(known[i] % unit), i))
    for i in lost_most[:left_over]:
        whole_parts[i] += 1
    return [whole_parts[i] * unit if i in known else None for i in range(len(values))]
