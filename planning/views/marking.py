"""Marking an extract anew: flex or freeze, illustrative or not. Whoever sends the same file otherwise marked is led here."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.permissions import check_upload_extracts
from planning.actions import NotPublishable
from planning.actions import mark_extract as mark
from planning.forms.extracts import MarkForm
from planning.queries.extracts import extract_for


@require_http_methods(["GET", "HEAD", "POST"])
def mark_extract(request: HttpRequest, pk: int) -> HttpResponse:
    shown = extract_for(request.user, pk)
    check_upload_extracts(request.user)
    published = shown.state == "published"
    if request.method != "POST":
        sent = {name: request.GET[name] for name in ("reporting_point", "illustrative") if name in request.GET}
        marked = {"reporting_point": shown.reporting_point, "illustrative": shown.illustrative}
        initial = {"reporting_point": sent["reporting_point"], "illustrative": "illustrative" in sent} if sent else marked
        form = MarkForm(initial=initial, published=published)
        return _page(request, shown, form, initial if sent else None)
    form = MarkForm(request.POST, published=published)
    if not form.is_valid():
        return _page(request, shown, form)
    return _marked(request, shown, form)


def _marked(request: HttpRequest, shown, form) -> HttpResponse:
    try:
        position = mark(by=request.user, extract=shown, **form.cleaned_data)
    except NotPublishable as refused:
        messages.error(request, str(refused))
    else:
        made = f" Position {position.number} is published with it." if position else ""
        messages.success(request, f"The extract is marked as {words(**form.cleaned_data)}.{made}")
    return redirect("planning:extract", shown.pk)


def _page(request: HttpRequest, shown, form, sent=None) -> HttpResponse:
    context = {"extract": shown, "form": form, "was": words(shown.reporting_point, shown.illustrative)}
    if sent:
        context |= {"sent_again": True, "becomes": words(**sent)}
    return render(request, "planning/extract_mark.html", context)


def words(reporting_point: str, illustrative: bool, **others) -> str:
    return f"{reporting_point}, illustrative" if illustrative else reporting_point


def mark_address(shown, reporting_point: str, illustrative: bool) -> str:
    """Where to decide about a file that came again, marked otherwise than it is."""
    sent = {"reporting_point": reporting_point} | ({"illustrative": "on"} if illustrative else {})
    return f"{reverse('planning:mark_extract', args=[shown.pk])}?{urlencode(sent)}"


def is_marked_otherwise(shown, reporting_point: str, illustrative: bool, **others) -> bool:
    return (shown.reporting_point, shown.illustrative) != (reporting_point, illustrative)
