"""The national layouts: what each column is, which codes it may hold, and files to start from."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from planning.queries.layouts import (
    FILE_KINDS,
    FILE_TYPES,
    code_list,
    column_with_codes,
    described_columns,
    layout_file,
    layout_names,
)


@require_safe
def data_dictionary(request: HttpRequest, layout: str = "acm") -> HttpResponse:
    if layout not in layout_names():
        raise Http404("There is no such layout.")
    context = {
        "layout": layout,
        "name": layout_names()[layout],
        "layouts": layout_names(),
        "columns": described_columns(layout),
        "files": [(kind, file_type) for kind in FILE_KINDS for file_type in FILE_TYPES],
    }
    return render(request, "planning/data_dictionary.html", context)


@require_safe
def codes(request: HttpRequest, field: str) -> HttpResponse:
    column = column_with_codes(field)
    if column is None:
        raise Http404("There is no such list of codes.")
    return render(request, "planning/codes.html", {"column": column, "codes": code_list(field)})


@require_safe
def download_layout(request: HttpRequest, layout: str, kind: str, file_type: str) -> HttpResponse:
    """A blank template or a filled example to start from."""
    if layout not in layout_names() or kind not in FILE_KINDS or file_type not in FILE_TYPES:
        raise Http404("There is no such file.")
    response = HttpResponse(layout_file(layout, kind, file_type), content_type=FILE_TYPES[file_type])
    response.headers["Content-Disposition"] = f'attachment; filename="{layout}-{kind}.{file_type}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
