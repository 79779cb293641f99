"""Official files: those that are loaded, loading one, what is wrong with one, and what they say."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.pages import page, reader_of
from accounts.permissions import check_load_public_files, user_can_load_public_files
from finance.actions.official import OfficialFileRefused, load_official_file
from finance.figures import core_need as needing
from finance.figures import official as publishing
from finance.figures.official_files import blank_file, file_layouts, problem_table
from finance.forms.official import CoreSharesForm, OfficialFiguresForm, OfficialFileForm
from finance.queries.official import KINDS, editions, problems_of, refused_file, refused_files
from presentation.long_tables import LongTable, csv_blocks, workbook_blocks

PROBLEMS_ON_A_PAGE = 100
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@require_http_methods(["GET", "HEAD", "POST"])
def official_files(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _files(request, OfficialFileForm())
    check_load_public_files(request.user)
    form = OfficialFileForm(request.POST, request.FILES)
    return _load(request, form) if form.is_valid() else _files(request, form)


def _load(request: HttpRequest, form: OfficialFileForm) -> HttpResponse:
    sent = dict(form.cleaned_data)
    file = sent.pop("file")
    try:
        loaded = load_official_file(by=request.user, content=file.read(), file_name=file.name, **sent)
    except OfficialFileRefused as refusal:
        messages.error(request, f"{file.name} was not loaded.")
        return redirect("finance:official_file_problems", pk=refusal.file.pk)
    messages.success(request, loaded.words)
    return redirect("finance:official_files")


def _files(request: HttpRequest, form: OfficialFileForm) -> HttpResponse:
    loads = user_can_load_public_files(request.user)
    context = {"form": form, "editions": editions(), "layouts": file_layouts(), "loads": loads}
    return render(request, "finance/official_files.html", {**context, "refused": refused_files() if loads else []})


@require_safe
def official_file_problems(request: HttpRequest, pk: int) -> HttpResponse:
    file = _refused(request, pk)
    found = problems_of(file)
    shown = Paginator(found.to_dict("records"), PROBLEMS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "finance/official_file_problems.html", {"file": file, "page": shown, "number": len(found)})


@require_safe
def official_file_problems_download(request: HttpRequest, pk: int, kind: str) -> StreamingHttpResponse:
    if kind not in TYPES:
        raise Http404("There is no such kind of file.")
    return _attached(problem_table(_refused(request, pk)), f"official-file-{pk}-problems", kind)


@require_safe
def blank_official_file(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """The headings of one kind of file with a row of examples, to be filled in."""
    if kind not in KINDS:
        raise Http404("There is no such kind of file.")
    return _attached(blank_file(kind), f"{kind.replace('_', '-')}-blank", "csv")


@require_safe
def core_shares(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        "finance/core_shares.html",
        form=CoreSharesForm(request.GET, reader=reader_of(request)),
        figures=[needing.CORE_SHARES, needing.CORE_PLACE_INDICES],
        sentence=needing.core_sentence,
        loads=user_can_load_public_files(request.user),
    )


@require_safe
def official_figures(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        "finance/official_figures.html",
        form=OfficialFiguresForm(request.GET, reader=reader_of(request)),
        figures=publishing.FIGURES,
        sentence=publishing.official_sentence,
        written={"loaded": publishing.loaded_figures, "not_loaded": publishing.not_loaded},
        loads=user_can_load_public_files(request.user),
    )


def _refused(request: HttpRequest, pk: int) -> Any:
    file = refused_file(request.user, pk)
    if file is None:
        raise Http404("There is no such file.")
    return file


def _attached(table: LongTable, name: str, kind: str) -> StreamingHttpResponse:
    blocks = workbook_blocks([table]) if kind == "xlsx" else csv_blocks(table)
    response = StreamingHttpResponse(blocks, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
