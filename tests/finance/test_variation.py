"""Access × intensity: the identity, the split by logarithms, peers, and what it refuses."""

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from finance.calculations import variation as varying
from tests.finance.twins import variation as twin

AREAS, GROUPS = ["A", "B", "C"], ["heart", "lung"]
people = st.integers(1, 10**7)
patients = st.integers(0, 10**5)
money = st.integers(0, 10**13)
cell = st.fixed_dictionaries({"other": money, "known_spend": money, "patients": patients})
one_area = st.fixed_dictionaries({"population": people, "groups": st.tuples(*[cell for _ in GROUPS])})
grids = st.dictionaries(st.sampled_from(AREAS), one_area, min_size=1)
peer_groups = st.dictionaries(st.sampled_from(AREAS), st.sets(st.sampled_from([*AREAS, "Z"])))


def records(grid: dict) -> list[dict]:
    return [
        {"area": area, "group": group, "population": row["population"], "patients": cell["patients"], "people": None,
         "expected_spend": cell["known_spend"] + cell["other"], "set_spend": cell["known_spend"],
         "known_spend": cell["known_spend"], "spend": cell["known_spend"] + cell["other"]}
        for area, row in grid.items()
        for group, cell in zip(GROUPS, row["groups"], strict=True)
    ]  # fmt: skip


def variation(rows: pd.DataFrame, peers: dict) -> pd.DataFrame:
    return varying.split_gaps(varying.beside_peers(rows, peers))


def alike(population: int, **cell) -> dict:
    """An area whose groups of services are alike."""
    return {"population": population, "groups": (cell,) * len(GROUPS)}


def one(**values) -> pd.DataFrame:
    given = {"population": 100, "patients": 10, "spend": 1000}
    given |= {f"benchmark_{name}": value for name, value in given.items()}
    return varying.access_and_intensity(pd.DataFrame([given | values])).iloc[0]


@given(grids, peer_groups)
def test_gaps_and_their_parts_agree_with_the_slow_twin(grid, peers):
    rows = records(grid)
    result = variation(pd.DataFrame(rows), peers)
    expected = twin.gaps(rows, peers)
    assert set(zip(result["area"], result["group"], strict=True)) == set(expected)
    for row in result.to_dict("records"):
        slow = expected[row["area"], row["group"]]
        assert row["gap"] == pytest.approx(slow["gap"], rel=1e-6, abs=1)
        if slow["told"] and not pd.isna(row["access_gap"]):
            assert row["access_gap"] == pytest.approx(slow["access"], rel=1e-4, abs=2)
            assert row["intensity_gap"] == pytest.approx(slow["intensity"], rel=1e-4, abs=2)


@given(grids, peer_groups)
def test_parts_add_up_to_the_gap_exactly_and_peers_order_does_not_matter(grid, peers):
    rows = pd.DataFrame(records(grid))
    result = variation(rows, peers)
    parts = result[["access_gap", "intensity_gap", "unsplit_gap"]].fillna(0).sum(axis=1)
    assert (parts == result["gap"]).all()
    turned = variation(rows.iloc[::-1].reset_index(drop=True), {a: sorted(p, reverse=True) for a, p in peers.items()})
    key = ["area", "group"]
    pd.testing.assert_frame_equal(
        result.sort_values(key, ignore_index=True), turned.sort_values(key, ignore_index=True), check_exact=False, rtol=1e-12
    )


@given(people, st.integers(1, 10**5), st.integers(1, 10**12), people, st.integers(1, 10**5), st.integers(1, 10**12))
def test_spend_a_head_is_access_times_intensity(population, treated, spend, other_population, other_treated, other_spend):
    row = one(population=population, patients=treated, spend=spend, benchmark_population=other_population,
              benchmark_patients=other_treated, benchmark_spend=other_spend)  # fmt: skip
    assert row["per_head"] == pytest.approx(row["access"] * row["intensity"], rel=1e-9)
    assert row["spend_ratio"] == pytest.approx(row["access_ratio"] * row["intensity_ratio"], rel=1e-9)
    assume(abs(row["spend_ratio"] - 1) > 1e-6)
    assert row["access_per_head"] + row["intensity_per_head"] == pytest.approx(row["gap_per_head"], rel=1e-6, abs=1e-9)


