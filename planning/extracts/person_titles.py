"""Looks for people above the headings of a table, and on sheets that are none: labelled cells, and what could be NHS numbers.

Cells are looked at and never kept: what comes out are labels from a list of ours, and numbers of rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .layouts import identifies_people, normal_heading
from .person_marks import Marks, is_value

# A row with more cells than this is one of headings: what they name stands below them, not beside them.
LABELS_BESIDE = 4
# In a title it is the hospital's own.
OF_NOBODY = frozenset({"POSTCODE", "POST CODE"})

Rows = Sequence[Sequence[str]]


@dataclass
class TitlePeople:
    """What stands in rows above a table: labels of people with something beside or below them, and rows with codes.

    `numbers` are codes of ten digits, `passing` those of them that could be NHS numbers, in the rows `at`.
    """

    labels: list[str] = field(default_factory=list)
    numbers: int = 0
    passing: int = 0
    at: list[int] = field(default_factory=list)


def look_at_titles(rows: Rows, heading: int, *, recognised: bool) -> TitlePeople:
    """Look at the rows above a table and its heading row; of a sheet that is no table known to us, at all that are given.

    Args:
        rows: Cells of the first rows of a file or sheet.
        heading: Number of the row that was taken for the heading row.
        recognised: Whether it surely is.

    Returns:
        Labels and counts, and no cell.
    """
    found = TitlePeople()
    for number, row in enumerate(rows[:heading], 1):
        starts, passing = Marks(b"  " + "\n".join(row).encode(errors="replace") + b"   ").numbers()
        found.numbers += len(starts)
        if passing.any():
            found.passing += int(passing.sum())
            found.at.append(number)
    titles = rows[: heading - 1] if recognised else rows
    found.labels = list(dict.fromkeys(label for at in range(len(titles)) for label in _labels(titles, at)))
    return found


def _labels(rows: Rows, at: int) -> Iterator[str]:
    """Labels of people in a row that something stands with."""
    for index, cell in enumerate(rows[at]):
        label, _, rest = cell.partition(":")
        if names_someone(label) and (is_value(rest.encode(errors="replace")) or _has_value(rows, at, index)):
            yield label.strip()


def names_someone(label: str) -> bool:
    """Whether a cell above a table says that what stands beside or below it is of a person."""
    return identifies_people(label) and normal_heading(label) not in OF_NOBODY


def _has_value(rows: Rows, at: int, index: int) -> bool:
    """Whether something that is no label itself stands beside a label, or below it in a row of labels."""
    row = rows[at]
    if sum(bool(cell.strip()) for cell in row) <= LABELS_BESIDE:
        beside = next((cell for cell in row[index + 1 :] if cell.strip()), "")
        if is_value(beside.encode(errors="replace")) and not identifies_people(beside.partition(":")[0]):
            return True
    below = (other[index] for other in rows[at + 1 :] if index < len(other))
    return any(is_value(cell.encode(errors="replace")) and not identifies_people(cell.partition(":")[0]) for cell in below)


def rows_that_name_people(rows: Rows) -> list[int]:
    """Numbers of the rows that could be headings of columns of people, in a sheet of which the heading is not known.

    Args:
        rows: Cells of its first rows.

    Returns:
        Row numbers, from 1.
    """
    return [number for number, row in enumerate(rows, 1) if any(names_someone(cell) for cell in row)]
