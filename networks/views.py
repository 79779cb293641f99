"""The Networks pages."""

from accounts.pages import page, reader_of
from networks.figures import (
    FOOTPRINT_LEVELS,
    FOOTPRINTS,
    NETWORK_COMPARISON,
    NETWORK_DELIVERY,
    NETWORK_FLOWS,
    NETWORK_FOOTPRINT,
    NETWORKS,
    footprints_sentence,
    network_sentence,
    networks_sentence,
)
from networks.forms import FootprintsForm, NetworkForm, NetworksForm
from networks.queries import all_networks, network_facts, network_named


def networks(request):
    form = NetworksForm(request.GET, reader=reader_of(request))
    return page(
        request,
        "networks/networks.html",
        form=form,
        figures=[NETWORKS],
        sentence=networks_sentence,
        written={"networks": lambda results: all_networks()},
    )


def network(request, code):
    found = network_named(code)
    data = request.GET.copy()
    data["network"] = code
    form = NetworkForm(data, reader=reader_of(request))
    return page(
        request,
        "networks/network.html",
        form=form,
        figures=[NETWORK_COMPARISON, NETWORK_FOOTPRINT, NETWORK_DELIVERY, NETWORK_FLOWS],
        sentence=network_sentence,
        network=found,
        facts=network_facts(found),
    )


def footprints(request):
    form = FootprintsForm(request.GET, reader=reader_of(request))
    return page(
        request,
        "networks/footprints.html",
        form=form,
        figures=[FOOTPRINT_LEVELS, FOOTPRINTS],
        sentence=footprints_sentence,
    )
