"""Files of budgets: pounds read exactly, and every fault named with its row, column, value and what to do."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.calculations.budget_rows import MONTHS, budget_rows

AREAS, PROGRAMMES = {"QKK", "E09000022"}, {"A", "B"}


def read(*rows: dict, **changed):
    frame = pd.DataFrame(rows or [{}]).astype(object)
    usual = {"area": "QKK", "programme_of_care": "", "amount": "1200", **changed}
    for name, value in usual.items():
        frame[name] = frame[name].fillna(value) if name in frame else value
    return budget_rows(frame.fillna("").astype(str), file="budgets.csv", areas=AREAS, programmes=PROGRAMMES)


def phased(amount="1200", **months) -> dict:
    return {"amount": amount, **dict.fromkeys(MONTHS, "100"), **months}


@given(st.integers(0, 10**13))
def test_pounds_and_pence_are_kept_exactly(pence):
    rows, problems = read(amount=f"{pence // 100}.{pence % 100:02}")
    assert problems == []
    assert rows["amount"].tolist() == [pence * 100]


def test_months_are_kept_where_they_are_stated():
    rows, problems = read(phased(), {"area": "E09000022"})
    assert problems == []
    assert rows["months"].tolist() == [[1_000_000] * 12, []]


def test_headings_may_be_in_capitals_and_name_the_area_too():
    rows, problems = budget_rows(
        pd.DataFrame({"AREA": ["QKK"], "Area_name": ["x"], "programme_of_care": ["A"], "Amount": ["5.50"]}),
        file="x.csv", areas=AREAS, programmes=PROGRAMMES,
    )  # fmt: skip
    assert problems == []
    assert rows[["area", "programme_of_care", "amount"]].to_numpy().tolist() == [["QKK", "A", 55_000]]


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ({"area": "XXX"}, "area", "Use the code of a system, such as QKK, or of a place"),
        ({"area": ""}, "area", "may not be blank"),
        ({"programme_of_care": "Z"}, "programme_of_care", "Use one of A, B, or leave it blank"),
        ({"amount": "lots"}, "amount", "Write a number without commas"),
        ({"amount": "-1"}, "amount", "at least 0"),
        ({"amount": "1.005"}, "amount", "at most two decimals"),
        ({"amount": "1e30"}, "amount", "at most 100,000,000,000"),
        (phased(may=""), "may", "Fill in every month of the row, or none"),
        (phased(may="99"), "amount", "together they are 1199"),
        (phased(may="-3"), "may", "at least 0"),
    ],
)
def test_what_is_wrong_is_named(row, column, message):
    rows, problems = read(row, area="QKK")
    assert rows.empty
    assert [(p["file"], p["row"], p["column"]) for p in problems] == [("budgets.csv", 2, column)]
    assert message in problems[0]["message"]


@pytest.mark.parametrize(
    ("second", "message"),
    [({}, "Remove it: row 2 is the same"), ({"programme_of_care": "A"}, "or the row of all programmes of care of QKK")],
)
def test_one_budget_for_each_population(second, message):
    _, problems = read({"area": "QKK"}, second)
    assert message in problems[0]["message"]


def test_files_without_rows_or_with_some_months_alone_are_refused():
    empty = pd.DataFrame(columns=["area", "programme_of_care", "amount"])
    assert "Add rows" in budget_rows(empty, file="x", areas=AREAS, programmes=PROGRAMMES)[1][0]["message"]
    _, problems = read({"april": "1"})
    assert "Add this column" in problems[0]["message"]
