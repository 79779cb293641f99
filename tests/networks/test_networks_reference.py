"""Networks as loaded: the four pilots with their stated scope and footprint, the others with what is inferred marked."""

import pytest
from django.db import IntegrityError, transaction

from networks.models import Network, NetworkScope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def scope(network):
    rows = NetworkScope.objects.filter(network=network)
    return {row.national_programme_id or row.service_code_id: row.inferred for row in rows}


def test_there_are_four_pilots_among_the_networks():
    assert Network.objects.count() == 29
    assert set(Network.objects.filter(is_pilot=True).values_list("code", flat=True)) == {
        "cardiac",
        "renal",
        "neurosciences",
        "hiv",
    }


@pytest.mark.parametrize(
    ("network", "stated"),
    [
        ("cardiac", {"A05"}),
        ("renal", {"A06", "NCBPS23S", "NCBPS73D", "NCBPS73S"}),
        ("neurosciences", {"NCBPS08O"}),
        ("hiv", {"F03"}),
    ],
)
def test_the_scope_of_a_pilot_is_stated(network, stated):
    assert scope(network) == dict.fromkeys(stated, False)


def test_the_scope_of_every_other_network_is_marked_inferred():
    others = NetworkScope.objects.filter(network__is_pilot=False)
    assert others.exists()
    assert set(others.values_list("inferred", flat=True)) == {True}


@pytest.mark.parametrize(
    ("network", "systems"),
    [
        ("cardiac", {"QKK", "QWE", "QKS", "QXU", "QNX", "QNQ"}),
        ("renal", {"QKK", "QWE", "QXU"}),
        ("neurosciences", {"QWE", "QXU"}),
        ("hiv", {"QKK", "QWE"}),
    ],
)
def test_a_pilot_covers_its_footprint(network, systems):
    pilot = Network.objects.get(code=network)
    assert set(pilot.systems.values_list("code", flat=True)) == systems
    assert set(pilot.footprint.systems.values_list("code", flat=True)) == systems


def test_a_list_that_gives_other_systems_is_named_in_the_source():
    assert "another list gives QKK, QWE, QKS, QXU, QNX" in Network.objects.get(code="cardiac").source


def test_every_network_says_how_sure_it_is_and_where_from():
    assert not Network.objects.filter(confidence="").exists()
    assert not Network.objects.filter(source="").exists()


def test_one_host_is_a_provider_and_two_are_words():
    assert Network.objects.get(code="burns").host_provider_id == "RQM"
    joint = Network.objects.get(code="hcv-st")
    assert joint.host_provider is None
    assert joint.host == "King's and St George's (joint leads)"


def test_members_are_providers():
    assert set(Network.objects.get(code="renal").members.values_list("code", flat=True)) == {"RJ1", "RJZ", "RJ7", "RVR"}


@pytest.mark.parametrize("subject", [{}, {"national_programme_id": "A05", "service_code_id": "NCBPS08O"}])
def test_a_scope_row_names_one_subject(subject):
    with pytest.raises(IntegrityError), transaction.atomic():
        NetworkScope.objects.create(network_id="ca-km", **subject)
