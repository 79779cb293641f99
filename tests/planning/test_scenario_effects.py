"""What moves do to organisations, commissioners and the whole: by hand where it can be, and against the slow twin."""

import random
from decimal import Decimal as D

import pandas as pd
import pytest

from planning.calculations.scenario_flows import Kind, Move
from planning.calculations.scenarios import Opening, Terms, effects_of, years_of
from tests.planning.twins.scenarios import Area, effects, pounds

FACTORS = {"GSTT": 1.2, "KCH": 1.06, "SGH": 1.1}
UNITS = {"EL": "SPELL", "NEL": "SPELL", "DC": "SPELL", "OPFA": "ATT", "DRUG": "COST", "CQUIN": "GBP"}
SHARES = {"": ("0.4", "0.3", "0.3"), "ATT": ("0.3", "0.4", "0.3")}
HALF, WHOLE = ["0", "0.5", "1"], ["0", "0", "0.25"]
SCOPES = ["provider", "service", "home", "point_of_delivery", "unit"]


def assumption(kind, key, value, **scope) -> dict:
    row = {"kind": kind, "key": key, "value": D(str(value)), **dict.fromkeys(SCOPES, ""), **scope}
    return {**row, "from_year": "2019/20", "recorded_at": pd.Timestamp("2026-01-01", tz="UTC"), "default": True}


def assumptions(*more, threshold=0) -> pd.DataFrame:
    rows = [
        assumption("cost", f"{name}_share", value, unit=unit)
        for unit, of in SHARES.items()
        for name, value in zip(("variable", "semi_fixed", "fixed"), of, strict=True)
    ]
    rows += [assumption("cost", "step", step, unit=unit) for unit, step in (("", 100), ("ATT", 50))]
    rows += [assumption("cost", f"semi_fixed_release_{n}", v) for n, v in enumerate(HALF, 1)]
    rows += [assumption("cost", f"fixed_release_{n}", v) for n, v in enumerate(WHOLE, 1)]
    rows += [assumption("payment", "follows_patient", v, point_of_delivery=p) for p, v in (("", 0), ("EL", 1), ("DRUG", 1))]
    rows += [assumption("payment", "low_volume_threshold", threshold), assumption("stay", "occupancy", "0.85")]
    rows += [assumption("stay", "length_of_stay", v, point_of_delivery=p) for p, v in (("", "5.5"), ("DC", 0))]
    rows += [assumption("growth", "demographic", "0.01"), assumption("growth", "non_demographic", "0.02")]
    frame = pd.DataFrame([*rows, *more])
    return frame.assign(pk=range(1, len(frame) + 1))


def flow(home, provider, activity, price, *, service="cardiac", point="EL", payer="") -> dict:
    own = {"home": home, "service": service, "payer": payer or home, "point_of_delivery": point, "provider": provider}
    return {**own, "activity": activity * 1000, "price": price * 10_000}


def opening(*rows, relations=(), payers=("SEL", "SWL"), assumed=None, projections=None) -> Opening:
    people = pd.DataFrame(columns=["area", "year", "sex", "age_band", "people"]) if projections is None else projections
    return Opening(
        year="2025/26",
        flows=pd.DataFrame(list(rows)),
        relations=pd.DataFrame(list(relations), columns=["payer", "provider", "price"]),
        units=UNITS,
        factors=FACTORS,
        payers=frozenset(payers),
        assumptions=assumptions() if assumed is None else assumed,
        projections=people,
        shares=pd.DataFrame([("P1", "SEL", 1.0)], columns=["place", "system", "share"]),
    )


def move(number=1, kind="repatriate", **what) -> Move:
    return Move(number=number, kind=Kind(kind), **what)


# The numbers of the worked repatriation: 1,200 spells at £9,000 with a factor of 1.2; cost is what is paid.
WORKED = flow("SEL", "GSTT", 1200, 12_960_000)
WORKED_MOVE = move(senders=("GSTT",), receiver="KCH", share=D("0.3"))


def in_pounds(frame, year, **where) -> dict:
    rows = frame[frame["year"] == year]
    for column, value in where.items():
        rows = rows[rows[column] == value]
    [row] = rows.to_dict("records")
    return {name: value / 10_000 for name, value in row.items() if not isinstance(value, str) and name != "year"}


