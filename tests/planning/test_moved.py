"""What moves when slices are replaced: differences of what is there, is not, or came for the first time."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations.moved import activity_by_unit, is_large, moved_most, sums_by, with_difference

PRICES = ["service", "actual_price_before", "actual_price_after"]


def prices(*rows) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=PRICES).astype(dict.fromkeys(PRICES[1:], "Int64"))


def plain(frame: pd.DataFrame, *columns: str) -> list[tuple]:
    values = frame[list(columns)].astype(object)
    return list(values.where(frame[list(columns)].notna(), None).itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [(100, 130, 30), (130, 100, -30), (0, 0, 0), (None, 100, 100), (100, None, -100), (None, None, None), (-5, 5, 10),
     (None, 0, 0)],
)  # fmt: skip
def test_what_is_missing_on_one_side_counts_as_nothing_and_on_both_stays_missing(before, after, difference):
    found = with_difference(prices(("renal", before, after)), "actual_price")
    assert plain(found, "actual_price_difference") == [(difference,)]


def test_sums_of_a_key_are_missing_only_where_every_row_is():
    found = sums_by(
        prices(("renal", 5, None), ("heart", None, None), ("renal", 7, 1), ("heart", None, 3)), "service", "actual_price"
    )
    assert plain(found, *PRICES, "actual_price_difference") == [("heart", None, 3, 3), ("renal", 12, 1, -11)]


MANY = [("a", 0, 5), ("b", 0, -9), ("c", 7, 7), ("d", None, None), ("e", 9, 4), ("f", 100, 200)]


@pytest.mark.parametrize(
    ("number", "services"),
    [(10, ["f", "b", "a", "e"]), (2, ["f", "b"]), (1, ["f"]), (0, [])],
)
def test_those_that_moved_most_in_either_direction(number, services):
    found = moved_most(prices(*MANY), "service", "actual_price", number)
    assert found["service"].tolist() == services
    assert found.index.tolist() == list(range(len(services)))


def test_nothing_that_moved_is_nothing():
    assert moved_most(prices(("a", 5, 5)), "service", "actual_price", 9).empty
    assert moved_most(prices(), "service", "actual_price", 9).empty


ACTIVITY = [f"{which}_activity_{when}" for which in ("planned", "actual") for when in ("before", "after")]


def activity(*rows) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["point_of_delivery", *ACTIVITY]).astype(dict.fromkeys(ACTIVITY, "Int64"))


def test_activity_is_added_up_within_its_unit_and_never_across():
    found = activity_by_unit(
        activity(
            ("EL", 1, 2, 3, 4), ("NEL", 10, 20, 30, 40), ("OPFA", 5, 5, 5, None), ("NEW", 0, 0, None, 7), ("NIL", 0, None, 0, 0)
        ),
        {"EL": "SPELL", "NEL": "SPELL", "OPFA": "ATT", "NIL": "BED"},
    )
    columns = ("unit", *ACTIVITY, "planned_activity_difference", "actual_activity_difference")
    assert plain(found, *columns) == [
        # What has no unit stands by itself, what has no activity not at all.
        ("", 0, 0, None, 7, 0, 7),
        ("ATT", 5, 5, 5, None, 0, -5),
        ("SPELL", 11, 22, 33, 44, 11, 11),
    ]


@pytest.mark.parametrize(
    ("before", "difference", "large"),
    [
        # More than a thousand, or more than 10% where that is more than fifty.
        (100_000, 1_000, False),
        (100_000, 1_001, True),
        (100_000, -1_001, True),
        (1_000, 100, False),
        (1_000, 101, True),
        (1_000, -101, True),
        # A share of little says nothing.
        (100, 50, False),
        (100, 51, True),
        (-1_000, 101, True),
        (-1_000, 100, False),
        # What replaces nothing is new.
        (0, 10**9, False),
        (5, 0, False),
    ],
)
def test_what_is_beyond_the_ordinary(before, difference, large):
    assert is_large(before, difference, amount=1_000, percent=10, least=50) is large


@given(st.integers(-(10**13), 10**13), st.integers(-(10**13), 10**13), st.integers(0, 10**12), st.integers(1, 100))
def test_a_rise_and_a_fall_of_the_same_size_are_judged_alike(before, difference, amount, percent):
    judged = {is_large(before, sign * difference, amount, percent, amount // 10) for sign in (1, -1)}
    assert len(judged) == 1
    if abs(difference) > amount and before:
        assert judged == {True}


amounts = st.one_of(st.none(), st.integers(-(10**14), 10**14))


@given(st.lists(st.tuples(st.sampled_from("abc"), amounts, amounts), max_size=12))
def test_differences_of_the_parts_are_the_difference_of_the_whole(rows):
    found = sums_by(prices(*rows), "service", "actual_price")
    whole = sum(after or 0 for *_, after in rows) - sum(before or 0 for _, before, _ in rows)
    assert int(found["actual_price_difference"].fillna(0).sum()) == whole
    assert found["service"].tolist() == sorted({service for service, *_ in rows})
