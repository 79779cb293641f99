"""This year against last: only months that both years have, and what is in one of them is said."""

import random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations.flow_changes import against_year_before, months_in_both, months_in_one
from tests.planning.twins import explorer as twin

YEAR, BEFORE = "2025/26", "2024/25"
SUMS = ["planned_price", "actual_price", "planned_activity", "actual_activity", "people"]


def loaded(*rows) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["provider", "year", "month"])


def flows(rows, keys=("home_system", "provider")) -> pd.DataFrame:
    """Rows of the keys, month, price and activity."""
    made = [
        {**dict(zip([*keys, "month"], row, strict=False)), "actual_price": row[-2], "actual_activity": row[-1]} for row in rows
    ]
    frame = pd.DataFrame(made, columns=[*keys, "month", "actual_price", "actual_activity"])
    frame = frame.assign(planned_price=frame["actual_price"], planned_activity=None, people=frame["actual_activity"])
    return frame.astype({"month": "Int64", **dict.fromkeys(SUMS, "Int64")})


def both_of(*months) -> pd.DataFrame:
    return pd.DataFrame([("RJ1", month) for month in months], columns=["provider", "month"])


def by_pair(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_index(["home_system", "provider"])


def test_a_month_counts_where_both_years_have_it():
    rows = [("RJ1", YEAR, 1), ("RJ1", YEAR, 2), ("RJ1", BEFORE, 2), ("RJ1", BEFORE, 3), ("RJZ", YEAR, 2)]
    both = months_in_both(loaded(*rows), YEAR)
    assert both.to_dict("records") == [{"provider": "RJ1", "month": 2}]
    one = months_in_one(loaded(*rows), YEAR)
    assert set(one.itertuples(index=False, name=None)) == {("RJ1", 1, YEAR), ("RJ1", 3, BEFORE), ("RJZ", 2, YEAR)}


def test_a_month_of_several_extracts_counts_once():
    rows = [("RJ1", YEAR, 1), ("RJ1", YEAR, 1), ("RJ1", BEFORE, 1), ("RJ1", BEFORE, 1)]
    assert len(months_in_both(loaded(*rows), YEAR)) == 1
    assert months_in_one(loaded(*rows), YEAR).empty


def test_other_years_make_no_difference():
    rows = [("RJ1", YEAR, 1), ("RJ1", BEFORE, 1), ("RJ1", "2023/24", 5), ("RJ1", "2026/27", 5)]
    assert months_in_both(loaded(*rows), YEAR)["month"].tolist() == [1]
    assert months_in_one(loaded(*rows), YEAR).empty


def test_nothing_loaded_is_nothing_to_compare():
    assert months_in_both(loaded(), YEAR).empty
    assert months_in_one(loaded(), YEAR).empty


def test_the_same_months_are_held_against_each_other():
    now = flows([("QKK", "RJ1", 1, 100, 10), ("QKK", "RJ1", 2, 900, 90)])
    before = flows([("QKK", "RJ1", 1, 60, 6), ("QKK", "RJ1", 3, 5_000, 500)])
    row = by_pair(against_year_before(now, before, both_of(1))).loc[("QKK", "RJ1")]
    assert row[["actual_price", "before_price", "price_change"]].tolist() == [100, 60, 40]
    assert row[["actual_activity", "before_activity", "activity_change"]].tolist() == [10, 6, 4]


def test_a_flow_of_one_year_alone_is_nought_in_the_other():
    now, before = flows([("QKK", "RJ1", 1, 100, 10)]), flows([("QKS", "RJ1", 1, 60, 6)])
    rows = by_pair(against_year_before(now, before, both_of(1)))
    assert rows.loc[("QKK", "RJ1"), ["actual_price", "before_price", "price_change"]].tolist() == [100, 0, 100]
    assert rows.loc[("QKS", "RJ1"), ["actual_price", "before_price", "price_change"]].tolist() == [0, 60, -60]
    assert rows.loc[("QKS", "RJ1"), "planned_price"] == 0


def test_an_amount_that_is_missing_stays_missing_and_makes_no_change():
    now, before = flows([("QKK", "RJ1", 1, None, 10)]), flows([("QKK", "RJ1", 1, 60, None)])
    row = by_pair(against_year_before(now, before, both_of(1))).loc[("QKK", "RJ1")]
    assert pd.isna(row["actual_price"])
    assert pd.isna(row["price_change"])
    assert pd.isna(row["before_activity"])
    assert pd.isna(row["activity_change"])


def test_the_smaller_count_of_people_hides_both_years():
    now, before = flows([("QKK", "RJ1", 1, 100, 900)]), flows([("QKK", "RJ1", 1, 60, 3)])
    assert by_pair(against_year_before(now, before, both_of(1))).loc[("QKK", "RJ1"), "people"] == 3
    nobody = flows([("QKK", "RJ1", 1, 60, 0)])
    assert by_pair(against_year_before(now, nobody, both_of(1))).loc[("QKK", "RJ1"), "people"] == 900


def test_finer_flows_keep_all_that_names_them():
    keys = ("home_system", "home_place", "provider")
    now = flows([("QKK", "E09000028", "RJ1", 1, 100, 10)], keys)
    before = flows([("QKK", "E09000023", "RJ1", 1, 60, 6)], keys)
    frame = against_year_before(now, before, both_of(1))
    assert frame["home_place"].tolist() == ["E09000023", "E09000028"]
    assert "month" not in frame


def test_nothing_in_both_years_is_an_empty_frame_with_its_columns():
    now = flows([("QKK", "RJ1", 1, 100, 10)])
    frame = against_year_before(now, flows([]), both_of())
    assert frame.empty
    assert {"before_price", "price_change", "activity_change", "people"} <= set(frame.columns)


@pytest.mark.parametrize("absent", ["month", "actual_price", "people"])
def test_a_column_that_is_not_there_is_named(absent):
    now = flows([("QKK", "RJ1", 1, 100, 10)])
    with pytest.raises(ValueError, match=absent):
        against_year_before(now.drop(columns=absent), now, both_of(1))


def test_what_is_given_is_not_changed():
    now = flows([("QKK", "RJ1", 1, 100, 10)])
    kept = now.copy()
    against_year_before(now, now, both_of(1))
    pd.testing.assert_frame_equal(now, kept)


@pytest.mark.parametrize("seed", range(25))
def test_any_two_years_compare_as_the_twin_says(seed):
    chance = random.Random(seed)
    providers, homes = ["RJ1", "RJZ", "RJ7"], ["QKK", "QWE", "NOT-KNOWN"]
    held = {(p, y, m) for p in providers for y in (YEAR, BEFORE) for m in range(1, 5) if chance.random() < 0.7}
    rows = [
        {"provider": p, "year": y, "month": m, "home": home, "value": chance.choice([0, chance.randint(-50, 500)])}
        for p, y, m in sorted(held)
        for home in homes
        if chance.random() < 0.6
    ]
    expected = twin.against_year_before(rows, YEAR, BEFORE, held)

    def of(year):
        return flows([(r["home"], r["provider"], r["month"], r["value"], r["value"]) for r in rows if r["year"] == year])

    both = months_in_both(loaded(*sorted(held)), YEAR)
    frame = against_year_before(of(YEAR), of(BEFORE), both)
    found = {
        (r["home_system"], r["provider"]): (int(r["actual_price"]), int(r["before_price"])) for r in frame.to_dict("records")
    }
    assert found == expected
    assert (frame["price_change"] == frame["actual_price"] - frame["before_price"]).all()


@given(st.lists(st.tuples(st.sampled_from(["QKK", "QKS"]), st.integers(1, 3), st.integers(0, 10**9)), max_size=12))
def test_a_year_against_itself_has_no_change(rows):
    once = {(home, month): value for home, month, value in rows}
    same = flows([(home, "RJ1", month, value, value) for (home, month), value in once.items()])
    frame = against_year_before(same, same, both_of(1, 2, 3))
    assert (frame["price_change"] == 0).all()
    assert frame["actual_price"].sum() == sum(once.values())


@given(st.lists(st.tuples(st.sampled_from(["QKK", "QKS"]), st.integers(1, 3), st.integers(0, 10**9)), max_size=12))
def test_the_changes_add_up_to_the_change_of_the_whole(rows):
    half = len(rows) // 2
    now = flows([(home, "RJ1", month, value, 1) for home, month, value in rows[:half]])
    then = flows([(home, "RJ1", month, value, 1) for home, month, value in rows[half:]])
    frame = against_year_before(now, then, both_of(1, 2, 3))
    whole = sum(value for *_, value in rows[:half]) - sum(value for *_, value in rows[half:])
    assert int(frame["price_change"].sum()) == whole
