"""How files are read: answers to what a waiting extract asks, and what is remembered for the next file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import check_see_extracts, check_upload_extracts, user_can_upload_extracts
from planning.actions import (
    NotAnswerable,
    choose_heading_row,
    choose_sheet,
    forget_column,
    forget_sheet,
    map_columns,
    say_column,
    say_layout,
)
from planning.forms.reading import ColumnMappingForm, answer_form
from planning.queries.extracts import extract_for
from planning.queries.reading import (
    column_mapping_for,
    remembered_columns,
    remembered_sheets,
    sheet_choice_for,
)
from planning.tasks import check_extract_task
from planning.views.extracts import extract_page

LONGEST_NUMBER = 9
ANSWERS = {"sheet": choose_sheet, "layout": say_layout, "heading_row": choose_heading_row}


@require_POST
def answer_extract(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the answer that a waiting extract asks for; sheet and heading row may be chosen anew whatever it asks."""
    shown = extract_for(request.user, pk)
    check_upload_extracts(request.user)
    kind, form = answer_form(shown, request.POST)
    if form is None:
        messages.info(request, "This was answered already.")
        return redirect("planning:extract", pk)
    if not form.is_valid():
        return extract_page(request, shown, form)
    return _answered(request, shown, kind, form)


def _answered(request: HttpRequest, shown, kind: str, form) -> HttpResponse:
    answer = ANSWERS.get(kind, map_columns)
    said = {"answers": form.cleaned_data} if answer is map_columns else form.cleaned_data
    try:
        shown = answer(by=request.user, extract=shown, **said)
    except NotAnswerable as fault:
        messages.error(request, str(fault))
    if shown.state == "received":
        check_extract_task.enqueue(shown.pk)
    return redirect("planning:extract", shown.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def column_mappings(request: HttpRequest) -> HttpResponse:
    """What is remembered of headings and sheets, with a form to say what another heading is."""
    check_see_extracts(request.user)
    uploads = user_can_upload_extracts(request.user)
    sent = request.POST if request.method == "POST" else None
    form = ColumnMappingForm(sent, user=request.user, initial=_to_change(request)) if uploads else None
    if request.method == "POST":
        check_upload_extracts(request.user)
        if form.is_valid() and _said(request, form):
            return redirect("planning:column_mappings")
    return _mappings_page(request, form)


def _to_change(request: HttpRequest) -> dict:
    """What was said of the heading that is to be changed, if one is."""
    number = request.GET.get("change", "")
    if not number.isdecimal() or len(number) > LONGEST_NUMBER:
        return {}
    said = column_mapping_for(request.user, int(number))
    return {"heading": said.shown, "field": f"{said.layout}:{said.field}", "organisation": said.organisation}


def _mappings_page(request: HttpRequest, form) -> HttpResponse:
    context = {"form": form, "columns": remembered_columns(request.user), "sheets": remembered_sheets(request.user)}
    return render(request, "planning/column_mappings.html", context)


def _said(request: HttpRequest, form: ColumnMappingForm) -> bool:
    try:
        mapping = say_column(by=request.user, **form.cleaned_data)
    except NotAnswerable as wrong:
        for name, fault in wrong.faults.items():
            form.add_error(name, fault)
        return False
    messages.success(request, f"{mapping.shown} is read as you said from the next file on.")
    return True


@require_POST
def delete_column_mapping(request: HttpRequest, pk: int) -> HttpResponse:
    mapping = column_mapping_for(request.user, pk)
    forget_column(by=request.user, mapping=mapping)
    messages.success(request, f"{mapping.shown} is not read as one of our columns any more.")
    return redirect("planning:column_mappings")


@require_POST
def delete_sheet_choice(request: HttpRequest, pk: int) -> HttpResponse:
    choice = sheet_choice_for(request.user, pk)
    forget_sheet(by=request.user, choice=choice)
    messages.success(request, f"The sheet {choice.sheet} is not chosen for you any more.")
    return redirect("planning:column_mappings")
