"""Growth, months beside the year before, and differences from plan: by hand, and against a walk in plain loops."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.calculations.spend_over_time import by_month, growth, with_plan

YEARS = ["2021/22", "2022/23", "2023/24", "2024/25", "2025/26"]
NAMES = [*"AMJJASONDJFM", "Year end"]


def of_years(**amounts):
    """Service a's amount by year: `of_years(y2024=5)` is 2024/25; None is missing."""
    rows = [("a", f"{name[1:]}/{int(name[3:]) + 1}", amount) for name, amount in amounts.items()]
    return pd.DataFrame(rows, columns=["service", "year", "cost"]).astype({"cost": "Int64"})


def grown(years, *, full=YEARS, year="2025/26"):
    found = growth(years, by="service", measure="cost", full_years=full, year=year)
    return found.iloc[0] if len(found) else None


def known(value):
    return None if pd.isna(value) else value


@pytest.mark.parametrize(
    ("amounts", "before", "change", "growth_share", "growth_from"),
    [
        pytest.param({"y2024": 100, "y2025": 110}, 100, 0.1, 0.1, "2024/25", id="one year"),
        pytest.param(
            {"y2023": 100, "y2025": 121}, None, None, 0.1, "2023/24", id="the year before is missing: compounded over two"
        ),
        pytest.param({"y2022": 1_000, "y2023": 5, "y2024": 7, "y2025": 1_331}, 7, 1324 / 7, 0.1, "2022/23", id="three years"),
        pytest.param({"y2025": 110}, None, None, None, "", id="the first year itself has not grown"),
        pytest.param({"y2024": 0, "y2025": 110}, 0, None, None, "", id="from nought there is no share"),
        pytest.param({"y2023": 0, "y2024": 50, "y2025": 100}, 50, 1, 1, "2024/25", id="growth begins where there is something"),
        pytest.param({"y2024": 100, "y2025": 0}, 100, -1, None, "", id="down to nought is less than all of it, and no growth"),
        pytest.param({"y2024": 100, "y2025": -20}, 100, -1.2, None, "", id="credits have no compound growth"),
        pytest.param({"y2024": -100, "y2025": 50}, -100, None, None, "", id="a change on credits is no share"),
        pytest.param({"y2024": None, "y2025": 50}, None, None, None, "", id="a missing year before"),
        pytest.param({"y2024": 100, "y2025": None}, None, None, None, "", id="a missing year"),
        pytest.param({"y2024": 100}, None, None, None, "", id="nothing this year"),
        pytest.param({"y2024": 100, "y2025": 100}, 100, 0, 0, "2024/25", id="no change is nought, not nothing"),
    ],
)
def test_growth_by_hand(amounts, before, change, growth_share, growth_from):
    row = grown(of_years(**amounts))
    assert known(row["before"]) == before
    assert known(row["change_share"]) == (None if change is None else pytest.approx(change))
    assert known(row["growth_share"]) == (None if growth_share is None else pytest.approx(growth_share))
    assert row["growth_from"] == growth_from


@pytest.mark.parametrize(
    ("full", "before", "growth_from"),
    [
        (["2023/24", "2024/25", "2025/26"], 20, "2023/24"),
        (["2023/24", "2025/26"], 10, "2023/24"),
        (["2024/25", "2025/26"], 20, "2024/25"),
        (["2023/24", "2024/25"], None, ""),
        (["2025/26"], None, ""),
        ([], None, ""),
    ],
    ids=["all", "the year before is a part", "the first is a part", "this one is a part", "only this one", "none"],
)
def test_only_full_years_are_compared(full, before, growth_from):
    row = grown(of_years(y2023=10, y2024=20, y2025=40), full=full)
    assert (known(row["before"]), row["growth_from"]) == (before, growth_from)


def test_years_after_the_one_chosen_are_not_looked_at():
    years = of_years(y2023=10, y2024=20, y2025=4_000)
    row = grown(years, year="2024/25")
    assert (row["before"], row["change_share"], row["growth_share"]) == (10, 1, 1)


def test_each_service_is_compared_with_itself():
    other = of_years(y2024=1, y2025=3).assign(service="b")
    found = growth(
        pd.concat([of_years(y2024=10, y2025=5), other]), by="service", measure="cost", full_years=YEARS, year="2025/26"
    ).set_index("service")
    assert found["change_share"].to_dict() == {"a": -0.5, "b": 2}


def test_nothing_has_not_grown():
    assert grown(of_years()) is None


@pytest.mark.parametrize("column", ["service", "year", "cost"])
def test_growth_asks_for_its_columns(column):
    with pytest.raises(ValueError, match=column):
        grown(of_years(y2025=1).drop(columns=column))


def test_a_year_that_stands_twice_is_refused():
    with pytest.raises(ValueError, match=r"more than one row for service and year: a, 2025/26"):
        grown(pd.concat([of_years(y2025=1)] * 2))


def slowly_grown(amounts, full, year):
    """Growth of one service, year by year, as one would with a pencil."""
    if year not in full or amounts.get(year) is None:
        return None
    for start in sorted(full):
        if amounts.get(start) is not None and amounts[start] > 0 and start <= year:
            apart = YEARS.index(year) - YEARS.index(start)
            if apart == 0 or amounts[year] <= 0:
                return None
            low, high = 0.0, max(2.0, amounts[year] / amounts[start] + 1)
            for _ in range(200):
                middle = (low + high) / 2
                low, high = (middle, high) if amounts[start] * middle**apart < amounts[year] else (low, middle)
            return low - 1
    return None


