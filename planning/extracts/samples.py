"""A few cells of a column to tell it by: shown while somebody says what the column is, never kept, never of a person."""

import csv
import re
from collections.abc import Collection, Sequence
from itertools import islice
from pathlib import Path

from .layouts import identifies_people, normal_heading
from .person_marks import NOT_SHOWN, holds_person
from .reading import Heading

ROWS_LOOKED_AT, EXAMPLES = 200, 3
LONGEST_HEADING = 40
LONGEST = 20
# The name of a trust, as it stands over many a table, says nothing of people.
PERSONAL_WORDS = re.compile(
    r"\b(NAME|FORENAME|SURNAME|NHS(?! (?:FOUNDATION )?TRUST\b| ENGLAND\b)|PATIENT|PERSON|DOB|BIRTH|BORN|POSTCODE|POST CODE|"
    r"ADDRESS|EMAIL|E MAIL|PHONE|MOBILE|HOSPITAL NO|HOSPITAL NUMBER|MRN|PAS|CONSULTANT|GP NAME|GMC|INITIALS|NEXT OF KIN|"
    r"IDENTIFIER EXTENDED)\b"
)
# A plain amount; a run of seven digits and more may be somebody's number.
AMOUNT = re.compile(r"[-(]?£?[-(]?(?:\d{1,6}|\d{1,3}(?:,\d{3})+)(?:\.\d+)?\)?|\d+\.\d{1,8}")
# What stands in cells where there is no figure yet.
BLANKS = {"TBC", "TBA", "N/A", "NA", "NULL", "-", "NIL", "NONE"}
YEAR = re.compile(r"20\d\d(?:[-/ ]?(?:20)?\d\d)?")


def examples(path: Path, heading: Heading, known: Collection[str]) -> dict[str, list[str]]:
    """Cells of each column that may be shown.

    Args:
        path: The file of text.
        heading: Where its columns are.
        known: Codes of the reference lists, in capitals.

    Returns:
        Heading as written → up to three different cells; none for a column that may be of people. A column is shown only
        where all cells that were looked at are amounts, years or codes of a list.
    """
    with path.open(encoding=heading.encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=heading.delimiter)
        try:
            rows = list(islice(reader, heading.row, heading.row + ROWS_LOOKED_AT))
        except csv.Error:
            return {}
    found = {}
    for i, cell in enumerate(heading.cells):
        if not cell.strip() or i in heading.match.identifying or may_be_personal(cell):
            continue
        values = [row[i].strip() for row in rows if i < len(row) and row[i].strip()]
        if values and all(may_be_shown(value, known) for value in values):
            found[cell.strip()] = list(dict.fromkeys(values))[:EXAMPLES]
    return found


def shown_rows(headings: Sequence[Heading], known: Collection[str]) -> list[list[str]]:
    """The first rows of a file, to tell which of them has the headings.

    Args:
        headings: Each of them, taken for the heading row.
        known: Codes of the reference lists, in capitals.

    Returns:
        The filled cells of each row that may be shown. Of a column that one of the rows says is of people, only what says so
        is shown; of a row with figures in it, only figures, years and codes of a list; nothing that could be an NHS number or
        a postcode.
    """
    personal = {i for heading in headings for i, cell in enumerate(heading.cells) if may_be_personal(cell)}
    shown = []
    for heading in headings:
        cells = [(i, cell.strip()) for i, cell in enumerate(heading.cells) if cell.strip()]
        is_data = any(AMOUNT.fullmatch(cell) for _, cell in cells)

        def may(i: int, cell: str, is_data: bool = is_data) -> bool:
            if i in personal and not may_be_personal(cell):
                return False
            return may_be_shown(cell, known) or not (is_data or holds_person(cell))

        shown.append([_short(cell) if may(i, cell) else NOT_SHOWN for i, cell in cells])
    return shown


def _short(cell: str) -> str:
    return cell if len(cell) <= LONGEST_HEADING else f"{cell[: LONGEST_HEADING - 1]}…"


def may_be_personal(heading: str) -> bool:
    """Whether a heading speaks of people, so that nothing under it is shown."""
    return identifies_people(heading) or bool(PERSONAL_WORDS.search(normal_heading(heading)))


def may_be_shown(value: str, known: Collection[str]) -> bool:
    """Whether a cell is an amount, a year or a code of a list, and so cannot name anyone.

    Args:
        value: The cell.
        known: Codes of the reference lists, in capitals.

    Returns:
        False for words, long numbers, dates, postcodes and anything else.
    """
    if len(value) > LONGEST:
        return False
    return value.upper() in known or value.upper() in BLANKS or bool(AMOUNT.fullmatch(value) or YEAR.fullmatch(value))
