"""Around every view: what is shared within a page, what browsers may keep of it, and that it is in the audit trail."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from presentation.shared_reads import sharing_reads

from .actions import record_view


class SharedReadsMiddleware:
    """An answer that only reads reads each thing once, and so is of one moment. Whatever writes reads anew."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with sharing_reads():
            return self.get_response(request)


class KeptByNobodyMiddleware:
    """What a view says nothing of is not kept, not even by the reader's browser: it may be shared, and people sign out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class AuditViewsMiddleware:
    """Records what the view has not recorded itself. What is done by POST is recorded by the action that does it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if self._is_seen(request, response) and not getattr(request, "view_is_recorded", False):
            record_view(request=request, status=response.status_code)
        return response

    @staticmethod
    def _is_seen(request: HttpRequest, response: HttpResponse) -> bool:
        redirected = 300 <= response.status_code < 400 and response.status_code != 304
        return request.method in {"GET", "HEAD"} and request.user.is_authenticated and not redirected
