"""The Networks pages: the stated footprint beside that of the flows, for each network."""

import pytest

from networks.models import Network
from networks.queries import network_scope, stated_systems
from presentation.figure import figure_named
from presentation.run import FiltersInvalid, run_figure
from tests.positions import fact, publish
from tests.readers import Reader

pytestmark = pytest.mark.django_db
PILOTS = {
    "hiv": ({"QKK", "QWE"}, 1),
    "neurosciences": ({"QWE", "QXU"}, 2),
    "renal": ({"QKK", "QWE", "QXU"}, 2),
    "cardiac": ({"QKK", "QWE", "QKS", "QXU", "QNX", "QNQ"}, 2),
}


def run(name, **filters):
    return run_figure(figure_named(name), Reader(), filters, page=True)


def code_of(network):
    return network_scope(network)["service_code"].iloc[0]


@pytest.fixture
def cardiac(reference):
    """A hundred pounds and spells of cardiac care, and a thousand of something else."""
    code = code_of("cardiac")
    homes = {"QKK": 50, "QKS": 30, "QRV": 12, "REST": 8}
    rows = [fact(month=m, service_code=code, home_system=h, actual=n, spells=n) for h, n in homes.items() for m in (1, 12)]
    elsewhere = [fact(month=m, service_code="NCBPS08O", home_system="QWE", actual=1_000, spells=1) for m in range(1, 13)]
    unknown = fact(service_code=code, home_system="NOT-KNOWN", actual=40, spells=40)
    return publish([*rows, *elsewhere, unknown])


@pytest.mark.parametrize(("network", "expected"), PILOTS.items())
def test_the_stated_footprints_of_the_pilots(reference, network, expected):
    stated = stated_systems()
    rows = stated[(stated["network"] == network) & ~stated["followed"]]
    assert set(rows["system"]) == expected[0]
    table = run("networks").frame.set_index("network")
    assert (table.loc[network, "stated_systems"], table.loc[network, "stated_regions"]) == (len(expected[0]), expected[1])


def test_the_footprint_of_the_flows_stands_beside_the_stated_one(cardiac):
    rows = run("network_footprint", network="cardiac").frame.set_index("home_system")
    assert rows.loc["QKK", "price_share"] == pytest.approx(0.5)
    assert rows["needed"].to_dict()["QRV"] == "90%"
    assert rows.loc["QRV", "stated"] == "Not stated"
    assert "NOT-KNOWN" not in rows.index
    assert rows.loc["QNX", "stated"] == "Stated"
    title = run("network_footprint", network="cardiac").chart.title
    assert title == "Three homes make up 90% of its flow, two of them in the stated footprint"


def test_a_network_counts_its_own_services_only(cardiac):
    assert run("network_flows", network="cardiac").total["actual_price"] == 240 * 10_000
    table = run("networks").frame.set_index("network")
    assert table.loc["cardiac", "actual_price"] == 200 * 10_000
    assert table.loc["cardiac", "stated_price_share"] == pytest.approx(0.8)


def test_a_network_without_any_stated_service_has_no_flows(cardiac):
    bare = Network.objects.create(code="bare", name="Bare", kind="network")
    assert run("network_flows", network=bare.code).frame.empty
    assert run("network_footprint", network=bare.code).chart.title == "No flows of this network's services in what is chosen"


def test_every_network_has_a_page_with_its_facts(signed_in, programme_team, cardiac):
    client = signed_in(programme_team)
    for network in Network.objects.all():
        response = client.get(f"/networks/{network.code}/")
        assert response.status_code == 200, network.code
        text = response.content.decode()
        assert "How sure this is" in text
        assert "What is known of it" in text


def test_services_that_were_inferred_are_marked(signed_in, programme_team, cardiac):
    client = signed_in(programme_team)
    assert "Inferred" in client.get("/networks/paediatric/").content.decode()
    pilot = client.get("/networks/cardiac/").content.decode()
    assert "Inferred" not in pilot
    assert "Stated" in pilot


def test_the_list_leads_to_every_network(signed_in, programme_team, cardiac):
    response = signed_in(programme_team).get("/networks/")
    text = response.content.decode()
    assert all(f'href="/networks/{code}/"' in text for code in Network.objects.values_list("code", flat=True))
    assert response.context["sentence"].startswith("Of ")


@pytest.mark.parametrize("path", ["/networks/nowhere/", "/networks/CARDIAC%00/"])
def test_an_unknown_network_is_not_found(signed_in, programme_team, reference, path):
    assert signed_in(programme_team).get(path).status_code == 404


@pytest.mark.parametrize("query", ["year=1066", "measure=x", "position=99", "from_month=5&to_month=1"])
@pytest.mark.parametrize("path", ["/networks/", "/networks/cardiac/"])
def test_wrong_parameters_are_said(signed_in, programme_team, cardiac, path, query):
    response = signed_in(programme_team).get(f"{path}?{query}")
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()


def test_a_network_must_be_chosen_for_a_figure_of_one(reference):
    with pytest.raises(FiltersInvalid, match="Choose a network"):
        run("network_footprint")


@pytest.mark.parametrize("path", ["/networks/", "/networks/cardiac/"])
def test_pages_stand_before_anything_is_published(signed_in, programme_team, reference, path):
    assert signed_in(programme_team).get(path).status_code == 200


def test_questions_of_the_database_are_bounded(signed_in, programme_team, cardiac, django_assert_max_num_queries):
    client = signed_in(programme_team)
    client.get("/networks/")
    with django_assert_max_num_queries(30):
        client.get("/networks/")
