"""The Allocation and Affordability pages."""

from accounts.pages import page, reader_of
from finance.figures import affordability as affording
from finance.figures import allocation as allocating
from finance.forms import AffordabilityForm, AllocationForm


def allocation(request):
    return page(
        request,
        "finance/allocation.html",
        form=AllocationForm(request.GET, reader=reader_of(request)),
        figures=[
            allocating.ALLOCATION,
            allocating.ALLOCATION_CHAIN,
            allocating.ALLOCATION_CORE,
            allocating.PROVIDER_TO_POPULATION,
            allocating.PROVIDER_LEDGER,
        ],
        sentence=allocating.allocation_sentence,
    )


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
