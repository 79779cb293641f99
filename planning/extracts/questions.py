"""What is still to be asked of whoever sent a file: which sheet, which layout, and which of their columns is which of ours."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .layouts import LAYOUT_NAMES, Column, HeadingMatch, layout_columns, match_headings, may_stand_for, normal_heading
from .layouts import recognised_layout as recognised
from .month_names import fault_of_crosstab, sheets_of_months
from .reading import Heading, Refused, find_heading, hold_against
from .workbooks import Sheet

SHEET, LAYOUT, COLUMNS = "sheet", "layout", "columns"
# A sheet in which so much of what is required is found may be the one.
HALF = 0.5
ONE_SHEET = (
    "Only one sheet is read: to send several months, copy their rows under each other into one sheet. Headings may come again."
)
NOT_OFFERED = "Select one of the columns of the file. Columns to date, of a whole year or that identify people cannot be used"


@dataclass(frozen=True)
class Table:
    """The text of a file or of one sheet of a workbook, with the likeliest heading row in it."""

    sheet: Sheet
    path: Path
    heading: Heading


@dataclass(frozen=True)
class Look:
    """What a first look at a file shows: the table to be read, and what has to be asked before it can be.

    `question` is one of SHEET, LAYOUT and COLUMNS, or blank; `layout` is the one that the headings are of, where that is
    another than the sender said.
    """

    table: Table
    question: str = ""
    layout: str = ""


def tables_of(
    sheets: Sequence[Sheet], folder: Path, layout: str, mapping: Mapping[str, str], rows: Mapping[str, int] | None = None
) -> list[Table]:
    """The tables that a file's sheets hold; a sheet that is no table at all is left out, unless it is the only one.

    Args:
        sheets: Sheets of a workbook, or the one text of another file.
        folder: Where their files are.
        layout: The layout that the sender named.
        mapping: What people have said of headings: normal heading → field.
        rows: Name of the sheet → the row that somebody has said is its heading row.

    Returns:
        At least one table.

    Raises:
        Refused: No sheet can be read.
    """
    tables, fault = [], Refused("The selected file is empty.")
    for sheet in sheets:
        path = folder / sheet.file
        try:
            tables.append(Table(sheet, path, find_heading(path, layout, mapping, (rows or {}).get(sheet.name))))
        except Refused as refused:
            fault = refused
    if not tables:
        raise fault
    return tables


def look(tables: Sequence[Table], layout: str, sheet: str = "", *, settled: bool = False) -> Look:
    """Choose the table to be read, and say what is to be asked first.

    Args:
        tables: As of `tables_of`.
        layout: The layout that the sender named.
        sheet: Name of the sheet that was chosen, now or for an earlier file.
        settled: Whether the sender has said of this file that it is of the layout.

    Returns:
        The table, and the question if there is one.

    Raises:
        Refused: The file cannot be what the sender says, whatever they answer.
    """
    chosen = next((t for t in tables if t.sheet.name == sheet), None) if sheet else None
    if chosen is None:
        likely = likely_tables(tables, layout)
        chosen = likely[0]
        if len(likely) > 1:
            return Look(chosen, SHEET)
    match = chosen.heading.match
    other = "" if settled else recognised(chosen.heading.cells) or ""
    if other and len(match_headings(chosen.heading.cells, other).indexes) > len(match.indexes):
        return Look(chosen, LAYOUT, other)
    if not match.missing and not match.duplicated:
        return Look(chosen)
    if can_be_mapped(chosen.heading, layout):
        return Look(chosen, COLUMNS)
    hold_against(chosen.heading, layout)
    return Look(chosen)


def likely_tables(tables: Sequence[Table], layout: str) -> list[Table]:
    """The tables that may be the one, the likeliest first: those with the headings, else any that could be mapped.

    Sheets that are hidden count only where no other will do.
    """
    shown = [t for t in tables if not t.sheet.hidden]
    for among in (shown, tables):
        known = [t for t in among if _share_found(t.heading.match, layout) >= HALF or recognised(t.heading.cells)]
        if known:
            return sorted(known, key=_likeliest)
    for among in (shown, tables):
        mappable = [t for t in among if can_be_mapped(t.heading, layout)]
        if mappable:
            return sorted(mappable, key=_likeliest)
    return sorted(tables, key=_likeliest)[:1]


def _likeliest(table: Table) -> tuple[bool, int, int]:
    match = table.heading.match
    return bool(match.missing or match.duplicated), -len(match.indexes), -table.sheet.rows


def _share_found(match: HeadingMatch, layout: str) -> float:
    required = [c.field for c in layout_columns(layout) if c.required]
    return sum(name in match.indexes for name in required) / len(required)


def can_be_mapped(heading: Heading, layout: str) -> bool:
    """Whether the file has enough columns, each with a name of its own, to hold what is required: one at least for each."""
    if set(heading.match.duplicated) and len(heading.match.between) < len(heading.match.duplicated):
        return False
    required = [c for c in layout_columns(layout) if c.required]
    if "month" not in heading.match.indexes and fault_of_crosstab(heading.cells):
        return False
    if not all(headings_to_offer(heading, column) for column in columns_to_ask(heading, layout)[0]):
        return False
    return len({normal_heading(cell) for cell in heading.cells if cell.strip()}) >= len(required)


def columns_to_ask(heading: Heading, layout: str) -> tuple[list[Column], list[Column]]:
    """Columns that no heading stands for, or that several could.

    Args:
        heading: As found.
        layout: The layout that it is held against.

    Returns:
        Those that are required, and those that may stay without; none that names people.
    """
    found, between = heading.match.indexes, heading.match.between
    asked = [c for c in layout_columns(layout) if not c.identifying and (c.field not in found or c.field in between)]
    needed = [c for c in asked if c.required or c.field in between]
    return needed, [c for c in asked if c not in needed]


def headings_to_offer(heading: Heading, column: Column) -> list[str]:
    """Headings of the file that may stand for a column: those that stand for none, and those that several could be.

    Args:
        heading: As found.
        column: The column of ours.

    Returns:
        Headings as they are written, in the order of the file; each once.
    """
    # Of two headings that were both said to be one column, one may be meant for another that is missing.
    among = {cell for cells in heading.match.between.values() for cell in cells}
    free = {*heading.match.unknown, *heading.match.other_periods, *among}
    # An alias may have been taken for something that its sender means otherwise.
    free |= {h for h in heading.match.taken_as if h not in heading.match.mapped}
    times = [normal_heading(cell) for cell in heading.cells]
    offered = [c.strip() for c in heading.cells if c.strip() in free and may_stand_for(c, column)]
    return [c for c in dict.fromkeys(offered) if times.count(normal_heading(c)) == 1]


def faults_of_mapping(answers: Mapping[str, str], heading: Heading, layout: str) -> dict[str, str]:
    """What is wrong with answers.

    Args:
        answers: Field → heading of the file; a blank heading is no answer.
        heading: As found.
        layout: The layout that it is held against.

    Returns:
        Field → what to do about it; empty where nothing is wrong.
    """
    columns = {c.field: c for c in layout_columns(layout)}
    required, _ = columns_to_ask(heading, layout)
    faults = {c.field: f"Select which of your columns is {c.name}" for c in required if not answers.get(c.field)}
    used: dict[str, str] = {}
    for name, theirs in answers.items():
        if not theirs:
            continue
        column = columns.get(name)
        if column is None or theirs not in headings_to_offer(heading, column):
            faults[name] = NOT_OFFERED
        elif theirs in used:
            faults[name] = f"{theirs} is selected for {columns[used[theirs]].name} too. Select each of your columns once"
        used.setdefault(theirs, name)
    return faults


def refusal_of(found: Look, layout: str, tables: Collection[Table]) -> Refused:
    """Why a file is refused where nobody is there to answer.

    Args:
        found: A look with a question.
        layout: The layout that the sender named.
        tables: Those that were looked at.

    Returns:
        The refusal, with what to do.
    """
    if found.question == SHEET:
        names = [t.sheet.name for t in likely_tables(list(tables), layout)]
        said = f"The selected workbook has more than one sheet that could be read: {', '.join(names)}. Say which, or keep one."
        return Refused(f"{said} {ONE_SHEET}" if sheets_of_months(names) else said)
    if found.question == LAYOUT:
        said, read = LAYOUT_NAMES[layout], LAYOUT_NAMES[found.layout]
        return Refused(f"The selected file must be {said}. Its headings are those of {read}.")
    try:
        hold_against(found.table.heading, layout)
    except Refused as refused:
        return refused
    return Refused("The selected file cannot be read as it is.")
