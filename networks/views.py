"""The Networks pages."""

from accounts.pages import page, reader_of
from networks.figures import NETWORK_FLOWS, NETWORK_FOOTPRINT, NETWORKS, network_sentence, networks_sentence
from networks.forms import NetworkForm, NetworksForm
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
        figures=[NETWORK_FOOTPRINT, NETWORK_FLOWS],
        sentence=network_sentence,
        network=found,
        facts=network_facts(found),
    )
