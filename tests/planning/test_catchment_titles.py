"""Titles of catchments and of public shares: true of what is drawn, also where numbers are hidden, missing or nought."""

import pandas as pd
import pytest

from planning.charts import catchments as charts
from presentation.disclosure import HIDDEN

NAN = float("nan")


def of(**columns) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0"),
        (49.0, "fewer than 100"),
        (50.0, "fewer than 100"),
        (51.0, "100"),
        (9_949.0, "9,900"),
        (12_499.0, "12,000"),
        (999_499.0, "999,000"),
        (999_500.0, "1.00 million"),
        (1_234_567.0, "1.23 million"),
    ],
)
def test_a_population_is_said_no_more_exactly_than_it_is_known(value, words):
    assert charts.people(value) == words


def catchments(*rows) -> pd.DataFrame:
    """Rows of name and residents by the three methods."""
    names = ["provider_name", "proportional", "first_past_the_post", "at_least_30"]
    return of(**{name: [row[place] for row in rows] for place, name in enumerate(names)})


CATCHMENTS = [
    ("none", catchments(), "No catchment follows from what is chosen"),
    ("nobody's", catchments(("A", 0, 0, 0)), "No catchment follows from what is chosen"),
    ("not known", catchments(("A", None, None, None)), "No catchment follows from what is chosen"),
    ("hidden", catchments(("A", HIDDEN, HIDDEN, HIDDEN)), "Not shown: there are too few spells"),
    (
        "one is the largest",
        catchments(("A", 800_000, 0, 1_700_000), ("B", 500_000, 900_000, 0)),
        "A has the largest proportional catchment, 800,000 residents: nobody by first past the post, "
        "1.70 million by the 30% rule",
    ),
    (
        "two alike",
        catchments(("A", 2_000, 0, 0), ("B", 2_000, 4_000, 0)),
        "2 providers have the largest catchment, 2,000 residents each",
    ),
    (
        "a hidden one is not the largest",
        catchments(("A", HIDDEN, HIDDEN, HIDDEN), ("B", 500, 0, 500)),
        "B has the largest proportional catchment, 500 residents: nobody by first past the post, 500 by the 30% rule",
    ),
]


@pytest.mark.parametrize(("frame", "title"), [case[1:] for case in CATCHMENTS], ids=[case[0] for case in CATCHMENTS])
def test_the_largest_catchment_is_named_with_the_other_methods(frame, title):
    assert charts.catchments_chart(frame, {"year": "2025/26"}).title == title


def test_only_so_many_providers_are_drawn_and_the_rest_are_counted():
    frame = catchments(*((f"Trust {n:02}", 1_000 + n, 0, 0) for n in range(17)), ("Nobody's", 0, 0, 0))
    chart = charts.catchments_chart(frame, {"year": "2025/26"})
    assert chart.frame["label"].nunique() == 15
    assert len(chart.frame) == 15 * 3
    assert chart.summary.endswith("15 providers by three methods, 2025/26; the table has 2 more.")
    all_years = charts.catchments_chart(catchments(("A", 1_000, 0, 0)), {"year": "all"})
    assert all_years.summary.endswith("1 provider by three methods, all years loaded.")


def profiles(*scores) -> pd.DataFrame:
    """The own area, and trusts A, B, C."""
    names = ["Residents of the area", *"ABC"[: len(scores)]]
    return of(
        provider_name=names,
        score=[20.0, *scores],
        is_own=[True, *[False] * len(scores)],
        **{name: [0.2] * len(names) for name in charts.AGES},
    )


PROFILES = [
    ("own area alone", profiles(), "No catchment follows from what is chosen"),
    ("no score is known", profiles(None, None), "No catchment follows from what is chosen"),
    ("hidden", profiles(HIDDEN), "Not shown: there are too few spells"),
    ("one", profiles(25.04), "The catchments are alike in deprivation: an average IMD score of 25.0"),
    (
        "alike but for what is not said",
        profiles(25.0, 25.04),
        "The catchments are alike in deprivation: an average IMD score of 25.0",
    ),
    ("apart", profiles(25.0, 31.5, 18.2), "Most deprived is the catchment of B (IMD score 31.5), least that of C (18.2)"),
    (
        "two at the top",
        profiles(30.0, 30.0, 18.0),
        "Most deprived is the catchment of A and B (IMD score 30.0), least that of C (18.0)",
    ),
    (
        "the own area is none of them",
        profiles(15.0, 12.0),
        "Most deprived is the catchment of A (IMD score 15.0), least that of B (12.0)",
    ),
]


