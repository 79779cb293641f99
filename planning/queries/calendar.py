"""By when activity is expected, and when each month was sent."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from django.db.models import Max, Min
from django.utils import timezone

from accounts.models import Role
from accounts.queries import finance_leads_of, organisations_of, roles_of
from accounts.reading import kept
from planning.calculations.financial_years import first_day, month_name
from planning.models import Layout, PositionSlice, Provider, ReportingPosition, SubmissionDate
from planning.queries import positions
from planning.queries.coverage import expected_providers

DATE_COLUMNS = ["year", "month", "reporting_point", "due", "assumed", "note", "source"]


@kept
def submission_dates(year: str) -> pd.DataFrame:
    """Columns `DATE_COLUMNS` of one year, in their order."""
    rows = SubmissionDate.objects.filter(year=year)
    return pd.DataFrame(list(rows.values_list(*DATE_COLUMNS)), columns=DATE_COLUMNS)


@kept
def years_with_dates() -> list[str]:
    """The latest first."""
    return list(SubmissionDate.objects.order_by("-year").values_list("year", flat=True).distinct())


@dataclass(frozen=True)
class MonthDates:
    """A month in words with its dates; each is missing where there is none."""

    month: str
    flex: SubmissionDate | None
    freeze: SubmissionDate | None


def months_with_dates(year: str) -> list[MonthDates]:
    found = {(row.month, row.reporting_point): row for row in SubmissionDate.objects.filter(year=year)}
    return [
        MonthDates(month_name(year, month), found.get((month, "flex")), found.get((month, "freeze")))
        for month in sorted({month for month, _ in found})
    ]


def year_of(today: date) -> str | None:
    """The year with dates that runs on a day, or the last that began; None where there are no dates."""
    begun = [year for year in years_with_dates() if first_day(year) <= today]
    return max(begun) if begun else min(years_with_dates(), default=None)


@dataclass(frozen=True)
class Sent:
    """What a position holds of a year and when it was sent, with the dates and the day that it is held against."""

    year: str
    dates: pd.DataFrame
    held: pd.DataFrame
    sent: pd.DataFrame
    day: date


def sent_of(number: int | None, year: str, today: date) -> Sent:
    """A position of a year; the latest stands as of today, an older one as on the last day on which it was the latest."""
    return Sent(
        year=year,
        dates=submission_dates(year),
        held=held_at(number, year),
        sent=when_sent(year, number),
        day=min(today, _last_day_of(number) or today),
    )


def _last_day_of(number: int | None) -> date | None:
    """When the position after this one was made; None where there is none."""
    if number is None:
        return None
    made = ReportingPosition.objects.filter(number__gt=number).aggregate(made=Min("made_at"))["made"]
    return made and timezone.localdate(made)


def providers_followed(user, year: str = "") -> list[str]:
    """Providers whose submissions of a year a person follows: all that are expected or have sent it, their own, or those
    their system hosts."""
    expected = expected_to_send(positions.latest_position(), year)
    if Role.PROGRAMME_TEAM not in roles_of(user):
        own = organisations_of(user)
        hosted = set(Provider.objects.filter(system__in=own).values_list("code", flat=True))
        expected &= own | hosted
    return sorted(expected)


def expected_to_send(number: int | None, year: str) -> set[str]:
    """Providers that the programme expects, and whoever has sent something of the year."""
    return expected_providers() | set(held_at(number, year)["provider"])


def held_at(number: int | None, year: str) -> pd.DataFrame:
    """Columns provider, month, reporting_point of what a position holds of a year."""
    frame = positions.coverage_frame(number)
    return frame[frame["year"] == year][["provider", "month", "reporting_point"]]


def when_sent(year: str, number: int | None) -> pd.DataFrame:
    """Columns provider, month, reporting_point, first, last, illustrative: on which dates a month was first published at a
    point up to a position, and last changed, and whether all of it is made up."""
    slices = PositionSlice.objects.filter(layout=Layout.ACM, year=year, from_position__lte=number or 0).order_by()
    spans = slices.values_list("provider", "month", "reporting_point", "extract__illustrative").annotate(
        Min("from_position"), Max("from_position")
    )
    frame = pd.DataFrame(list(spans), columns=["provider", "month", "reporting_point", "illustrative", "first", "last"])
    numbers = set(frame["first"]) | set(frame["last"])
    made = ReportingPosition.objects.filter(number__in=numbers).values_list("number", "made_at")
    days = {number: timezone.localdate(at) for number, at in made}
    frame = frame.assign(first=frame["first"].map(days), last=frame["last"].map(days))
    key = ["provider", "month", "reporting_point"]
    return frame.groupby(key, as_index=False).agg(
        first=("first", "min"), last=("last", "max"), illustrative=("illustrative", "all")
    )


def contacts_of(providers: list[str]) -> dict[str, list[str]]:
    """Provider → names and addresses of its finance leads."""
    return {
        code: [f"{lead} <{lead.email}>" if lead.name else lead.email for lead in finance_leads_of([code])] for code in providers
    }
