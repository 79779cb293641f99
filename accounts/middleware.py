"""Every page that a signed-in person asked for is in the audit trail, whether or not its view thought of it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .actions import record_view


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
