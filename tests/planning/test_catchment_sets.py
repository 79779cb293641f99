"""Tables of catchments from spells and residents written by hand: what each column says, and what is left out."""

import pandas as pd
import pytest

from planning.calculations import catchment_sets
from planning.calculations.catchment_sets import OWN_AREA, catchment_set
from planning.calculations.origins import origins_by_provider

BANDS = ("5-14", "65-74")


def residents(**counted: bool) -> pd.DataFrame:
    """Two systems of two places each with 100 women and 300 men of each age band to a place; the second is poorer."""
    rows = []
    for system, places in (("S1", ("a", "b")), ("S2", ("c", "d"))):
        for place, imd in zip(places, (10.0, 30.0), strict=True):
            for sex, number in (("f", 100), ("m", 300)):
                rows += [(place, system, sex, band, number, imd, counted.get(system, True)) for band in BANDS]
    names = ["place", "system", "sex", "age_band", "population", "imd", "is_counted"]
    return pd.DataFrame(rows, columns=names)


def spells(*rows) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["area", "provider", "admissions"]).astype({"admissions": "Int64"})


def sets(*rows) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["area", "provider", "age_band", "sex", "admissions"])


SPELLS = spells(("S1", "P1", 6_000), ("S1", "P2", 2_000), ("S2", "P2", 5_000), ("REST", "P1", 4_000), ("NOT-KNOWN", "P3", 1_000))
# Of eight spells of each stratum of S1, P1 has all of the young and P2 nearly all of the old.
BOTH = sets(
    ("S1", "P1", "5-9", "1", 5_000),
    ("S1", "P1", "65-69", "1", 1_000),
    ("S1", "P1", "70-74", "2", 4_000),
    ("S1", "P2", "65-69", "1", 2_000),
    ("S2", "P2", "65-69", "1", 5_000),
)


def made(sets_=None, by_place=False, spells_=SPELLS, **counted):
    return catchment_set(spells_, residents(**counted), sets() if sets_ is None else sets_, by_place=by_place)


def test_providers_have_their_spells_and_how_many_are_from_elsewhere():
    found = made().providers.set_index("provider")
    assert found["spells"].to_dict() == {"P1": 10_000, "P2": 7_000, "P3": 1_000}
    assert found["elsewhere"].to_dict() == {"P1": 4_000, "P2": 0, "P3": 1_000}
    only_first = made(S2=False).providers.set_index("provider")
    assert only_first["elsewhere"].to_dict() == {"P1": 4_000, "P2": 5_000, "P3": 1_000}


def test_each_method_stands_beside_the_others():
    table = catchment_sets.providers_table(made()).set_index("provider")
    assert table["proportional"].to_dict() == {"P2": 2_000.0, "P1": 1_200.0, "P3": 0.0}
    assert table["all_ages"].to_dict() == table["proportional"].to_dict()
    assert table["first_past_the_post"].to_dict() == {"P2": 1_600.0, "P1": 1_600.0, "P3": 0.0}
    assert table["at_least_30"].to_dict() == {"P2": 1_600.0, "P1": 1_600.0, "P3": 0.0}
    assert set(table["basis"]) == {"All ages"}


def test_age_and_sex_divide_what_is_theirs_together():
    table = catchment_sets.providers_table(made(BOTH)).set_index("provider")
    assert table["basis"].to_dict() == {"P1": "Age and sex", "P2": "Age and sex", "P3": "All ages"}
    # Boys: all at P1. Men: a third at P1. Old women: all at P1. Girls: no spells, so as all ages, three quarters at P1.
    assert table.loc["P1", "proportional"] == pytest.approx(600 + 200 + 200 + 150)
    assert table.loc["P1", "all_ages"] == 1_200
    assert table["proportional"].sum() == pytest.approx(3_200)


