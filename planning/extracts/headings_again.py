"""Rows below the headings that are headings again, as where months were pasted, or that number or explain the columns."""
# ruff: noqa: S608 - names in SQL come from the layout; texts go through `engine.text`.

import re
from collections.abc import Mapping
from typing import Any

from duckdb import DuckDBPyConnection

from . import engine
from .checking import READ
from .layouts import layout_columns, match_headings, normal_heading
from .reading import Heading, Refused

HEADINGS = "headings"
# So many cells of a row that are headings are no chance.
ENOUGH = 3
# Rows with different cells where a month and a provider should be: of more than these only some are looked at.
MOST = 1_000
# What stands below headings to say what their columns hold.
_UNITS = re.compile(
    r"£|£S|£000S?|GBP|POUNDS|N|NO|NUM|NUMBER|NUMERIC|COUNT|UNITS?|INTEGER|DECIMAL|TEXT|STRING|CODE|DATE|DATETIME|DATE TIME|"
    r"YYYY ?MM|YYYYYY|YYYY/YY|M|R|O|MANDATORY|REQUIRED|OPTIONAL|(MAX )?AN? ?\d{1,3}|(MAX )?N ?\d{1,2}([.,](MAX )?N? ?\d{1,2})?"
)


def headings_again(connection: DuckDBPyConnection, heading: Heading, layout: str) -> str:
    """Find such rows in the table `received`.

    Args:
        connection: Where the table is.
        heading: The heading row that was found.
        layout: The layout that the file is of.

    Returns:
        SQL over `row`, `raw_month` and `raw_provider` that holds for them; FALSE where there are none.

    Raises:
        Refused: The headings come again in another order, so that the rows below them cannot be read by the first.
    """
    fields = [name for name in dict.fromkeys(READ) if name in heading.match.indexes]
    repeated = [cells for cells in _in_words(connection, fields) if _repeats(cells, heading, layout)]
    pairs = ", ".join(f"({engine.text(cells['u_month'])}, {engine.text(cells['u_provider'])})" for cells in repeated)
    below = [str(cells["row"]) for cells in _first(connection, fields, heading.row) if _explains(cells, heading, fields)]
    found = [*([f"(raw_month, raw_provider) IN ({pairs})"] if repeated else [])]
    found += [f"row IN ({', '.join(below)})"] if below else []
    return " OR ".join(found) or "FALSE"


def _in_words(connection: DuckDBPyConnection, fields: list[str]) -> list[dict[str, Any]]:
    """Cells of rows whose month and provider are words without a digit; each once, with the first row that has them."""
    words = " AND ".join(f"regexp_full_match({name}, '[^0-9]*[A-Za-z][^0-9]*')" for name in ("month", "provider"))
    return engine.rows(
        connection,
        f"SELECT {', '.join(fields)}, upper(tidy(month)) AS u_month, upper(tidy(provider)) AS u_provider, min(row) AS row "
        f"FROM received WHERE everything IS NOT NULL AND {words} GROUP BY ALL ORDER BY row LIMIT {MOST}",
    )


def _first(connection: DuckDBPyConnection, fields: list[str], heading_row: int) -> list[dict[str, Any]]:
    """The two rows under the headings."""
    return engine.rows(
        connection,
        f"SELECT {', '.join(fields)}, row FROM received WHERE row <= {heading_row + 2} ORDER BY row",
    )


def _repeats(cells: Mapping[str, Any], heading: Heading, layout: str) -> bool:
    own = {normal_heading(heading.cells[i]): name for name, i in heading.match.indexes.items()}
    # Of headings in two rows, those of figures are alike in the lower one.
    figures = {c.field for c in layout_columns(layout) if c.is_figure} if heading.joined else set()
    stands_for = {
        name: own.get(normal_heading(cell)) or next(iter(match_headings([cell], layout).indexes), None)
        for name in heading.match.indexes
        if name not in figures and (cell := cells.get(name))
    }
    if sum(of is not None for of in stands_for.values()) < ENOUGH:
        return False
    for name, of in stands_for.items():
        if of not in (None, name):
            theirs, again = heading.cells[heading.match.indexes[name]].strip(), cells[name].strip()
            raise Refused(
                f"Row {cells['row']:,} has headings again, in another order than row {heading.row:,}: {again} stands "
                f"below {theirs}. Put all rows in the columns of one heading row, or send each part as a file of its own."
            )
    return True


def _explains(cells: Mapping[str, Any], heading: Heading, fields: list[str]) -> bool:
    """Whether a row numbers the columns, or says of each what it holds."""
    filled = {name: text for name in fields if (text := normal_heading(cells[name] or ""))}
    if len(filled) < ENOUGH or "year" not in filled:
        return False
    if all(_UNITS.fullmatch(text) for text in filled.values()):
        return True
    steps = {int(t) - heading.match.indexes[name] if t.isdecimal() and len(t) < 5 else None for name, t in filled.items()}
    return len(filled) > ENOUGH and len(steps) == 1 and None not in steps
