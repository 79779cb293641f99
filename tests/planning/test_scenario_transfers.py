"""Who goes where when several moves meet: by hand on flows of a few people, and what holds of any of them."""

from decimal import Decimal as D

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations.scenario_flows import CELLS, KEYS, Kind, Move, chosen, factor_of, opening_cells, state_after, transfers

UNIT = 1_000_000


def cells(*rows) -> pd.DataFrame:
    """Rows of home, service, point of delivery, provider, units, pounds."""
    frame = [(h, s, h, p, provider, units * UNIT, pounds * 10_000.0) for h, s, p, provider, units, pounds in rows]
    return pd.DataFrame(frame, columns=CELLS).astype({"activity": "int64"})


AREA = cells(
    ("N", "renal", "EL", "A", 60, 600),
    ("N", "renal", "EL", "B", 30, 300),
    ("N", "renal", "EL", "C", 10, 100),
    ("S", "renal", "EL", "A", 40, 400),
    ("S", "renal", "DRUG", "A", 0, 80),
    ("S", "renal", "DRUG", "B", 0, 20),
    ("S", "heart", "EL", "C", 5, 50),
)


def move(kind, number=1, **what) -> Move:
    return Move(number=number, kind=Kind(kind), **what)


def flows(*moves, area=AREA, year=1, growth=None) -> dict:
    """(home, service, point of delivery, sender, receiver) → (units, pounds) of one year."""
    made = transfers(area, moves, years=year, growth=growth)
    own = made[made["year"] == year].groupby(["home", "service", "point_of_delivery", "sender", "receiver"])
    sums = own[["activity", "worth"]].sum()
    return {
        key: (row.activity / UNIT, round(row.worth / 10_000, 4)) for key, row in zip(sums.index, sums.itertuples(), strict=True)
    }


RENAL = {"services": ("renal",)}


@pytest.mark.parametrize(
    ("made", "found"),
    [
        # Drugs go with the people whose they are, by their money.
        (
            move("open", homes=("S",), receiver="D", share=D("0.5")),
            {
                ("S", "heart", "EL", "C", "D"): (2.5, 25),
                ("S", "renal", "DRUG", "A", "D"): (0, 40),
                ("S", "renal", "DRUG", "B", "D"): (0, 10),
                ("S", "renal", "EL", "A", "D"): (20, 200),
            },
        ),
        # Only those of the senders.
        (
            move("repatriate", homes=("S",), senders=("B",), receiver="A", share=D(1)),
            {("S", "renal", "DRUG", "B", "A"): (0, 20)},
        ),
        # People of the lost service go by how many of their home go elsewhere; drugs by how much they cost elsewhere.
        (
            move("lose", homes=("N",), senders=("B",), **RENAL),
            {("N", "renal", "EL", "B", "A"): (pytest.approx(25.714286), 257.1429),
             ("N", "renal", "EL", "B", "C"): (pytest.approx(4.285714), 42.8571)},
        ),
        (
            move("lose", homes=("S",), senders=("A",), **RENAL),
            {
                ("S", "renal", "DRUG", "A", "B"): (0, 80),
                # Nobody else of the home: where those of any home go, 30 to 10.
                ("S", "renal", "EL", "A", "B"): (30, 300),
                ("S", "renal", "EL", "A", "C"): (10, 100),
            },
        ),
        # Where nobody else delivers it, people stay.
        (move("lose", senders=("C",), services=("heart",)), {}),
        # Ten points of a hundred people, from the others by their own part; drugs ten points of their money.
        (
            move("referral", homes=("N",), receiver="B", share=D("0.1"), **RENAL),
            {("N", "renal", "EL", "A", "B"): (pytest.approx(8.571429), 85.7143),
             ("N", "renal", "EL", "C", "B"): (pytest.approx(1.428571), 14.2857)},
        ),
        (
            move("referral", homes=("S",), receiver="B", share=D("0.25"), **RENAL),
            {("S", "renal", "EL", "A", "B"): (10, 100), ("S", "renal", "DRUG", "A", "B"): (0, 25)},
        ),
        # Away from it, to where the others go.
        (
            move("referral", homes=("N",), receiver="B", share=D("-0.14"), **RENAL),
            {("N", "renal", "EL", "B", "A"): (12, 120), ("N", "renal", "EL", "B", "C"): (2, 20)},
        ),
        # No more than there are.
        (
            move("referral", homes=("N",), receiver="B", share=D(1), **RENAL),
            {("N", "renal", "EL", "A", "B"): (60, 600), ("N", "renal", "EL", "C", "B"): (10, 100)},
        ),
        (move("referral", homes=("S",), receiver="C", share=D("-0.5"), services=("heart",)), {}),
        (move("open", homes=("S",), receiver="D", share=D(0)), {}),
    ],
)  # fmt: skip
def test_one_move(made, found):
    assert flows(made) == found


