"""Before reference data is loaded, reads give empty frames with their columns: pages must open on an empty product."""

import pytest

from planning.queries import reference as read

pytestmark = pytest.mark.django_db

FRAMES = {
    read.commissioner_lookup: "place",
    read.commissioner_systems: "hub_code",
    read.service_lookup: "national_programme",
    read.service_status: "as_if",
    read.system_lookup: "successor",
    read.provider_lookup: "in_scope",
    read.place_lookup: "imd_2019",
    read.place_systems: "share",
    read.place_populations: "population",
    read.footprint_systems: "stated",
    read.market_forces_factors: "assumed",
    read.practice_lookup: "place_code",
}


@pytest.mark.parametrize("query", FRAMES, ids=lambda query: query.__name__)
def test_frames_are_empty_and_keep_their_columns(query):
    frame = query()
    assert frame.empty
    assert FRAMES[query] in frame.columns


def test_years_asked_for_without_any_list_give_no_status():
    assert read.service_status(["2025/26"]).empty


def test_there_is_no_own_area_yet():
    assert read.own_systems() == []
    assert read.own_footprint_name() == ""


def test_no_code_is_known():
    assert set(read.known_codes().values()) == {frozenset()}
