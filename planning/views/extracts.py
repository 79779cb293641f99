"""Extracts: what is expected, sending one, and a page for each that reads from top to bottom."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import (
    check_see_extracts,
    check_upload_extracts,
    user_can_publish_extract,
    user_can_remind,
    user_can_set_large_changes,
    user_can_upload_extracts,
)
from accounts.queries import organisations_of
from planning.actions import receive_extract
from planning.figures.calendar import submission_matrix
from planning.figures.comparisons import comparison_of
from planning.figures.extracts import changes_of, outcomes_of, withdrawal_sentence
from planning.figures.problems import not_listed
from planning.forms.extracts import ExtractFilterForm, PublishForm, UploadForm, WithdrawForm
from planning.forms.reading import SheetForm, heading_row_form, question_form
from planning.queries.extracts import extract_for
from planning.queries.positions import latest_position
from planning.queries.problems import problems_by_rule
from planning.queries.progress import again_of, progress_of
from planning.queries.reading import answer_by, other_sheets_of, question_of, user_can_answer_extract
from planning.queries.submissions import expected_submissions, publishing_facts, submission, submissions
from planning.tasks import check_extract_task
from planning.views.marking import is_marked_otherwise, mark_address

EXTRACTS_ON_A_PAGE = 50
UNDER_WAY = {"received", "checking"}


@require_safe
def extracts(request: HttpRequest) -> HttpResponse:
    check_see_extracts(request.user)
    form = ExtractFilterForm(request.GET, user=request.user)
    listed = submissions(request.user, **form.cleaned_data) if form.is_valid() else []
    context = {
        "form": form,
        "expected": expected_submissions(request.user),
        "matrix": submission_matrix(request.user, timezone.localdate()),
        "reminds": user_can_remind(request.user),
        "sets_large_changes": user_can_set_large_changes(request.user),
        "page": Paginator(listed, EXTRACTS_ON_A_PAGE).get_page(request.GET.get("page")),
        "uploads": user_can_upload_extracts(request.user),
    }
    return render(request, "planning/extracts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def upload_extract(request: HttpRequest) -> HttpResponse:
    check_see_extracts(request.user)
    check_upload_extracts(request.user)
    if request.method != "POST":
        return render(request, "planning/extract_upload.html", {"form": UploadForm(user=request.user)})
    form = UploadForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return render(request, "planning/extract_upload.html", {"form": form})
    return _received(request, form)


def _received(request: HttpRequest, form: UploadForm) -> HttpResponse:
    """The file is in: refused at once, there already, or on its way to be checked."""
    file = form.cleaned_data["file"]
    extract = receive_extract(by=request.user, **form.cleaned_data, file_name=file.name, asks=True)
    if extract.state == "refused":
        form.add_error("file", extract.reason)
        return render(request, "planning/extract_upload.html", {"form": form, "refused": extract})
    address = reverse("planning:extract", args=[extract.pk])
    if not extract.came_again:
        if extract.state == "received":
            check_extract_task.enqueue(extract.pk)
    elif is_marked_otherwise(extract, **form.cleaned_data):
        address = mark_address(extract, form.cleaned_data["reporting_point"], form.cleaned_data["illustrative"])
    elif extract.state != "waiting":
        messages.info(request, "This file was uploaded before. This is the extract that was made of it.")
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        # A script that follows a redirect would read the page, and its messages, before the person does.
        return HttpResponse(status=204, headers={"X-Address": address})
    return redirect(address)


@require_safe
def extract(request: HttpRequest, pk: int) -> HttpResponse:
    return extract_page(request, extract_for(request.user, pk))


def extract_page(request: HttpRequest, shown, form=None) -> HttpResponse:
    """One extract from top to bottom; `form` is the one that was sent, where something in it is wrong."""
    publishes = user_can_publish_extract(request.user, **publishing_facts(shown))
    compared = comparison_of(shown, timezone.localdate()) if shown.state == "checked" else None
    forms = {"checked": partial(PublishForm, comparison=compared), "published": WithdrawForm}
    context = {
        "extract": shown,
        "submission": submission(shown),
        "under_way": shown.state in UNDER_WAY,
        "problems": problems_by_rule(shown),
        "outcomes": outcomes_of(shown),
        "not_listed": not_listed(shown),
        "changes": changes_of(shown) if shown.state == "checked" else None,
        "comparison": compared,
        "withdrawal": withdrawal_sentence(shown) if publishes and shown.state == "published" else "",
        "publishes": publishes,
        "cancels": publishes or shown.uploaded_by_id == request.user.pk,
        "completes": shown.provider in organisations_of(request.user),
        "marks": publishes and shown.state in {"checked", "published"},
        "again": again_of(shown) if publishes or shown.uploaded_by_id == request.user.pk else None,
        "progress": progress_of(shown, timezone.now()),
        "form": form or (forms[shown.state](initial=_seen()) if publishes and shown.state in forms else None),
    }
    return render(request, "planning/extract.html", context | _question_of(request, shown, form))


def _seen() -> dict:
    """What is published when the page is made, which whoever confirms it has read."""
    return {"seen": latest_position() or 0}


def _question_of(request: HttpRequest, shown, form) -> dict:
    """What a waiting extract asks, with the form to answer it for those who may; what else of a checked one could be read."""
    answers = user_can_answer_extract(request.user, shown)
    rows = {"heading_row_form": heading_row_form(shown)} if answers else {}
    question = question_of(shown)
    if question is None:
        others = other_sheets_of(shown) if answers else None
        return rows | ({"other_sheet_form": SheetForm(question=others)} if others else {})
    asked = {"question": question, "answer_by": answer_by(shown), "answers": answers, "sheet_form": SheetForm(question=question)}
    return rows | asked | {"form": form or question_form(shown, question)}


@require_safe
def extract_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the check is, for the page to ask for every few seconds; once it is done the page is to be loaded anew."""
    shown = extract_for(request.user, pk)
    # Whoever waits has seen one page, not hundreds.
    request.view_is_recorded = True
    response = render(
        request, "planning/extract_progress.html", {"extract": shown, "progress": progress_of(shown, timezone.now())}
    )
    if shown.state not in UNDER_WAY:
        response.headers["HX-Refresh"] = "true"
    return response