def test_a_provider_below_the_threshold_keeps_its_share_of_all_ages():
    few = BOTH[BOTH["provider"] == "P2"].assign(admissions=lambda f: f["admissions"] // 2)
    table = catchment_sets.providers_table(made(few)).set_index("provider")
    assert set(table["basis"]) == {"All ages"}
    assert table["covered"].to_dict() == {"P1": 0.0, "P2": 0.5, "P3": 0.0}


def test_without_a_counted_area_nothing_is_known():
    found = made(S1=False, S2=False)
    table = catchment_sets.providers_table(found)
    assert table["proportional"].isna().all()
    assert table["at_least_30"].isna().all()
    assert catchment_sets.areas_table(found).empty
    assert catchment_sets.places_table(found, "P1").empty


def test_areas_name_who_has_most_and_count_whom_nobody_has():
    found = made(spells_=spells(("S1", "P2", 3_000), ("S1", "P1", 3_000)))
    table = catchment_sets.areas_table(found).set_index("area")
    assert table.loc["S1", ["leader", "leader_spells", "spells", "providers"]].tolist() == ["P1", 3_000, 6_000, 2]
    assert table["unassigned"].to_dict() == {"S1": 0.0, "S2": 1_600.0}
    assert pd.isna(table.loc["S2", "leader"])
    assert table["score"].to_dict() == {"S1": 20.0, "S2": 20.0}


def test_credits_are_nobodys_spells():
    found = made(spells_=spells(("S1", "P1", 3_000), ("S1", "P2", -1_000)))
    assert catchment_sets.places_table(found, "P2").empty
    assert catchment_sets.providers_table(found)["provider"].tolist() == ["P1"]


def test_the_areas_of_one_catchment_have_their_share_and_all_methods():
    table = catchment_sets.places_table(made(), "P2").set_index("area")
    assert table[["spells", "area_spells"]].to_numpy().tolist() == [[5_000, 5_000], [2_000, 8_000]]
    assert table["proportional"].to_dict() == {"S2": 1_600.0, "S1": 400.0}
    assert table["first_past_the_post"].to_dict() == {"S2": 1_600.0, "S1": 0.0}
    assert table["at_least_30"].to_dict() == {"S2": 1_600.0, "S1": 0.0}


def test_by_place_the_same_people_are_divided():
    known = spells(("a", "P1", 3_000), ("S1", "P1", 3_000), ("S1", "P2", 2_000), ("S2", "P2", 5_000))
    by_place = made(by_place=True, spells_=known)
    table = catchment_sets.places_table(by_place, "P1").set_index("area")
    assert table["spells"].to_dict() == {"a": 4_500, "b": 1_500}
    assert table["area_spells"].to_dict() == {"a": 5_500, "b": 2_500}
    assert table["proportional"].to_dict() == pytest.approx({"a": 800 * 45 / 55, "b": 800 * 15 / 25})
    areas = catchment_sets.areas_table(by_place).set_index("area")
    assert areas["score"].to_dict() == {"a": 10.0, "b": 30.0, "c": 10.0, "d": 30.0}
    assert by_place.parts["population"].sum() == pytest.approx(3_200)


def test_by_place_systems_that_were_spread_are_not_elsewhere():
    found = made(by_place=True).providers.set_index("provider")
    assert found["elsewhere"].to_dict() == {"P1": 4_000, "P2": 0, "P3": 1_000}


def test_profiles_compare_with_the_own_area():
    table = catchment_sets.profiles_table(made(BOTH), {"S1"}).set_index("provider")
    assert table.index[0] == OWN_AREA
    assert table.loc[OWN_AREA, ["population", "female", "age_0_14", "age_65_84", "score"]].tolist() == [
        1_600,
        0.25,
        0.5,
        0.5,
        20.0,
    ]
    assert table.loc["P1", "female"] == pytest.approx(350 / 1150)
    assert table.loc["P1", "age_0_14"] == pytest.approx(750 / 1150)
    shares = table[["age_0_14", "age_15_44", "age_45_64", "age_65_84", "age_85"]].sum(axis=1)
    assert shares.tolist() == pytest.approx([1.0] * len(table))


def test_deprivation_follows_the_places():
    by_place = made(by_place=True, spells_=spells(("a", "P1", 1_000), ("b", "P2", 1_000), ("c", "P2", 1_000)))
    table = catchment_sets.profiles_table(by_place, {"a", "b"}).set_index("provider")
    assert table["score"].to_dict() == {OWN_AREA: 20.0, "P1": 10.0, "P2": 20.0}


def test_ages_are_in_order_with_their_share_and_the_spells_behind_them():
    table = catchment_sets.ages_table(made(BOTH), "P1", {"S1"}).set_index("age_band")
    assert table.index.tolist()[:2] == ["0-4", "5-14"]
    assert table.loc["5-14", ["female", "male", "population"]].tolist() == pytest.approx([150, 600, 750])
    assert table.loc["65-74", ["female", "male"]].tolist() == pytest.approx([200, 200])
    assert table["share"].sum() == pytest.approx(1)
    assert table.loc["5-14", "own_share"] == 0.5
    assert table["spells"].to_dict() == {band: {"5-14": 5_000, "65-74": 5_000}.get(band, 0) for band in table.index}


def test_ages_of_a_provider_without_sets_rest_on_no_spells_by_age():
    table = catchment_sets.ages_table(made(), "P1", {"S1"})
    assert table["spells"].isna().all()
    assert table["population"].sum() == pytest.approx(1_200)


def test_ages_of_a_provider_that_is_not_there_are_nought():
    table = catchment_sets.ages_table(made(), "NOBODY", {"S1"})
    assert table["population"].sum() == 0
    assert table["share"].isna().all()


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="is_counted"):
        catchment_set(SPELLS, residents().drop(columns="is_counted"), sets(), by_place=False)


def test_origins_of_published_shares_are_not_divided_by_their_rounded_sum():
    shares = pd.DataFrame({"home_system": ["A", "B"], "provider": "P1", "share": [0.5, 0.4]})
    hosts = pd.DataFrame({"provider": ["P1"], "system": ["A"]})
    row = origins_by_provider(shares, own={"A", "B"}, hosts=hosts).iloc[0]
    assert row["origin_hhi"] == pytest.approx(4_100)
    assert row[["sum", "own_system", "outside_own_area"]].tolist() == pytest.approx([0.9, 0.5, 0.1])
    assert row[["origins", "homes_for_90"]].tolist() == [2, 2]
