"""What each provider has sent of each month, against the dates by which it is expected."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from .financial_years import YEAR_END, month_start
from .submission_states import STATES

FLEX, FREEZE = "flex", "freeze"
OVERDUE = ["missing", "freeze missing"]
COLUMNS = ["provider", "month", "state", "waits_for", "due", "days_late"]


def submission_states(
    providers: list[str], dates: pd.DataFrame, held: pd.DataFrame, sent: pd.DataFrame, today: date
) -> pd.DataFrame:
    """Say of every provider and month of one year how it stands against its dates.

    Args:
        providers: Codes of the providers that are expected to send.
        dates: year, month (1 to 13), reporting_point (flex or freeze), due (a date); rows of one year.
        held: provider, month, reporting_point of what is published now; a month that counts in part as flex is flex.
        sent: provider, month, reporting_point, first (the date it was first published at that point), last (the date it last
            changed), illustrative. What is made up has no time of its own and is never late.
        today: The day on which this is asked.

    Returns:
        For each provider and each month with a date: provider, month, state (a key of `STATES` in `submission_states.py`),
        waits_for (the reporting point that is sent next, blank where none is), due (its date; of what was sent late, the date
        that was missed), days_late (whole days past it, 0 where it is not late).
    """
    due: dict[tuple[int, str], Any] = {(row["month"], row["reporting_point"]): row["due"] for row in dates.to_dict("records")}
    now: dict[tuple[str, int], str] = {}
    for row in held.to_dict("records"):
        key = (row["provider"], row["month"])
        now[key] = FLEX if FLEX in (row["reporting_point"], now.get(key)) else FREEZE
    history = {(row["provider"], row["month"], row["reporting_point"]): row for row in sent.to_dict("records")}
    year = dates["year"].iloc[0] if len(dates) else ""
    rows = [
        (provider, month, *_state(provider, month, year, now.get((provider, month)), due, history, today))
        for provider in providers
        for month in sorted({month for month, _ in due})
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"month": "int64", "days_late": "int64"})


def _state(
    provider: str,
    month: int,
    year: str,
    point: str | None,
    due: Mapping[tuple[int, str], Any],
    history: Mapping[tuple[str, int, str], Mapping[Any, Any]],
    today: date,
) -> tuple[str, str, date | None, int]:
    flex, freeze = due.get((month, FLEX)), due.get((month, FREEZE))
    if point is None:
        first = FLEX if flex else FREEZE
        return _nothing_in(due[(month, first)], first, ended(year, month, today), today)
    if point == FLEX:
        if freeze and today > freeze:
            return "freeze missing", FREEZE, freeze, (today - freeze).days
        late = _days_late(history.get((provider, month, FLEX)), flex)
        waits_for = FREEZE if freeze else ""
        return ("flex late", waits_for, flex, late) if late else ("flex", waits_for, freeze, 0)
    own = history.get((provider, month, FREEZE))
    if own is not None and freeze and own["last"] > max(freeze, own["first"]) and not own["illustrative"]:
        return "changed", "", freeze, 0
    late = _days_late(own, freeze)
    return ("freeze late", "", freeze, late) if late else ("freeze", "", freeze, 0)


def _nothing_in(due: date, point: str, over: bool, today: date) -> tuple[str, str, date, int]:
    if today > due:
        return "missing", point, due, (today - due).days
    return ("due" if over else "not due"), point, due, 0


def _days_late(own: Mapping[Any, Any] | None, due: date | None) -> int:
    return 0 if own is None or due is None or own["illustrative"] else max((own["first"] - due).days, 0)


def ended(year: str, month: int, today: date) -> bool:
    """Whether a month of a financial year is over on a day; the year end is over with March."""
    start = month_start(year, month)
    following = date(start.year + start.month // 12, start.month % 12 + 1, 1)
    return today >= following


def standing(
    providers: list[str], year: str, dates: pd.DataFrame, held: pd.DataFrame, sent: pd.DataFrame, today: date
) -> pd.DataFrame:
    """Say of every provider and all thirteen months of one year how it stands, whether or not the month has a date.

    Args:
        providers: Codes of the providers that are expected to send.
        year: As 2025/26.
        dates: As `submission_states` takes them, and so are the next three.
        held: What is published.
        sent: When it was.
        today: The day on which this is asked.

    Returns:
        Columns as `submission_states` gives them and word (the state as pages call it). Without a date nothing is overdue: a
        month counts as missing where anybody has sent it or a later one, or where the year is over; it waits for nothing. The
        year end, which few send, counts as missing nowhere.
    """
    dated = submission_states(providers, dates, held, sent, today)
    undated = sorted({*range(1, YEAR_END + 1)} - set(dates["month"]))
    points: dict[tuple[str, int], set[str]] = {}
    for row in held.to_dict("records"):
        points.setdefault((row["provider"], row["month"]), set()).add(row["reporting_point"])
    over = YEAR_END - 1 if ended(year, YEAR_END - 1, today) else 0
    last = max([over, *(month for _, month in points if month < YEAR_END)])
    rows = [
        (
            provider,
            month,
            _undated(points.get((provider, month), set()), month <= last, month == YEAR_END and over > 0),
            "",
            None,
            0,
        )
        for provider in providers
        for month in undated
    ]
    parts = [part for part in (dated, pd.DataFrame(rows, columns=COLUMNS)) if len(part)]
    states = pd.concat(parts) if parts else dated
    return states.assign(word=states["state"].map(STATES)).sort_values(["provider", "month"], ignore_index=True)


def _undated(points: set[str], expected: bool, past: bool) -> str:
    if points:
        return FLEX if FLEX in points else FREEZE
    return "missing" if expected else "none sent" if past else "not due"


def overdue(states: pd.DataFrame) -> pd.DataFrame:
    """The provider months that somebody should be reminded of.

    Args:
        states: As `submission_states` gives them.

    Returns:
        provider, waits_for, months (in order), due (the earliest date that was missed), days_late (of that date): one row for
        each provider and reporting point, the longest overdue first.
    """
    late = states[states["state"].isin(OVERDUE) & (states["waits_for"] != "")]
    rows = [
        (provider, point, sorted(own["month"]), min(own["due"]), int(own["days_late"].max()))
        for (provider, point), own in late.groupby(["provider", "waits_for"], sort=True)
    ]
    found = pd.DataFrame(rows, columns=["provider", "waits_for", "months", "due", "days_late"])
    return found.sort_values(["days_late", "provider"], ascending=[False, True], kind="stable", ignore_index=True)
