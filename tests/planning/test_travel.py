"""How far people travel: straight lines between the finest known positions, and the minutes of a table."""

import random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations.travel import placed, travelled, with_distances, with_minutes
from tests.planning.twins import explorer as twin

HOMES = pd.DataFrame(
    [("E09000028", 51.47, -0.07), ("QKK", 51.45, 0.02), ("QKS", 51.27, 0.52), ("QXU", None, None)],
    columns=["code", "latitude", "longitude"],
)
DESTINATIONS = pd.DataFrame(
    [("RJ1", 51.50, -0.09), ("RJ122", 51.498, -0.119), ("RJZ", 51.47, -0.09), ("RJZ99", None, None)],
    columns=["code", "latitude", "longitude"],
)


def flow(place="E09000028", system="QKK", destination="RJ122", provider="RJ1", **values) -> dict:
    return {"home_place": place, "home_system": system, "destination": destination, "provider": provider, **values}


def frame_of(*rows) -> pd.DataFrame:
    columns = ["home_place", "home_system", "destination", "provider"]
    return pd.DataFrame(list(rows), columns=[*columns, *[k for k in (rows[0] if rows else {}) if k not in columns]])


def at(frame: pd.DataFrame, code: str) -> tuple:
    row = frame.set_index("code").loc[code]
    return (row["latitude"], row["longitude"])


@pytest.mark.parametrize(
    ("given_", "home", "to"),
    [
        (flow(), "E09000028", "RJ122"),
        (flow(place="QKK"), "QKK", "RJ122"),
        (flow(place="E99"), "QKK", "RJ122"),
        (flow(destination="RJ1"), "E09000028", "RJ1"),
        (flow(destination="RJZ99", provider="RJZ"), "E09000028", "RJZ"),
        (flow(destination="UNLISTED"), "E09000028", "RJ1"),
    ],
)
def test_the_finest_position_that_is_known_counts(given_, home, to):
    [km] = with_distances(frame_of(given_), HOMES, DESTINATIONS)["km"]
    assert km == pytest.approx(twin.kilometres(at(HOMES, home), at(DESTINATIONS, to)))


@pytest.mark.parametrize(
    "given_",
    [
        flow(place="NOT-KNOWN", system="NOT-KNOWN"),
        flow(place="REST", system="REST"),
        flow(place="QXU", system="QXU"),
        flow(destination="ZZZ", provider="ZZZ"),
    ],
)
def test_an_end_without_a_position_has_no_distance(given_):
    assert with_distances(frame_of(given_), HOMES, DESTINATIONS)["km"].isna().all()


def test_nobody_travels_nothing():
    assert with_distances(frame_of(), HOMES, DESTINATIONS).empty
    assert with_minutes(frame_of(), pd.DataFrame(columns=["home", "destination", "minutes"])).empty


def test_two_positions_of_a_code_are_refused():
    with pytest.raises(ValueError, match="more than one row"):
        with_distances(frame_of(flow()), pd.concat([HOMES, HOMES]), DESTINATIONS)


@pytest.mark.parametrize("absent", ["home_place", "home_system", "destination", "provider"])
def test_columns_that_are_not_there_are_named(absent):
    with pytest.raises(ValueError, match=absent):
        with_distances(frame_of(flow()).drop(columns=absent), HOMES, DESTINATIONS)
    with pytest.raises(ValueError, match=absent):
        with_minutes(frame_of(flow()).drop(columns=absent), times())


def times(*rows) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["home", "destination", "minutes"])


ALL_WAYS = [
    ("E09000028", "RJ122", 25.0),
    ("E09000028", "RJ1", 26.0),
    ("QKK", "RJ122", 40.0),
    ("QKK", "RJ1", 41.0),
]


@pytest.mark.parametrize("known", range(4))
def test_the_finest_pair_of_the_table_counts(known):
    """Place to site, place to provider, system to site, system to provider: the first that the table has."""
    [minutes] = with_minutes(frame_of(flow()), times(*ALL_WAYS[known:]))["minutes"]
    assert minutes == ALL_WAYS[known][2]


def test_without_a_table_nothing_is_known():
    assert with_minutes(frame_of(flow()), times())["minutes"].isna().all()
    assert with_minutes(frame_of(flow()), times(("QKS", "RJZ", 60)))["minutes"].isna().all()


