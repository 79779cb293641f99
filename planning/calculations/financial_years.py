"""Financial years and their months: text such as 2025/26, months 1 (April) to 12 (March) and 13, the year end."""

import re
from collections.abc import Collection
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
_SPELLINGS = re.compile(r"(?:FY ?)?(?:(20\d\d)(?:[/\-\u2013 ](20)?|)(\d\d)|(\d\d)[/\-\u2013](\d\d))", re.IGNORECASE)
_NAMES = "|".join(("SEPT", *(f"{name[:3]}(?:{name[3:]})?" for name in map(str.upper, MONTH_NAMES))))
# Months that are spelled otherwise than by their number; also what DuckDB takes for a pattern. Of a date, the day is the first
# of the month or one that no month can be: 03/04/2025 may be of March. 202504 may be of the fourth month of 2025/26.
MONTH_SPELLINGS = (
    r"(?:M|MONTH) ?(?:0?[1-9]|1[0-3])"
    rf"|(?:[0-3]?[0-9][ /-])?(?:{_NAMES})(?:[ '/-]{{0,2}}(?:20)?[0-9]{{2}})?"
    r"|20[0-9]{2}[-/][0-9]{2}[-/](?:01|1[3-9]|2[0-9]|3[01])(?:[ T]00:00(?::00)?)?"
    r"|(?:0?1|1[3-9]|2[0-9]|3[01])[-/.][0-9]{1,2}[-/.]20[0-9]{2}(?: 00:00(?::00)?)?"
)
_MONTH = re.compile(MONTH_SPELLINGS)


def read_year(text: str) -> tuple[str, bool] | None:
    """Read a financial year as files spell it.

    Args:
        text: 202526, 2025/26, 2025-26, 2025 26, 2025-2026, 25/26, any of them after FY, or the bare start year 2025.

    Returns:
        The year as 2025/26 and whether it stood bare; None where the text is no financial year. The second year must
        follow the first.
    """
    # Spreadsheets that take the year for a number write 202526.0.
    text = text.strip().removesuffix(".0")
    if re.fullmatch(r"20\d\d", text):
        start = int(text)
        return (_named(start), True) if FIRST <= start <= LAST else None
    match = _SPELLINGS.fullmatch(text)
    if not match:
        return None
    start = int(match[1] or f"20{match[4]}")
    follows = (start + 1) % 100 == int(match[3] or match[5]) and FIRST <= start <= LAST
    return (_named(start), False) if follows else None


def read_month(text: str, year: str) -> int | None:
    """Read a month of a financial year that is spelled otherwise than by its number.

    Args:
        text: M01 or Month 1, April, Apr-25, 2025-04-01 or 01/04/2025, in capitals (`MONTH_SPELLINGS`).
        year: The financial year, as 2025/26.

    Returns:
        1 (April) to 13 (year end); None where the text is none of these, or names a month of another year.
    """
    if not _MONTH.fullmatch(text):
        return None
    if text.startswith("M") and text[-1].isdigit() and (number := re.fullmatch(r"(?:M|MONTH) ?(\d+)", text)):
        return int(number[1])
    if name := re.search(r"[A-Z]{3}", text):
        month = next(i for i, of in enumerate(MONTH_NAMES, 1) if of.upper().startswith(name[0]))
        stated = text[-2:] if text[-1].isdigit() else ""
    else:
        # A year has four digits, at one end or the other.
        parts = re.split(r"[-/.]", re.split("[ T]", text)[0])
        (calendar, middle) = (parts[0], parts[1]) if len(parts[0]) == 4 else (parts[2], parts[1])
        month, stated = (int(middle) - 4) % 12 + 1 if 1 <= int(middle) <= 12 else 0, calendar[-2:]
    if not month or (stated and int(stated) != month_start(year, month).year % 100):
        return None
    return month


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


def years_from(first: str, number: int) -> tuple[str, ...]:
    """A number of financial years in order, the first of them named."""
    return tuple(_named(start_year(first) + n) for n in range(number))


def preceding(year: str) -> str:
    """The financial year before."""
    return _named(start_year(year) - 1)


def financial_year_on(day: date) -> str:
    """The financial year of a day: 2025/26 for 31 March 2026."""
    return _named(day.year - (day.month < 4))


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


def months_in_words(year: str, months: Collection[int]) -> str:
    """Months of a financial year in words, those that follow each other as one span.

    Args:
        year: The financial year, as 2025/26.
        months: Months 1 (April) to 13 (year end), in any order.

    Returns:
        "April to June 2025, August 2025 and year end 2025/26"; blank where there are none.
    """
    spans: list[list[int]] = []
    for month in sorted(months):
        if spans and spans[-1][-1] == month - 1 and month != YEAR_END:
            spans[-1].append(month)
        else:
            spans.append([month])
    *others, last = [_span(year, span) for span in spans] or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _span(year: str, months: list[int]) -> str:
    first, last = month_name(year, months[0]), month_name(year, months[-1])
    if len(months) == 1:
        return first
    in_one_year = first.split()[1] == last.split()[1]
    return f"{first.split()[0] if in_one_year else first} to {last}"


def _named(start: int) -> str:
    return f"{start}/{(start + 1) % 100:02d}"
