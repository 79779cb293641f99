"""The worked calculation: every step a live formula, cells that name what they rest on, and the same pence in LibreOffice."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest

from finance.calculations.rounds import calculate_round
from finance.figures.round_workbook import sheets_of
from presentation.formula_workbook import FIRST_ROW, Formula, formula_workbook
from tests.finance.round_area import KNOTS, PARAMETERS, POLICY, modelled, with_measures, worked_inputs

INPUTS = worked_inputs()
NAMES = ["baselines", "people", "cost_weights", "need", "measures", "care", "market_forces", "weighted"]
SHEETS = [
    "Policy",
    "Knots",
    "Cost weights",
    "People",
    "Factors",
    "Care",
    "Shares",
    "Growth",
    "Baselines",
    "Balance",
    "Years",
    "Check",
]
REFERS = re.compile(r"(?:'([^']+)'|\b([A-Z][a-z]+))!")


def later_people() -> pd.DataFrame:
    """People of each year by itself, those of one area growing."""
    second = INPUTS.people.assign(year="2027/28")
    grown = second["population"].where(second["area"] != "C", second["population"] + 1_000)
    return pd.concat([INPUTS.people.assign(year="2026/27"), second.assign(population=grown)], ignore_index=True)


def negative_credit() -> pd.DataFrame:
    """A provider that paid back more than it was paid for the people of one area."""
    care = INPUTS.care.copy()
    care.loc[(care["area"] == "A") & (care["provider"] == "P4"), "price"] = -10_000
    return care


# What a round may be asked: (policy, inputs).
ASKED = {
    "full chain": (POLICY, INPUTS),
    "ten years": (
        replace(POLICY, years=tuple(f"20{n}/{n + 1}" for n in range(26, 36)), floor=0.03),
        INPUTS,
    ),
    "from a measure": (replace(POLICY, need="measure", need_per_unit=0.3), INPUTS),
    "need that holds age": (replace(POLICY, need_includes_age=True), INPUTS),
    "published": (replace(POLICY, method="published", floor=-0.1, cap=0.2), INPUTS),
    "projected": (POLICY, replace(INPUTS, people=later_people())),
    "a quantum to the penny": (replace(POLICY, quantum=13_822_560_000_100, floor=-0.05, cap=0.2), INPUTS),
    "nobody moves": (replace(POLICY, knots=((-0.1, 0.0), (0.1, 0.0))), INPUTS),
    "all on the floor": (replace(POLICY, floor=0.044), INPUTS),
    "all on the cap": (replace(POLICY, floor=0.0, cap=0.044), INPUTS),
    "a model of need": (modelled(), with_measures()),
    "a model of need and projected people": (modelled(), replace(with_measures(), people=later_people())),
    "a credit": (POLICY, replace(INPUTS, care=negative_credit())),
    "growth and transfers by year": (
        replace(
            POLICY,
            years=("2026/27", "2027/28", "2028/29"),
            growth=(0.044, 0.02, -0.01),
            floor=-0.05,
            cap=0.2,
            transfers={"2026/27": {"A": -5_000_000_0100, "B": 5_000_000_0100}, "2028/29": {"C": 1_234_567_8900}},
        ),
        INPUTS,
    ),
}


def asked_of(name: str) -> tuple[SimpleNamespace, dict[str, pd.DataFrame]]:
    """A round as it is stored, without a database: what it was asked, and its tables."""
    policy, inputs = ASKED[name]
    result = calculate_round(inputs, policy)
    parameters = {
        **PARAMETERS,
        "growth": policy.growth,
        "floor": policy.floor,
        "cap": policy.cap,
        "knots": [list(knot) for knot in policy.knots],
        "need_per_unit": policy.need_per_unit,
        "need_model": {"constant": policy.model.constant, "coefficients": [list(m) for m in policy.model.measures]},
    }
    found = SimpleNamespace(
        method=policy.method,
        need=policy.need,
        need_includes_age=policy.need_includes_age,
        quantum=policy.quantum,
        parameters=parameters,
    )
    tables = {name: getattr(inputs, name) for name in NAMES}
    return found, {**tables, "shares": result.shares, "years": result.years, "moved": result.moved, "terms": result.terms}


def formulas_of(sheet) -> list[Formula]:
    return [cell for row in sheet.rows for cell in row if isinstance(cell, Formula)]


@pytest.mark.parametrize("name", list(ASKED))
def test_every_formula_rests_on_sheets_and_rows_that_are_there(name):
    found, tables = asked_of(name)
    sheets = {sheet.name: sheet for sheet in sheets_of(found, tables)}
    for sheet in sheets.values():
        for formula in formulas_of(sheet):
            assert formula.text.startswith("=")
            assert formula.text.count("(") == formula.text.count(")")
            assert {a or b for a, b in REFERS.findall(formula.text)} <= set(sheets)
            assert formula.value == formula.value, formula.text


@pytest.mark.parametrize("name", list(ASKED))
def test_what_formulas_carry_is_what_the_product_computed(name):
    found, tables = asked_of(name)
    years = next(sheet for sheet in sheets_of(found, tables) if sheet.name == "Years")
    headings = [heading for heading, _ in years.columns]
    wanted = tables["years"].sort_values(["year", "area"]).to_dict("records")
    assert len(years.rows) == len(wanted)
    for row, own in zip(years.rows, wanted, strict=True):
        cell = {
            heading: value.value if isinstance(value, Formula) else value for heading, value in zip(headings, row, strict=True)
        }
        assert (cell["Year"], cell["Area"]) == (own["year"], own["area"])
        assert cell["Baseline (£)"] == own["baseline"] / 10_000
        assert cell["Target share"] == own["target_share"]
        assert cell["Opening distance"] == own["opening_distance"]
        assert cell["Convergence"] == own["convergence"]
        assert cell["Growth"] == own["growth"]
        assert cell["Allocation (£)"] == own["allocation"] / 10_000
        assert cell["Target (£)"] == own["target"] / 10_000
        assert cell["Closing distance"] == own["closing_distance"]


def test_the_sheets_stand_in_the_order_of_the_steps():
    assert [sheet.name for sheet in sheets_of(*asked_of("full chain"))] == SHEETS
    assert [sheet.name for sheet in sheets_of(*asked_of("published"))] == [
        "Policy",
        "Knots",
        "Shares",
        "Growth",
        "Baselines",
        "Balance",
        "Years",
        "Check",
    ]
    assert "Transfers" in [sheet.name for sheet in sheets_of(*asked_of("growth and transfers by year"))]


def test_inputs_are_numbers_that_can_be_changed_and_every_result_is_a_formula():
    sheets = {sheet.name: sheet for sheet in sheets_of(*asked_of("full chain"))}
    assert all(not formulas_of(sheets[name]) for name in ("Policy", "Knots", "Cost weights", "Factors", "Growth", "Baselines"))
    assert all(isinstance(row[4], int) for row in sheets["People"].rows)
    assert all(isinstance(row[2], float) for row in sheets["Care"].rows)
    for row in sheets["Shares"].rows:
        assert [isinstance(cell, Formula) for cell in row[2:]] == [True, True, True, False, *[True] * 7]
    first, later = sheets["Years"].rows[0], sheets["Years"].rows[4]
    assert first[2].text == f"=SUMIFS('Baselines'!$B$3:$B$6,'Baselines'!$A$3:$A$6,B{FIRST_ROW})"
    assert later[2].text == f"=N{FIRST_ROW}"


def test_growth_and_transfers_are_those_of_each_year_and_can_be_changed():
    sheets = {sheet.name: sheet for sheet in sheets_of(*asked_of("growth and transfers by year"))}
    assert sheets["Growth"].rows == [("2026/27", 0.044), ("2027/28", 0.02), ("2028/29", -0.01)]
    assert sheets["Transfers"].rows == [
        ("2026/27", "A", -5_000_000.01),
        ("2026/27", "B", 5_000_000.01),
        ("2028/29", "C", 1_234_567.89),
    ]
    moved = sheets["Years"].rows[10]
    assert moved[:2] == ("2028/29", "C")
    assert moved[2].text.startswith(f"=N{FIRST_ROW + 6}+SUMIFS('Transfers'!$C$3:$C$5")


def test_people_that_stand_for_every_year_are_weighted_once_and_projected_ones_every_year():
    def shares(name):
        return next(sheet for sheet in sheets_of(*asked_of(name)) if sheet.name == "Shares").rows

    assert [row[0] for row in shares("ten years")] == ["Every year"] * 4
    assert [row[0] for row in shares("projected")] == ["2026/27"] * 4 + ["2027/28"] * 4
    assert shares("projected")[2][-1].value != shares("projected")[6][-1].value


def test_the_last_sheet_holds_every_allocation_against_the_page():
    found, tables = asked_of("full chain")
    check = sheets_of(found, tables)[-1]
    assert [row[3] for row in check.rows] == [value / 10_000 for value in tables["years"]["allocation"]]
    assert check.rows[0][2].text == f"=Years!N{FIRST_ROW}"
    assert check.rows[0][4].text == f"=ROUND(C{FIRST_ROW}-D{FIRST_ROW},2)"
    assert {row[5].value for row in check.rows} == {"Agrees"}


def test_knots_are_those_of_the_round():
    knots = sheets_of(*asked_of("full chain"))[1]
    assert [tuple(row) for row in knots.rows] == list(KNOTS)


def recalculated(content: bytes, folder) -> openpyxl.Workbook:
    """What LibreOffice makes of the formulas alone: the values that they carry are taken out first."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    (folder / "out").mkdir()
    book.save(folder / "worked.xlsx")
    command = [shutil.which("soffice"), f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", "out", "worked.xlsx"], cwd=folder, check=True, capture_output=True, timeout=300)
    return openpyxl.load_workbook(folder / "out" / "worked.xlsx", data_only=True)


@pytest.mark.spreadsheet
@pytest.mark.parametrize("name", list(ASKED))
def test_libreoffice_comes_to_the_same_pence(name, tmp_path):
    found, tables = asked_of(name)
    sheets = sheets_of(found, tables)
    book = recalculated(formula_workbook("Worked", [], sheets), tmp_path)
    for sheet in sheets:
        page = book[sheet.name]
        for at, row in enumerate(sheet.rows, start=FIRST_ROW):
            for column, cell in enumerate(row, start=1):
                if not isinstance(cell, Formula):
                    continue
                shown = page.cell(at, column).value
                where = f"{sheet.name}, row {at}, column {column}: {cell.text}"
                assert not str(shown).startswith("#"), where
                if sheet.name in ("Shares", "Care", "People", "Measures"):
                    assert shown == pytest.approx(cell.value, rel=1e-9, abs=1e-12), where
    assert [row[5] for row in book["Check"].iter_rows(min_row=FIRST_ROW, values_only=True)] == ["Agrees"] * len(tables["years"])
    pages = [value / 10_000 for value in tables["years"].sort_values(["year", "area"])["allocation"]]
    assert [round(row[2], 2) for row in book["Check"].iter_rows(min_row=FIRST_ROW, values_only=True)] == pages
    targets = [round(row[17], 2) for row in book["Years"].iter_rows(min_row=FIRST_ROW, values_only=True)]
    assert targets == [value / 10_000 for value in tables["years"].sort_values(["year", "area"])["target"]]
