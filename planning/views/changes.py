"""What publishing an extract would change, slice by slice, as files."""

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from planning.figures.comparisons import slices_table
from planning.queries.extracts import extract_for
from planning.views.problems import csv_response, workbook_response


@require_safe
def extract_changes_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    shown = _compared(request, pk)
    return csv_response(slices_table(shown), f"extract-{shown.pk}-changes.csv")


@require_safe
def extract_changes_xlsx(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    shown = _compared(request, pk)
    return workbook_response([slices_table(shown)], f"extract-{shown.pk}-changes.xlsx")


def _compared(request: HttpRequest, pk: int):
    """An extract that can be compared: once it is published, the position says what it changed."""
    shown = extract_for(request.user, pk)
    if shown.state != "checked":
        raise Http404("Only an extract that can be published has changes to come.")
    return shown
