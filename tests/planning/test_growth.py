"""Growth of flows: people by home, what their ages make of it, and what is done for each of them."""

from decimal import Decimal as D

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations.growth import demographic_factors, growth_factors, people_by_home

PEOPLE = ["area", "year", "sex", "age_band", "people"]
USE = pd.DataFrame([("f", "0-4", D(1)), ("f", "85+", D(9))], columns=["sex", "age_band", "use"])
SHARES = pd.DataFrame(
    [("P1", "EAST", 1.0), ("P2", "EAST", 0.25), ("P2", "WEST", 0.75)],
    columns=["place", "system", "share"],
)


def projected(*rows) -> pd.DataFrame:
    return pd.DataFrame([(a, y, "f", b, n) for a, y, b, n in rows], columns=PEOPLE)


def people(*rows) -> pd.DataFrame:
    return pd.DataFrame([(h, y, "f", b, n) for h, y, b, n in rows], columns=["home", "year", "sex", "age_band", "people"])


def at_home(frame: pd.DataFrame) -> dict:
    return {(r.home, r.year, r.age_band): r.people for r in people_by_home(frame, SHARES).itertuples()}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], {}),
        ([("P1", 2025, "0-4", 100)], {("EAST", 2025, "0-4"): 100}),
        # A place in two systems is divided by where its people live.
        ([("P2", 2025, "0-4", 100)], {("EAST", 2025, "0-4"): 25, ("WEST", 2025, "0-4"): 75}),
        ([("P1", 2025, "0-4", 100), ("P2", 2025, "0-4", 8)], {("EAST", 2025, "0-4"): 102, ("WEST", 2025, "0-4"): 6}),
        # A system that is projected itself is not the sum of its places.
        ([("EAST", 2025, "0-4", 500), ("P1", 2025, "0-4", 100)], {("EAST", 2025, "0-4"): 500}),
        (
            [("EAST", 2025, "0-4", 500), ("P2", 2025, "0-4", 100)],
            {("EAST", 2025, "0-4"): 500, ("WEST", 2025, "0-4"): 75},
        ),
        # Even of a year that only its places have.
        ([("EAST", 2025, "0-4", 500), ("P1", 2026, "0-4", 100)], {("EAST", 2025, "0-4"): 500}),
        ([("P1", 2025, "0-4", 1), ("P1", 2025, "85+", 2), ("P1", 2026, "0-4", 3)],
         {("EAST", 2025, "0-4"): 1, ("EAST", 2025, "85+"): 2, ("EAST", 2026, "0-4"): 3}),
        # An area that belongs to no system belongs to nobody.
        ([("P9", 2025, "0-4", 100)], {}),
        ([("P1", 2025, "0-4", 0)], {("EAST", 2025, "0-4"): 0}),
    ],
)  # fmt: skip
def test_people_of_places_are_those_of_their_systems(rows, found):
    assert at_home(projected(*rows)) == found


@given(st.lists(st.tuples(st.sampled_from(["P1", "P2"]), st.integers(2025, 2027), st.integers(0, 10_000)), max_size=6,
                unique_by=lambda row: row[:2]))  # fmt: skip
def test_nobody_is_lost_or_made_between_places_and_systems(rows):
    found = people_by_home(projected(*((place, year, "0-4", n) for place, year, n in rows)), SHARES)
    for year in (2025, 2026, 2027):
        assert found.loc[found["year"] == year, "people"].sum() == pytest.approx(sum(n for _, y, n in rows if y == year))


def factors(frame: pd.DataFrame, years=("2026/27",), use=USE) -> dict:
    found = demographic_factors(frame, use, base_year="2025/26", years=years)
    assert list(found.columns) == ["home", "year", "factor"]
    return {(r.home, r.year): r.factor for r in found.itertuples()}


OPENING = [("EAST", 2025, "0-4", 100), ("EAST", 2025, "85+", 100)]


@pytest.mark.parametrize(
    ("later", "factor"),
    [
        # Worked by hand: 100 × 1 + 100 × 9 = 1,000 in the base year.
        ({"0-4": 100, "85+": 100}, 1.0),
        ({"0-4": 110, "85+": 110}, 1.1),
        ({"0-4": 100, "85+": 110}, 1.09),
        ({"0-4": 110, "85+": 100}, 1.01),
        ({"0-4": 0, "85+": 0}, 0.0),
        # Fewer people and more use of care.
        ({"0-4": 50, "85+": 120}, 1.13),
    ],
)
def test_people_count_by_what_their_age_uses(later, factor):
    frame = people(*OPENING, *(("EAST", 2026, band, n) for band, n in later.items()))
    assert factors(frame) == {("EAST", "2026/27"): pytest.approx(factor)}


