"""What scenarios assume: the rows in force, another value, and projected people."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.pages import page, reader_of
from accounts.permissions import check_make_scenarios, check_see_figures, user_can_make_scenarios
from planning import actions
from planning.figures.assumptions import ASSUMPTIONS, assumptions_sentence
from planning.forms.assumptions import AssumptionForm, ProjectionForm
from planning.forms.filters import PositionForm
from planning.queries.assumptions import AGE_BANDS, projections
from planning.queries.scenarios import area_codes
from presentation.wording import number_of

PROBLEMS_SHOWN = 100


@require_safe
def assumptions(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        "planning/assumptions.html",
        form=PositionForm(request.GET, reader=reader_of(request)),
        figures=[ASSUMPTIONS],
        sentence=assumptions_sentence,
        makes=user_can_make_scenarios(request.user),
        uploads=projections(None),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add_assumption(request: HttpRequest) -> HttpResponse:
    check_see_figures(request.user)
    check_make_scenarios(request.user)
    form = AssumptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_assumption(by=request.user, **form.row())
        messages.success(request, "The value is recorded.")
        return redirect("planning:assumptions")
    return render(request, "planning/add_assumption.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def upload_projections(request: HttpRequest) -> HttpResponse:
    check_see_figures(request.user)
    check_make_scenarios(request.user)
    form = ProjectionForm(request.POST or None, request.FILES or None)
    context = {"form": form, "age_bands": AGE_BANDS}
    if request.method == "POST" and form.is_valid():
        sent = dict(form.cleaned_data)
        file = sent.pop("file")
        try:
            people = actions.read_projections(file, {"places": area_codes()})
        except actions.ReferenceRefused as refused:
            found = refused.problems.to_dict("records")
            context |= {"problems": found[:PROBLEMS_SHOWN], "problem_count": len(found)}
        else:
            actions.add_projection(by=request.user, file_name=file.name, people=people, **sent)
            messages.success(request, f"Projected people are uploaded: {number_of(len(people), 'row')}.")
            return redirect("planning:assumptions")
    return render(request, "planning/upload_projections.html", context)
