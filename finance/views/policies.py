"""The policy workbench."""

from django.http import HttpRequest, HttpResponse

from accounts.pages import page, reader_of
from finance.figures import policies


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
    )
