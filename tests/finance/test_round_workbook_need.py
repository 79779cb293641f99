"""The sheets of a model of need: inputs that can be changed, formulas that follow them, and a sum that is the page's need."""

import re
from types import SimpleNamespace

import pandas as pd
import pytest

from finance.calculations.rounds import calculate_round
from finance.figures.round_workbook import sheets_of
from finance.figures.round_workbook_need import coefficients_sheet
from presentation.formula_workbook import FIRST_ROW, Formula
from tests.finance.round_area import PARAMETERS, modelled, with_measures

POLICY, INPUTS = modelled(), with_measures()
MODEL = {"constant": POLICY.model.constant, "coefficients": [list(measure) for measure in POLICY.model.measures]}
RESULT = calculate_round(INPUTS, POLICY)


@pytest.fixture(scope="module")
def sheets() -> dict:
    found = SimpleNamespace(
        method="chain",
        need="model",
        need_includes_age=False,
        quantum=None,
        first_year="2026/27",
        years=2,
        parameters={**PARAMETERS, "need_model": MODEL},
    )
    names = ["baselines", "people", "cost_weights", "need", "measures", "care", "market_forces", "weighted"]
    tables = {name: getattr(INPUTS, name) for name in names}
    results = {"shares": RESULT.shares, "years": RESULT.years, "moved": RESULT.moved, "terms": RESULT.terms}
    return {sheet.name: sheet for sheet in sheets_of(found, {**tables, **results})}


def cells(sheet, heading: str) -> list:
    at = [words for words, _ in sheet.columns].index(heading)
    return [row[at] for row in sheet.rows]


def test_coefficients_are_numbers_in_the_order_that_they_were_told():
    sheet = coefficients_sheet(MODEL)
    assert sheet.rows[0] == ("The constant", "Everybody", 40.0)
    assert [row[0] for row in sheet.rows[1:]] == [measure for measure, _, _ in POLICY.model.measures]
    assert cells(sheet, "Need or supply")[1:] == ["Need"] * 3 + ["Supply"] * 2
    assert not any(isinstance(cell, Formula) for row in sheet.rows for cell in row)


def test_every_measure_of_every_area_has_a_row_with_its_own_value(sheets):
    sheet = sheets["Measures"]
    expected = INPUTS.measures.set_index(["area", "measure"])["value"]
    assert len(sheet.rows) == len(expected)
    for area, measure, value in zip(cells(sheet, "Area"), cells(sheet, "Measure"), cells(sheet, "Value"), strict=True):
        assert value == expected[area, measure]
    assert set(cells(sheet, "Number of the measure")) == {1, 2, 3, 4, 5}
    assert set(cells(sheet, "Year")) == {"Every year"}


def test_what_a_measure_adds_names_its_own_coefficient_and_asks_of_which_side_it_is(sheets):
    sheet = sheets["Measures"]
    numbers, added = cells(sheet, "Number of the measure"), cells(sheet, "Adds to need (£ a head)")
    for at, (number, formula) in enumerate(zip(numbers, added, strict=True), FIRST_ROW):
        row = FIRST_ROW + number
        assert formula.text == f'=Coefficients!$C${row}*IF(Coefficients!$B${row}="Supply",G{at},E{at})'
    used = cells(sheet, "Adds to use (£ a head)")
    assert all(re.fullmatch(r"=Coefficients!\$C\$\d+\*E\d+", formula.text) for formula in used)


def test_sums_of_what_measures_add_are_the_need_and_the_use_of_each_area(sheets):
    sheet = sheets["Measures"]
    frame = pd.DataFrame(
        {
            "area": cells(sheet, "Area"),
            "need": [formula.value for formula in cells(sheet, "Adds to need (£ a head)")],
            "use": [formula.value for formula in cells(sheet, "Adds to use (£ a head)")],
        }
    )
    sums = frame.groupby("area").sum() + POLICY.model.constant
    shares = sheets["Shares"]
    assert [formula.value for formula in cells(shares, "Need")] == pytest.approx(sums["need"].tolist())
    assert [formula.value for formula in cells(shares, "Use, with its own supply")] == pytest.approx(sums["use"].tolist())
    constant = f"=Coefficients!$C${FIRST_ROW}+SUMIFS("
    assert all(formula.text.startswith(constant) for formula in cells(shares, "Need"))


def test_the_mean_of_supply_is_of_all_areas_people(sheets):
    sheet = sheets["Measures"]
    means = {
        measure: formula.value
        for measure, formula in zip(cells(sheet, "Measure"), cells(sheet, "Mean of all people"), strict=True)
    }
    people = RESULT.shares.query("year == '2026/27'").set_index("area")["population"]
    for measure, own in INPUTS.measures.groupby("measure"):
        values = own.set_index("area")["value"]
        assert means[measure] == pytest.approx((values * people).sum() / people.sum())
    assert [formula.value for formula in cells(sheet, "People")] == [float(people[area]) for area in cells(sheet, "Area")]
