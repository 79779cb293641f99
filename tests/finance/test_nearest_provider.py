"""The measure of supply that places have without any file: how far the nearest tertiary trust is."""

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.calculations.area_measures import nearest_kilometres
from finance.calculations.measure_names import DEPRIVATION, NEAREST
from finance.queries import measures as measuring
from planning.models import Provider

DEGREES = st.tuples(st.floats(49, 56), st.floats(-6, 2))
LONDON, KENT = (51.5, -0.1), (51.3, 0.5)


def positions(found: dict[str, tuple | None]) -> pd.DataFrame:
    rows = [(code, *(at or (None, None))) for code, at in found.items()]
    return pd.DataFrame(rows, columns=["code", "latitude", "longitude"]).astype({"latitude": float, "longitude": float})


def slow_kilometres(here: tuple, there: tuple) -> float:
    """The angle between two directions from the middle of the Earth, by their scalar product."""
    ends = []
    for latitude, longitude in (here, there):
        up, along = math.radians(latitude), math.radians(longitude)
        ends.append((math.cos(up) * math.cos(along), math.cos(up) * math.sin(along), math.sin(up)))
    straight = math.dist(*ends)
    return 6371.0088 * 2 * math.asin(min(1.0, straight / 2))


@given(places=st.lists(DEGREES, min_size=1, max_size=5), providers=st.lists(DEGREES, min_size=1, max_size=4))
def test_each_place_is_as_far_as_the_nearest_of_the_providers(places, providers):
    named = {f"E{n}": at for n, at in enumerate(places)}
    found = nearest_kilometres(positions(named), positions({f"R{n}": at for n, at in enumerate(providers)}))
    assert found["area"].tolist() == list(named)
    for at, value in zip(places, found["value"], strict=True):
        assert value == pytest.approx(min(slow_kilometres(at, to) for to in providers), abs=0.01)


def test_what_has_no_position_has_no_distance():
    found = nearest_kilometres(positions({"E1": None, "E2": LONDON}), positions({"R1": None, "R2": KENT}))
    assert found["area"].tolist() == ["E2"]
    assert found["value"].iloc[0] == pytest.approx(47, abs=1)
    assert nearest_kilometres(positions({"E2": LONDON}), positions({"R1": None})).empty


def test_a_place_that_stands_twice_is_refused():
    twice = pd.concat([positions({"E1": LONDON})] * 2)
    with pytest.raises(ValueError, match="places"):
        nearest_kilometres(twice, positions({"R1": KENT}))


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
class TestOfTheReferenceData:
    def test_it_is_a_measure_without_any_file(self):
        assert measuring.measure_choices() == [(DEPRIVATION, "score"), (NEAREST, "km")]

    def test_only_tertiary_trusts_that_still_are_count(self):
        ends = set(Provider.objects.filter(tertiary=True, valid_to=None).values_list("code", flat=True))
        assert ends == set(measuring.tertiary_positions()["code"])
        Provider.objects.filter(code="RJ7").update(valid_to=date(2025, 3, 31))
        Provider.objects.filter(code="RJ1").update(latitude=None)
        assert set(measuring.tertiary_positions()["code"]) == ends - {"RJ7", "RJ1"}

    def test_its_sources_are_those_of_places_and_providers(self):
        told = {what for what, _, _ in measuring.sources_of_measures([NEAREST])}
        assert told == {"Places", "Providers and the systems that host them"}
        assert {what for what, _, _ in measuring.sources_of_measures([DEPRIVATION])} == {"Places"}
