"""Footprints of networks, by hand and against a slow twin."""

import pandas as pd
import pytest

from networks.calculations.footprints import compared_footprints, flows_of_networks, homes_of_networks

REGIONS = {"QKK": "London", "QWE": "London", "QKS": "South East", "QXU": "South East"}


def frame(rows):
    flows = pd.DataFrame(rows, columns=["service_code", "home_system", "actual_price", "actual_activity"])
    flows = flows.astype({"actual_price": "Int64", "actual_activity": "Int64"})
    return flows.assign(people=flows["actual_activity"])


def scope(**codes):
    return pd.DataFrame([(n, c) for n, cs in codes.items() for c in cs], columns=["network", "service_code"])


def stated(**systems):
    return pd.DataFrame([(n, s) for n, ss in systems.items() for s in ss], columns=["network", "system"])


def homes(flows, *, measure="actual_activity", named=None, not_known=("NOT-KNOWN",)):
    named = stated(n=[]) if named is None else named
    return homes_of_networks(flows, measure=measure, not_known=not_known, stated=named, regions=REGIONS)


def test_a_code_of_two_networks_counts_in_each():
    flows = frame([("a", "QKK", 10, 1), ("b", "QKK", 5, 2), ("b", "QWE", 7, 3)])
    sums = flows_of_networks(flows, scope(one=["a", "b"], two=["b"])).set_index(["network", "home_system"])
    assert sums["actual_price"].to_dict() == {("one", "QKK"): 15, ("one", "QWE"): 7, ("two", "QKK"): 5, ("two", "QWE"): 7}


def test_blanks_stay_missing():
    sums = flows_of_networks(frame([("a", "QKK", None, None), ("b", "QKK", None, 4)]), scope(n=["a", "b"]))
    assert sums["actual_price"].isna().tolist() == [True]
    assert sums["actual_activity"].tolist() == [4]


def one_network(**activity):
    return flows_of_networks(frame([("a", home, 1, n) for home, n in activity.items()]), scope(n=["a"]))


def test_the_fewest_homes_for_each_threshold():
    rows = homes(one_network(QKK=50, QWE=30, QKS=10, QXU=6, REST=4)).set_index("home_system")
    assert rows["needed_for"].fillna(0).to_dict() == {"QKK": 0.5, "QWE": 0.8, "QKS": 0.9, "QXU": 0.95, "REST": 0}
    assert rows["region"].to_dict()["REST"] == ""


def test_a_threshold_that_is_met_exactly_needs_no_more():
    rows = homes(one_network(QKK=9, QWE=1)).set_index("home_system")
    assert rows["needed_for"].to_dict() == {"QKK": 0.5, "QWE": 0.95}


def test_homes_that_are_not_known_are_in_no_footprint():
    rows = homes(one_network(**{"NOT-KNOWN": 900, "QKK": 1}))
    assert rows["home_system"].tolist() == ["QKK"]
    assert rows["share"].tolist() == [1]


def slow_twin(activity, threshold):
    """Add homes, largest first, until the share is reached."""
    total, so_far, needed = sum(activity.values()), 0, []
    for home in sorted(activity, key=lambda h: (-activity[h], h)):
        if so_far * 100 >= threshold * total:
            break
        so_far += activity[home]
        needed.append(home)
    return needed


@pytest.mark.parametrize(
    "activity",
    [
        {"QKK": 5, "QWE": 5, "QKS": 5},
        {"QKK": 1},
        {"QKK": 97, "QWE": 2, "QKS": 1},
        {"A": 13, "B": 13, "C": 12, "D": 31, "E": 1, "F": 30},
    ],
)
def test_counts_of_homes_agree_with_the_slow_twin(activity):
    row = compared_footprints(homes(one_network(**activity))).iloc[0]
    for threshold in (50, 80, 90, 95):
        assert row[f"homes_{threshold}"] == len(slow_twin(activity, threshold))


def test_the_stated_footprint_is_measured_on_cost_and_activity():
    flows = flows_of_networks(frame([("a", "QKK", 60, 1), ("a", "QKS", 40, 3)]), scope(n=["a"]))
    row = compared_footprints(homes(flows, named=stated(n=["QKK"]))).iloc[0]
    assert (row["stated_price_share"], row["stated_activity_share"]) == (0.6, 0.25)
    assert row["regions_90"] == 2


def test_a_network_without_flows_has_no_row():
    assert compared_footprints(homes(flows_of_networks(frame([]), scope(n=["a"])))).empty
