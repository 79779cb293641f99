"""What a whole scenario takes from its assumptions, and how it stands when some are of one provider, service or year alone."""

from decimal import Decimal as D

import pandas as pd
import pytest

from planning.calculations.assumptions import Assumptions
from planning.calculations.scenario_flows import Kind
from planning.calculations.scenarios import Terms, beds_by_provider, behaviour_of, effects_of, movable_cells, years_of
from tests.planning.test_scenario_effects import WORKED, assumption, assumptions, flow, in_pounds, move, opening

LEAVE = move(senders=("GSTT",), receiver="KCH", share=D("0.5"))


def worth(given) -> dict:
    cells = movable_cells(given, Assumptions(given.assumptions))
    return {(r.point_of_delivery, r.activity / 1_000_000): round(r.worth / 10_000, 4) for r in cells.itertuples()}


CARE = [
    flow("SEL", "GSTT", 10, 1_200),
    flow("SEL", "GSTT", 4, 240, point="OPFA"),
    flow("SEL", "GSTT", 2, 500, point="DRUG"),
    flow("SEL", "GSTT", 0, 900, point="CQUIN"),
    flow("SEL", "GSTT", 7, 900, point="NOT IN THE LIST"),
]


@pytest.mark.parametrize(
    ("own", "found"),
    [
        # Price ÷ 1.2; drugs as they are; money that is no activity and what has no unit stay out.
        ([], {("EL", 10): 1_000, ("OPFA", 4): 200, ("DRUG", 2): 500}),
        # £300 a unit of everything, except what is paid at cost.
        ([assumption("price", "unit_price", 300)], {("EL", 10): 3_000, ("OPFA", 4): 1_200, ("DRUG", 2): 500}),
        ([assumption("price", "unit_price", 300, service="cardiac")],
         {("EL", 10): 3_000, ("OPFA", 4): 1_200, ("DRUG", 2): 500}),
        ([assumption("price", "unit_price", 300, point_of_delivery="EL")],
         {("EL", 10): 3_000, ("OPFA", 4): 200, ("DRUG", 2): 500}),
        ([assumption("price", "unit_price", 300, provider="KCH")], {("EL", 10): 1_000, ("OPFA", 4): 200, ("DRUG", 2): 500}),
        # The more particular of two.
        (
            [assumption("price", "unit_price", 300), assumption("price", "unit_price", 70, point_of_delivery="OPFA")],
            {("EL", 10): 3_000, ("OPFA", 4): 280, ("DRUG", 2): 500},
        ),
        ([assumption("price", "unit_price", 0)], {("EL", 10): 0, ("OPFA", 4): 0, ("DRUG", 2): 500}),
    ],
)  # fmt: skip
def test_flows_that_can_move_at_their_own_price_or_the_assumed_one(own, found):
    assert worth(opening(*CARE, assumed=assumptions(*own))) == found


def test_a_price_that_no_flow_took_is_not_among_those_used():
    own = assumption("price", "unit_price", 300)
    got = effects_of(opening(CARE[2], assumed=assumptions(own)), [(LEAVE, Terms())])
    assert "unit_price" not in set(got.used["key"])
    got = effects_of(opening(CARE[0], assumed=assumptions(own)), [(LEAVE, Terms())])
    assert "unit_price" in set(got.used["key"])


@pytest.mark.parametrize(
    ("scope", "provider", "service", "unit", "variable"),
    [
        ({}, "GSTT", "cardiac", "SPELL", "40"),
        ({}, "GSTT", "cardiac", "ATT", "30"),
        ({"provider": "GSTT"}, "GSTT", "cardiac", "SPELL", "90"),
        ({"provider": "GSTT"}, "KCH", "cardiac", "SPELL", "40"),
        ({"service": "renal"}, "GSTT", "renal", "SPELL", "90"),
        ({"service": "renal"}, "GSTT", "cardiac", "SPELL", "40"),
    ],
)
def test_cost_behaviour_is_that_of_the_provider_service_and_unit(scope, provider, service, unit, variable):
    assumed = Assumptions(assumptions(assumption("cost", "variable_share", "0.9", **scope)) if scope else assumptions())
    found = behaviour_of(assumed, provider, service, unit, D(100))
    assert found.variable == D(variable)
    assert found.step == (50 if unit == "ATT" else 100)
    assert found.semi_fixed_release == (0, D("0.5"), 1)
    assert found.fixed_release == (0, 0, D("0.25"))


@pytest.mark.parametrize("key", ["variable_share", "semi_fixed_share", "fixed_share", "step", "low_volume_threshold"])
def test_what_cannot_be_left_unsaid_is_asked_for_by_name(key):
    lacking = assumptions()
    given = opening(WORKED, assumed=lacking[lacking["key"] != key])
    with pytest.raises(LookupError, match=f"No assumption says {key.replace('_', ' ')}: load the reference data or add one"):
        effects_of(given, [(LEAVE, Terms())])


