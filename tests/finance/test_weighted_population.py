"""Weighted populations and shares: the chain step by step, its twin, and what it refuses."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.calculations import weighted_population as weighting
from finance.calculations.distance_from_target import distance_from_target
from tests.finance.twins import money as twin

GROUPS = [("f", "0-64"), ("f", "65+"), ("m", "0-64"), ("m", "65+")]
COSTS = dict(zip(GROUPS, [100, 420, 90, 510], strict=True))
FACTORS = {"P1": 1.2, "P2": 1.05}
positive = st.integers(1, 10_000)

area_inputs = st.fixed_dictionaries(
    {"people": st.tuples(positive, positive, positive, positive), "need": st.floats(0.5, 2), "to_first": st.floats(0, 1)}
)
systems = st.dictionaries(st.sampled_from(["A", "B", "C", "D"]), area_inputs, min_size=1)


def chain(inputs: dict) -> pd.DataFrame:
    people = [(a, s, b, n) for a, i in inputs.items() for (s, b), n in zip(GROUPS, i["people"], strict=True)]
    population = pd.DataFrame(people, columns=["area", "sex", "age_band", "population"])
    areas = weighting.age_cost_index(population, cost_weights())
    shares = [(a, p, s) for a, i in inputs.items() for p, s in (("P1", i["to_first"]), ("P2", 1 - i["to_first"]))]
    areas = weighting.market_forces_index(pd.DataFrame(shares, columns=["area", "provider", "share"]), factors(), areas)
    areas["need_index"] = areas["area"].map({a: i["need"] for a, i in inputs.items()})
    return weighting.weighted_population(areas)


def cost_weights() -> pd.DataFrame:
    return pd.DataFrame([(s, b, c) for (s, b), c in COSTS.items()], columns=["sex", "age_band", "cost"])


def factors() -> pd.DataFrame:
    return pd.DataFrame(FACTORS.items(), columns=["provider", "mff"])


@given(systems)
def test_shares_agree_with_the_slow_twin(inputs):
    expected = twin.weighted_shares(
        {a: dict(zip(GROUPS, i["people"], strict=True)) for a, i in inputs.items()},
        COSTS,
        {a: i["need"] for a, i in inputs.items()},
        {a: {"P1": i["to_first"], "P2": 1 - i["to_first"]} for a, i in inputs.items()},
        FACTORS,
    )
    result = chain(inputs)
    for area, share in zip(result["area"], result["target_share"], strict=True):
        assert math.isclose(share, expected[area], rel_tol=1e-12)


@given(systems)
def test_shares_add_up_to_one_and_weighted_populations_to_the_people(inputs):
    result = chain(inputs)
    assert math.isclose(result["target_share"].sum(), 1)
    assert math.isclose(result["weighted_population"].sum(), result["population"].sum())


@given(systems, st.integers(0, 10**14))
def test_targets_add_up_to_the_quantum_to_the_last_unit(inputs, quantum):
    areas = chain(inputs).assign(baseline=[n * 1_000_003 for n in range(1, len(inputs) + 1)])
    assert distance_from_target(areas, quantum=quantum)["target"].sum() == quantum
    assert distance_from_target(areas)["distance_money"].sum() == 0


def test_more_need_takes_a_larger_share_and_leaves_the_others_in_proportion():
    equal = {"people": (10, 10, 10, 10), "need": 1.0, "to_first": 0.5}
    result = chain({"A": equal, "B": equal, "C": {**equal, "need": 2.0}})
    assert [round(s, 10) for s in result["target_share"]] == [0.25, 0.25, 0.5]


def test_an_area_with_average_people_has_index_one():
    people = pd.DataFrame({"area": ["A", "B"], "sex": "f", "age_band": "65+", "population": [10, 30]})
    result = weighting.age_cost_index(people, cost_weights())
    assert result["age_index"].tolist() == [1.0, 1.0]
    assert result["age_cost"].tolist() == [420.0, 420.0]


def test_need_moves_by_the_coefficient_for_each_point_from_the_mean_of_the_people():
    areas = pd.DataFrame({"area": ["A", "B"], "population": [300, 100], "imd": [20.0, 40.0]})
    result = weighting.need_index(areas, {"imd": 0.004})
    assert [round(n, 10) for n in result["need"]] == [0.98, 1.06]
    assert math.isclose((result["need_index"] * result["population"]).sum() / 400, 1)


def test_flow_shares_take_the_factor_out_of_prices():
    spend = pd.DataFrame({"area": ["A", "A", "B"], "provider": ["P1", "P2", "P1"], "price": [1200, 1050, -5]})
    result = weighting.flow_shares(spend, factors())
    assert result[["area", "provider"]].to_numpy().tolist() == [["A", "P1"], ["A", "P2"]]
    assert [round(s, 12) for s in result["share"]] == [0.5, 0.5]


def test_a_need_index_that_includes_age_leaves_the_age_index_out():
    areas = pd.DataFrame(
        {"area": ["A", "B"], "population": [10, 10], "age_index": [2.0, 1.0], "need_index": [1.0, 1.0], "mff_index": [1.0, 1.0]}
    )
    assert weighting.weighted_population(areas, need_includes_age=True)["target_share"].tolist() == [0.5, 0.5]
    assert weighting.weighted_population(areas)["target_share"].round(6).tolist() == [0.666667, 0.333333]


def test_a_finished_index_is_shared_as_it_is():
    areas = pd.DataFrame({"area": ["A", "B"], "population": [120, 80], "weighted_population_raw": [90, 210]})
    result = weighting.finished_index(areas)
    assert result["target_share"].tolist() == [0.3, 0.7]
    assert result["weighted_population"].sum() == 200


def test_distance_is_above_target_when_positive():
    areas = pd.DataFrame({"area": ["A", "B"], "target_share": [0.5, 0.5], "baseline": [6, 4]})
    result = distance_from_target(areas)
    assert result["target"].tolist() == [5, 5]
    assert result["distance_money"].tolist() == [1, -1]
    assert [round(d, 12) for d in result["distance"]] == [0.2, -0.2]


def test_the_share_of_nobody_has_no_distance():
    areas = pd.DataFrame({"area": ["A", "B"], "target_share": [1.0, 0.0], "baseline": [6, 4]})
    assert math.isnan(distance_from_target(areas).loc[1, "distance"])


PEOPLE = pd.DataFrame({"area": ["A"], "sex": ["f"], "age_band": ["65+"], "population": [10]})
AREAS = pd.DataFrame({"area": ["A", "B"], "population": [1, 2], "age_index": 1.0, "need_index": 1.0, "mff_index": [1.0, None]})
BASED = pd.DataFrame({"area": ["A"], "target_share": [0.9], "baseline": [1]})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: weighting.age_cost_index(PEOPLE.drop(columns="sex"), cost_weights()), "no column: sex"),
        (lambda: weighting.age_cost_index(PEOPLE.assign(age_band="90+"), cost_weights()), "no cost weight for: 90\\+ f"),
        (lambda: weighting.age_cost_index(PEOPLE.assign(population=-1), cost_weights()), "below 0"),
        (lambda: weighting.age_cost_index(PEOPLE.assign(population=None), cost_weights()), "lacks population of A"),
        (lambda: weighting.age_cost_index(pd.concat([PEOPLE, PEOPLE]), cost_weights()), "more than one row"),
        (lambda: weighting.weighted_population(AREAS), "lacks mff_index of B"),
        (lambda: weighting.weighted_population(AREAS.assign(mff_index=0.0)), "no weighted population"),
        (lambda: weighting.need_index(AREAS.assign(imd=[1.0, 300.0]), {"imd": 0.02}), "0 or below for: A"),
        (lambda: weighting.need_index(AREAS, {"imd": 0.02}), "no column: imd"),
        (lambda: distance_from_target(BASED), "do not add up to 1"),
        (lambda: distance_from_target(BASED.assign(target_share=1.0, baseline=None)), "lacks baseline of A"),
    ],
)
def test_inputs_that_are_not_there_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_flow_shares_that_do_not_add_up_or_have_no_factor_are_refused():
    shares = pd.DataFrame({"area": ["A"], "provider": ["P1"], "share": [0.8]})
    people = pd.DataFrame({"area": ["A", "B"], "population": [1, 1]})
    with pytest.raises(ValueError, match="do not add up to 1 for: A"):
        weighting.market_forces_index(shares, factors(), people)
    with pytest.raises(ValueError, match="lacks mff of B"):
        weighting.market_forces_index(shares.assign(share=1.0), factors(), people)
    with pytest.raises(ValueError, match="no market forces factor for: P9"):
        weighting.market_forces_index(shares.assign(share=1.0, provider="P9"), factors(), people)


def test_frames_given_are_not_changed():
    people, weights = PEOPLE.copy(), cost_weights()
    weighting.age_cost_index(people, weights)
    pd.testing.assert_frame_equal(people, PEOPLE)
    pd.testing.assert_frame_equal(weights, cost_weights())
