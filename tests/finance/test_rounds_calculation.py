"""A round from people to allocations: the worked files, the slow twin, invariants, and how shares move with their inputs."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance.calculations.convergence import ImpossiblePace
from finance.calculations.rounds import (
    CHAIN_STEPS,
    ERRORS,
    PUBLISHED,
    calculate_round,
    moved_shares,
    quanta,
    weighted_shares,
)
from tests.finance.round_area import KNOTS, MONEY, POLICY, worked_case, worked_inputs
from tests.finance.twins import convergence as convergence_twin
from tests.finance.twins import rounds as twin

INPUTS = worked_inputs()
FIRST = weighted_shares(INPUTS, replace(POLICY, years=("2026/27",)))


def of_year(frame: pd.DataFrame, year: str, column: str) -> dict:
    own = frame[frame["year"] == year]
    return dict(zip(own["area"], own[column], strict=True))


def test_shares_and_allocations_are_those_of_the_worked_files():
    """The second file starts from the shares that the first ends with."""
    expected, pace = worked_case("01c")["expected"], worked_case("01d")["expected"]["year1"]
    result = calculate_round(INPUTS, POLICY)
    shares = of_year(result.shares, "2026/27", "target_share")
    assert shares == pytest.approx(expected["target_share"], abs=1e-8)
    assert of_year(result.shares, "2026/27", "weighted_population") == pytest.approx(expected["weighted_population"], rel=1e-7)
    pounds = {a: v / 10_000 for a, v in of_year(result.years, "2026/27", "allocation").items()}
    assert pounds == pytest.approx(pace["allocation"], abs=1)
    assert of_year(result.years, "2026/27", "opening_distance") == pytest.approx(pace["opening_dft"], abs=1e-8)
    assert of_year(result.years, "2026/27", "closing_distance") == pytest.approx(pace["closing_dft"], abs=1e-8)


def test_ten_years_agree_with_the_slow_twin():
    years = tuple(f"20{n}/{n + 1}" for n in range(26, 36))
    policy = replace(POLICY, years=years, growth=0.044, floor=0.03)
    result = calculate_round(INPUTS, policy)
    expected = twin.round_of(
        worked_case("01c")["inputs"], MONEY, years=10, growth=0.044, knots=list(KNOTS), floor=0.03, cap=0.055
    )
    for year, wanted in zip(years, expected, strict=True):
        assert of_year(result.years, year, "target_share") == pytest.approx(wanted["share"], abs=1e-9)
        pounds = {a: v / 10_000 for a, v in of_year(result.years, year, "allocation").items()}
        assert pounds == pytest.approx(wanted["allocation"], abs=0.2)


@settings(max_examples=25)
@given(
    st.permutations(sorted(MONEY)),
    st.floats(-0.02, 0.06),
    st.integers(1, 10),
    st.sampled_from(["chain", PUBLISHED]),
)
def test_what_is_allocated_adds_up_and_the_order_of_areas_makes_no_difference(order, growth, years, method):
    policy = replace(POLICY, years=tuple(f"20{26 + n}/{27 + n}" for n in range(years)), growth=growth, floor=-0.1, cap=0.2)
    policy = replace(policy, method=method)
    result = calculate_round(INPUTS, policy)
    for year, quantum in quanta(INPUTS, policy).items():
        own = result.years[result.years["year"] == year]
        assert own["allocation"].sum() == own["target"].sum() == quantum
        assert own["target_share"].sum() == pytest.approx(1)
    at = {area: place for place, area in enumerate(order)}
    turned = replace(
        INPUTS,
        baselines=INPUTS.baselines.sort_values("area", key=lambda c: c.map(at)),
        people=INPUTS.people.sort_values("area", key=lambda c: c.map(at)),
    )
    assert calculate_round(turned, policy).years["allocation"].tolist() == result.years["allocation"].tolist()


def test_the_quantum_that_is_named_is_given_away_and_later_ones_grow_from_it():
    policy = replace(POLICY, quantum=14 * 10**12, floor=0.0, cap=0.2)
    assert quanta(INPUTS, policy) == {"2026/27": 14 * 10**12, "2027/28": 14_616 * 10**9}
    assert calculate_round(INPUTS, policy).years.groupby("year")["allocation"].sum().to_dict() == quanta(INPUTS, policy)


RATES = st.lists(st.integers(-500, 900).map(lambda n: n / 10_000), min_size=1, max_size=10)
MOVED = st.dictionaries(st.integers(0, 9), st.dictionaries(st.sampled_from("ABCD"), st.integers(-(10**12), 10**12)), max_size=3)


@settings(max_examples=15, deadline=None)
@given(RATES, MOVED)
def test_growth_and_transfers_of_each_year_give_the_quanta_of_the_twin(rates, moved):
    years = tuple(f"20{26 + n}/{27 + n}" for n in range(len(rates)))
    transfers = {years[n]: by_area for n, by_area in moved.items() if n < len(years)}
    policy = replace(POLICY, years=years, growth=tuple(rates), transfers=transfers, floor=-0.3, cap=0.4)
    found = quanta(INPUTS, policy)
    assert found == convergence_twin.quanta(int(INPUTS.baselines["baseline"].sum()), years, rates, transfers)
    result = calculate_round(INPUTS, policy).years
    assert result.groupby("year")["allocation"].sum().to_dict() == found
    first = result[result["year"] == years[0]].set_index("area")
    for area, amount in MONEY.items():
        assert first.loc[area, "baseline"] == amount * 10_000 + transfers.get(years[0], {}).get(area, 0)


def test_one_rate_stands_for_every_year_and_other_numbers_of_rates_are_refused():
    assert quanta(INPUTS, replace(POLICY, growth=(0.044,))) == quanta(INPUTS, POLICY)
    with pytest.raises(ValueError, match="3 rates of growth for 2 years"):
        quanta(INPUTS, replace(POLICY, growth=(0.01, 0.02, 0.03)))
    with pytest.raises(ValueError, match="The quantum of 2027/28 must be above £0"):
        quanta(INPUTS, replace(POLICY, transfers={"2027/28": {"A": -(10**15)}}))


def test_a_floor_above_the_quantum_says_what_would_hold():
    with pytest.raises(ImpossiblePace, match=r"In 2026/27: The floor of 3.6% cannot hold") as refused:
        calculate_round(INPUTS, replace(POLICY, growth=0.035))
    assert refused.value.rate_that_holds == pytest.approx(0.035, abs=1e-5)


def test_projected_people_give_each_year_its_own_shares():
    later = INPUTS.people.assign(year="2027/28")
    later.loc[later["area"] == "A", "population"] = later["population"] * 2
    projected = replace(INPUTS, people=pd.concat([INPUTS.people.assign(year="2026/27"), later]))
    result = calculate_round(projected, POLICY)
    first, second = (of_year(result.years, year, "target_share") for year in POLICY.years)
    assert first == pytest.approx(worked_case("01c")["expected"]["target_share"], abs=1e-8)
    assert second["A"] > first["A"] * 1.3
    assert sum(second.values()) == pytest.approx(1)


def test_published_weighted_populations_are_taken_as_they_are():
    shares = weighted_shares(INPUTS, replace(POLICY, method=PUBLISHED))
    assert set(shares["target_share"]) == {0.25}
    assert shares[CHAIN_STEPS].isna().all().all()


def test_need_that_holds_age_already_leaves_age_out():
    with_age, without = (weighted_shares(INPUTS, replace(POLICY, need_includes_age=flag)) for flag in (False, True))
    expected = with_age["weighted_population_raw"] / with_age["age_index"]
    assert without["weighted_population_raw"].tolist() == pytest.approx(expected.tolist())


@pytest.mark.parametrize("name", list(ERRORS))
def test_a_share_moves_as_it_does_when_the_input_itself_is_changed(name):
    policy = replace(POLICY, errors={name: 0.05})
    moved = moved_shares(FIRST, policy).query("input == @name").set_index("area")
    raw = dict(zip(FIRST["area"], FIRST["weighted_population_raw"], strict=True))
    for area in raw:
        assert moved.loc[area, "low"] == pytest.approx(twin.share_with(raw, area, 0.95))
        assert moved.loc[area, "high"] == pytest.approx(twin.share_with(raw, area, 1.05))
        assert moved.loc[area, "low"] < moved.loc[area, "target_share"] < moved.loc[area, "high"]


def test_all_errors_together_are_the_root_of_their_squares_and_errors_of_nothing_are_left_out():
    moved = moved_shares(FIRST, replace(POLICY, errors={"population": 0.03, "need": 0.04, "age": 0.0}))
    assert set(moved["input"]) == {"population", "need", "all"}
    one = moved[moved["area"] == "A"].set_index("input")
    above = one["high"] - one["target_share"]
    assert above["all"] == pytest.approx((above["population"] ** 2 + above["need"] ** 2) ** 0.5)
    assert one.loc["all", "error"] == pytest.approx(0.05)
    assert moved_shares(FIRST, replace(POLICY, errors={})).empty


def test_steps_that_a_method_has_not_do_not_move_its_shares():
    published = weighted_shares(INPUTS, replace(POLICY, method=PUBLISHED, years=("2026/27",)))
    assert set(moved_shares(published, replace(POLICY, method=PUBLISHED))["input"]) == {"population", "all"}
    assert "age" not in set(moved_shares(FIRST, replace(POLICY, need_includes_age=True))["input"])


@pytest.mark.parametrize(
    ("name", "said"),
    [("people", "no population in 2026/27 for: A"), ("need", "no need index for: A"), ("weighted", "no published weighted")],
)
def test_an_area_that_an_input_lacks_is_named(name, said):
    frame = getattr(INPUTS, name)
    policy = replace(POLICY, method=PUBLISHED) if name == "weighted" else POLICY
    with pytest.raises(ValueError, match=said):
        weighted_shares(replace(INPUTS, **{name: frame[frame["area"] != "A"]}), policy)
