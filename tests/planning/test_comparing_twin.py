"""The comparison beside a slow one that goes through slices one by one; and what moves beside sums by hand."""

from collections import defaultdict

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations.moved import activity_by_unit, is_large, moved_most, sums_by, with_difference
from planning.extracts.comparing import compare

COLUMNS = ["provider", "year", "month", "commissioner", "planned_price", "actual_price"]
PRICE = st.one_of(st.none(), st.integers(-(10**13), 10**13))
SLICES = st.dictionaries(st.tuples(st.integers(1, 4), st.sampled_from(["72Q", "36L", "92A"])), st.tuples(PRICE, PRICE))
COVERED = st.tuples(st.sets(st.integers(1, 4)), st.one_of(st.none(), st.sets(st.sampled_from(["72Q", "36L", "92A"]), min_size=1)))


def frame(slices: dict) -> pd.DataFrame:
    rows = [("RJ1", "2025/26", month, code, *prices) for (month, code), prices in slices.items()]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"planned_price": "Int64", "actual_price": "Int64"})


def slow(before: dict, after: dict, covered: tuple) -> dict:
    """Slice → (status, differences), thought through one by one."""
    months, commissioners = covered
    found = {}
    for key in before.keys() | after.keys():
        month, code = key
        was, becomes = before.get(key), after.get(key)
        moved = tuple((b or 0) - (w or 0) for w, b in zip(was or (None, None), becomes or (None, None), strict=True))
        if month not in months or (commissioners is not None and code not in commissioners):
            status = "stays"
        elif was is None:
            status = "new"
        elif becomes is None:
            status = "emptied"
        else:
            status = "changed" if any(moved) else "same"
        found[key] = (status, *moved)
    return found


@given(SLICES, SLICES, COVERED)
def test_every_slice_is_compared_as_the_slow_way_does(before, after, covered):
    months, commissioners = covered
    rows = [("RJ1", "2025/26", month, code) for month in months for code in commissioners or [""]]
    found = compare(frame(before), frame(after), pd.DataFrame(rows, columns=COLUMNS[:4]))
    columns = ["month", "commissioner", "status", "planned_price_difference", "actual_price_difference"]
    assert {
        (month, code): (status, int(planned), int(actual))
        for month, code, status, planned, actual in found[columns].itertuples(index=False, name=None)
    } == slow(before, after, covered)
    for price in COLUMNS[4:]:
        sums = [sum(prices[COLUMNS[4:].index(price)] or 0 for prices in side.values()) for side in (before, after)]
        assert [int(found[f"{price}_{when}"].fillna(0).sum()) for when in ("before", "after")] == sums


GRAIN = st.lists(
    st.tuples(st.sampled_from(["A", "B", "C"]), st.sampled_from(["EL", "DC", "OPFASPCL"]), PRICE, PRICE), max_size=12
)


@given(GRAIN)
def test_services_are_summed_and_ordered_by_what_moves(rows):
    sums = pd.DataFrame(rows, columns=["service_code", "point_of_delivery", "actual_price_before", "actual_price_after"])
    sums = sums.astype({"actual_price_before": "Int64", "actual_price_after": "Int64"})
    by_hand: dict[str, int] = defaultdict(int)
    for service, _, before, after in rows:
        by_hand[service] += (after or 0) - (before or 0)
    moved = moved_most(sums, "service_code", "actual_price", 2)
    expected = sorted((abs(money) for money in by_hand.values() if money), reverse=True)[:2]
    assert [abs(int(money)) for money in moved["actual_price_difference"]] == expected
    assert all(int(money) == by_hand[code] for code, _, _, money in moved.itertuples(index=False, name=None))


def test_a_difference_is_missing_only_where_both_are():
    missing = pd.DataFrame({"x_before": [1, None, None], "x_after": [None, 2, None]}, dtype="Int64")
    differences = with_difference(missing, "x")["x_difference"]
    assert differences.iloc[:2].tolist() == [-1, 2]
    assert differences.isna().tolist() == [False, False, True]


def test_sums_of_nothing_but_missing_are_missing():
    rows = pd.DataFrame({"k": ["a", "a", "b"], "x_before": [None, None, 1], "x_after": [2, None, None]})
    found = sums_by(rows.astype({"x_before": "Int64", "x_after": "Int64"}), "k", "x").set_index("k")
    assert found["x_before"].isna().tolist() == [True, False]
    assert found["x_difference"].tolist() == [2, -1]


def test_activity_of_points_with_one_unit_is_added_and_of_two_is_not():
    columns = [f"{which}_activity_{when}" for which in ("planned", "actual") for when in ("before", "after")]
    rows = [("EL", 1, 2, 3, 4), ("DC", 10, 20, 30, 40), ("OPFASPCL", 5, 5, 5, 6), ("BLOCK", None, 0, 0, None)]
    sums = pd.DataFrame(rows, columns=["point_of_delivery", *columns]).astype(dict.fromkeys(columns, "Int64"))
    found = activity_by_unit(sums, {"EL": "SPELL", "DC": "SPELL", "OPFASPCL": "ATT", "BLOCK": "GBP"})
    assert found[["unit", *columns]].to_dict("split")["data"] == [["ATT", 5, 5, 5, 6], ["SPELL", 11, 22, 33, 44]]
    assert found["actual_activity_difference"].tolist() == [1, 11]


@pytest.mark.parametrize(
    ("before", "difference", "large"),
    [
        (1_000, 49, False),
        (1_000, 50, False),
        (1_000, 51, True),
        (1_000, -51, True),
        (-1_000, 51, True),
        (1_000_000, 101, True),
        (1_000_000, 100, False),
        (0, 5_000, False),
        (1_000, 0, False),
    ],
)
def test_a_change_is_large_beyond_the_amount_or_the_share_and_never_where_it_replaces_nothing(before, difference, large):
    assert is_large(before, difference, amount=100, percent=5, least=0) is large


@pytest.mark.parametrize(("difference", "large"), [(60, False), (-60, False), (61, True), (-61, True), (101, True)])
def test_a_share_says_nothing_up_to_the_least_amount(difference, large):
    assert is_large(100, difference, amount=100, percent=5, least=60) is large
    assert is_large(10_000, difference, amount=100, percent=5, least=60) is (abs(difference) > 100)
