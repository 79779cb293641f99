"""Rows of a file of budgets: pounds in text to whole ten-thousandths, and what is wrong with them in words."""

from collections.abc import Collection
from decimal import Decimal

import pandas as pd

from planning.calculations.reference_rows import Column, Table, check_table, problem

POUND = 10_000
MOST_POUNDS = 100_000_000_000
MONTHS = (
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "january",
    "february",
    "march",
)
BUDGETS = Table(
    "budgets",
    ("area", "programme_of_care"),
    (
        Column("area", required=True, length=9),
        Column("programme_of_care", length=3),
        Column("amount", "decimal", required=True, least=0),
        *(Column(month, "decimal", least=0) for month in MONTHS),
    ),
)
COLUMNS = ["area", "programme_of_care", "amount", "months"]
Problems = list[dict[str, object]]


def budget_rows(
    text: pd.DataFrame, *, file: str, areas: Collection[str], programmes: Collection[str]
) -> tuple[pd.DataFrame, Problems]:
    """Budgets of a file and its problems.

    Args:
        text: columns of text as read, blank is "": `area` (code of a system or a place), `programme_of_care` (letter, blank for
            all), `amount` (£ of the year), and optionally the twelve months by name (£; all of a row or none).
        file: the name of the file, for its problems.
        areas: codes of systems and places that are known.
        programmes: codes of programmes of care that are known.

    Returns:
        `area`, `programme_of_care`, `amount` (whole ten-thousandths of a pound) and `months` (twelve of them, or an empty
        list); and problems as records of file, row, column, value and what to do. With problems the rows are not to be used.

    Source: layout of this product.
    """
    frame = text.rename(columns=lambda heading: str(heading).strip().lower())
    absent = {month: "" for month in MONTHS if month not in frame.columns}
    if len(absent) == len(MONTHS):
        frame = frame.assign(**absent)
    rows, problems = check_table(BUDGETS, frame.drop(columns=[c for c in ("area_name",) if c in frame.columns]))
    if rows.empty and not problems:
        problems = [problem(file, 1, "", "", "Add rows: there are none under the headings.")]
    sound = rows.drop(index=[one["row"] for one in problems if one["row"] in rows.index])
    problems += _unknown(rows, areas, programmes) + _inexact(rows) + _months_apart(sound) + _twice(sound)
    problems = sorted(problems, key=lambda one: int(str(one["row"])))
    problems = [{**one, "file": file} for one in problems]
    return (pd.DataFrame(columns=COLUMNS) if problems else _in_units(rows)), problems


def _in_units(rows: pd.DataFrame) -> pd.DataFrame:
    months = [[] if row[MONTHS[0]] is None else [int(row[month] * POUND) for month in MONTHS] for row in rows.to_dict("records")]
    amounts = [int(amount * POUND) for amount in rows["amount"]]
    phased = pd.Series(months, index=rows.index, dtype=object)
    return rows[["area", "programme_of_care"]].assign(amount=amounts, months=phased).reset_index(drop=True)


def _unknown(rows: pd.DataFrame, areas: Collection[str], programmes: Collection[str]) -> Problems:
    letters = ", ".join(sorted(programmes))
    return [
        problem("", row, "area", code, "Use the code of a system, such as QKK, or of a place, such as E09000022.")
        for row, code in rows["area"].items()
        if code and code not in areas
    ] + [
        problem("", row, "programme_of_care", code, f"Use one of {letters}, or leave it blank for all.")
        for row, code in rows["programme_of_care"].items()
        if code and code not in programmes
    ]


def _inexact(rows: pd.DataFrame) -> Problems:
    """Amounts finer than a penny, or larger than any budget."""
    stated = [(row, c, v) for c in ("amount", *MONTHS) for row, v in rows[c].items() if v is not None]
    fine = "Write pounds with at most two decimals."
    large = f"Write pounds, at most {MOST_POUNDS:,}: is it in another unit?"
    return [
        problem("", row, column, f"{value:f}", large if value > MOST_POUNDS else fine)
        for row, column, value in stated
        if value > MOST_POUNDS or value != round(value, 2)
    ]


def _months_apart(rows: pd.DataFrame) -> Problems:
    """Rows some of whose months are blank, or whose months do not add up to the year."""
    problems: Problems = []
    for row, own in rows.iterrows():
        stated = [own[month] for month in MONTHS if own[month] is not None]
        if not stated:
            continue
        if len(stated) < len(MONTHS):
            blank = next(month for month in MONTHS if own[month] is None)
            problems.append(problem("", row, blank, "", "Fill in every month of the row, or none."))
        elif (total := sum(stated, Decimal(0))) != own["amount"]:
            words = f"Make the months add up to the amount: together they are {total:f}."
            problems.append(problem("", row, "amount", str(own["amount"]), words))
    return problems


def _twice(rows: pd.DataFrame) -> Problems:
    """Areas that have a budget of all programmes of care and of one of them besides."""
    whole = set(rows.loc[rows["programme_of_care"] == "", "area"])
    return [
        problem("", row, "programme_of_care", code, f"Remove it, or the row of all programmes of care of {area}.")
        for row, area, code in zip(rows.index, rows["area"], rows["programme_of_care"], strict=True)
        if code and area in whole
    ]