def test_without_a_release_nothing_but_variable_cost_is_given_up():
    rows = assumptions()
    got = effects_of(opening(WORKED, assumed=rows[~rows["key"].str.contains("release")]), [(LEAVE, Terms())])
    assert {in_pounds(got.organisations, y, provider="GSTT")["cost_released"] for y in range(1, 6)} == {600 * 4_320}


def stays(*rows, assumed=None) -> dict:
    paid = pd.DataFrame(list(rows), columns=["year", "provider", "service", "point_of_delivery", "activity"])
    units = {"EL": "SPELL", "DC": "SPELL", "OPFA": "ATT"}
    found = beds_by_provider(paid, units, Assumptions(assumptions() if assumed is None else assumed))
    return {(r.year, r.provider): (r.spells / 1_000_000, round(r.beds, 4)) for r in found.itertuples()}


SPELLS = 1_000_000


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], {}),
        # 100 spells × 5.5 days ÷ 365 ÷ 0.85.
        ([(1, "A", "renal", "EL", 100 * SPELLS)], {(1, "A"): (100, 1.7728)}),
        ([(1, "A", "renal", "EL", -100 * SPELLS)], {(1, "A"): (-100, -1.7728)}),
        # A day case stays no night, and an attendance is no spell.
        ([(1, "A", "renal", "DC", 100 * SPELLS)], {(1, "A"): (100, 0)}),
        ([(1, "A", "renal", "OPFA", 100 * SPELLS)], {}),
        # Services are added up, years and providers are not.
        ([(1, "A", "renal", "EL", 100 * SPELLS), (1, "A", "heart", "EL", 100 * SPELLS)], {(1, "A"): (200, 3.5455)}),
        (
            [(1, "A", "renal", "EL", 100 * SPELLS), (2, "A", "renal", "EL", 100 * SPELLS), (1, "B", "renal", "EL", 0)],
            {(1, "A"): (100, 1.7728), (1, "B"): (0, 0), (2, "A"): (100, 1.7728)},
        ),
        ([(1, "A", "renal", "EL", 60 * SPELLS), (1, "A", "renal", "EL", -60 * SPELLS)], {(1, "A"): (0, 0)}),
    ],
)
def test_beds_by_hand(rows, found):
    assert stays(*rows) == found


def test_beds_of_a_service_with_its_own_length_of_stay():
    own = assumptions(assumption("stay", "length_of_stay", 11, service="renal"), assumption("stay", "occupancy", 1, provider="A"))
    # 365 × 11 days ÷ 365 ÷ 1.
    assert stays((1, "A", "renal", "EL", 365 * SPELLS), assumed=own) == {(1, "A"): (365, 11)}


@pytest.mark.parametrize(
    ("opening_year", "years", "named"),
    [("2025/26", 1, ["2026/27"]), ("2098/99", 2, ["2099/00", "2100/01"]), ("2029/30", 3, ["2030/31", "2031/32", "2032/33"])],
)
def test_years_are_named_as_financial_years(opening_year, years, named):
    assert years_of(opening_year, years) == named


GROW = move(kind="growth")
BANDS = [("f_0-4", 1), ("f_85+", 9)]


def by_age(*areas, years=range(2025, 2031), number=lambda year: 100) -> pd.DataFrame:
    rows = [(area, y, "f", band.split("_")[1], number(y)) for area in areas for y in years for band, _ in BANDS]
    return pd.DataFrame(rows, columns=["area", "year", "sex", "age_band", "people"])


USES = [assumption("use", key, value) for key, value in BANDS]


def incomes(got, provider="GSTT") -> list[float]:
    return [in_pounds(got.organisations, year, provider=provider)["income"] for year in range(1, 6)]


def test_a_home_that_is_projected_whole_grows_by_its_people_and_another_by_the_rate():
    rows = [flow("SEL", "GSTT", 100, 1_000), flow("SWL", "KCH", 100, 1_000)]
    people = by_age("P1", number=lambda year: 100 * (year - 2024))
    given = opening(*rows, assumed=assumptions(*USES), projections=people)
    got = effects_of(given, [(GROW, Terms(non_demographic=D(0)))])
    assert got.growth_rule == {"SEL": "projected", "SWL": "rate"}
    assert incomes(got) == pytest.approx([1_000, 2_000, 3_000, 4_000, 5_000])
    assert incomes(got, "KCH")[1] == pytest.approx(1_000 * (1.01**2 - 1), abs=0.001)


