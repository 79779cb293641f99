"""What moving some of a flow from one provider to another does, by year.

Activity is exact: what is moved, and how many whole steps of capacity it makes, are computed in Decimal (in floats 1,200 × 0.07
is a hair above 84, which would open an eighth step of 12). Payments are price × market forces factor; within the NHS they
cancel out except for the difference of the factors. Source: NHS Payment Scheme 2025/26 (unit price × factor; fixed element and
low-volume activity do not follow the patient); SaHF decision-making business case 2013, volume 1, figure 9.83 (contribution
lost on flows out). What becomes of stranded cost has no NHS standard: the rule is this programme's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import pandas as pd

DAYS_IN_A_YEAR = 365
THERE_AND_BACK = 2
NOUGHT = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class CostBehaviour:
    """What one more or one fewer unit of activity costs, in £ a unit, and how much of it can be given up by year.

    `semi_fixed` cost comes and goes in whole steps of `step` units (a ward, a list, a team). `semi_fixed_release` and
    `fixed_release` are the shares (0 to 1) of it that are given up by the first, second… year; the last holds after that.
    """

    variable: Decimal
    semi_fixed: Decimal = NOUGHT
    fixed: Decimal = NOUGHT
    step: Decimal = Decimal(1)
    semi_fixed_release: Sequence[Decimal] = ()
    fixed_release: Sequence[Decimal] = ()

    @property
    def average(self) -> Decimal:
        """Full cost of a unit, £."""
        return self.variable + self.semi_fixed + self.fixed


def moved_activity(flow: Decimal, share: Decimal) -> Decimal:
    """How much of a flow moves: `flow` in units of activity × `share` (0 to 1), exactly.

    Raises:
        ValueError: the share is below 0 or above 1, so that more would move than there is.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"A share that moves is between 0 and 1, not {share}.")
    return flow * share


def income(moved: Decimal, *, price: Decimal, factor: Decimal, paid: Decimal = Decimal(1)) -> Decimal:
    """What a provider is paid for some activity, in £.

    Units × price (£ a unit) × the provider's market forces factor × the share of the payment that follows the patient (1 for
    an activity contract, 0 under a fixed payment).
    """
    return moved * price * factor * paid


def whole_steps(moved: Decimal, step: Decimal, *, up: bool) -> Decimal:
    """Units in whole steps: the steps that can be closed (down) or must be opened (up).

    Raises:
        ValueError: the step is not above 0.
    """
    if step <= 0:
        raise ValueError(f"A step of capacity is above 0 units, not {step}.")
    return (moved / step).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR) * step


def of_year(shares: Sequence[Decimal], year: int) -> Decimal:
    """The share given up by a year (1 is the first); the last one holds for every later year, and without any it is 0."""
    return shares[min(year, len(shares)) - 1] if shares else NOUGHT


def cost_released(moved: Decimal, behaviour: CostBehaviour, year: int) -> Decimal:
    """Cost that a provider gives up by a year after units of activity have left it, £ a year."""
    steps = whole_steps(moved, behaviour.step, up=False)
    semi_fixed = steps * behaviour.semi_fixed * of_year(behaviour.semi_fixed_release, year)
    return moved * behaviour.variable + semi_fixed + moved * behaviour.fixed * of_year(behaviour.fixed_release, year)


def cost_stranded(moved: Decimal, behaviour: CostBehaviour, year: int) -> Decimal:
    """Full cost of the units that have left, less what is given up by a year, £ a year."""
    return moved * behaviour.average - cost_released(moved, behaviour, year)


def cost_added(moved: Decimal, behaviour: CostBehaviour, new_fixed: Decimal = NOUGHT) -> Decimal:
    """Cost that a provider takes on with units of activity, £ a year: steps are opened in whole ones."""
    return moved * behaviour.variable + whole_steps(moved, behaviour.step, up=True) * behaviour.semi_fixed + new_fixed


def beds(moved: Decimal, *, length_of_stay: Decimal, occupancy: Decimal) -> Decimal:
    """Beds that a year's spells need: spells × days of stay ÷ 365 ÷ occupancy (a share above 0, at most 1).

    Raises:
        ValueError: the occupancy is not a share above 0.
    """
    if not 0 < occupancy <= 1:
        raise ValueError(f"Occupancy is a share above 0 and at most 1, not {occupancy}.")
    return moved * length_of_stay / DAYS_IN_A_YEAR / occupancy


def minutes_saved(moved: Decimal, minutes_from: Decimal, minutes_to: Decimal) -> Decimal:
    """Minutes of travel that people save in a year, there and back; less than 0 where they travel longer."""
    return moved * THERE_AND_BACK * (minutes_from - minutes_to)


@dataclass(frozen=True, kw_only=True)
class OneMove:
    """A share of one flow that moves from one provider to another; money in £, activity in units."""

    flow: Decimal
    share: Decimal
    price: Decimal
    factor_from: Decimal
    factor_to: Decimal
    sender: CostBehaviour
    receiver: CostBehaviour
    new_fixed: Decimal = NOUGHT
    one_off: Decimal = NOUGHT
    paid: Decimal = Decimal(1)


def effects_of_one_move(move: OneMove, years: int) -> pd.DataFrame:
    """What one move does in each year.

    Args:
        move: what moves, and what it costs either side.
        years: how many years are looked at.

    Returns:
        One row a year, Decimals in £ a year: `year` (1…), `from_income`, `from_cost_released`, `from_stranded_cost`,
        `from_margin_change`, `to_income`, `to_cost_added`, `to_margin_change`, `one_off` (in the first year alone),
        `commissioner_change` (payments; negative is less), `provider_system_change` and `system_change` (cost released less
        added less one-off). Margins are without the one-off cost, changes of the system with it.
    """
    moved = moved_activity(move.flow, move.share)
    lost = -income(moved, price=move.price, factor=move.factor_from, paid=move.paid)
    gained = income(moved, price=move.price, factor=move.factor_to, paid=move.paid)
    added = cost_added(moved, move.receiver, move.new_fixed)
    rows = []
    for year in range(1, years + 1):
        released, one_off = cost_released(moved, move.sender, year), move.one_off if year == 1 else NOUGHT
        rows.append(
            {
                "year": year,
                "from_income": lost,
                "from_cost_released": released,
                "from_stranded_cost": cost_stranded(moved, move.sender, year),
                "from_margin_change": lost + released,
                "to_income": gained,
                "to_cost_added": added,
                "to_margin_change": gained - added,
                "one_off": one_off,
                "commissioner_change": lost + gained,
                "provider_system_change": lost + released + gained - added - one_off,
                "system_change": released - added - one_off,
            }
        )
    return pd.DataFrame(rows)
