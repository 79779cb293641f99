"""A whole scenario: from the flows of a year and some moves to what changes for whom, year by year."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from .assumptions import Assumptions
from .financial_years import following
from .growth import demographic_factors, growth_factors, people_by_home
from .moves import CostBehaviour, beds
from .scenario_effects import MONEY, WHOLE_UNIT, AddedCost, Rules, by_commissioner, by_organisation, by_year, costs, payments
from .scenario_flows import NOBODY, Kind, Move, opening_cells, transfers

YEARS = 5
# Points of delivery of these units do not follow patients, or are paid at cost without a market forces factor.
MONEY_UNIT, AT_COST_UNIT, SPELLS = "GBP", "COST", "SPELL"
SHARES = ("variable", "semi_fixed", "fixed")
KIND_COST, KIND_PAYMENT, KIND_STAY, KIND_GROWTH, KIND_USE, KIND_PRICE = "cost", "payment", "stay", "growth", "use", "price"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a move assumes for itself: how it is paid ("rules", "follows", "fixed"), its own growth and costs (£)."""

    payment: str = "rules"
    demographic: Decimal | None = None
    non_demographic: Decimal | None = None
    one_off: int = 0
    new_fixed: int = 0


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a scenario starts from.

    `flows`: as `scenario_flows.opening_cells` takes them; `relations`: `payer`, `provider`, `price`, all care; `units`: unit by
    point of delivery; `factors`: market forces factor by provider; `payers`: commissioners to whom the low-volume rule applies;
    `projections`: `area`, `year`, `sex`, `age_band`, `people`; `shares`: `place`, `system`, `share`.
    """

    year: str
    flows: pd.DataFrame
    relations: pd.DataFrame
    units: Mapping[str, str]
    factors: Mapping[str, float]
    payers: frozenset[str]
    assumptions: pd.DataFrame
    projections: pd.DataFrame
    shares: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class Effects:
    """What a scenario does.

    Frames as `scenario_effects` gives them; `beds` by `year` and `provider`; `used`: rows of the assumptions that were used;
    `growth_rule`: for each growing home, whether its demographic growth is "projected" or a "rate".
    """

    cells: pd.DataFrame
    transfers: pd.DataFrame
    payments: pd.DataFrame
    costs: pd.DataFrame
    organisations: pd.DataFrame
    commissioners: pd.DataFrame
    years: pd.DataFrame
    beds: pd.DataFrame
    used: pd.DataFrame
    growth_rule: Mapping[str, str] = field(default_factory=dict)


def effects_of(opening: Opening, moves: Sequence[tuple[Move, Terms]], *, years: int = YEARS) -> Effects:
    """What the moves of a scenario do, in the order in which they stand.

    Args:
        opening: What it starts from.
        moves: Each with its terms.
        years: How many years are looked at.

    Returns:
        Every effect, by year.

    Raises:
        LookupError: an assumption that is needed was not said.
    """
    assumed = Assumptions(opening.assumptions)
    cells = movable_cells(opening, assumed)
    growth, rule = _growth(opening, cells, moves, assumed, years)
    moved = transfers(cells, [move for move, _ in moves], years=years, growth=growth)
    rules = _rules(opening, moves, assumed)
    paid = payments(moved, rules)
    cost = costs(paid, rules, _added(moves), years=years)
    organisations = by_organisation(paid, cost)
    return Effects(
        cells=cells,
        transfers=moved,
        payments=paid,
        costs=cost,
        organisations=organisations,
        commissioners=by_commissioner(paid),
        years=by_year(organisations, years=years),
        beds=beds_by_provider(paid, opening.units, assumed),
        used=pd.DataFrame(list(assumed.used.values()), columns=opening.assumptions.columns),
        growth_rule=rule,
    )


def movable_cells(opening: Opening, assumed: Assumptions) -> pd.DataFrame:
    """The flows that can move: those of a known unit that is not money, at their own price or at the one assumed instead.

    What is paid at cost stays at its cost.
    """
    unit = opening.flows["point_of_delivery"].map(opening.units)
    flows = opening.flows[unit.notna() & (unit != MONEY_UNIT)].reset_index(drop=True)
    at_cost = _at_cost(opening.units)
    cells = opening_cells(flows, opening.factors, pass_through=at_cost)
    priced = [
        None
        if point in at_cost
        else assumed.row(KIND_PRICE, "unit_price", provider=provider, service=service, point_of_delivery=point)
        for provider, service, point in zip(cells["provider"], cells["service"], cells["point_of_delivery"], strict=True)
    ]
    if any(priced):
        own = [None if row is None else float(row["value"]) * MONEY for row in priced]
        instead = cells["activity"] / WHOLE_UNIT * pd.Series(own, dtype="float64")
        cells["worth"] = instead.where(instead.notna(), cells["worth"])
    return cells


def _at_cost(units: Mapping[str, str]) -> list[str]:
    return [point for point, unit in units.items() if unit == AT_COST_UNIT]


def _rules(opening: Opening, moves: Sequence[tuple[Move, Terms]], assumed: Assumptions) -> Rules:
    terms = {move.number: own for move, own in moves}
    threshold = assumed.value(KIND_PAYMENT, "low_volume_threshold")

    def paid(number: int, point: str) -> float:
        how = terms[number].payment
        if how != "rules":
            return 1.0 if how == "follows" else 0.0
        unit = opening.units.get(point, "")
        return float(assumed.value(KIND_PAYMENT, "follows_patient", point_of_delivery=point, unit=unit))

    return Rules(
        factors=opening.factors,
        pass_through=_at_cost(opening.units),
        units=opening.units,
        paid=paid,
        relations=opening.relations,
        payers=opening.payers,
        threshold=int(threshold * MONEY),
        behaviour=lambda *of: behaviour_of(assumed, *of),
        pool=lambda *of: _pool(assumed, *of),
    )


def _pool(assumed: Assumptions, provider: str, service: str, unit: str) -> str:
    """The service itself where a step is said of it, otherwise blank: a bed or a team serves several services."""
    row = assumed.row(KIND_COST, "step", provider=provider, service=service, unit=unit)
    return service if row is not None and row["service"] else ""


def behaviour_of(assumed: Assumptions, provider: str, service: str, unit: str, average: Decimal) -> CostBehaviour:
    """The cost behaviour of units that cost £ `average` each, by the shares that are assumed of them.

    Raises:
        LookupError: a share or the step was not said.
    """
    scope = {"provider": provider, "service": service, "unit": unit}
    variable, semi_fixed, fixed = (average * assumed.value(KIND_COST, f"{name}_share", **scope) for name in SHARES)
    return CostBehaviour(
        variable=variable,
        semi_fixed=semi_fixed,
        fixed=fixed,
        step=assumed.value(KIND_COST, "step", **scope),
        semi_fixed_release=assumed.series(KIND_COST, "semi_fixed_release", **scope),
        fixed_release=assumed.series(KIND_COST, "fixed_release", **scope),
    )


def _added(moves: Sequence[tuple[Move, Terms]]) -> list[AddedCost]:
    """Costs of moves besides activity fall to who receives, or where people go their own ways to who loses the service."""
    return [
        AddedCost(
            move=move.number,
            provider=move.receiver or (move.senders[0] if move.senders else NOBODY),
            first_year=move.first_year,
            one_off=terms.one_off * MONEY,
            new_fixed=terms.new_fixed * MONEY,
        )
        for move, terms in moves
        if terms.one_off or terms.new_fixed
    ]


def beds_by_provider(paid: pd.DataFrame, units: Mapping[str, str], assumed: Assumptions) -> pd.DataFrame:
    """Beds needed more (+) or fewer (−) by year and provider: `year`, `provider`, `spells` (net, millionths), `beds`.

    Raises:
        LookupError: the length of stay or the occupancy was not said.
    """
    spells = paid[paid["point_of_delivery"].map(units) == SPELLS]
    keys = ["year", "provider", "service", "point_of_delivery"]
    net = spells.groupby(keys, as_index=False)["activity"].sum()
    needed = []
    for provider, service, point, activity in zip(
        net["provider"], net["service"], net["point_of_delivery"], net["activity"], strict=True
    ):
        scope = {"provider": provider, "service": service, "point_of_delivery": point, "unit": SPELLS}
        stay = assumed.value(KIND_STAY, "length_of_stay", **scope)
        occupancy = assumed.value(KIND_STAY, "occupancy", **scope)
        needed.append(float(beds(Decimal(int(activity)) / WHOLE_UNIT, length_of_stay=stay, occupancy=occupancy)))
    net = net.assign(beds=pd.Series(needed, dtype="float64"))
    return net.groupby(["year", "provider"], as_index=False)[["activity", "beds"]].sum().rename(columns={"activity": "spells"})


def years_of(opening_year: str, years: int = YEARS) -> list[str]:
    """The financial years that a scenario looks at: those that follow its opening year."""
    named = [following(opening_year)]
    while len(named) < years:
        named.append(following(named[-1]))
    return named


def _growth(
    opening: Opening, cells: pd.DataFrame, moves: Sequence[tuple[Move, Terms]], assumed: Assumptions, years: int
) -> tuple[pd.DataFrame, dict[str, str]]:
    growing = [(move, terms) for move, terms in moves if move.kind == Kind.GROWTH]
    frames = [pd.DataFrame(columns=["move", "year", "home", "service", "factor"])]
    rule: dict[str, str] = {}
    if growing:
        projected = _projected(opening, assumed, years)
        for move, terms in growing:
            own = _own_cells(cells, move)
            rule |= {h: "projected" if terms.demographic is None and (h, 1) in projected else "rate" for h in set(own["home"])}
            frames.append(
                growth_factors(
                    own,
                    move=move.number,
                    years={year: year for year in range(1, years + 1)},
                    demographic=_demographic(projected, terms, assumed),
                    non_demographic=_non_demographic(terms, assumed),
                )
            )
    return pd.concat([f for f in frames if len(f)] or frames, ignore_index=True), rule


def _own_cells(cells: pd.DataFrame, move: Move) -> pd.DataFrame:
    mask = pd.Series(True, index=cells.index)
    for column, wanted in (("home", move.homes), ("service", move.services)):
        if wanted:
            mask &= cells[column].isin(wanted)
    return cells[mask]


def _projected(opening: Opening, assumed: Assumptions, years: int) -> dict[tuple[str, int], float]:
    """Factor by home and year of the scenario, of the homes whose people are projected for the opening year and every year."""
    if opening.projections.empty:
        return {}
    use = opening.assumptions[opening.assumptions["kind"] == KIND_USE]
    rows = [(*str(key).split("_", 1), value) for key, value in zip(use["key"], use["value"], strict=True)]
    people = people_by_home(opening.projections, opening.shares)
    named = years_of(opening.year, years)
    by_age = pd.DataFrame(rows, columns=["sex", "age_band", "use"])
    factors = demographic_factors(people, by_age, base_year=opening.year, years=named)
    whole = factors.groupby("home")["year"].transform("count") == years
    for key in use["key"]:
        assumed.row(KIND_USE, str(key))
    known = factors[whole]
    keys = zip(known["home"], known["year"].map(named.index) + 1, strict=True)
    return {(str(home), int(year)): float(f) for (home, year), f in zip(keys, known["factor"], strict=True)}


def _demographic(projected: Mapping[tuple[str, int], float], terms: Terms, assumed: Assumptions) -> Callable[[str, int], float]:
    def factor(home: str, year: int) -> float:
        if terms.demographic is None and (home, year) in projected:
            return projected[home, year]
        rate = terms.demographic
        rate = assumed.value(KIND_GROWTH, "demographic", home=home) if rate is None else rate
        return float(1 + rate) ** year

    return factor


def _non_demographic(terms: Terms, assumed: Assumptions) -> Callable[[str, str], Decimal]:
    def rate(home: str, service: str) -> Decimal:
        if terms.non_demographic is not None:
            return terms.non_demographic
        return assumed.value(KIND_GROWTH, "non_demographic", home=home, service=service)

    return rate
