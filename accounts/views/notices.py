"""What a person is told: the list, and marking it as read."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import read_notices
from accounts.queries import notices_of, unread_notices
from presentation.wording import number_of

NOTICES_ON_A_PAGE = 25


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    only_new = request.GET.get("show") == "new"
    told = Paginator(notices_of(request.user, unread=only_new), NOTICES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": told, "only_new": only_new, "unread": unread_notices(request.user.pk)}
    return render(request, "accounts/notices.html", context)


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    read = read_notices(by=request.user)
    messages.success(request, f"You have marked {number_of(read, 'notice')} as read.")
    return redirect("accounts:notices")


@require_POST
def notice_read(request: HttpRequest, pk: int) -> HttpResponse:
    """One that is read already stays so; one of somebody else is not there."""
    if not read_notices(by=request.user, pk=pk) and not notices_of(request.user).filter(pk=pk).exists():
        raise Http404("There is no such notice.")
    return redirect("accounts:notices")
