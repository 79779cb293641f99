"""The sheets of a model of need: its coefficients, and what each measure adds to the need and to the use of each area."""

from typing import Any

from finance.calculations.measure_names import CONSTANT, SUPPLY
from finance.figures.round_workbook_years import ALL, Tables
from presentation.formula_workbook import EXACT, FIRST_ROW, NUMBER, WORDS, Formula, Sheet

SIDES = {SUPPLY: "Supply"}
NEED_WORDS = "Need"


def coefficients_sheet(model: dict[str, Any]) -> Sheet:
    """The constant, then each measure, in the order that the round was told them."""
    rows = [("The constant", "Everybody", float(model["constant"]))]
    rows += [(measure, SIDES.get(side, NEED_WORDS), float(change)) for measure, side, change in model["coefficients"]]
    columns = [("Measure", WORDS), ("Need or supply", WORDS), ("£ a head for one unit", EXACT)]
    return Sheet("Coefficients", "The model of need: what one unit of each measure adds to cost a head", columns, rows)


def measures_sheet(tables: Tables, coefficients: Sheet, people: Sheet) -> Sheet:
    """A row for each year, area and measure; supply counts at its mean, need as it is."""
    terms = tables["terms"][tables["terms"]["side"] != CONSTANT].to_dict("records")
    numbers = {row[0]: number for number, row in enumerate(coefficients.rows) if number}
    last = FIRST_ROW + len(terms) - 1
    shares = tables["shares"].set_index(["year", "area"])["population"]
    first_year = tables["shares"]["year"].iloc[0]
    rows = []
    for at, term in enumerate(terms, FIRST_ROW):
        number = numbers[term["measure"]]
        own = f"{people.cells(0)},A{at},{people.cells(1)},B{at}"
        change = f"Coefficients!$C${FIRST_ROW + number}"
        held = f'IF(Coefficients!$B${FIRST_ROW + number}="{SIDES[SUPPLY]}",G{at},E{at})'
        same = f"($A${FIRST_ROW}:$A${last}=A{at})*($C${FIRST_ROW}:$C${last}=C{at})*$F${FIRST_ROW}:$F${last}"
        rows.append(
            (
                *(term["year"] or ALL, term["area"], number, term["measure"], float(term["value"])),
                Formula(f"=SUMIFS({people.cells(4)},{own})", float(shares[term["year"] or first_year, term["area"]])),
                Formula(f"=SUMPRODUCT({same}*$E${FIRST_ROW}:$E${last})/SUMPRODUCT({same})", term["mean"]),
                Formula(f"={change}*{held}", term["need_term"]),
                Formula(f"={change}*E{at}", term["use_term"]),
            )
        )
    columns = [("Year", WORDS), ("Area", WORDS), ("Number of the measure", "0"), ("Measure", WORDS), ("Value", EXACT)]
    columns += [("People", NUMBER), ("Mean of all people", EXACT), ("Adds to need (£ a head)", EXACT)]
    return Sheet("Measures", "What each measure adds: supply at its mean", [*columns, ("Adds to use (£ a head)", EXACT)], rows)


def need_and_use(measures: Sheet, at: int) -> tuple[str, str]:
    """The formulas of use and of need of the area on a row of the sheet of shares."""
    own = f"{measures.cells(0)},A{at},{measures.cells(1)},B{at}"
    constant = f"Coefficients!$C${FIRST_ROW}"
    return f"={constant}+SUMIFS({measures.cells(8)},{own})", f"={constant}+SUMIFS({measures.cells(7)},{own})"
