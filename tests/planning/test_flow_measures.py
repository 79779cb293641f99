"""Flow measures: against a slow twin, on small numbers worked by hand, and at the door."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations import flows as measures
from tests.planning.twins import flows as twin

SYSTEMS = ["EAST", "NORTH", "SOUTH"]
PROVIDERS = ["P1", "P2", "P3", "P4"]
HOST_OF = {"P1": "EAST", "P2": "EAST", "P3": "NORTH", "P4": "SOUTH"}
HOSTS = pd.DataFrame(HOST_OF.items(), columns=["provider", "system"])

amounts = st.dictionaries(
    st.tuples(st.sampled_from([*SYSTEMS, "REST"]), st.sampled_from(PROVIDERS)), st.integers(0, 60), max_size=16
)


def frame_of(flows: dict) -> pd.DataFrame:
    rows = [(origin, provider, amount) for (origin, provider), amount in flows.items()]
    return pd.DataFrame(rows, columns=["home_system", "provider", "activity"]).astype({"activity": "int64"})


def same(got, expected) -> bool:
    if expected is None:
        return bool(pd.isna(got))
    return math.isclose(got, expected, rel_tol=1e-12, abs_tol=1e-12)


@given(amounts)
def test_every_system_agrees_with_the_slow_twin(flows):
    result = measures.by_system(frame_of(flows), HOSTS, measure="activity", systems=SYSTEMS).set_index("system")
    for system in SYSTEMS:
        for name, expected in twin.system_measures(flows, HOST_OF, system).items():
            assert same(result.loc[system, name], expected), (system, name)


@given(amounts)
def test_what_flows_out_flows_in_when_nobody_is_left_out(flows):
    closed = {pair: amount for pair, amount in flows.items() if pair[0] != "REST"}
    result = measures.by_system(frame_of(closed), HOSTS, measure="activity", systems=SYSTEMS)
    assert result["net"].sum() == 0
    assert result["imports"].sum() == result["exports"].sum()


@given(amounts, st.randoms())
def test_the_order_of_rows_does_not_matter(flows, chance):
    shuffled = list(flows.items())
    chance.shuffle(shuffled)
    for function in (measures.by_provider, measures.dependency, measures.smallest_footprint):
        first = function(frame_of(flows), measure="activity")
        again = function(frame_of(dict(shuffled)), measure="activity")
        key = [c for c in ("provider", "rank", "home_system") if c in first]
        pd.testing.assert_frame_equal(
            first.sort_values(key, ignore_index=True), again.sort_values(key, ignore_index=True), check_dtype=False
        )


@given(amounts)
def test_dependency_shares_of_a_provider_add_up_to_one(flows):
    shares = measures.dependency(frame_of(flows), measure="activity")
    for _, rows in shares.groupby("provider"):
        assert rows["dependency"].isna().all() if rows["activity"].sum() == 0 else math.isclose(rows["dependency"].sum(), 1)


@given(amounts, st.integers(1, 10))
def test_footprints_agree_with_the_slow_twin(flows, tenths):
    frame = measures.smallest_footprint(frame_of(flows), measure="activity", threshold=f"{tenths / 10}")
    for provider in PROVIDERS:
        homes = {o: a for (o, p), a in flows.items() if p == provider}
        assert frame.loc[frame["provider"] == provider, "home_system"].tolist() == twin.footprint(homes, tenths)


@given(amounts)
def test_a_group_of_one_system_measures_like_the_system(flows):
    alone = measures.by_system(frame_of(flows), HOSTS, measure="activity", systems=["EAST"]).iloc[0]
    group = measures.of_footprint(frame_of(flows), HOSTS, measure="activity", systems=["EAST"])
    assert group["provider_activity"] == alone["home_provider"]
    for name in ("resident", "retained", "imports", "exports", "net", "self_sufficiency", "import_share"):
        assert same(group[name], None if pd.isna(alone[name]) else alone[name])


def test_flows_between_systems_of_a_group_stay_inside_it():
    flows = frame_of({("EAST", "P3"): 30, ("NORTH", "P1"): 20, ("REST", "P1"): 50, ("EAST", "P4"): 7})
    group = measures.of_footprint(flows, HOSTS, measure="activity", systems=["EAST", "NORTH"])
    assert (group["retained"], group["provider_activity"], group["resident"]) == (50, 100, 57)
    assert (group["imports"], group["exports"], group["import_share"]) == (50, 7, 0.5)


def test_ninety_per_cent_is_reached_exactly_at_ninety():
    flows = frame_of({("EAST", "P1"): 7, ("NORTH", "P1"): 2, ("SOUTH", "P1"): 1})
    frame = measures.smallest_footprint(flows, measure="activity", threshold=0.9)
    assert frame["home_system"].tolist() == ["EAST", "NORTH"]
    assert frame["rank"].tolist() == [1, 2]


def test_equal_homes_stand_in_code_order():
    flows = frame_of({("SOUTH", "P1"): 5, ("EAST", "P1"): 5})
    assert measures.by_provider(flows, measure="activity").loc[0, "top_origin"] == "EAST"
    assert measures.smallest_footprint(flows, measure="activity", threshold=0.4)["home_system"].tolist() == ["EAST"]


def test_a_footprint_can_be_of_a_service():
    flows = pd.DataFrame({"service": ["renal", "renal"], "home_system": ["EAST", "NORTH"], "price": [95, 5]})
    assert measures.smallest_footprint(flows, measure="price", by="service")["home_system"].tolist() == ["EAST"]


@pytest.mark.parametrize("threshold", [0, 1.01, -0.2])
def test_a_threshold_that_is_no_share_is_refused(threshold):
    with pytest.raises(ValueError, match="threshold"):
        measures.smallest_footprint(frame_of({}), measure="activity", threshold=threshold)


def test_missing_is_not_zero():
    flows = frame_of({("EAST", "P1"): 4, ("NORTH", "P3"): 6, ("NORTH", "P1"): 2}).astype({"activity": "Int64"})
    flows.loc[flows["home_system"] == "NORTH", "activity"] = pd.NA
    result = measures.by_system(flows, HOSTS, measure="activity", systems=["EAST", "NORTH", "SOUTH"]).set_index("system")
    assert pd.isna(result.loc["NORTH", "resident"])
    assert pd.isna(result.loc["NORTH", "self_sufficiency"])
    assert result.loc["SOUTH", "resident"] == 0
    assert pd.isna(result.loc["SOUTH", "self_sufficiency"])
    assert result.loc["EAST", "resident"] == 4


def test_money_stays_exact():
    large = 9_007_199_254_740_993  # one more than floats can tell apart
    flows = frame_of({("EAST", "P1"): large, ("EAST", "P2"): 2})
    assert measures.by_system(flows, HOSTS, measure="activity", systems=["EAST"]).loc[0, "resident"] == large + 2


def test_homes_not_known_are_taken_out_and_counted():
    flows = frame_of({("EAST", "P1"): 30, ("NOT-KNOWN", "P1"): 10})
    assert measures.known_homes(flows, not_known=["NOT-KNOWN"])["home_system"].tolist() == ["EAST"]
    assert measures.not_known_share(flows, measure="activity", not_known=["NOT-KNOWN"]) == 0.25
    assert math.isnan(measures.not_known_share(flows.head(0), measure="activity", not_known=["NOT-KNOWN"]))


travellers = st.lists(st.tuples(st.integers(1, 120), st.integers(0, 9)), min_size=1, max_size=4)


@given(travellers)
def test_travel_agrees_with_everybody_in_a_row(times):
    flows = frame_of({("EAST", f"P{n}"): number for n, (_, number) in enumerate(times)})
    minutes = pd.DataFrame(
        [("EAST", f"P{n}", t) for n, (t, _) in enumerate(times)], columns=["home_system", "provider", "minutes"]
    )
    row = measures.travel(flows, minutes, measure="activity", within=60).iloc[0]
    people = sum(number for _, number in times)
    assert same(row["median_minutes"], twin.weighted_median(times))
    assert same(row["mean_minutes"], sum(t * n for t, n in times) / people if people else None)
    assert same(row["share_within"], sum(n for t, n in times if t <= 60) / people if people else None)


def test_travel_says_how_much_of_it_is_known():
    flows = frame_of({("EAST", "P1"): 30, ("EAST", "P2"): 10, ("NORTH", "P1"): 5})
    minutes = pd.DataFrame({"home_system": ["EAST"], "provider": ["P1"], "minutes": [20]})
    result = measures.travel(flows, minutes, measure="activity").set_index("home_system")
    assert result.loc["EAST", "covered"] == 0.75
    assert result.loc["EAST", "mean_minutes"] == 20
    assert result.loc["NORTH", "covered"] == 0
    assert pd.isna(result.loc["NORTH", "median_minutes"])


def test_distance_between_poles_is_half_way_round():
    assert math.isclose(measures.distance_km(90, 0, -90, 0), math.pi * 6371.0088)
    assert measures.distance_km([51.5, 50.0], [0.0, 0.0], [51.5, 51.0], [0.0, 0.0]).round(2).tolist() == [0.0, 111.2]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (frame_of({}).drop(columns="provider"), "provider"),
        (frame_of({}).rename(columns={"activity": "cost"}), "activity"),
        (pd.concat([frame_of({("EAST", "P1"): 1})] * 2), "more than one row for home_system and provider: EAST, P1"),
    ],
)
def test_a_frame_that_cannot_be_measured_is_refused_by_name(frame, message):
    with pytest.raises(ValueError, match=message):
        measures.by_system(frame, HOSTS, measure="activity", systems=SYSTEMS)


def test_a_provider_hosted_twice_is_refused():
    twice = pd.concat([HOSTS, pd.DataFrame({"provider": ["P1"], "system": ["NORTH"]})])
    with pytest.raises(ValueError, match="hosts has more than one row for provider: P1"):
        measures.by_system(frame_of({("EAST", "P1"): 1}), twice, measure="activity", systems=SYSTEMS)


def test_frames_given_are_not_changed():
    flows, hosts = frame_of({("EAST", "P1"): 4, ("REST", "P3"): 6}), HOSTS.copy()
    before = flows.copy(deep=True)
    measures.by_system(flows, hosts, measure="activity", systems=SYSTEMS)
    measures.by_provider(flows, measure="activity")
    measures.smallest_footprint(flows, measure="activity")
    measures.of_footprint(flows, hosts, measure="activity", systems=["EAST"])
    pd.testing.assert_frame_equal(flows, before)
    pd.testing.assert_frame_equal(hosts, HOSTS)
