"""Peer groups: the list, making one, changing one, deleting one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import check_keep_peer_groups, check_see_figures, user_can_keep_peer_groups
from finance.actions import peers as acting
from finance.forms.peers import PeerGroupForm
from finance.queries import peers as reading

FORMS = ["GET", "HEAD", "POST"]


@require_safe
def peer_groups(request: HttpRequest) -> HttpResponse:
    check_see_figures(request.user)
    context = {"listed": reading.listed(request.user), "makes": user_can_keep_peer_groups(request.user)}
    return render(request, "finance/peer_groups.html", context)


@require_http_methods(FORMS)
def new_peer_group(request: HttpRequest, level: str) -> HttpResponse:
    check_see_figures(request.user)
    check_keep_peer_groups(request.user)
    form = PeerGroupForm(request.POST or None, level=level)
    return _kept(request, form, lambda given: acting.make_peer_group(by=request.user, level=level, **given), {"level": level})


@require_http_methods(FORMS)
def peer_group(request: HttpRequest, pk: int) -> HttpResponse:
    check_see_figures(request.user)
    group = reading.peer_group_for(request.user, pk)
    given = {"name": group.name, "members": group.members, "reason": group.reason}
    form = PeerGroupForm(request.POST or None, level=group.level, initial=given)
    context = {"group": group, "level": group.level}
    return _kept(request, form, lambda sent: acting.change_peer_group(by=request.user, group=group, **sent), context)


def _kept(request: HttpRequest, form: PeerGroupForm, keep: Any, context: dict[str, Any]) -> HttpResponse:
    """The form, until what it says can be kept."""
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, f"“{keep(form.cleaned_data)}” is kept.")
            return redirect("finance:peer_groups")
        except acting.NotKept as refused:
            form.add_error("name", str(refused))
    return render(request, "finance/peer_group.html", {**context, "form": form})


@require_http_methods(FORMS)
def delete_peer_group(request: HttpRequest, pk: int) -> HttpResponse:
    check_see_figures(request.user)
    group = reading.peer_group_for(request.user, pk)
    if request.method != "POST":
        return render(request, "finance/peer_group_delete.html", {"group": group})
    acting.delete_peer_group(by=request.user, group=group)
    messages.success(request, f"“{group}” is deleted.")
    return redirect("finance:peer_groups")
