"""Months in the names of sheets and in headings: one sheet or one column for each month, where a file has a row for each."""

import re
from collections.abc import Iterable, Sequence

from planning.calculations.financial_years import MONTH_SPELLINGS

from .layouts import normal_heading

_MONTH = re.compile(rf"(?<![A-Z0-9])(?:{MONTH_SPELLINGS})(?![A-Z0-9])")
# Fewer may be columns of something else, such as the month of admission.
SIDE_BY_SIDE = 4
PIVOT = ("ROW LABELS", "COLUMN LABELS")


def names_a_month(text: str) -> bool:
    """Whether a name or heading holds a month, such as "June", "ACM_Apr-25" or "M01"."""
    return bool(_MONTH.search(text.upper().replace("_", " ")))


def sheets_of_months(names: Iterable[str]) -> bool:
    """Whether several sheets are each of a month, so that one of them is not the whole, nor the same one next time."""
    return sum(map(names_a_month, names)) > 1


def fault_of_crosstab(cells: Sequence[str]) -> str:
    """What to do about headings under which a row is not of one month.

    Args:
        cells: The heading row, in which the month was not found.

    Returns:
        A sentence for months side by side or a pivot table; blank for any other row.
    """
    if any(normal_heading(cell) in PIVOT for cell in cells):
        return "The selected table is a pivot table. Double-click its grand total to list the rows behind it, and send those."
    months = [cell.strip() for cell in cells if names_a_month(cell)]
    if len(months) < SIDE_BY_SIDE:
        return ""
    return (
        f"Months stand side by side in the headings ({', '.join(months[:3])} and more). Give each month rows of its own, with "
        "its number in a column FINANCIAL MONTH (in Excel: Data, From Table, Unpivot Columns), and select that file."
    )
