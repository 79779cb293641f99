"""Payments and costs of what moved, one transfer at a time, with numbers small enough to work out on paper."""

from decimal import Decimal as D

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations.moves import CostBehaviour
from planning.calculations.scenario_effects import (
    EFFECTS,
    AddedCost,
    Rules,
    by_commissioner,
    by_organisation,
    by_year,
    costs,
    payments,
)
from planning.calculations.scenario_flows import TRANSFERS

UNITS = {"EL": "SPELL", "NEL": "SPELL", "OPFA": "ATT", "DRUG": "COST"}
FACTORS = {"A": 1.2, "B": 1.0, "C": 0.9}
POUNDS = 10_000
# Of every £: 40p variable, 30p in steps of ten units, 30p fixed; half of the steps and none of the fixed are given up at first.
SHARES = {"variable": D("0.4"), "semi_fixed": D("0.3"), "fixed": D("0.3")}
RELEASE = {"semi_fixed_release": (D("0.5"), D(1)), "fixed_release": (D(0), D("0.1"))}


def behaviour(provider, service, unit, average) -> CostBehaviour:
    return CostBehaviour(**{name: average * share for name, share in SHARES.items()}, step=D(10), **RELEASE)


def rules(**changes) -> Rules:
    relations = pd.DataFrame(changes.pop("relations", []), columns=["payer", "provider", "price"])
    ordinary = {"factors": FACTORS, "pass_through": ["DRUG"], "units": UNITS, "paid": lambda move, point: 1.0}
    ordinary |= {"payers": (), "threshold": 0, "behaviour": behaviour, "pool": lambda provider, service, unit: service}
    return Rules(relations=relations.astype({"price": "int64"}), **{**ordinary, **changes})


def transfer(sender, receiver, units, pounds, **changes) -> dict:
    """Units and pounds of worth, that is before any factor."""
    own = {"move": 1, "kind": "open", "year": 1, "home": "H", "service": "renal", "payer": "H", "point_of_delivery": "EL"}
    return {**own, "sender": sender, "receiver": receiver, "activity": units * 1_000_000, "worth": pounds * POUNDS, **changes}


def moved(*rows) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=TRANSFERS).astype({"activity": "int64", "worth": "float64"})


def paid(*rows, **changes) -> dict:
    found = payments(moved(*rows), rules(**changes))
    return {(r.provider, r.year): (r.activity / 1_000_000, r.cost_base / POUNDS, r.income / POUNDS) for r in found.itertuples()}


@pytest.mark.parametrize(
    ("row", "changes", "found"),
    [
        # Each end at its own factor.
        (transfer("A", "B", 5, 1000), {}, {("A", 1): (-5, -1200, -1200), ("B", 1): (5, 1000, 1000)}),
        (transfer("B", "C", 5, 1000), {}, {("B", 1): (-5, -1000, -1000), ("C", 1): (5, 900, 900)}),
        # A provider whose factor is not known is paid as at 1.
        (transfer("A", "NEW", 5, 1000), {}, {("A", 1): (-5, -1200, -1200), ("NEW", 1): (5, 1000, 1000)}),
        # No factor on what is paid at cost.
        (transfer("A", "C", 0, 1000, point_of_delivery="DRUG"), {}, {("A", 1): (0, -1000, -1000), ("C", 1): (0, 1000, 1000)}),
        # What grows comes from nobody, what shrinks goes to nobody.
        (transfer("", "A", 5, 1000), {}, {("A", 1): (5, 1200, 1200)}),
        (transfer("A", "", 5, 1000), {}, {("A", 1): (-5, -1200, -1200)}),
        # A quarter of the payment follows; the cost is all of it.
        (
            transfer("A", "B", 5, 1000),
            {"paid": lambda move, point: 0.25},
            {("A", 1): (-5, -1200, -300), ("B", 1): (5, 1000, 250)},
        ),
        (transfer("A", "B", 0, 0), {}, {("A", 1): (0, 0, 0), ("B", 1): (0, 0, 0)}),
    ],
)
def test_what_each_end_is_paid(row, changes, found):
    assert paid(row, **changes) == found


def test_payment_is_asked_for_each_move_and_point_of_delivery():
    follows = {(1, "EL"): 1.0, (2, "EL"): 0.5, (1, "NEL"): 0.0}
    rows = [
        transfer("B", "C", 1, 100),
        transfer("B", "C", 1, 100, move=2, year=2),
        transfer("B", "C", 1, 100, point_of_delivery="NEL", year=3),
    ]
    found = paid(*rows, paid=lambda move, point: follows[move, point])
    assert [found["B", year][2] for year in (1, 2, 3)] == [-100, -50, 0]


