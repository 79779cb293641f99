"""The exact sentence for each move that cannot be: who, what, in which year, and what to do instead."""

from decimal import Decimal as D

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations.scenario_checks import Names, faults
from planning.calculations.scenario_flows import CELLS, Kind, Move, transfers

NAMES = Names(
    homes={"N": "North", "S": "South"},
    services={"renal": "Renal", "heart": "Heart", "drugs": "Drugs", "brain": "Brain", "eyes": "Eyes"},
    providers={"A": "Abbey", "B": "Bridge", "C": "Castle"},
    year="2025/26",
)
UNIT, POUND = 1_000_000, 10_000.0


def cells(*rows) -> pd.DataFrame:
    frame = [
        (home, service, home, "EL", provider, units * UNIT, pounds * POUND) for home, service, provider, units, pounds in rows
    ]
    return pd.DataFrame(frame, columns=CELLS).astype({"activity": "int64"})


AREA = cells(
    ("N", "renal", "A", 60, 600),
    ("N", "renal", "B", 40, 400),
    ("S", "renal", "A", 100, 900),
    ("S", "heart", "B", 10, 100),
    # Drugs are counted in money alone.
    ("N", "drugs", "A", 0, 70),
    ("S", "drugs", "B", 0, 30),
    ("S", "eyes", "C", 0, 0),
)


def move(kind, number=1, **what) -> Move:
    return Move(number=number, kind=Kind(kind), **what)


def said(*moves, area=AREA) -> list[tuple[int, str, str]]:
    return [(f.move, f.field, f.message) for f in faults(area, moves, NAMES)]


NOBODY = "in 2025/26: choose other homes, services or providers"


@pytest.mark.parametrize(
    ("made", "field", "message"),
    [
        (
            move("consolidate", senders=("A", "B"), receiver="B"),
            "receiver",
            "Bridge is where people come from: choose another provider to send them to",
        ),
        (
            move("lose", senders=("A",), receiver="A"),
            "receiver",
            "Abbey is where people come from: choose another provider to send them to",
        ),
        # Nobody of whom it was said.
        (
            move("repatriate", homes=("N",), services=("heart",), receiver="A"),
            "services",
            f"No provider treated anybody of North for Heart {NOBODY}",
        ),
        (
            move("open", homes=("N", "S"), services=("brain",), receiver="C"),
            "services",
            f"No provider treated anybody of North and South for Brain {NOBODY}",
        ),
        (
            move("lose", senders=("C",), services=("renal",)),
            "senders",
            f"Castle treated nobody of any home for Renal {NOBODY}",
        ),
        (
            move("consolidate", senders=("B", "C"), homes=("S",), services=("renal",), receiver="A"),
            "senders",
            f"Bridge and Castle treated nobody of South for Renal {NOBODY}",
        ),
        (move("growth", services=("brain",)), "services", f"No provider treated anybody of any home for Brain {NOBODY}"),
        # Flows that are there and are nothing.
        (move("growth", services=("eyes",)), "services", f"No provider treated anybody of any home for Eyes {NOBODY}"),
        # A code without a name stands for itself.
        (move("growth", homes=("X",)), "services", f"No provider treated anybody of X for any service {NOBODY}"),
        # Only the receiver has any: there is nobody to bring.
        (
            move("open", services=("heart",), receiver="B"),
            "services",
            f"No provider treated anybody of any home for Heart {NOBODY}",
        ),
        # Where it is not delivered.
        (
            move("repatriate", services=("heart",), receiver="A"),
            "receiver",
            "Abbey did not deliver Heart in 2025/26: choose another provider, or open a new site there",
        ),
        (
            move("consolidate", senders=("A",), receiver="C"),
            "receiver",
            "Castle did not deliver any service in 2025/26: choose another provider, or open a new site there",
        ),
        (
            move("referral", homes=("N",), services=("renal",), receiver="C", share=D("0.1")),
            "receiver",
            "Castle did not deliver Renal in 2025/26: choose another provider, or open a new site there",
        ),
        # Nobody else delivers it.
        (
            move("lose", senders=("B",), services=("heart",)),
            "receiver",
            "No other provider delivers Heart: choose where its people go",
        ),
        (
            move("lose", senders=("A", "B")),
            "receiver",
            "No other provider delivers Drugs, Heart and Renal: choose where its people go",
        ),
        (
            move("lose", senders=("A", "B"), services=("drugs",)),
            "receiver",
            "No other provider delivers Drugs: choose where its people go",
        ),
        # More than the whole, or less than nothing.
        (
            move("referral", homes=("N",), services=("renal",), receiver="B", share=D("0.601")),
            "share",
            "Bridge has 40% of the referrals from North: its share can rise by at most 60 percentage points",
        ),
        (
            move("referral", homes=("N",), services=("renal",), receiver="B", share=D("-0.401")),
            "share",
            "Bridge has 40% of the referrals from North: its share can fall by at most 40 percentage points",
        ),
        (
            move("referral", homes=("S",), services=("heart",), receiver="B", share=D("-0.5")),
            "services",
            "No other provider delivers Heart: choose other services",
        ),
        # Drugs by their money.
        (
            move("referral", services=("drugs",), receiver="B", share=D("0.8")),
            "share",
            "Bridge has 30% of the referrals from any home: its share can rise by at most 70 percentage points",
        ),
        (
            move("referral", services=("renal",), receiver="B", share=D("0.9")),
            "share",
            "Bridge has 20% of the referrals from any home: its share can rise by at most 80 percentage points",
        ),
    ],
)
def test_a_move_that_cannot_be(made, field, message):
    assert said(made) == [(1, field, message)]


