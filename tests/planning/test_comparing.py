import pandas as pd
import pytest

from planning.extracts.comparing import compare


def slices(**prices):
    """`A1=(planned, actual)` is the slice of commissioner A in month 1."""
    rows = [("RJ1", "2025/26", int(name[1:]), name[0], *pair) for name, pair in prices.items()]
    frame = pd.DataFrame(rows, columns=["provider", "year", "month", "commissioner", "planned_price", "actual_price"])
    return frame.astype({"planned_price": "Int64", "actual_price": "Int64"})


def covered(months, commissioner=""):
    rows = [("RJ1", "2025/26", month, commissioner) for month in months]
    return pd.DataFrame(rows, columns=["provider", "year", "month", "commissioner"])


@pytest.fixture
def compared():
    before = slices(A1=(10, 20), B1=(1, 2), A2=(3, 4), A9=(7, 8))
    after = slices(A1=(10, 25), A2=(3, 4), C2=(None, 6), A9=(7, 8))
    return compare(before, after, covered([1, 2, 3])).set_index(["commissioner", "month"])


def test_every_slice_has_a_status(compared):
    assert compared["status"].to_dict() == {
        ("A", 1): "changed",
        ("B", 1): "emptied",
        ("A", 2): "same",
        ("C", 2): "new",
        ("A", 9): "stays",
    }


def test_differences_are_after_less_before_and_a_slice_that_is_not_there_counts_nothing(compared):
    assert compared["actual_price_difference"].to_dict() == {
        ("A", 1): 5,
        ("B", 1): -2,
        ("A", 2): 0,
        ("C", 2): 6,
        ("A", 9): 0,
    }
    assert compared.loc[("C", 2), "planned_price_before"] is pd.NA


def test_the_others_of_a_file_of_one_commissioner_stay():
    both = slices(A1=(1, 2), B1=(3, 4))
    assert compare(both, both, covered([1], "A"))["status"].tolist() == ["same", "stays"]


def test_a_first_file_is_all_new():
    assert compare(slices(), slices(A1=(1, 2)), covered([1]))["status"].tolist() == ["new"]


def test_nothing_beside_nothing_is_nothing():
    assert compare(slices(), slices(), covered([])).empty
