"""Natural footprints, levels and stability: by hand, by invariants, and against walks down lists."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.calculations.natural_footprints import (
    LEVELS,
    footprint_sizes,
    natural_levels,
    needed_homes,
    stability,
    stability_of,
)
from planning.calculations.flows import ranked_homes, smallest_footprint
from tests.networks.twins import footprints as slow

REGIONS = {"QKK": "London", "QWE": "London", "QRV": "London", "QKS": "South East", "QXU": "South East", "QNX": "South East"}
HOMES = [*REGIONS, "REST", "DEVOLVED"]
SHARES = (50, 80, 90, 95)


def by_home(flows: dict[str, dict[str, int | None]]) -> pd.DataFrame:
    rows = [(service, home, amount) for service, homes in flows.items() for home, amount in homes.items()]
    return pd.DataFrame(rows, columns=["service", "home_system", "amount"]).astype({"amount": "Int64"})


def sizes(homes: dict[str, int | None], *, threshold=0.9, not_known=("NOT-KNOWN",)) -> pd.Series | None:
    needed = needed_homes(by_home({"s": homes}), by="service", measure="amount", not_known=not_known)
    found = footprint_sizes(needed, by="service", threshold=threshold, regions=REGIONS)
    return found.iloc[0] if len(found) else None


def by_place(*rows: tuple[str, str, int], service="s") -> pd.DataFrame:
    frame = pd.DataFrame([(service, *row) for row in rows], columns=["service", "home_system", "home_place", "amount"])
    return frame.astype({"amount": "Int64"})


def level_of(*rows: tuple[str, str, int], threshold=0.9) -> str | None:
    found = natural_levels(by_place(*rows), measure="amount", threshold=threshold, not_known=["NOT-KNOWN"], regions=REGIONS)
    return found["natural_level"].iloc[0] if len(found) else None


class TestSizes:
    def test_the_fewest_homes_for_each_share(self):
        row = sizes({"QKK": 50, "QWE": 30, "QKS": 10, "QXU": 6, "REST": 4})
        assert [row[f"homes_{share}"] for share in SHARES] == [1, 2, 3, 4]
        assert row["homes"] == ("QKK", "QWE", "QKS")
        assert row["covered"] == pytest.approx(0.9)
        assert (row["regions"], row["region_names"]) == (2, ("London", "South East"))

    def test_the_rest_of_england_is_a_home_and_no_region(self):
        row = sizes({"REST": 60, "QKK": 40})
        assert row["homes"] == ("REST", "QKK")
        assert (row["homes_50"], row["regions"]) == (1, 1)

    def test_only_the_rest_of_england_is_in_no_region(self):
        row = sizes({"REST": 99, "QKK": 1})
        assert (row["homes"], row["regions"], row["region_names"]) == (("REST",), 0, ())

    def test_homes_that_are_not_known_are_left_out(self):
        assert sizes({"NOT-KNOWN": 900, "QKK": 1})["homes"] == ("QKK",)

    def test_nothing_known_is_no_row(self):
        assert sizes({"NOT-KNOWN": 900}) is None
        assert sizes({"QKK": 0}) is None
        assert sizes({"QKK": None}) is None

    def test_equal_homes_stand_in_code_order(self):
        assert sizes({"QWE": 5, "QKK": 5, "QKS": 5}, threshold=0.5)["homes"] == ("QKK", "QKS")

    def test_services_are_told_apart(self):
        flows = by_home({"a": {"QKK": 9, "QWE": 1}, "b": {"QWE": 5, "QKS": 5}})
        needed = needed_homes(flows, by="service", measure="amount", not_known=[])
        found = footprint_sizes(needed, by="service", threshold=0.9, regions=REGIONS).set_index("service")
        assert found["homes"].to_dict() == {"a": ("QKK",), "b": ("QKS", "QWE")}
        assert found["homes_95"].to_dict() == {"a": 2, "b": 2}

    @given(st.dictionaries(st.sampled_from(HOMES), st.integers(0, 60), min_size=1))
    def test_sizes_are_those_of_the_slow_walk(self, homes):
        row = sizes(homes)
        for share in SHARES:
            walked = slow.footprint(homes, share)
            assert (0 if row is None else row[f"homes_{share}"]) == len(walked)
            if row is not None:
                own = sizes(homes, threshold=share / 100)
                assert list(own["homes"]) == walked
                assert own["regions"] == slow.regions_of(walked, REGIONS)

    @given(st.dictionaries(st.sampled_from(HOMES), st.integers(1, 10**15), min_size=1))
    def test_large_money_is_compared_exactly(self, homes):
        row = sizes(homes)
        assert [row[f"homes_{share}"] for share in SHARES] == [len(slow.footprint(homes, share)) for share in SHARES]


class TestRanked:
    def test_nine_of_ten_are_nine_tenths(self):
        flows = pd.DataFrame({"home_system": ["A", "B"], "provider": ["P", "P"], "n": [9, 1]})
        ranked = ranked_homes(flows, measure="n", thresholds=["0.9", "0.95"])
        assert ranked["needed_for"].tolist() == [0.9, 0.95]

    def test_floats_are_compared_as_fractions(self):
        flows = pd.DataFrame({"home_system": ["A", "B"], "provider": ["P", "P"], "n": [0.9, 0.1]})
        assert ranked_homes(flows, measure="n", thresholds=[0.9])["needed_for"].isna().tolist() == [False, True]

    def test_numbers_beyond_what_a_column_holds_are_compared_too(self):
        flows = pd.DataFrame({"home_system": ["A", "B"], "provider": ["P", "P"], "n": [9 * 10**17, 10**17]})
        assert ranked_homes(flows, measure="n", thresholds=["0.95"])["needed_for"].tolist() == [0.95, 0.95]

    def test_homes_after_the_whole_is_reached_have_no_rows(self):
        flows = pd.DataFrame({"home_system": ["A", "B", "C"], "provider": ["P"] * 3, "n": [5, 0, -1]})
        assert ranked_homes(flows, measure="n", thresholds=["1"])["home_system"].tolist() == ["A"]

    @pytest.mark.parametrize("threshold", [0, -0.1, 1.01, "2"])
    def test_a_share_that_is_none_is_refused(self, threshold):
        flows = pd.DataFrame({"home_system": ["A"], "provider": ["P"], "n": [1]})
        with pytest.raises(ValueError, match="more than 0 and at most 1"):
            ranked_homes(flows, measure="n", thresholds=[threshold])

    @given(st.dictionaries(st.sampled_from("ABCDEF"), st.integers(-5, 50), min_size=1), st.sampled_from([50, 80, 90, 95, 100]))
    def test_the_smallest_footprint_is_what_its_share_needs(self, homes, share):
        flows = pd.DataFrame({"home_system": list(homes), "provider": "P", "n": list(homes.values())})
        alone = smallest_footprint(flows, measure="n", threshold=share / 100)
        among = ranked_homes(flows, measure="n", thresholds=["0.5", "0.8", "0.9", "0.95", "1"])
        assert alone["home_system"].tolist() == among.loc[among["needed_for"] <= share / 100, "home_system"].tolist()
        assert "needed_for" not in alone


class TestLevels:
    def test_one_place_is_enough(self):
        assert level_of(("QKK", "E1", 95), ("QKK", "E2", 3), ("QWE", "QWE", 2)) == "place"

    def test_a_home_whose_place_is_not_known_is_no_place(self):
        assert level_of(("QKK", "QKK", 95), ("QWE", "E3", 5)) == "system"

    def test_one_system_of_many_places(self):
        assert level_of(("QKK", "E1", 50), ("QKK", "E2", 45), ("QWE", "E3", 5)) == "system"

    def test_several_systems_of_one_region(self):
        assert level_of(("QKK", "E1", 50), ("QWE", "E3", 45), ("QKS", "E4", 5)) == "one_region"

    def test_several_regions(self):
        assert level_of(("QKK", "E1", 50), ("QKS", "E4", 45), ("QWE", "E3", 5)) == "regions"

    def test_a_home_beyond_the_loaded_systems_makes_it_more_than_one_region(self):
        homes = [("QKK", "E1", 84), ("QWE", "E3", 3), ("QRV", "E5", 3), ("REST", "REST", 10)]
        assert level_of(*homes, threshold=0.9) == "regions"

    def test_national_where_the_loaded_systems_do_not_reach_it(self):
        assert level_of(("QKK", "E1", 89), ("REST", "REST", 11)) == "national"
        assert level_of(("QKK", "E1", 89), ("REST", "REST", 11), threshold=0.8) == "place"

    def test_exactly_the_share_is_reached(self):
        """One less nine tenths is less than a tenth in floats; it must not make a service national."""
        assert level_of(("QKK", "E1", 9), ("REST", "REST", 1)) == "place"
        assert level_of(("QKK", "QKK", 9), ("REST", "REST", 1)) == "system"

    def test_without_a_flow_there_is_no_level(self):
        assert level_of(("QKK", "E1", 0)) is None
        assert level_of(("NOT-KNOWN", "NOT-KNOWN", 5)) is None

    def test_not_known_homes_change_nothing(self):
        rows = [("QKK", "E1", 50), ("QKS", "E4", 45), ("QWE", "E3", 5)]
        assert level_of(*rows, ("NOT-KNOWN", "NOT-KNOWN", 10_000)) == level_of(*rows)

    def test_how_much_comes_from_beyond(self):
        flows = by_place(("QKK", "E1", 60), ("REST", "REST", 30), ("OVERSEAS", "OVERSEAS", 10), ("NOT-KNOWN", "NOT-KNOWN", 900))
        found = natural_levels(flows, measure="amount", threshold=0.9, not_known=["NOT-KNOWN"], regions=REGIONS)
        assert found["beyond_share"].tolist() == pytest.approx([0.4])

    def test_a_row_that_stands_twice_is_refused(self):
        with pytest.raises(ValueError, match="more than one row"):
            level_of(("QKK", "E1", 1), ("QKK", "E1", 1))

    def test_a_frame_without_places_is_refused(self):
        flows = by_place(("QKK", "E1", 1)).drop(columns="home_place")
        with pytest.raises(ValueError, match="home_place"):
            natural_levels(flows, measure="amount", threshold=0.9, not_known=[], regions=REGIONS)

    @given(
        st.dictionaries(st.tuples(st.sampled_from(HOMES), st.sampled_from(["", "1", "2"])), st.integers(0, 50), min_size=1),
        st.sampled_from(SHARES),
    )
    def test_levels_are_those_of_trying_each_in_turn(self, flows, share):
        rows = [(home, f"{home}{place}", amount) for (home, place), amount in flows.items()]
        systems: dict[str, int] = {}
        for home, _, amount in rows:
            systems[home] = systems.get(home, 0) + amount
        places = {place: amount for home, place, amount in rows if place != home}
        said = level_of(*rows, threshold=share / 100)
        assert said == slow.level(systems, places, share, REGIONS)
        assert said is None or said in LEVELS

    @given(st.dictionaries(st.sampled_from(HOMES), st.integers(1, 50), min_size=1))
    def test_a_larger_share_is_never_at_a_smaller_level(self, homes):
        rows = [(home, home, amount) for home, amount in homes.items()]
        order = [LEVELS.index(level_of(*rows, threshold=share / 100)) for share in SHARES]
        assert order == sorted(order)


def in_years(**years: dict[str, int]) -> pd.DataFrame:
    rows = [("s", year, home, amount) for year, homes in years.items() for home, amount in homes.items()]
    return pd.DataFrame(rows, columns=["service", "year", "home_system", "amount"]).astype({"amount": "Int64"})


def stable(**years: dict[str, int]) -> pd.Series | None:
    found = stability(in_years(**years), measure="amount", threshold="0.9", not_known=["NOT-KNOWN"])
    return found.iloc[0] if len(found) else None


class TestStability:
    def test_the_same_homes_each_year(self):
        row = stable(a={"QKK": 9, "QWE": 1}, b={"QKK": 99, "QKS": 1})
        assert (row["years"], row["fewest"], row["most"], row["overlap"], row["stability"]) == (2, 1, 1, 1, "stable")

    def test_homes_of_every_year_over_homes_of_any(self):
        row = stable(a={"QKK": 5, "QWE": 5}, b={"QKK": 5, "QKS": 5}, c={"QKK": 5, "QWE": 3, "QKS": 2})
        assert (row["fewest"], row["most"]) == (2, 3)
        assert row["overlap"] == pytest.approx(1 / 3)
        assert row["stability"] == "changing"

    def test_one_year_says_nothing_of_stability(self):
        row = stable(a={"QKK": 5})
        assert pd.isna(row["overlap"])
        assert row["stability"] == "one_year"

    def test_years_without_a_flow_are_not_years(self):
        assert stable(a={"QKK": 5}, b={"QKK": 0})["years"] == 1
        assert stable(a={"NOT-KNOWN": 5}) is None

    @pytest.mark.parametrize(
        ("overlap", "word"),
        [(1, "stable"), (0.8, "stable"), (0.79, "mostly_stable"), (0.5, "mostly_stable"), (0.49, "changing"), (0, "changing")],
    )
    def test_the_words_for_an_overlap(self, overlap, word):
        assert stability_of(overlap) == word

    @given(
        st.dictionaries(
            st.sampled_from(["2019/20", "2022/23", "2025/26"]),
            st.dictionaries(st.sampled_from(HOMES), st.integers(0, 30), min_size=1),
            min_size=1,
        ),
        st.sampled_from(SHARES),
    )
    def test_stability_is_that_of_the_slow_walk(self, years, share):
        found = stability(in_years(**years), measure="amount", threshold=str(share / 100), not_known=[])
        walked = slow.stability(years, share)
        assert (walked is None) == found.empty
        if walked:
            row = found.iloc[0]
            assert [row["years"], row["fewest"], row["most"]] == [walked["years"], walked["fewest"], walked["most"]]
            assert pd.isna(row["overlap"]) if walked["overlap"] is None else row["overlap"] == pytest.approx(walked["overlap"])

    def test_the_order_of_rows_makes_no_difference(self):
        flows = in_years(a={"QKK": 5, "QWE": 5, "QKS": 4}, b={"QKK": 5, "QKS": 5})
        turned = flows.iloc[::-1].reset_index(drop=True)
        arguments = {"measure": "amount", "threshold": "0.9", "not_known": []}
        pd.testing.assert_frame_equal(stability(flows, **arguments), stability(turned, **arguments))
