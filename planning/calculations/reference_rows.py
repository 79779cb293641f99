"""Checks rows of reference tables, given as text, and shapes them into typed frames.

A table is declared once (`Table`, `Column`); reading, checking and writing follow the declaration. Nothing is guessed: a cell
that cannot be read is a problem with its file, row, heading, value and what to do.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd

NO_HEADING, AGAIN = "without a heading", "again"
PROBLEM_COLUMNS = ["file", "row", "column", "value", "message"]
FIRST_DATA_ROW = 2
"""Row number of the first row under the heading, as a spreadsheet counts."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `kind` is text, date, year, yes_no, whole, number or decimal; `refers_to` names the table whose codes its values are.
    `stored` is false for a column that documents a row and has no field of its own.
    """

    name: str
    kind: str = "text"
    required: bool = False
    length: int | None = None
    choices: tuple[str, ...] = ()
    refers_to: str = ""
    least: float | None = None
    most: float | None = None
    stored: bool = True


@dataclass(frozen=True)
class Table:
    """One reference table: file `name`.csv, the columns that identify a row, and all its columns in order."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        """Name of its file."""
        return f"{self.name}.csv"

    @property
    def headings(self) -> list[str]:
        """Its headings in order."""
        return [column.name for column in self.columns]


def problem(file: str, row: Any, column: str, value: object, message: str) -> dict[str, object]:
    """One problem as a record of `PROBLEM_COLUMNS`."""
    return {"file": file, "row": int(row), "column": column, "value": str(value), "message": message}


def problems_frame(problems: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Frame of `PROBLEM_COLUMNS` from records, in the order given; empty where there are none."""
    return pd.DataFrame(list(problems), columns=PROBLEM_COLUMNS)


def heading_names(cells: Iterable[str]) -> list[str]:
    """The cells of a row of headings as names of columns: a blank one, or one that stands twice, must not be taken for another.

    Args:
        cells: text in the row's order.

    Returns:
        One name for each: the cell, `Column 3 without a heading`, or `Name (again, column 3)`.
    """
    names: list[str] = []
    for number, cell in enumerate((str(cell).strip() for cell in cells), 1):
        other = f"{cell} ({AGAIN}, column {number})" if cell else f"Column {number} {NO_HEADING}"
        names.append(other if not cell or cell in names else cell)
    return names


def _read_date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError("Write the date as YYYY-MM-DD, for example 2025-04-01.") from None


def _read_year(text: str) -> str:
    found = re.fullmatch(r"(\d{4})/(\d{2})", text)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        raise ValueError("Write the financial year as 2025/26.")
    return text


