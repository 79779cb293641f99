"""Targets by programme of care and by service."""

from django.http import HttpRequest, HttpResponse

from accounts.pages import page, reader_of
from finance.figures import service_targets as figures
from finance.forms.service_targets import ServiceTargetsForm


def service_targets(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        "finance/service_targets.html",
        form=ServiceTargetsForm(request.GET, reader=reader_of(request)),
        figures=[figures.SERVICE_TARGETS_BY_PROGRAMME, figures.SERVICE_TARGETS],
        sentence=figures.targets_sentence,
    )