@pytest.mark.parametrize(("frame", "title"), [case[1:] for case in PROFILES], ids=[case[0] for case in PROFILES])
def test_the_most_and_the_least_deprived_are_named(frame, title):
    assert charts.profiles_chart(frame, {"year": "2025/26"}).title == title


AREAS = [
    ("no residents", of(area_name=[], population=[], unassigned=[]), "No residents of areas are loaded"),
    (
        "nobody is left out",
        of(area_name=["A", "B"], population=[600_000, 400_000], unassigned=[0, None]),
        "Every one of 2 areas has spells: nobody is left out of a catchment",
    ),
    (
        "one area is left out",
        of(area_name=["A", "B"], population=[600_000, 400_000], unassigned=[0, 400_000]),
        "400,000 residents of 1 area (40.0%) are in nobody's catchment",
    ),
    (
        "all are left out",
        of(area_name=["A", "B"], population=[600, 400], unassigned=[600, 400]),
        "1,000 residents of 2 areas (100.0%) are in nobody's catchment",
    ),
]


@pytest.mark.parametrize(("frame", "title"), [case[1:] for case in AREAS], ids=[case[0] for case in AREAS])
def test_who_is_in_nobodys_catchment_is_counted(frame, title):
    assert charts.areas_title(frame, {}) == title


ONE = [
    ("no area", of(area_name=[], proportional=[], share=[]), "No catchment follows from what is chosen"),
    ("nobody", of(area_name=["A"], proportional=[0], share=[None]), "No catchment follows from what is chosen"),
    ("hidden", of(area_name=["A"], proportional=[HIDDEN], share=[HIDDEN]), "Not shown: there are too few spells"),
    ("most in one", of(area_name=["A", "B"], proportional=[300, 100], share=[0.5, 0.1]), "75% of the catchment lives in A"),
    ("even", of(area_name=["A", "B"], proportional=[100, 100], share=[0.5, 0.1]), "The catchment is spread evenly over 2 areas"),
]


@pytest.mark.parametrize(("frame", "title"), [case[1:] for case in ONE], ids=[case[0] for case in ONE])
def test_where_most_of_one_catchment_lives_is_named(frame, title):
    assert charts.provider_catchment_chart(frame, {"year": "2025/26"}).title == title


def test_bars_of_areas_are_marked_with_the_share_of_their_spells_where_it_is_known():
    frame = of(area_name=["A", "B", "C"], proportional=[300, 100, 0], share=[0.125, None, 0.5])
    drawn = charts.provider_catchment_chart(frame, {"year": "2025/26"}).frame
    assert dict(zip(drawn["area_name"], drawn["note"], strict=True)) == {"A": "(13% of its spells)", "B": ""}


def ages(catchment, own) -> pd.DataFrame:
    bands = ["0-4", "45-54", "65-74", "75-84", "85+"]
    return of(age_band=bands, share=catchment, own_share=own, own_name=["South London"] * 5)


EVEN = [0.5, 0.25, 0.125, 0.0625, 0.0625]
AGES = [
    ("as in South London", ages(EVEN, EVEN), "25% of the catchment is 65 or over, as in South London"),
    (
        "alike as it is said",
        ages([0.5, 0.249, 0.126, 0.0625, 0.0625], EVEN),
        "25% of the catchment is 65 or over, as in South London",
    ),
    ("older", ages([0.25, 0.25, 0.25, 0.125, 0.125], EVEN), "50% of the catchment is 65 or over, against 25% of South London"),
    ("hidden in one band", ages([0.5, 0.25, HIDDEN, 0.1, 0.1], EVEN), "The ages of this catchment are not shown or not known"),
    ("nobody", ages([0.0] * 5, EVEN), "The ages of this catchment are not shown or not known"),
    ("not known", ages([None] * 5, EVEN), "The ages of this catchment are not shown or not known"),
]


@pytest.mark.parametrize(("frame", "title"), [case[1:] for case in AGES], ids=[case[0] for case in AGES])
def test_the_ages_of_a_catchment_are_held_against_the_own_area(frame, title):
    chart = charts.ages_chart(frame, {})
    assert chart.title == title
    assert next(iter(chart.frame["label"])) == "85+"


def beside(*rows) -> pd.DataFrame:
    """Rows of name, specialised catchment, published catchment."""
    return of(
        **{name: [row[at] for row in rows] for at, name in enumerate(["provider_name", "proportional", "all_proportional"])}
    )


