"""Whole units shared out: they add up, stand close to their quota, and do not depend on order."""

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.calculations.apportionment import apportion, apportion_within, round_to_total

weights = st.dictionaries(st.text("ABCDE", min_size=1, max_size=3), st.integers(0, 10**13), min_size=1).filter(
    lambda w: sum(w.values()) > 0
)


@given(st.integers(-(10**14), 10**14), weights)
def test_parts_add_up_and_stand_within_a_unit_of_their_quota(total, by_code):
    parts = apportion(total, pd.Series(by_code))
    assert parts.sum() == total
    for code, weight in by_code.items():
        assert abs(parts[code] - Fraction(total * weight, sum(by_code.values()))) < 1


@given(st.integers(-1000, 1000), weights, st.randoms())
def test_the_order_of_codes_does_not_matter(total, by_code, chance):
    codes = list(by_code)
    chance.shuffle(codes)
    first, again = apportion(total, pd.Series(by_code)), apportion(total, pd.Series({c: by_code[c] for c in codes}))
    assert first.to_dict() == again.to_dict()


def test_units_left_over_go_to_the_largest_remainder_and_then_by_code():
    assert apportion(10, pd.Series({"B": 1, "A": 1, "C": 1})).to_dict() == {"B": 3, "A": 4, "C": 3}
    assert apportion(10, pd.Series({"A": 0.15, "B": 0.27, "C": 0.58})).to_dict() == {"A": 1, "B": 3, "C": 6}


def test_a_credit_is_shared_like_a_charge():
    assert apportion(-10, pd.Series({"A": 1, "B": 2})).to_dict() == {"A": -3, "B": -7}


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (pd.Series({"A": 0, "B": 0}), "not all 0"),
        (pd.Series({"A": -1, "B": 2}), "at least 0"),
        (pd.Series({"A": 1.0, "B": None}), "no weight to share by for: B"),
        (pd.Series([1, 2], index=["A", "A"]), "more than once"),
        (pd.Series(dtype=float), "not all 0"),
    ],
)
def test_weights_that_cannot_be_shared_by_are_refused(weights, message):
    with pytest.raises(ValueError, match=message):
        apportion(1, weights)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=6))
def test_rounded_parts_add_up_to_the_rounded_whole(values):
    total = round(sum(values))
    parts = round_to_total(pd.Series(values), total)
    assert parts.sum() == total
    assert all(abs(part - value) <= 1 for part, value in zip(parts, values, strict=True))


def test_parts_of_another_whole_are_refused():
    with pytest.raises(ValueError, match="do not add up"):
        round_to_total(pd.Series([1.2, 2.3]), 9)
    with pytest.raises(ValueError, match="missing"):
        round_to_total(pd.Series([1.2, None]), 1)


groups = st.lists(st.tuples(st.integers(-(10**13), 10**13), weights), min_size=1, max_size=4)


@given(groups)
def test_many_groups_are_shared_as_each_is_alone(given_groups):
    rows = pd.DataFrame(
        [(i, a, c, w) for i, (a, own) in enumerate(given_groups) for c, w in own.items()],
        columns=["group", "amount", "code", "weight"],
    ).sample(frac=1, random_state=1)
    rows["part"] = apportion_within(rows, ["group"], amount="amount", weight="weight", code="code")
    for number, (amount, own) in enumerate(given_groups):
        found = rows[rows["group"] == number].set_index("code")["part"].to_dict()
        assert found == apportion(amount, pd.Series(own)).to_dict()


@pytest.mark.parametrize(("weight", "message"), [(0, "not all 0"), (-1, "at least 0"), (None, "missing")])
def test_groups_that_cannot_be_shared_are_refused(weight, message):
    rows = pd.DataFrame({"group": ["a"], "amount": [1], "weight": pd.array([weight], dtype="Int64"), "code": ["A"]})
    with pytest.raises(ValueError, match=message):
        apportion_within(rows, ["group"], amount="amount", weight="weight", code="code")
