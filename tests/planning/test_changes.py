"""Sums of what publishing would change, against slices added up by hand."""

import pandas as pd
import pytest

from planning.calculations.changes import changes_by_month, changes_by_status
from planning.extracts.comparing import compare
from planning.figures.extracts import changes_sentence

KEY = ["provider", "year", "month", "commissioner"]


def slices(*rows) -> pd.DataFrame:
    columns = [*KEY, "planned_price", "actual_price"]
    return pd.DataFrame([("RJ1", "2025/26", *row) for row in rows], columns=columns).astype(
        {"planned_price": "Int64", "actual_price": "Int64"}
    )


@pytest.fixture
def compared() -> pd.DataFrame:
    before = slices((1, "72Q", 100, 110), (1, "36L", 50, 60), (2, "72Q", 5, None), (9, "72Q", 7, 7))
    after = slices((1, "72Q", 100, 115), (2, "72Q", 5, None), (3, "72Q", 30, 31), (9, "72Q", 7, 7))
    covered = pd.DataFrame([("RJ1", "2025/26", month, "") for month in (1, 2, 3)], columns=KEY)
    return compare(before, after, covered)


def test_months_add_up_what_is_replaced_and_leave_out_what_stays(compared):
    found = changes_by_month(compared).set_index("month")
    assert list(found.index) == [1, 2, 3]
    assert list(found.loc[1, ["actual_price_before", "actual_price_after", "actual_price_difference"]]) == [170, 115, -55]
    assert pd.isna(found.loc[2, "actual_price_before"])
    assert pd.isna(found.loc[3, "planned_price_before"])
    assert found.loc[3, "actual_price_difference"] == 31


def test_each_status_is_counted_with_its_money(compared):
    found = changes_by_status(compared)
    assert {status: sums["number"] for status, sums in found.items()} == {
        "changed": 1,
        "emptied": 1,
        "new": 1,
        "same": 1,
        "stays": 1,
    }
    assert found["emptied"] == {"number": 1, "before": 60, "after": 0, "difference": -60}
    assert found["stays"]["before"] == 7


def test_the_frame_that_was_given_is_left_as_it_was(compared):
    kept = compared.copy()
    changes_by_month(compared)
    changes_by_status(compared)
    pd.testing.assert_frame_equal(compared, kept)


def sums(before, after):
    return {"number": 1, "before": before, "after": after, "difference": after - before}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"new": sums(0, 10_000)}, "Publishing adds £1.00 of actual price"),
        ({"same": sums(10_000, 10_000)}, "Publishing changes no amount"),
        ({"changed": sums(10_000, 30_000), "stays": sums(5, 5)}, "replaces £1.00 of actual price by £3.00, £2 more."),
        ({"changed": sums(30_000, 10_000)}, "replaces £3.00 of actual price by £1.00, £2 less."),
        ({"emptied": sums(30_000, 0)}, "replaces £3.00 of actual price by £0.00, £3 less."),
        ({"changed": sums(10_000, 20_000), "emptied": sums(10_000, 0)}, "no more and no less"),
    ],
)
def test_one_sentence_says_what_happens_to_the_money(found, words):
    assert words in changes_sentence(found)
