"""How large a change may be before whoever publishes it says why."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import check_see_extracts, check_set_large_changes
from planning.actions import set_large_change
from planning.figures.comparisons import thresholds
from planning.forms.large_changes import LargeChangeForm, of_threshold
from planning.queries.comparisons import large_change_on


@require_http_methods(["GET", "HEAD", "POST"])
def large_changes(request: HttpRequest) -> HttpResponse:
    """The threshold in force, those before and after it, and a form to set another."""
    check_see_extracts(request.user)
    check_set_large_changes(request.user)
    today = timezone.localdate()
    sent = request.POST if request.method == "POST" else None
    form = LargeChangeForm(sent, today=today, initial=of_threshold(large_change_on(today)))
    if sent is not None and form.is_valid():
        threshold = set_large_change(by=request.user, **form.cleaned_data)
        messages.success(request, f"The threshold counts from {threshold.valid_from:%-d %B %Y}.")
        return redirect("planning:large_changes")
    in_force, every = thresholds(today)
    context = {"form": form, "in_force": in_force, "thresholds": every, "today": today}
    return render(request, "planning/large_changes.html", context)
