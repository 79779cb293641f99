"""Growth over full years, months beside the year before, shares and plan: by hand, by invariants, against a slow twin."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.calculations.spend_over_time import by_month, growth, with_plan
from tests.programme.twins import spend as slow

FULL = ["2019/20", "2022/23", "2025/26"]
NAMES = [*"ABCDEFGHIJKL", "Year end"]


def years(**services: dict[str, int | None]) -> pd.DataFrame:
    rows = [(service, year, amount) for service, of in services.items() for year, amount in of.items()]
    return pd.DataFrame(rows, columns=["service", "year", "amount"]).astype({"amount": "Int64"})


def grown(of: dict[str, int | None], *, full=FULL, year="2025/26") -> pd.Series:
    return growth(years(s=of), by="service", measure="amount", full_years=full, year=year).iloc[0]


class TestGrowth:
    def test_change_is_since_the_full_year_before(self):
        row = grown({"2019/20": 100, "2022/23": 110, "2025/26": 121})
        assert row["before"] == 110
        assert row["change_share"] == pytest.approx(0.1)

    def test_growth_is_compounded_from_the_first_full_year(self):
        row = grown({"2019/20": 100, "2022/23": 110, "2025/26": 200})
        assert row["growth_share"] == pytest.approx(2 ** (1 / 6) - 1)
        assert row["growth_from"] == "2019/20"

    def test_a_year_that_is_not_full_is_not_compared(self):
        row = grown({"2025/26": 100, "2026/27": 50}, year="2026/27")
        assert pd.isna(row["before"])
        assert pd.isna(row["change_share"])
        assert pd.isna(row["growth_share"])
        assert row["growth_from"] == ""

    def test_part_years_between_are_passed_over(self):
        row = grown({"2019/20": 100, "2020/21": 1, "2022/23": 110, "2025/26": 121})
        assert row["before"] == 110
        assert row["growth_from"] == "2019/20"

    def test_nothing_before_is_not_known_and_no_growth(self):
        row = grown({"2025/26": 100})
        assert pd.isna(row["before"])
        assert pd.isna(row["growth_share"])

    def test_growth_begins_with_the_first_year_above_nought(self):
        row = grown({"2019/20": 0, "2022/23": 100, "2025/26": 200})
        assert row["growth_from"] == "2022/23"
        assert row["growth_share"] == pytest.approx(2 ** (1 / 3) - 1)

    def test_credits_have_no_growth(self):
        row = grown({"2022/23": 100, "2025/26": -5})
        assert pd.isna(row["growth_share"])
        assert row["change_share"] == pytest.approx(-1.05)

    def test_nothing_loaded_is_no_row(self):
        assert growth(years(), by="service", measure="amount", full_years=FULL, year="2025/26").empty

    def test_no_full_year_at_all(self):
        row = grown({"2025/26": 100}, full=[])
        assert pd.isna(row["before"])

    def test_a_year_that_stands_twice_is_refused(self):
        frame = pd.concat([years(s={"2025/26": 1})] * 2)
        with pytest.raises(ValueError, match="more than one row"):
            growth(frame, by="service", measure="amount", full_years=FULL, year="2025/26")

    def test_a_frame_without_the_measure_is_refused(self):
        with pytest.raises(ValueError, match="cost"):
            growth(years(s={"2025/26": 1}), by="service", measure="cost", full_years=FULL, year="2025/26")

    @given(
        st.dictionaries(st.sampled_from(["2018/19", *FULL, "2026/27"]), st.one_of(st.none(), st.integers(-50, 500)), min_size=1),
        st.sets(st.sampled_from([*FULL, "2026/27"])),
        st.sampled_from([*FULL, "2026/27"]),
    )
    def test_it_is_that_of_the_slow_twin(self, of, full, year):
        row, walked = grown(of, full=sorted(full), year=year), slow.growth(of, sorted(full), year)
        if year not in full:
            walked = dict.fromkeys(walked)
        for name, expected in (("before", "before"), ("change_share", "change"), ("growth_share", "growth")):
            value = walked[expected]
            assert pd.isna(row[name]) if value is None else row[name] == pytest.approx(value), name


def months(*rows: tuple) -> pd.DataFrame:
    """year, month, planned, actual"""
    frame = pd.DataFrame(list(rows), columns=["year", "month", "planned_price", "actual_price"])
    frame = frame.assign(planned_activity=frame["planned_price"], actual_activity=frame["actual_price"], people=pd.NA)
    sums = ["planned_price", "actual_price", "planned_activity", "actual_activity", "people"]
    return frame.astype(dict.fromkeys(sums, "Int64"))


class TestMonths:
    def test_each_month_stands_beside_plan_and_the_year_before(self):
        frame = months(("2025/26", 1, 10, 12), ("2025/26", 2, 10, 9), ("2022/23", 1, 7, 8))
        rows = by_month(frame, year="2025/26", before="2022/23", names=NAMES)
        assert rows["month_name"].tolist() == ["A", "B"]
        assert rows["price_difference"].tolist() == [2, -1]
        assert rows["before_price"].tolist() == [8, pd.NA]

    def test_months_of_the_year_before_alone_stand_without_a_number_of_the_year(self):
        rows = by_month(months(("2022/23", 3, 7, 8)), year="2025/26", before="2022/23", names=NAMES)
        assert rows["month_name"].tolist() == ["C"]
        assert rows["actual_price"].isna().all()
        assert rows["price_difference"].isna().all()

    def test_without_a_year_before_only_the_year_stands(self):
        rows = by_month(months(("2025/26", 13, 1, 2)), year="2025/26", before="", names=NAMES)
        assert rows["month_name"].tolist() == ["Year end"]
        assert rows["before_price"].isna().all()

    def test_a_difference_needs_both_a_plan_and_an_actual(self):
        rows = by_month(months(("2025/26", 1, None, 2), ("2025/26", 2, 3, None)), year="2025/26", before="", names=NAMES)
        assert rows["price_difference"].isna().all()

    def test_nothing_loaded_is_no_month(self):
        assert by_month(months(), year="2025/26", before="2022/23", names=NAMES).empty

    def test_a_month_that_stands_twice_is_refused(self):
        frame = months(("2025/26", 1, 1, 1), ("2025/26", 1, 2, 2))
        with pytest.raises(ValueError, match="more than one row"):
            by_month(frame, year="2025/26", before="", names=NAMES)

    @given(st.dictionaries(st.tuples(st.sampled_from(FULL), st.integers(1, 13)), st.integers(0, 99), min_size=1))
    def test_the_months_of_a_year_add_up_to_it(self, of):
        frame = months(*[(year, month, 1, amount) for (year, month), amount in of.items()])
        rows = by_month(frame, year="2025/26", before="2022/23", names=NAMES)
        assert rows["actual_price"].sum() == sum(amount for (year, _), amount in of.items() if year == "2025/26")
        assert rows["before_price"].sum() == sum(amount for (year, _), amount in of.items() if year == "2022/23")
        assert rows["month"].is_monotonic_increasing


def amounts(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["planned_price", "actual_price", "actual_activity"])
    return frame.astype("Int64")


class TestPlan:
    def test_differences_and_shares(self):
        rows = with_plan(amounts((10, 12, 1), (30, 28, 3)))
        assert rows["difference"].tolist() == [2, -2]
        assert rows["difference_share"].tolist() == pytest.approx([0.2, -1 / 15])
        assert rows["price_share"].tolist() == pytest.approx([0.3, 0.7])
        assert rows["activity_share"].tolist() == pytest.approx([0.25, 0.75])
        assert rows["all_price"].tolist() == [40, 40]

    def test_missing_is_not_nought(self):
        rows = with_plan(amounts((None, 12, None), (5, None, None)))
        assert rows["difference"].isna().all()
        assert rows["price_share"].isna().tolist() == [False, True]
        assert rows["all_activity"].isna().all()

    def test_no_rows_have_no_whole(self):
        assert with_plan(amounts()).empty

    @given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)), min_size=1))
    def test_shares_add_up_to_one(self, rows):
        found = with_plan(amounts(*rows))
        whole = sum(actual for _, actual, _ in rows)
        assert found["price_share"].sum() == pytest.approx(1 if whole else 0)
        assert found["difference"].sum() == whole - sum(planned for planned, _, _ in rows)