def test_payments_of_the_worked_repatriation():
    got = effects_of(opening(WORKED), [(WORKED_MOVE, Terms(one_off=400_000, new_fixed=150_000))])
    sender, receiver = in_pounds(got.organisations, 1, provider="GSTT"), in_pounds(got.organisations, 1, provider="KCH")
    assert (sender["income"], receiver["income"]) == (-3_888_000, 3_434_400)
    assert in_pounds(got.commissioners, 1, payer="SEL") == {"payments": -453_600}
    # 360 spells at 10,800: variable 0.4, three whole steps are given up from the second year.
    assert sender["cost_released"] == 360 * 4_320
    assert in_pounds(got.organisations, 3, provider="GSTT")["cost_released"] == 360 * 4_320 + 300 * 3_240 + 90 * 3_240
    # At 9,540 where they go, four steps opened.
    assert receiver["cost_added"] == 360 * 3_816 + 400 * 2_862 + 150_000
    assert receiver["one_off"] == 400_000
    assert got.beds.set_index(["year", "provider"])["beds"][1, "KCH"] == pytest.approx(6.38195004)
    assert got.beds["beds"].groupby(got.beds["year"]).sum().abs().max() < 1e-9


def test_what_is_released_and_stranded_is_the_full_cost():
    got = effects_of(opening(WORKED), [(WORKED_MOVE, Terms())])
    for year in range(1, 6):
        sender = in_pounds(got.organisations, year, provider="GSTT")
        assert sender["cost_released"] + sender["cost_stranded"] == 360 * 10_800


def test_a_fixed_payment_does_not_move():
    got = effects_of(opening(WORKED), [(WORKED_MOVE, Terms(payment="fixed"))])
    assert set(got.payments["income"]) == {0}
    assert in_pounds(got.organisations, 1, provider="GSTT")["margin"] == 360 * 4_320


@pytest.mark.parametrize(("payment", "moves"), [("rules", False), ("follows", True)])
def test_payment_goes_by_the_point_of_delivery_unless_the_move_says_otherwise(payment, moves):
    got = effects_of(opening(flow("SEL", "GSTT", 1200, 12_000_000, point="NEL")), [(WORKED_MOVE, Terms(payment=payment))])
    assert bool(got.payments["income"].any()) == moves


def test_drugs_are_paid_at_cost_without_a_factor_and_strand_nothing():
    got = effects_of(opening(flow("SEL", "GSTT", 0, 1_000_000, point="DRUG")), [(WORKED_MOVE, Terms())])
    sender, receiver = in_pounds(got.organisations, 1, provider="GSTT"), in_pounds(got.organisations, 1, provider="KCH")
    assert (sender["income"], sender["cost_released"], sender["cost_stranded"]) == (-300_000, 300_000, 0)
    assert (receiver["income"], receiver["cost_added"]) == (300_000, 300_000)
    assert set(got.years["system"]) == {0}


def test_money_that_is_no_activity_stays():
    got = effects_of(opening(flow("SEL", "GSTT", 0, 1_000_000, point="CQUIN")), [(WORKED_MOVE, Terms())])
    assert got.transfers.empty
    assert set(got.years["system"]) == {0}


@pytest.mark.parametrize(
    ("before", "follows"),
    [(1_499_999, False), (1_500_000, True), (12_960_000, True)],
)
def test_a_low_volume_relationship_stays_at_its_fixed_value(before, follows):
    """The sender's relationship is judged by what it was; the receiver's becomes £3.4m, and so is paid."""
    given = opening(WORKED, relations=[("SEL", "GSTT", before * 10_000)], assumed=assumptions(threshold=1_500_000))
    got = effects_of(given, [(WORKED_MOVE, Terms())])
    assert bool(in_pounds(got.organisations, 1, provider="GSTT")["income"]) == follows
    assert in_pounds(got.organisations, 1, provider="KCH")["income"] == 3_434_400


def test_a_new_relationship_that_stays_small_is_not_paid():
    small = move(senders=("GSTT",), receiver="KCH", share=D("0.1"))
    given = opening(WORKED, relations=[("SEL", "GSTT", 129_600_000_000)], assumed=assumptions(threshold=1_500_000))
    got = effects_of(given, [(small, Terms())])
    assert in_pounds(got.organisations, 1, provider="KCH")["income"] == 0
    assert set(got.payments.loc[got.payments["low_volume"], "provider"]) == {"KCH"}