@pytest.mark.parametrize(
    "rows",
    [
        [],
        # The base year, or the year asked for, is not projected.
        [("EAST", 2026, "0-4", 1), ("EAST", 2026, "85+", 1)],
        OPENING,
        # An age is lacking in either year.
        [*OPENING, ("EAST", 2026, "0-4", 1)],
        [OPENING[0], ("EAST", 2026, "0-4", 1), ("EAST", 2026, "85+", 1)],
        # Nobody lived there, so nothing can have grown.
        [("EAST", 2025, "0-4", 0), ("EAST", 2025, "85+", 0), ("EAST", 2026, "0-4", 1), ("EAST", 2026, "85+", 1)],
    ],
)
def test_a_home_that_is_not_projected_whole_has_no_factor(rows):
    assert factors(people(*rows)) == {}


def test_one_home_that_lacks_an_age_leaves_the_others_theirs():
    whole = [("WEST", year, band, 10 * (year - 2024)) for year in (2025, 2026) for band in ("0-4", "85+")]
    assert factors(people(*OPENING, *whole)) == {("WEST", "2026/27"): 2.0}


def test_ages_of_which_no_use_is_said_do_not_count():
    frame = people(*OPENING, ("EAST", 2025, "5-14", 9_999), *((h, 2026, b, n) for h, _, b, n in OPENING))
    assert factors(frame) == {("EAST", "2026/27"): 1.0}


def test_every_year_is_against_the_base_year_and_in_order():
    frame = people(
        *((home, 2025 + n, band, 100 + 10 * n) for home in ("WEST", "EAST") for n in range(3) for band in ("0-4", "85+"))
    )
    found = factors(frame, years=("2027/28", "2026/27", "2031/32"))
    assert list(found) == [("EAST", "2026/27"), ("EAST", "2027/28"), ("WEST", "2026/27"), ("WEST", "2027/28")]
    assert list(found.values()) == pytest.approx([1.1, 1.2, 1.1, 1.2])


def test_without_any_use_nothing_grows_by_age():
    assert factors(people(*OPENING), use=USE.head(0)) == {}


@pytest.mark.parametrize("column", ["sex", "age_band", "use"])
def test_what_use_lacks_is_named(column):
    with pytest.raises(ValueError, match=f"The frame of use per head has no column: {column}"):
        demographic_factors(people(*OPENING), USE.drop(columns=column), base_year="2025/26", years=["2026/27"])


@pytest.mark.parametrize("column", PEOPLE)
def test_what_projections_lack_is_named(column):
    with pytest.raises(ValueError, match=f"The frame of projections has no column: {column}"):
        people_by_home(projected(("P1", 2025, "0-4", 1)).drop(columns=column), SHARES)


CELLS = pd.DataFrame(
    [("SWL", "renal"), ("SEL", "renal"), ("SEL", "cardiac"), ("SEL", "renal")],
    columns=["home", "service"],
)


def grown(demographic, non_demographic, years=None) -> dict:
    found = growth_factors(CELLS, move=3, years=years or {1: 1, 2: 2}, demographic=demographic, non_demographic=non_demographic)
    assert set(found["move"]) <= {3}
    assert not found.duplicated(["year", "home", "service"]).any()
    return {(r.year, r.home, r.service): r.factor for r in found.itertuples()}


def test_growth_is_people_times_what_is_done_for_each_every_year():
    found = grown(lambda home, year: {"SEL": 1.1, "SWL": 1.0}[home] ** year, lambda home, service: D("0.05"))
    assert found == {
        (1, "SEL", "cardiac"): pytest.approx(1.155),
        (1, "SEL", "renal"): pytest.approx(1.155),
        (1, "SWL", "renal"): pytest.approx(1.05),
        (2, "SEL", "cardiac"): pytest.approx(1.334025),
        (2, "SEL", "renal"): pytest.approx(1.334025),
        (2, "SWL", "renal"): pytest.approx(1.1025),
    }


def test_what_is_done_for_each_may_be_of_a_service_and_may_fall():
    found = grown(lambda home, year: 1.0, lambda home, service: D("-0.5") if service == "renal" else D(0))
    assert (found[2, "SEL", "renal"], found[2, "SEL", "cardiac"]) == (0.25, 1.0)


def test_years_ahead_are_told_apart_from_years_of_the_scenario():
    found = grown(lambda home, year: 1.0, lambda home, service: D(1), years={1: 3})
    assert set(found.values()) == {8.0}


def test_nothing_that_grows_has_no_factors():
    found = growth_factors(CELLS.head(0), move=1, years={1: 1}, demographic=lambda *of: 1.0, non_demographic=lambda *of: D(0))
    assert list(found.columns) == ["move", "year", "home", "service", "factor"]
    assert found.empty
