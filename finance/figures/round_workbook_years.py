"""Sheets of the worked calculation from baseline to allocation, year by year, and the check against the page.

Balancing growth is found without trying: what all areas receive is a straight line between the growths at which one of them
meets the floor or the cap, so the line that crosses the quantum gives it exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from finance.calculations.policy import growth_of_years
from presentation.amounts import POUND
from presentation.formula_workbook import EXACT, FIRST_ROW, MONEY, NUMBER, WORDS, Formula, Sheet

ALL = "Every year"
Tables = Mapping[str, pd.DataFrame]
# Where the sheet of the policy, which begins with these, holds them.
FLOOR, CAP, QUANTUM = (f"Policy!$B${FIRST_ROW + n}" for n in range(3))


def policy_rows(found: Any) -> list[tuple[str, Any]]:
    """The first rows of the sheet of the policy, in the order that formulas name them."""
    told = found.parameters
    return [
        ("Floor", told["floor"]),
        ("Cap", told["cap"]),
        ("Quantum of the first year in pounds (0: baselines and their growth)", (found.quantum or 0) / POUND),
    ]


def sheets_of_years(found: Any, tables: Tables, knots: Sheet, shares: Sheet) -> list[Sheet]:
    """What the years begin with and grow by, the balancing growth they rest on, the allocations, and the check of them."""
    begins = _Begins(_growth(found, tables), _baselines(tables), _transfers(tables))
    years, balance = _years(found, tables, knots, shares, begins)
    given = [sheet for sheet in (begins.growth, begins.baselines, begins.transfers) if sheet]
    return [*given, balance, years, _check(tables, years)]


@dataclass(frozen=True)
class _Begins:
    """The sheets that years rest on beside shares and policy; none of transfers where nothing is moved."""

    growth: Sheet
    baselines: Sheet
    transfers: Sheet | None


def _growth(found: Any, tables: Tables) -> Sheet:
    years = [str(year) for year in dict.fromkeys(tables["years"]["year"])]
    rates = growth_of_years(found.parameters["growth"], years)
    return Sheet("Growth", "Growth of the quantum in each year", [("Year", WORDS), ("Growth", EXACT)], list(rates.items()))


def _baselines(tables: Tables) -> Sheet:
    rows = tables["baselines"].sort_values("area")
    amounts = [(area, amount / POUND) for area, amount in zip(rows["area"], rows["baseline"], strict=True)]
    return Sheet(
        "Baselines", "What is spent on each area in the baseline year", [("Area", WORDS), ("Baseline (£)", MONEY)], amounts
    )


def _transfers(tables: Tables) -> Sheet | None:
    """Amounts that are added to a baseline from a year on, where there are any."""
    if "transfer" not in tables["years"]:
        return None
    moved = tables["years"][tables["years"]["transfer"] != 0]
    rows = [(y, a, t / POUND) for y, a, t in moved[["year", "area", "transfer"]].itertuples(index=False, name=None)]
    columns = [("Year", WORDS), ("Area", WORDS), ("Added to its baseline (£)", MONEY)]
    return Sheet("Transfers", "Recurrent transfers, at the start of their year", columns, rows)


def _years(found: Any, tables: Tables, knots: Sheet, shares: Sheet, begins: _Begins) -> tuple[Sheet, Sheet]:
    """Year by year: the allocations, and the balancing growth they rest on."""
    count = len(tables["baselines"])
    allocated, balanced = [], []
    for number, (year, own) in enumerate(tables["years"].groupby("year", sort=False)):
        first, balance = FIRST_ROW + number * count, FIRST_ROW + number * 2 * count
        block = _Block(first, count, balance, number, found.parameters, begins)
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
    """Where a year stands: its first row and how many on the sheet of years, its first on that of balances; and the policy."""

    first: int
    count: int
    balance: int
    number: int
    told: Mapping[str, Any]
    begins: _Begins


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
    first, count, found, told = block.first, block.count, block.balance, block.told
    base = row["baseline"] / POUND
    baseline = Formula(_baseline(at, block), base)
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


def _baseline(at: int, block: _Block) -> str:
    """The first year's own, and then the allocation of the year before; with what is transferred in or out."""
    own, moved = block.begins.baselines, block.begins.transfers
    before = f"N{at - block.count}" if block.number else f"SUMIFS({own.cells(1)},{own.cells(0)},B{at})"
    return f"={before}" + (f"+SUMIFS({moved.cells(2)},{moved.cells(0)},A{at},{moved.cells(1)},B{at})" if moved else "")


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
    growing = block.begins.growth
    given = f"ROUND(SUM({base})*(1+SUMIFS({growing.cells(1)},{growing.cells(0)},A{found})),2)"
    given = f"={given}" if number else f"=IF({QUANTUM}>0,{QUANTUM},{given})"
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