def test_the_rule_is_of_commissioners_with_small_relationships_alone():
    given = opening(WORKED, payers=("SWL",), assumed=assumptions(threshold=1_500_000))
    got = effects_of(given, [(WORKED_MOVE, Terms())])
    assert not got.payments["low_volume"].any()


def test_two_moves_make_whole_steps_together():
    """Sixty twice are 120: one step of a hundred, which neither makes alone."""
    area = opening(flow("SEL", "GSTT", 600, 6_000_000))
    one = move(senders=("GSTT",), receiver="KCH", share=D("0.1"))
    two = move(2, senders=("GSTT",), receiver="SGH", share=D("0.111111"))
    released = [
        in_pounds(effects_of(area, [(m, Terms()) for m in moves]).organisations, 3, provider="GSTT")["cost_released"]
        for moves in ([one], [one, two])
    ]
    assert released[1] - 2 * released[0] == pytest.approx(100 * 3_000, abs=30)


def test_services_share_steps_unless_one_has_a_step_of_its_own():
    area = [flow("SEL", "GSTT", 60, 600_000), flow("SEL", "GSTT", 60, 600_000, service="renal")]
    both = move(senders=("GSTT",), receiver="KCH")
    shared = effects_of(opening(*area), [(both, Terms())])
    own = effects_of(opening(*area, assumed=assumptions(assumption("cost", "step", 100, service="renal"))), [(both, Terms())])
    released = [in_pounds(e.organisations, 3, provider="GSTT")["cost_released"] for e in (shared, own)]
    assert released[0] - released[1] == pytest.approx(100 * 3_000)
    assert set(own.costs["service"]) == {"", "renal"}


def test_what_leaves_and_comes_back_costs_nothing():
    there, back = move(senders=("GSTT",), receiver="KCH"), move(2, senders=("KCH",), receiver="GSTT")
    got = effects_of(opening(WORKED), [(there, Terms()), (back, Terms())])
    assert set(got.years["system"]) == {0}
    assert got.organisations["margin"].abs().max() == 0


def test_a_price_that_is_assumed_takes_the_place_of_the_one_paid():
    own = assumption("price", "unit_price", 10_000, service="cardiac")
    got = effects_of(opening(WORKED, assumed=assumptions(own)), [(WORKED_MOVE, Terms())])
    assert in_pounds(got.organisations, 1, provider="KCH")["income"] == 360 * 10_000 * 1.06


def test_growth_at_the_assumed_rates_and_at_the_moves_own():
    growing = move(kind="growth")
    got = effects_of(opening(WORKED), [(growing, Terms())])
    assert in_pounds(got.organisations, 2, provider="GSTT")["income"] == pytest.approx(12_960_000 * ((1.01 * 1.02) ** 2 - 1))
    assert got.growth_rule == {"SEL": "rate"}
    own = effects_of(opening(WORKED), [(growing, Terms(demographic=D(0), non_demographic=D("-0.1")))])
    assert in_pounds(own.organisations, 1, provider="GSTT")["income"] == pytest.approx(-1_296_000)


def test_growth_by_projected_people_of_each_age_and_sex():
    use = [assumption("use", "f_0-4", 1), assumption("use", "f_85+", 9)]
    people = [("P1", 2025 + n, "f", band, number) for n in range(6) for band, number in (("0-4", 100), ("85+", 100 + 10 * n))]
    projections = pd.DataFrame(people, columns=["area", "year", "sex", "age_band", "people"])
    given = opening(WORKED, assumed=assumptions(*use), projections=projections)
    got = effects_of(given, [(move(kind="growth"), Terms(non_demographic=D(0)))])
    # Nine tenths of use are of the group that grows by a tenth of its opening number a year.
    assert in_pounds(got.organisations, 3, provider="GSTT")["income"] == pytest.approx(12_960_000 * 0.27)
    assert got.growth_rule == {"SEL": "projected"}
    assert {"f_0-4", "f_85+"} <= set(got.used["key"])


def test_used_assumptions_are_those_that_were_looked_up():
    got = effects_of(opening(WORKED), [(WORKED_MOVE, Terms())])
    assert {"variable_share", "step", "follows_patient", "length_of_stay", "low_volume_threshold"} <= set(got.used["key"])
    assert "demographic" not in set(got.used["key"])
    assert set(got.used["unit"]) == {""}


