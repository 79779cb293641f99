"""Who has sent which month, by when it is expected, and whom to remind of what: in words and as a matrix."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
from django.utils.text import capfirst

from planning.calculations.financial_years import month_name, months_in_words
from planning.calculations.submission_states import COLOURS
from planning.calculations.submissions import overdue, standing
from planning.queries import calendar
from planning.queries.choices import provider_names
from planning.queries.positions import latest_position
from presentation.wording import listed, listed_at_most, number_of


@dataclass(frozen=True)
class Cell:
    """One month of one provider: its state in words, the colour of its tag, and what is said with it."""

    state: str
    colour: str
    note: str


@dataclass(frozen=True)
class Matrix:
    """`rows` are (provider, cells) under `months`; `dates` says where dates are assumed, or that there are none."""

    year: str
    years: list[str]
    months: list[str]
    rows: list[tuple[str, list[Cell]]]
    sentence: str
    dates: str


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
    years = calendar.years_with_dates()
    year = year if year in years else calendar.year_of(today) or ""
    providers = calendar.providers_followed(user, year)
    if not year or not providers:
        return None
    found, names = calendar.sent_of(latest_position(), year, today), provider_names()
    states = states_of(providers, found)
    shown = states[states["month"].isin(found.dates["month"])]
    months = sorted(set(shown["month"]))
    rows = [
        (names.get(code, code), [_cell(row) for row in own.to_dict("records")])
        for code, own in shown.groupby("provider", sort=True)
    ]
    return Matrix(
        year=year,
        years=years,
        months=[month_name(year, month)[:3] if month <= 12 else "Year end" for month in months],
        rows=sorted(rows, key=lambda row: row[0]),
        sentence=_sentence(states, names, found),
        dates=dates_said(found.dates, year),
    )


def states_of(providers: Collection[str], found: calendar.Sent) -> pd.DataFrame:
    """How each month of a year stands for each provider. The pages that say so, of any position, all ask here."""
    return standing(sorted(providers), found.year, found.dates, found.held, found.sent, found.day)


def dates_said(dates: pd.DataFrame, year: str) -> str:
    """Where the dates come from, as far as a reader must know it."""
    if dates.empty:
        return (
            f"No flex and freeze dates of {year} are loaded: a month counts as missing where a provider has sent it or a "
            "later one, or where the year is over."
        )
    if not dates["assumed"].any():
        return ""
    which = "The" if dates["assumed"].all() else "Some of the"
    return f"{which} dates are assumed: they follow a working-day rule and no published timetable."


def overdue_said(states: pd.DataFrame, names: Mapping[str, str], year: str) -> str:
    """What is overdue of a year, from whom, as the end of a sentence."""
    late, everyone = overdue(states), states["provider"].nunique()
    number = late["provider"].nunique()
    if not number:
        return "nothing is overdue"
    parts = [_overdue_part(own, names, year, everyone) for _, own in late.groupby("waits_for", sort=True)]
    return f"{number} of {everyone} providers {'has' if number == 1 else 'have'} something overdue: {'; '.join(parts)}"


def overdue_of(states: pd.DataFrame, year: str) -> str:
    """What one provider owes of a year; blank where nothing is overdue."""
    return listed([_what(row, year) for row in overdue(states).itertuples()])


def standing_said(states: pd.DataFrame, names: Mapping[str, str], year: str, dates: pd.DataFrame) -> str:
    """How a year stands, in one sentence: against its dates, or where there are none, by what others have sent."""
    if len(dates):
        return f"{year}: {overdue_said(states, names, year)}"
    behind = sorted(names.get(code, code) for code in set(states.loc[states["state"] == "missing", "provider"]))
    if not behind:
        return f"{year}: nothing is missing"
    return f"{year}: {listed_at_most(behind, 3)} {'has' if len(behind) == 1 else 'have'} not sent every month"


def _overdue_part(own: pd.DataFrame, names: Mapping[str, str], year: str, everyone: int) -> str:
    """The months of one reporting point; in words where they are the same for all that owe them."""
    months = {tuple(months) for months in own["months"]}
    alike = months_in_words(year, next(iter(months))) if len(months) == 1 else f"up to {max(map(len, months))} months"
    owing = sorted(names.get(code, code) for code in own["provider"])
    whom = f"all {everyone}" if len(owing) == everyone > 3 else listed_at_most(owing, 3)
    return f"{own['waits_for'].iloc[0]} of {alike} from {whom}"


def _cell(row: dict) -> Cell:
    due, late = row["due"], row["days_late"]
    note = ""
    if row["state"] in ("missing", "freeze missing"):
        note = f"since {due:%-d %b}"
    elif row["state"] in ("flex late", "freeze late"):
        note = f"{number_of(late, 'day')} after {due:%-d %b}"
    elif row["waits_for"] and due is not None:
        note = f"{row['waits_for']} by {due:%-d %b}"
    return Cell(row["word"], COLOURS[row["state"]], note)


def _sentence(states: pd.DataFrame, names: Mapping[str, str], found: calendar.Sent) -> str:
    """What is overdue, and what comes next and by when."""
    providers = states["provider"].unique()
    if len(providers) == 1:
        name, said = names.get(providers[0], providers[0]), overdue_of(states, found.year)
        opening = f"{name} has still to send: {said}. " if said else f"Nothing is overdue from {name}. "
    else:
        opening = f"{capfirst(overdue_said(states, names, found.year))}. "
    return (opening + _next(states, found)).strip()


def _next(states: pd.DataFrame, found: calendar.Sent) -> str:
    """The next date on which anything is expected."""
    waits = states[states["state"].isin(["due", "not due", "flex", "flex late"]) & (states["waits_for"] != "")]
    due = found.dates.set_index(["month", "reporting_point"])["due"].to_dict()
    waits = waits.assign(due=[due[key] for key in zip(waits["month"], waits["waits_for"], strict=True)])
    waits = waits[[day >= found.day for day in waits["due"]]]
    if waits.empty:
        return ""
    nearest = min(waits["due"])
    own = waits[waits["due"] == nearest]
    what = [f"{point} of {months_in_words(found.year, set(rows['month']))}" for point, rows in own.groupby("waits_for")]
    return f"Next: {listed(what)} by {nearest:%-d %B %Y}."


def _what(row, year: str) -> str:
    return f"{row.waits_for} of {months_in_words(year, row.months)}"


def reminders(user, today: date, year: str = "") -> list[Reminder]:
    """Whom to remind of what, once each, the longest overdue first, with a text to send."""
    year = year if year in calendar.years_with_dates() else calendar.year_of(today) or ""
    if not year:
        return []
    found = calendar.sent_of(latest_position(), year, today)
    late, names = overdue(states_of(calendar.providers_followed(user, year), found)), provider_names()
    contacts = calendar.contacts_of(sorted(set(late["provider"])))
    return [_reminder(names.get(code, code), own, year, contacts[code]) for code, own in late.groupby("provider", sort=False)]


def _reminder(provider: str, late: pd.DataFrame, year: str, contacts: list[str]) -> Reminder:
    what, due = listed([_what(row, year) for row in late.itertuples()]), min(late["due"])
    return Reminder(
        provider=provider,
        what=capfirst(what),
        due=due,
        days_late=int(late["days_late"].max()),
        contacts=contacts,
        text=reminder_text(provider, what, due, sum(map(len, late["months"]))),
    )


def reminder_text(provider: str, what: str, due: date, months: int) -> str:
    """What to write to a provider's finance lead."""
    first = "the first of it " if months > 1 else ""
    return (
        f"Specialised services extract of {provider}: we have not received {what}; {first}was due on {due:%-d %B %Y}. "
        "Please upload the extract on the Extracts page and publish it, or tell us when we can expect it."
    )
