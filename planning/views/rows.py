"""From a figure to the rows behind it: figure → extracts that its slices are taken from → rows of the uploaded file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.pages import reader_of
from accounts.permissions import check_see_extracts
from planning.forms.filters import FilterForm
from planning.queries.lines import extract_with_lines, lines, slices_behind
from planning.queries.submissions import extracts_behind, submission
from presentation.figure import RestsOn, figure_named
from presentation.run import FiltersInvalid, query_string, valid_form

ROWS_ON_A_PAGE = 100


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
    found, others = extracts_behind(request.user, slices_behind(form.cleaned_data) if rests_on_slices else [])
    context = {"figure": figure, "form": form, "found": found, "others": others, "query": query_string(form)}
    return render(request, "planning/figure_rows.html", context)


@require_safe
def extract_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Rows of an extract: those behind a figure where its filters came along, otherwise all."""
    extract, commissioners = extract_with_lines(request.user, pk)
    form = FilterForm(request.GET, reader=reader_of(request), page=False)
    if not form.is_valid():
        return render(request, "planning/extract_rows.html", {"form": form, "extract": extract})
    filters = form.cleaned_data if request.GET.get("position") else {"specialised": "all"}
    page = _page_asked(request)
    first = (page - 1) * ROWS_ON_A_PAGE
    found = lines(extract, filters, commissioners=commissioners, first=first, number=ROWS_ON_A_PAGE)
    pages = -(-found.total // ROWS_ON_A_PAGE)
    context = {"extract": extract, "submission": submission(extract), "lines": found, "of_figure": "position" in filters}
    context |= {"number": page, "previous": page - 1 if page > 1 else None, "next": page + 1 if page < pages else None}
    return render(request, "planning/extract_rows.html", {**context, "pages": pages, "form": form, "own": commissioners})


def _page_asked(request: HttpRequest) -> int:
    """The number of the page, or the first where that is none or longer than any could be."""
    asked = request.GET.get("page", "")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 10 else 1
