"""Financial years and their months: text such as 2025/26, months 1 (April) to 12 (March) and 13, the year end."""

import re
from datetime import date

YEAR_END = 13
MONTH_NAMES = (
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "January",
    "February",
    "March",
)
FIRST, LAST = 2010, 2050
_SPELLINGS = re.compile(r"(20\d\d)(?:[/\-\u2013 ](20)?|)(\d\d)")


def read_year(text: str) -> tuple[str, bool] | None:
    """Read a financial year as files spell it.

    Args:
        text: 202526, 2025/26, 2025-26, 2025 26, 2025-2026, or the bare start year 2025.

    Returns:
        The year as 2025/26 and whether it stood bare; None where the text is no financial year. The second year must
        follow the first.
    """
    text = text.strip()
    if re.fullmatch(r"20\d\d", text):
        start = int(text)
        return (_named(start), True) if FIRST <= start <= LAST else None
    match = _SPELLINGS.fullmatch(text)
    if not match:
        return None
    start = int(match[1])
    follows = (start + 1) % 100 == int(match[3]) and FIRST <= start <= LAST
    return (_named(start), False) if follows else None


def financial_year(text: str) -> str:
    """The financial year that a text spells, as 2025/26.

    Args:
        text: Any spelling that `read_year` reads.

    Returns:
        The year as 2025/26.

    Raises:
        ValueError: The text is no financial year.
    """
    found = read_year(text)
    if found is None:
        raise ValueError(f"{text!r} is not a financial year such as 2025/26")
    return found[0]


def start_year(year: str) -> int:
    """The calendar year in which a financial year begins: 2025 for 2025/26."""
    return int(year[:4])


def following(year: str) -> str:
    """The next financial year."""
    return _named(start_year(year) + 1)


def preceding(year: str) -> str:
    """The financial year before."""
    return _named(start_year(year) - 1)


def first_day(year: str) -> date:
    """1 April of a financial year."""
    return date(start_year(year), 4, 1)


def last_day(year: str) -> date:
    """31 March of a financial year."""
    return date(start_year(year) + 1, 3, 31)


def month_start(year: str, month: int) -> date:
    """The first day of a month of a financial year; the year end (13) counts as March."""
    index = min(month, 12) + 2
    return date(start_year(year) + index // 12, index % 12 + 1, 1)


def month_name(year: str, month: int) -> str:
    """A month in words: April 2025, or year end 2025/26 for month 13."""
    if month == YEAR_END:
        return f"year end {year}"
    return f"{MONTH_NAMES[month - 1]} {month_start(year, month).year}"


def _named(start: int) -> str:
    return f"{start}/{(start + 1) % 100:02d}"
