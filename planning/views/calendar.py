"""By when activity is expected, and whom to remind."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import check_remind, check_see_extracts, user_can_remind
from planning.figures.calendar import reminders, submission_matrix
from planning.queries import calendar as dates


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The flex and freeze dates, with where they come from."""
    check_see_extracts(request.user)
    years = dates.years_with_dates()
    asked = request.GET.get("year", "")
    year = asked if asked in years else dates.year_of(timezone.localdate()) or ""
    context = {"year": year, "years": years, "dates": dates.months_with_dates(year), "reminds": user_can_remind(request.user)}
    return render(request, "planning/calendar.html", context)


@require_safe
def submissions(request: HttpRequest) -> HttpResponse:
    """Every provider month by month, and for the programme team whom to remind of what."""
    check_see_extracts(request.user)
    check_remind(request.user)
    today, year = timezone.localdate(), request.GET.get("year", "")
    context = {
        "matrix": submission_matrix(request.user, today, year),
        "reminders": reminders(request.user, today, year),
        "today": today,
    }
    return render(request, "planning/submissions.html", context)
