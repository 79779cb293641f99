"""Catchments of all providers at once, on two small systems that can be added up on paper, and the tables pages show of them."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations import catchments, strata
from planning.calculations.catchment_sets import (
    ALL_AGES,
    BY_AGE_AND_SEX,
    FEW,
    NO_CAUTION,
    ONE,
    OWN_AREA,
    ages_table,
    areas_table,
    catchment_set,
    cautions,
    places_table,
    profiles_table,
    providers_table,
)

# Place, system, sex, age band, people, deprivation of the place, whether the system is counted.
RESIDENTS = [
    ("P", "S", "f", "0-4", 100, 10.0, True),
    ("P", "S", "m", "85+", 300, 10.0, True),
    ("Q", "S", "f", "0-4", 200, 30.0, True),
    ("Q", "S", "m", "85+", 400, 30.0, True),
    ("R", "T", "f", "0-4", 500, 50.0, False),
]
SPELLS = [("S", "A", 6_000), ("S", "B", 4_000), ("T", "A", 1_000), ("REST", "A", 500)]
# Area, provider, age band of five years, national code of sex, spells.
SETS = [
    ("S", "A", "0-4", "2", 3_000),
    ("S", "A", "85-89", "1", 3_000),
    ("S", "B", "0-4", "2", 1_000),
    ("S", "B", "90+", "1", 3_000),
]


def residents(*rows) -> pd.DataFrame:
    columns = ["place", "system", "sex", "age_band", "population", "imd", "is_counted"]
    frame = pd.DataFrame(list(rows), columns=columns)
    return frame.astype({"population": "int64", "imd": "float64", "is_counted": "bool"})


def found(spells=SPELLS, people=RESIDENTS, sets=(), *, by_place=False):
    return catchment_set(
        pd.DataFrame(list(spells), columns=["area", "provider", "admissions"]).astype({"admissions": "int64"}),
        residents(*people),
        pd.DataFrame(list(sets), columns=["area", "provider", "age_band", "sex", "admissions"]).astype({"admissions": "int64"}),
        by_place=by_place,
    )


def rows(frame: pd.DataFrame, key: str, *columns: str) -> dict:
    values = frame[list(columns)].astype(object).where(frame[list(columns)].notna(), None)
    return {k: tuple(v) for k, v in zip(frame[key], values.itertuples(index=False, name=None), strict=True)}


def near(value):
    return pytest.approx(value, abs=1e-6)


METHODS = ("proportional", "all_ages", "first_past_the_post", "at_least_30")


@pytest.mark.parametrize(
    ("sets", "by_place", "expected"),
    [
        # 60% and 40% of the thousand residents of S; those of T and the rest of England are in nobody's.
        ([], False, {"A": (7_500, 1_500, ALL_AGES, 600, 600, 1_000, 1_000), "B": (4_000, 0, ALL_AGES, 400, 400, 0, 1_000)}),
        # Of 300 girls three quarters, of 700 old men half.
        (
            SETS,
            False,
            {"A": (7_500, 1_500, BY_AGE_AND_SEX, 575, 600, 1_000, 1_000), "B": (4_000, 0, BY_AGE_AND_SEX, 425, 400, 0, 1_000)},
        ),
        # Spells of the system are spread over its places, so shares are the same in both.
        ([], True, {"A": (7_500, 1_500, ALL_AGES, 600, 600, 1_000, 1_000), "B": (4_000, 0, ALL_AGES, 400, 400, 0, 1_000)}),
        # A's own extracts alone: it has its all-age share of each age and sex all the same.
        (
            SETS[:2],
            False,
            {"A": (7_500, 1_500, BY_AGE_AND_SEX, 600, 600, 1_000, 1_000), "B": (4_000, 0, ALL_AGES, 400, 400, 0, 1_000)},
        ),
        # 79% of its spells are too few to be known by age and sex.
        (
            [("S", "A", "0-4", "2", 5_999), ("S", "A", "", "2", 1_501)],
            False,
            {"A": (7_500, 1_500, ALL_AGES, 600, 600, 1_000, 1_000), "B": (4_000, 0, ALL_AGES, 400, 400, 0, 1_000)},
        ),
    ],
    ids=["systems", "by age and sex", "places", "one provider known", "too few known"],
)
def test_every_method_by_hand(sets, by_place, expected):
    table = providers_table(found(sets=sets, by_place=by_place))
    assert list(table.columns) == ["provider", "spells", "elsewhere", "covered", *METHODS, "basis"]
    got = rows(table, "provider", "spells", "elsewhere", "basis", *METHODS)
    assert {
        provider: tuple(near(v) if isinstance(v, float) else v for v in values) for provider, values in got.items()
    } == expected


def test_a_place_that_is_known_counts_with_its_part_of_the_system():
    """Of S 400 live in P and 600 in Q: P has A's 1,000 and 400 of the 1,000 each that are spread."""
    got = found([("P", "A", 1_000), ("S", "A", 1_000), ("S", "B", 1_000)], by_place=True)
    assert rows(places_table(got, "A"), "area", "population", "spells", "area_spells", "score") == {
        "P": (400, 1_400, 1_800, 10), "Q": (600, 600, 1_200, 30)
    }  # fmt: skip
    parts = rows(places_table(got, "A"), "area", "proportional", "first_past_the_post", "at_least_30")
    assert parts["P"] == (near(400 * 7 / 9), 400, 400)
    assert parts["Q"] == (near(300), 600, 600)
    # In Q both have half: the first by code has it whole.
    assert rows(places_table(got, "B"), "area", "first_past_the_post", "at_least_30") == {"Q": (0, 600), "P": (0, 0)}
    assert rows(providers_table(got), "provider", "elsewhere") == {"A": (0,), "B": (0,)}


