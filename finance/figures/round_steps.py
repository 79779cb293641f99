"""The steps of a round in words: what each is made of, its formula, and the same with each area's own numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from finance.calculations.policy import growth_of_years
from finance.calculations.round_tables import inputs_of_step, of_one_year
from finance.charts.rounds import distance_words
from finance.figures import round_need
from finance.forms.round_years import rates_said
from finance.queries import rounds as reading
from planning.queries import choices
from presentation.amounts import money_exact, number, percent
from presentation.disclosure import numeric
from presentation.wording import listed

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """What a working needs beside the numbers of its area: sums and means of all areas, and the policy."""

    people: float
    weighted: float
    scale: float
    base: int
    quantum: int
    cost: float
    measure: float
    need: float
    mff: float
    parameters: Mapping[str, Any]
    need_kind: str
    need_includes_age: bool
    terms: Mapping[str, list[Row]]
    places: Mapping[str, int]


@dataclass(frozen=True)
class Step:
    slug: str
    title: str
    formula: str
    made_of: tuple[str, ...]
    working: Callable[[Row, Told], str]


def _index(own: float, mean: float, result: float) -> str:
    return f"{number(own, 4)} ÷ {number(mean, 4)} = {number(result, 4)}"


def _need(row: Row, told: Told) -> str:
    if told.need_kind == "imported":
        return round_need.imported_working(row, told.measure, int(told.places.get(row["area"], 0)))
    if told.need_kind == "model":
        return round_need.model_working(told.terms.get(row["area"], []), row, told.need)
    per, mean = number(told.parameters["need_per_unit"], 4), number(told.measure, 2)
    start = f"1 + {per} × ({number(row['measure'], 2)} − {mean}) = {number(row['need'], 4)}"
    return f"{start}; {_index(row['need'], told.need, row['need_index'])}"


def _baseline(row: Row, told: Told) -> str:
    ended = f"{money_exact(row['baseline'])} of {money_exact(told.base)}"
    if not row.get("transfer"):
        return ended
    before, sign = row["baseline"] - row["transfer"], "+" if row["transfer"] > 0 else "−"
    return f"{money_exact(before)} {sign} {money_exact(abs(row['transfer']))} transferred = {ended}"


def _weighted(row: Row, told: Told) -> str:
    used = ["need_index", "mff_index"] if told.need_includes_age else ["age_index", "need_index", "mff_index"]
    indices = [number(row[c], 4) for c in used if row.get(c) == row.get(c) and row.get(c) is not None]
    start = number(row["population"], 0) if indices else f"Published {number(row['weighted_population_raw'], 1)}"
    return f"{' × '.join([start, *indices, number(told.scale, 6)])} = {number(row['weighted_population'], 1)}"


def _target(row: Row, told: Told) -> str:
    share = percent(row["target_share"], 4)
    start = f"{number(row['weighted_population'], 1)} ÷ {number(told.weighted, 1)} = {share}"
    return f"{start}; {share} × {money_exact(told.quantum)} = {money_exact(row['target'])}"


def _opening(row: Row, told: Told) -> str:
    share = percent(row["target_share"], 4)
    ended = f"{percent(row['opening_distance'], 2, signed=True)} ({distance_words(row['opening_distance'])})"
    return f"{money_exact(row['baseline'])} ÷ ({share} × {money_exact(told.base)}) − 1 = {ended}"


def _convergence(row: Row, told: Told) -> str:
    floor, cap = percent(told.parameters["floor"], 2), percent(told.parameters["cap"], 2)
    free = row["balancing_growth"] + row["convergence"]
    start = (
        f"{percent(row['balancing_growth'], 4)} {'+' if row['convergence'] >= 0 else '−'} {percent(abs(row['convergence']), 4)}"
    )
    held = {"floor": f", held at the floor of {floor}", "cap": f", held at the cap of {cap}", "": ""}[row["limit"]]
    return f"{start} = {percent(free, 4)}{held}: growth {percent(row['growth'], 4)}"


def _allocation(row: Row, told: Told) -> str:
    return f"{money_exact(row['baseline'])} × (1 + {percent(row['growth'], 4)}) = {money_exact(row['allocation'])}"


def _closing(row: Row, told: Told) -> str:
    share = percent(row["target_share"], 4)
    ended = f"{percent(row['closing_distance'], 2, signed=True)} ({distance_words(row['closing_distance'])})"
    return f"{money_exact(row['allocation'])} ÷ ({share} × {money_exact(told.quantum)}) − 1 = {ended}"


def _population(row: Row, told: Told) -> str:
    return f"{number(row['population'], 0)} of {number(told.people, 0)} = {percent(row['population_share'], 2)}"


STEPS = (
    Step("population", "Population", "The people of every age and sex of the area's places, added up.", (), _population),
    Step(
        "age",
        "Age and sex",
        "Age index = mean cost a head of the area's people by their age and sex ÷ the same of all areas' people.",
        ("population",),
        lambda row, told: _index(row["age_cost"], told.cost, row["age_index"]),
    ),
    Step(
        "need",
        "Additional need",
        round_need.FORMULAS["measure"],
        ("population",),
        _need,
    ),
    Step(
        "market-forces",
        "Market forces",
        "Factor of an area = sum over providers of the share of its people's care × the provider's factor; index = factor ÷ the "
        "mean of all areas' people. Prices hold the factor, so it is taken out before shares of care are made.",
        ("population",),
        lambda row, told: _index(row["mff"], told.mff, row["mff_index"]),
    ),
    Step(
        "weighted-population",
        "Weighted population",
        "Population × age index × need index × market forces index × the factor with which weighted people add up to people.",
        ("population", "age", "need", "market-forces"),
        _weighted,
    ),
    Step(
        "target",
        "Target share and target",
        "Target share = weighted population ÷ that of all areas; target = target share × quantum, to the penny.",
        ("weighted-population",),
        _target,
    ),
    Step(
        "baseline",
        "Baseline",
        "In the first year what loaded providers were paid for the area's people for delegated services, mapped from provider to "
        "population; in each later year the allocation of the year before. What is transferred from a year on is added to it.",
        (),
        _baseline,
    ),
    Step(
        "opening-distance",
        "Opening distance",
        "Opening distance = baseline ÷ (target share × all baselines) − 1. Above 0 is above target.",
        ("baseline", "target"),
        _opening,
    ),
    Step(
        "convergence",
        "Convergence",
        "Growth = balancing growth + convergence at the area's opening distance, no less than the floor and no more than the "
        "cap. Convergence is linear between the knots and flat outside them; the balancing growth is the one with which all "
        "areas together receive the quantum.",
        ("opening-distance",),
        _convergence,
    ),
    Step(
        "allocation",
        "Allocation",
        "Allocation = baseline × (1 + growth), rounded to the penny by largest remainder so that all areas add up to the "
        "quantum.",
        ("baseline", "convergence"),
        _allocation,
    ),
    Step(
        "closing-distance",
        "Closing distance",
        "Closing distance = allocation ÷ (target share × quantum) − 1. Above 0 is above target.",
        ("allocation", "target"),
        _closing,
    ),
)
BY_SLUG = {step.slug: step for step in STEPS}
# Steps that a round of published weighted populations has not.
OF_CHAIN_ALONE = {"age", "need", "market-forces"}


def told_of(found: Any) -> list[tuple[str, str]]:
    """What a round was asked, in words."""
    said = found.parameters
    years = reading.years_of(found)
    last = f" to {years[-1]}" if len(years) > 1 else ""
    knots = "; ".join(f"{percent(d, 1)}: {percent(c, 2, signed=True)}" for d, c in said["knots"])
    quantum = money_exact(found.quantum) if found.quantum is not None else "Baselines, grown"
    chain = found.method == "chain"
    age = ", which holds age already" if found.need_includes_age else ""
    of_need = {"measure": f" ({said['need_per_unit']:g} for one point)", "imported": age}
    of_need["model"] = f"{age}: {round_need.model_said(said.get('need_model', {}))}"
    rows = [
        ("Years", f"{years[0]}{last}, from the spend of {found.baseline_year}, position {found.position}"),
        ("How shares are made", found.get_method_display()),
        ("Whose population", found.get_people_display() if chain else ""),
        ("Additional need", f"{found.get_need_display()}{of_need[found.need]}" if chain else ""),
        ("Left out", left_out_said(found)),
        ("Quantum of the first year", quantum),
        ("Growth", growth_said(found)),
        ("Recurrent transfers", transfers_said(found)),
        ("Floor and cap", f"{percent(said['floor'], 2)} and {percent(said['cap'], 2)} a year"),
        ("Convergence by distance", knots),
    ]
    return [(label, words) for label, words in rows if words]


def left_out_said(found: Any) -> str:
    """Programmes of care and systems that are left out; "" where none is."""
    names = {**dict(choices.programme_choices()), **choices.system_names()}
    told = found.parameters
    codes = [*told.get("leave_out_programme", []), *told.get("leave_out_system", [])]
    return listed([names.get(code, code) for code in codes]) if codes else ""


def growth_said(found: Any) -> str:
    """ "4.40% a year", or the rate of each year where they differ."""
    rates = growth_of_years(found.parameters["growth"], reading.years_of(found))
    if len(set(rates.values())) == 1:
        return f"{rates_said(next(iter(rates.values())))}% a year"
    return "; ".join(f"{year}: {rates_said(rate)}%" for year, rate in rates.items())


def transfers_said(found: Any) -> str:
    """What is moved, when and where to; "" where nothing is."""
    names = choices.system_names()
    said = [
        f"{year}: {names.get(area, area)} {'+' if amount > 0 else ''}{money_exact(amount)}"
        for year, moved in sorted(reading.transfers_of(found).items())
        for area, amount in moved.items()
    ]
    return "; ".join(said)


def steps_of(found: Any) -> list[Step]:
    """The steps of a round; that of need with the formula of the way in which it is measured."""
    if found.method != "chain":
        return [step for step in STEPS if step.slug not in OF_CHAIN_ALONE]
    return [replace(step, formula=round_need.FORMULAS[found.need]) if step.slug == "need" else step for step in STEPS]


def workings(found: Any, slug: str, year: str) -> list[tuple[str, str]]:
    """The formula of a step with each area's own numbers: (area, words). Exact, so for pages inside the agreement alone."""
    tables = {**reading.tables_of(found.pk, "inputs"), **reading.tables_of(found.pk, "results")}
    if "years" not in tables:
        return []
    rows = of_one_year(tables, year)
    told = _told(rows, found, inputs_of_step(tables, "need", year, {}), tables["need"])
    return [(row["area_name"], BY_SLUG[slug].working(row, told)) for row in rows.to_dict("records")]


