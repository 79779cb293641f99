"""Scenarios: the list, one of them, several side by side, and what their owner does with them."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.pages import page, reader_of
from accounts.permissions import check_make_scenarios, check_see_figures, user_can_make_scenarios
from planning.actions import scenarios as acting
from planning.figures import assumptions as assuming
from planning.figures import scenarios as figures
from planning.figures.scenario_preview import moves_said
from planning.forms.scenarios import ComparedForm, ScenarioDetailsForm, ScenarioForm
from planning.queries import scenarios as reading
from planning.views.moves import prefill

FORMS = ["GET", "HEAD", "POST"]
LONGEST_NUMBER = 9


@require_safe
def scenarios(request: HttpRequest) -> HttpResponse:
    check_see_figures(request.user)
    asked = request.GET.get("scenario", "")
    if asked.isdecimal() and len(asked) <= LONGEST_NUMBER:
        return redirect(reading.address(int(asked), request.GET.get("version", "")))
    listed = reading.listed(request.user)
    context = {"listed": listed, "makes": user_can_make_scenarios(request.user)}
    context["compares"] = sum(row["saved"] for row in listed) > 1
    return render(request, "planning/scenarios.html", context)


@require_http_methods(FORMS)
def new_scenario(request: HttpRequest) -> HttpResponse:
    """Begin one, from what was chosen on the Flows page where it was come from."""
    check_see_figures(request.user)
    check_make_scenarios(request.user)
    start = prefill(request.GET)
    form = ScenarioDetailsForm(request.POST or None, initial={"year": request.GET.get("year")})
    if request.method == "POST" and form.is_valid():
        try:
            made = acting.make_scenario(by=request.user, selection=start, **form.cleaned_data)
        except acting.NotSavable as refused:
            form.add_error("name", str(refused))
        else:
            query = f"?{urlencode(start, doseq=True)}" if start else ""
            kind = "repatriate" if start else None
            ahead = (
                reverse("planning:add_move", args=[made.pk, kind]) if kind else reverse("planning:scenario_moves", args=[made.pk])
            )
            return redirect(ahead + query)
    return render(request, "planning/scenario_details.html", {"form": form, "selection": reading.selection_words(start)})


@require_http_methods(FORMS)
def scenario_details(request: HttpRequest, pk: int) -> HttpResponse:
    scenario = reading.own_scenario(request.user, pk)
    version = reading.working_version(scenario)
    given = {"name": scenario.name, "note": scenario.note, "year": version.year}
    form = ScenarioDetailsForm(request.POST or None, position=version.position, initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            acting.change_scenario(by=request.user, scenario=scenario, **form.cleaned_data)
        except acting.NotSavable as refused:
            form.add_error("name", str(refused))
        else:
            return redirect("planning:scenario_moves", pk)
    return render(request, "planning/scenario_details.html", {"form": form, "scenario": scenario})


@require_safe
def scenario(request: HttpRequest, pk: int) -> HttpResponse:
    """A saved version, the latest unless another is asked for."""
    asked = request.GET.get("version", "")
    number = int(asked) if asked.isdecimal() and len(asked) <= LONGEST_NUMBER else None
    version = reading.version_for(request.user, pk, number)
    if version.saved_at is None:
        return redirect("planning:scenario_moves", pk)
    request.position_shown = version.position
    form = ScenarioForm({"scenario": pk, "version": version.number}, reader=reader_of(request))
    return page(
        request,
        "planning/scenario.html",
        form=form,
        figures=[*SHOWN, assuming.SCENARIO_ASSUMPTIONS],
        sentence=figures.scenario_sentence,
        stamp=[reading.page_stamp(version)],
        written={"moves": lambda results: moves_said(version)},
        **reading.about_version(request.user, version),
    )


SHOWN = [figures.SCENARIO_YEARS, figures.SCENARIO_ORGANISATIONS, figures.SCENARIO_COMMISSIONERS, figures.SCENARIO_FLOWS]


@require_safe
def compare_scenarios(request: HttpRequest) -> HttpResponse:
    form = ComparedForm(request.GET, reader=reader_of(request))
    return page(
        request,
        "planning/scenarios_compared.html",
        form=form,
        figures=[figures.SCENARIOS_COMPARED],
        written={"side_by_side": lambda results: figures.side_by_side(results["scenarios_compared"])},
        stamp=[reading.choices_stamp(request.user)],
    )


def _done(request: HttpRequest, pk: int, do: Callable[[], object], said: str, ahead: str = "planning:scenario") -> HttpResponse:
    """Do what a button says, and say what became of it."""
    try:
        do()
    except acting.NotSavable as refused:
        messages.error(request, str(refused))
        return redirect("planning:scenario_moves", pk)
    messages.success(request, said)
    return redirect(ahead, pk)


@require_POST
def save_scenario(request: HttpRequest, pk: int) -> HttpResponse:
    found = reading.own_scenario(request.user, pk)
    wrong = [said for move in moves_said(reading.working_version(found)) for said in move["faults"]]
    if wrong:
        messages.error(request, f"The scenario is not saved: {wrong[0]}")
        return redirect("planning:scenario_moves", pk)
    return _done(request, pk, lambda: acting.save_scenario(by=request.user, scenario=found), f"“{found}” is saved.")


@require_POST
def discard_draft(request: HttpRequest, pk: int) -> HttpResponse:
    found = reading.own_scenario(request.user, pk)
    return _done(request, pk, lambda: acting.discard_draft(by=request.user, scenario=found), "The draft is discarded.")


@require_POST
def share_scenario(request: HttpRequest, pk: int) -> HttpResponse:
    found, shared = reading.own_scenario(request.user, pk), request.POST.get("shared") == "yes"
    said = f"“{found}” is shared: everybody who sees figures can read it." if shared else f"“{found}” is no longer shared."
    return _done(request, pk, lambda: acting.share_scenario(by=request.user, scenario=found, shared=shared), said)


@require_POST
def copy_scenario(request: HttpRequest, pk: int) -> HttpResponse:
    check_make_scenarios(request.user)
    number = request.POST.get("version", "")
    version = reading.version_for(request.user, pk, int(number) if number.isdecimal() and len(number) <= LONGEST_NUMBER else None)
    made = acting.copy_scenario(by=request.user, version=version)
    messages.success(request, f"“{made}” is yours: change it and save it.")
    return redirect("planning:scenario_moves", made.pk)


@require_http_methods(FORMS)
def delete_scenario(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first."""
    found = reading.own_scenario(request.user, pk)
    if request.method != "POST":
        return render(request, "planning/scenario_delete.html", {"scenario": found})
    acting.delete_scenario(by=request.user, scenario=found)
    messages.success(request, f"“{found}” is deleted.")
    return redirect("planning:scenarios")
