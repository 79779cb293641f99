"""Spend and patients of areas: every area with every group, what is not an area left out, and whose places are known."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.calculations.area_spend import area_spend, placed_systems

AREAS = {"A": 100.0, "B": 50.0}
code = st.sampled_from(["A", "B", "X"])
cells = st.dictionaries(
    st.tuples(st.sampled_from(["P1", "P2"]), code, st.sampled_from(["heart", "lung"])),
    st.tuples(st.integers(-(10**9), 10**12), st.integers(0, 500)),
    max_size=12,
)


def frame(rows: dict, column: str, number: int) -> pd.DataFrame:
    found = [(*key, values[number]) for key, values in rows.items()]
    return pd.DataFrame(found, columns=["provider", "area", "group", column]).astype({column: "Int64"})


def spent(rows: dict, *, sent=("P1",), blocks=None, sets=None) -> pd.DataFrame:
    nothing = pd.DataFrame({"area": [], "group": [], "spend": pd.Series(dtype="Int64")})
    people = pd.DataFrame({"area": ["A"], "group": ["heart"], "people": pd.Series([4000], dtype="Int64")})
    spend, patients = frame(rows, "spend", 0), frame(rows, "patients", 1)
    patients = patients[patients["provider"].isin(sent)]
    return area_spend(
        AREAS, spend=spend, blocks=nothing if blocks is None else blocks, sets=nothing if sets is None else sets,
        patients=patients, people=people, sent=sent,
    )  # fmt: skip


@given(cells)
def test_spend_and_patients_agree_with_loops_over_the_rows(rows):
    result = spent(rows)
    groups = {group for _, area, group in rows if area in AREAS}
    assert {(r["area"], r["group"]) for r in result.to_dict("records")} == {(a, g) for a in AREAS for g in groups}
    for row in result.to_dict("records"):
        own = {p: v for (p, a, g), v in rows.items() if (a, g) == (row["area"], row["group"])}
        assert row["spend"] == sum(money for money, _ in own.values())
        assert row["known_spend"] == sum(money for p, (money, _) in own.items() if p == "P1")
        assert row["patients"] == sum(number for p, (_, number) in own.items() if p == "P1")
        assert row["population"] == AREAS[row["area"]]


def test_where_nobody_sent_a_set_patients_are_missing_and_not_nought():
    result = spent({("P1", "A", "heart"): (5, 3)}, sent=())
    assert result["patients"].isna().all()
    assert (result["known_spend"] == 0).all()


def test_money_that_no_patient_is_behind_is_not_expected_in_the_sets():
    blocks = pd.DataFrame({"area": ["A"], "group": ["heart"], "spend": [4]})
    row = spent({("P1", "A", "heart"): (10, 3)}, blocks=blocks, sets=blocks.assign(spend=6)).set_index("area").loc["A"]
    assert (row["spend"], row["expected_spend"], row["set_spend"]) == (10, 6, 6)


def test_a_group_that_only_others_use_is_left_out_and_one_that_a_peer_uses_is_nought():
    result = spent({("P1", "X", "lung"): (9, 1), ("P1", "A", "heart"): (5, 3)}).set_index("area")
    assert set(result["group"]) == {"heart"}
    assert result.loc["B", "spend"] == 0
    assert result.loc["A", "people"] == 4000


def test_a_key_that_names_two_rows_is_refused():
    spend = frame({("P1", "A", "heart"): (5, 3)}, "spend", 0)
    with pytest.raises(ValueError, match="more than one row"):
        area_spend(AREAS, spend=pd.concat([spend, spend]), blocks=spend, sets=spend, patients=spend, people=spend, sent=())


def test_places_of_a_system_are_told_apart_only_where_nearly_all_its_spend_is_placed():
    spend = pd.DataFrame({"area": ["p", "q", "QKK", "r", "QWE"], "spend": [60, 36, 4, 50, 50]})
    system_of = {"p": "QKK", "q": "QKK", "r": "QWE"}
    assert placed_systems(spend, system_of, least=0.95) == {"QKK": 0.96}
    assert placed_systems(spend, system_of, least=0.5) == {"QKK": 0.96, "QWE": 0.5}
    with pytest.raises(ValueError, match="no column: spend"):
        placed_systems(spend.drop(columns="spend"), system_of, least=0.5)