@given(
    st.dictionaries(st.sampled_from(YEARS), st.one_of(st.none(), st.integers(-50, 500)), min_size=1),
    st.sets(st.sampled_from(YEARS)),
    st.sampled_from(YEARS),
)
def test_growth_is_that_of_trying_rates(amounts, full, year):
    rows = pd.DataFrame([("a", y, n) for y, n in amounts.items()], columns=["service", "year", "cost"]).astype({"cost": "Int64"})
    row = grown(rows, full=sorted(full), year=year)
    expected = slowly_grown(amounts, full, year)
    assert known(row["growth_share"]) == (None if expected is None else pytest.approx(expected, abs=1e-6))


MONTH_COLUMNS = ["year", "month", "planned_price", "actual_price", "planned_activity", "actual_activity", "people"]


def of_months(*rows):
    frame = pd.DataFrame(list(rows), columns=MONTH_COLUMNS)
    return frame.astype(dict.fromkeys(MONTH_COLUMNS[2:], "Int64"))


def months(*rows):
    return by_month(of_months(*rows), year="2025/26", before="2024/25", names=NAMES)


def test_a_month_stands_beside_its_plan_and_the_same_month_a_year_before():
    row = months(("2025/26", 2, 90, 100, 9, 8, 8), ("2024/25", 2, 70, 80, 7, 6, 6)).iloc[0]
    assert row[["month", "month_name"]].tolist() == [2, "M"]
    assert row[["actual_price", "planned_price", "price_difference", "before_price"]].tolist() == [100, 90, 10, 80]
    assert row[["actual_activity", "planned_activity", "activity_difference", "before_activity"]].tolist() == [8, 9, -1, 6]
    assert row["people"] == 8


def test_a_month_of_one_year_alone_has_nothing_of_the_other():
    rows = months(("2025/26", 1, 90, 100, 9, 8, 8), ("2024/25", 3, 70, 80, 7, 6, 6)).set_index("month")
    assert rows.index.tolist() == [1, 3]
    assert pd.isna(rows.loc[1, "before_price"])
    assert pd.isna(rows.loc[3, "actual_price"])
    assert pd.isna(rows.loc[3, "price_difference"])
    assert rows.loc[3, "before_price"] == 80


@pytest.mark.parametrize(
    ("planned", "actual", "difference"), [(None, 5, None), (5, None, None), (0, 5, 5), (5, 0, -5), (5, 5, 0)]
)
def test_a_difference_needs_both_and_nought_is_something(planned, actual, difference):
    row = months(("2025/26", 1, planned, actual, planned, actual, 1)).iloc[0]
    assert (known(row["price_difference"]), known(row["activity_difference"])) == (difference, difference)


def test_months_stand_in_order_and_the_year_end_after_march():
    rows = months(*[("2025/26", month, 1, 1, 1, 1, 1) for month in (13, 4, 12, 1)])
    assert rows["month_name"].tolist() == ["A", "J", "M", "Year end"]


def test_years_further_back_are_not_months_of_either():
    assert months(("2023/24", 1, 1, 1, 1, 1, 1)).empty


def test_a_month_that_stands_twice_is_refused():
    with pytest.raises(ValueError, match="more than one row for year and month"):
        months(("2025/26", 1, 1, 1, 1, 1, 1), ("2025/26", 1, 1, 1, 1, 1, 1))


def rows_of(*pairs):
    frame = pd.DataFrame(list(pairs), columns=["planned_price", "actual_price"]).astype("Int64")
    return with_plan(frame.assign(actual_activity=frame["actual_price"]))


def test_shares_are_of_what_is_known_and_differences_of_what_has_both():
    rows = rows_of((80, 60), (None, 40), (10, None))
    assert rows["difference"].astype(object).where(rows["difference"].notna(), None).tolist() == [-20, None, None]
    assert known(rows["difference_share"][0]) == -0.25
    assert rows["all_price"].tolist() == [100, 100, 100]
    assert [known(share) for share in rows["price_share"]] == [0.6, 0.4, None]
    assert [known(share) for share in rows["activity_share"]] == [0.6, 0.4, None]


@pytest.mark.parametrize("planned", [0, -5, None], ids=["nothing", "credits", "missing"])
def test_a_share_of_a_plan_that_is_not_above_nought_is_no_share(planned):
    assert known(rows_of((planned, 60))["difference_share"][0]) is None


def test_a_whole_of_nothing_has_no_shares():
    assert [known(share) for share in rows_of((5, 0), (5, 0))["price_share"]] == [None, None]
    assert rows_of((5, None))["all_price"].isna().all()
    assert rows_of().empty


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1))
def test_shares_make_one_and_differences_the_difference_of_the_wholes(pairs):
    rows = rows_of(*pairs)
    planned, actual = (sum(column) for column in zip(*pairs, strict=True))
    assert rows["difference"].sum() == actual - planned
    if actual:
        assert rows["price_share"].sum() == pytest.approx(1)
