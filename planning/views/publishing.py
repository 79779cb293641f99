"""Publishing, withdrawing, marking and cancelling an extract."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.permissions import check_publish_extract
from planning.actions import NotPublishable, cancel_extract, declare_complete, publish_extracts
from planning.actions import check_again as check_anew
from planning.actions import withdraw_extract as withdraw
from planning.figures.comparisons import comparison_of
from planning.forms.extracts import PublishForm, WithdrawForm
from planning.queries.extracts import extract_for
from planning.queries.submissions import publishing_facts
from planning.tasks import check_extract_task
from planning.views.extracts import extract_page

MOVED = (
    "What is published has changed since you opened this page. Nothing was published. Read what would change now, then publish."
)


@require_POST
def publish_extract(request: HttpRequest, pk: int) -> HttpResponse:
    shown = extract_for(request.user, pk)
    check_publish_extract(request.user, organisation=shown.organisation, **publishing_facts(shown))
    if shown.state != "checked":
        return _published(request, shown, PublishForm(request.POST))
    compared = comparison_of(shown, timezone.localdate())
    form = PublishForm(request.POST, comparison=compared)
    if request.POST.get("compared", compared.compared) != compared.compared:
        messages.error(request, MOVED)
        return redirect("planning:extract", pk)
    if not form.is_valid():
        return extract_page(request, shown, form)
    return _published(request, shown, form)


def _published(request: HttpRequest, shown, form: PublishForm) -> HttpResponse:
    reason = form.said() if form.is_valid() else ""
    try:
        position = publish_extracts(by=request.user, extracts=[shown], reason=reason, seen=form.cleaned_data.get("seen"))
    except NotPublishable as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Position {position.number} is published. Everyone sees it now.")
    return redirect("planning:extract", shown.pk)


@require_POST
def withdraw_extract(request: HttpRequest, pk: int) -> HttpResponse:
    shown = extract_for(request.user, pk)
    check_publish_extract(request.user, organisation=shown.organisation, **publishing_facts(shown))
    form = WithdrawForm(request.POST)
    if not form.is_valid() and shown.state == "published":
        return extract_page(request, shown, form)
    try:
        position = withdraw(by=request.user, extract=shown, reason=form.cleaned_data.get("reason", ""))
    except NotPublishable as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"The extract is withdrawn. Position {position.number} is published without it.")
    return redirect("planning:extract", pk)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    shown = cancel_extract(by=request.user, extract=extract_for(request.user, pk))
    if shown.state == "cancelled":
        messages.success(request, "The extract is cancelled. Nothing that was published has changed.")
    else:
        messages.error(request, f"The extract is {shown.get_state_display().lower()} and cannot be cancelled.")
    return redirect("planning:extract", pk)


@require_POST
def check_again(request: HttpRequest, pk: int) -> HttpResponse:
    """What failed, or waits to be published, is checked anew from the file that was received."""
    shown = extract_for(request.user, pk)
    try:
        check_anew(by=request.user, extract=shown)
    except NotPublishable as refused:
        messages.error(request, str(refused))
    else:
        check_extract_task.enqueue(pk)
        messages.success(request, "The file is being checked again.")
    return redirect("planning:extract", pk)


@require_POST
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """A file of one commissioner is all there is of its provider."""
    try:
        declare_complete(by=request.user, extract=extract_for(request.user, pk))
    except NotPublishable as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The file counts as complete: it replaces every commissioner's slices of its months.")
    return redirect("planning:extract", pk)
