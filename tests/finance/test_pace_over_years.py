"""Pace of change at the size of a nation and over ten years: to the penny every year, in any order, ever nearer the target."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance.calculations.convergence import MOST_YEARS, PENNY, ImpossiblePace, Pace, grown, one_year, pace_of_change

POUND = 10_000
KNOTS = ((-0.1, 0.015), (-0.025, 0.004), (0.0, 0.0), (0.025, 0.0), (0.1, -0.01))
WIDE = Pace(KNOTS, -0.5, 0.5)


def nation(count: int = 42) -> pd.DataFrame:
    """As many areas as England has systems, with twenty-five billion pounds between them."""
    weights = [100 + (n * 37) % 61 for n in range(count)]
    baseline = [(500_000_000 + (n * 7919) % 200_000_001) * POUND + n for n in range(count)]
    shares = [w / sum(weights) for w in weights]
    return pd.DataFrame({"area": [f"Q{n:02}" for n in range(count)], "target_share": shares, "baseline": baseline})


def quanta_of(frame: pd.DataFrame, growth: float, years: int = MOST_YEARS) -> dict[str, int]:
    quanta, amount = {}, int(frame["baseline"].sum())
    for n in range(years):
        amount = quanta[f"{2026 + n}/{27 + n}"] = grown(amount, growth)
    return quanta


def test_a_nation_is_shared_to_the_penny_every_year():
    frame = nation()
    quanta = quanta_of(frame, 0.0417)
    result = pace_of_change(frame, quanta=quanta, pace=WIDE)
    assert result.groupby("year")["allocation"].sum().to_dict() == quanta
    assert result.groupby("year")["target"].sum().to_dict() == quanta
    assert (result["allocation"] % PENNY == 0).all()
    assert len(result) == 42 * MOST_YEARS


def test_distances_shrink_where_neither_floor_nor_cap_holds_them():
    frame = nation()
    result = pace_of_change(frame, quanta=quanta_of(frame, 0.03), pace=WIDE)
    spread = result.groupby("year")["closing_distance"].agg(lambda d: d.max() - d.min())
    assert (spread.diff().dropna() < 0).all()
    assert set(result["limit"]) == {""}


def test_each_year_opens_where_the_last_one_closed():
    frame = nation(5)
    result = pace_of_change(frame, quanta=quanta_of(frame, 0.03, 4), pace=WIDE).set_index(["area", "year"])
    for area in frame["area"]:
        own = result.loc[area]
        assert own["opening_distance"].tolist()[1:] == pytest.approx(own["closing_distance"].tolist()[:-1], abs=1e-9)
        assert own["baseline"].tolist()[1:] == own["allocation"].tolist()[:-1]


def test_several_years_are_the_same_as_one_after_another():
    frame, pace = nation(6), Pace(KNOTS, 0.02, 0.06)
    quanta = quanta_of(frame, 0.04, 3)
    together = pace_of_change(frame, quanta=quanta, pace=pace)
    for year, quantum in quanta.items():
        alone = one_year(frame, quantum=quantum, pace=pace)
        assert together.loc[together["year"] == year, "allocation"].tolist() == alone["allocation"].tolist()
        frame = frame.assign(baseline=alone["allocation"])


@given(st.randoms())
@settings(max_examples=5, deadline=None)
def test_the_order_of_areas_is_of_no_matter_over_years(chance):
    frame = nation(7)
    order = list(range(7))
    chance.shuffle(order)
    quanta = quanta_of(frame, 0.04, 3)
    first, again = (
        pace_of_change(one, quanta=quanta, pace=WIDE).set_index(["year", "area"])["allocation"].sort_index()
        for one in (frame, frame.iloc[order])
    )
    assert first.tolist() == again.tolist()


def test_equals_are_treated_alike_and_the_odd_penny_goes_by_code():
    frame = pd.DataFrame({"area": ["B", "A", "C"], "target_share": [1 / 3] * 3, "baseline": [1_000 * POUND] * 3})
    result = one_year(frame, quantum=3_100 * POUND + PENNY, pace=WIDE).set_index("area")
    assert result["growth"].max() - result["growth"].min() < 1e-12
    assert result["allocation"].sum() == 3_100 * POUND + PENNY
    assert result["target"].to_dict() == {"A": 1_033_34 * PENNY, "B": 1_033_34 * PENNY, "C": 1_033_33 * PENNY}
    assert (result["allocation"].max() - result["allocation"].min()) == PENNY


def test_a_later_year_that_cannot_hold_is_named_with_what_would():
    frame = nation(4)
    first, second = quanta_of(frame, 0.04, 2).items()
    quanta = {first[0]: first[1], second[0]: grown(first[1], 0.01)}
    with pytest.raises(ImpossiblePace, match="In 2027/28: The floor of 2% cannot hold") as refused:
        pace_of_change(frame, quanta=quanta, pace=Pace(KNOTS, 0.02, 0.08))
    held = pace_of_change(frame, quanta=quanta, pace=Pace(KNOTS, refused.value.rate_that_holds, 0.08))
    assert held.groupby("year")["allocation"].sum().to_dict() == quanta
    assert (refused.value.constraint, refused.value.quantum) == ("floor", quanta["2027/28"])
    assert refused.value.bound > refused.value.quantum


def test_what_is_transferred_stands_in_the_baseline_of_its_year_and_after():
    frame = nation(3)
    quanta = quanta_of(frame, 0.03, 3)
    moved = {"2027/28": {"Q00": -7 * POUND, "Q01": 7 * POUND}}
    plain = pace_of_change(frame, quanta=quanta, pace=WIDE)
    result = pace_of_change(frame, quanta=quanta, pace=WIDE, transfers=moved)
    assert "transfer" not in plain
    assert result["transfer"].tolist() == [0, 0, 0, -7 * POUND, 7 * POUND, 0, 0, 0, 0]
    before = result[result["year"] == "2026/27"]["allocation"].to_numpy()
    second = result[result["year"] == "2027/28"]
    assert (second["baseline"].to_numpy() - before == second["transfer"].to_numpy()).all()
    third = result[result["year"] == "2028/29"]
    assert third["baseline"].tolist() == second["allocation"].tolist()
    assert result.groupby("year")["allocation"].sum().to_dict() == quanta


def test_an_area_from_which_everything_is_taken_is_named_with_its_year():
    frame = nation(3)
    quanta = quanta_of(frame, 0.03, 2)
    with pytest.raises(ValueError, match="In 2027/28 the transfers leave nothing to: Q01"):
        pace_of_change(frame, quanta=quanta, pace=WIDE, transfers={"2027/28": {"Q01": -(10**16)}})


@given(st.integers(2, 8), st.floats(-0.04, 0.09), st.floats(-0.05, 0.03), st.floats(0.0, 0.08))
@settings(max_examples=40, deadline=None)
def test_the_balancing_growth_is_read_off_exactly(count, growth, floor, above):
    """With it all receive the quantum, to within a part of a penny before any is rounded; so close that no trying is needed."""
    frame, pace = nation(count), Pace(KNOTS, floor, floor + above)
    quantum = grown(int(frame["baseline"].sum()), min(max(growth, floor), floor + above))
    result = one_year(frame, quantum=quantum, pace=pace)
    unrounded = float((result["baseline"] * (1 + result["growth"])).sum())
    assert abs(unrounded - quantum) <= PENNY
    assert len(set(result["balancing_growth"])) == 1
    held = (result["balancing_growth"] + result["convergence"]).clip(pace.floor, pace.cap)
    assert result["growth"].tolist() == held.tolist()


def test_where_all_are_held_any_growth_gives_the_same_and_nobody_is_left_out():
    frame = nation(4)
    for rate in (0.02, 0.06):
        quantum = grown(int(frame["baseline"].sum()), rate)
        result = one_year(frame, quantum=quantum, pace=Pace(KNOTS, 0.02, 0.06))
        assert result["growth"].tolist() == pytest.approx([rate] * 4, abs=1e-12)
        assert result["allocation"].sum() == quantum