def test_a_provider_without_spells_has_no_places_and_is_not_in_the_table():
    got = found([("S", "A", 1_000), ("S", "B", 0)])
    assert places_table(got, "B").empty
    assert places_table(got, "UNKNOWN").empty
    assert providers_table(got)["provider"].tolist() == ["A"]


def test_spells_of_areas_not_counted_alone_are_elsewhere_and_make_no_catchment():
    table = providers_table(found([("T", "A", 800), ("S", "B", 1_000), ("NOT-KNOWN", "A", 200)]))
    assert rows(table, "provider", "spells", "elsewhere", *METHODS) == {
        "B": (1_000, 0, 1_000, 1_000, 1_000, 1_000),
        "A": (1_000, 1_000, 0, 0, 0, 0),
    }


def test_areas_name_their_leader_and_whom_nobody_has():
    people = [*RESIDENTS[:4], ("U", "V", "f", "0-4", 5_000, None, True)]
    table = areas_table(found(people=people))
    assert table["area"].tolist() == ["V", "S"]
    columns = ("population", "unassigned", "spells", "leader_spells", "leader", "providers", "score")
    got = rows(table, "area", *columns)
    assert got["S"] == (1_000, 0, 10_000, 6_000, "A", 2, 22)
    # Nobody was treated: all of its people are nobody's, and nobody leads.
    assert got["V"] == (5_000, 5_000, 0, 0, None, 0, None)


def test_of_equals_the_first_by_code_leads_and_credits_are_nobody():
    table = areas_table(found([("S", "B", 500), ("S", "A", 500), ("S", "C", -900), ("S", "D", 0)]))
    assert rows(table, "area", "leader", "leader_spells", "spells", "providers") == {"S": ("A", 500, 1_000, 2)}


def test_profiles_put_the_own_area_first_and_weigh_by_who_lives_where():
    got = found([("P", "A", 1_000), ("Q", "B", 1_000)], by_place=True)
    table = profiles_table(got, ["P", "Q"])
    ages = ("age_0_14", "age_15_44", "age_45_64", "age_65_84", "age_85")
    assert table["provider"].tolist() == [OWN_AREA, "B", "A"]
    assert rows(table, "provider", "population", "score", "female", *ages) == {
        OWN_AREA: (1_000, near(22), near(0.3), near(0.3), 0, 0, 0, near(0.7)),
        "B": (600, 30, near(1 / 3), near(1 / 3), 0, 0, 0, near(2 / 3)),
        "A": (400, 10, 0.25, 0.25, 0, 0, 0, 0.75),
    }


def test_a_profile_of_a_catchment_across_places_weighs_their_scores():
    table = profiles_table(found([("P", "A", 1_000), ("Q", "A", 1_000)], by_place=True), ["P"])
    assert rows(table, "provider", "population", "score") == {OWN_AREA: (400, 10), "A": (1_000, near(22))}


def test_without_an_own_area_profiles_are_of_catchments_alone():
    assert profiles_table(found(), [])["provider"].tolist() == ["A", "B"]


