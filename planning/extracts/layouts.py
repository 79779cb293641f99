"""The definition of each national file: headings, accepted spellings, type, whether required, meaning, example.

Parser, checks, messages, templates and the data dictionary all read it; the rows stand in `fixtures/reference`.
"""

import csv
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .person_headings import speaks_of_a_person

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures" / "reference"
LAYOUT_NAMES = {
    "acm": "Aggregate Contract Monitoring (ACM)",
    "iap": "Indicative Activity Plan (IAP)",
    "plcm": "Patient Level Contract Monitoring (PLCM)",
    "drplcm": "Drugs Patient Level Contract Monitoring (DrPLCM)",
    "deplcm": "Devices Patient Level Contract Monitoring (DePLCM)",
}
# A patient under a code that only the trust can make: `minimise_extract` writes it in place of identifiers.
PSEUDONYM = "patient_pseudonym"
PSEUDONYM_FORM = "[0-9a-f]{64}"
# Headings that name a person, in files of any layout and under the names that hospitals give them.
IDENTIFYING_HEADINGS = (
    "NHS NUMBER",
    "NHS NO",
    "NHS NUM",
    "PATIENT NHS NUMBER",
    "NEW NHS NUMBER",
    "LOCAL PATIENT IDENTIFIER",
    "LOCAL PATIENT IDENTIFIER (EXTENDED)",
    "LOCAL PATIENT ID",
    "PATIENT IDENTIFIER",
    "HOSPITAL NUMBER",
    "HOSPITAL NO",
    "PATIENT ID",
    "PATIENT NUMBER",
    "PAS NUMBER",
    "PAS ID",
    "MRN",
    "MEDICAL RECORD NUMBER",
    "CASENOTE NUMBER",
    "CASE NOTE NUMBER",
    "UNIT NUMBER",
    "DISTRICT NUMBER",
    "PATIENT NAME",
    "PATIENT FULL NAME",
    "FULL NAME",
    "FORENAME",
    "FIRST NAME",
    "SURNAME",
    "LAST NAME",
    "FAMILY NAME",
    "PATIENT FORENAME",
    "PATIENT FIRST NAME",
    "PATIENT SURNAME",
    "PATIENT LAST NAME",
    "PERSON GIVEN NAME",
    "PERSON FAMILY NAME",
    "PERSON BIRTH DATE",
    "BIRTH DATE",
    "DATE OF BIRTH",
    "PATIENT DATE OF BIRTH",
    "PATIENT DOB",
    "DOB",
    "POSTCODE",
    "POST CODE",
    "HOME POSTCODE",
    "PATIENT POSTCODE",
    "PATIENT POST CODE",
    "POSTCODE OF USUAL ADDRESS",
    "PATIENT ADDRESS",
    "HOME ADDRESS",
    "PATIENT USUAL ADDRESS",
)
UNCERTAIN = "annual?"
# Words that say that figures are not those of one month.
_OTHER_PERIOD = re.compile(
    r"\b(YTD|YEAR TO DATE|TO DATE|CUM|CUMULATIVE|ANNUAL|ANNUALISED|FULL YEAR|FYE|WHOLE YEAR|YEARLY|FORECAST|FOT|OUTTURN|"
    r"QTR|QUARTER|QUARTERLY|Q[1-4]|VARIANCE|VAR|DIFF|DIFFERENCE)\b"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_SEPARATORS = re.compile(r"[\s_\-()]+")


@dataclass(frozen=True)
class Column:
    """One column of a national file. `field` is what the product calls it; `required` is whether a file can do without."""

    layout: str
    position: int
    name: str
    field: str
    kind: str
    max_length: int | None
    requirement: str
    required: bool
    identifying: bool
    meaning: str
    example: str

    @property
    def is_figure(self) -> bool:
        return self.kind in ("money", "activity")

    @property
    def concealed(self) -> bool:
        """Whether its cells are kept to count by, and neither shown nor exported."""
        return self.field == PSEUDONYM


@dataclass(frozen=True)
class HeadingMatch:
    """Which cell of a heading row is which column; `taken_as` lists the headings that stand for one of ours.

    `mapped` are those of them that a person has said; `between` has the headings that one field could be read from.
    """

    indexes: dict[str, int]
    missing: tuple[str, ...] = ()
    duplicated: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    other_periods: tuple[str, ...] = ()
    identifying: tuple[int, ...] = ()
    taken_as: dict[str, str] = field(default_factory=dict)
    mapped: dict[str, str] = field(default_factory=dict)
    between: dict[str, tuple[str, ...]] = field(default_factory=dict)


def normal_heading(text: str) -> str:
    """A heading without what exporting programs do to it: invisible characters, case, underscores, hyphens, brackets."""
    return _SEPARATORS.sub(" ", _INVISIBLE.sub("", text)).strip().upper()


@cache
def layout_columns(layout: str) -> tuple[Column, ...]:
    with (FIXTURES / "layout_columns.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_column(row) for row in csv.DictReader(file) if row["layout"] == layout)


def _column(row: dict[str, str]) -> Column:
    return Column(
        layout=row["layout"],
        position=int(row["position"]),
        name=row["name"],
        field=row["field"],
        kind=row["kind"],
        max_length=int(row["max_length"]) if row["max_length"] else None,
        requirement=row["requirement"],
        required=row["required"] == "yes",
        identifying=row["identifying"] == "yes",
        meaning=row["meaning"],
        example=row["example"],
    )


@cache
def _aliases() -> dict[str, tuple[str, str]]:
    """Normalised heading → the national element it stands for and the period its figures are of."""
    with (FIXTURES / "header_aliases.csv").open(encoding="utf-8", newline="") as file:
        return {normal_heading(row["heading"]): (row["element"], row["period_basis"]) for row in csv.DictReader(file)}


def accepted_spellings(column: Column) -> list[str]:
    """Other headings that are read as the column."""
    return sorted({heading for heading, (element, period) in _aliases().items() if element == column.name and period == "month"})


def of_another_period(heading: str) -> bool:
    """Whether a heading says that its figures are to date, of a year, or a difference: never those of a month."""
    heading = normal_heading(heading)
    _, period = _aliases().get(heading, ("", "month"))
    # What some hospitals use for a month and others for a year is never taken by itself, and may be said by a person.
    return period not in ("month", UNCERTAIN) or bool(_OTHER_PERIOD.search(heading))


def identifies_people(heading: str) -> bool:
    """Whether a heading is one of a column that names a person."""
    if normal_heading(heading) in _identifying_headings():
        return True
    return speaks_of_a_person(_INVISIBLE.sub("", heading)) and normal_heading(heading) not in _read_headings()


@cache
def _read_headings() -> frozenset[str]:
    """National headings of columns that name nobody, and their other spellings."""
    columns = [c for layout in LAYOUT_NAMES for c in layout_columns(layout) if not c.identifying]
    elements = {c.name for c in columns}
    return frozenset(
        [normal_heading(name) for name in elements] + [h for h, (element, _) in _aliases().items() if element in elements]
    )


@cache
def _identifying_headings() -> frozenset[str]:
    return frozenset(normal_heading(name) for name in IDENTIFYING_HEADINGS)


def may_stand_for(heading: str, column: Column) -> bool:
    """Whether a person may say that their heading is this column of ours."""
    if column.identifying or identifies_people(heading):
        return False
    return not (column.is_figure and of_another_period(heading))


def match_headings(cells: Sequence[str], layout: str, mapping: Mapping[str, str] | None = None) -> HeadingMatch:
    """Say which cells of a heading row are columns of the layout.

    A national heading wins over what a person has said of another (`mapping`: normal heading → field), and that over an
    alias. Figures to date or of a year never fill a column of months.
    """
    headings = [normal_heading(cell) for cell in cells]
    columns, ours = {c.field: c for c in layout_columns(layout)}, columns_by_heading(layout)
    stands_for = {i: ours[h].field for i, h in enumerate(headings) if h in ours}
    mapped = _mapped(headings, stands_for, columns, mapping or {})
    aliased, other_periods = _aliased(headings, stands_for | mapped, ours)
    stands_for |= mapped | aliased
    times = Counter(stands_for.values())
    twice = {name: [i for i, of in stands_for.items() if of == name] for name, number in times.items() if number > 1}
    return HeadingMatch(
        indexes={name: i for i, name in stands_for.items()},
        missing=tuple(c.name for c in columns.values() if c.required and c.field not in times),
        duplicated=tuple(f"{columns[n].name} (as {', '.join(cells[i].strip() for i in at)})" for n, at in twice.items()),
        unknown=tuple(c.strip() for i, c in enumerate(cells) if c.strip() and i not in stands_for),
        other_periods=tuple(cells[i].strip() for i in other_periods),
        identifying=tuple(i for i, cell in enumerate(cells) if identifies_people(cell)),
        taken_as={cells[i].strip(): columns[name].name for i, name in stands_for.items() if headings[i] not in ours},
        mapped={cells[i].strip(): columns[name].name for i, name in mapped.items()},
        between={n: tuple(cells[i].strip() for i in at) for n, at in twice.items() if len({headings[i] for i in at}) == len(at)},
    )


@cache
def columns_by_heading(layout: str) -> Mapping[str, Column]:
    """The columns of a layout by their headings without spelling, see `normal_heading`."""
    return {normal_heading(c.name): c for c in layout_columns(layout)}


def _mapped(
    headings: Sequence[str], national: Mapping[int, str], columns: Mapping[str, Column], mapping: Mapping[str, str]
) -> dict[int, str]:
    """Cells that stand for a column because a person said so, where no national heading does."""
    taken = set(national.values())
    said = {i: mapping[h] for i, h in enumerate(headings) if i not in national and h in mapping}
    return {
        i: name for i, name in said.items() if name in columns and name not in taken and may_stand_for(headings[i], columns[name])
    }


def _aliased(headings: Sequence[str], taken: Mapping[int, str], ours: Mapping[str, Column]) -> tuple[dict[int, str], list[int]]:
    """Cells whose heading is an alias of a column that nothing else stands for; and those that are of another period."""
    filled = set(taken.values())
    aliased: dict[int, str] = {}
    other_periods = []
    for i, heading in enumerate(headings):
        element, period = _aliases().get(heading, ("", ""))
        column = ours.get(normal_heading(element)) if element else None
        if i in taken or column is None:
            continue
        if period != "month":
            other_periods.append(i)
        elif column.field not in filled:
            aliased[i] = column.field
    return aliased, other_periods


def recognised_layout(cells: Sequence[str]) -> str | None:
    """The layout that a heading row is of: of those it is complete for, the one with the most columns in it."""
    matches = {layout: match_headings(cells, layout) for layout in LAYOUT_NAMES}
    whole = {layout: len(match.indexes) for layout, match in matches.items() if not match.missing}
    return max(whole, key=lambda layout: whole[layout], default=None)
