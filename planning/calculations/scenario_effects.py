"""What the transfers of a scenario do to each organisation, each commissioner and the whole, by year.

Money is whole ten-thousandths of a pound. Every payment is rounded once, so that the sum over organisations is the sum over
commissioners. Cost follows from the net change of activity of each provider, service and unit: what leaves and comes back the
same year opens and closes nothing.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd

from .moves import CostBehaviour, cost_added, cost_released
from .scenario_flows import NOBODY, PARTS, factor_of

MONEY = 10_000
WHOLE_UNIT = PARTS * 1_000
EFFECTS = ["income", "cost_released", "cost_stranded", "cost_added", "one_off"]


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What payments and costs rest on.

    `paid(move, point_of_delivery)` is the share of a payment that follows the patient. `relations` has `payer`, `provider` and
    `price` (all care, ten-thousandths of a pound a year); those of `payers` below `threshold` before and after stay at a fixed
    value. `behaviour(provider, service, unit, average)` gives the cost behaviour of units that cost £ `average` each, and
    `pool(provider, service, unit)` the service whose capacity is its own, or blank where services share wards and teams.
    """

    factors: Mapping[str, float]
    pass_through: Collection[str]
    units: Mapping[str, str]
    paid: Callable[[int, str], float]
    relations: pd.DataFrame
    payers: Collection[str]
    threshold: int
    behaviour: Callable[[str, str, str, Decimal], CostBehaviour]
    pool: Callable[[str, str, str], str]


@dataclass(frozen=True, kw_only=True)
class AddedCost:
    """What a move costs besides activity, in ten-thousandths of a pound: once in `first_year`, and in every year from it on."""

    move: int
    provider: str
    first_year: int
    one_off: int = 0
    new_fixed: int = 0


