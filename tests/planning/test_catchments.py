"""Catchment populations: what the methods promise, on any areas, providers and admissions."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations import catchments, strata
from planning.calculations.catchment_sets import FEW, FEW_AND_ONE, NO_CAUTION, ONE, cautions
from tests.planning.twins import catchments as twin

AREAS, STRATA, PROVIDERS = ["a1", "a2", "a3"], ["f 0-4", "m 65-74"], ["P1", "P2", "P3"]
counts = st.integers(0, 50)


def keyed(values: dict, names: list[str], value: str) -> pd.DataFrame:
    return pd.DataFrame([(*key, number) for key, number in values.items()], columns=[*names, value])


@st.composite
def cases(draw):
    admissions = {(a, p): draw(counts) for a in AREAS for p in PROVIDERS if draw(st.booleans())}
    people = {(a, s): draw(st.integers(0, 9_000)) for a in AREAS for s in STRATA}
    strata = {(a, s, p): draw(counts) for a in AREAS for s in STRATA for p in PROVIDERS if draw(st.booleans())}
    return admissions, people, strata, set(draw(st.lists(st.sampled_from(PROVIDERS), unique=True)))


def frames(admissions, people, strata):
    shares = catchments.area_shares(keyed(admissions, ["area", "provider"], "admissions"))
    people = keyed(people, ["area", "stratum"], "population")
    return shares, people, keyed(strata, ["area", "stratum", "provider"], "admissions")


@given(cases())
def test_stratified_proportional_catchments_and_the_unassigned_add_up_to_the_population(case):
    admissions, people, known, by_strata = case
    shares, residents, held = frames(admissions, people, known)
    parts = catchments.proportional(shares, residents, held, by_strata)
    rest = catchments.unassigned(parts, residents)
    assert parts["population"].sum() + rest["unassigned"].sum() == pytest.approx(sum(people.values()), abs=1e-6)
    admitted = {a for (a, _), n in admissions.items() if n > 0}
    assert set(rest.loc[rest["unassigned"] > 0, "area"]) == {a for a, n in _totals(people).items() if n and a not in admitted}


def _totals(people: dict) -> dict:
    return {area: sum(n for (a, _), n in people.items() if a == area) for area in AREAS}


@given(cases())
def test_every_method_agrees_with_its_slow_twin(case):
    admissions, people, known, by_strata = case
    shares, residents, held = frames(admissions, people, known)
    parts = catchments.proportional(shares, residents, held, by_strata)
    expected = {key: float(n) for key, n in twin.proportional(admissions, people, known, by_strata).items() if n > 0}
    found = {(a, s, p): n for a, s, p, n in parts.itertuples(index=False, name=None)}
    assert found == pytest.approx(expected)
    for method, slow in ((catchments.first_past_the_post, twin.first_past_the_post), (catchments.at_least, twin.at_least_30)):
        whole = {(a, p): n for a, p, n in method(shares, residents).itertuples(index=False, name=None)}
        assert whole == slow(admissions, people)


@given(cases())
def test_methods_of_whole_areas_count_each_area_once_or_as_often_as_it_has_large_providers(case):
    admissions, people, known, _ = case
    shares, residents, _ = frames(admissions, people, known)
    first, large = catchments.first_past_the_post(shares, residents), catchments.at_least(shares, residents)
    admitted = {a for (a, _), n in admissions.items() if n > 0}
    assert sorted(first["area"]) == sorted(admitted)
    assert set(first["population"]) <= set(_totals(people).values())
    # Three providers at the most have 30% each, and whoever has most of three has a third.
    assert set(large["area"]) == admitted
    assert large.groupby("area").size().max() <= 3 if len(large) else not admitted


@given(cases())
def test_with_one_provider_everybody_is_its_own_by_every_method(case):
    admissions, people, known, by_strata = case
    only = {(a, "P1"): n for (a, p), n in admissions.items() if p == "P1"}
    shares, residents, held = frames(only, people, known)
    closed = sum(_totals(people)[a] for (a, _), n in only.items() if n > 0)
    for parts in (
        catchments.proportional(shares, residents, held, by_strata),
        catchments.first_past_the_post(shares, residents),
        catchments.at_least(shares, residents),
    ):
        assert parts["population"].sum() == pytest.approx(closed)


def one_area(**admissions):
    people = pd.DataFrame({"area": ["a"], "stratum": ["f 0-4"], "population": [1_000]})
    rows = [("a", provider, number) for provider, number in admissions.items()]
    return catchments.area_shares(pd.DataFrame(rows, columns=["area", "provider", "admissions"])), people


@pytest.mark.parametrize(
    ("admissions", "first", "large"),
    [
        ({"P2": 5, "P1": 5}, ["P1"], ["P1", "P2"]),
        ({"P1": 3, "P2": 7}, ["P2"], ["P1", "P2"]),
        ({"P1": 299, "P2": 701}, ["P2"], ["P2"]),
        ({"P1": 30, "P2": 30, "P3": 40}, ["P3"], ["P1", "P2", "P3"]),
        ({"P1": -4, "P2": 1}, ["P2"], ["P2"]),
        ({"P1": 0}, [], []),
    ],
)
def test_ties_go_to_the_first_code_and_the_threshold_counts(admissions, first, large):
    shares, people = one_area(**admissions)
    assert catchments.first_past_the_post(shares, people)["provider"].tolist() == first
    assert catchments.at_least(shares, people)["provider"].tolist() == large


def test_thirty_per_cent_of_what_was_spread_still_counts():
    """In floats 0.3 of a sum of thirds is a hair less than 30%."""
    pieces = pd.DataFrame({"place": ["x", "y", "z"], "system": "S", "population": [1, 1, 1]})
    rows = pd.DataFrame({"area": "S", "provider": ["P1", "P2"], "admissions": [3_000, 7_000]})
    spread = catchments.spread_over_places(rows, pieces, value="admissions", by=["provider"])
    people = pd.DataFrame({"area": ["x", "y", "z"], "stratum": "", "population": 10})
    assert len(catchments.at_least(catchments.area_shares(spread), people)) == 6


def test_a_stratum_without_admissions_takes_the_shares_of_all_ages():
    shares, people = one_area(P1=1, P2=3)
    held = pd.DataFrame({"area": ["a"], "stratum": ["m 0-4"], "provider": ["P1"], "admissions": [9]})
    parts = catchments.proportional(shares, people, held, {"P1", "P2"})
    assert dict(zip(parts["provider"], parts["population"], strict=True)) == {"P1": 250, "P2": 750}


def test_providers_without_patient_level_extracts_keep_their_share_of_all_ages():
    shares, people = one_area(P1=20, P2=30, P3=50)
    held = pd.DataFrame({"area": "a", "stratum": "f 0-4", "provider": ["P1", "P2", "P3"], "admissions": [4, 1, 99]})
    parts = catchments.proportional(shares, people, held, {"P1", "P2"})
    assert dict(zip(parts["provider"], parts["population"], strict=True)) == {"P1": 400, "P2": 100, "P3": 500}


def test_spreading_keeps_every_spell_and_leaves_known_places_alone():
    pieces = pd.DataFrame({"place": ["x", "y", "y"], "system": ["S", "S", "T"], "population": [30, 10, 5]})
    rows = pd.DataFrame({"area": ["S", "x", "T", "REST"], "provider": "P1", "admissions": [400, 7, 11, 13]})
    spread = catchments.spread_over_places(rows, pieces, value="admissions", by=["provider"]).set_index("area")["admissions"]
    assert spread.to_dict() == {"x": 307, "y": 111, "REST": 13}


def test_the_score_of_a_catchment_is_weighted_and_leaves_out_areas_without_one():
    parts = pd.DataFrame({"area": ["a", "b", "c"], "provider": "P1", "population": [1.0, 3.0, 50.0]})
    scores = pd.DataFrame({"area": ["a", "b", "c"], "score": [10.0, 20.0, None]})
    assert catchments.weighted_score(parts, scores).to_dict() == {"P1": 17.5}


@pytest.mark.parametrize(
    ("text", "band"),
    [("0-4", "0-4"), ("5-9", "5-14"), ("10-14", "5-14"), ("15-19", "15-24"), ("80-84", "75-84"), ("85+", "85+"), ("90", "85+"),
     ("7", "5-14"), ("", ""), ("old", "")],
)  # fmt: skip
def test_bands_of_five_years_are_in_bands_of_populations(text, band):
    assert strata.band_of(text) == band


def test_sex_is_read_by_its_national_code_and_nothing_is_guessed():
    rows = pd.DataFrame({"age_band": ["5-9", "5-9", "5-9", ""], "sex": ["1", "2", "9", "1"]})
    assert strata.with_strata(rows)["stratum"].tolist() == ["m 5-14", "f 5-14", "", ""]


def test_a_provider_is_known_by_age_and_sex_from_eighty_per_cent_on():
    spells = pd.DataFrame({"provider": ["P1", "P2", "P3"], "admissions": [100, 100, 0]})
    held = pd.DataFrame({"provider": ["P1", "P2", "P2"], "stratum": ["m 0-4", "m 0-4", ""], "admissions": [80, 79, 21]})
    found = strata.covered_providers(spells, held).set_index("provider")
    assert found["by_strata"].to_dict() == {"P1": True, "P2": False, "P3": False}
    assert found["covered"].to_dict() == {"P1": 0.8, "P2": 0.79, "P3": 0.0}


def test_small_and_one_sided_trusts_are_named():
    chosen = pd.DataFrame({"provider": ["P1", "P2", "P3", "P4"], "spells": [1_000_000, 999_000, 1_000_000, 5_000]})
    work = [("P1", "A", 94), ("P1", "B", 6), ("P2", "A", 50), ("P2", "B", 50), ("P3", "A", 95), ("P3", "B", 5), ("P4", "A", 5)]
    found = cautions(chosen, pd.DataFrame(work, columns=["provider", "programme_of_care", "admissions"]))
    assert found == {"P1": NO_CAUTION, "P2": FEW, "P3": ONE, "P4": FEW_AND_ONE}


@pytest.mark.parametrize("column", ["area", "provider", "admissions"])
def test_a_column_that_is_not_there_is_named(column):
    frame = pd.DataFrame({"area": ["a"], "provider": ["P1"], "admissions": [1]}).drop(columns=column)
    with pytest.raises(ValueError, match=column):
        catchments.area_shares(frame)


def test_an_area_and_provider_may_not_stand_twice():
    frame = pd.DataFrame({"area": ["a", "a"], "provider": ["P1", "P1"], "admissions": [1, 1]})
    with pytest.raises(ValueError, match="more than one row"):
        catchments.area_shares(frame)