NONE_LOADED = "No published catchments of all admissions are loaded for these providers"
ALL_ADMISSIONS = [
    ("no provider", beside(), NONE_LOADED),
    ("not in the file", beside(("A", 500, None)), NONE_LOADED),
    ("of different providers", beside(("A", 500, None), ("B", None, 800)), NONE_LOADED),
    ("published as nobody's", beside(("A", 500, 0)), NONE_LOADED),
    ("ours is hidden", beside(("A", HIDDEN, 800), ("B", 500, None)), "Not shown: there are too few spells"),
    (
        "none is larger",
        beside(("A", 500, 800)),
        "No provider's specialised catchment is larger than its published one of all admissions",
    ),
    (
        "twice",
        beside(("A", 500, 400), ("B", 900, 450)),
        "B: the specialised catchment is 2.0 times the published one of all admissions",
    ),
]


@pytest.mark.parametrize(("frame", "title"), [case[1:] for case in ALL_ADMISSIONS], ids=[case[0] for case in ALL_ADMISSIONS])
def test_specialised_catchments_are_held_against_published_ones(frame, title):
    assert charts.all_admissions_chart(frame, {}).title == title


def test_only_what_both_have_is_drawn_beside_one_another():
    frame = beside(("A", 500, 400), ("B", 900, None), ("C", HIDDEN, 70))
    drawn = charts.all_admissions_chart(frame, {}).frame
    assert drawn.to_numpy().tolist() == [["A", "All admissions", 400.0], ["A", "Specialised", 500.0]]


def origins(*rows) -> pd.DataFrame:
    """Rows of home, our share, the published share."""
    apart = [a if a is HIDDEN else None if a is None or b is None else a - b for _, a, b in rows]
    return of(home_name=[r[0] for r in rows], share=[r[1] for r in rows], all_share=[r[2] for r in rows], difference=apart)


ORIGINS = [
    ("no home", origins(), "No published shares of all admissions are loaded for this provider"),
    ("not in the file", origins(("Kent", 0.5, None)), "No published shares of all admissions are loaded for this provider"),
    ("ours is hidden", origins(("Kent", HIDDEN, 0.25), ("Surrey", 1.0, None)), "Not shown: there are too few spells"),
    (
        "most apart, more",
        origins(("Kent", 0.5, 0.25), ("Surrey", 0.5, 0.375)),
        "Kent: 50% of specialised spells, 25% of all admissions",
    ),
    (
        "most apart, less",
        origins(("Kent", 0.25, 0.75), ("Surrey", 0.5, 0.25)),
        "Kent: 25% of specialised spells, 75% of all admissions",
    ),
]


@pytest.mark.parametrize(("frame", "title"), [case[1:] for case in ORIGINS], ids=[case[0] for case in ORIGINS])
def test_the_home_whose_shares_are_most_apart_is_named(frame, title):
    assert charts.origins_chart(frame, {}).title == title


def test_a_home_is_drawn_with_whichever_share_is_known():
    drawn = charts.origins_chart(origins(("Kent", 0.5, None), ("Surrey", HIDDEN, 0.25)), {}).frame
    assert drawn.to_numpy().tolist() == [["Surrey", "All admissions", 0.25], ["Kent", "Specialised spells", 0.5]]


def outside(*rows) -> pd.DataFrame:
    names = ["provider_name", "outside_own_area", "all_outside_own_area"]
    return of(**{name: [row[at] for row in rows] for at, name in enumerate(names)})


NOWHERE = "At no provider do more specialised than other patients come from outside the own area"
COMPARED = [
    ("no provider", outside(), "No published origins of all admissions are loaded for these providers"),
    ("not in the file", outside(("A", 0.5, None)), "No published origins of all admissions are loaded for these providers"),
    ("ours is hidden", outside(("A", HIDDEN, 0.5)), "Not shown: there are too few spells"),
    ("as many", outside(("A", 0.5, 0.5)), NOWHERE),
    ("fewer", outside(("A", 0.25, 0.5)), NOWHERE),
    (
        "more",
        outside(("A", 0.5, 0.25), ("B", 0.9, 0.85)),
        "A: 50% of specialised spells are from outside the own area, 25% of all admissions",
    ),
]


@pytest.mark.parametrize(("frame", "title"), [case[1:] for case in COMPARED], ids=[case[0] for case in COMPARED])
def test_where_more_come_from_outside_is_named(frame, title):
    assert charts.origin_comparison_title(frame, {}) == title
