"""Planning and delivery footprints: by hand, by invariants, and against walks down lists."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.calculations.natural_footprints import needed_homes
from networks.calculations.planned_footprints import compared_with_stated, delivery_footprints, planned_footprints
from tests.networks.twins import footprints as slow

REGIONS = {"QKK": "London", "QWE": "London", "QKS": "South East", "QXU": "South East", "NEW": "South East"}
HOMES = [*REGIONS, "REST"]


def flows(**services: dict[str, int]) -> pd.DataFrame:
    rows = [(service, home, amount) for service, homes in services.items() for home, amount in homes.items()]
    return pd.DataFrame(rows, columns=["service", "home_system", "amount"]).astype({"amount": "Int64"})


def scope(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(pairs), columns=["network", "service"])


def stated(*rows: tuple[str, str, bool]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["network", "system", "followed"]).astype({"followed": bool})


def planned(frame, pairs, systems) -> pd.DataFrame:
    return planned_footprints(frame, scope=pairs, stated=systems, measure="amount", not_known=["NOT-KNOWN"]).set_index("service")


class TestPlanned:
    def test_the_stated_systems_of_the_network_that_plans_it(self):
        found = planned(flows(a={"QKK": 6, "QKS": 4}), scope(("n", "a")), stated(("n", "QKK", False), ("n", "QWE", False)))
        row = found.loc["a"]
        assert (row["networks"], row["stated_systems"]) == (("n",), ("QKK", "QWE"))
        assert row["stated_share"] == pytest.approx(0.6)

    def test_networks_that_plan_the_same_service_state_together(self):
        systems = stated(("n", "QKK", False), ("m", "QKK", False), ("m", "QKS", False))
        row = planned(flows(a={"QKK": 6, "QKS": 3, "QWE": 1}), scope(("n", "a"), ("m", "a")), systems).loc["a"]
        assert (row["networks"], row["stated_systems"]) == (("m", "n"), ("QKK", "QKS"))
        assert row["stated_share"] == pytest.approx(0.9)

    def test_what_a_stated_system_has_become_counts_and_is_not_listed(self):
        systems = stated(("n", "QXU", False), ("n", "NEW", True))
        row = planned(flows(a={"NEW": 8, "QKK": 2}), scope(("n", "a")), systems).loc["a"]
        assert row["stated_systems"] == ("QXU",)
        assert row["stated_share"] == pytest.approx(0.8)

    def test_a_service_that_nobody_plans_has_no_row(self):
        assert planned(flows(a={"QKK": 1}), scope(("n", "b")), stated(("n", "QKK", False))).empty

    def test_a_network_without_a_footprint_covers_nothing_that_could_be_compared(self):
        row = planned(flows(a={"QKK": 1}), scope(("n", "a")), stated()).loc["a"]
        assert row["stated_systems"] == ()
        assert pd.isna(row["stated_share"])

    def test_homes_not_known_are_in_no_share(self):
        row = planned(flows(a={"QKK": 1, "QWE": 1, "NOT-KNOWN": 98}), scope(("n", "a")), stated(("n", "QKK", False))).loc["a"]
        assert row["stated_share"] == pytest.approx(0.5)

    def test_a_pair_of_the_scope_that_stands_twice_counts_once(self):
        found = planned(flows(a={"QKK": 1, "QWE": 1}), scope(("n", "a"), ("n", "a")), stated(("n", "QKK", False)))
        assert found.loc["a", "stated_share"] == pytest.approx(0.5)
        assert found.loc["a", "networks"] == ("n",)

    def test_a_home_that_stands_twice_is_refused(self):
        with pytest.raises(ValueError, match="more than one row"):
            planned(pd.concat([flows(a={"QKK": 1})] * 2), scope(("n", "a")), stated())

    @given(st.dictionaries(st.sampled_from(HOMES), st.integers(0, 50), min_size=1), st.sets(st.sampled_from(HOMES), min_size=1))
    def test_the_share_is_that_of_adding_up(self, homes, systems):
        found = planned(flows(a=homes), scope(("n", "a")), stated(*[("n", s, False) for s in systems]))
        share, walked = found.loc["a", "stated_share"], slow.stated_share(homes, list(systems))
        assert pd.isna(share) if walked is None else share == pytest.approx(walked)


def delivered(amounts: dict[str, int | None], threshold="0.9") -> pd.DataFrame:
    frame = pd.DataFrame({"service": "a", "provider": list(amounts), "amount": pd.array(list(amounts.values()), dtype="Int64")})
    return delivery_footprints(frame, by="service", measure="amount", threshold=threshold)


class TestDelivered:
    def test_the_fewest_providers_largest_first(self):
        rows = delivered({"RJ1": 50, "RJZ": 40, "RJ7": 10})
        assert rows["provider"].tolist() == ["RJ1", "RJZ", "RJ7"]
        assert rows["needed"].tolist() == [True, True, False]
        assert rows["covered"].tolist() == pytest.approx([0.5, 0.9, 1.0])

    def test_providers_that_deliver_nothing_have_no_row(self):
        assert delivered({"RJ1": 5, "RJZ": 0, "RJ7": None})["provider"].tolist() == ["RJ1"]

    def test_another_share_needs_other_providers(self):
        assert delivered({"RJ1": 50, "RJZ": 40, "RJ7": 10}, "0.5")["needed"].tolist() == [True, False, False]

    @given(st.dictionaries(st.sampled_from(["RJ1", "RJZ", "RJ7", "RPY"]), st.integers(0, 50), min_size=1))
    def test_they_are_those_of_the_slow_walk(self, amounts):
        rows = delivered(amounts)
        assert rows.loc[rows["needed"], "provider"].tolist() == slow.delivering(amounts)


def compared(homes: dict[str, int], systems, followed=None) -> pd.DataFrame:
    needed = needed_homes(flows(n=homes), by="service", measure="amount", not_known=["NOT-KNOWN"])
    known = [home for home in homes if home != "NOT-KNOWN"]
    found = compared_with_stated(needed, flowing=known, stated=systems, followed=followed or {}, regions=REGIONS)
    return found.set_index("footprint")


class TestCompared:
    def test_the_stated_and_each_share_stand_in_rows(self):
        rows = compared({"QKK": 50, "QWE": 30, "QKS": 10, "QXU": 6, "REST": 4}, ["QKK", "QWE"])
        assert rows.index.tolist() == ["stated", "50", "80", "90", "95"]
        assert rows["systems"].tolist() == [2, 1, 2, 3, 4]
        assert rows["regions"].tolist() == [1, 1, 1, 2, 2]
        assert rows.loc["90", "only_here"] == ("QKS",)
        assert rows.loc["50", "only_stated"] == ("QWE",)
        assert rows["both"].tolist() == [2, 1, 2, 2, 2]

    def test_the_rest_of_england_is_another_home(self):
        rows = compared({"QKK": 50, "REST": 50}, ["QKK"])
        assert (rows.loc["90", "systems"], rows.loc["90", "others"], rows.loc["90", "regions"]) == (1, 1, 1)

    def test_what_followed_a_stated_system_counts_as_stated(self):
        rows = compared({"QKK": 50, "NEW": 50}, ["QKK", "QXU"], {"NEW": "QXU"})
        assert rows.loc["90", "only_here"] == ()
        assert rows.loc["90", "both"] == 2
        assert set(rows.loc["stated", "counted"]) == {"QKK", "NEW"}

    def test_stated_systems_without_a_flow_are_counted_among_none(self):
        rows = compared({"QKK": 5}, ["QKK", "QWE"])
        assert rows.loc["stated", "counted"] == ("QKK",)
        assert rows.loc["stated", "homes"] == ("QKK", "QWE")

    def test_a_network_without_a_flow_needs_no_homes(self):
        rows = compared({"NOT-KNOWN": 5}, ["QKK"])
        assert rows.loc["90", "homes"] == ()
        assert rows.loc["90", ["systems", "others", "regions", "both"]].tolist() == [0, 0, 0, 0]

    @given(st.dictionaries(st.sampled_from(HOMES), st.integers(1, 50), min_size=1), st.sets(st.sampled_from(list(REGIONS))))
    def test_what_is_needed_and_stated_and_what_is_not_make_the_whole(self, homes, systems):
        rows = compared(homes, sorted(systems))
        for share in (50, 80, 90, 95):
            row = rows.loc[str(share)]
            assert list(row["homes"]) == slow.footprint(homes, share)
            assert row["systems"] + row["others"] == len(row["homes"])
            assert row["both"] + len(row["only_here"]) == len(row["homes"])
            assert row["both"] + len(row["only_stated"]) == len(systems)
