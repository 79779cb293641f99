"""Positions: what each publication changed, by whom, why."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import check_see_figures
from planning.figures.positions import differences_said, position_changes
from planning.queries.position_changes import positions_beside
from planning.queries.positions import reporting_position
from planning.queries.submissions import positions_made

POSITIONS_ON_A_PAGE = 25


@require_safe
def positions(request: HttpRequest) -> HttpResponse:
    check_see_figures(request.user)
    made = Paginator(positions_made(request.user), POSITIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = [(one, differences_said(one.position)) for one in made]
    return render(request, "planning/positions.html", {"page": made, "shown": shown})


@require_safe
def position(request: HttpRequest, number: int) -> HttpResponse:
    """Of one position: what changed against the one before it."""
    check_see_figures(request.user)
    found = reporting_position(number)
    if found is None:
        raise Http404("There is no such position.")
    before, after = positions_beside(number)
    context = {
        "reporting_position": found,
        "made": positions_made(request.user, number)[0],
        "changes": position_changes(request.user, found, request.GET.get("slices-page")),
        "before": before,
        "after": after,
    }
    return render(request, "planning/position.html", context)
