"""What variation reads: whole areas, people of areas three ways, spend in the shape that it is computed from."""

import pytest

from finance.queries import variation as reads
from planning.models import Place, PlaceOverlap, PointOfDelivery, System
from tests.positions import fact, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
SYSTEMS, PLACES = {"level": "system", "year": "2025/26"}, {"level": "place", "year": "2025/26"}


def of(home: str, pounds: int, **values) -> dict:
    return fact(**{"home_system": home, "provider": "RJ1", "service_code": "GREEN1", "actual": pounds, "spells": 20, **values})


@pytest.fixture
def position() -> int:
    return publish(
        [of("QKK", 600), of("QKK", 40, service_code="GREEN2"), of("QWE", 300, provider="RJ7"), of("QKK", 8, provider="RJ7")]
    )


def test_a_code_is_that_of_a_place_or_else_of_a_system():
    assert [reads.level_of(code) for code in ("PQKK", "QKK", "")] == ["place", "system", "system"]


def test_systems_are_whole_with_their_trusts_and_places_with_every_system_they_lie_in(position):
    assert reads.whole_areas({**SYSTEMS, "position": position}) == {"QKK", "QWE"}
    assert reads.whole_areas({**PLACES, "position": position}) == {"PQKK", "PQWE"}
    PlaceOverlap.objects.create(place_id="PQWE", system_id="QKS", share="0.2")
    assert reads.whole_areas({**PLACES, "position": position}) == {"PQKK"}


@pytest.mark.parametrize(("way", "people"), [("registered", 1100), ("weighted", 1300), ("resident", 1000)])
def test_people_are_counted_in_the_way_asked_for(way, people):
    found = reads.people_of_places({**SYSTEMS, "population": way})
    assert found["places"].set_index("place").loc["PQKK", "population"] == people
    assert set(found["belongs"]["area"]) == {"QKK", "QWE", "QKS"}
    assert set(reads.people_of_places({**PLACES, "population": way})["belongs"]["area"]) == {"PQKK", "PQWE", "PQKS"}


@pytest.mark.parametrize(
    ("grouping", "expected"),
    [
        (
            reads.EVERYTHING,
            {("RJ1", "QKK", "everything"): 640, ("RJ7", "QKK", "everything"): 8, ("RJ7", "QWE", "everything"): 300},
        ),
        (
            "programme_of_care",
            {("RJ1", "QKK", "A"): 600, ("RJ1", "QKK", "B"): 40, ("RJ7", "QKK", "A"): 8, ("RJ7", "QWE", "A"): 300},
        ),
    ],
)
def test_spend_is_by_provider_area_and_group(position, grouping, expected):
    spend = reads.spend_of_areas(None, {**SYSTEMS, "position": position}, grouping)["spend"]
    assert spend.set_index(["provider", "area", "group"])["spend"].map(lambda units: units / 10_000).to_dict() == expected


def test_money_that_no_patient_is_behind_is_read_apart():
    PointOfDelivery.objects.create(code="BLOCK", description="Block", domain="Financial", sub_category="x", unit="OTHER")
    position = publish([of("QKK", 600), of("QKK", 50, point_of_delivery="BLOCK"), of("QWE", 1, provider="RJ7")])
    found = reads.spend_of_areas(None, {**SYSTEMS, "position": position}, reads.EVERYTHING)
    assert found["blocks"].set_index("area")["spend"].to_dict() == {"QKK": 500_000}
    assert found["spend"].set_index(["provider", "area"]).loc[("RJ1", "QKK"), "spend"] == 6_500_000


def test_without_sets_there_are_no_patients_and_nobody_sent_any(position):
    found = reads.spend_of_areas(None, {**SYSTEMS, "position": position}, "service")
    assert found["sent"] == []
    assert len(found["patients"]) == len(found["sets"]) == len(found["blocks"]) == 0


def test_filters_name_areas_own_ones_first_and_places_under_their_system():
    System.objects.create(code="QAA", name="A system without places", short_name="A", region_id="Y56")
    Place.objects.create(code="P2", name="Another place", system_id="QKK")
    groups = dict(reads.area_choices())
    assert [code for code, _ in groups["Systems"]] == ["QKK", "QWE", "QAA", "QKS"]
    assert groups["Places of South East London"] == [("P2", "Another place"), ("PQKK", "South East London")]
    assert "Places of A system without places" not in groups


def test_groups_without_a_name_are_called_something():
    assert reads.group_names("service")[""] == "Codes of no listed service"
    assert reads.group_names("programme_of_care") == {"A": "Internal medicine", "B": "Cancer", "": "No programme of care"}
