"""The Affordability page."""

from accounts.pages import page, reader_of
from finance.figures import affordability as affording
from finance.forms import AffordabilityForm


def affordability(request):
    return page(
        request,
        "finance/affordability.html",
        form=AffordabilityForm(request.GET, reader=reader_of(request)),
        figures=[
            affording.AFFORDABILITY,
            affording.GAP_DRIVERS,
            affording.GROWTH_RATES,
            affording.SPEND_BY_PROVIDER,
            affording.SPEND_BY_SYSTEM,
            affording.SPEND_BY_PROGRAMME,
        ],
        sentence=affording.affordability_sentence,
    )