def _read_yes_no(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError("Write true or false.")
    return text == "true"


def _read_whole(text: str) -> int:
    if not re.fullmatch(r"-?\d+", text):
        raise ValueError("Write a whole number without commas.")
    return int(text)


def _read_decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise ValueError("Write a number without commas or signs other than a minus.")
    return value


READERS: dict[str, Callable[[str], Any]] = {
    "text": str,
    "date": _read_date,
    "year": _read_year,
    "yes_no": _read_yes_no,
    "whole": _read_whole,
    "number": lambda text: float(_read_decimal(text)),
    "decimal": _read_decimal,
}


def _read_cell(column: Column, text: str) -> Any:
    """The typed value of one cell; blank text stays blank and any other blank is None."""
    if not text:
        if column.required:
            raise ValueError("Fill in this cell: it may not be blank.")
        return "" if column.kind == "text" else None
    value = READERS[column.kind](text)
    if column.length and len(text) > column.length:
        raise ValueError(f"Shorten it to at most {column.length} characters; it has {len(text)}.")
    if column.choices and text not in column.choices:
        raise ValueError(f"Use one of: {', '.join(column.choices)}.")
    if column.least is not None and value < column.least:
        raise ValueError(f"Use a value of at least {column.least:g}.")
    if column.most is not None and value > column.most:
        raise ValueError(f"Use a value of at most {column.most:g}.")
    return value


def check_headings(table: Table, frame: pd.DataFrame) -> list[dict[str, object]]:
    """Problems of the heading row: a column that is missing, repeated or not declared."""
    missing = [name for name in table.headings if name not in frame.columns]
    unknown = [name for name in frame.columns if name not in table.headings]
    twice = [name for name in dict.fromkeys(frame.columns[frame.columns.duplicated()]) if name in table.headings]
    return (
        [problem(table.file, 1, name, name, "Remove one of the columns of this heading.") for name in twice]
        + [problem(table.file, 1, name, "", "Add this column: its heading is missing.") for name in missing]
        + [
            problem(table.file, 1, name, name, f"Remove or rename this column; the table has {', '.join(table.headings)}.")
            for name in unknown
        ]
    )


def check_table(table: Table, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Typed rows of one table and its problems, without looking at other tables.

    Args:
        table: The declaration.
        frame: Text columns as read from the file, in the file's order; blank is "".

    Returns:
        A frame of the declared columns (object values: str, date, bool, int, float, Decimal; None where blank and not text),
        indexed by the file's own row number, and problems as records of `PROBLEM_COLUMNS`. Cells with a problem are None.
    """
    if problems := check_headings(table, frame):
        return pd.DataFrame(columns=table.headings, dtype=object), problems
    rows = range(FIRST_DATA_ROW, FIRST_DATA_ROW + len(frame))
    shaped: dict[str, list[Any]] = {}
    for column in table.columns:
        values: list[Any] = []
        for row, text in zip(rows, frame[column.name], strict=True):
            try:
                values.append(_read_cell(column, text.strip()))
            except ValueError as fault:
                values.append(None)
                problems.append(problem(table.file, row, column.name, text, str(fault)))
        shaped[column.name] = values
    result = pd.DataFrame({name: pd.Series(values, index=rows, dtype=object) for name, values in shaped.items()})
    return result, problems + _repeated_keys(table, result) + _dates_reversed(table, result)


def _repeated_keys(table: Table, frame: pd.DataFrame) -> list[dict[str, object]]:
    """A row whose identifying columns repeat those of a row above."""
    seen: dict[tuple[Any, ...], int] = {}
    problems = []
    for row, key in zip(frame.index, frame[list(table.key)].itertuples(index=False, name=None), strict=True):
        if key in seen:
            value = " ".join(str(part) for part in key if part is not None)
            problems.append(problem(table.file, row, ", ".join(table.key), value, f"Remove it: row {seen[key]} is the same."))
        seen.setdefault(key, row)
    return problems


def _dates_reversed(table: Table, frame: pd.DataFrame) -> list[dict[str, object]]:
    """A row in force until before it begins."""
    if not {"valid_from", "valid_to"} <= set(table.headings):
        return []
    return [
        problem(table.file, row, "valid_to", end, f"Use an end on or after its start, {start}.")
        for row, start, end in zip(frame.index, frame["valid_from"], frame["valid_to"], strict=True)
        if start and end and end < start
    ]


def check_references(table: Table, frame: pd.DataFrame, keys: Mapping[str, frozenset[str] | set[str]]) -> list[dict[str, object]]:
    """Problems of codes that name no row of the table they refer to.

    Args:
        table: The declaration.
        frame: Rows as `check_table` gives them.
        keys: For each table referred to, the codes that it holds.
    """
    return [
        problem(table.file, row, column.name, value, f"Use a code of {column.refers_to}.csv, or add this one there first.")
        for column in table.columns
        if column.refers_to
        for row, value in frame[column.name].items()
        if value and value not in keys.get(column.refers_to, frozenset())
    ]


def check_tables(
    tables: Sequence[Table], frames: Mapping[str, pd.DataFrame], known: Mapping[str, frozenset[str] | set[str]] | None = None
) -> tuple[dict[str, pd.DataFrame], list[dict[str, object]]]:
    """Typed rows of several tables that refer to one another, and all their problems.

    Args:
        tables: The declarations; a table may refer to any other, or to itself.
        frames: Text rows by table name; a table that is absent is left out and not checked.
        known: Codes of tables that are not among them, by table name.

    Returns:
        Typed frames by table name, and problems as records of `PROBLEM_COLUMNS` in order of table and row.
    """
    shaped: dict[str, pd.DataFrame] = {}
    problems: dict[str, list[dict[str, object]]] = {}
    keys = {name: set(codes) for name, codes in (known or {}).items()}
    for table in tables:
        if table.name in frames:
            shaped[table.name], problems[table.name] = check_table(table, frames[table.name])
            keys.setdefault(table.name, set()).update(shaped[table.name][table.key[0]])
    for table in tables:
        if table.name in shaped:
            problems[table.name] += check_references(table, shaped[table.name], keys)
    found = [one for table in tables for one in sorted(problems.get(table.name, []), key=lambda one: str(one["row"]).zfill(9))]
    return shaped, found


def overlapping_periods(table: Table, frame: pd.DataFrame) -> list[dict[str, object]]:
    """Rows of one owner (first key column) in force on the same day; a blank start or end is open."""
    owner = table.key[0]
    periods = pd.DataFrame(
        {
            "owner": frame[owner],
            "start": [value or datetime.date.min for value in frame["valid_from"]],
            "end": [value or datetime.date.max for value in frame["valid_to"]],
        },
        index=frame.index,
    ).sort_values(["owner", "start"], kind="stable")
    before = periods.groupby("owner")["end"].shift()
    return [
        problem(
            table.file, row, "valid_from", frame["valid_from"][row], "Two rows are in force at once: end the earlier one first."
        )
        for row, start, previous in zip(periods.index, periods["start"], before, strict=True)
        if isinstance(previous, datetime.date) and start <= previous
    ]


def circular_successors(table: Table, frame: pd.DataFrame) -> list[dict[str, object]]:
    """Rows whose successors lead back to themselves."""
    following = {code: successor for code, successor in zip(frame["code"], frame["successor"], strict=True) if successor}
    problems = []
    for row, code in frame["code"].items():
        seen, at = set(), following.get(code)
        while at and at not in seen:
            seen.add(at)
            at = following.get(at)
        if code in seen:
            problems.append(problem(table.file, row, "successor", following[code], "Name another: the row would follow itself."))
    return problems
