"""Moves of whole scenarios: each kind takes what it says and nothing else, in order, and no patient is lost or made."""

from decimal import Decimal as D

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations.scenario_flows import (
    CELLS,
    KEYS,
    Kind,
    Move,
    opening_cells,
    state_after,
    transfers,
)

HOMES, SERVICES, PROVIDERS = ["SEL", "SWL", "KM"], ["cardiac", "renal"], ["GSTT", "KCH", "SGH"]
FACTORS = {"GSTT": 1.2, "KCH": 1.15, "SGH": 1.1}


def flow(home, service, provider, activity, price=None, point="EL") -> dict:
    own = {"home": home, "service": service, "payer": home, "point_of_delivery": point, "provider": provider}
    return {**own, "activity": activity * 1000, "price": (activity * 1000 if price is None else price) * 10_000}


def cells_of(*rows) -> pd.DataFrame:
    return opening_cells(pd.DataFrame(list(rows)), FACTORS, pass_through=["DRUG"])


AREA = cells_of(
    flow("SEL", "cardiac", "GSTT", 600),
    flow("SEL", "cardiac", "KCH", 300),
    flow("SEL", "cardiac", "SGH", 100),
    flow("SWL", "cardiac", "GSTT", 400),
    flow("SWL", "cardiac", "SGH", 600),
    flow("SWL", "renal", "SGH", 50),
    flow("KM", "renal", "GSTT", 1200),
)


def moved(*moves, cells=AREA, years=1, growth=None) -> pd.DataFrame:
    return transfers(cells, moves, years=years, growth=growth)


def units(frame) -> dict:
    """Units by home, service, sender, receiver in the last year."""
    last = frame[frame["year"] == frame["year"].max()]
    sums = last.groupby(["home", "service", "sender", "receiver"])["activity"].sum() / 1_000_000
    return sums.to_dict()


def move(kind, number=1, **what) -> Move:
    return Move(number=number, kind=Kind(kind), **what)


def test_worth_is_price_without_the_factor_and_drugs_have_none():
    cells = cells_of(flow("SEL", "cardiac", "GSTT", 10, price=1200), flow("SEL", "cardiac", "GSTT", 10, price=500, point="DRUG"))
    assert list(cells["worth"].round(6)) == [10_000_000, 5_000_000]


def test_what_is_missing_counts_nothing():
    row = flow("SEL", "cardiac", "GSTT", 1) | {"activity": None, "price": None}
    frame = pd.DataFrame([row]).astype({"activity": "Int64", "price": "Int64"})
    assert opening_cells(frame, FACTORS, pass_through=[])[["activity", "worth"]].iloc[0].tolist() == [0, 0.0]


def test_repatriating_takes_the_share_from_everyone_else():
    got = units(moved(move("repatriate", homes=("SWL",), services=("cardiac",), receiver="SGH", share=D("0.25"))))
    assert got == {("SWL", "cardiac", "GSTT", "SGH"): 100}


def test_consolidating_takes_all_of_the_senders():
    got = units(moved(move("consolidate", services=("cardiac",), senders=("KCH", "SGH"), receiver="GSTT")))
    assert got == {
        ("SEL", "cardiac", "KCH", "GSTT"): 300,
        ("SEL", "cardiac", "SGH", "GSTT"): 100,
        ("SWL", "cardiac", "SGH", "GSTT"): 600,
    }


def test_a_new_site_draws_from_those_chosen_though_it_had_nothing():
    got = units(moved(move("open", homes=("KM",), services=("renal",), receiver="KCH", share=D("0.07"))))
    assert got == {("KM", "renal", "GSTT", "KCH"): 84}


def test_people_of_a_lost_service_go_where_others_of_their_home_go():
    got = units(moved(move("lose", services=("cardiac",), senders=("GSTT",))))
    assert got == {
        ("SEL", "cardiac", "GSTT", "KCH"): 450,
        ("SEL", "cardiac", "GSTT", "SGH"): 150,
        ("SWL", "cardiac", "GSTT", "SGH"): 400,
    }


def test_where_no_other_of_the_home_goes_anywhere_they_go_where_others_do():
    got = units(moved(move("lose", services=("renal",), senders=("GSTT",))))
    assert got == {("KM", "renal", "GSTT", "SGH"): 1200}


def test_a_referral_share_rises_by_points_of_the_whole_of_the_home():
    got = units(moved(move("referral", homes=("SEL",), services=("cardiac",), receiver="KCH", share=D("0.1"))))
    # 100 of 1,000 people, from the others as 600 to 100.
    assert got[("SEL", "cardiac", "GSTT", "KCH")] == pytest.approx(85.714286)
    assert got[("SEL", "cardiac", "SGH", "KCH")] == pytest.approx(14.285714)
    assert sum(got.values()) == pytest.approx(100)


