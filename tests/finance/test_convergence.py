"""Pace of change: the quantum to the penny, floors and caps, order, monotony, and what cannot be."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance.calculations.convergence import (
    PENNY,
    ImpossiblePace,
    Pace,
    check_knots,
    convergence,
    grown,
    one_year,
    pace_of_change,
)
from tests.finance.twins import convergence as twin

KNOTS = ((-0.1, 0.015), (-0.05, 0.01), (-0.025, 0.004), (0.0, 0.0), (0.025, 0.0), (0.05, -0.005), (0.1, -0.01))
PACE = Pace(KNOTS, 0.036, 0.055)
POUND = 10_000
SHARES = {"A": 0.29533730477276454, "B": 0.24306636463355774, "C": 0.2877209206707269, "D": 0.17387540992295067}
BASELINE = {"A": 420_000_000, "B": 326_000_000, "C": 364_000_000, "D": 214_000_000}


def areas_of(shares, baseline) -> pd.DataFrame:
    return pd.DataFrame({"area": list(shares), "target_share": list(shares.values()), "baseline": [baseline[a] for a in shares]})


AREAS = areas_of(SHARES, {a: b * POUND for a, b in BASELINE.items()})
WHOLE = int(AREAS["baseline"].sum())


@st.composite
def cases(draw):
    """Areas, a pace, and a quantum that it can give away."""
    count = draw(st.integers(1, 6))
    weights = draw(st.lists(st.integers(1, 1000), min_size=count, max_size=count))
    baseline = draw(st.lists(st.integers(10**8, 10**14), min_size=count, max_size=count))
    floor = draw(st.integers(-100, 80)) / 1000
    cap = floor + draw(st.integers(0, 80)) / 1000
    at = sorted(draw(st.sets(st.integers(-200, 200), min_size=2, max_size=6)))
    changes = sorted(draw(st.lists(st.integers(-30, 30), min_size=len(at), max_size=len(at))), reverse=True)
    knots = [(d / 1000, c / 1000) for d, c in zip(at, changes, strict=True)]
    growth = floor + (cap - floor) * draw(st.floats(0, 1))
    names = [f"A{n}" for n in range(count)]
    shares = {n: w / sum(weights) for n, w in zip(names, weights, strict=True)}
    frame = areas_of(shares, dict(zip(names, baseline, strict=True)))
    return frame, Pace(tuple(knots), floor, cap), grown(sum(baseline), round(growth, 9))


@given(cases(), st.randoms())
@settings(max_examples=60, deadline=None)
def test_every_allocation_keeps_the_rules(case, chance):
    frame, pace, quantum = case
    result = one_year(frame, quantum=quantum, pace=pace)
    assert result["allocation"].sum() == result["target"].sum() == quantum
    assert (result["allocation"] % PENNY == 0).all()
    assert (result["allocation"] >= result["baseline"] * (1 + pace.floor) - PENNY).all()
    assert (result["allocation"] <= result["baseline"] * (1 + pace.cap) + PENNY).all()
    furthest = result.sort_values("opening_distance")
    assert (furthest["growth"].diff().dropna() <= 1e-12).all()
    order = list(range(len(frame)))
    chance.shuffle(order)
    again = one_year(frame.iloc[order], quantum=quantum, pace=pace).set_index("area")["allocation"]
    assert again.sort_index().tolist() == result.set_index("area")["allocation"].sort_index().tolist()


@given(cases())
@settings(max_examples=30, deadline=None)
def test_the_slow_twin_agrees_to_the_penny(case):
    frame, pace, quantum = case
    named = frame.set_index("area")
    expected = twin.allocations(
        named["target_share"].to_dict(), named["baseline"].to_dict(), quantum, list(pace.knots), pace.floor, pace.cap
    )
    got = one_year(frame, quantum=quantum, pace=pace).set_index("area")["allocation"]
    for area, amount in expected.items():
        assert abs(got[area] - amount) <= PENNY + 1e-9 * amount


def test_every_step_of_the_worked_year():
    result = one_year(AREAS, quantum=1_382_256_000 * POUND, pace=PACE).set_index("area")
    assert result["opening_distance"].round(8).tolist() == [0.07409575, 0.01298905, -0.04447521, -0.07041818]
    assert result["limit"].to_dict() == {"A": "floor", "B": "", "C": "", "D": ""}
    assert result["allocation"].to_dict() == {
        "A": 435_120_000_00 * PENNY,
        "B": 339_487_779_86 * PENNY,
        "C": 382_217_329_70 * PENNY,
        "D": 225_430_890_44 * PENNY,
    }
    assert (result["distance_money"] == result["allocation"] - result["target"]).all()


def test_a_floor_above_the_quantum_says_what_cannot_hold_and_what_would():
    quantum = grown(WHOLE, 0.035)
    with pytest.raises(ImpossiblePace) as refused:
        one_year(AREAS, quantum=quantum, pace=PACE)
    assert str(refused.value) == (
        "The floor of 3.6% cannot hold: with every area on it they need £1,371,664,000.00, which is £1,324,000.00 more than the "
        "quantum of £1,370,340,000.00. A floor of 3.5% or lower would hold, or a quantum of £1,371,664,000.00 or more."
    )
    assert (refused.value.constraint, refused.value.rate_that_holds) == ("floor", 0.035)
    one_year(AREAS, quantum=quantum, pace=Pace(KNOTS, refused.value.rate_that_holds, 0.055))
    one_year(AREAS, quantum=refused.value.bound, pace=PACE)


def test_a_cap_below_the_quantum_says_what_would_hold():
    with pytest.raises(ImpossiblePace, match=r"cap of 5.5% cannot hold.*leaves £6,620,000.00.*cap of 6% or higher") as refused:
        one_year(AREAS, quantum=grown(WHOLE, 0.06), pace=PACE)
    one_year(AREAS, quantum=grown(WHOLE, 0.06), pace=Pace(KNOTS, 0.036, refused.value.rate_that_holds))
    one_year(AREAS, quantum=refused.value.bound, pace=PACE)


def test_a_quantum_rounded_to_the_penny_is_met_by_the_rate_that_it_was_rounded_from():
    odd = AREAS.assign(baseline=AREAS["baseline"] + 1_237)
    quantum = grown(int(odd["baseline"].sum()), 0.035)
    for floor, cap in ((0.036, 0.055), (0.01, 0.03)):
        with pytest.raises(ImpossiblePace) as refused:
            one_year(odd, quantum=quantum, pace=Pace(KNOTS, floor, cap))
        assert refused.value.rate_that_holds == 0.035
    assert one_year(odd, quantum=quantum, pace=Pace(KNOTS, 0.035, 0.055))["allocation"].sum() == quantum
    assert one_year(odd, quantum=quantum, pace=Pace(KNOTS, 0.01, 0.035))["allocation"].sum() == quantum


def test_the_edges_of_what_is_possible_are_possible():
    for growth in (0.036, 0.055):
        result = one_year(AREAS, quantum=grown(WHOLE, growth), pace=PACE)
        assert result["growth"].tolist() == pytest.approx([growth] * 4)


@pytest.mark.parametrize(
    ("knots", "message"),
    [
        ([(0, 0)], "at least two knots"),
        ([(0, 0), (0, -0.01)], "Knots 1 and 2 overlap: both are at a distance of 0%"),
        ([(0.05, 0), (-0.025, 0)], "Knot 2 is out of order: its distance of −2.5% is below 5%"),
        ([(-0.05, 0), (0.05, 0.01)], r"Knot 2 gives more growth \(1%\) than knot 1 \(0%\)"),
        ([(0, 0), (float("nan"), 0)], "Knot 2 is not a pair of numbers"),
    ],
)
def test_knots_that_contradict_themselves_are_refused(knots, message):
    with pytest.raises(ValueError, match=message):
        check_knots(knots)


def test_convergence_is_linear_between_knots_and_flat_outside():
    found = convergence(pd.Series([-0.5, -0.075, 0.01, 0.075, 0.5]), KNOTS)
    assert found.tolist() == pytest.approx([0.015, 0.0125, 0, -0.0075, -0.01])


@pytest.mark.parametrize(
    ("floor", "cap", "message"),
    [
        (0.05, 0.04, "floor of 5% is above the cap of 4%"),
        (-1, 0.04, "must be above −100%"),
        (float("nan"), 0.1, "must be numbers"),
    ],
)
def test_a_pace_that_contradicts_itself_is_refused(floor, cap, message):
    with pytest.raises(ValueError, match=message):
        Pace(KNOTS, floor, cap)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"baseline": [1, 0, 1, 1]}, "baseline must be above 0, and is not for: B"),
        ({"target_share": [0.5, 0.5, 0.5, 0.5]}, "do not add up to 1"),
        ({"target_share": [1.0, None, 0.0, 0.0]}, "lacks target_share of B"),
        ({"area": ["A", "A", "C", "D"]}, "more than one row for area: A"),
    ],
)
def test_areas_that_cannot_be_shared_among_are_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        one_year(AREAS.assign(**changed), quantum=WHOLE, pace=PACE)


def test_no_areas_and_parts_of_a_penny_are_refused():
    with pytest.raises(ValueError, match="no areas"):
        one_year(AREAS.iloc[:0], quantum=WHOLE, pace=PACE)
    with pytest.raises(ValueError, match="whole pence"):
        one_year(AREAS, quantum=WHOLE + 1, pace=PACE)


def test_growth_is_taken_as_written_and_rounded_to_the_penny():
    assert grown(1_324_000_000 * POUND, 0.044) == 1_382_256_000 * POUND
    assert grown(150, 0.0) == 200
    assert grown(149, 0.0) == 100


def years(growth: float, count: int) -> dict[str, int]:
    quanta, total = {}, WHOLE
    for n in range(count):
        total = grown(total, growth)
        quanta[f"{2026 + n}/{27 + n}"] = total
    return quanta


def test_distances_close_year_after_year():
    result = pace_of_change(AREAS, quanta=years(0.04, 10), pace=PACE)
    largest = result.assign(size=result["closing_distance"].abs()).groupby("year")["size"].max()
    assert largest.round(6).tolist()[:2] == [0.069965, 0.065849]
    assert (largest.diff().dropna() < 0).all()
    following = result[result["area"] == "B"]
    assert following["baseline"].tolist()[1:] == following["allocation"].tolist()[:-1]


def test_transfers_and_new_shares_begin_in_their_year():
    quanta = years(0.044, 3)
    first, second, third = quanta
    moved = {second: {"A": -1_000_000 * POUND, "B": 1_000_000 * POUND}}
    new = {third: dict.fromkeys(SHARES, 0.25)}
    result = pace_of_change(AREAS, quanta=quanta, pace=PACE, shares=new, transfers=moved).set_index(["year", "area"])
    assert result.loc[(second, "B"), "baseline"] == result.loc[(first, "B"), "allocation"] + 1_000_000 * POUND
    assert result.loc[(second, "A"), "target_share"] == SHARES["A"]
    assert abs(result.loc[(third, "A"), "target"] - quanta[third] / 4) < PENNY


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"quanta": {}}, "between 1 and 10 years: there are 0"),
        ({"quanta": {str(n): WHOLE for n in range(11)}}, "there are 11"),
        ({"quanta": years(0.035, 1)}, "In 2026/27: The floor of 3.6% cannot hold"),
        ({"quanta": years(0.04, 1), "shares": {"2026/27": {"A": 1.0}}}, "no shares of 2026/27 for: B, C, D"),
        ({"quanta": years(0.04, 1), "transfers": {"2026/27": {"Z": 1}}}, "areas that are not there: Z"),
        ({"quanta": years(0.04, 1), "transfers": {"2030/31": {"A": 1}}}, "year without a quantum: 2030/31"),
    ],
)
def test_years_that_cannot_be_worked_out_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        pace_of_change(AREAS, pace=PACE, **options)