def payments(moved: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """What each provider is paid more or less for what moved.

    Args:
        moved: Transfers of `scenario_flows.transfers`.
        rules: What payments rest on.

    Returns:
        Two rows for each transfer, one where an end is nobody: `move`, `kind`, `year`, `home`, `service`, `payer`,
        `point_of_delivery`, `provider`, `activity` (signed, millionths of a unit), `cost_base` (signed: the full price with
        the provider's factor), `income` (signed), `low_volume` (whether its relationship stays at a fixed value).
    """
    ends = []
    for column, sign in (("sender", -1), ("receiver", 1)):
        end = moved[moved[column] != NOBODY].rename(columns={column: "provider"})
        factor = factor_of(end, rules.factors, "provider", list(rules.pass_through))
        full = sign * end["worth"].to_numpy(dtype="float64") * factor
        paid = np.array([rules.paid(m, p) for m, p in zip(end["move"], end["point_of_delivery"], strict=True)], dtype="float64")
        base, income = np.rint(full).astype("int64"), np.rint(full * paid).astype("int64")
        ends.append(end.assign(activity=sign * end["activity"], cost_base=base, income=income))
    both = pd.concat(ends, ignore_index=True)
    low = _low_volume(both, rules)
    keep = ["move", "kind", "year", "home", "service", "payer", "point_of_delivery", "provider", "activity", "cost_base"]
    return both[keep].assign(income=both["income"].where(~low, 0), low_volume=low)


def _low_volume(both: pd.DataFrame, rules: Rules) -> pd.Series:
    """Whether each row's relationship is below the threshold before and after all that moves in its year."""
    keys = ["payer", "provider"]
    before = rules.relations.groupby(keys)["price"].sum()
    after = both.groupby([*keys, "year"])["income"].transform("sum")
    opening = pd.Series(before.reindex(pd.MultiIndex.from_frame(both[keys])).fillna(0).to_numpy(), index=both.index)
    largest = np.maximum(opening, opening + after)
    return both["payer"].isin(list(rules.payers)) & (largest < rules.threshold)


def costs(paid: pd.DataFrame, rules: Rules, added: Sequence[AddedCost], *, years: int) -> pd.DataFrame:
    """What each provider's costs do.

    Args:
        paid: What `payments` gives.
        rules: What costs rest on.
        added: Costs of moves besides activity.
        years: How many years are looked at.

    Returns:
        `year`, `provider`, `service` (blank where capacity is shared), `unit`, `activity` (net, millionths), `cost_released`,
        `cost_stranded`, `cost_added`, `one_off`; costs of moves stand under a blank service and unit.
    """
    frame = paid.assign(unit=[rules.units.get(p, "") for p in paid["point_of_delivery"]])
    frame["service"] = [rules.pool(*of) for of in zip(frame["provider"], frame["service"], frame["unit"], strict=True)]
    groups = frame.groupby(["provider", "service", "unit", "year"], sort=True)
    net = groups[["activity", "cost_base"]].sum().reset_index()
    through = frame["point_of_delivery"].isin(list(rules.pass_through))
    at_cost = set(frame.loc[through, "unit"])
    began: dict[tuple, int] = {}
    rows = []
    for provider, service, unit, year, activity, base in net.itertuples(index=False, name=None):
        key = (provider, service, unit)
        if activity < 0 or (activity == 0 and base < 0):
            began.setdefault(key, year)
        years_gone = year - began.get(key, year) + 1
        of_units = _cost_of(key, int(activity), int(base), years_gone, rules, at_cost=unit in at_cost)
        rows.append({"year": year, "provider": provider, "service": service, "unit": unit, "activity": activity, **of_units})
    for cost in added:
        for year in range(cost.first_year, years + 1):
            once = cost.one_off if year == cost.first_year else 0
            own = {"year": year, "provider": cost.provider, "service": "", "unit": "", "activity": 0}
            rows.append({**own, "cost_released": 0, "cost_stranded": 0, "cost_added": cost.new_fixed, "one_off": once})
    columns = ["year", "provider", "service", "unit", "activity", *EFFECTS[1:]]
    return pd.DataFrame(rows, columns=columns)


def _cost_of(key: tuple[str, str, str], activity: int, base: int, year: int, rules: Rules, *, at_cost: bool) -> dict[str, int]:
    """Costs of one provider, service and unit, whose activity is net this much less (−) or more (+)."""
    if at_cost or activity == 0 or (activity < 0) != (base < 0):
        # Paid at cost, or money without activity: all of it comes and goes with the patient.
        return {"cost_released": max(-base, 0), "cost_stranded": 0, "cost_added": max(base, 0), "one_off": 0}
    units = Decimal(abs(activity)) / WHOLE_UNIT
    average = Decimal(abs(base)) / MONEY / units
    behaviour = rules.behaviour(*key, average)
    if activity > 0:
        return {"cost_released": 0, "cost_stranded": 0, "cost_added": _stored(cost_added(units, behaviour)), "one_off": 0}
    released = _stored(cost_released(units, behaviour, year))
    return {"cost_released": released, "cost_stranded": _stored(units * behaviour.average) - released} | dict.fromkeys(
        ("cost_added", "one_off"), 0
    )


def _stored(pounds: Decimal) -> int:
    return int((pounds * MONEY).to_integral_value(ROUND_HALF_UP))


def by_organisation(paid: pd.DataFrame, cost: pd.DataFrame) -> pd.DataFrame:
    """Effects on each provider by year.

    Args:
        paid: What `payments` gives.
        cost: What `costs` gives.

    Returns:
        `year`, `provider`, `EFFECTS` and `margin` (income + released − added, without the one-off), in whole units of money.
    """
    keys = ["year", "provider"]
    income = paid.groupby(keys)["income"].sum()
    frame = pd.concat([income, cost.groupby(keys)[EFFECTS[1:]].sum()], axis=1).reindex(columns=EFFECTS)
    frame = frame.fillna(0).astype("int64").sort_index().reset_index()
    return frame.assign(margin=frame["income"] + frame["cost_released"] - frame["cost_added"])


def by_commissioner(paid: pd.DataFrame) -> pd.DataFrame:
    """What each commissioner pays more (+) or less (−) by year: `year`, `payer`, `payments`."""
    return paid.groupby(["year", "payer"])[["income"]].sum().reset_index().rename(columns={"income": "payments"})


def by_year(organisations: pd.DataFrame, *, years: int) -> pd.DataFrame:
    """Effects on the whole by year.

    Args:
        organisations: What `by_organisation` gives.
        years: How many years are looked at; a year in which nothing happens has zeros.

    Returns:
        `year`, `payments` (of commissioners), the costs of `EFFECTS`, `providers` (payments + released − added − one-off),
        `system` (released − added − one-off, since payments cancel out) and `system_to_date`, in whole units of money.
    """
    sums = organisations.groupby("year")[EFFECTS].sum().reindex(range(1, years + 1), fill_value=0).astype("int64")
    sums = sums.rename_axis("year").reset_index().rename(columns={"income": "payments"})
    system = sums["cost_released"] - sums["cost_added"] - sums["one_off"]
    return sums.assign(providers=sums["payments"] + system, system=system, system_to_date=system.cumsum())
