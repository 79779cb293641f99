"""Spend a head beside peers: by hand, by invariants, and against a slow twin."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.calculations.spend_per_head import POUND, spend_per_head, system_populations
from tests.programme.twins import spend as slow

SYSTEMS = ["QKK", "QWE", "QKS", "QXU"]


def spend(**pounds: float | None) -> pd.DataFrame:
    stored = [None if amount is None else int(amount * POUND) for amount in pounds.values()]
    frame = pd.DataFrame({"system": list(pounds), "actual_price": pd.array(stored, dtype="Int64")})
    return frame.assign(people=pd.array([pd.NA] * len(frame), dtype="Int64"))


def heads(pounds, populations, whole) -> pd.DataFrame:
    return spend_per_head(spend(**pounds), populations=populations, whole=whole).set_index("system")


class TestPerHead:
    def test_pounds_a_head_and_of_the_peers(self):
        rows = heads({"QKK": 100, "QWE": 30, "QKS": 20}, {"QKK": 10, "QWE": 6, "QKS": 4}, {"QKK", "QWE", "QKS"})
        assert rows["per_head"].to_dict() == {"QKK": 10, "QWE": 5, "QKS": 5}
        assert rows.loc["QKK", "peers_per_head"] == pytest.approx(5)
        assert rows.loc["QKK", "against_peers"] == pytest.approx(1)
        assert rows.loc["QWE", "peers_per_head"] == pytest.approx(120 / 14)

    def test_a_system_whose_own_trusts_are_not_in_is_not_known_and_no_peer(self):
        rows = heads({"QKK": 100, "QWE": 30, "QKS": 1}, {"QKK": 10, "QWE": 6, "QKS": 4}, {"QKK", "QWE"})
        assert pd.isna(rows.loc["QKS", "per_head"])
        assert rows.loc["QKK", "peers_per_head"] == pytest.approx(5)
        assert not rows.loc["QKS", "is_whole"]
        assert rows.loc["QKS", "population"] == 4

    def test_one_alone_has_no_peers(self):
        rows = heads({"QKK": 100, "QWE": 30}, {"QKK": 10, "QWE": 6}, {"QKK"})
        assert rows.loc["QKK", "per_head"] == 10
        assert pd.isna(rows.loc["QKK", "peers_per_head"])
        assert pd.isna(rows.loc["QKK", "against_peers"])

    def test_people_not_known_are_not_one(self):
        rows = heads({"QKK": 100, "QWE": 30}, {"QKK": 10}, {"QKK", "QWE"})
        assert pd.isna(rows.loc["QWE", "per_head"])
        assert pd.isna(rows.loc["QKK", "peers_per_head"])

    def test_a_price_not_known_is_no_peer(self):
        rows = heads({"QKK": 100, "QWE": None, "QKS": 20}, {"QKK": 10, "QWE": 6, "QKS": 4}, {"QKK", "QWE", "QKS"})
        assert pd.isna(rows.loc["QWE", "per_head"])
        assert rows.loc["QKK", "peers_per_head"] == pytest.approx(5)

    def test_whole_systems_stand_first_the_most_a_head_on_top(self):
        rows = spend_per_head(spend(QKK=10, QWE=30, QKS=99), populations=dict.fromkeys(SYSTEMS, 10), whole=["QKK", "QWE"])
        assert rows["system"].tolist() == ["QWE", "QKK", "QKS"]

    def test_a_system_that_stands_twice_is_refused(self):
        with pytest.raises(ValueError, match="more than one row"):
            spend_per_head(pd.concat([spend(QKK=1)] * 2), populations={}, whole=[])

    def test_no_spend_is_no_row(self):
        assert heads({}, {}, set()).empty

    @given(
        st.dictionaries(st.sampled_from(SYSTEMS), st.integers(0, 10**6), min_size=1),
        st.dictionaries(st.sampled_from(SYSTEMS), st.floats(1, 10**6), min_size=1),
        st.sets(st.sampled_from(SYSTEMS)),
    )
    def test_it_is_that_of_the_slow_twin(self, pounds, populations, whole):
        rows = heads(pounds, populations, whole)
        walked = slow.per_head({s: p * POUND for s, p in pounds.items()}, populations, whole)
        for system, expected in walked.items():
            for name, value in (("per_head", expected["per_head"]), ("peers_per_head", expected["peers"])):
                found = rows.loc[system, name]
                assert pd.isna(found) if value is None else found == pytest.approx(value), (system, name)

    @given(st.dictionaries(st.sampled_from(SYSTEMS), st.integers(1, 10**6), min_size=2))
    def test_somebody_is_above_their_peers_unless_all_are_alike(self, pounds):
        rows = heads(pounds, dict.fromkeys(SYSTEMS, 1000), set(SYSTEMS))
        against = rows["against_peers"].dropna()
        assert (against >= -1e-9).any()
        assert (against <= 1e-9).any()


def places(**people: float | None) -> pd.DataFrame:
    return pd.DataFrame({"place": list(people), "population": pd.array(list(people.values()), dtype="Float64")})


def shares(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["place", "system", "share"])


class TestPopulations:
    def test_people_of_a_system_are_those_of_its_places(self):
        found = system_populations(places(A=10, B=20), shares(("A", "QKK", 1), ("B", "QKK", 1)), became={})
        assert found == {"QKK": 30}

    def test_a_place_of_two_systems_is_divided(self):
        found = system_populations(places(A=10), shares(("A", "QKK", 0.75), ("A", "QWE", 0.25)), became={})
        assert found == {"QKK": 7.5, "QWE": 2.5}

    def test_systems_that_have_merged_are_added_up(self):
        rows = shares(("A", "QXU", 1), ("B", "QNX", 1))
        assert system_populations(places(A=1, B=2), rows, became={"QXU": "NEW", "QNX": "NEW"}) == {"NEW": 3}

    def test_a_system_with_a_place_that_is_not_known_is_left_out(self):
        rows = shares(("A", "QKK", 1), ("B", "QKK", 1), ("B", "QWE", 0), ("C", "QKS", 1))
        assert system_populations(places(A=1, B=None, C=4), rows, became={}) == {"QKS": 4}

    def test_a_place_that_stands_twice_is_refused(self):
        with pytest.raises(ValueError, match="more than one row"):
            system_populations(pd.concat([places(A=1)] * 2), shares(("A", "QKK", 1)), became={})

    @given(
        st.dictionaries(st.sampled_from("ABCD"), st.one_of(st.none(), st.integers(0, 99)), min_size=1),
        st.dictionaries(st.tuples(st.sampled_from("ABCD"), st.sampled_from(SYSTEMS)), st.floats(0, 1), min_size=1),
    )
    def test_it_is_that_of_the_slow_twin(self, people, divided):
        rows = [(place, system, share) for (place, system), share in divided.items()]
        found = system_populations(places(**people), shares(*rows), became={})
        walked = slow.people_of_systems(people, rows)
        assert found.keys() == walked.keys()
        assert all(found[system] == pytest.approx(walked[system]) for system in walked)
