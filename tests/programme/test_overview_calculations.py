"""What the Overview shows, computed by hand."""

import pandas as pd
import pytest

from programme.calculations.overview import changes_between, coverage_by_month, origins, specialised_and_other

HOMES = {"QKK": "South East London", "QWE": "South West London", "QKS": "Kent and Medway", "QXU": "Surrey"}
HOMES |= {"A": "A", "B": "B", "C": "C", "REST": "Rest of England", "NOT-KNOWN": "Not known", "OVERSEAS": "Overseas"}


def flows(*rows):
    frame = pd.DataFrame(rows, columns=["home_system", "provider", "actual_activity", "actual_price"])
    frame = frame.astype({"actual_activity": "Int64", "actual_price": "Int64"})
    return frame.assign(people=frame["actual_activity"])


def grouped(*rows):
    own = ["QKK", "QWE"]
    return origins(flows(*rows), homes=HOMES, providers={"RJ1": "GSTT"}, own=own, own_name="South London")


def test_own_systems_are_one_group_and_homes_not_known_another():
    frame = grouped(("QKK", "RJ1", 6, 60), ("QWE", "RJ1", 4, 40), ("QKS", "RJ1", 8, 80), ("NOT-KNOWN", "RJ1", 2, 20))
    assert frame["group"].tolist() == ["South London", "Kent and Medway", "Not known"]
    assert frame["activity_share"].tolist() == [0.5, 0.4, 0.1]
    assert frame["is_outside"].tolist() == [False, True, False]
    assert frame["provider_name"].unique().tolist() == ["GSTT"]


def test_only_the_largest_neighbours_have_a_group_of_their_own():
    rows = [(code, "RJ1", 1, price) for code, price in [("QKS", 9), ("QXU", 8), ("A", 7), ("B", 6), ("C", 5), ("REST", 99)]]
    frame = grouped(*rows, ("OVERSEAS", "RJ1", 1, 1))
    assert frame["group"].tolist() == ["Kent and Medway", "Surrey", "A", "B", "Elsewhere"]
    assert frame.set_index("group").loc["Elsewhere", "actual_price"] == 5 + 99 + 1


@pytest.mark.parametrize("price", [None, 0])
def test_shares_of_nothing_are_not_available(price):
    frame = grouped(("QKK", "RJ1", None, price))
    assert frame["price_share"].isna().all()
    assert frame["actual_activity"].isna().all()


def test_groups_keep_every_pound():
    rows = [(home, provider, n, 10 * n) for n, home in enumerate(HOMES, 1) for provider in ("RJ1", "RJZ")]
    assert grouped(*rows)["actual_price"].sum() == sum(price for *_, price in rows)


def months(*rows):
    """Rows are (provider, month, state); a state that says that something is in counts as held."""
    states = pd.DataFrame(list(rows), columns=["provider", "month", "state"])
    held = states[states["state"].isin(["flex", "freeze", "freeze missing"])]
    states = states.assign(word=states["state"].str.upper())
    return coverage_by_month(states, held[["provider", "month"]], providers={"RJZ": "A trust"}).set_index("provider")


def test_months_stand_side_by_side_in_words_and_providers_by_name():
    frame = months(("RJ1", 1, "freeze"), ("RJ1", 2, "missing"), ("RJZ", 1, "flex"), ("RJZ", 2, "due"))
    assert list(frame.index) == ["RJZ", "RJ1"]
    assert frame.loc["RJ1", ["provider_name", "m1", "m2"]].tolist() == ["RJ1", "FREEZE", "MISSING"]


def test_months_expected_are_those_in_and_those_past_their_date():
    states = ["freeze", "freeze missing", "missing", "due", "not due"]
    frame = months(*(("RJ1", month, state) for month, state in enumerate(states, 1)), ("RJ1", 13, "missing"))
    assert (frame.loc["RJ1", "months_in"], frame.loc["RJ1", "months_expected"]) == (2, 3)


def test_nobody_expected_is_an_empty_table():
    assert months().empty


def test_a_month_that_stands_twice_is_refused():
    with pytest.raises(ValueError, match="more than one row for provider and month"):
        months(("RJ1", 1, "flex"), ("RJ1", 1, "freeze"))


def spend(**years):
    frame = pd.DataFrame([(y.replace("_", "/"), *v) for y, v in years.items()], columns=["year", "planned_price", "actual_price"])
    return frame.astype({"planned_price": "Int64", "actual_price": "Int64"})


def test_specialised_and_other_add_up_year_by_year():
    both = specialised_and_other(spend(y2025=(5, 7), y2026=(None, 1)), spend(y2025=(1, 2), y2024=(3, None)))
    assert both["year"].tolist() == ["y2024", "y2025", "y2026"]
    assert both["actual_price_all"].tolist()[1:] == [9, 1]
    assert both["actual_price_all"].isna().tolist() == [True, False, False]
    assert both["planned_price_all"].tolist()[:2] == [3, 6]


def states(*rows):
    frame = pd.DataFrame(rows, columns=["provider", "year", "extracts", "actual_price"])
    return frame.astype({"actual_price": "Int64", "provider": object, "year": object, "extracts": object})


def test_changes_are_new_restated_or_withdrawn():
    before = states(("A", "25", "1", 10), ("B", "25", "2", 20), ("C", "25", "3", 30))
    after = states(("A", "25", "1", 10), ("B", "25", "4", 26), ("D", "25", "5", 40))
    rows = changes_between(before, after, providers={"B": "Bee"}).set_index("provider")
    assert rows["what"].to_dict() == {"B": "Restated", "C": "Withdrawn", "D": "New"}
    assert rows["change"].to_dict() == {"B": 6, "C": -30, "D": 40}
    assert rows.loc["B", "provider_name"] == "Bee"
    assert rows["after_price"].isna().to_dict()["C"]


def test_a_first_position_is_all_new_and_an_unchanged_one_is_nothing():
    state = states(("A", "25", "1", 10))
    assert changes_between(state.head(0), state, providers={})["what"].tolist() == ["New"]
    assert changes_between(state, state, providers={}).empty


def test_restating_the_same_money_is_still_a_change():
    rows = changes_between(states(("A", "25", "1", 10)), states(("A", "25", "2", 10)), providers={})
    assert rows["change"].tolist() == [0]
