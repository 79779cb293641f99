import pandas as pd
import pytest

from presentation.bundles import MOST_NAMES, bundled_flows, ends


def flows(*rows):
    return pd.DataFrame(rows, columns=["home", "provider", "value"])


def bundled(frame):
    return bundled_flows(frame, source="home", target="provider", value="value", sources="homes", targets="providers")


def test_small_ends_stand_as_one_and_nothing_is_lost():
    frame = flows(("Kent", "King's", 60), ("Surrey", "King's", 38), ("Wales", "King's", 1), ("Overseas", "Oxleas", 1))
    drawn = bundled(frame)
    assert drawn["home"].tolist() == ["Kent", "Surrey", "2 other homes", "2 other homes"]
    assert drawn["value"].sum() == 100
    # One small provider alone keeps its name.
    assert drawn["provider"].tolist() == ["King's", "King's", "King's", "Oxleas"]


def test_the_largest_stand_first_and_the_others_last():
    drawn = bundled(flows(("A", "x", 1), ("B", "x", 1), ("C", "y", 20), ("D", "x", 78), ("E", "x", 1)))
    assert drawn["home"].tolist() == ["D", "C", "3 other homes"]
    assert ends(drawn, "home", "value", "homes") == ["D", "C", "3 other homes"]
    assert ends(drawn, "provider", "value", "providers") == ["x", "y"]


def test_the_others_are_last_however_large_they_are_together():
    frame = flows(("A", "x", 30), *((f"n{i:03}", "x", 1) for i in range(70)))
    assert bundled(frame)["home"].tolist() == ["A", "70 other homes"]


def test_no_more_ends_than_can_be_named():
    drawn = bundled(flows(*((f"n{i:02}", "x", 5) for i in range(20))))
    assert len(drawn) == MOST_NAMES + 1
    assert drawn["home"].iloc[-1] == f"{20 - MOST_NAMES} other homes"


def test_flows_between_the_same_ends_are_one():
    drawn = bundled(flows(("A", "x", 98), ("B", "x", 1), ("C", "x", 1)))
    assert drawn.to_dict("records")[1] == {"home": "2 other homes", "provider": "x", "value": 2}


@pytest.mark.parametrize("frame", [flows(), flows(("A", "x", 3))])
def test_few_flows_are_left_as_they_are(frame):
    assert bundled(frame).to_numpy().tolist() == frame.to_numpy().tolist()


def test_equal_ends_stand_by_name_and_nothing_at_all_is_drawn_as_nothing():
    drawn = bundled(flows(("B", "y", 5), ("A", "x", 5), ("A", "y", 5), ("B", "x", 5)))
    assert drawn.to_numpy().tolist() == [["A", "x", 5], ["A", "y", 5], ["B", "x", 5], ["B", "y", 5]]
    nothing = bundled(flows(("A", "x", 1)).head(0))
    assert list(nothing) == ["home", "provider", "value"]
    assert nothing.empty
