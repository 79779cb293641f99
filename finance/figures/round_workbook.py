"""The worked calculation of a round: every step from its inputs to its allocations as live formulas.

Cells are built a table at a time; a formula names the cells it rests on, and carries what the product computed. Balancing growth
is found without trying: what all areas receive is a straight line between the growths at which one of them meets the floor or
the cap, so the line that crosses the quantum gives it exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from finance.calculations.rounds import EVERY_YEAR
from finance.queries import rounds as reading
from presentation.amounts import POUND
from presentation.formula_workbook import EXACT, FIRST_ROW, MONEY, NUMBER, WORDS, Formula, Sheet, formula_workbook

ALL = "Every year"
PURPOSE = "For population shares, not for provider or site funding."
Tables = Mapping[str, pd.DataFrame]


def worked_calculation(found: Any) -> bytes:
    """The workbook of a round that is calculated."""
    tables = {**reading.tables_of(found.pk, "inputs"), **reading.tables_of(found.pk, "results")}
    return formula_workbook(f"Worked calculation: {found.name}", _about(found), sheets_of(found, tables))


def sheets_of(found: Any, tables: Tables) -> list[Sheet]:
    """The sheets in the order of the steps, the last of them the check against the page."""
    policy, knots = _policy(found), _knots(found)
    parts = _published_shares(tables) if found.method == "published" else _chain(found, tables)
    years, balance = _years(found, tables, knots, parts[-1])
    return [policy, knots, *parts, balance, years, _check(tables, years)]


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
        ("Growth of the quantum, a year", told["growth"]),
        ("Floor", told["floor"]),
        ("Cap", told["cap"]),
        ("Change in need for one unit of the measure", told["need_per_unit"] if found.need == "measure" else 0),
        ("Quantum of the first year in pounds (0: baselines and their growth)", (found.quantum or 0) / POUND),
    ]
    return Sheet("Policy", "What the round is told", [("Parameter", WORDS), ("Value", EXACT)], rows)


GROWTH, FLOOR, CAP, PER_UNIT, QUANTUM = (f"Policy!$B${FIRST_ROW + n}" for n in range(5))


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
    return [weights, people, factors, care, _chain_shares(found, tables, people, care)]


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


def _chain_shares(found: Any, tables: Tables, people: Sheet, care: Sheet) -> Sheet:
    frame = _distinct_shares(tables)
    measures = tables["need"].set_index("area")["measure"]
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
            float(measures[row["area"]]),
            Formula(need, row["need"]),
            Formula(f"=G{at}/({mean('G', at)})", row["need_index"]),
            Formula(f"=SUMIFS({care.cells(6)},{care.cells(0)},B{at})", row["mff"]),
            Formula(f"=I{at}/({mean('I', at)})", row["mff_index"]),
            Formula("=" + factors.format(at), row["weighted_population_raw"]),
        ]
        rows.append((row["year"], row["area"], *cells, *_scaled(row, at, last, "K")))
    columns = [("Year", WORDS), ("Area", WORDS), ("Population", NUMBER), ("Cost a head", EXACT), ("Age index", EXACT)]
    columns += [("Measure of need", EXACT), ("Need", EXACT), ("Need index", EXACT), ("Factor by flow", EXACT)]
    columns += [("Market forces index", EXACT), ("Weighted before scaling", EXACT)]
    return Sheet(
        "Shares", "From people to target share", [*columns, ("Weighted population", EXACT), ("Target share", EXACT)], rows
    )


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


def _years(found: Any, tables: Tables, knots: Sheet, shares: Sheet) -> tuple[Sheet, Sheet]:
    """Year by year: the allocations, and the balancing growth they rest on."""
    count = len(tables["baselines"])
    allocated, balanced = [], []
    for number, (year, own) in enumerate(tables["years"].groupby("year", sort=False)):
        first, balance = FIRST_ROW + number * count, FIRST_ROW + number * 2 * count
        block = _Block(first, count, balance, number, found.parameters)
        rows = own.sort_values("area").to_dict("records")
        balanced += _balance(str(year), rows, block)
        allocated += [_allocated(row, first + n, block, knots, shares) for n, row in enumerate(rows)]
    title = "Balancing growth: the one with which all areas together receive the quantum"
    return (
        Sheet("Years", "From baseline to allocation, year by year", YEAR_COLUMNS, allocated),
        Sheet("Balance", title, BALANCE_COLUMNS, balanced),
    )


@dataclass(frozen=True)
class _Block:
    """Where a year stands: its first row and how many on the sheet of years, its first on that of balances, and the policy."""

    first: int
    count: int
    balance: int
    number: int
    told: Mapping[str, Any]


YEAR_COLUMNS = [
    *[("Year", WORDS), ("Area", WORDS), ("Baseline (£)", MONEY), ("Target share", EXACT), ("Opening distance", EXACT)],
    *[("Convergence", EXACT), ("Meets the floor at", EXACT), ("Meets the cap at", EXACT), ("Balancing growth", EXACT)],
    *[("Growth", EXACT), ("Pence before rounding", NUMBER), ("Whole pence", NUMBER), ("Place by remainder", "0")],
    *[("Allocation (£)", MONEY), ("Target pence before rounding", NUMBER), ("Whole target pence", NUMBER)],
    *[
        ("Place by remainder (target)", "0"),
        ("Target (£)", MONEY),
        ("Above or below target (£)", MONEY),
        ("Closing distance", EXACT),
    ],
]
BALANCE_COLUMNS = [
    *[("Year", WORDS), ("Place", "0"), ("Quantum (£)", MONEY), ("Growth at which an area meets floor or cap", EXACT)],
    *[("All areas then receive (£)", MONEY), ("Balancing growth", EXACT)],
]


def _block(column: str, first: int, count: int, sheet: str = "") -> str:
    return f"{sheet}${column}${first}:${column}${first + count - 1}"


def _allocated(row: Mapping[str, Any], at: int, block: _Block, knots: Sheet, shares: Sheet) -> tuple[Any, ...]:
    first, count, found, number, told = block.first, block.count, block.balance, block.number, block.told
    base = row["baseline"] / POUND
    baseline: Any = base if number == 0 else Formula(f"=N{at - count}", base)
    quantum = f"Balance!$C${found}"
    year = f'"{ALL}"' if shares.rows[0][0] == ALL else f"A{at}"
    share = f"=SUMIFS({shares.cells(len(shares.columns) - 1)},{shares.cells(0)},{year},{shares.cells(1)},B{at})"
    pence, target = base * 100 * (1 + row["growth"]), row["target"] / POUND
    return (
        *(row["year"], row["area"], baseline, Formula(share, row["target_share"])),
        Formula(f"=C{at}/(D{at}*SUM({_block('C', first, count)}))-1", row["opening_distance"]),
        Formula(_converged(f"E{at}", knots), row["convergence"]),
        Formula(f"={FLOOR}-F{at}", told["floor"] - row["convergence"]),
        Formula(f"={CAP}-F{at}", told["cap"] - row["convergence"]),
        Formula(f"=Balance!$F${found}", row["balancing_growth"]),
        Formula(f"=MIN(MAX(I{at}+F{at},{FLOOR}),{CAP})", row["growth"]),
        Formula(f"=C{at}*(1+J{at})*100", pence),
        Formula(f"=INT(K{at})", pence // 1),
        Formula(_place("K", at, first, count)),
        Formula(_rounded("L", "M", at, first, count, quantum), row["allocation"] / POUND),
        Formula(f"=D{at}*{quantum}*100", target * 100),
        Formula(f"=INT(O{at})", target * 100),
        Formula(_place("O", at, first, count)),
        Formula(_rounded("P", "Q", at, first, count, quantum), target),
        Formula(f"=N{at}-R{at}", row["distance_money"] / POUND),
        Formula(f"=N{at}/(D{at}*{quantum})-1", row["closing_distance"]),
    )


def _converged(distance: str, knots: Sheet) -> str:
    """Linear between the knots, flat outside them."""
    at, change = knots.cells(0), knots.cells(1)
    last, below = len(knots.rows), f"MATCH({distance},{at},1)"
    rise = f"INDEX({change},{below}+1)-INDEX({change},{below})"
    along = f"({distance}-INDEX({at},{below}))/(INDEX({at},{below}+1)-INDEX({at},{below}))"
    middle = f"INDEX({change},{below})+({rise})*{along}"
    ends = f"IF({distance}<=INDEX({at},1),INDEX({change},1),IF({distance}>=INDEX({at},{last}),INDEX({change},{last}),{middle}))"
    return f"={ends}"


def _place(column: str, at: int, first: int, count: int) -> str:
    """Whose remainder is larger comes first; of equals the first by code, which is the order of the rows."""
    every = _block(column, first, count)
    larger = f"SUMPRODUCT(--(({every}-INT({every}))>({column}{at}-INT({column}{at}))))"
    if at == first:
        return f"={larger}+1"
    before = _block(column, first, at - first)
    return f"={larger}+SUMPRODUCT(--(({before}-INT({before}))=({column}{at}-INT({column}{at}))))+1"


def _rounded(whole: str, place: str, at: int, first: int, count: int, quantum: str) -> str:
    left = f"ROUND({quantum}*100,0)-SUM({_block(whole, first, count)})"
    return f"=({whole}{at}+IF({place}{at}<={left},1,0))/100"


def _balance(year: str, rows: list[dict[str, Any]], block: _Block) -> list[tuple[Any, ...]]:
    """The growths at which an area meets the floor or the cap, in order, what all receive at each, and where the quantum lies."""
    first, count, found, number, told = block.first, block.count, block.balance, block.number, block.told
    many = 2 * count
    quantum, growth = sum(r["allocation"] for r in rows) / POUND, rows[0]["balancing_growth"]
    base, change = _block("C", first, count, "Years!"), _block("F", first, count, "Years!")
    meets = f"Years!$G${first}:$H${first + count - 1}"
    given = (
        f"=IF({QUANTUM}>0,{QUANTUM},ROUND(SUM({base})*(1+{GROWTH}),2))"
        if number == 0
        else f"=ROUND(C{found - many}*(1+{GROWTH}),2)"
    )
    growths, sums = _block("D", found, many), _block("E", found, many)
    below = f"IFERROR(MATCH($C${found},{sums},1),1)"
    after = f"MIN({below}+1,{many})"
    rise = f"(INDEX({sums},{after})-INDEX({sums},{below}))"
    along = f"($C${found}-INDEX({sums},{below}))/{rise}*(INDEX({growths},{after})-INDEX({growths},{below}))"
    crossing = f"=INDEX({growths},{below})+IF({rise}=0,0,MAX(0,{along}))"
    corners = sorted(told[end] - row["convergence"] for end in ("floor", "cap") for row in rows)
    cells = []
    for place in range(1, many + 1):
        at = found + place - 1
        wanted = f"(D{at}+{change})"
        held = f"({wanted}<{FLOOR})*{FLOOR}+({wanted}>{CAP})*{CAP}+({wanted}>={FLOOR})*({wanted}<={CAP})*{wanted}"
        quantum_cell = Formula(given if place == 1 else f"=C{found}", quantum)
        balancing = Formula(crossing if place == 1 else f"=F{found}", growth)
        smallest = Formula(f"=SMALL({meets},B{at})", corners[place - 1])
        received = Formula(f"=SUMPRODUCT({base}*(1+{held}))", _received(rows, corners[place - 1], told))
        cells.append((year, place, quantum_cell, smallest, received, balancing))
    return cells


def _received(rows: list[dict[str, Any]], growth: float, told: Mapping[str, Any]) -> float:
    held = [min(max(growth + row["convergence"], told["floor"]), told["cap"]) for row in rows]
    return sum(row["baseline"] / POUND * (1 + h) for row, h in zip(rows, held, strict=True))


def _check(tables: Tables, years: Sheet) -> Sheet:
    """What the formulas come to beside what the page says."""
    pages = tables["years"].sort_values(["year", "area"])["allocation"] / POUND
    rows = [
        (
            *(row[0], row[1], Formula(f"=Years!N{at}", page), float(page)),
            Formula(f"=ROUND(C{at}-D{at},2)", 0),
            Formula(f'=IF(E{at}=0,"Agrees","Differs")', "Agrees"),
        )
        for at, (row, page) in enumerate(zip(years.rows, pages, strict=True), FIRST_ROW)
    ]
    columns = [("Year", WORDS), ("Area", WORDS), ("By these formulas (£)", MONEY), ("On the page (£)", MONEY)]
    return Sheet("Check", "Every allocation beside the page", [*columns, ("Difference (£)", MONEY), ("Check", WORDS)], rows)


def _cells(frame: pd.DataFrame, columns: str) -> list[tuple[Any, ...]]:
    return list(frame[columns.split()].itertuples(index=False, name=None))
