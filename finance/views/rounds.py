"""Allocation rounds: the list, one of them, each of its steps, and what the programme team does with them."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import record_view
from accounts.pages import page, reader_of
from accounts.permissions import (
    check_make_rounds,
    check_see_figures,
    check_take_exact_workings,
    user_can_make_rounds,
    user_can_take_exact_workings,
)
from finance.actions import rounds as acting
from finance.figures import round_steps
from finance.figures import rounds as figures
from finance.figures.round_origin import origin_of
from finance.forms.round_filters import ReviewForm, RoundForm
from finance.forms.rounds import RoundDetailsForm
from finance.queries import policies as saved
from finance.queries import rounds as reading

FORMS = ["GET", "HEAD", "POST"]


@require_safe
def allocation_rounds(request: HttpRequest) -> HttpResponse:
    check_see_figures(request.user)
    listed = reading.listed(request.user)
    return render(request, "finance/rounds.html", {"listed": listed, "makes": user_can_make_rounds(request.user)})


@require_http_methods(FORMS)
def new_round(request: HttpRequest) -> HttpResponse:
    """Begin one, one like another, or one from a saved policy option."""
    check_see_figures(request.user)
    check_make_rounds(request.user)
    like, number = (_number(request.GET.get(name, "")) for name in ("like", "option"))
    other = reading.round_for(request.user, like) if like else None
    option = saved.option_for(request.user, number) if number and not other else None
    form = RoundDetailsForm(request.POST or None, found=other, option=option)
    if request.method == "POST" and form.is_valid():
        return _calculated(request, acting.make_round(by=request.user, asked=form.asked))
    return render(request, "finance/round_details.html", {"form": form, "like": other, "option": option})


def _number(said: str) -> int | None:
    return int(said) if said.isdecimal() and len(said) < 10 else None


@require_http_methods(FORMS)
def change_round(request: HttpRequest, pk: int) -> HttpResponse:
    found = reading.round_for(request.user, pk)
    check_make_rounds(request.user)
    if not reading.may_be_changed(found):
        messages.error(request, f"“{found}” is {found.get_state_display().lower()} and is not changed: start one like it.")
        return redirect("finance:allocation_round", pk)
    form = RoundDetailsForm(request.POST or None, found=found)
    if request.method == "POST" and form.is_valid():
        try:
            return _calculated(request, acting.change_round(by=request.user, found=found, asked=form.asked, seen=_seen(request)))
        except acting.RoundRefused as refused:
            form.add_error(None, str(refused))
    return render(
        request, "finance/round_details.html", {"form": form, "round": found, "mark": _seen(request) or reading.mark_of(found)}
    )


def _seen(request: HttpRequest) -> str:
    """The mark of the round when the page that was sent back was opened."""
    return request.POST.get("seen", "")


def _calculated(request: HttpRequest, found, seen: str = "") -> HttpResponse:
    """Calculate what was asked straight away, and say what became of it."""
    found = acting.calculate(by=request.user, found=found, seen=seen)
    if found.missing:
        messages.error(request, "The round is not calculated: see what is missing.")
    else:
        messages.success(request, f"“{found}” is calculated.")
    return redirect("finance:allocation_round", found.pk)


@require_safe
def allocation_round(request: HttpRequest, pk: int) -> HttpResponse:
    """All steps on one page."""
    found = reading.round_for(request.user, pk)
    request.position_shown = found.position
    year = request.GET.get("allocation_year") or found.first_year
    shown = [figures.ALLOCATION_ROUND, figures.ROUND_CHAIN, figures.ROUND_MOVED] if found.results else []
    return page(
        request,
        "finance/round.html",
        form=RoundForm({"round": pk, "allocation_year": year}, reader=reader_of(request)),
        figures=shown,
        about={"round": str(pk)},
        sentence=figures.round_sentence if found.results else None,
        stamp=[reading.round_stamp(found)],
        steps=round_steps.steps_of(found),
        told=round_steps.told_of(found),
        origin=origin_of(found, request.user),
        review=ReviewForm(),
        exact=user_can_take_exact_workings(request.user),
        **reading.about_round(found, request.user),
    )


@require_safe
def round_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step: its formula in words, each area's own numbers in it, and what goes into it."""
    found = reading.round_for(request.user, pk)
    told = next((s for s in round_steps.steps_of(found) if s.slug == step), None)
    if told is None or not found.results:
        raise Http404("There is no such step of this round.")
    request.position_shown = found.position
    year = request.GET.get("allocation_year") or found.first_year
    form = RoundForm({"round": pk, "allocation_year": year, "step": step}, reader=reader_of(request))
    shown = [figures.ROUND_STEP, *([figures.ROUND_INPUTS] if figures.has_inputs(found, step) else [])]
    return page(
        request,
        "finance/round_step.html",
        form=form,
        figures=shown,
        stamp=[reading.round_stamp(found)],
        written={"workings": lambda results: round_steps.workings(found, step, form.cleaned_data["allocation_year"])},
        **round_steps.about_step(found, told),
    )


@require_safe
def round_workings(request: HttpRequest, pk: int) -> HttpResponse:
    """The worked calculation with live formulas, for whoever wants to check by hand."""
    found = reading.round_for(request.user, pk)
    check_take_exact_workings(request.user)
    if not found.results:
        raise Http404("The round is not calculated.")
    content = figures.worked_calculation(found)
    record_view(request=request, action="exported worked calculation", about=f"Round {found.pk}: {found.name}")
    response = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response.headers["Content-Disposition"] = f'attachment; filename="allocation-round-{found.pk}.xlsx"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _done(request: HttpRequest, pk: int, do: Callable[[], object], said: str) -> HttpResponse:
    """Do what a button says, and say what became of it."""
    try:
        do()
    except acting.RoundRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect(reverse("finance:allocation_round", args=[pk]))


@require_POST
def calculate_round(request: HttpRequest, pk: int) -> HttpResponse:
    found = reading.round_for(request.user, pk)
    check_make_rounds(request.user)
    try:
        return _calculated(request, found, _seen(request))
    except acting.RoundRefused as refused:
        messages.error(request, str(refused))
        return redirect("finance:allocation_round", pk)


@require_POST
def submit_round(request: HttpRequest, pk: int) -> HttpResponse:
    found, seen = reading.round_for(request.user, pk), _seen(request)
    return _done(
        request, pk, lambda: acting.submit_round(by=request.user, found=found, seen=seen), f"“{found}” is sent for review."
    )


@require_POST
def return_round(request: HttpRequest, pk: int) -> HttpResponse:
    found = reading.round_for(request.user, pk)
    said = {"note": request.POST.get("note", ""), "seen": _seen(request)}
    return _done(request, pk, lambda: acting.return_round(by=request.user, found=found, **said), f"“{found}” is sent back.")


@require_POST
def approve_round(request: HttpRequest, pk: int) -> HttpResponse:
    found = reading.round_for(request.user, pk)
    said = {"note": request.POST.get("note", ""), "seen": _seen(request)}
    return _done(request, pk, lambda: acting.approve_round(by=request.user, found=found, **said), f"“{found}” is approved.")