@pytest.mark.parametrize(
    "made",
    [
        # Drugs alone are care too, though nobody counted them.
        move("repatriate", homes=("N",), services=("drugs",), receiver="B"),
        move("lose", senders=("A",), services=("drugs",)),
        move("lose", senders=("B",), services=("renal",), receiver="A"),
        move("open", services=("heart",), receiver="C"),
        move("lose", senders=("B",), homes=("N",)),
        # To the last of them, and no further.
        move("referral", homes=("N",), services=("renal",), receiver="B", share=D("0.6")),
        move("referral", homes=("N",), services=("renal",), receiver="B", share=D("-0.4")),
        move("growth"),
    ],
)
def test_a_move_that_can_be(made):
    assert said(made) == []


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        (["0.5", "0.5"], None),
        (["0.5", "0.501"], "Move 1 and this one together move 100.1% of the same people: move at most 50%, or choose others"),
        (["0.7", "0.4"], "Move 1 and this one together move 110% of the same people: move at most 30%, or choose others"),
        (["1", "0.1"], "Move 1 and this one together move 110% of the same people: move at most 0%, or choose others"),
        (["0.3", "0.3", "0.3"], None),
        (["0.4", "0.4", "0.4"], "Moves 1 and 2 and this one together move 120% of the same people: "
                                "move at most 20%, or choose others"),
    ],
)  # fmt: skip
def test_shares_of_the_same_people_by_hand(shares, message):
    moves = [move("open", n, homes=("N",), services=("renal",), receiver="C", share=D(s)) for n, s in enumerate(shares, 1)]
    assert said(*moves) == ([] if message is None else [(len(shares), "share", message)])


@pytest.mark.parametrize(
    ("first", "second", "meet"),
    [
        ({}, {}, True),
        ({"homes": ("N",)}, {}, True),
        ({"homes": ("N",)}, {"homes": ("S",)}, False),
        ({"homes": ("N", "S")}, {"homes": ("S",)}, True),
        ({"services": ("renal",)}, {"services": ("drugs",)}, False),
        ({"services": ("renal",)}, {"homes": ("N",)}, True),
        ({"senders": ("A",)}, {"senders": ("B",)}, False),
        ({"senders": ("A",)}, {"senders": ("A", "B")}, True),
    ],
)
def test_only_moves_of_the_same_people_are_added_up(first, second, meet):
    moves = [move("open", n, receiver="C", share=D("0.6"), **own) for n, own in enumerate((first, second), 1)]
    assert [field for _, field, _ in said(*moves)] == (["share"] if meet else [])


