"""The policy workbench, and the options that people keep of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.pages import page, reader_of
from accounts.permissions import check_save_policies, check_see_figures, user_can_make_rounds, user_can_save_policies
from finance.actions import policies as acting
from finance.figures import policies
from finance.figures import policy_options as kept
from finance.forms.policies import OptionsForm, SavePolicyForm, settings_of
from finance.queries import policies as saved
from finance.queries import rates_version

FORMS = ["GET", "HEAD", "POST"]


@require_safe
def policy_workbench(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        "finance/policy_workbench.html",
        form=policies.TriedPolicyForm(request.GET, reader=reader_of(request)),
        figures=[
            policies.POLICY_WORKBENCH,
            policies.POLICY_GAINS,
            policies.POLICY_YEARS,
            policies.POLICY_FIFTHS,
            policies.POLICY_PROVIDERS,
        ],
        sentence=policies.policy_sentence,
        saves=user_can_save_policies(request.user),
    )


@require_http_methods(FORMS)
def save_policy_option(request: HttpRequest) -> HttpResponse:
    """Asks for a name; what the option says is in the address, as the workbench has it."""
    check_see_figures(request.user)
    check_save_policies(request.user)
    policy = policies.TriedPolicyForm(request.GET, reader=reader_of(request))
    if not policy.is_valid() or not policy.cleaned_data["position"]:
        return redirect(f"{saved.workbench()}?{request.GET.urlencode()}")
    form, said = SavePolicyForm(request.POST or None), settings_of(policy.cleaned_data)
    if request.method == "POST" and form.is_valid():
        given = {"position": policy.cleaned_data["position"], "settings": said, "rates": rates_version()}
        try:
            option = acting.save_policy_option(by=request.user, **given, **form.cleaned_data)
        except acting.PolicyNotSaved as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"“{option}” is saved.")
            return redirect("finance:policy_options")
    context = {"form": form, "said": kept.said_of(said), "query": policy.query_string()}
    return render(request, "finance/policy_option_save.html", context)


@require_safe
def policy_options(request: HttpRequest) -> HttpResponse:
    """The list of options, and those that are ticked side by side."""
    return page(
        request,
        "finance/policy_options.html",
        form=OptionsForm(request.GET, reader=reader_of(request)),
        figures=[kept.POLICY_OPTIONS, kept.POLICY_OPTIONS_FIFTHS, kept.POLICY_OPTIONS_PROVIDERS],
        stamp=[saved.options_stamp(request.user)],
        written={"said": lambda results: kept.said_side_by_side(results["policy_options"], request.user)},
        listed=(listed := saved.listed_options(request.user)),
        owns=any(row["own"] for row in listed),
        chosen=request.GET.getlist("option"),
        makes=user_can_make_rounds(request.user),
    )


@require_POST
def share_policy_option(request: HttpRequest, pk: int) -> HttpResponse:
    option, shared = saved.own_option(request.user, pk), request.POST.get("shared") == "yes"
    acting.share_policy_option(by=request.user, option=option, shared=shared)
    ending = "is shared: everybody who sees figures can read it" if shared else "is no longer shared"
    messages.success(request, f"“{option}” {ending}.")
    return redirect("finance:policy_options")


@require_http_methods(FORMS)
def delete_policy_option(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first."""
    option = saved.own_option(request.user, pk)
    if request.method != "POST":
        return render(request, "finance/policy_option_delete.html", {"option": option})
    acting.delete_policy_option(by=request.user, option=option)
    messages.success(request, f"“{option}” is deleted.")
    return redirect("finance:policy_options")
