"""The worked calculation of a round: every step from its inputs to its allocations as live formulas.

Cells are built a table at a time; a formula names the cells it rests on, and carries what the product computed.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from finance.calculations.rounds import EVERY_YEAR
from finance.figures.round_workbook_need import coefficients_sheet, measures_sheet, need_and_use
from finance.figures.round_workbook_years import ALL, Tables, policy_rows, sheets_of_years
from finance.queries import rounds as reading
from presentation.amounts import POUND
from presentation.formula_workbook import EXACT, FIRST_ROW, MONEY, NUMBER, WORDS, Formula, Sheet, formula_workbook

PURPOSE = "For population shares, not for provider or site funding."


def worked_calculation(found: Any) -> bytes:
    """The workbook of a round that is calculated."""
    tables = {**reading.tables_of(found.pk, "inputs"), **reading.tables_of(found.pk, "results")}
    return formula_workbook(f"Worked calculation: {found.name}", _about(found), sheets_of(found, tables))


def sheets_of(found: Any, tables: Tables) -> list[Sheet]:
    """The sheets in the order of the steps, the last of them the check against the page."""
    policy, knots = _policy(found), _knots(found)
    parts = _published_shares(tables) if found.method == "published" else _chain(found, tables)
    return [policy, knots, *parts, *sheets_of_years(found, tables, knots, parts[-1])]


def _about(found: Any) -> list[tuple[str, str]]:
    """What the workbook is of, and where its inputs come from."""
    sources = [(what, f"{amount}. {source}") for what, amount, source in found.inputs.get("sources", [])]
    return [
        ("What it is for", PURPOSE),
        ("Area", f"{reading.area_name(found)}: shares are of this area"),
        ("State", found.get_state_display()),
        ("Position", str(found.position)),
        ("Baseline year", found.baseline_year),
        ("How shares are made", found.get_method_display()),
        ("SHA-256 of the round", found.sha256),
        ("How to check", "Every step is a formula. Change an input to see what follows; the last sheet compares with the page."),
        *sources,
    ]


def _policy(found: Any) -> Sheet:
    told = found.parameters
    rows = [
        *policy_rows(found),
        ("Change in need for one unit of the measure", told["need_per_unit"] if found.need == "measure" else 0),
    ]
    return Sheet("Policy", "What the round is told", [("Parameter", WORDS), ("Value", EXACT)], rows)


PER_UNIT = f"Policy!$B${FIRST_ROW + 3}"


def _knots(found: Any) -> Sheet:
    columns = [("Distance from target", EXACT), ("Change of growth", EXACT)]
    return Sheet(
        "Knots", "Convergence: linear between the knots, flat outside", columns, [tuple(k) for k in found.parameters["knots"]]
    )


def _chain(found: Any, tables: Tables) -> list[Sheet]:
    weights = Sheet(
        "Cost weights",
        "Cost a head by age and sex: only the proportions matter",
        [("Sex", WORDS), ("Age", WORDS), ("Cost a head", EXACT)],
        list(tables["cost_weights"][["sex", "age_band", "cost"]].itertuples(index=False, name=None)),
    )
    factors = Sheet(
        "Factors",
        "Market forces factor of each provider",
        [("Provider", WORDS), ("Factor", EXACT)],
        list(tables["market_forces"][["provider", "mff"]].itertuples(index=False, name=None)),
    )
    people, care = _people(tables, weights), _care(tables, factors)
    model: list[Sheet] = []
    if found.need == "model":
        coefficients = coefficients_sheet(found.parameters["need_model"])
        model = [coefficients, measures_sheet(tables, coefficients, people)]
    return [weights, people, factors, care, *model, _chain_shares(found, tables, people, care, model)]


def _people(tables: Tables, weights: Sheet) -> Sheet:
    costs = {(s, b): c for s, b, c in weights.rows}
    rows = []
    for at, (year, area, sex, band, number) in enumerate(
        _cells(tables["people"], "year area sex age_band population"), FIRST_ROW
    ):
        cost = costs[sex, band]
        look_up = f"=SUMIFS({weights.cells(2)},{weights.cells(0)},C{at},{weights.cells(1)},D{at})"
        rows.append((year or ALL, area, sex, band, number, Formula(look_up, cost), Formula(f"=E{at}*F{at}", number * cost)))
    columns = [("Year", WORDS), ("Area", WORDS), ("Sex", WORDS), ("Age", WORDS), ("People", NUMBER), ("Cost a head", EXACT)]
    return Sheet("People", "People of each area by age and sex, with their cost", [*columns, ("People × cost", NUMBER)], rows)


def _care(tables: Tables, factors: Sheet) -> Sheet:
    """Shares of care with the factor taken out of prices, and each share times its factor."""
    frame, known = tables["care"], dict(factors.rows)
    care = frame["price"].clip(lower=0) / POUND / frame["provider"].map(known)
    shares = care / care.groupby(frame["area"]).transform("sum")
    last, rows = FIRST_ROW + len(frame) - 1, []
    for at, (area, provider, price) in enumerate(_cells(frame, "area provider price"), FIRST_ROW):
        amount, share, factor = care.iloc[at - FIRST_ROW], shares.iloc[at - FIRST_ROW], known[provider]
        whole = f"SUMIFS($E${FIRST_ROW}:$E${last},$A${FIRST_ROW}:$A${last},A{at})"
        look_up = f"=SUMIFS({factors.cells(1)},{factors.cells(0)},B{at})"
        cells = (Formula(look_up, factor), Formula(f"=MAX(C{at},0)/D{at}", amount), Formula(f"=E{at}/{whole}", share))
        rows.append((area, provider, price / POUND, *cells, Formula(f"=F{at}*D{at}", share * factor)))
    columns = [("Area", WORDS), ("Provider", WORDS), ("Paid (£)", MONEY), ("Factor", EXACT), ("Paid ÷ factor", MONEY)]
    return Sheet(
        "Care", "Where each area's care is given", [*columns, ("Share of its care", EXACT), ("Share × factor", EXACT)], rows
    )


def _chain_shares(found: Any, tables: Tables, people: Sheet, care: Sheet, model: list[Sheet]) -> Sheet:
    frame = _distinct_shares(tables)
    last = FIRST_ROW + len(frame) - 1

    def mean(column: str, at: int) -> str:
        """Of the areas of the same year, over their people."""
        same = f"($A${FIRST_ROW}:$A${last}=A{at})*$C${FIRST_ROW}:$C${last}"
        return f"SUMPRODUCT({same}*${column}${FIRST_ROW}:${column}${last})/SUMPRODUCT({same})"

    rows = []
    for at, row in enumerate(frame.to_dict("records"), FIRST_ROW):
        own = f"{people.cells(0)},A{at},{people.cells(1)},B{at}"
        need = f"=1+{PER_UNIT}*(F{at}-{mean('F', at)})" if found.need == "measure" else f"=F{at}"
        factors = "C{0}*H{0}*J{0}" if found.need_includes_age else "C{0}*E{0}*H{0}*J{0}"
        cells = [
            Formula(f"=SUMIFS({people.cells(4)},{own})", row["population"]),
            Formula(f"=SUMIFS({people.cells(6)},{own})/C{at}", row["age_cost"]),
            Formula(f"=D{at}/({mean('D', at)})", row["age_index"]),
            _measured(tables, row, model, at),
            Formula(need_and_use(model[-1], at)[1] if model else need, row["need"]),
            Formula(f"=G{at}/({mean('G', at)})", row["need_index"]),
            Formula(f"=SUMIFS({care.cells(6)},{care.cells(0)},B{at})", row["mff"]),
            Formula(f"=I{at}/({mean('I', at)})", row["mff_index"]),
            Formula("=" + factors.format(at), row["weighted_population_raw"]),
        ]
        rows.append((row["year"], row["area"], *cells, *_scaled(row, at, last, "K")))
    columns = [("Year", WORDS), ("Area", WORDS), ("Population", NUMBER), ("Cost a head", EXACT), ("Age index", EXACT)]
    columns += [
        ("Use, with its own supply" if model else "Measure of need", EXACT),
        ("Need", EXACT),
        ("Need index", EXACT),
        ("Factor by flow", EXACT),
    ]
    columns += [("Market forces index", EXACT), ("Weighted before scaling", EXACT)]
    return Sheet(
        "Shares", "From people to target share", [*columns, ("Weighted population", EXACT), ("Target share", EXACT)], rows
    )


def _measured(tables: Tables, row: Mapping[str, Any], model: list[Sheet], at: int) -> float | Formula:
    """What need rests on: the measure of an area, or by a model what it uses."""
    if model:
        return Formula(need_and_use(model[-1], at)[0], row["use"])
    return float(tables["need"].set_index("area")["measure"][row["area"]])


def _scaled(row: Mapping[str, Any], at: int, last: int, raw: str) -> list[Formula]:
    """Weighted people that add up to people, and the share, from the column of weights before scaling."""
    years, whole = f"$A${FIRST_ROW}:$A${last}", f"${raw}${FIRST_ROW}:${raw}${last}"
    sums = f"SUMIFS({whole},{years},A{at})"
    scale = f"SUMIFS($C${FIRST_ROW}:$C${last},{years},A{at})/{sums}"
    return [
        Formula(f"={raw}{at}*{scale}", row["weighted_population"]),
        Formula(f"={raw}{at}/{sums}", row["target_share"]),
    ]


def _published_shares(tables: Tables) -> list[Sheet]:
    frame = _distinct_shares(tables)
    last = FIRST_ROW + len(frame) - 1
    rows = [
        (row["year"], row["area"], row["population"], row["weighted_population_raw"], *_scaled(row, at, last, "D"))
        for at, row in enumerate(frame.to_dict("records"), FIRST_ROW)
    ]
    columns = [("Year", WORDS), ("Area", WORDS), ("Population", NUMBER), ("Published weighted population", EXACT)]
    title = "Published core weighted populations: core services, not specialised"
    return [Sheet("Shares", title, [*columns, ("Weighted population", EXACT), ("Target share", EXACT)], rows)]


def _distinct_shares(tables: Tables) -> pd.DataFrame:
    """The shares once where every year has the same people, otherwise those of each year."""
    shares = tables["shares"]
    if len(tables["people"]) and set(tables["people"]["year"]) != {EVERY_YEAR} and shares["age_cost"].notna().any():
        return shares
    return shares[shares["year"] == shares["year"].iloc[0]].assign(year=ALL)


def _cells(frame: pd.DataFrame, columns: str) -> list[tuple[Any, ...]]:
    return list(frame[columns.split()].itertuples(index=False, name=None))
