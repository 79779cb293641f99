"""The tables of a round: totals that add up, steps that show only their own, and inputs that make what the step gives."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance.calculations.round_tables import (
    ALL_AREAS,
    OF_STEP,
    inputs_of_step,
    of_one_year,
    of_step,
    years_with_totals,
)
from finance.calculations.rounds import calculate_round
from finance.models import RoundStep
from tests.finance.round_area import POLICY, worked_inputs
from tests.finance.twins import round_tables as twin

INPUTS = worked_inputs()
RESULT = calculate_round(INPUTS, POLICY)
TABLES = {
    "baselines": INPUTS.baselines,
    "people": INPUTS.people,
    "cost_weights": INPUTS.cost_weights,
    "need": INPUTS.need,
    "care": INPUTS.care,
    "market_forces": INPUTS.market_forces,
    "weighted": INPUTS.weighted,
    "shares": RESULT.shares,
    "years": RESULT.years,
    "moved": RESULT.moved,
}
NAMES = {
    "A": "Area of A",
    "B": "Area of B",
    "C": "Area of C",
    "D": "Area of D",
    "P1": "First provider",
    "P2": "Second provider",
    "P3": "Third provider",
    "P4": "Fourth provider",
}
# What a reader of each step sees, in its order.
SHOWN = {
    "population": ["population", "population_share"],
    "age": ["population", "age_cost", "age_index"],
    "need": ["population", "measure", "use", "use_index", "need", "need_index"],
    "market-forces": ["population", "mff", "mff_index"],
    "weighted-population": [
        "population",
        "age_index",
        "need_index",
        "mff_index",
        "weighted_population_raw",
        "overall_need_index",
        "weighted_population",
    ],
    "target": ["weighted_population", "target", "target_share"],
    "baseline": ["transfer", "baseline"],
    "opening-distance": ["baseline", "target_share", "opening_distance"],
    "convergence": ["opening_distance", "convergence", "balancing_growth", "limit", "growth"],
    "allocation": ["baseline", "growth", "allocation"],
    "closing-distance": ["allocation", "target", "distance_money", "closing_distance"],
}


def test_totals_are_those_of_the_slow_twin_and_stand_behind_their_year():
    frame = years_with_totals(RESULT.years, INPUTS.baselines)
    expected = twin.totals(RESULT.years.to_dict("records"))
    rows = frame[frame["is_total"]].set_index("year")
    for year, money in expected.items():
        assert rows.loc[year, list(money)].to_dict() == money
    assert frame["is_total"].tolist() == [False] * 4 + [True] + [False] * 4 + [True]
    assert set(rows["area_name"]) == {ALL_AREAS}
    assert frame[["baseline", "target", "allocation"]].dtypes.astype(str).tolist() == ["int64"] * 3


def test_all_areas_together_stand_at_their_own_target_and_grow_as_the_quantum_does():
    rows = years_with_totals(RESULT.years, INPUTS.baselines).query("is_total")
    assert (rows["distance_money"] == 0).all()
    assert (rows["target"] == rows["allocation"]).all()
    assert rows["closing_distance"].tolist() == [0.0, 0.0]
    assert rows["growth"].tolist() == pytest.approx([0.044, 0.044], abs=1e-9)
    assert (rows["people"] == 4 * 900_000).all()


@settings(max_examples=20)
@given(st.lists(st.tuples(*[st.integers(-(10**15), 10**15)] * 4), min_size=1, max_size=5))
def test_totals_add_up_whatever_the_money(rows):
    areas = [f"S{n}" for n in range(len(rows))]
    years = pd.DataFrame(rows, columns=["baseline", "target", "allocation", "distance_money"])
    years = years.assign(year="2026/27", area=areas, target_share=0.1, opening_distance=0.0, closing_distance=0.0, limit="")
    names = pd.DataFrame({"area": areas, "name": areas, "people": 1})
    total = years_with_totals(years, names).query("is_total").iloc[0]
    for column, wanted in twin.totals(years.to_dict("records"))["2026/27"].items():
        assert total[column] == wanted


def test_one_year_holds_every_number_of_every_area():
    rows = of_one_year(TABLES, "2027/28")
    assert rows["area"].tolist() == ["A", "B", "C", "D"]
    assert rows["population_share"].sum() == pytest.approx(1)
    shares = RESULT.shares.query("year == '2027/28'")["target_share"].tolist()
    assert rows["target_share"].tolist() == shares
    assert rows["allocation"].tolist() == RESULT.years.query("year == '2027/28'")["allocation"].tolist()


@pytest.mark.parametrize("step", list(RoundStep.values))
def test_a_step_shows_its_own_numbers_and_no_others(step):
    frame = of_step(of_one_year(TABLES, "2026/27"), step)
    # Nothing is transferred in the worked round, and its need is by no model.
    absent = {"transfer", "use", "use_index"}
    assert list(frame.columns) == ["area", "area_name", "people", *(c for c in SHOWN[step] if c not in absent)]
    assert frame["area"].tolist() == ["A", "B", "C", "D"]


def test_there_is_a_table_for_every_step_and_for_nothing_else():
    assert list(OF_STEP) == list(RoundStep.values)
    assert {step: list(columns) for step, columns in OF_STEP.items()} == SHOWN


def test_transfers_are_added_up_and_shown_where_there_are_any():
    moved = {"2027/28": {"A": -10_000, "B": 30_000}}
    years = calculate_round(INPUTS, replace(POLICY, transfers=moved)).years
    shown = years_with_totals(years, INPUTS.baselines)
    assert shown[shown["is_total"]].set_index("year")["transfer"].to_dict() == {"2026/27": 0, "2027/28": 20_000}
    assert "transfer" not in years_with_totals(RESULT.years, INPUTS.baselines)
    rows = of_one_year({**TABLES, "years": years}, "2027/28")
    assert of_step(rows, "baseline")["transfer"].tolist() == [-10_000, 30_000, 0, 0]


def test_columns_that_a_method_has_not_are_left_out():
    rows = of_one_year(TABLES, "2026/27").assign(age_index=float("nan"), need_index=None, mff_index=float("nan"))
    assert list(of_step(rows, "weighted-population").columns) == [
        "area",
        "area_name",
        "people",
        "population",
        "weighted_population_raw",
        "overall_need_index",
        "weighted_population",
    ]


@pytest.mark.parametrize("area", list("ABCD"))
def test_people_and_their_cost_make_the_cost_a_head(area):
    frame = inputs_of_step(TABLES, "age", "2026/27", NAMES)
    own = frame[frame["area"] == area]
    number, cost = twin.people_and_cost(INPUTS.people.to_dict("records"), INPUTS.cost_weights.to_dict("records"), area)
    assert own["population"].sum() == number
    assert own["weighted_cost"].sum() == pytest.approx(cost)
    head = of_one_year(TABLES, "2026/27").set_index("area").loc[area, "age_cost"]
    assert own["weighted_cost"].sum() / own["population"].sum() == pytest.approx(head)
    assert set(own["area_name"]) == {NAMES[area]}


@pytest.mark.parametrize("area", list("ABCD"))
def test_shares_of_care_times_factors_make_the_factor_by_flow(area):
    frame = inputs_of_step(TABLES, "market-forces", "2026/27", NAMES)
    own = frame[frame["area"] == area]
    expected = twin.care_shares(INPUTS.care.to_dict("records"), INPUTS.market_forces.to_dict("records"), area)
    assert dict(zip(own["provider"], own["share"], strict=True)) == pytest.approx(expected)
    factor = of_one_year(TABLES, "2026/27").set_index("area").loc[area, "mff"]
    assert (own["share"] * own["mff"]).sum() == pytest.approx(factor)
    assert own["price"].is_monotonic_decreasing
    assert own["provider_name"].str.endswith("provider").all()


def test_people_alone_go_into_the_step_of_population():
    frame = inputs_of_step(TABLES, "population", "2026/27", NAMES)
    assert "cost" not in frame
    assert frame["population"].sum() == INPUTS.people["population"].sum()
    assert frame["people"].isna().all()


def test_projected_people_are_those_of_the_year_asked_for():
    second = INPUTS.people.assign(year="2027/28", population=1)
    tables = {**TABLES, "people": pd.concat([INPUTS.people.assign(year="2026/27"), second])}
    assert set(inputs_of_step(tables, "population", "2027/28", NAMES)["population"]) == {1}
    assert inputs_of_step(tables, "population", "2026/27", NAMES)["population"].sum() == INPUTS.people["population"].sum()


@pytest.mark.parametrize("step", ["need", "weighted-population", "target", "opening-distance", "convergence", "allocation"])
def test_other_steps_are_made_of_the_steps_before_them_alone(step):
    assert inputs_of_step(TABLES, step, "2026/27", NAMES).empty


def test_what_was_paid_for_each_area_stands_by_provider():
    frame = inputs_of_step(TABLES, "baseline", "2026/27", NAMES)
    assert "mff" not in frame
    assert frame["price"].sum() == INPUTS.care["price"].sum()
    assert frame["area_name"].is_monotonic_increasing
