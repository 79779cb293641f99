"""Spend a head of each system beside its peers: people from places, money by hand, and against plain loops."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.calculations.spend_per_head import spend_per_head, system_populations

POUND = 10_000


def places(**people):
    return pd.DataFrame({"place": list(people), "population": pd.array(list(people.values()), dtype="Int64")})


def shares(*rows):
    return pd.DataFrame(list(rows), columns=["place", "system", "share"])


def populations(people, *rows, became=None):
    return system_populations(people, shares(*rows), became=became or {})


def test_a_place_in_two_systems_gives_each_its_share():
    found = populations(places(P=1_000, Q=500), ("P", "A", 0.75), ("P", "B", 0.25), ("Q", "B", 1.0))
    assert found == {"A": pytest.approx(750), "B": pytest.approx(750)}


def test_systems_that_have_merged_are_counted_as_what_they_became():
    found = populations(places(P=100, Q=50), ("P", "A", 1.0), ("Q", "B", 1.0), became={"A": "NEW", "B": "NEW"})
    assert found == {"NEW": pytest.approx(150)}


def test_a_system_with_a_place_whose_people_are_not_known_is_not_known():
    found = populations(places(P=100, Q=None, R=7), ("P", "A", 1.0), ("Q", "A", 1.0), ("R", "B", 1.0))
    assert found == {"B": pytest.approx(7)}


def test_a_place_that_is_not_listed_makes_its_system_not_known():
    assert populations(places(P=100), ("P", "A", 1.0), ("GONE", "A", 1.0)) == {}


def test_a_place_without_people_is_nobody_and_known():
    assert populations(places(P=0), ("P", "A", 1.0)) == {"A": 0}


@pytest.mark.parametrize(
    ("people", "rows", "words"),
    [
        (pd.concat([places(P=1), places(P=2)]), [("P", "A", 1.0)], "more than one row for place"),
        (places(P=1), [("P", "A", 0.5), ("P", "A", 0.5)], "more than one row for place and system"),
        (places(P=1).drop(columns="population"), [("P", "A", 1.0)], "population"),
    ],
)
def test_doubtful_populations_are_refused(people, rows, words):
    with pytest.raises(ValueError, match=words):
        populations(people, *rows)


def spend(**pounds):
    price = [None if one is None else int(one * POUND) for one in pounds.values()]
    return pd.DataFrame({"system": list(pounds), "actual_price": pd.array(price, dtype="Int64"), "people": 1})


def per_head(frame, people, whole="ABC"):
    return spend_per_head(frame, populations=people, whole=list(whole)).set_index("system")


def known(value):
    return None if pd.isna(value) else value


def test_a_system_stands_beside_all_others_taken_together():
    rows = per_head(spend(A=600, B=100, C=100), {"A": 100, "B": 50, "C": 150})
    assert rows["per_head"].to_dict() == {"A": 6, "B": 2, "C": pytest.approx(2 / 3)}
    # B and C together: £200 for 200 people; the mean of their rates would be 1.33.
    assert rows.loc["A", "peers_per_head"] == 1
    assert rows.loc["A", "against_peers"] == 5
    assert rows.loc["B", "peers_per_head"] == pytest.approx(700 / 250)
    assert rows.loc["B", "against_peers"] == pytest.approx(2 / 2.8 - 1)
    assert rows.index.tolist() == ["A", "B", "C"]


def test_systems_that_are_not_whole_are_shown_without_a_rate_and_are_no_peers():
    rows = per_head(spend(A=600, B=100, X=9_999), {"A": 100, "B": 50, "X": 1})
    assert rows.index.tolist() == ["A", "B", "X"]
    assert known(rows.loc["X", "per_head"]) is None
    assert rows.loc["X", "actual_price"] == 9_999 * POUND
    assert rows.loc["X", "population"] == 1
    assert rows.loc["A", "peers_per_head"] == 2


@pytest.mark.parametrize(
    ("pounds", "people"),
    [({"A": 5}, {"A": 1}), ({"A": 5, "B": None}, {"A": 1, "B": 1}), ({"A": 5, "B": 5}, {"A": 1})],
    ids=["alone", "the other's cost is missing", "the other's people are not known"],
)
def test_one_system_alone_has_no_peers(pounds, people):
    row = per_head(spend(**pounds), people).loc["A"]
    assert row["per_head"] == 5
    assert [known(row[name]) for name in ("peers_price", "peers_units", "peers_per_head", "against_peers")] == [None] * 4


def test_peers_that_cost_nothing_cannot_be_compared_with():
    row = per_head(spend(A=5, B=0), {"A": 1, "B": 1}).loc["A"]
    assert (row["peers_per_head"], known(row["against_peers"])) == (0, None)


def test_nobody_has_no_rate():
    rows = per_head(spend(A=5, B=5), {"A": 0, "B": 5})
    assert known(rows.loc["A", "per_head"]) is None
    assert rows.loc["B", "peers_per_head"] != rows.loc["B", "peers_per_head"]


def test_people_are_whole_people():
    assert per_head(spend(A=5), {"A": 2.6}).loc["A", ["population", "population_units"]].tolist() == [3, 30_000]


def test_a_system_that_stands_twice_is_refused():
    with pytest.raises(ValueError, match="more than one row for system"):
        per_head(pd.concat([spend(A=1), spend(A=2)]), {"A": 1})


AMOUNTS = st.dictionaries(st.sampled_from("ABCDEF"), st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)), min_size=1)


@given(AMOUNTS, st.sets(st.sampled_from("ABCDEF")))
def test_rates_are_those_of_adding_up_the_others_one_by_one(amounts, whole):
    rows = per_head(spend(**{c: p for c, (p, _) in amounts.items()}), {c: n for c, (_, n) in amounts.items()}, whole)
    for code, (pounds, people) in amounts.items():
        if code not in whole:
            assert known(rows.loc[code, "per_head"]) is None
            continue
        assert rows.loc[code, "per_head"] == pytest.approx(pounds / people)
        other_pounds = other_people = 0
        for other, (more, others) in amounts.items():
            if other != code and other in whole:
                other_pounds, other_people = other_pounds + more, other_people + others
        expected = other_pounds / other_people if other_people else None
        assert known(rows.loc[code, "peers_per_head"]) == (None if expected is None else pytest.approx(expected))