def test_against_everybody_together_the_gaps_of_a_group_cancel_out():
    grid = {a: alike(n, other=5 * n, known_spend=10**6, patients=n // 10) for a, n in (("A", 100), ("B", 300), ("C", 700))}
    result = variation(pd.DataFrame(records(grid)), dict.fromkeys(AREAS, AREAS))
    assert result.groupby("group")["gap"].sum().abs().max() <= len(AREAS)
    assert set(result["peers"]) == {3}


def test_only_more_patients_is_all_access_and_only_dearer_ones_all_intensity():
    more, dearer = one(patients=20, spend=2000), one(spend=2000)
    assert (more["access_per_head"], more["intensity_per_head"]) == (pytest.approx(10), pytest.approx(0))
    assert (dearer["access_per_head"], dearer["intensity_per_head"]) == (pytest.approx(0), pytest.approx(10))


def test_where_spend_is_alike_the_split_is_undefined_and_the_two_ratios_are_shown():
    row = one(patients=20)
    assert pd.isna(row["access_per_head"])
    assert pd.isna(row["intensity_per_head"])
    assert (row["access_ratio"], row["intensity_ratio"], row["gap"]) == (2.0, 0.5, 0.0)


@pytest.mark.parametrize(
    "nothing", [{"patients": 0, "spend": 0}, {"spend": -50}, {"patients": 0}, {"benchmark_patients": 0, "benchmark_spend": 0}]
)
def test_nothing_and_less_than_nothing_leave_the_gap_whole_and_unsplit(nothing):
    row = one(**nothing)
    assert pd.isna(row["access_per_head"])
    assert row["gap_per_head"] == row["per_head"] - row["benchmark_per_head"]


def test_spend_of_trusts_whose_patients_are_not_known_stands_apart():
    grid = {a: alike(100, known_spend=10**6, other=o, patients=10) for a, o in (("A", 10**6), ("B", 4 * 10**6))}
    row = variation(pd.DataFrame(records(grid)), {"B": ["A"]}).set_index("group").loc["heart"]
    assert row["gap"] == 3 * 10**6
    assert pd.isna(row["access_gap"])
    assert row["unsplit_gap"] == 3 * 10**6


def test_coverage_is_what_sets_hold_of_the_spend_that_patients_are_behind():
    grid = {"A": alike(5, known_spend=3, other=1, patients=1), "B": alike(5, known_spend=1, other=3, patients=1)}
    row = variation(pd.DataFrame(records(grid)), {"A": ["B"]}).iloc[0]
    assert (row["coverage"], row["benchmark_coverage"]) == (0.75, 0.25)


def test_an_area_without_a_peer_that_is_there_is_left_out():
    rows = pd.DataFrame(records({"A": alike(5, other=1, known_spend=1, patients=1)}))
    assert variation(rows, {"A": ["Z"]}).empty
    assert len(variation(rows, {"A": ["A"]})) == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(columns="spend"), "no column: spend"),
        (lambda f: pd.concat([f, f]), "more than one row for area and group: A, heart"),
        (lambda f: f.assign(population=None), "lacks population of A, A"),
    ],
)
def test_wrong_frames_are_refused_by_name(change, message):
    rows = pd.DataFrame(records({"A": alike(5, other=1, known_spend=1, patients=1)}))
    with pytest.raises(ValueError, match=message):
        variation(change(rows), {"A": ["A"]})


def test_people_of_areas_come_from_places_divided_by_where_people_belong():
    places = pd.DataFrame({"place": ["p", "q", "r"], "population": [100, 50, None]})
    belongs = pd.DataFrame(
        [("p", "A", 0.75), ("p", "B", 0.25), ("q", "B", 1.0), ("r", "C", 1.0)], columns=["place", "area", "share"]
    )
    assert varying.people_of_areas(places, belongs) == {"A": 75.0, "B": 75.0}
    with pytest.raises(ValueError, match="more than one row for place and area: p, A"):
        varying.people_of_areas(places, pd.concat([belongs, belongs.head(1)]))
