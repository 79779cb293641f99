"""Any figure of the registry as a picture or a file, with the filters of its address."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from accounts.actions import record_view
from accounts.pages import entity_tag, seal, unchanged
from accounts.permissions import check_see_figures
from accounts.reading import Reader, export_mode
from presentation.downloads import DOWNLOADS, file_name
from presentation.figure import Figure, figure_named
from presentation.run import FiltersInvalid, query_string, run_figure, valid_form


@require_safe
def figure_picture(request: HttpRequest, name: str) -> HttpResponse:
    """The chart as SVG, for readers without JavaScript. It is a file that travels alone, so it is what a file may be."""
    return _answer(request, name, "svg")


@require_safe
def figure_file(request: HttpRequest, name: str, extension: str) -> HttpResponse:
    """The table as a file."""
    return _answer(request, name, extension)


def _answer(request: HttpRequest, name: str, extension: str) -> HttpResponse:
    """What a board member takes away is for outside."""
    check_see_figures(request.user)
    reader = Reader(request.user, export_mode(request.user))
    figure = _registered(name)
    try:
        form = valid_form(figure, reader, request.GET, page=True)
        etag = entity_tag(request, name, extension, reader.mode, query_string(form), *figure.stamp(form.cleaned_data))
        response = HttpResponseNotModified() if unchanged(request, etag) else _made(request, figure, extension, reader, form)
        seal(response, etag)
    except FiltersInvalid as invalid:
        response = HttpResponse(str(invalid), status=400, content_type="text/plain; charset=utf-8")
    action = "viewed figure" if extension == "svg" else "exported figure"
    detail = {"format": extension, "mode": str(reader.mode), "status": response.status_code}
    record_view(request=request, action=action, about=name, **detail)
    return response


def _registered(name: str) -> Figure:
    try:
        return figure_named(name)
    except KeyError as unknown:
        raise Http404("There is no such figure.") from unknown


def _made(request: HttpRequest, figure: Figure, extension: str, reader: Reader, form) -> HttpResponse:
    order_by = request.GET.get(f"{figure.name}-sort")
    result = run_figure(figure, reader, request.GET, page=True, form=form, order_by=order_by)
    if extension == "svg":
        if result.chart is None:
            raise Http404("This figure has no chart.")
        # Matplotlib is most of what a process would otherwise hold, and few of them ever draw with it.
        from presentation.drawing_svg import draw_svg

        drawing = draw_svg(result.chart, narrow="narrow" in request.GET, foot=result.foot)
        return HttpResponse(drawing, content_type="image/svg+xml")
    response = HttpResponse(result.downloads[extension](), content_type=DOWNLOADS[extension].content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(result, extension)}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