def test_parts_of_a_ten_thousandth_are_rounded_once_either_end():
    found = payments(moved(transfer("A", "B", 1, 0, worth=1.6)), rules()).set_index("provider")["income"]
    # 1.6 × 1.2 = 1.92 and 1.6.
    assert found.to_dict() == {"A": -2, "B": 2}


LIMIT = 1_000 * POUNDS


@pytest.mark.parametrize(
    ("relations", "pounds", "incomes"),
    [
        # Large before: stays paid though it falls below.
        ([("H", "A", 1_200), ("H", "B", 5_000)], 1_000, (-1_200, 1_000)),
        # Small before and after at the receiver.
        ([("H", "A", 9_000), ("H", "B", 300)], 600, (-720, 0)),
        # Small before, just large enough after.
        ([("H", "A", 9_000), ("H", "B", 400)], 600, (-720, 600)),
        # Nothing before, which is small.
        ([("H", "A", 9_000)], 999, (-1_198.8, 0)),
        ([("H", "A", 9_000)], 1_000, (-1_200, 1_000)),
        # Small at either end.
        ([("H", "A", 999), ("H", "B", 1)], 10, (0, 0)),
        # Several rows of one relationship are one relationship.
        ([("H", "A", 500), ("H", "A", 500), ("H", "B", 5_000)], 10, (-12, 10)),
        # Somebody else's relationship does not make it larger.
        ([("OTHER", "A", 9_000), ("H", "B", 5_000)], 10, (0, 10)),
    ],
)
def test_a_relationship_below_the_threshold_before_and_after_is_not_paid(relations, pounds, incomes):
    of = [(payer, provider, price * POUNDS) for payer, provider, price in relations]
    found = paid(transfer("A", "B", 5, pounds), relations=of, payers=["H"], threshold=LIMIT)
    assert (found["A", 1][2], found["B", 1][2]) == incomes
    # The cost is the same whoever pays.
    assert (found["A", 1][1], found["B", 1][1]) == (pytest.approx(-1.2 * pounds), pounds)


def test_a_relationship_is_judged_by_all_that_moves_in_its_year():
    many = [transfer("", "B", 1, 400), transfer("", "B", 1, 400, service="cardiac"), transfer("", "B", 1, 400, move=2)]
    found = payments(moved(*many, transfer("", "B", 1, 400, year=2)), rules(payers=["H"], threshold=LIMIT))
    assert found["low_volume"].tolist() == [False, False, False, True]
    assert found["income"].tolist() == [400 * POUNDS] * 3 + [0]


def test_only_commissioners_named_have_small_relationships():
    found = payments(
        moved(transfer("", "B", 1, 10), transfer("", "B", 1, 10, payer="NATIONAL")), rules(payers=["H"], threshold=LIMIT)
    )
    assert dict(zip(found["payer"], found["low_volume"], strict=True)) == {"H": True, "NATIONAL": False}


def cost(*rows, added=(), years=2, **changes) -> dict:
    own = rules(**changes)
    found = costs(payments(moved(*rows), own), own, list(added), years=years)
    assert list(found.columns) == ["year", "provider", "service", "unit", "activity", *EFFECTS[1:]]
    keys = zip(found["provider"], found["service"], found["unit"], found["year"], strict=True)
    return dict(zip(keys, [tuple(v / POUNDS for v in row) for row in found[EFFECTS[1:]].itertuples(index=False)], strict=True))


def test_costs_of_units_that_leave_by_hand():
    """25 units at £120: £1,200 variable; two whole steps of ten, £36 a unit; £36 a unit fixed."""
    rows = [transfer("A", "", 25, 2_500, year=year) for year in (1, 2, 3)]
    assert cost(*rows, years=3) == {
        ("A", "renal", "SPELL", 1): (1_200 + 360, 3_000 - 1_560, 0, 0),
        ("A", "renal", "SPELL", 2): (1_200 + 720 + 90, 3_000 - 2_010, 0, 0),
        ("A", "renal", "SPELL", 3): (1_200 + 720 + 90, 3_000 - 2_010, 0, 0),
    }


def test_costs_of_units_that_come_by_hand():
    """25 units at £100 open three steps of ten: £1,000 variable, 30 × £30; nothing of what is fixed."""
    assert cost(transfer("", "B", 25, 2_500)) == {("B", "renal", "SPELL", 1): (0, 0, 1_000 + 900, 0)}


def test_release_counts_from_the_first_year_of_the_loss():
    rows = [transfer("A", "", 10, 1_000, year=year) for year in (2, 3)]
    found = cost(*rows, years=3)
    assert [found["A", "renal", "SPELL", year][0] for year in (2, 3)] == [480 + 180, 480 + 360 + 36]


