"""Targets by service: add up to what is spent, by the need index that there is, else on the fallback, and say which."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.calculations import service_targets as targeting
from tests.finance.twins import service_targets as twin

AREAS = {"A": (1000.0, 1.1, 1.05), "B": (500.0, 0.9, 0.95), "C": (1500.0, 1.0, 1.0)}
FALLBACK = {"A": 0.4, "B": 0.2, "C": 0.4}
NO_SHARES = pd.DataFrame({"programme": [], "area": [], "target_share": []})
money = st.integers(0, 10**12)
grids = st.dictionaries(st.sampled_from(["heart", "lung", "skin"]), st.tuples(money, money, money), min_size=1)
indices = st.fixed_dictionaries({area: st.floats(0.5, 2) for area in AREAS})


def areas() -> pd.DataFrame:
    rows = [(area, *values) for area, values in AREAS.items()]
    return pd.DataFrame(rows, columns=["area", "population", "age_index", "mff_index"]).assign(need_index=1.0)


def needs(values: dict, *, programme="P", includes_age=False) -> pd.DataFrame:
    rows = [(area, programme, index, includes_age) for area, index in values.items()]
    return pd.DataFrame(rows, columns=["area", "programme_of_care", "need_index", "includes_age"])


def spend(grid: dict, *, programme="P") -> pd.DataFrame:
    rows = [(group, programme, area, amount) for group, own in grid.items() for area, amount in zip(AREAS, own, strict=True)]
    return pd.DataFrame(rows, columns=["group", "programme", "area", "baseline"])


@given(grids)
def test_targets_of_a_group_add_up_to_what_is_spent_on_it_and_agree_with_the_twin(grid):
    result = targeting.service_targets(spend(grid), NO_SHARES, FALLBACK)
    expected = twin.targets({(g, a): n for g, a, n in zip(result["group"], result["area"], result["baseline"], strict=True)},
                            dict.fromkeys(grid, FALLBACK))  # fmt: skip
    for group, rows in result.groupby("group"):
        if rows["baseline"].sum():
            assert rows["target"].sum() == rows["baseline"].sum()
            assert rows["distance_money"].sum() == 0
            assert [abs(t - expected[group, a]) < 1 for a, t in zip(rows["area"], rows["target"], strict=True)] == [True] * 3
        else:
            assert rows["target"].isna().all()
    assert set(result["basis"]) == {targeting.FALLBACK}


@given(grids)
def test_the_order_of_rows_makes_no_difference(grid):
    keys = ["group", "area"]
    here = targeting.service_targets(spend(grid), NO_SHARES, FALLBACK).sort_values(keys, ignore_index=True)
    turned = targeting.service_targets(spend(grid).iloc[::-1], NO_SHARES, FALLBACK).sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(here, turned)


@given(indices, st.booleans())
def test_shares_by_a_need_index_agree_with_the_twin_and_add_up_to_one(need, includes_age):
    result = targeting.need_shares(areas(), needs(need, includes_age=includes_age)).set_index("area")["target_share"]
    expected = twin.shares(AREAS, need, includes_age=includes_age)
    assert result.to_dict() == pytest.approx(expected, rel=1e-9)
    assert result.sum() == pytest.approx(1)


def test_a_need_index_of_the_programme_comes_before_one_of_all_services_and_that_before_the_fallback():
    grid = {"heart": (10, 10, 10)}
    both = pd.concat([needs({"A": 2.0, "B": 1.0, "C": 1.0}), needs(dict.fromkeys(AREAS, 1.0), programme="")])
    shares = targeting.need_shares(areas(), both)
    bases = {p: targeting.service_targets(spend(grid, programme=p), shares, FALLBACK)["basis"].iloc[0] for p in ("P", "Q", "")}
    assert bases == {"P": targeting.PROGRAMME, "Q": targeting.EVERY_SERVICE, "": targeting.EVERY_SERVICE}
    alone = targeting.service_targets(spend(grid, programme="Q"), targeting.need_shares(areas(), needs({"A": 2.0})), FALLBACK)
    assert set(alone["basis"]) == {targeting.FALLBACK}


@pytest.mark.parametrize(
    "lacking", [needs({"A": 1.0, "B": 1.0}), pd.concat([needs({"A": 1.0, "B": 1.0}), needs({"C": 1.0}, includes_age=True)])]
)
def test_a_need_index_that_lacks_an_area_or_mixes_two_methods_is_not_used(lacking):
    assert targeting.need_shares(areas(), lacking).empty


def test_needs_of_places_and_of_other_systems_are_left_out():
    more = pd.concat([needs(dict.fromkeys(AREAS, 1.0)), needs({"E09000022": 3.0, "QQQ": 2.0})])
    assert set(targeting.need_shares(areas(), more)["area"]) == set(AREAS)


def test_a_group_of_credits_has_no_target_and_keeps_its_money():
    result = targeting.service_targets(spend({"heart": (-10, 4, 5)}), NO_SHARES, FALLBACK)
    assert result["target"].isna().all()
    assert result["baseline"].tolist() == [-10, 4, 5]


def test_nothing_spent_gives_no_rows_with_all_their_columns():
    result = targeting.service_targets(spend({"heart": (1, 1, 1)}).iloc[:0], NO_SHARES, FALLBACK)
    assert result.empty
    assert {"basis", "target_share", "target", "distance_money", "distance"} <= set(result.columns)


MAPPED = pd.DataFrame(
    [("X1", "population", "A", 5), ("X1", "population", "A", 7), ("X2", "population", "B", 3), ("X9", "population", "A", 2),
     ("X1", "hub", "A", 100), ("X1", "population", "Z", 50)],
    columns=["service_code", "kind", "population", "amount"],
)  # fmt: skip
CODES = pd.DataFrame([("X1", "heart", "P"), ("X2", "lung", "P")], columns=["service_code", "group", "programme"])


def test_delegated_money_is_added_up_by_group_and_nought_where_an_area_has_none():
    rows = targeting.spend_by_group(MAPPED, CODES, ["A", "B"])
    found = {(g, p, a): n for g, p, a, n in rows[["group", "programme", "area", "baseline"]].itertuples(index=False)}
    assert found == {
        ("heart", "P", "A"): 12,
        ("heart", "P", "B"): 0,
        ("lung", "P", "A"): 0,
        ("lung", "P", "B"): 3,
        ("", "", "A"): 2,
        ("", "", "B"): 0,
    }


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: targeting.spend_by_group(MAPPED.drop(columns="kind"), CODES, ["A"]), "no column: kind"),
        (lambda: targeting.spend_by_group(MAPPED, pd.concat([CODES, CODES]), ["A"]), "more than one row for service_code: X1"),
        (lambda: targeting.need_shares(areas(), pd.concat([needs({"A": 1.0})] * 2)), "more than one row"),
        (lambda: targeting.service_targets(spend({"a": (1, 2, 3)}), NO_SHARES, {"A": 0.5, "B": 0.2, "C": 0.2}), "add up to 1"),
    ],
)
def test_wrong_frames_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
