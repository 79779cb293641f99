"""The Allocation page."""

from accounts.pages import page, reader_of
from finance.figures import allocation as allocating
from finance.forms import AllocationForm


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