def test_a_service_that_first_grows_begins_to_release_when_it_shrinks():
    rows = [transfer("", "A", 10, 1_000), transfer("A", "", 10, 1_000, year=2), transfer("A", "", 10, 1_000, year=3)]
    found = cost(*rows, years=3)
    assert found["A", "renal", "SPELL", 1] == (0, 0, 480 + 360, 0)
    assert [found["A", "renal", "SPELL", year][0] for year in (2, 3)] == [480 + 180, 480 + 360 + 36]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        # Two points of delivery of one unit make steps together: 6 and 4 are one of ten.
        (
            [transfer("B", "", 6, 600), transfer("B", "", 4, 400, point_of_delivery="NEL")],
            {("B", "renal", "SPELL", 1): (400 + 150, 1_000 - 550, 0, 0)},
        ),
        # Another service or unit has its own steps.
        (
            [transfer("B", "", 6, 600), transfer("B", "", 4, 400, service="cardiac")],
            {("B", "renal", "SPELL", 1): (240, 360, 0, 0), ("B", "cardiac", "SPELL", 1): (160, 240, 0, 0)},
        ),
        (
            [transfer("B", "", 6, 600), transfer("B", "", 4, 400, point_of_delivery="OPFA")],
            {("B", "renal", "SPELL", 1): (240, 360, 0, 0), ("B", "renal", "ATT", 1): (160, 240, 0, 0)},
        ),
        # What leaves and what comes is netted before any cost.
        ([transfer("B", "", 9, 900), transfer("", "B", 9, 900)], {("B", "renal", "SPELL", 1): (0, 0, 0, 0)}),
        # As many units at another price: all the money is gone, and no step.
        ([transfer("B", "", 9, 900), transfer("", "B", 9, 500)], {("B", "renal", "SPELL", 1): (400, 0, 0, 0)}),
        ([transfer("B", "", 9, 500), transfer("", "B", 9, 900)], {("B", "renal", "SPELL", 1): (0, 0, 400, 0)}),
        # Fewer units that cost more together: money without activity.
        ([transfer("B", "", 9, 500), transfer("", "B", 8, 900)], {("B", "renal", "SPELL", 1): (0, 0, 400, 0)}),
        # Paid at cost: comes and goes with the patient, whatever was counted.
        ([transfer("A", "", 50, 700, point_of_delivery="DRUG")], {("A", "renal", "COST", 1): (700, 0, 0, 0)}),
        ([transfer("", "A", 50, 700, point_of_delivery="DRUG")], {("A", "renal", "COST", 1): (0, 0, 700, 0)}),
    ],
)
def test_costs_follow_the_net_change_of_a_provider_service_and_unit(rows, found):
    assert cost(*rows) == found


def test_services_that_share_their_capacity_make_steps_together():
    rows = [transfer("B", "", 6, 600), transfer("B", "", 4, 400, service="cardiac")]
    assert cost(*rows, pool=lambda provider, service, unit: "") == {("B", "", "SPELL", 1): (400 + 150, 1_000 - 550, 0, 0)}


@pytest.mark.parametrize(
    ("added", "years", "found"),
    [
        (AddedCost(move=1, provider="B", first_year=1, one_off=7), 2, {1: (0, 7), 2: (0, 0)}),
        (AddedCost(move=1, provider="B", first_year=2, one_off=7, new_fixed=3), 3, {2: (3, 7), 3: (3, 0)}),
        (AddedCost(move=1, provider="B", first_year=3, one_off=7, new_fixed=3), 2, {}),
    ],
)
def test_costs_of_moves_themselves_stand_from_their_first_year_on(added, years, found):
    own = costs(payments(moved(), rules()), rules(), [added], years=years)
    assert {r.year: (r.cost_added, r.one_off) for r in own.itertuples()} == found
    assert set(own["provider"]) <= {"B"}
    assert set(own["service"]) | set(own["unit"]) <= {""}


def test_a_move_that_costs_though_nothing_moves_is_in_the_sums():
    own = rules()
    paid_ = payments(moved(), own)
    cost_ = costs(paid_, own, [AddedCost(move=1, provider="B", first_year=2, one_off=500, new_fixed=20)], years=3)
    organisations = by_organisation(paid_, cost_)
    assert organisations.set_index(["year", "provider"])[["cost_added", "one_off", "margin"]].to_dict("index") == {
        (2, "B"): {"cost_added": 20, "one_off": 500, "margin": -20},
        (3, "B"): {"cost_added": 20, "one_off": 0, "margin": -20},
    }
    whole = by_year(organisations, years=3)
    assert whole["system"].tolist() == [0, -520, -20]
    assert whole["system_to_date"].tolist() == [0, -520, -540]
    assert by_commissioner(paid_).empty


