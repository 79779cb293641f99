"""The Variation page."""

from django.http import HttpRequest, HttpResponse

from accounts.pages import page, reader_of
from accounts.permissions import user_can_keep_peer_groups
from finance.figures import variation as figures
from finance.forms.variation import VariationForm


def variation(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        "finance/variation.html",
        form=VariationForm(request.GET, reader=reader_of(request)),
        figures=[figures.VARIATION, figures.VARIATION_DIFFERENCES, figures.VARIATION_BY_PROGRAMME],
        sentence=figures.variation_sentence,
        makes=user_can_keep_peer_groups(request.user),
    )