def test_a_missing_assumption_is_named():
    lacking = assumptions()
    with pytest.raises(LookupError, match="variable share"):
        effects_of(opening(WORKED, assumed=lacking[lacking["key"] != "variable_share"]), [(WORKED_MOVE, Terms())])


def test_years_follow_the_opening_year():
    assert years_of("2025/26") == ["2026/27", "2027/28", "2028/29", "2029/30", "2030/31"]


def random_rows(chance) -> list[dict]:
    rows = []
    for home in ("SEL", "SWL", "KM"):
        for provider in FACTORS:
            for service in ("cardiac", "renal"):
                for point in ("EL", "NEL", "OPFA", "DRUG"):
                    if chance.random() < 0.6:
                        payer = chance.choice([home, "NHSE"])
                        own = flow(home, provider, chance.randint(1, 900), chance.randint(1, 9_000_000), service=service)
                        rows.append({**own, "point_of_delivery": point, "payer": payer})
    return rows


def random_moves(chance) -> list[dict]:
    moves = []
    for _ in range(chance.randint(1, 3)):
        sender, receiver = chance.sample(sorted(FACTORS), 2)
        moves.append(
            {
                "homes": tuple(chance.sample(["SEL", "SWL", "KM"], chance.randint(0, 2))),
                "services": tuple(chance.sample(["cardiac", "renal"], chance.randint(0, 1))),
                "senders": (sender,),
                "receiver": receiver if chance.random() < 0.7 else "",
                "share": D(chance.randint(1, 100)) / 100,
            }
        )
    return moves


@pytest.mark.parametrize("seed", range(25))
def test_any_moves_give_what_the_slow_twin_gives(seed):
    chance = random.Random(seed)
    rows, moves = random_rows(chance), random_moves(chance)
    known = {
        (home, provider): chance.choice([0, 1_400_000, 9_000_000]) for home in ("SEL", "SWL", "NHSE") for provider in FACTORS
    }
    relations = [(payer, provider, price * 10_000) for (payer, provider), price in known.items()]
    given = opening(*rows, relations=relations, assumed=assumptions(threshold=1_500_000))
    kinds = ["repatriate" if m["receiver"] else "lose" for m in moves]
    got = effects_of(given, [(move(n, kind, **m), Terms()) for n, (kind, m) in enumerate(zip(kinds, moves, strict=True), 1)])

    area = Area(rows, FACTORS, ["DRUG"])
    for one in moves:
        area.move(one)
    for year in (1, 2, 4):
        organisations, commissioners, costs = effects(
            area,
            paid=lambda point: {"EL": 1, "DRUG": 1}.get(point, 0),
            units=UNITS,
            relations=known,
            payers={"SEL", "SWL"},
            threshold=1_500_000,
            behaviour=lambda unit: (SHARES.get(unit, SHARES[""]), 50 if unit == "ATT" else 100, HALF, WHOLE),
            year=year,
        )
        for payer, amount in commissioners.items():
            assert in_pounds(got.commissioners, year, payer=payer)["payments"] == pytest.approx(float(pounds(amount)), abs=0.5)
        for provider, amount in organisations.items():
            own = in_pounds(got.organisations, year, provider=provider)
            assert own["income"] == pytest.approx(float(pounds(amount)), abs=0.5)
            for name in ("released", "stranded", "added"):
                assert own[f"cost_{name}"] == pytest.approx(float(pounds(costs[provider][name])), abs=0.5), (provider, name)
        whole = in_pounds(got.years, year)
        assert whole["payments"] == pytest.approx(sum(float(pounds(v)) for v in commissioners.values()), abs=2)
        assert whole["system"] == pytest.approx(whole["cost_released"] - whole["cost_added"], abs=0.01)


def test_what_organisations_are_paid_is_what_commissioners_pay():
    chance = random.Random(7)
    given = opening(*random_rows(chance))
    got = effects_of(given, [(move(n, **m), Terms()) for n, m in enumerate(random_moves(chance), 1)])
    paid, received = got.commissioners.groupby("year")["payments"].sum(), got.organisations.groupby("year")["income"].sum()
    assert paid.to_dict() == received.to_dict()
    assert list(got.years["payments"]) == [int(v) for v in paid]