def test_sums_of_a_year_by_hand():
    """A loses ten units and £1,200 of income, B takes them at £1,000; B pays £50 once."""
    own = rules()
    paid_ = payments(moved(transfer("A", "B", 10, 1_000)), own)
    cost_ = costs(paid_, own, [AddedCost(move=1, provider="B", first_year=1, one_off=50 * POUNDS)], years=2)
    organisations = by_organisation(paid_, cost_).query("year == 1").set_index("provider") / POUNDS
    assert organisations.loc["A", [*EFFECTS, "margin"]].tolist() == [-1_200, 480 + 180, 540, 0, 0, -540]
    assert organisations.loc["B", [*EFFECTS, "margin"]].tolist() == [1_000, 0, 0, 400 + 300, 50, 300]
    assert by_commissioner(paid_).to_dict("records") == [{"year": 1, "payer": "H", "payments": -200 * POUNDS}]
    first, second = by_year(by_organisation(paid_, cost_), years=2).to_dict("records")
    assert {name: value / POUNDS for name, value in first.items() if name != "year"} == {
        "payments": -200, "cost_released": 660, "cost_stranded": 540, "cost_added": 700, "one_off": 50,
        "providers": -290, "system": -90, "system_to_date": -90,
    }  # fmt: skip
    # Nothing was said of the second year.
    assert (second["payments"], second["system"], second["system_to_date"]) == (0, 0, -90 * POUNDS)


def test_nothing_at_all_is_noughts_for_every_year():
    own = rules()
    none = payments(moved(), own)
    whole = by_year(by_organisation(none, costs(none, own, [], years=5)), years=5)
    assert whole["year"].tolist() == [1, 2, 3, 4, 5]
    assert (whole.drop(columns="year") == 0).all(axis=None)
    assert len(whole.columns) == 9


ends = st.sampled_from(["A", "B", "C", "NEW"])
any_transfer = st.builds(
    lambda sender, receiver, units, pounds, year, payer, point, service, number: transfer(
        sender, receiver, units, pounds, year=year, payer=payer, point_of_delivery=point, service=service, move=number
    ),
    ends, ends, st.integers(0, 400), st.integers(0, 90_000), st.integers(1, 3), st.sampled_from(["H", "K"]),
    st.sampled_from(["EL", "NEL", "OPFA", "DRUG"]), st.sampled_from(["renal", "cardiac"]), st.integers(1, 2),
)  # fmt: skip
any_transfers = st.lists(any_transfer.filter(lambda row: row["sender"] != row["receiver"]), max_size=8)


def of_all(rows, **changes):
    own = rules(**changes)
    paid_ = payments(moved(*rows), own)
    cost_ = costs(paid_, own, [], years=3)
    return paid_, cost_, by_organisation(paid_, cost_)


@given(any_transfers, st.integers(0, 100_000))
def test_commissioners_pay_what_organisations_are_paid(rows, threshold):
    paid_, _, organisations = of_all(rows, payers=["H"], threshold=threshold * POUNDS)
    whole = by_year(organisations, years=3)
    received = dict.fromkeys((1, 2, 3), 0) | by_commissioner(paid_).groupby("year")["payments"].sum().to_dict()
    assert whole.set_index("year")["payments"].to_dict() == received
    assert (whole["providers"] - whole["payments"] == whole["system"]).all()
    assert whole["system_to_date"].iloc[-1] == whole["system"].sum()


@given(any_transfers)
def test_at_one_factor_payments_cancel_out(rows):
    paid_, _, organisations = of_all(rows, factors={})
    assert paid_["income"].sum() == 0
    assert by_year(organisations, years=3)["payments"].eq(0).all()


@given(any_transfers)
def test_released_and_stranded_are_the_full_price_of_what_left_and_never_less_than_nothing(rows):
    paid_, cost_, _ = of_all(rows)
    assert (cost_[EFFECTS[1:]] >= 0).all(axis=None)
    net = paid_.assign(unit=paid_["point_of_delivery"].map(UNITS))
    net = net.groupby(["year", "provider", "service", "unit"], as_index=False)[["cost_base"]].sum()
    both = cost_.merge(net, on=["year", "provider", "service", "unit"])
    assert len(both) == len(cost_)
    lost = both[(both["activity"] < 0) & (both["cost_base"] < 0)]
    gap = lost["cost_released"] + lost["cost_stranded"] + lost["cost_base"]
    assert gap.abs().le(1).all()


@given(any_transfers)
def test_a_fixed_payment_moves_costs_and_no_income(rows):
    fixed, own, organisations = of_all(rows, paid=lambda move, point: 0.0)
    _, follows, _ = of_all(rows)
    assert not fixed["income"].any()
    assert own.equals(follows)
    assert (organisations["margin"] == organisations["cost_released"] - organisations["cost_added"]).all()
