"""From a figure to the rows behind it: figure → extracts that its slices are taken from → rows of the uploaded file."""

import io

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.actions import record_view
from accounts.pages import reader_of
from accounts.permissions import check_see_extracts
from planning.forms.filters import FilterForm
from planning.queries.lines import extract_with_lines, figure_headings, line_batches, line_headings, lines, slices_behind
from planning.queries.submissions import extracts_behind, rows_about, submission
from presentation.downloads import DOWNLOADS
from presentation.figure import RestsOn, figure_named
from presentation.row_files import MOST_IN_WORKBOOK, csv_pieces, write_workbook
from presentation.run import FiltersInvalid, query_string, valid_form

ROWS_ON_A_PAGE = 100
# What a CSV says of the rows in columns of its own; a workbook has a cover for the rest.
IN_EVERY_ROW = {"Extract", "File", "Illustrative data"}


@require_safe
def figure_rows(request: HttpRequest, name: str) -> HttpResponse:
    """The extracts behind a figure, with the filters that it was seen with."""
    check_see_extracts(request.user)
    try:
        figure = figure_named(name)
        form = valid_form(figure, reader_of(request), request.GET, page=True)
    except KeyError as unknown:
        raise Http404("There is no such figure.") from unknown
    except FiltersInvalid as invalid:
        return render(request, "planning/figure_rows.html", {"form": invalid.form})
    rests_on_slices = figure.rests_on == RestsOn.SLICES
    slices = slices_behind(figure.rows(form.cleaned_data)) if rests_on_slices else []
    found, others = extracts_behind(request.user, slices)
    context = {"figure": figure, "form": form, "found": found, "others": others, "query": query_string(form)}
    context["sources"] = list(figure.sources(form.cleaned_data))
    return render(request, "planning/figure_rows.html", context)


@require_safe
def extract_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Rows of an extract: those behind a figure where its name and filters came along, otherwise all."""
    extract, commissioners = extract_with_lines(request.user, pk)
    try:
        figure, form, filters = _asked(request)
    except FiltersInvalid as invalid:
        return render(request, "planning/extract_rows.html", {"form": invalid.form, "extract": extract})
    page = _page_asked(request)
    first = (page - 1) * ROWS_ON_A_PAGE
    found = lines(extract, filters, commissioners=commissioners, first=first, number=ROWS_ON_A_PAGE)
    pages = -(-found.total // ROWS_ON_A_PAGE)
    context = {"extract": extract, "submission": submission(extract), "lines": found, "of_figure": "position" in filters}
    context |= {"number": page, "previous": page - 1 if page > 1 else None, "next": page + 1 if page < pages else None}
    context |= {"figure": figure, "query": _query(request), "in_workbook": found.total <= MOST_IN_WORKBOOK}
    return render(request, "planning/extract_rows.html", {**context, "pages": pages, "form": form, "own": commissioners})


def _asked(request: HttpRequest):
    """The figure, its form, and the filters of the rows; without a figure those of the address. Raises: FiltersInvalid."""
    if name := request.GET.get("figure"):
        try:
            figure = figure_named(name)
        except KeyError as unknown:
            raise Http404("There is no such figure.") from unknown
        form = valid_form(figure, reader_of(request), request.GET, page=True)
        return figure, form, dict(figure.rows(form.cleaned_data))
    form = FilterForm(request.GET, reader=reader_of(request), page=False)
    if not form.is_valid():
        raise FiltersInvalid(form)
    return None, form, form.cleaned_data if request.GET.get("position") else {"specialised": "all"}


def _query(request: HttpRequest) -> str:
    """What was asked, without the page, for the files of the same rows."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


@require_safe
def extract_rows_file(request: HttpRequest, pk: int, extension: str) -> HttpResponseBase:
    """The same rows as a file, all of them, subject to the same role."""
    extract, commissioners = extract_with_lines(request.user, pk)
    try:
        filters = _asked(request)[2]
    except FiltersInvalid as invalid:
        return HttpResponse(str(invalid), status=400, content_type="text/plain; charset=utf-8")
    number = lines(extract, filters, commissioners=commissioners, number=0).total
    if extension == "xlsx" and number > MOST_IN_WORKBOOK:
        words = f"There are {number:,} rows, more than a workbook may hold here ({MOST_IN_WORKBOOK:,}). Download them as CSV."
        return HttpResponse(words, status=400, content_type="text/plain; charset=utf-8")
    batches = line_batches(extract, filters, commissioners=commissioners) if number else iter(())
    position = filters.get("position")
    response = _file(extract, extension, batches, rows_about(extract, position))
    response.headers["Content-Disposition"] = f'attachment; filename="extract-{pk}-rows.{extension}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    record_view(request=request, action="exported rows", about=f"Extract {pk}", format=extension, rows=number, position=position)
    return response


def _file(extract, extension: str, batches, about) -> HttpResponseBase:
    headings, figures = (line_headings(extract), figure_headings(extract.layout)) if extract.line_store else ((), frozenset())
    if extension == "csv":
        kept = [pair for pair in about if pair[0] in IN_EVERY_ROW]
        return StreamingHttpResponse(csv_pieces(headings, batches, kept, figures), content_type=DOWNLOADS["csv"].content_type)
    # A workbook holds few enough rows to be made in memory.
    out = io.BytesIO()
    write_workbook(out, f"Rows of extract {extract.pk}", about, headings, batches, figures)
    return HttpResponse(out.getvalue(), content_type=DOWNLOADS["xlsx"].content_type)


def _page_asked(request: HttpRequest) -> int:
    """The number of the page, or the first where that is none or longer than any could be."""
    asked = request.GET.get("page", "")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 10 else 1
