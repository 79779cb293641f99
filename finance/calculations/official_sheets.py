"""Which sheet of a published workbook is meant."""

from collections.abc import Mapping

import pandas as pd

from planning.calculations.reference_rows import problem

from .official_layouts import LAYOUTS, OfficialLayout
from .official_rows import financial_year, heading_of_columns, under_titles


def meant_sheet(
    sheets: Mapping[str, pd.DataFrame], *, kind: str, file: str, year: str = "", asked: str = ""
) -> tuple[str, list[dict[str, object]]]:
    """The sheet that holds what a kind of official file must hold.

    Args:
        sheets: text columns of each sheet by its name, those that show first; a CSV is one sheet without a name.
        kind: one of `LAYOUTS`.
        file: name of the file, for messages.
        year: financial year of the edition; of several sheets with the columns, the one that is named for it is meant.
        asked: name of the sheet that somebody has asked for, in any case; "" for none.

    Returns:
        Its name, and records of `PROBLEM_COLUMNS`: one where the sheet that is asked for is not there, or where several could
        be meant. Where no sheet has every column, the one with most of them, so that what is missing can be said of it.
    """
    listed = ", ".join(sheets)
    if asked.strip() and any(sheets):
        named = next((name for name in sheets if name.casefold() == asked.strip().casefold()), None)
        if named is None:
            return next(iter(sheets)), [problem(file, 1, "sheet", asked, f"Give one of the sheets of the workbook: {listed}.")]
        return named, []
    layout = LAYOUTS[kind]
    number = {name: _columns_found(text, layout, year) for name, text in sheets.items()}
    whole = [name for name in sheets if number[name] == len(layout.columns) + 1]
    of_year = [name for name in whole if financial_year(name) == year]
    if len(whole) < 2 or len(of_year) == 1:
        return (of_year or whole or [max(sheets, key=lambda name: number[name])])[0], []
    words = f"Say which sheet is meant: {' and '.join(whole)} have these columns."
    return whole[0], [problem(file, 1, "sheet", "", words)]


def _columns_found(text: pd.DataFrame, layout: OfficialLayout, year: str) -> int:
    """How many columns of the layout a sheet has; one more than there are where none that it must have is missing."""
    found = heading_of_columns(under_titles(text, layout, year)[0], layout, year)
    needed = {column.name for column in layout.columns if column.required}
    return len(layout.columns) + 1 if needed <= set(found) else len(found)
