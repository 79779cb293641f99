"""Who has sent which month, by when it is expected, and whom to remind of what: in words and as a matrix."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from django.utils.text import capfirst

from planning.calculations.financial_years import month_name, months_in_words
from planning.calculations.submissions import STATES, overdue, submission_states
from planning.queries import calendar
from planning.queries.choices import provider_names
from presentation.wording import listed, number_of

COLOURS = {
    "missing": "red",
    "freeze missing": "orange",
    "due": "yellow",
    "not due": "white",
    "flex": "blue",
    "flex late": "aqua-green",
    "freeze": "green",
    "freeze late": "aqua-green",
    "changed": "purple",
}


@dataclass(frozen=True)
class Cell:
    """One month of one provider: its state in words, the colour of its tag, and what is said with it."""

    state: str
    colour: str
    note: str


@dataclass(frozen=True)
class Matrix:
    """`rows` are (provider, cells) under `months`; `assumed` says that dates follow a rule and no published timetable."""

    year: str
    years: list[str]
    months: list[str]
    rows: list[tuple[str, list[Cell]]]
    sentence: str
    assumed: bool


@dataclass(frozen=True)
class Reminder:
    provider: str
    what: str
    due: date
    days_late: int
    contacts: list[str]
    text: str


def submission_matrix(user, today: date, year: str = "") -> Matrix | None:
    """Every provider that a person follows, month by month; missing where no dates are loaded or they follow nobody."""
    providers, years = calendar.providers_followed(user), calendar.years_with_dates()
    year = year if year in years else calendar.year_of(today) or ""
    if not year or not providers:
        return None
    dates = calendar.submission_dates(year)
    states, names = _states(providers, year, today), provider_names()
    months = sorted(set(states["month"]))
    rows = [
        (names.get(code, code), [_cell(row, today) for row in own.sort_values("month").to_dict("records")])
        for code, own in states.groupby("provider", sort=False)
    ]
    return Matrix(
        year=year,
        years=years,
        months=[month_name(year, month).split()[0] if month <= 12 else "Year end" for month in months],
        rows=sorted(rows, key=lambda row: row[0]),
        sentence=_sentence(states, names, year, today),
        assumed=bool(dates["assumed"].any()),
    )


def _states(providers: list[str], year: str, today: date) -> pd.DataFrame:
    found = calendar.held_now(year), calendar.when_sent(year)
    return submission_states(providers, calendar.submission_dates(year), *found, today)


def _cell(row: dict, today: date) -> Cell:
    due, late = row["due"], row["days_late"]
    note = ""
    if row["state"] in ("missing", "freeze missing"):
        note = f"since {due:%-d %b}"
    elif row["state"] in ("flex late", "freeze late"):
        note = f"{number_of(late, 'day')} after {due:%-d %b}"
    elif row["waits_for"] and due is not None:
        note = f"{row['waits_for']} by {due:%-d %b}"
    return Cell(STATES[row["state"]], COLOURS[row["state"]], note)


def _sentence(states: pd.DataFrame, names: dict, year: str, today: date) -> str:
    """What is overdue, and what comes next and by when."""
    late = overdue(states)
    providers = states["provider"].unique()
    if len(providers) == 1:
        name, said = names.get(providers[0], providers[0]), [_what(row, year) for row in late.itertuples()]
        opening = f"{name} has still to send: {listed(said)}. " if said else f"Nothing is overdue from {name}. "
    else:
        number = late["provider"].nunique()
        opening = f"{number} of {len(providers)} providers have something overdue. " if number else "Nothing is overdue. "
    return (opening + _next(states, year, today)).strip()


def _next(states: pd.DataFrame, year: str, today: date) -> str:
    """The next date on which anything is expected."""
    waits = states[states["state"].isin(["due", "not due", "flex"]) & (states["waits_for"] != "")]
    waits = waits[[due >= today for due in waits["due"]]]
    if waits.empty:
        return ""
    nearest = min(waits["due"])
    own = waits[waits["due"] == nearest]
    what = listed([f"{point} of {months_in_words(year, set(rows['month']))}" for point, rows in own.groupby("waits_for")])
    return f"Next: {what} by {nearest:%-d %B %Y}."


def _what(row, year: str) -> str:
    return f"{row.waits_for} of {months_in_words(year, row.months)}"


def reminders(user, today: date, year: str = "") -> list[Reminder]:
    """Whom to remind of what, the longest overdue first, with a text to send."""
    providers = calendar.providers_followed(user)
    year = year if year in calendar.years_with_dates() else calendar.year_of(today) or ""
    if not year:
        return []
    late, names = overdue(_states(providers, year, today)), provider_names()
    contacts = calendar.contacts_of(sorted(set(late["provider"])))
    return [
        Reminder(
            provider=names.get(row.provider, row.provider),
            what=capfirst(_what(row, year)),
            due=row.due,
            days_late=row.days_late,
            contacts=contacts[row.provider],
            text=reminder_text(names.get(row.provider, row.provider), _what(row, year), row.due, len(row.months)),
        )
        for row in late.itertuples()
    ]


def reminder_text(provider: str, what: str, due: date, months: int) -> str:
    """What to write to a provider's finance lead."""
    first = "the first of it " if months > 1 else ""
    return (
        f"Specialised services extract of {provider}: we have not received {what}; {first}was due on {due:%-d %B %Y}. "
        "Please upload the extract on the Extracts page and publish it, or tell us when we can expect it."
    )
