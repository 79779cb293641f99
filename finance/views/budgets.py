"""Indicative budgets of populations: those in force, and how the programme team records others."""

import csv
import io

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import check_record_budgets, check_see_figures, user_can_record_budgets
from finance.actions import budgets as acting
from finance.figures.budget_file import budget_file
from finance.forms import BudgetFileForm, BudgetForm
from finance.queries import budgets as reading
from planning.actions import ReferenceRefused
from planning.queries.positions import latest_position
from presentation.wording import number_of

FORMS = ["GET", "HEAD", "POST"]
SHOWN_PROBLEMS = 100


@require_safe
def population_budgets(request: HttpRequest) -> HttpResponse:
    check_see_figures(request.user)
    years = reading.budget_years(latest_position())
    asked = request.GET.get("year")
    year = asked if asked in years else reading.latest_year_with_spend(latest_position()) or next(iter(years), "")
    context = {"year": year, "years": years, "budgets": reading.budget_rows_in_force(year), "sets": reading.budget_sets(year)}
    context |= {"records": user_can_record_budgets(request.user), "rounds": reading.rounds_to_take(year)}
    context["official"] = reading.official_to_take(year)
    return render(request, "finance/population_budgets.html", context)


def _recorded(request: HttpRequest, year: str, number: int) -> HttpResponse:
    messages.success(request, f"Recorded for {year}: {number_of(number, 'budget')}.")
    return redirect(f"{reverse('finance:population_budgets')}?year={year}")


@require_http_methods(FORMS)
def record_budget(request: HttpRequest) -> HttpResponse:
    check_see_figures(request.user)
    check_record_budgets(request.user)
    form = BudgetForm(request.POST or None, initial={name: request.GET.get(name) for name in ("year", "area")})
    if request.method == "POST" and form.is_valid():
        acting.record_budget(by=request.user, **form.cleaned_data)
        return _recorded(request, form.cleaned_data["year"], 1)
    return render(request, "finance/record_budget.html", {"form": form})


@require_http_methods(FORMS)
def upload_budgets(request: HttpRequest) -> HttpResponse:
    check_see_figures(request.user)
    check_record_budgets(request.user)
    form = BudgetFileForm(request.POST or None, request.FILES or None, initial={"year": request.GET.get("year")})
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        sent = dict(form.cleaned_data)
        file = sent.pop("file")
        try:
            held = acting.load_budgets(by=request.user, content=file.read(), file_name=file.name, **sent)
        except ReferenceRefused as refused:
            found = refused.problems.to_dict("records")
            context |= {"problems": found[:SHOWN_PROBLEMS], "number": len(found)}
        else:
            return _recorded(request, held.year, reading.budgets_of(held))
    return render(request, "finance/upload_budgets.html", context)


@require_POST
def take_budgets(request: HttpRequest) -> HttpResponse:
    """Take the allocations of an approved round, or those of an official file, as budgets."""
    check_see_figures(request.user)
    check_record_budgets(request.user)
    asked, year, edition = (request.POST.get(name, "") for name in ("round", "year", "edition"))
    found = reading.round_named(int(asked)) if asked.isdecimal() and len(asked) < 10 else None
    if found is None and not edition:
        raise Http404("There is no such round.")
    try:
        if found:
            held = acting.take_budgets_from_round(by=request.user, found=found, year=year)
        else:
            held = acting.take_official_budgets(by=request.user, edition=edition, year=year)
    except acting.BudgetsRefused as refused:
        messages.error(request, str(refused))
        return redirect("finance:population_budgets")
    return _recorded(request, held.year, reading.budgets_of(held))


@require_safe
def budgets_csv(request: HttpRequest) -> HttpResponse:
    """The budgets in force as the file that can be filled in and uploaded again."""
    check_see_figures(request.user)
    check_record_budgets(request.user)
    year = request.GET.get("year", "")
    if year not in reading.budget_years(latest_position()):
        raise Http404("There are no budgets of that year.")
    text = io.StringIO()
    csv.writer(text).writerows(budget_file(latest_position(), year))
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="budgets-{year.replace("/", "-")}.csv"'
    return response
