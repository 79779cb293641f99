"""One move: how much goes, what it is worth either side, which costs go with it and when."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations import moves
from planning.calculations.moves import CostBehaviour, OneMove

SENDER = CostBehaviour(
    variable=D(3600), semi_fixed=D(3200), fixed=D(3400), step=D(100),
    semi_fixed_release=(D(0), D("0.5"), D(1)), fixed_release=(D(0), D(0), D("0.25")),
)  # fmt: skip
RECEIVER = CostBehaviour(variable=D(3800), semi_fixed=D(3000), step=D(120))
shares = st.decimals(0, 1, places=4)
flows = st.decimals(0, 100_000, places=3)
costs = st.decimals(0, 20_000, places=2)
releases = st.lists(shares, max_size=4).map(sorted)


def repatriation(**changes) -> OneMove:
    given = {"flow": D(1200), "share": D("0.3"), "price": D(9000), "factor_from": D("1.2"), "factor_to": D("1.06")}
    given |= {"sender": SENDER, "receiver": RECEIVER, "new_fixed": D(150_000), "one_off": D(400_000)}
    return OneMove(**{**given, **changes})


def test_a_share_is_taken_exactly():
    """In floats 1,200 × 0.07 is 84.00000000000001, which would make an eighth step of twelve."""
    assert 1200 * 0.07 > 84
    moved = moves.moved_activity(D(1200), D("0.07"))
    assert moved == 84
    assert moves.whole_steps(moved, D(12), up=True) == 84
    assert moves.whole_steps(moved, D(12), up=False) == 84


@pytest.mark.parametrize("share", [D("-0.01"), D("1.01")])
def test_no_more_moves_than_there_is(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        moves.moved_activity(D(10), share)


@pytest.mark.parametrize("step", [D(0), D(-1)])
def test_a_step_is_of_something(step):
    with pytest.raises(ValueError, match="is above 0"):
        moves.whole_steps(D(10), step, up=True)


@pytest.mark.parametrize("occupancy", [D(0), D("-0.5"), D("1.1")])
def test_occupancy_is_a_share(occupancy):
    with pytest.raises(ValueError, match="is a share above 0"):
        moves.beds(D(10), length_of_stay=D(1), occupancy=occupancy)


def test_release_goes_by_year_and_the_last_holds():
    assert [moves.of_year(SENDER.semi_fixed_release, y) for y in (1, 2, 3, 4, 9)] == [0, D("0.5"), 1, 1, 1]
    assert moves.of_year((), 3) == 0


def test_part_of_a_step_is_not_given_up_but_must_be_opened():
    assert moves.whole_steps(D(199), D(100), up=False) == 100
    assert moves.whole_steps(D(101), D(100), up=True) == 200
    assert moves.cost_added(D(1), RECEIVER) == 3800 + 120 * 3000


def test_payments_cancel_out_but_for_the_factors():
    effects = moves.effects_of_one_move(repatriation(factor_to=D("1.2")), 3)
    assert set(effects["commissioner_change"]) == {0}
    assert list(effects["provider_system_change"]) == list(effects["system_change"])


def test_under_a_fixed_payment_money_stays_and_costs_go():
    effects = moves.effects_of_one_move(repatriation(paid=D(0)), 1).iloc[0]
    assert (effects["from_income"], effects["to_income"], effects["commissioner_change"]) == (0, 0, 0)
    assert effects["from_margin_change"] == effects["from_cost_released"] > 0


def test_one_off_cost_is_of_the_first_year_and_in_no_margin():
    with_it, without = moves.effects_of_one_move(repatriation(), 3), moves.effects_of_one_move(repatriation(one_off=D(0)), 3)
    assert list(with_it["one_off"]) == [400_000, 0, 0]
    assert list(with_it["to_margin_change"]) == list(without["to_margin_change"])
    assert list(without["system_change"] - with_it["system_change"]) == [400_000, 0, 0]


def test_minutes_are_there_and_back_and_may_be_more():
    assert moves.minutes_saved(D(10), D(80), D(40)) == 800
    assert moves.minutes_saved(D(10), D(40), D(80)) == -800


@given(flows, shares, costs, costs, costs, st.integers(1, 500), releases, releases, st.integers(1, 6))
def test_released_and_stranded_are_all_of_the_cost(flow, share, variable, semi_fixed, fixed, step, half, whole, year):
    behaviour = CostBehaviour(
        variable=variable, semi_fixed=semi_fixed, fixed=fixed, step=D(step), semi_fixed_release=half, fixed_release=whole
    )
    moved = moves.moved_activity(flow, share)
    released, stranded = moves.cost_released(moved, behaviour, year), moves.cost_stranded(moved, behaviour, year)
    assert released + stranded == moved * behaviour.average
    assert released >= moved * variable
    assert stranded >= 0
    assert moves.cost_released(moved, behaviour, year + 1) >= released


@given(flows, costs, costs, st.integers(1, 500))
def test_what_is_opened_is_never_less_than_what_could_be_closed(flow, variable, semi_fixed, step):
    behaviour = CostBehaviour(variable=variable, semi_fixed=semi_fixed, step=D(step), semi_fixed_release=(D(1),))
    assert moves.cost_added(flow, behaviour) >= moves.cost_released(flow, behaviour, 1)
