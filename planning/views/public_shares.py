"""Loading a public file of shares, with what is wrong with it on the page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import check_load_public_files
from planning.actions import ReferenceRefused, load_catchment_proportions, load_origin_shares
from planning.forms.catchments import PublicFileForm
from planning.queries.catchments import editions_loaded

LOADS = {"proportions": load_catchment_proportions, "origins": load_origin_shares}
SHOWN_PROBLEMS = 100


@require_http_methods(["GET", "HEAD", "POST"])
def load_public_file(request: HttpRequest) -> HttpResponse:
    check_load_public_files(request.user)
    if request.method != "POST":
        return _page(request, PublicFileForm())
    form = PublicFileForm(request.POST, request.FILES)
    return _load(request, form) if form.is_valid() else _page(request, form)


def _load(request: HttpRequest, form: PublicFileForm) -> HttpResponse:
    sent = dict(form.cleaned_data)
    load, file = LOADS[sent.pop("kind")], sent.pop("file")
    try:
        loaded = load(by=request.user, content=file.read(), file_name=file.name, **sent)
    except ReferenceRefused as refusal:
        number = len(refusal.problems)
        form.add_error("file", f"{file.name} has {number:,} problem{'s' if number > 1 else ''}. Nothing was loaded")
        return _page(request, form, problems=refusal.problems.head(SHOWN_PROBLEMS).to_dict("records"), number=number)
    messages.success(request, loaded.words)
    return redirect("planning:load_public_file")


def _page(request: HttpRequest, form: PublicFileForm, **context) -> HttpResponse:
    context |= {"form": form, "editions": editions_loaded()}
    return render(request, "planning/load_public_file.html", context)
