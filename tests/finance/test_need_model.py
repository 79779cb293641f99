"""A round whose need is by a model: measures of systems from places, terms that add up, what is missing, and what is said."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance.calculations.area_measures import measures_of_systems, need_of_systems
from finance.calculations.measure_names import CONSTANT
from finance.calculations.need import NeedModel, need_of_model, need_terms
from finance.calculations.round_inputs import missing_inputs
from finance.calculations.rounds import MEASURE_COLUMNS, calculate_round
from finance.charts.rounds import step_chart
from finance.figures.round_need import FORMULAS, imported_working, known_by, model_said, model_working
from tests.finance.round_area import MONEY, POLICY, modelled, with_measures, worked_case, worked_inputs
from tests.finance.twins import need as twin
from tests.finance.twins.area_measures import measure_of_system

INPUTS = with_measures()
SHARES = pd.DataFrame(
    [("P1", "S1", 1.0), ("P2", "S1", 0.25), ("P2", "S2", 0.75), ("P3", "S2", 1.0)], columns=["place", "system", "share"]
)
number = st.floats(-100, 100).map(lambda value: round(value, 3))


def stated_as_frame(stated: dict) -> pd.DataFrame:
    rows = [(area, measure, value) for (area, measure), value in stated.items()]
    return pd.DataFrame(rows, columns=["area", "measure", "value"]).astype({"value": "float64"})


def people_as_frame(people: dict) -> pd.DataFrame:
    return pd.DataFrame(list(people.items()), columns=["place", "population"])


@settings(max_examples=40)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["S1", "P1", "P2", "P3"]), st.sampled_from(["imd", "beds"])), st.none() | number, min_size=1
    ),
    st.dictionaries(st.sampled_from(["P1", "P2", "P3"]), st.integers(0, 900)),
)
def test_measures_of_systems_agree_with_the_slow_twin(stated, people):
    found = measures_of_systems(stated_as_frame(stated), SHARES, people_as_frame(people))
    assert set(found["area"]) == {"S1", "S2"}
    for row in found.itertuples():
        places = list(SHARES.itertuples(index=False, name=None))
        expected = measure_of_system(stated, places, people, row.area, row.measure)
        assert (expected is None) == bool(np.isnan(row.value))
        if expected is not None:
            assert row.value == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_a_system_has_its_own_value_or_the_mean_of_all_its_places_and_says_which():
    stated = {("S1", "imd"): 9.0, ("P2", "imd"): 10.0, ("P3", "imd"): 20.0, ("P1", "beds"): 1.0}
    found = measures_of_systems(stated_as_frame(stated), SHARES, people_as_frame({"P1": 10, "P2": 100, "P3": 25}))
    rows = {(a, m): (v, p) for a, m, v, p in found.itertuples(index=False)}
    assert rows["S1", "imd"] == (9.0, 0)
    assert rows["S2", "imd"] == (pytest.approx((10 * 75 + 20 * 25) / 100), 2)
    # One of its two places has no beds stated: no number, never the mean of the other.
    assert np.isnan(rows["S1", "beds"][0])
    assert measures_of_systems(stated_as_frame({}), SHARES, people_as_frame({})).empty


def test_the_round_comes_to_the_worked_need_index():
    """With the people of the worked model, whose areas are larger than those of the round."""
    case = worked_case("01b")
    people = pd.DataFrame(
        [(area, own["population"]) for area, own in case["inputs"]["areas"].items()], columns=["area", "population"]
    )
    found = need_of_model(people, INPUTS.measures, modelled().model).set_index("area")
    for name, column in (("need_index", "need_index"), ("utilisation_index", "use_index"), ("neutral_need_per_head", "need")):
        assert found[column].to_dict() == pytest.approx(case["expected"][name], abs=1e-8)
    assert list(found.columns) == ["population", "use", "need", "use_index", "need_index"]


@settings(max_examples=30)
@given(st.lists(number, min_size=4, max_size=4), st.lists(number, min_size=4, max_size=4), number, number)
def test_terms_add_up_to_need_and_to_use_and_order_changes_nothing(ages, beds, of_need, of_supply):
    people = pd.DataFrame({"area": list("ABCD"), "population": [10.0, 20.0, 30.0, 40.0]})
    measures = pd.DataFrame(
        [*zip("ABCD", ["age"] * 4, ages, strict=True), *zip("ABCD", ["beds"] * 4, beds, strict=True)],
        columns=["area", "measure", "value"],
    )
    model = NeedModel(1_000_000.0, (("age", "need", of_need), ("beds", "supply", of_supply)))
    terms = need_terms(people, measures, model).groupby("area")[["need_term", "use_term"]].sum()
    found = need_of_model(people, measures, model).set_index("area")
    assert terms["need_term"].tolist() == pytest.approx(found["need"].tolist())
    assert terms["use_term"].tolist() == pytest.approx(found["use"].tolist())
    areas = {a: {"population": p, "age": x, "beds": y} for a, p, x, y in zip("ABCD", [10, 20, 30, 40], ages, beds, strict=True)}
    expected = twin.need_with_supply_held(areas, model.coefficients, model.supply)
    assert {a: (row.need_index, row.use_index) for a, row in found.iterrows()} == {
        a: pytest.approx(e) for a, e in expected.items()
    }
    turned = need_of_model(people[::-1], measures[::-1], model).set_index("area")
    assert turned["need_index"].reindex(list("ABCD")).tolist() == pytest.approx(found["need_index"].tolist())


@pytest.mark.parametrize("name", ["population", "area", "need", "age_index", CONSTANT + "ant", "=1+1"])
def test_a_measure_may_be_called_anything(name):
    people = pd.DataFrame({"area": ["A", "B"], "population": [1.0, 3.0]})
    measures = pd.DataFrame({"area": ["A", "B"], "measure": name, "value": [2.0, 4.0]})
    found = need_of_model(people, measures, NeedModel(0.0, ((name, "need", 5.0),)))
    assert found["need"].tolist() == [10.0, 20.0]
    assert found["need_index"].tolist() == pytest.approx([10 / 17.5, 20 / 17.5])


def test_shares_of_a_round_are_weighted_by_the_need_of_its_model():
    result = calculate_round(INPUTS, modelled())
    shares = result.shares[result.shares["year"] == "2026/27"]
    expected = shares["population"] * shares["age_index"] * shares["need_index"] * shares["mff_index"]
    assert shares["weighted_population_raw"].tolist() == pytest.approx(expected.tolist())
    assert shares["measure"].isna().all()
    assert shares["use_index"].notna().all()
    assert result.shares.groupby("year")["target_share"].sum().tolist() == pytest.approx([1, 1])
    terms = result.terms
    assert set(terms["year"]) == {""}
    assert terms.loc[terms["area"] == "B", "places"].tolist() == [0, 3, 3, 3, 3, 3]
    assert terms.groupby("area")["need_term"].sum().tolist() == pytest.approx(shares["need"].tolist())
    assert calculate_round(worked_inputs(), POLICY).terms.empty


def test_projected_people_have_a_mean_of_supply_each_year():
    people = pd.concat([INPUTS.people.assign(year=year) for year in POLICY.years])
    later = people["population"].where((people["year"] == "2026/27") | (people["area"] != "C"), people["population"] * 2)
    terms = calculate_round(replace(INPUTS, people=people.assign(population=later)), modelled()).terms
    means = terms[terms["side"] == "supply"].groupby(["year", "measure"])["mean"].first()
    assert means["2027/28", "distance_to_centre_km"] > means["2026/27", "distance_to_centre_km"]


def faults(inputs=INPUTS, policy=None) -> list[tuple]:
    frame = missing_inputs(inputs, policy or modelled(), own_trusts=dict.fromkeys(MONEY, True))
    assert (frame["remedy"] != "").all()
    return [row[:3] for row in frame.itertuples(index=False, name=None)]


def without_measure(name: str, *areas: str) -> object:
    gone = (INPUTS.measures["measure"] == name) & INPUTS.measures["area"].isin(areas or list(MONEY))
    return replace(INPUTS, measures=INPUTS.measures.assign(value=INPUTS.measures["value"].mask(gone)))


def test_what_a_model_lacks_is_named_with_its_area():
    assert faults() == []
    assert faults(without_measure("imd", "B", "D")) == [
        ("B", "Additional need", "It has no “imd”, nor have all of its places"),
        ("D", "Additional need", "It has no “imd”, nor have all of its places"),
    ]
    assert faults(without_measure("imd")) == [("", "Additional need", "“imd” is not loaded for any area")]
    nothing = replace(INPUTS, measures=pd.DataFrame(columns=MEASURE_COLUMNS))
    assert len(faults(nothing)) == 5
    of_supply = replace(POLICY, need="model", model=NeedModel(1.0, (("imd", "supply", 1.0),)))
    assert faults(INPUTS, of_supply) == [("", "Additional need", "The model has no measure of need")]


def test_need_at_or_below_nothing_says_where_and_how_much():
    assert faults(INPUTS, modelled(const=-130.0)) == [
        ("A", "Additional need", "Need comes out at −£1.36 a head, by people of 2026/27"),
        ("B", "Additional need", "Need comes out at −£5.96 a head, by people of 2026/27"),
        ("D", "Additional need", "Need comes out at −£2.36 a head, by people of 2026/27"),
    ]
    with pytest.raises(ValueError, match="0 or below for"):
        calculate_round(INPUTS, modelled(const=-1_000.0))


def test_words_of_each_way_that_need_is_measured():
    assert set(FORMULAS) == {"measure", "imported", "model"}
    model = {"constant": 40.0, "coefficients": [["Old", "need", 3.0], ["Far", "supply", -0.5]]}
    assert model_said(model) == "£40 + £3 × Old − £0.5 × Far (supply, held at its mean)"
    assert model_said({}) == "£0"
    row = {"measure": 1.1, "need_index": 1.05}
    assert imported_working(row, 1.0476, 0) == "Imported index 1.1000 ÷ 1.0476 = 1.0500"
    assert "the mean of its 6 places by their people, ÷" in imported_working(row, 1.0476, 6)
    assert "that of its one place, ÷" in imported_working(row, 1.0476, 1)
    assert [known_by(n, "need") for n in (0, 1, 2)] == ["Its own", "That of its one place", "Mean of its 2 places"]


def test_a_working_is_the_sum_that_it_says():
    result = calculate_round(INPUTS, modelled())
    row = result.shares.iloc[0].to_dict()
    said = model_working(result.terms[result.terms["area"] == "A"].to_dict("records"), row, 176.88)
    formula, came_to = said.split(" = £")[0], float(said.split(" = £")[1].split(" a head")[0])
    assert formula.startswith("40 + 3 × 12.0000 + 5 × 10.0000 + 0.8 × 25.0000 + 12 × ")
    total = 0.0
    for part in formula.replace("− ", "+ -").split(" + "):
        product = 1.0
        for factor in part.replace(" (mean)", "").split(" × "):
            product *= float(factor)
        total += product
    assert total == pytest.approx(came_to, abs=0.01)
    assert f"uses £{row['use']:.4f}: {row['use_index']:.4f}" in said


def test_the_chart_says_whom_holding_supply_moves_most():
    frame = calculate_round(INPUTS, modelled()).shares.query("year == '2026/27'").assign(area_name=list("ABCD"))
    filters = {"step": "need", "allocation_year": "2026/27"}
    chart = step_chart(frame, filters)
    moved = (frame["need_index"] - frame["use_index"]).abs()
    assert f"changes {frame.loc[moved.idxmax(), 'area_name']} most: from " in chart.title
    assert len(chart.frame) == 8
    still = step_chart(frame.assign(use_index=frame["need_index"]), filters)
    assert still.title == "Holding supply at its mean changes the index of no area"


def test_a_measure_or_a_place_that_stands_twice_is_refused():
    twice = pd.concat([stated_as_frame({("S1", "imd"): 1.0})] * 2)
    with pytest.raises(ValueError, match="measures"):
        measures_of_systems(twice, SHARES, people_as_frame({"P1": 1}))
    with pytest.raises(ValueError, match="shares of places"):
        measures_of_systems(stated_as_frame({("S1", "imd"): 1.0}), pd.concat([SHARES, SHARES]), people_as_frame({"P1": 1}))
    with pytest.raises(ValueError, match="value"):
        measures_of_systems(pd.DataFrame({"area": ["S1"], "measure": ["imd"]}), SHARES, people_as_frame({"P1": 1}))


def test_terms_of_areas_without_people_have_no_mean():
    measures = pd.DataFrame({"area": ["A"], "measure": ["imd"], "value": [2.0]})
    model = NeedModel(1.0, (("imd", "need", 1.0),))
    with pytest.raises(ValueError, match="no people"):
        need_terms(pd.DataFrame({"area": ["A"], "population": [0.0]}), measures, model)
    with pytest.raises(ValueError, match="below 0"):
        need_terms(pd.DataFrame({"area": ["A"], "population": [-1.0]}), measures, model)


@settings(max_examples=20)
@given(st.floats(0.1, 50), st.floats(0, 9))
def test_beds_built_in_one_area_move_no_money_between_areas_that_need_alike(coefficient, beds):
    """Supply of one area changes the mean for all, and nobody's place beside another of the same need."""
    measures = INPUTS.measures.copy()
    of_beds = (measures["measure"] == "supply_beds_per_1000") & (measures["area"] == "A")
    changed = replace(INPUTS, measures=measures.assign(value=measures["value"].mask(of_beds, beds)))
    policy = modelled(supply_beds_per_1000=coefficient)
    before, after = (calculate_round(inputs, policy).shares.query("year == '2026/27'")["need"] for inputs in (INPUTS, changed))
    assert (after - before).max() - (after - before).min() == pytest.approx(0, abs=1e-9)


def test_need_indices_of_systems_are_their_own_or_of_all_their_places_with_age_where_any_holds_it():
    needs = pd.DataFrame(
        [("P1", "", 1.0, False), ("P2", "", 2.0, True), ("S2", "", 0.5, False), ("P3", "B", 3.0, False)],
        columns=["area", "programme_of_care", "need_index", "includes_age"],
    )
    found = need_of_systems(needs, SHARES, people_as_frame({"P1": 30, "P2": 40, "P3": 10}))
    assert found.to_dict("records") == [
        {
            "area": "S1",
            "programme_of_care": "",
            "need_index": pytest.approx((30 + 2 * 10) / 40),
            "includes_age": True,
            "places": 2,
        },
        # Its own says that age is not in it, whatever its places say.
        {"area": "S2", "programme_of_care": "", "need_index": 0.5, "includes_age": False, "places": 0},
    ]
    assert need_of_systems(needs[:0], SHARES, people_as_frame({})).empty
