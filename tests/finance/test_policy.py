"""A policy tried out: gains add up to nothing, fifths hold a fifth of the people, and providers what their areas gain."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance.calculations.convergence import PENNY, grown
from finance.calculations.policy import by_deprivation_fifth, by_provider, quanta_of_years, winners_and_losers
from tests.finance.twins import policy as twin

POUND = 10_000
AREAS = pd.DataFrame(
    {
        "area": ["A", "B", "C"],
        "baseline": [420 * POUND, 326 * POUND, 254 * POUND],
        "allocation": [430 * POUND, 340 * POUND, 270 * POUND],
        "population": [10, 20, 30],
    }
)
# Everybody is a whole person, and a fifth of them is too.
PLACES = [("p", "A", 6, 30.0), ("q", "A", 4, 10.0), ("r", "B", 20, 25.0), ("s", "C", 13, 12.0), ("t", "C", 17, 40.0)]
SPEND = {("A", "X"): 300, ("A", "Y"): 120, ("B", "Y"): 326, ("C", "X"): 54, ("C", "Z"): 200}


def places() -> pd.DataFrame:
    return pd.DataFrame(PLACES, columns=["place", "area", "people", "imd"])


def spend() -> pd.DataFrame:
    return pd.DataFrame([(a, p, n * POUND) for (a, p), n in SPEND.items()], columns=["area", "provider", "price"])


def test_winners_and_losers_are_told_from_growth_alike_for_all():
    result = winners_and_losers(AREAS).set_index("area")
    assert result["alike"].tolist() == [436_80 * PENNY, 339_04 * PENNY, 264_16 * PENNY]
    assert result["gain"].tolist() == [-6_80 * PENNY, 96 * PENNY, 5_84 * PENNY]
    assert result["change"].tolist() == [10 * POUND, 14 * POUND, 16 * POUND]
    assert result["gain_per_head"].round(4).tolist() == [-0.68, 0.048, 0.1947]
    expected = twin.gains(AREAS.set_index("area")["baseline"].to_dict(), AREAS.set_index("area")["allocation"].to_dict())
    assert result["gain"].to_dict() == pytest.approx(expected, abs=PENNY)


@given(st.lists(st.tuples(st.integers(1, 10**14), st.integers(0, 10**12)), min_size=1, max_size=6))
@settings(max_examples=50, deadline=None)
def test_gains_add_up_to_nothing(pairs):
    frame = pd.DataFrame(
        {
            "area": [str(n) for n in range(len(pairs))],
            "baseline": [b for b, _ in pairs],
            "allocation": [a * PENNY for _, a in pairs],
            "population": 1.0,
        }
    )
    assert winners_and_losers(frame)["gain"].sum() == 0


def test_fifths_are_of_people_and_hold_all_of_the_gain():
    areas = winners_and_losers(AREAS)
    result = by_deprivation_fifth(areas, places())
    assert result["fifth"].tolist() == [1, 2, 3, 4, 5]
    assert result["people"].tolist() == [12] * 5
    assert (result["imd"].diff().dropna() < 0).all()
    assert result["gain"].sum() == 0
    assert result["allocation"].sum() == AREAS["allocation"].sum()
    expected = twin.by_fifth(areas.set_index("area")["gain"].to_dict(), PLACES)
    assert result["gain"].tolist() == pytest.approx(expected, abs=3)
    assert result["gain_per_head"].tolist() == pytest.approx([g / 12 / POUND for g in expected], abs=1e-4)


@given(st.randoms())
@settings(max_examples=10, deadline=None)
def test_the_order_of_places_does_not_matter(chance):
    order = list(range(len(PLACES)))
    chance.shuffle(order)
    areas = winners_and_losers(AREAS)
    pd.testing.assert_frame_equal(
        by_deprivation_fifth(areas, places().iloc[order]), by_deprivation_fifth(areas, places()), check_exact=False
    )


def test_providers_feel_what_their_areas_gain():
    areas = winners_and_losers(AREAS)
    result = by_provider(areas, spend())
    assert result["gain"].sum() == 0
    assert result["price"].sum() == sum(SPEND.values()) * POUND
    expected = twin.by_provider(areas.set_index("area")["gain"].to_dict(), SPEND)
    assert result.set_index("provider")["gain"].to_dict() == pytest.approx(expected, abs=2)
    assert result["gain"].is_monotonic_decreasing
    named = result.set_index("provider")
    assert named.loc["X", "gain_share"] == pytest.approx(named.loc["X", "gain"] / (354 * POUND))


def test_credits_attract_no_gain_and_areas_without_spend_are_left_out():
    credit = pd.DataFrame({"area": ["A", "A", "B"], "provider": ["X", "Y", "X"], "price": [100, -20, -5]})
    result = by_provider(winners_and_losers(AREAS), credit).set_index("provider")
    assert result["gain"].to_dict() == {"X": -6_80 * PENNY, "Y": 0}
    assert result["price"].to_dict() == {"X": 95, "Y": -20}


def test_no_places_and_no_spend_give_no_rows():
    assert by_deprivation_fifth(winners_and_losers(AREAS), places().iloc[:0]).empty
    assert by_provider(winners_and_losers(AREAS), spend().iloc[:0]).empty


def test_each_quantum_grows_from_the_one_before():
    years = ["2026/27", "2027/28"]
    assert quanta_of_years(1000 * POUND, years, growth=0.044) == {
        "2026/27": 1044 * POUND,
        "2027/28": grown(1044 * POUND, 0.044),
    }
    given_away = quanta_of_years(1000 * POUND, years, growth=0.1, first=2000 * POUND)
    assert given_away == {"2026/27": 2000 * POUND, "2027/28": 2200 * POUND}


@pytest.mark.parametrize(
    ("years", "options", "message"),
    [
        ([], {"growth": 0.0}, "there are 0"),
        (["1"] * 11, {"growth": 0.0}, "there are 11"),
        (["1"], {"growth": 0.0, "first": 0}, "above £0"),
        (["1"], {"growth": -1.0}, "above £0"),
    ],
)
def test_years_and_quanta_that_cannot_be_are_refused(years, options, message):
    with pytest.raises(ValueError, match=message):
        quanta_of_years(1000, years, **options)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(columns="population"), "no column: population"),
        (lambda f: f.assign(area="A"), "more than one row for area: A"),
        (lambda f: f.assign(population=[1, None, 2]), "lacks population of B"),
    ],
)
def test_areas_that_lack_something_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        winners_and_losers(change(AREAS))


def test_a_place_without_a_measure_is_named():
    with pytest.raises(ValueError, match="lacks imd of q"):
        by_deprivation_fifth(winners_and_losers(AREAS), places().assign(imd=[1, None, 2, 3, 4]))
