"""Official files beside their figures: what each must hold, a blank one to fill in, and what is wrong with one as files."""

from collections.abc import Iterator
from typing import Any

from finance.calculations.official_columns import OfficialColumn
from finance.calculations.official_layouts import LAYOUTS
from finance.queries.official import problems_of
from presentation.long_tables import LongTable

PROBLEM_HEADINGS = ("File", "Row", "Column", "Value", "What to do")


def file_layouts() -> list[dict[str, Any]]:
    """For each kind of file its title, what it holds, and its columns in words."""
    return [
        {"kind": one.kind, "title": one.title, "holds": one.holds, "columns": [_said(column) for column in one.columns]}
        for one in LAYOUTS.values()
    ]


def _said(column: OfficialColumn) -> dict[str, str]:
    return {
        "heading": _heading(column),
        "meaning": column.meaning,
        "standing": "Needed" if column.required else "May be left out",
        "example": column.example,
    }


def _heading(column: OfficialColumn) -> str:
    return column.name.replace("_", " ").capitalize()


def blank_file(kind: str) -> LongTable:
    """The headings of one kind of file, with a row of examples."""
    columns = LAYOUTS[kind].columns
    return LongTable(LAYOUTS[kind].title, [_heading(c) for c in columns], [tuple(c.example for c in columns)])


def problem_table(file: Any) -> LongTable:
    """One line for each problem of a refused file."""
    return LongTable("Problems", PROBLEM_HEADINGS, _lines(file))


def _lines(file: Any) -> Iterator[tuple[Any, ...]]:
    for row in problems_of(file).itertuples(index=False):
        yield (file.file_name, row.row, row.column, row.value, row.message)