def test_a_pair_that_stands_twice_is_refused():
    with pytest.raises(ValueError, match="more than one row"):
        with_minutes(frame_of(flow()), times(("QKK", "RJ1", 1), ("QKK", "RJ1", 2)))


def ways(rows, **options) -> dict:
    frame = pd.DataFrame(rows, columns=["by", "weight", "km"])
    return travelled(frame, by="by", measure="weight", column="km", **options).set_index("by").to_dict("index")


def test_means_and_medians_are_weighted():
    found = ways([("QKK", 1, 10.0), ("QKK", 3, 20.0)])["QKK"]
    assert found["mean"] == pytest.approx(17.5)
    assert found["median"] == 20.0
    assert found["covered"] == 1.0


def test_the_median_is_the_smallest_within_which_half_travel():
    assert ways([("QKK", 5, 10.0), ("QKK", 5, 20.0)])["QKK"]["median"] == 10.0
    assert ways([("QKK", 5, 10.0), ("QKK", 6, 20.0)])["QKK"]["median"] == 20.0


def test_what_is_near_is_so_to_the_minute():
    rows = [("QKK", 1, 59.9), ("QKK", 1, 60.0), ("QKK", 2, 60.1)]
    assert ways(rows, within=60)["QKK"]["share_within"] == pytest.approx(0.5)
    assert pd.isna(ways(rows)["QKK"]["share_within"])


def test_what_has_no_distance_is_said_and_not_averaged():
    found = ways([("QKK", 1, 10.0), ("QKK", 3, None)])["QKK"]
    assert (found["mean"], found["covered"]) == (10.0, 0.25)
    silent = ways([("REST", 3, None)])["REST"]
    assert pd.isna(silent["mean"])
    assert silent["covered"] == 0.0


@pytest.mark.parametrize("weight", [0, -5, None])
def test_what_weighs_nothing_travels_nowhere(weight):
    found = ways([("QKK", weight, 10.0)])["QKK"]
    assert all(pd.isna(value) for value in found.values())


def test_groups_stand_in_the_order_of_their_codes():
    assert list(ways([("QWE", 1, 1.0), ("QKK", 1, 1.0), ("QKS", 0, 1.0)])) == ["QKK", "QKS", "QWE"]


@pytest.mark.parametrize("seed", range(20))
def test_any_ways_are_those_of_the_twin(seed):
    chance = random.Random(seed)
    rows = [
        (chance.choice("ABC"), chance.choice([None, 0, chance.randint(-3, 90)]), chance.choice([None, chance.uniform(0, 120)]))
        for _ in range(40)
    ]
    found = ways(rows, within=60)
    for group, measured in found.items():
        expected = twin.travelled([(weight, km) for one, weight, km in rows if one == group], within=60)
        for name, value in expected.items():
            assert pd.isna(measured[name]) if value is None else measured[name] == pytest.approx(value), (group, name)


@given(st.lists(st.tuples(st.integers(1, 10**9), st.floats(0, 500)), min_size=1, max_size=12))
def test_means_and_medians_lie_within_what_was_travelled(rows):
    found = ways([("QKK", weight, km) for weight, km in rows], within=60)["QKK"]
    low, high = min(km for _, km in rows), max(km for _, km in rows)
    assert low - 1e-9 <= found["mean"] <= high + 1e-9
    assert found["median"] in [km for _, km in rows]
    assert 0 <= found["share_within"] <= 1


def test_both_ends_of_a_flow_are_placed_for_a_map():
    rows = pd.DataFrame(
        [("QKK", "RJ1", "RJ122"), ("REST", "RJ1", "RJ1"), ("QKS", "RJZ", "RJZ99")], columns=["home", "provider", "destination"]
    )
    frame = placed(rows, HOMES, DESTINATIONS)
    assert frame["home_latitude"].tolist()[::2] == [51.45, 51.27]
    assert pd.isna(frame["home_latitude"][1])
    assert frame["longitude"].tolist() == [-0.119, -0.09, -0.09]
    assert frame["km"].isna().tolist() == [False, True, False]
    assert frame["km"][0] == pytest.approx(twin.kilometres(at(HOMES, "QKK"), at(DESTINATIONS, "RJ122")))
    with pytest.raises(ValueError, match="destination"):
        placed(rows.drop(columns="destination"), HOMES, DESTINATIONS)
