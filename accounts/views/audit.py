"""The audit trail as a page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.forms import AuditFilterForm
from accounts.permissions import check_read_audit
from accounts.queries import audit_events

EVENTS_ON_A_PAGE = 50


@require_safe
def audit_trail(request: HttpRequest) -> HttpResponse:
    check_read_audit(request.user)
    form = AuditFilterForm(request.GET)
    events = audit_events(**form.cleaned_data) if form.is_valid() else audit_events().none()
    page = Paginator(events, EVENTS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/audit_trail.html", {"form": form, "page": page})
