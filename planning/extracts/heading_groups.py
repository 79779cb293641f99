"""Headings that stand in two rows: what a group above a heading says of it, and headings that begin in the row above.

A group such as "Plan" or "Year to date" is written once over several columns, merged or with blank cells beside it.
"""

import re
from collections.abc import Sequence

from .layouts import columns_by_heading, match_headings, normal_heading, of_another_period

# Words of headings of figures, as far as they were seen.
_FIGURES = re.compile(r"£|\b(ACTIVITY|PRICES?|COSTS?|VALUES?|AMOUNTS?|UNITS|SPELLS|MFF|MARKET FORCES FACTOR)\b")
# A group with one of these says whose figures they are; any other, such as a title, says nothing of them.
_SIDES = re.compile(r"\b(PLAN|PLANS|PLANNED|BUDGET|TARGET|IAP|ACTUAL|ACTUALS)\b")
_OTHER_YEAR = re.compile(r"\b(LAST|PRIOR|PREVIOUS) YEAR\b")


def with_groups(above: Sequence[str], cells: Sequence[str], layout: str) -> list[str] | None:
    """The headings of a row made whole with the row above it.

    Args:
        above: Cells of the row above.
        cells: Cells of a row that may have headings.
        layout: The layout that they are held against.

    Returns:
        The whole headings, such as "Plan Activity" for Activity below Plan; None where the row above says nothing of this one.
    """
    own = [above[i].strip() if i < len(above) else "" for i in range(len(cells))]
    whole = _joined(own, cells, layout)
    if whole == list(cells):
        return None
    # A cell that is merged with the one below it is written in the upper row.
    return [cell if cell.strip() else own[i] for i, cell in enumerate(whole)]


def _joined(own: Sequence[str], cells: Sequence[str], layout: str) -> list[str]:
    national = columns_by_heading(layout)
    figure_fields = {c.field for c in national.values() if c.is_figure}
    figures = {i for name, i in match_headings(cells, layout).indexes.items() if name in figure_fields}
    whole, group = [], ""
    for i, cell in enumerate(cells):
        heading = normal_heading(cell)
        figure = i in figures or bool(_FIGURES.search(heading))
        group = (own[i] or group) if figure else ""
        over = group or own[i]
        joined = f"{over} {cell.strip()}"
        told = figure and _tells(over, heading in national)
        whole.append(joined if over and heading and (told or normal_heading(joined) in national) else cell)
    return whole


def _tells(group: str, national: bool) -> bool:
    """Whether a group says something of a figure that its heading does not: a national one says all but its period."""
    words = normal_heading(group)
    if of_another_period(group) or _OTHER_YEAR.search(words):
        return True
    return not national and bool(_SIDES.search(words))
