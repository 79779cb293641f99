"""Need with supply held still, and need by official weighted populations: twins, what is always true, what is refused."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.calculations import core_need
from finance.calculations.need import supply_means, supply_neutral_need
from tests.finance.twins import need as twin

MEASURES = {"population": st.integers(1, 10**6), "imd": st.floats(0, 60), "beds": st.floats(0, 9), "km": st.floats(0, 90)}
COEFFICIENTS = {"const": 40.0, "imd": 0.8, "beds": 12.0, "km": -0.3}
areas = st.dictionaries(st.sampled_from("ABCD"), st.fixed_dictionaries(MEASURES), min_size=1)


def frame(inputs: dict) -> pd.DataFrame:
    return pd.DataFrame([{"area": area, **values} for area, values in inputs.items()])


def found(inputs: dict, **coefficients) -> pd.DataFrame:
    return supply_neutral_need(frame(inputs), {**COEFFICIENTS, **coefficients}, supply=["beds", "km"])


@given(areas)
def test_need_and_use_agree_with_the_slow_twin(inputs):
    expected = twin.need_with_supply_held(inputs, COEFFICIENTS, ["beds", "km"])
    for row in found(inputs).itertuples():
        assert (row.need_index, row.use_index) == pytest.approx(expected[row.area], rel=1e-9)


@given(areas)
def test_holding_supply_makes_no_money_and_the_mean_index_is_one(inputs):
    result = found(inputs)
    people = result["population"] / result["population"].sum()
    assert math.isclose((result["need"] * people).sum(), (result["use"] * people).sum(), rel_tol=1e-9)
    assert math.isclose((result["need_index"] * people).sum(), 1, rel_tol=1e-9)


@given(areas, st.floats(0, 9))
def test_more_supply_in_one_area_changes_nobodys_place_in_need(inputs, beds):
    changed = {area: {**values, "beds": beds} if area == "A" else values for area, values in inputs.items()}
    before, after = found(inputs)["need"], found(changed)["need"]
    # All move by the same: that of the mean.
    assert (after - before).max() - (after - before).min() == pytest.approx(0, abs=1e-6)


@given(areas)
def test_the_order_of_areas_changes_nothing(inputs):
    backwards = dict(reversed(list(inputs.items())))
    one, other = found(inputs).set_index("area")["need_index"], found(backwards).set_index("area")["need_index"]
    assert other.reindex(one.index).to_list() == pytest.approx(one.to_list(), rel=1e-12)


def test_supply_is_at_its_mean_of_people():
    two = frame({"A": {"population": 3, "imd": 1, "beds": 4, "km": 0}, "B": {"population": 1, "imd": 1, "beds": 8, "km": 10}})
    assert supply_means(two, ["beds", "km"]) == {"beds": 5.0, "km": 2.5}


ONE = {"population": 10, "imd": 5.0, "beds": 1.0, "km": 1.0}


@pytest.mark.parametrize(
    ("changed", "coefficients", "words"),
    [
        ({"population": -1}, {}, "population below 0"),
        ({"population": 0}, {}, "no people"),
        ({"imd": None}, {}, "lacks imd of A"),
        ({}, {"imd": -100.0}, "0 or below for: A"),
        ({}, {"unknown": 1.0}, "no column: unknown"),
    ],
)
def test_what_cannot_be_computed_is_refused_by_name(changed, coefficients, words):
    with pytest.raises(ValueError, match=words):
        found({"A": {**ONE, **changed}}, **coefficients)


def test_a_measure_of_supply_without_a_coefficient_is_refused():
    with pytest.raises(ValueError, match="measure of supply: theatres"):
        supply_neutral_need(frame({"A": ONE}), COEFFICIENTS, supply=["theatres"])


people = st.floats(0.5, 20_000)
practice = st.fixed_dictionaries(
    {"system": st.sampled_from(["QKK", "QWE"]), "place": st.sampled_from(["Bexley", "Merton"]), "population": people}
    | dict.fromkeys(core_need.COMPONENTS, people)
)
lists = st.lists(practice, min_size=1, max_size=8)


def practices(rows: list[dict]) -> pd.DataFrame:
    return pd.DataFrame([{"practice": f"P{number}", **row} for number, row in enumerate(rows)])


@given(lists)
def test_core_shares_add_up_to_one_and_need_is_relative_to_everybody(rows):
    result = core_need.core_shares(practices(rows))
    assert math.isclose(result["target_share"].sum(), 1)
    assert math.isclose(result["population_share"].sum(), 1)
    for component in core_need.COMPONENTS:
        mean = (result[f"need_{component}"] * result["population_share"]).sum()
        assert math.isclose(mean, 1, rel_tol=1e-9)


@given(lists)
def test_indices_agree_with_the_slow_twin(rows):
    for row in core_need.core_shares(practices(rows)).to_dict("records"):
        expected = twin.core_index([{**r, "area": r["system"]} for r in rows], row["system"], {}, "maternity")
        assert math.isclose(row["need_maternity"], expected, rel_tol=1e-9)
    for row in core_need.place_indices(practices(rows)).to_dict("records"):
        of_place = [{**r, "area": r["place"]} for r in rows]
        expected = twin.core_index(of_place, row["place"], {"system": row["system"]}, "overall_core")
        assert row["place_overall_core"] == pytest.approx(expected, abs=0.005 + 1e-9)


def test_a_place_with_practices_of_two_systems_is_held_against_each():
    row = dict.fromkeys(core_need.COMPONENTS, 10.0)
    rows = [{**row, "system": s, "place": "Bexley", "population": p} for s, p in (("QKK", 10), ("QKS", 20))]
    result = core_need.place_indices(practices(rows))
    assert result[["system", "place_overall_core"]].to_numpy().tolist() == [["QKK", 1.0], ["QKS", 1.0]]


@pytest.mark.parametrize(("value", "rounded"), [(1.005, 1.01), (1.0049, 1.0), (0.625, 0.63), (2.675, 2.68), (1.0, 1.0)])
def test_halves_go_up_as_in_a_spreadsheet(value, rounded):
    assert core_need.half_up(pd.Series([value]), 2).tolist() == [rounded]


def test_a_number_that_is_missing_is_named_and_nobody_weighted_is_refused():
    row = {"system": "QKK", "place": "Bexley", "population": 10.0, **dict.fromkeys(core_need.COMPONENTS, 0.0)}
    with pytest.raises(ValueError, match="no weighted population"):
        core_need.core_shares(practices([row]))
    with pytest.raises(ValueError, match="maternity of P0"):
        core_need.core_shares(practices([{**row, "maternity": None}]))
