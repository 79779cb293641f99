"""What is wrong with an extract: every problem with its row, on a page and as files."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from planning.figures.problems import every_problem_table, not_listed, rules_table
from planning.forms.extracts import ProblemFilterForm
from planning.queries.extracts import extract_for
from planning.queries.problems import problem_list
from presentation.long_tables import LongTable, csv_blocks, workbook_blocks

PROBLEMS_ON_A_PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def extract_problems(request: HttpRequest, pk: int) -> HttpResponse:
    shown = extract_for(request.user, pk)
    form = ProblemFilterForm(request.GET, extract=shown)
    key = form.cleaned_data["problem"] if form.is_valid() else ""
    counted = problem_list(shown, key, number=0)
    page = Paginator(range(counted.kept), PROBLEMS_ON_A_PAGE).get_page(request.GET.get("page"))
    found = problem_list(shown, key, first=max(page.start_index() - 1, 0), number=PROBLEMS_ON_A_PAGE)
    context = {"extract": shown, "form": form, "found": found, "page": page, "key": key, "not_listed": not_listed(shown)}
    return render(request, "planning/extract_problems.html", context)


@require_safe
def extract_problems_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Every problem, written while it is sent."""
    shown = extract_for(request.user, pk)
    return csv_response(every_problem_table(shown, request.GET.get("problem", "")), f"extract-{shown.pk}-problems.csv")


@require_safe
def extract_problems_xlsx(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Every problem, by rule and one by one, over as many sheets as it takes."""
    shown = extract_for(request.user, pk)
    tables = [rules_table(shown), every_problem_table(shown, request.GET.get("problem", ""))]
    return workbook_response(tables, f"extract-{shown.pk}-problems.xlsx")


def csv_response(table: LongTable, name: str) -> StreamingHttpResponse:
    return _attached(StreamingHttpResponse(csv_blocks(table), content_type="text/csv; charset=utf-8"), name)


def workbook_response(tables: list[LongTable], name: str) -> StreamingHttpResponse:
    return _attached(StreamingHttpResponse(workbook_blocks(tables), content_type=XLSX), name)


def _attached(response: StreamingHttpResponse, name: str) -> StreamingHttpResponse:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