def test_ages_of_a_catchment_beside_those_of_the_own_area():
    table = ages_table(found(sets=SETS), "A", ["S"])
    assert table["age_band"].tolist() == list(strata.BANDS)
    got = rows(table, "age_band", "female", "male", "population", "share", "own_population", "own_share", "spells")
    assert got["0-4"] == (near(225), 0, near(225), near(225 / 575), 300, near(0.3), 3_000)
    assert got["85+"] == (0, near(350), near(350), near(350 / 575), 700, near(0.7), 3_000)
    assert got["35-44"] == (0, 0, 0, 0, 0, 0, 0)


def test_spells_by_age_are_not_nought_but_missing_where_ages_are_not_known():
    table = ages_table(found(sets=SETS[:2]), "B", ["S"])
    assert table["spells"].isna().all()
    assert table["population"].sum() == near(400)
    unknown = ages_table(found(), "UNKNOWN", [])
    assert unknown["spells"].isna().all()
    assert unknown[["share", "own_share"]].isna().all(axis=None)


def test_spells_of_people_from_elsewhere_are_in_no_band():
    got = found(sets=[*SETS, ("T", "A", "0-4", "2", 700), ("REST", "A", "0-4", "2", 700)])
    assert rows(ages_table(got, "A", ["S"]), "age_band", "spells")["0-4"] == (3_000,)


@pytest.mark.parametrize("column", ["place", "system", "sex", "age_band", "population", "imd", "is_counted"])
def test_residents_that_lack_a_column_are_refused_by_name(column):
    spells = pd.DataFrame(SPELLS, columns=["area", "provider", "admissions"])
    none = pd.DataFrame(columns=["area", "provider", "age_band", "sex", "admissions"])
    with pytest.raises(ValueError, match=f"The frame of residents has no column: {column}"):
        catchment_set(spells, residents(*RESIDENTS).drop(columns=column), none, by_place=False)


@pytest.mark.parametrize(
    ("spells", "work", "caution"),
    [
        (1_000_000, [94, 6], NO_CAUTION),
        (999_999, [94, 6], FEW),
        (1_000_000, [95, 5], ONE),
        (1_000_000, [100], ONE),
        # What has no work at all is not of one programme.
        (1_000_000, [], NO_CAUTION),
        (1_000_000, [0, 0], NO_CAUTION),
    ],
)
def test_which_catchments_are_not_to_be_trusted(spells, work, caution):
    chosen = pd.DataFrame({"provider": ["A"], "spells": [spells]})
    by_programme = pd.DataFrame({"provider": "A", "programme_of_care": [str(n) for n in range(len(work))], "admissions": work})
    assert cautions(chosen, by_programme.astype({"admissions": "int64"})) == {"A": caution}


def spread(spells, pieces, by=("provider",)) -> dict:
    table = pd.DataFrame(pieces, columns=["place", "system", "stratum", "population"])
    frame = pd.DataFrame(spells, columns=["area", *by, "admissions"])
    got = catchments.spread_over_places(frame, table, value="admissions", by=list(by))
    return {tuple(row[:-1]): row[-1] for row in got.itertuples(index=False, name=None)}


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([("P", "S", "f 0-4", 3), ("Q", "S", "f 0-4", 1)], {("P", "A"): 75, ("Q", "A"): 25}),
        ([("P", "S", "f 0-4", 3), ("P", "S", "m 0-4", 1), ("Q", "S", "f 0-4", 4)], {("P", "A"): 50, ("Q", "A"): 50}),
        ([("P", "S", "f 0-4", 3), ("Q", "S", "f 0-4", 0)], {("P", "A"): 100, ("Q", "A"): 0}),
        # Where nobody lives, every place as much as the next: a hundred are still a hundred.
        ([("P", "S", "f 0-4", 0), ("Q", "S", "f 0-4", 0)], {("P", "A"): 50, ("Q", "A"): 50}),
        ([("P", "T", "f 0-4", 9)], {("S", "A"): 100}),
    ],
)
def test_spells_of_a_system_are_spread_by_where_its_people_live(pieces, expected):
    assert spread([("S", "A", 100)], pieces) == expected


