"""A page of figures: runs them for its reader, writes that it was viewed, and lets an unchanged page be kept."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseNotModified, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.module_loading import import_string

from presentation.context_processors import carried_position
from presentation.figure import Figure, Mode
from presentation.run import FigureResult, FiltersInvalid, query_string, run_figure, valid_form

from .actions import record_view
from .permissions import check_see_figures, user_can_see_extracts
from .queries import unread_notices
from .reading import Reader


def page(
    request: HttpRequest,
    template: str,
    *,
    form: Any,
    figures: Iterable[Figure],
    sentence: Callable[[Mapping[str, FigureResult]], str] | None = None,
    stamp: Iterable[str] = (),
    written: Mapping[str, Callable[[Mapping[str, FigureResult]], Any]] | None = None,
    about: Mapping[str, str] | None = None,
    **context: Any,
) -> HttpResponse:
    """Render a page of figures for whoever asks.

    `form` holds the page's filters; a figure with another form takes those it knows from the same address. Wrong filters
    give the page with what is wrong and no figures. `sentence` is written from the results by figure name, and so is whatever
    `written` names for the template. `stamp` names
    whatever else the page rests on (a scenario's version, a list's length): what changes it must change the address of the
    kept copy. `about` are filters that the page's own address sets (a service, a provider): each figure that knows them is of
    them, whatever else its address says.
    """
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    check_see_figures(request.user)
    reader, figures, asked = reader_of(request), tuple(figures), filters_of(request, about)
    try:
        forms = {figure.name: _form_for(figure, form, reader, asked) for figure in figures}
    except FiltersInvalid as invalid:
        return _answer(request, render(request, template, {**context, "form": invalid.form, "results": {}}))
    chosen = {figure.name: figure for figure in figures}
    # The header says how many notices are new, and the position bar which position is the latest.
    latest = import_string(settings.LATEST_POSITION)()
    told = f"notices {unread_notices(request.user.pk)}, latest position {latest}"
    etag = entity_tag(request, template, told, *stamp, *_stamps(chosen, forms))
    if unchanged(request, etag):
        return _answer(request, HttpResponseNotModified(), etag)
    results = {name: _run(figure, reader, request, forms[name]) for name, figure in chosen.items()}
    said = sentence(results) if sentence else ""
    draws = any(result.chart is not None for result in results.values())
    more = {name: write(results) for name, write in (written or {}).items()}
    shown = {**context, **more, "form": form, "results": results, "sentence": said, "draws_charts": draws, "reader": reader}
    shown["sees_rows"] = user_can_see_extracts(request.user)
    return _answer(request, render(request, template, shown), etag)


def filters_of(request: HttpRequest, about: Mapping[str, str] | None) -> QueryDict:
    """The filters of an address, with those that the page itself sets in place of any it names."""
    asked = request.GET.copy()
    for name, value in (about or {}).items():
        asked.setlist(name, [value])
    return asked


def reader_of(request: HttpRequest) -> Reader:
    """Whoever looks at a page; what leaves it as a file may be less (`accounts/views/figures.py`)."""
    return Reader(request.user, Mode.INSIDE)


def _form_for(figure: Figure, form: Any, reader: Reader, asked: QueryDict) -> Any:
    """The page's own form where it is the figure's, otherwise the figure's, filled from the same address."""
    if form.is_bound and type(form) is figure.form:
        if not form.is_valid():
            raise FiltersInvalid(form)
        return form
    return valid_form(figure, reader, asked, page=True)


def _run(figure: Figure, reader: Reader, request: HttpRequest, form: Any) -> FigureResult:
    order_by = request.GET.get(f"{figure.name}-sort")
    result = run_figure(figure, reader, request.GET, page=True, form=form, order_by=order_by)
    result.table.show_page(request.GET.get(result.table.prefixed_page_field))
    result.table.lead_on(carried_position(request))
    return result


def _stamps(figures: Mapping[str, Figure], forms: Mapping[str, Any]) -> list[str]:
    return [text for name, figure in figures.items() for text in _stamp(figure, forms[name])]


def _stamp(figure: Figure, form: Any) -> list[str]:
    return [figure.name, query_string(form), *figure.stamp(form.cleaned_data)]


def entity_tag(request: HttpRequest, *rests_on: str) -> str:
    """A strong tag of all that a response rests on: its stamps, its address, who asks with which rights, day and release."""
    user = request.user
    parts = [
        *(str(part) for part in rests_on),
        request.get_full_path(),
        str(user.pk),
        str(user.role_version),
        request.session.session_key or "",
        timezone.localdate().isoformat(),
        settings.RELEASE,
    ]
    return f'"{hashlib.sha256(json.dumps(parts).encode()).hexdigest()}"'


def unchanged(request: HttpRequest, etag: str) -> bool:
    """Whether the reader's copy is this one, and there is nothing new to tell them on it."""
    # A server in front that compresses what it passes on calls the tag weak.
    held = {tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))}
    return etag in held and not len(get_messages(request))


def _answer(request: HttpRequest, response: HttpResponse, etag: str | None = None) -> HttpResponse:
    seal(response, etag)
    record_view(request=request, status=response.status_code)
    return response


def seal(response: HttpResponse, etag: str | None) -> None:
    """Keep it only at the reader's, and ask before every use."""
    if etag:
        response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie"])
