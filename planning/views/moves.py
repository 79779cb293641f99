"""The moves of a scenario's draft: what they are, one more, one otherwise, their order."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.pages import page, reader_of
from accounts.permissions import check_make_scenarios
from planning.actions import scenarios as acting
from planning.figures import scenarios as figures
from planning.figures.scenario_preview import faults, moves_said, preview, rows_with
from planning.forms.moves import FORMS, KIND_HELP, values_of
from planning.forms.scenarios import ScenarioForm
from planning.queries import scenarios as reading

# What the Flows page calls it → what a move calls it.
PREFILLED = {"home": "homes", "system": "homes", "provider": "senders", "service": "services", "receiver": "receiver"}


def prefill(query: QueryDict) -> dict[str, Any]:
    """What was chosen elsewhere, by the names of a move's fields; what cannot be chosen is left out."""
    start: dict[str, list[str]] = {}
    known = reading.names_to_choose()
    for name, field in PREFILLED.items():
        chosen = [*query.getlist(name), *(query.getlist(field) if field != name else [])]
        start[field] = list(dict.fromkeys([*start.get(field, []), *(value for value in chosen if value in known[field])]))
    return {field: values[0] if field == "receiver" else values for field, values in start.items() if values}


@require_safe
def scenario_moves(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft as it stands, with what it does so far."""
    scenario = reading.own_scenario(request.user, pk)
    check_make_scenarios(request.user)
    version = reading.working_version(scenario)
    request.position_shown = version.position
    form = ScenarioForm({"scenario": pk, "version": version.number}, reader=reader_of(request))
    moves = moves_said(version)
    return page(
        request,
        "planning/scenario_moves.html",
        form=form,
        figures=[figures.SCENARIO_YEARS, figures.SCENARIO_ORGANISATIONS, figures.SCENARIO_FLOWS] if moves else [],
        sentence=figures.scenario_sentence if moves else None,
        stamp=[reading.page_stamp(version)],
        moves=moves,
        kinds=[(kind, FORMS[kind].kind.label, KIND_HELP[kind]) for kind in FORMS],
        **reading.about_version(request.user, version),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add_move(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    scenario = reading.own_scenario(request.user, pk)
    check_make_scenarios(request.user)
    if kind not in FORMS:
        raise Http404("There is no such kind of move.")
    version = reading.working_version(scenario)
    number = len(reading.moves_of(version)) + 1
    whole = {"share": "100"} if kind in ("lose", "consolidate") else {}
    return _move_page(request, scenario, version, kind, number, {**whole, **prefill(request.GET)})


@require_http_methods(["GET", "HEAD", "POST"])
def change_move(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    scenario = reading.own_scenario(request.user, pk)
    check_make_scenarios(request.user)
    version = reading.working_version(scenario)
    move = next((m for m in reading.moves_of(version) if m.number == number), None)
    if move is None:
        raise Http404("There is no such move.")
    return _move_page(request, scenario, version, move.kind, number, values_of(move), changes=True)


def _move_page(request, scenario, version, kind, number, initial, *, changes=False) -> HttpResponse:
    request.position_shown = version.position
    form = FORMS[kind](request.POST or None, version=version, years=figures.years_of(version.year), initial=initial)
    context = {"scenario": scenario, "version": version, "form": form, "kind": FORMS[kind].kind.label, "number": number}
    context |= {"help": KIND_HELP[kind], "changes": changes}
    if request.method == "POST" and form.is_valid():
        move = reading.move_of(version, number, form.fields_of_move())
        for _, field, message in (f for f in faults(version, rows_with(version, move)) if f[0] == number):
            form.add_error(form.named(field), message)
        if form.is_valid() and "preview" in request.POST:
            context["preview"] = preview(version, move)
        elif form.is_valid():
            return _stored(request, scenario, form, number if changes else None)
    return render(request, "planning/scenario_move.html", context)


def _stored(request: HttpRequest, scenario, form, number: int | None) -> HttpResponse:
    try:
        acting.put_move(by=request.user, scenario=scenario, fields=form.fields_of_move(), number=number)
    except acting.NotSavable as refused:
        messages.error(request, str(refused))
    return redirect("planning:scenario_moves", scenario.pk)


@require_POST
def remove_move(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    acting.remove_move(by=request.user, scenario=reading.own_scenario(request.user, pk), number=number)
    return redirect("planning:scenario_moves", pk)


@require_POST
def move_earlier(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    acting.move_earlier(by=request.user, scenario=reading.own_scenario(request.user, pk), number=number)
    return redirect("planning:scenario_moves", pk)