def test_spells_of_an_age_and_sex_are_spread_by_the_people_of_that_age_and_sex():
    pieces = [("P", "S", "f 0-4", 3), ("Q", "S", "f 0-4", 1), ("P", "S", "m 85+", 0), ("Q", "S", "m 85+", 0)]
    spells = [("S", "f 0-4", "A", 100), ("S", "m 85+", "A", 10), ("P", "m 85+", "A", 1), ("S", "f 85+", "A", 7)]
    assert spread(spells, pieces, by=("stratum", "provider")) == {
        ("P", "f 0-4", "A"): 75,
        ("Q", "f 0-4", "A"): 25,
        # Nobody of this age lives there, and yet ten were treated.
        ("P", "m 85+", "A"): 6,
        ("Q", "m 85+", "A"): 5,
        # An age that no resident has stays where it was said.
        ("S", "f 85+", "A"): 7,
    }


pieces_ = st.lists(
    st.tuples(st.sampled_from("PQR"), st.sampled_from("ST"), st.sampled_from(["f 0-4", "m 85+"]), st.integers(0, 50)),
    min_size=1,
    unique_by=lambda row: row[:3],
)
spells_ = st.lists(
    st.tuples(st.sampled_from(["P", "Q", "S", "T", "REST"]), st.sampled_from(["f 0-4", "m 85+"]), st.integers(-9, 500)),
    unique_by=lambda row: row[:2],
)


@given(pieces_, spells_)
def test_spreading_neither_makes_nor_loses_a_spell(pieces, spells):
    got = spread([(a, s, "A", n) for a, s, n in spells], pieces, by=("stratum", "provider"))
    for stratum in ("f 0-4", "m 85+"):
        before = sum(n for _, s, n in spells if s == stratum)
        assert sum(n for (_, s, _), n in got.items() if s == stratum) == pytest.approx(before)


areas = st.sampled_from(["P", "Q", "S", "T", "REST"])
any_spells = st.dictionaries(st.tuples(areas, st.sampled_from("ABC")), st.integers(0, 5_000), min_size=1)
ages = st.sampled_from(["0-4", "85-89", "40-44", ""])
any_sets = st.dictionaries(st.tuples(areas, st.sampled_from("ABC"), ages, st.sampled_from("129")), st.integers(0, 3_000))


@given(any_spells, any_sets, st.booleans())
def test_residents_of_counted_areas_are_somebodys_or_nobodys(spells, sets, by_place):
    got = found([(*k, n) for k, n in spells.items()], sets=[(*k, n) for k, n in sets.items()], by_place=by_place)
    table, of_areas = providers_table(got), areas_table(got)
    assert of_areas["population"].sum() == 1_000
    for method in ("proportional", "all_ages"):
        assert table[method].sum() + of_areas["unassigned"].sum() == pytest.approx(1_000)
    assert set(table["provider"]) == {p for (_, p), n in spells.items() if n}
    assert table["spells"].sum() == sum(spells.values())
    assert (table["elsewhere"] <= table["spells"]).all()
    assert (table["at_least_30"] >= table["first_past_the_post"]).all()
    for provider in table["provider"]:
        places = places_table(got, provider)
        own = table.set_index("provider").loc[provider]
        assert places["proportional"].sum() == pytest.approx(own["proportional"])
        assert ages_table(got, provider, [])["population"].sum() == pytest.approx(own["proportional"])


@pytest.mark.parametrize(
    ("sex", "band", "stratum"),
    [("f", "0-4", "f 0-4"), ("m", "85+", "m 85+"), ("f", "0-5", ""), ("x", "0-4", ""), ("", "0-4", ""), ("f", "", "")],
)
def test_a_stratum_needs_both_sex_and_age(sex, band, stratum):
    assert strata.stratum_of(sex, band) == stratum


@given(st.integers(0, 150))
def test_every_age_is_in_one_band_that_holds_it(age):
    band = strata.band_of(str(age))
    low, _, high = band.rstrip("+").partition("-")
    assert int(low) <= age
    assert band == "85+" or age <= int(high)
    assert strata.GROUPS[band]


@pytest.mark.parametrize("text", ["-1", "4-", "1234", "0-4 years", "under 5", "4.5", "+85"])
def test_what_is_no_age_is_in_no_band(text):
    assert strata.band_of(text) == ""


@pytest.mark.parametrize(("held", "known"), [(800, True), (799, False), (1_200, True), (0, False)])
def test_how_much_is_enough_to_be_known_by_age_and_sex(held, known):
    spells = pd.DataFrame({"provider": ["A", "A"], "admissions": [400, 600]})
    sets = pd.DataFrame({"provider": ["A"], "stratum": ["f 0-4"], "admissions": [held]})
    [row] = strata.covered_providers(spells, sets).to_dict("records")
    assert row == {"provider": "A", "covered": held / 1_000, "by_strata": known}
