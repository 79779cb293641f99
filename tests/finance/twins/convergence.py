"""Pace of change the slow and obvious way: dicts, loops, and a growth tried nearer and nearer."""

import itertools
from fractions import Fraction


def change_of_growth(distance: float, knots: list) -> float:
    if distance <= knots[0][0]:
        return knots[0][1]
    for (left, high), (right, low) in itertools.pairwise(knots):
        if distance <= right:
            return high + (low - high) * (distance - left) / (right - left)
    return knots[-1][1]


def allocations(shares: dict, baseline: dict, quantum: int, knots: list, floor: float, cap: float) -> dict:
    """area → what it receives, before pence."""
    whole = sum(baseline.values())
    change = {a: change_of_growth(baseline[a] / (shares[a] * whole) - 1, knots) for a in shares}

    def given(balancing: float) -> dict:
        return {a: baseline[a] * (1 + min(max(balancing + change[a], floor), cap)) for a in shares}

    low, high = -10.0, 10.0
    for _ in range(100):
        middle = (low + high) / 2
        if sum(given(middle).values()) < quantum:
            low = middle
        else:
            high = middle
    return given(high)


def quanta(baseline: int, years: list, rates: list, transfers: dict) -> dict:
    """year → what is given away, in ten-thousandths of a pound: pence by the half-up rule of the till."""
    found, amount = {}, Fraction(baseline)
    for year, rate in zip(years, rates, strict=True):
        for moved in transfers.get(year, {}).values():
            amount += moved
        pence = amount * (1 + Fraction(str(rate))) / 100
        whole = pence.numerator // pence.denominator
        if pence - whole >= Fraction(1, 2):
            whole += 1
        amount = Fraction(whole * 100)
        found[year] = whole * 100
    return found