def test_a_fall_of_a_share_sends_nobody_back_to_where_they_left():
    """Whoever is named as a sender has no part in a fall: people leave the provider whose share it is."""
    found = flows(move("referral", homes=("N",), receiver="B", senders=("A",), share=D("-0.14"), **RENAL))
    assert found == {("N", "renal", "EL", "B", "A"): (12, 120), ("N", "renal", "EL", "B", "C"): (2, 20)}


def test_a_rise_of_a_share_may_be_drawn_from_some_alone():
    found = flows(move("referral", homes=("N",), receiver="B", senders=("C",), share=D("0.05"), **RENAL))
    assert found == {("N", "renal", "EL", "C", "B"): (5, 50)}


@pytest.mark.parametrize(
    ("own", "taken"),
    [
        ({}, 7),
        ({"receiver": "A"}, 4),
        ({"receiver": "ELSEWHERE"}, 7),
        ({"homes": ("N",)}, 3),
        ({"homes": ("N", "S"), "services": ("heart",)}, 1),
        ({"senders": ("A",)}, 3),
        ({"senders": ("A", "B"), "receiver": "B"}, 3),
        ({"homes": ("NOWHERE",)}, 0),
        ({"services": ("",)}, 0),
    ],
)
def test_which_flows_a_move_takes_from(own, taken):
    assert int(chosen(AREA, move("open", **own)).sum()) == taken


@pytest.mark.parametrize(
    ("units", "share", "moved"),
    [
        # In floats 1,200 × 0.07 is a hair above 84.
        (1_200, "0.07", 84_000_000),
        (1, "0.333333", 333_333),
        # Half a millionth goes up.
        (1, "0.0000005", 0),
        (9_000_000, "1", 9_000_000 * UNIT),
        (9_000_000, "0.999999", 8_999_991 * UNIT),
    ],
)
def test_what_moves_is_whole_millionths_of_a_unit(units, share, moved):
    made = transfers(cells(("N", "renal", "EL", "A", units, 0)), [move("open", receiver="B", share=D(share))], years=1)
    assert made["activity"].sum() == moved


def test_a_third_of_a_third_each_is_all_of_it():
    """Three receivers of equal weight: parts are rounded together, so that none is lost."""
    area = cells(*(("N", "renal", "EL", p, 1, 1) for p in "ABC"), ("N", "renal", "EL", "D", 10, 10))
    made = transfers(area, [move("lose", senders=("D",))], years=1)
    assert sorted(made["activity"]) == [3_333_333, 3_333_333, 3_333_334]
    assert made["activity"].sum() == 10 * UNIT
    assert made["worth"].sum() == pytest.approx(100_000)


def test_every_year_begins_from_the_opening_flows():
    halves = [move("open", homes=("N",), receiver="D", share=D("0.5"))]
    for year in (1, 2, 3):
        assert flows(*halves, year=year)["N", "renal", "EL", "A", "D"] == (30, 300)


def test_moves_stand_in_the_order_in_which_they_are_given_and_not_by_number():
    first = move("open", 2, homes=("N",), senders=("A",), receiver="D", share=D("0.5"))
    then = move("open", 1, homes=("N",), senders=("D",), receiver="E", share=D("0.5"))
    assert flows(first, then)["N", "renal", "EL", "D", "E"] == (15, 150)
    assert ("N", "renal", "EL", "D", "E") not in flows(then, first)


def growth(*rows) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["move", "year", "home", "service", "factor"])


@pytest.mark.parametrize(
    ("factor", "found"),
    [
        (1.5, {("S", "heart", "EL", "", "C"): (2.5, 25)}),
        (1.0, {}),
        (0.6, {("S", "heart", "EL", "C", ""): (2, 20)}),
        (0.0, {("S", "heart", "EL", "C", ""): (5, 50)}),
    ],
)
def test_growth_is_of_the_flow_as_the_moves_before_it_leave_it(factor, found):
    assert flows(move("growth"), growth=growth((1, 1, "S", "heart", factor))) == found


def test_growth_of_money_alone_is_of_money_alone():
    found = flows(move("growth"), growth=growth((1, 1, "S", "renal", 1.1)))
    assert found["S", "renal", "DRUG", "", "A"] == (0, 8)
    assert found["S", "renal", "DRUG", "", "B"] == (0, 2)


def test_growth_of_another_move_or_year_is_not_this_ones():
    factors = growth((2, 1, "S", "heart", 9.0), (1, 2, "S", "heart", 9.0))
    assert flows(move("growth"), growth=factors) == {}
    assert flows(move("growth"), growth=factors, year=2)["S", "heart", "EL", "", "C"] == (40, 400)


