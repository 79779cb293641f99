"""The calculations behind the Allocation page: divided places, missing measures, statuses, and both ways side by side."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.calculations import allocation as allocating

PLACE_SYSTEMS = pd.DataFrame({"place": ["X", "Y", "Y"], "system": ["A", "A", "B"], "share": [1.0, 0.25, 0.75]})
POPULATIONS = pd.DataFrame(
    [("X", "f", "All", 100), ("X", "m", "All", 300), ("Y", "f", "All", 400), ("Y", "m", "All", 800)],
    columns=["place", "sex", "age_band", "population"],
)
PLACES = pd.DataFrame(
    {
        "place": ["X", "Y"],
        "imd": [10.0, 20.0],
        "registered_population": [500, 1000],
        "general_acute_weighted_population": [450, 1200],
    }
)
FLOWS = pd.DataFrame(
    [
        ("2022/23", "P1", "S1", "A", 5),
        ("2025/26", "P1", "S1", "A", 7),
        ("2025/26", "P1", "S2", "B", None),
        ("2025/26", "P2", "S9", "B", 3),
    ],
    columns=["year", "provider", "service_code", "home_system", "actual_price"],
).astype({"actual_price": "Int64"})
STATUSES = pd.DataFrame(
    [("2022/23", "S1", "RED"), ("2025/26", "S1", "GREEN"), ("2025/26", "S2", "GREEN")], columns=["year", "service_code", "status"]
)
HUBS = pd.DataFrame({"provider": ["P1"], "hub": ["13R"]})


def test_a_divided_place_gives_each_system_its_share_of_people():
    people = allocating.system_people(POPULATIONS, PLACE_SYSTEMS)
    assert people.set_index(["area", "sex"])["population"].to_dict() == {
        ("A", "f"): 200,
        ("A", "m"): 500,
        ("B", "f"): 300,
        ("B", "m"): 600,
    }


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2))
def test_nobody_is_lost_or_counted_twice_where_places_are_divided(shares):
    rows = [(p, s, v) for p, share in zip("XY", shares, strict=True) for s, v in (("A", share), ("B", 1 - share))]
    people = allocating.system_people(POPULATIONS, pd.DataFrame(rows, columns=["place", "system", "share"]))
    assert math.isclose(people["population"].sum(), POPULATIONS["population"].sum())


def test_measures_of_a_system_are_averaged_over_its_people_or_added_up():
    measures = allocating.system_measures(PLACES, PLACE_SYSTEMS, POPULATIONS).set_index("area")
    assert measures.loc["A", "imd"] == pytest.approx((400 * 10 + 300 * 20) / 700)
    assert measures.loc["A", "registered"] == 500 + 250
    assert measures.loc["B", "general_acute_weighted"] == 900


def test_a_measure_that_one_place_lacks_is_missing_for_its_systems_only():
    gap = PLACES.assign(imd=[None, 20.0])
    measures = allocating.system_measures(gap, PLACE_SYSTEMS, POPULATIONS).set_index("area")
    assert math.isnan(measures.loc["A", "imd"])
    assert measures.loc["B", "imd"] == pytest.approx(20)
    assert measures.loc["A", "registered"] == 750


def test_status_is_that_of_the_year_and_missing_prices_are_left_out():
    rows = allocating.spend_rows(FLOWS, STATUSES, HUBS)
    assert rows.to_numpy().tolist() == [
        ["P1", "S1", "GREEN", "13R", "A", 7],
        ["P1", "S1", "RED", "13R", "A", 5],
        ["P2", "S9", "", "HUB-NOT-KNOWN", "B", 3],
    ]


def test_a_status_that_stands_twice_would_double_money_and_is_refused():
    with pytest.raises(ValueError, match="statuses has more than one row"):
        allocating.spend_rows(FLOWS, pd.concat([STATUSES, STATUSES]), HUBS)


def chain(**changes):
    inputs = {
        "baselines": {"A": 700, "B": 300},
        "people": allocating.system_people(POPULATIONS, PLACE_SYSTEMS),
        "measures": allocating.system_measures(PLACES, PLACE_SYSTEMS, POPULATIONS),
        "cost_weights": pd.DataFrame({"sex": ["f", "m"], "age_band": "All", "cost": [1, 1]}),
        "need_per_imd_point": 0.0,
        "market_forces": pd.DataFrame({"provider": ["P1"], "mff": [1.1]}),
        "systems": ["A", "B"],
    }
    spend = pd.DataFrame({"area": ["A", "B"], "provider": "P1", "price": [7, 3]})
    return allocating.full_chain(spend, **{**inputs, **changes})


def test_where_nothing_differs_but_people_shares_are_shares_of_people():
    areas = chain().areas.set_index("area")
    assert areas["target_share"].to_dict() == pytest.approx({"A": 700 / 1600, "B": 900 / 1600})
    assert areas["target"].sum() == 1000
    assert areas["distance"].to_dict() == pytest.approx({"A": 0.6, "B": 300 / 562.5 - 1})


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"systems": ["A"]}, "two systems or more"),
        ({"systems": ["A", "B", "C"]}, "no population for: C"),
        ({"need_per_imd_point": None}, "no rate of need"),
        ({"market_forces": pd.DataFrame({"provider": ["P2"], "mff": [1.1]})}, "no market forces factor for: P1"),
    ],
)
def test_a_chain_that_cannot_be_made_says_why_and_has_no_rows(changes, fault):
    result = chain(**changes)
    assert result.areas.empty
    assert fault in result.fault


def test_both_ways_stand_side_by_side_and_the_others_are_not_known():
    measures = allocating.system_measures(PLACES, PLACE_SYSTEMS, POPULATIONS)
    baselines = {"A": 700, "B": 300}
    frame = allocating.by_system(
        names={"C": "Third", "B": "Second", "A": "First"},
        provider_spend={"A": 900, "C": 5},
        baselines=baselines,
        core=allocating.core_index(measures, baselines, ["A", "B"]),
        chain=chain(),
    ).set_index("system_name")
    assert frame.index.tolist() == ["Second", "First", "Third", "The loaded area"]
    assert frame.loc["First", "core_share"] == pytest.approx(750 / 1650)
    assert frame.loc["First", "chain_share"] == pytest.approx(700 / 1600)
    assert frame.loc["Third", "own_trusts"] == "Not known: its own trusts have not submitted"
    assert frame.loc["Third", ["provider_spend", "baseline", "core_share", "chain_target"]].isna().all()
    assert frame.loc["Second", "provider_spend"] == 0
    assert frame.loc["The loaded area", "baseline"] == 1000


def test_frames_given_are_not_changed():
    before = [frame.copy(deep=True) for frame in (FLOWS, STATUSES, HUBS, PLACES, PLACE_SYSTEMS, POPULATIONS)]
    allocating.spend_rows(FLOWS, STATUSES, HUBS)
    allocating.system_measures(PLACES, PLACE_SYSTEMS, POPULATIONS)
    allocating.system_people(POPULATIONS, PLACE_SYSTEMS)
    for frame, was in zip((FLOWS, STATUSES, HUBS, PLACES, PLACE_SYSTEMS, POPULATIONS), before, strict=True):
        pd.testing.assert_frame_equal(frame, was)
