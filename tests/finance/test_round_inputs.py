"""A round says which areas and inputs are missing, and its people are never the sum of the places that happen to be known."""

from dataclasses import replace

import pandas as pd
import pytest

from finance.calculations.round_inputs import missing_inputs
from finance.calculations.round_people import projected_people, registered_people, resident_people
from finance.calculations.rounds import PUBLISHED
from tests.finance.round_area import MONEY, POLICY, worked_inputs

INPUTS = worked_inputs()
WHOLE = dict.fromkeys(MONEY, True)
SHARES = pd.DataFrame(
    [("P1", "S1", 1.0), ("P2", "S1", 0.5), ("P2", "S2", 0.5), ("P3", "S2", 1.0)], columns=["place", "system", "share"]
)
PLACES = pd.DataFrame(
    [(p, s, "0-4", n) for p, n in (("P1", 10), ("P2", 20), ("P3", 30)) for s in "fm"],
    columns=["place", "sex", "age_band", "population"],
)


def faults(inputs=INPUTS, policy=POLICY, own_trusts=WHOLE) -> list[tuple]:
    frame = missing_inputs(inputs, policy, own_trusts=own_trusts)
    assert (frame["remedy"] != "").all()
    return list(zip(frame["area"], frame["input"], frame["problem"], strict=True))


def without(name: str, **where) -> object:
    frame = getattr(INPUTS, name)
    for column, value in where.items():
        frame = frame[frame[column] != value]
    return replace(INPUTS, **{name: frame})


def test_nothing_is_missing_of_a_round_that_has_it_all():
    assert faults() == []
    assert faults(policy=replace(POLICY, method=PUBLISHED)) == []


def test_a_transfer_of_an_area_that_is_none_of_the_round_is_named():
    policy = replace(POLICY, transfers={"2027/28": {"A": 10_000, "Z": -10_000}})
    assert faults(policy=policy) == [("Z", "Recurrent transfers", "A transfer names it, and it is no area of this round")]


@pytest.mark.parametrize(
    ("inputs", "area", "of", "said"),
    [
        (without("people", area="B"), "B", "Population", "No population, or not every age and sex of it, for 2026/27"),
        (without("need", area="C"), "C", "Additional need", "no need index"),
        (without("care", area="D"), "D", "Market forces", "None of its people's care is loaded"),
        (without("baselines", area="A"), "A", "Baseline", "No delegated spend"),
        (without("cost_weights", sex="m"), "", "Cost weights", "do not cover all ages: none for 0-17 m, 18-44 m"),
        (replace(INPUTS, cost_weights=INPUTS.cost_weights[:0]), "", "Cost weights", "There are none"),
        (replace(INPUTS, cost_weights=INPUTS.cost_weights.assign(cost=0)), "", "Cost weights", "Not above 0: 0-17 f"),
        (replace(INPUTS, need=INPUTS.need.assign(measure=-1.0)), "A", "Additional need", "is not above 0"),
    ],
)
def test_what_is_missing_is_named_with_its_area(inputs, area, of, said):
    [first, *_] = [f for f in faults(inputs) if f[1] == of]
    assert first[0] == area
    assert said in first[2]


def test_every_area_that_a_provider_without_a_factor_treats_is_named():
    found = faults(without("market_forces", provider="P4"))
    assert [f[0] for f in found] == ["A", "B", "C", "D"]
    assert {f[2] for f in found} == {"Provider P4 has no market forces factor"}


def test_negative_people_and_ages_that_are_not_stated_are_faults_and_nobody_is_a_number():
    people = INPUTS.people.copy()
    people.loc[(people["area"] == "A") & (people["age_band"] == "75+") & (people["sex"] == "f"), "population"] = -1
    people = people[~((people["area"] == "B") & (people["age_band"] == "0-17"))]
    people.loc[(people["area"] == "C") & (people["age_band"] == "75+"), "population"] = 0
    found = faults(replace(INPUTS, people=people))
    assert [(f[0], f[2]) for f in found] == [("A", "Below 0: 75+ f"), ("B", "No people are stated for 2026/27: 0-17 f, 0-17 m")]


def test_a_projection_that_ends_early_names_the_years_it_lacks():
    found = faults(replace(INPUTS, people=INPUTS.people.assign(year="2026/27")))
    assert {f[0] for f in found} == set(MONEY)
    assert {f[2] for f in found} == {"No population, or not every age and sex of it, for 2027/28"}


def test_a_system_whose_own_trusts_are_not_in_is_refused_and_so_is_one_area_alone():
    found = faults(own_trusts={**WHOLE, "D": False})
    assert [(f[0], f[1]) for f in found] == [("D", "Baseline")]
    assert any("a share needs two or more" in f[2] for f in faults(own_trusts={"A": True}))
    assert any("There is no area" in f[2] for f in faults(own_trusts={}))


def test_published_weighted_populations_that_are_not_there_are_named():
    gone = replace(INPUTS, weighted=INPUTS.weighted.assign(weighted_population_raw=[1.0, None, 1.0, 1.0]))
    assert [f[:2] for f in faults(gone, replace(POLICY, method=PUBLISHED))] == [("B", "Published weighted population")]


def test_residents_of_a_divided_place_are_shared_and_a_place_that_is_not_known_leaves_its_systems_without_a_number():
    people = resident_people(PLACES, SHARES).set_index(["area", "sex"])["population"]
    assert people.to_dict() == {("S1", "f"): 20, ("S1", "m"): 20, ("S2", "f"): 40, ("S2", "m"): 40}
    lacking = resident_people(PLACES[PLACES["place"] != "P3"], SHARES).set_index(["area", "sex"])["population"]
    assert lacking["S1"].tolist() == [20, 20]
    assert lacking["S2"].isna().all()


def test_registered_people_have_the_ages_of_residents_and_the_number_of_the_lists():
    residents = resident_people(PLACES, SHARES)
    found = registered_people(residents, pd.DataFrame({"area": ["S1", "S2"], "registered": [50.0, None]}))
    sums = found.groupby("area")["population"].sum(min_count=1)
    assert sums["S1"] == pytest.approx(50)
    assert pd.isna(sums["S2"])


def test_projected_people_are_of_the_calendar_year_in_which_the_financial_year_begins():
    projected = PLACES.rename(columns={"place": "area", "population": "people"})
    both = pd.concat([projected.assign(year=2026), projected[projected["area"] != "P1"].assign(year=2027)])
    found = projected_people(both, SHARES, ["2026/27", "2027/28", "2028/29"]).set_index(["year", "area", "sex"])["population"]
    assert found["2026/27", "S1", "f"] == 20
    assert pd.isna(found["2027/28", "S1", "f"])
    assert found["2027/28", "S2", "m"] == 40
    assert "2028/29" not in found.index.get_level_values("year")