@pytest.mark.parametrize(
    ("earlier", "fault"),
    [
        (move("lose", senders=("A",), services=("renal",)), "Move 1 ends the service at Abbey: choose another provider"),
        (move("lose", senders=("A",)), None),
        (move("lose", senders=("A",), services=("drugs",)), None),
        (move("lose", senders=("B",), services=("renal",)), None),
    ],
)
def test_nobody_goes_where_an_earlier_move_ended_the_service(earlier, fault):
    later = move("repatriate", 2, homes=("N",), services=("renal",), senders=("B",), receiver="A", share=D("0.1"))
    if not earlier.services:
        # Without saying which services it is all of them, of which nobody else has any.
        earlier = Move(**{**earlier.__dict__, "receiver": "B"})
        fault = "Move 1 ends the service at Abbey: choose another provider"
    assert [message for number, _, message in said(earlier, later) if number == 2] == ([fault] if fault else [])


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ((), "any service"),
        (("renal",), "Renal"),
        (("renal", "heart"), "Renal and Heart"),
        (("renal", "heart", "eyes"), "Renal, Heart and Eyes"),
        (("renal", "heart", "eyes", "brain"), "Renal, Heart and 2 more"),
        (("renal", "heart", "eyes", "brain", "drugs"), "Renal, Heart and 3 more"),
        (("unheard of",), "unheard of"),
    ],
)
def test_services_in_words(codes, words):
    assert NAMES.service(codes) == words


def test_no_homes_and_no_providers_in_words():
    assert NAMES.home(()) == "any home"
    assert NAMES.provider() == "the other providers"


def test_no_moves_have_no_faults_even_where_there_is_nothing():
    assert said() == []
    assert said(area=AREA.head(0)) == []


def test_where_there_is_nothing_every_move_has_one():
    moves = [move("open", 1, receiver="C"), move("growth", 2), move("lose", 3, senders=("A",))]
    assert [number for number, *_ in said(*moves, area=AREA.head(0))] == [1, 2, 3]


any_move = st.builds(
    lambda kind, homes, services, sender, receiver, share: Move(
        number=1,
        kind=kind,
        homes=homes,
        services=services,
        senders=() if kind in (Kind.REFERRAL, Kind.OPEN) else (sender,),
        receiver="" if kind == Kind.LOSE else receiver,
        share=share if kind == Kind.REFERRAL else abs(share),
    ),
    st.sampled_from([k for k in Kind if k != Kind.GROWTH]),
    st.sampled_from([(), ("N",), ("S",)]),
    st.sampled_from([(), ("renal",), ("heart",), ("drugs",), ("brain",)]),
    st.sampled_from("ABC"),
    st.sampled_from("ABC"),
    st.decimals(-1, 1, places=2).filter(bool),
)


@given(any_move)
def test_a_move_without_a_fault_moves_somebody_and_one_that_moves_nobody_has_a_fault(made):
    moved = transfers(AREA, [made], years=1)
    found = said(made)
    assert all(message and field in {"receiver", "senders", "services", "share"} for _, field, message in found)
    if moved.empty:
        assert found
    if not found and made.kind == Kind.LOSE and made.share == 1:
        taken = AREA[AREA["provider"].isin(made.senders)]
        for column in ("homes", "services"):
            if getattr(made, column):
                taken = taken[taken[column[:-1]].isin(getattr(made, column))]
        # Everybody finds somewhere to go.
        assert moved["activity"].sum() == taken["activity"].sum()
        assert moved["worth"].sum() == pytest.approx(taken["worth"].sum())