def _told(rows: Any, found: Any, terms: Any, need: Any) -> Told:
    people = numeric(rows["population"])

    def mean(column: str) -> float:
        return float((numeric(rows[column]) * people).sum() / people.sum())

    return Told(
        people=float(people.sum()),
        weighted=float(numeric(rows["weighted_population"]).sum()),
        scale=float(people.sum() / numeric(rows["weighted_population_raw"]).sum()),
        base=int(rows["baseline"].sum()),
        quantum=int(rows["allocation"].sum()),
        cost=mean("age_cost"),
        measure=mean("measure"),
        need=mean("need"),
        mff=mean("mff"),
        parameters=found.parameters,
        need_kind=found.need,
        need_includes_age=found.need_includes_age,
        terms={str(area): own.to_dict("records") for area, own in terms.groupby("area")},
        places=dict(zip(need["area"], need["places"], strict=True)) if "places" in need else {},
    )


def about_step(found: Any, told: Step) -> dict[str, Any]:
    """What the page of a step says beside its figures."""
    steps = steps_of(found)
    at = steps.index(told)
    there = {step.slug for step in steps}
    return {
        "round": found,
        "area": reading.area_name(found),
        "told": told,
        "made_of": [BY_SLUG[slug] for slug in told.made_of if slug in there],
        "before": steps[at - 1] if at else None,
        "after": steps[at + 1] if at + 1 < len(steps) else None,
        "number": at + 1,
        "count": len(steps),
    }
