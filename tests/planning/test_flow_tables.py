"""Flows as pages show them: at a level, named, with differences and shares, the boundaries they cross, measures of groups."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations.flow_groups import concentration, group_measures, of_areas
from planning.calculations.flow_tables import SUMS, at_level, crossings, named_flows, with_shares

HOSTS = pd.DataFrame([("A", "EAST"), ("B", "WEST")], columns=["provider", "system"])


def flows(*rows) -> pd.DataFrame:
    """Rows of home, destination, planned and actual price, planned and actual activity; None is missing."""
    frame = pd.DataFrame(list(rows), columns=["home", "destination", *SUMS])
    # A site begins with the code of its provider.
    return frame.assign(provider=frame["destination"].str[:1]).astype(dict.fromkeys(SUMS, "Int64"))


def plain(frame: pd.DataFrame, *columns: str) -> list[tuple]:
    values = frame[list(columns)].astype(object)
    return list(values.where(frame[list(columns)].notna(), None).itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("planned", "actual", "difference"),
    [(100, 130, 30), (130, 100, -30), (100, 0, -100), (0, 100, 100), (0, 0, 0), (None, 100, None), (100, None, None),
     (None, None, None), (-50, 50, 100)],
)  # fmt: skip
def test_a_difference_needs_both_plan_and_actual(planned, actual, difference):
    found = named_flows(flows(("EAST", "A", planned, actual, planned, actual)), homes={}, destinations={}, own=[])
    assert plain(found, "price_difference", "activity_difference") == [(difference, difference)]


def test_names_stand_beside_codes_and_a_code_without_one_for_itself():
    found = named_flows(
        flows(("EAST", "A", 1, 1, 1, 1), ("REST", "B02", 1, 1, 1, 1)),
        homes={"EAST": "East London"},
        destinations={"B": "Barts", "B02": "The London"},
        own=["EAST"],
    )
    assert plain(found, "home_name", "provider_name", "destination_name", "is_own") == [
        ("East London", "A", "A", True),
        ("REST", "Barts", "The London", False),
    ]


def test_without_flows_there_are_no_names():
    assert named_flows(flows(), homes={}, destinations={}, own=[]).empty


@pytest.mark.parametrize("column", ["home", "provider", "destination", *SUMS])
def test_flows_that_lack_a_column_are_refused_by_name(column):
    with pytest.raises(ValueError, match=f"The frame of flows has no column: {column}"):
        named_flows(flows().drop(columns=column), homes={}, destinations={}, own=[])


def test_a_home_and_provider_that_stand_twice_are_refused():
    twice = flows(("EAST", "A", 1, 1, 1, 1), ("EAST", "A", 2, 2, 2, 2))
    with pytest.raises(ValueError, match="more than one row for home and provider and destination: EAST, A, A"):
        named_flows(twice, homes={}, destinations={}, own=[])


def shares(*rows) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["home", "destination", "actual_price", "actual_activity"]).astype(
        {"actual_price": "Int64", "actual_activity": "Int64"}
    )


def test_each_flow_beside_all_that_its_home_sends_and_its_provider_receives():
    found = with_shares(shares(("EAST", "A", 60, 6), ("EAST", "B", 40, 2), ("WEST", "A", 140, 3)))
    columns = ("home_price", "provider_price", "home_price_share", "provider_price_share")
    assert plain(found, *columns) == [(100, 200, 0.6, 0.3), (100, 40, 0.4, 1.0), (140, 200, 1.0, 0.7)]
    columns = ("home_activity", "provider_activity", "home_activity_share", "provider_activity_share")
    assert plain(found, *columns) == [(8, 9, 0.75, 6 / 9), (8, 2, 0.25, 1.0), (3, 9, 1.0, 3 / 9)]


@pytest.mark.parametrize(
    ("rows", "home_price", "home_share"),
    [
        # What is missing is in no sum; a home whose every flow is missing has none.
        ([("EAST", "A", 60, 1), ("EAST", "B", None, 1)], [60, 60], [1.0, None]),
        ([("EAST", "A", None, 1), ("EAST", "B", None, 1)], [None, None], [None, None]),
        # Of nothing, or of less than nothing, there is no share.
        ([("EAST", "A", 0, 1), ("EAST", "B", 0, 1)], [0, 0], [None, None]),
        ([("EAST", "A", 10, 1), ("EAST", "B", -30, 1)], [-20, -20], [None, None]),
        ([("EAST", "A", 30, 1), ("EAST", "B", -10, 1)], [20, 20], [1.5, -0.5]),
    ],
)
def test_shares_of_what_is_missing_or_nothing(rows, home_price, home_share):
    found = with_shares(shares(*rows))
    assert [value for (value,) in plain(found, "home_price")] == home_price
    assert [value for (value,) in plain(found, "home_price_share")] == home_share


pairs = st.dictionaries(
    st.tuples(st.sampled_from(["EAST", "WEST", "REST"]), st.sampled_from("ABC")), st.integers(0, 10**14), min_size=1
)


@given(pairs)
def test_shares_of_a_home_and_of_a_provider_add_up_to_one(found):
    result = with_shares(shares(*((home, provider, n, n) for (home, provider), n in found.items())))
    for end, column in (("home", "home"), ("provider", "destination")):
        for _, own in result.groupby(column):
            total = sum(own["actual_price"])
            assert (own[f"{end}_price"] == total).all()
            assert math.isclose(own[f"{end}_price_share"].sum(), 1) if total else own[f"{end}_price_share"].isna().all()


@pytest.mark.parametrize(
    ("home", "provider", "crosses"),
    [
        ("EAST", "A", False),
        ("EAST", "B", True),
        ("WEST", "B", False),
        ("REST", "A", True),
        # Whom no loaded system hosts is abroad for everyone.
        ("EAST", "C", True),
        ("NOT-KNOWN", "A", True),
    ],
)
def test_a_flow_crosses_a_boundary_where_another_system_hosts_the_provider(home, provider, crosses):
    frame = pd.DataFrame({"home_system": [home], "provider": [provider], "anything": [1]})
    assert len(crossings(frame, HOSTS)) == crosses
    assert list(crossings(frame, HOSTS).columns) == ["home_system", "provider", "anything"]


def test_crossings_are_numbered_anew_and_keep_their_order():
    frame = pd.DataFrame({"home_system": ["EAST", "EAST", "WEST"], "provider": ["A", "B", "A"], "n": [1, 2, 3]})
    found = crossings(frame, HOSTS)
    assert (found.index.tolist(), found["n"].tolist()) == ([0, 1], [2, 3])


def test_a_provider_with_two_hosts_is_refused():
    frame = pd.DataFrame({"home_system": ["EAST"], "provider": ["A"]})
    with pytest.raises(ValueError, match="hosts has more than one row for provider: A"):
        crossings(frame, pd.concat([HOSTS, HOSTS]))


FINE = pd.DataFrame(
    [
        ("EAST", "E1", "A", "A01", 10, 1),
        ("EAST", "E2", "A", "A02", 20, None),
        ("WEST", "W1", "A", "A01", 40, 4),
        ("WEST", "W1", "B", "B01", None, None),
    ],
    columns=["home_system", "home_place", "provider", "destination", "actual_price", "people"],
).astype({"actual_price": "Int64", "people": "Int64"})


@pytest.mark.parametrize(
    ("own", "home", "regions", "expected"),
    [
        # Systems and providers: the sites of each are one.
        (["home_system", "provider"], "home_system", None,
         {("EAST", "A", "A"): (30, 1), ("WEST", "A", "A"): (40, 4), ("WEST", "B", "B"): (None, None)}),
        # Regions, and what belongs to none stands for itself.
        (["home_system", "provider"], "home_system", {"EAST": "LONDON", "WEST": "LONDON"},
         {("LONDON", "A", "A"): (70, 5), ("LONDON", "B", "B"): (None, None)}),
        (["home_system", "provider"], "home_system", {"EAST": "LONDON"},
         {("LONDON", "A", "A"): (30, 1), ("WEST", "A", "A"): (40, 4), ("WEST", "B", "B"): (None, None)}),
        # Places and sites.
        (["home_system", "home_place", "provider", "destination"], "home_place", None,
         {("E1", "A", "A01"): (10, 1), ("E2", "A", "A02"): (20, None), ("W1", "A", "A01"): (40, 4),
          ("W1", "B", "B01"): (None, None)}),
    ],
    ids=["systems", "regions", "some regions", "places and sites"],
)  # fmt: skip
def test_flows_of_any_level_are_sums_of_the_finer_ones(own, home, regions, expected):
    found = at_level(FINE[[*own, "actual_price", "people"]], home=home, regions=regions)
    assert list(found.columns) == ["home", "provider", "destination", "actual_price", "people"]
    rows = plain(found, *found.columns)
    assert {row[:3]: row[3:] for row in rows} == expected
    assert len(rows) == len(expected)


def test_no_flows_are_no_flows_at_any_level():
    assert at_level(FINE.head(0), home="home_place").empty


@pytest.mark.parametrize("column", ["home_system", "home_place", "provider"])
def test_finer_flows_that_lack_a_column_are_refused_by_name(column):
    with pytest.raises(ValueError, match=f"The frame of flows has no column: {column}"):
        at_level(FINE.drop(columns=column), home="home_place")


def people(*rows) -> pd.DataFrame:
    """Rows of home, provider, activity."""
    return pd.DataFrame(list(rows), columns=["home_system", "provider", "activity"])


FLOWS = people(
    ("EAST", "A", 60), ("EAST", "B", 20), ("WEST", "A", 10), ("WEST", "B", 30), ("REST", "A", 30), ("REST", "C", 9)
)  # fmt: skip
AMOUNTS = ("resident", "home_provider", "retained", "exports", "imports", "net", "self_sufficiency", "import_share")


def measured(areas: dict, frame=FLOWS) -> dict:
    found = group_measures(of_areas(frame, HOSTS, areas), by="area", measure="activity")
    return {row[0]: row[1:] for row in plain(found, "area", *AMOUNTS)}


def test_measures_of_areas_by_hand():
    areas = {"West": ["WEST"], "East": ["EAST"], "London": ["EAST", "WEST"], "Nobody": [], "North": ["NORTH"]}
    assert measured(areas) == {
        "West": (40, 50, 30, 10, 20, 10, 0.75, 0.4),
        "East": (80, 100, 60, 20, 40, 20, 0.75, 0.4),
        # What flows between the two stays inside.
        "London": (120, 150, 120, 0, 30, 30, 1.0, 0.2),
    }


def test_an_area_that_only_receives_has_residents_of_none():
    assert measured({"East": ["EAST"]}, people(("REST", "A", 5)))["East"] == (0, 5, 0, 0, 5, 5, None, 1.0)


def test_a_provider_that_nobody_hosts_takes_residents_away():
    assert measured({"East": ["EAST"]}, people(("EAST", "C", 5)))["East"] == (5, 0, 0, 5, 0, -5, 0.0, None)


def test_finer_flows_give_the_measures_of_the_coarser_ones():
    halves = pd.concat([FLOWS.assign(activity=FLOWS["activity"] // 2), FLOWS.assign(activity=(FLOWS["activity"] + 1) // 2)])
    areas = {"East": ["EAST"], "West": ["WEST"]}
    assert measured(areas, halves) == measured(areas)


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        ([("EAST", "A", 10)], 10_000),
        ([("EAST", "A", 10), ("EAST", "B", 10)], 5_000),
        ([("EAST", "A", 80), ("EAST", "B", 20)], 6_800),
        # Two rows of one provider are one provider.
        ([("EAST", "A", 40), ("EAST", "B", 20), ("EAST", "A", 40)], 6_800),
        ([("EAST", "A", 0)], None),
        ([("EAST", "A", None)], None),
        ([("EAST", "A", 10), ("EAST", "B", None)], 10_000),
    ],
)
def test_concentration_by_hand(rows, index):
    frame = people(*rows).astype({"activity": "Int64"})
    found = concentration(frame, by="home_system", of="provider", measure="activity")
    assert [None if pd.isna(v) else v for v in found] == [None if index is None else pytest.approx(index)]


@pytest.mark.parametrize("column", ["provider", "is_resident", "is_hosted", "activity", "area"])
def test_groups_that_lack_a_column_are_refused_by_name(column):
    rows = of_areas(FLOWS, HOSTS, {"East": ["EAST"]}).drop(columns=column)
    with pytest.raises(ValueError, match=f"has no column: {column}"):
        group_measures(rows, by="area", measure="activity")


@given(pairs)
def test_with_all_trusts_in_what_leaves_one_area_enters_another(found):
    closed = people(*((home, p, n) for (home, p), n in found.items() if home != "REST" and p != "C"))
    result = measured({"East": ["EAST"], "West": ["WEST"]}, closed)
    assert sum(row[AMOUNTS.index("net")] for row in result.values()) == 0
    assert sum(row[0] for row in result.values()) == closed["activity"].sum()
    whole = measured({"Both": ["EAST", "WEST"]}, closed)
    assert {row[AMOUNTS.index("exports")] for row in whole.values()} <= {0}
