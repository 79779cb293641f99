"""Homes by how much of a provider's work is theirs, how many make up a share of it, and origins that are published shares."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations.flows import by_provider, dependency, fewest_homes, ranked_homes, smallest_footprint
from planning.calculations.origins import origins_by_provider

LEVELS = ["0.5", "0.8", "0.9", "0.95"]


def frame(homes: dict, dtype="int64") -> pd.DataFrame:
    rows = [(home, "P", number) for home, number in homes.items()]
    return pd.DataFrame(rows, columns=["home_system", "provider", "activity"]).astype({"activity": dtype})


def needed(homes: dict, thresholds=LEVELS, dtype="int64") -> dict:
    found = ranked_homes(frame(homes, dtype), measure="activity", thresholds=thresholds)
    assert found["rank"].tolist() == list(range(1, len(found) + 1))
    return {r.home_system: None if np.isnan(r.needed_for) else r.needed_for for r in found.itertuples()}


@pytest.mark.parametrize(
    ("homes", "found"),
    [
        ({"A": 100}, {"A": 0.5}),
        # Half is reached by the first alone, 80% by two, 90% and 95% by three and four.
        ({"A": 50, "B": 30, "C": 10, "D": 10}, {"A": 0.5, "B": 0.8, "C": 0.9, "D": 0.95}),
        ({"A": 49, "B": 31, "C": 10, "D": 10}, {"A": 0.5, "B": 0.5, "C": 0.9, "D": 0.95}),
        # Beyond the last level a home is shown and needed for nothing.
        ({"A": 95, "B": 5}, {"A": 0.5, "B": None}),
        ({"A": 94, "B": 6}, {"A": 0.5, "B": 0.95}),
        # Equal homes stand in code order.
        ({"B": 1, "A": 1}, {"A": 0.5, "B": 0.8}),
        # After the whole is reached there is nothing to add.
        ({"A": 10, "B": 0}, {"A": 0.5}),
        ({"A": 10, "B": 5, "C": -5}, {"A": 0.5}),
        # Nothing, or less, is the work of nobody.
        ({"A": 0}, {}),
        ({"A": 5, "B": -5}, {}),
        ({"A": 5, "B": -9}, {}),
        ({}, {}),
    ],
)
def test_the_least_share_that_a_home_is_needed_for(homes, found):
    assert needed(homes) == found


@pytest.mark.parametrize("dtype", ["int64", "Int64", "float64", "object"])
def test_any_column_of_numbers_is_ranked_alike(dtype):
    assert needed({"A": 7, "B": 2, "C": 1}, ["0.9"], dtype) == {"A": 0.9, "B": 0.9, "C": None}


def test_what_is_missing_is_in_no_rank_and_in_no_whole():
    found = ranked_homes(frame({"A": 9, "B": None, "C": 1}, "Int64"), measure="activity", thresholds=["0.9"])
    assert found["home_system"].tolist() == ["A", "C"]
    assert found["share"].tolist() == [0.9, 0.1]
    assert found["covered"].tolist() == [0.9, 1.0]


def test_sums_too_large_to_multiply_are_compared_exactly_all_the_same():
    nine = 9 * 10**17
    assert needed({"A": nine, "B": 10**17}, ["0.9"]) == {"A": 0.9, "B": None}
    assert needed({"A": nine - 1, "B": 10**17 + 1}, ["0.9"]) == {"A": 0.9, "B": 0.9}


def test_the_order_of_thresholds_does_not_matter():
    homes = {"A": 50, "B": 30, "C": 10, "D": 10}
    assert needed(homes, LEVELS[::-1]) == needed(homes)


@pytest.mark.parametrize("threshold", ["0", "1.01", "-0.5", 0, 2])
def test_a_level_that_is_no_share_is_refused(threshold):
    with pytest.raises(ValueError, match="The threshold of a footprint is more than 0 and at most 1"):
        ranked_homes(frame({"A": 1}), measure="activity", thresholds=["0.5", threshold])


many = st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(-5, 60), max_size=7)


@given(many, st.sets(st.integers(1, 100), min_size=1, max_size=4))
def test_homes_are_counted_one_by_one(homes, hundredths):
    order = sorted(homes.items(), key=lambda pair: (-pair[1], pair[0]))
    total, so_far, expected = sum(homes.values()), 0, {}
    for home, number in order:
        if total > 0 and so_far < total:
            levels = [h for h in sorted(hundredths) if Fraction(so_far) < Fraction(h, 100) * total]
            expected[home] = levels[0] / 100 if levels else None
        so_far += number
    assert needed(homes, [str(Fraction(h, 100)) for h in hundredths]) == expected


@given(many.filter(lambda homes: min(homes.values(), default=0) >= 0), st.integers(1, 100))
def test_a_footprint_reaches_its_share_and_without_its_last_home_does_not(homes, hundredths):
    found = smallest_footprint(frame(homes), measure="activity", threshold=str(Fraction(hundredths, 100)))
    total = sum(homes.values())
    assert found.empty == (total == 0)
    if total:
        numbers = found["activity"].tolist()
        assert 100 * sum(numbers) >= hundredths * total > 100 * sum(numbers[:-1])
        assert numbers == sorted(numbers, reverse=True)
        assert found["covered"].iloc[-1] == pytest.approx(sum(numbers) / total)


def test_each_provider_has_its_own_ranks():
    two = pd.concat([frame({"A": 1, "B": 3}), frame({"A": 8, "B": 2}).assign(provider="Q")])
    found = ranked_homes(two, measure="activity", thresholds=["0.5"])
    assert found[["provider", "rank", "home_system"]].to_records(index=False).tolist() == [
        ("P", 1, "B"), ("P", 2, "A"), ("Q", 1, "A"), ("Q", 2, "B")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("homes", "activity", "hhi", "top", "share"),
    [
        ({"A": 10}, 10, 10_000, "A", 1.0),
        ({"A": 5, "B": 5}, 10, 5_000, "A", 0.5),
        ({"A": 2, "B": 8}, 10, 6_800, "B", 0.8),
        ({"A": 0}, 0, None, None, None),
    ],
)
def test_how_much_a_provider_rests_on_one_home(homes, activity, hhi, top, share):
    [row] = by_provider(frame(homes), measure="activity").to_dict("records")
    assert (row["activity"], row["top_origin"]) == (activity, top)
    for name, value in (("origin_hhi", hhi), ("top_origin_share", share)):
        assert pd.isna(row[name]) if value is None else row[name] == pytest.approx(value)


def test_dependency_of_nothing_is_missing():
    assert dependency(frame({"A": 0, "B": 0}), measure="activity")["dependency"].isna().all()


def origins(*rows, own=("QKK",), hosts=(("RJ1", "QKK"),)) -> dict:
    shares = pd.DataFrame(list(rows), columns=["home_system", "provider", "share"])
    found = origins_by_provider(shares, own=own, hosts=pd.DataFrame(list(hosts), columns=["provider", "system"]))
    return found.set_index("provider").to_dict("index")


def test_origins_by_hand():
    found = origins(("QKK", "RJ1", 0.6), ("QWE", "RJ1", 0.3), ("QNX", "RJ1", 0.1), own=("QKK", "QWE"))["RJ1"]
    assert found == {
        "sum": pytest.approx(1.0), "origin_hhi": pytest.approx(4_600), "origins": 3, "own_system": 0.6,
        "outside_own_system": pytest.approx(0.4), "outside_own_area": pytest.approx(0.1), "homes_for_90": 2,
        "covered": pytest.approx(0.9),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("shares", "homes_for_90", "covered"),
    [
        ([1.0], 1, 1.0),
        # In floats 0.6 and 0.3 are a hair less than 0.9.
        ([0.6, 0.3, 0.1], 2, 0.9),
        ([0.6, 0.29, 0.11], 3, 1.0),
        # Of what was published, where some was suppressed.
        ([0.45, 0.04, 0.01], 1, 0.9),
        ([0.5, 0.4, 0.0], 2, 1.0),
        ([0.0], None, None),
    ],
)
def test_how_many_homes_make_nine_tenths(shares, homes_for_90, covered):
    found = origins(*((f"Q{n}", "RJ1", share) for n, share in enumerate(shares)))["RJ1"]
    if homes_for_90 is None:
        assert pd.isna(found["homes_for_90"])
        assert pd.isna(found["covered"])
    else:
        assert (found["homes_for_90"], found["covered"]) == (homes_for_90, pytest.approx(covered))


@pytest.mark.parametrize(
    ("hosts", "own", "own_system", "outside_own_area"),
    [
        ([("RJ1", "QKK")], ["QKK"], 0.7, 0.3),
        ([("RJ1", "QWE")], ["QKK"], 0.2, 0.3),
        # Hosted where none of its people live: nobody of its own, not "not known".
        ([("RJ1", "QZZ")], ["QKK"], 0.0, 0.3),
        ([("RJZ", "QKK")], [], None, 1.0),
    ],
)
def test_own_system_and_own_area(hosts, own, own_system, outside_own_area):
    found = origins(("QKK", "RJ1", 0.7), ("QWE", "RJ1", 0.2), hosts=hosts, own=own)["RJ1"]
    assert found["outside_own_area"] == pytest.approx(outside_own_area)
    if own_system is None:
        assert pd.isna(found["own_system"])
        assert pd.isna(found["outside_own_system"])
    else:
        assert found["own_system"] == pytest.approx(own_system)
        assert found["outside_own_system"] == pytest.approx(1 - own_system)


def test_an_origin_of_nought_is_an_origin():
    assert origins(("QKK", "RJ1", 1.0), ("QWE", "RJ1", 0.0))["RJ1"]["origins"] == 2


@pytest.mark.parametrize("column", ["home_system", "provider", "share"])
def test_shares_that_lack_a_column_are_refused_by_name(column):
    shares = pd.DataFrame({"home_system": ["QKK"], "provider": ["RJ1"], "share": [1.0]}).drop(columns=column)
    with pytest.raises(ValueError, match=f"has no column: {column}"):
        origins_by_provider(shares, own=[], hosts=pd.DataFrame({"provider": [], "system": []}))


@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=6))
def test_origins_agree_with_shares_counted_by_hand(thousandths):
    found = origins(*((f"Q{n}", "RJ1", t / 1_000) for n, t in enumerate(thousandths)), own=["Q0"], hosts=[("RJ1", "Q0")])["RJ1"]
    assert found["sum"] == pytest.approx(sum(thousandths) / 1_000)
    assert found["origin_hhi"] == pytest.approx(sum(t * t for t in thousandths) / 100)
    assert found["own_system"] == pytest.approx(thousandths[0] / 1_000)
    reached, homes = 0, 0
    for number in sorted(thousandths, reverse=True):
        if 10 * reached < 9 * sum(thousandths):
            reached, homes = reached + number, homes + 1
    assert (0 if pd.isna(found["homes_for_90"]) else found["homes_for_90"]) == homes


@given(
    homes=st.dictionaries(st.text("ABC", min_size=1, max_size=3), st.integers(0, 50), max_size=8), hundredths=st.integers(1, 100)
)
def test_the_fewest_homes_of_one_whole_are_its_footprint(homes, hundredths):
    share = str(Fraction(hundredths, 100))
    flows = pd.DataFrame(
        {"home_system": list(homes), "provider": "all", "activity": pd.Series(list(homes.values()), dtype="int64")}
    )
    found = smallest_footprint(flows, measure="activity", threshold=share)
    assert fewest_homes(pd.Series(homes, dtype="Int64"), threshold=share) == found["home_system"].tolist()


def test_homes_that_are_not_known_to_have_any_need_no_place_among_the_fewest():
    activity = pd.Series({"B": 30, "A": 60, "C": None, "D": 10}, dtype="Int64")
    assert fewest_homes(activity) == ["A", "B"]
    assert fewest_homes(activity, threshold="0.91") == ["A", "B", "D"]
    assert fewest_homes(activity.iloc[:0]) == []
    with pytest.raises(ValueError, match="more than 0 and at most 1"):
        fewest_homes(activity, threshold=0)