def test_what_has_grown_moves_with_the_rest():
    opened = move("open", 2, homes=("S",), services=("heart",), receiver="A", share=D(1))
    found = flows(move("growth"), opened, growth=growth((1, 1, "S", "heart", 2.0)))
    assert found["S", "heart", "EL", "C", "A"] == (10, 100)


@pytest.mark.parametrize("column", CELLS)
def test_cells_that_lack_a_column_are_refused_by_name(column):
    with pytest.raises(ValueError, match=f"The frame of cells has no column: {column}"):
        transfers(AREA.drop(columns=column), [], years=1)


@pytest.mark.parametrize(
    ("provider", "point", "factor"), [("A", "EL", 1.2), ("B", "EL", 1.0), ("A", "DRUG", 1.0), ("", "EL", 1.0)]
)
def test_the_factor_of_a_provider(provider, point, factor):
    frame = pd.DataFrame({"provider": [provider], "point_of_delivery": [point]})
    assert factor_of(frame, {"A": 1.2}, "provider", ["DRUG"]).tolist() == [factor]


def test_opening_flows_are_in_millionths_and_before_the_factor():
    frame = (
        AREA[KEYS]
        .head(3)
        .assign(provider=["A", "A", "B"], activity=pd.array([1500, None, 7], "Int64"), price=pd.array([24, None, 5], "Int64"))
    )
    frame.loc[2, "point_of_delivery"] = "DRUG"
    found = opening_cells(frame, {"A": 1.2, "B": 2.0}, pass_through=["DRUG"])
    assert list(found.columns) == CELLS
    assert found["activity"].tolist() == [1_500_000, 0, 7_000]
    assert found["worth"].tolist() == pytest.approx([20.0, 0.0, 5.0])


def test_the_state_after_nothing_is_the_state_before():
    none = transfers(AREA, [], years=1)
    before = AREA.sort_values([*KEYS, "provider"], ignore_index=True)
    assert state_after(AREA, none)[CELLS].equals(before)


amounts = st.tuples(st.integers(-50, 400), st.integers(-900, 9_000))
keys = st.tuples(
    st.sampled_from("NS"), st.sampled_from(["renal", "heart"]), st.sampled_from(["EL", "DRUG"]), st.sampled_from("ABC")
)
areas = st.dictionaries(keys, amounts, min_size=1).map(lambda found: cells(*((*key, *of) for key, of in found.items())))
any_move = st.builds(
    lambda kind, homes, services, senders, receiver, share: Move(
        number=1,
        kind=kind,
        homes=homes,
        services=services,
        senders=tuple(s for s in senders if s != receiver) if kind != Kind.LOSE else ("A",),
        receiver="" if kind == Kind.LOSE else receiver,
        share=share if kind == Kind.REFERRAL else abs(share),
    ),
    st.sampled_from([k for k in Kind if k != Kind.GROWTH]),
    st.sampled_from([(), ("N",), ("N", "S")]),
    st.sampled_from([(), ("renal",)]),
    st.sampled_from([(), ("A",), ("B", "C")]),
    st.sampled_from("ABCD"),
    st.decimals(-1, 1, places=3),
)


@given(areas, any_move)
def test_credits_and_money_without_activity_are_kept_whole_too(area, made):
    """Of each home, service and point of delivery, whatever its sign, there is as much after as before."""
    found = transfers(area, [made], years=1)
    after = state_after(area, found)
    assert after.groupby(KEYS)["activity"].sum().equals(area.groupby(KEYS)["activity"].sum())
    assert after.groupby(KEYS)["worth"].sum().to_numpy() == pytest.approx(area.groupby(KEYS)["worth"].sum().to_numpy(), abs=1e-3)
    assert not (found["sender"] == found["receiver"]).any()
    if made.receiver and not (made.kind == Kind.REFERRAL and made.share < 0):
        assert set(found["receiver"]) <= {made.receiver}


@given(areas, any_move)
def test_nobody_moves_of_whom_nothing_was_said(area, made):
    found = transfers(area, [made], years=1)
    if made.homes:
        assert set(found["home"]) <= set(made.homes)
    if made.services:
        assert set(found["service"]) <= set(made.services)
    if made.senders and made.kind != Kind.REFERRAL:
        assert set(found["sender"]) <= set(made.senders)


@given(areas, st.decimals(0, 1, places=3), st.decimals(0, 1, places=3))
def test_a_larger_share_moves_no_fewer(area, one, other):
    moved = [
        transfers(area.assign(activity=area["activity"].clip(lower=0)), [move("open", receiver="D", share=s)], years=1)[
            "activity"
        ].sum()
        for s in sorted((one, other))
    ]
    assert moved[0] <= moved[1]