def test_a_referral_share_may_fall():
    got = units(moved(move("referral", homes=("SEL",), services=("cardiac",), receiver="KCH", share=D("-0.1"))))
    assert set(got) == {("SEL", "cardiac", "KCH", "GSTT"), ("SEL", "cardiac", "KCH", "SGH")}
    assert sum(got.values()) == 100


def test_moves_are_made_in_order_each_of_what_is_left():
    first = move("repatriate", homes=("SWL",), services=("cardiac",), senders=("GSTT",), receiver="SGH", share=D("0.5"))
    then = move("consolidate", 2, services=("cardiac",), senders=("SGH",), receiver="KCH")
    got = moved(first, then)
    assert units(got[got["move"] == 2])[("SWL", "cardiac", "SGH", "KCH")] == 800
    assert units(moved(then, first))[("SWL", "cardiac", "SGH", "KCH")] == 600


def test_a_move_works_from_its_first_year():
    got = moved(move("open", homes=("KM",), receiver="KCH", share=D(1), first_year=3), years=4)
    assert set(got["year"]) == {3, 4}


def test_growth_comes_from_nobody_and_decline_goes_to_nobody():
    growth = pd.DataFrame(
        [(1, 1, "KM", "renal", 1.1), (1, 1, "SWL", "renal", 0.5)], columns=["move", "year", "home", "service", "factor"]
    )
    got = units(moved(move("growth"), growth=growth))
    assert got == {("KM", "renal", "", "GSTT"): 120, ("SWL", "renal", "SGH", ""): 25}


def test_growth_before_a_move_is_in_what_moves():
    growth = pd.DataFrame([(1, 1, "KM", "renal", 1.5)], columns=["move", "year", "home", "service", "factor"])
    got = moved(move("growth"), move("open", 2, homes=("KM",), receiver="KCH", share=D("0.5")), growth=growth)
    assert units(got[got["move"] == 2]) == {("KM", "renal", "GSTT", "KCH"): 900}


def test_growth_needs_its_factors():
    with pytest.raises(ValueError, match="needs the factors"):
        moved(move("growth"))


def test_nothing_chosen_moves_nothing():
    got = moved(move("open", homes=("KM",), services=("cardiac",), receiver="KCH"))
    assert got.empty
    assert list(got.columns)[:3] == ["move", "kind", "year"]


codes = st.tuples(st.sampled_from(HOMES), st.sampled_from(SERVICES), st.sampled_from(PROVIDERS))
areas = st.dictionaries(codes, st.tuples(st.integers(0, 5_000_000), st.integers(0, 10**12)), min_size=1).map(
    lambda flows: opening_cells(
        pd.DataFrame([flow(*key, 0) | {"activity": a, "price": p} for key, (a, p) in flows.items()]), FACTORS, pass_through=[]
    )
)
picks = st.lists(st.sampled_from(HOMES), max_size=2, unique=True).map(tuple)
any_move = st.builds(
    lambda kind, homes, services, sender, receiver, share, first: Move(
        number=1,
        kind=kind,
        homes=homes,
        services=services,
        senders=() if kind in (Kind.REFERRAL, Kind.OPEN) else (sender,),
        receiver="" if kind == Kind.LOSE else receiver,
        share=share if kind == Kind.REFERRAL else abs(share),
        first_year=first,
    ),
    st.sampled_from([k for k in Kind if k != Kind.GROWTH]),
    picks,
    st.lists(st.sampled_from(SERVICES), max_size=1).map(tuple),
    st.sampled_from(PROVIDERS),
    st.sampled_from([*PROVIDERS, "NEW"]),
    st.decimals(-1, 1, places=4),
    st.integers(1, 2),
)
scenarios = st.lists(any_move, max_size=4).map(
    lambda found: [Move(**{**m.__dict__, "number": n}) for n, m in enumerate(found, 1)]
)


@given(areas, scenarios)
def test_patients_are_conserved(cells, found):
    """Of every home, service and point of delivery as many are treated as before, and nobody treats fewer than nobody."""
    made = transfers(cells, found, years=2)
    for year in (1, 2):
        after = state_after(cells, made[made["year"] == year])
        assert after.groupby(KEYS)["activity"].sum().equals(cells.groupby(KEYS)["activity"].sum())
        assert (after["activity"] >= 0).all()
        assert after.groupby(KEYS)["worth"].sum().to_numpy() == pytest.approx(cells.groupby(KEYS)["worth"].sum().to_numpy())
    assert list(cells.columns) == CELLS


@given(areas, scenarios)
def test_a_closed_system_nets_to_nothing(cells, found):
    made = transfers(cells, found, years=1)
    came, left = made.groupby("receiver")["activity"].sum(), made.groupby("sender")["activity"].sum()
    assert int(came.sub(left, fill_value=0).sum()) == 0
    assert not (made["sender"] == made["receiver"]).any()