@pytest.mark.parametrize(
    ("projections", "uses"),
    [
        (by_age("P1", years=range(2026, 2031)), USES),
        (by_age("P1", years=range(2025, 2030)), USES),
        (by_age("P1").query("not (age_band == '85+' and year == 2028)"), USES),
        (by_age("P1"), []),
        (by_age("NOWHERE"), USES),
    ],
    ids=["no opening year", "no last year", "an age is lacking", "no use of care", "another place"],
)
def test_a_home_that_is_not_projected_whole_grows_by_the_rate(projections, uses):
    given = opening(flow("SEL", "GSTT", 100, 1_000), assumed=assumptions(*uses), projections=projections)
    got = effects_of(given, [(GROW, Terms(non_demographic=D(0)))])
    assert got.growth_rule == {"SEL": "rate"}
    assert incomes(got) == pytest.approx([1_000 * (1.01**n - 1) for n in range(1, 6)], abs=0.001)


def test_a_move_that_says_its_own_growth_wins_over_projected_people():
    given = opening(flow("SEL", "GSTT", 100, 1_000), assumed=assumptions(*USES), projections=by_age("P1", number=lambda y: y))
    got = effects_of(given, [(GROW, Terms(demographic=D("0.5"), non_demographic=D(0)))])
    assert got.growth_rule == {"SEL": "rate"}
    assert incomes(got)[:2] == pytest.approx([500, 1_250])


def test_growth_may_be_assumed_of_one_home_or_service():
    rows = [flow("SEL", "GSTT", 100, 1_000), flow("SWL", "KCH", 100, 1_000, service="renal")]
    own = [assumption("growth", "demographic", "0.5", home="SEL"), assumption("growth", "non_demographic", 1, service="renal")]
    got = effects_of(opening(*rows, assumed=assumptions(*own)), [(GROW, Terms())])
    assert incomes(got)[0] == pytest.approx(1_000 * (1.5 * 1.02 - 1))
    assert incomes(got, "KCH")[0] == pytest.approx(1_000 * (1.01 * 2 - 1))


def test_growth_of_some_homes_and_services_leaves_the_others():
    rows = [flow("SEL", "GSTT", 100, 1_000), flow("SWL", "KCH", 100, 1_000), flow("SEL", "SGH", 100, 1_000, service="renal")]
    got = effects_of(opening(*rows), [(move(kind="growth", homes=("SEL",), services=("cardiac",)), Terms())])
    assert set(got.transfers["receiver"]) == {"GSTT"}
    assert set(got.growth_rule) == {"SEL"}


def test_costs_of_a_lost_service_fall_to_who_loses_it_where_people_go_their_own_ways():
    rows = [flow("SEL", "GSTT", 100, 1_000), flow("SEL", "KCH", 100, 1_000), flow("SEL", "SGH", 100, 1_000)]
    lost = move(kind="lose", senders=("GSTT",))
    got = effects_of(opening(*rows), [(lost, Terms(one_off=70, new_fixed=5))])
    paying = got.costs[got.costs["unit"] == ""]
    assert set(paying["provider"]) == {"GSTT"}
    assert paying.set_index("year")["one_off"].to_dict() == {1: 700_000, 2: 0, 3: 0, 4: 0, 5: 0}
    assert set(paying["cost_added"]) == {50_000}


def test_moves_on_flows_of_nothing_do_nothing():
    given = opening(flow("SEL", "GSTT", 0, 0))
    got = effects_of(given, [(LEAVE, Terms())])
    assert got.transfers.empty
    assert got.payments.empty
    assert got.beds.empty
    assert got.years[["payments", "system"]].eq(0).all(axis=None)
    assert len(got.years) == 5


def test_no_moves_use_no_cost_behaviour():
    got = effects_of(opening(WORKED), [])
    assert set(got.used["key"]) == {"low_volume_threshold"}
    assert got.years["system_to_date"].tolist() == [0] * 5


@pytest.mark.parametrize(
    ("payment", "point", "share"),
    [("rules", "EL", 1), ("rules", "NEL", 0), ("fixed", "EL", 0), ("follows", "NEL", 1), ("rules", "OPFA", 0.5)],
)
def test_how_much_of_the_payment_follows(payment, point, share):
    own = assumption("payment", "follows_patient", "0.5", point_of_delivery="OPFA")
    given = opening(flow("SEL", "KCH", 100, 1_060, point=point), assumed=assumptions(own))
    leaves = move(kind=Kind.OPEN, senders=("KCH",), receiver="NEW", share=D(1))
    got = effects_of(given, [(leaves, Terms(payment=payment))])
    assert in_pounds(got.organisations, 1, provider="NEW")["income"] == pytest.approx(1_000 * share)
