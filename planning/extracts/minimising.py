"""A patient-level file → a copy without people, made on the trust's own machine.

Columns of the layout stay under their national headings, but for those that name a person or one contact with one, and any
others go. In their place: a pseudonym that only the holder of the key can make, an age band and a local authority.
"""

import csv
import hashlib
import hmac
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import IO

from planning.calculations.financial_years import month_start, read_month, read_year

from .layouts import LAYOUT_NAMES, PSEUDONYM, layout_columns, match_headings
from .numbering import Numbering
from .person_marks import NOT_SHOWN, cell_to_show, is_value
from .reading import Heading, Refused, blocks_below, broken_lines_refused, read_heading

# What each person was given by somebody else than us, in the order in which it is trusted.
NHS_NUMBER, LOCAL_NUMBER, BIRTH, POSTCODE = (
    "nhs_number",
    "local_patient_identifier_extended",
    "person_birth_date",
    "postcode_of_usual_address",
)
# Contacts, devices and ages by which one person could be found again, and that the planner has no use for.
TRACEABLE = frozenset(
    {
        "withheld_identity_reason",
        "age_at_activity_date_contract_monitoring",
        "hospital_provider_spell_identifier",
        "outpatient_attendance_identifier",
        "emergency_care_attendance_identifier",
        "urgent_and_emergency_care_activity_identifier",
        "cds_unique_identifier",
        "non_cds_unique_identifier",
        "location_of_activity_start",
        "location_of_activity_end",
        "medical_device_serial_number_high_cost_tariff_excluded_device",
    }
)
AGE = "age_at_activity_date_contract_monitoring"
DATES_OF_ACTIVITY = (
    "activity_start_date_contract_monitoring",
    "activity_end_date_contract_monitoring",
    "clinical_intervention_date_drug_dispensed",
    "clinical_intervention_date_medical_device_implementation",
)
AGE_BAND, LOCAL_AUTHORITY = "age_band", "local_authority"
OLDEST = 85
# Nobody is older; what is was never known, and written as the first day that a program has.
OLDEST_EVER = 120
DATE_FORMS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d-%B-%Y",
    "%d %B %Y",
    "%Y%m%d",
)
# A number below is a year, and says too little.
EXCEL_DAY_ONE, EXCEL_DAYS = date(1899, 12, 30), range(3001, 73051)
_SPACES = re.compile(r"\s+")
_TIME = re.compile(r"[ T](?=\d{1,2}:)")


@dataclass
class Minimised:
    """What was done to a file: rows written, and how many were given each thing. `dropped` are headings left out."""

    rows: int = 0
    layout: str = ""
    dropped: list[str] = field(default_factory=list)
    pseudonyms: int = 0
    age_bands: int = 0
    local_authorities: int = 0
    emptied: Counter[str] = field(default_factory=Counter)


def minimise(source: Path, out: IO[str], key: bytes, postcodes: Path | None = None) -> Minimised:
    """Write a copy of a file without people, row by row.

    Args:
        source: A delimited file of any layout, in any encoding that the planner reads.
        out: Where the copy goes, as CSV with the national headings.
        key: At least 32 bytes that never leave the trust. The same key gives a patient the same pseudonym in every file.
        postcodes: A CSV whose first columns are postcode and code of the local authority; without it postcodes only go.

    Returns:
        Counts of what was done. No cell of the file.

    Raises:
        Refused: The file has no heading row of any layout, or the postcodes are no such table.
    """
    layout, heading = recognise(source)
    indexes = dict(heading.match.indexes)
    kept = [c for c in layout_columns(layout) if c.field in indexes and not c.identifying and c.field not in TRACEABLE]
    made = [c for c in layout_columns(layout) if c.field in (PSEUDONYM, AGE_BAND, LOCAL_AUTHORITY) and c not in kept]
    known = authorities(postcodes, wanted_postcodes(source, heading)) if postcodes else {}
    measures = {c.field for c in kept if c.is_figure}
    of = Minimised(layout=layout, dropped=_dropped(heading, {indexes[c.field] for c in kept}))
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([c.name for c in (*kept, *made)])
    for cells in records(source, heading):
        row = {name: cells[i].strip() if i < len(cells) else "" for name, i in indexes.items()}
        if not any(cells):
            continue
        of.rows += 1
        row |= _in_place(row, key, known)
        of.pseudonyms += bool(row[PSEUDONYM])
        of.age_bands += bool(row[AGE_BAND])
        of.local_authorities += bool(row[LOCAL_AUTHORITY])
        for column in kept:
            if cell_to_show(row[column.field], figure=column.field in measures) == NOT_SHOWN:
                row[column.field] = ""
                of.emptied[column.name] += 1
        writer.writerow([row[c.field] for c in (*kept, *made)])
    return of


def recognise(source: Path) -> tuple[str, Heading]:
    """The layout that a file is of, and its heading: the layout with the most of its columns.

    Raises:
        Refused: It is of none.
    """
    found, refusal = [], Refused("The file has no heading row.")
    for layout in LAYOUT_NAMES:
        try:
            found.append((layout, read_heading(source, layout)))
        except Refused as reason:
            refusal = reason
    if not found:
        raise refusal
    return max(found, key=lambda pair: len(match_headings(pair[1].cells, pair[0]).indexes))


def likeliest(texts: Sequence[Path]) -> Path:
    """The text that has the most columns of a layout.

    Args:
        texts: The file, or the sheets of a workbook.

    Returns:
        One of them.

    Raises:
        Refused: None is of any layout.
    """
    found, refusal = [], Refused("The file has no heading row.")
    for text in texts:
        try:
            found.append((len(recognise(text)[1].match.indexes), text))
        except Refused as reason:
            refusal = reason
    if not found:
        raise refusal
    return max(found, key=lambda pair: pair[0])[1]


def sheet_to_copy(sheets: Sequence[tuple[str, Path]], name: str = "") -> tuple[str, Path]:
    """The sheet of a workbook to be copied, or the one text of another file.

    Args:
        sheets: Name and text of each.
        name: The one that was asked for; blank for the one with the most columns of a layout.

    Returns:
        Its name and text.

    Raises:
        Refused: There is no sheet of the name, or none is of any layout.
    """
    if name:
        found = [(other, text) for other, text in sheets if other == name]
        if not found:
            listed = ", ".join(other for other, _ in sheets if other) or "none"
            raise Refused(f"The file has no sheet of the name {name}. Its sheets: {listed}.")
        return found[0]
    text = likeliest([text for _, text in sheets])
    return next((other, own) for other, own in sheets if own == text)


def records(source: Path, heading: Heading) -> Iterator[list[str]]:
    """The cells of each record below the heading, told apart as the check tells them, so that a stray quote hides no row.

    Raises:
        Refused: The file is cut off, or a cell or a row of it is longer than any is.
    """
    lines: list[bytes] = []
    numbering = Numbering(_Gathered(lines), heading.row, heading.delimiter, len(heading.cells), careful=False)
    with broken_lines_refused():
        for block in blocks_below(source, heading):
            numbering.take(block)
            yield from _cells_of(lines, heading.delimiter)
        numbering.finish()
        yield from _cells_of(lines, heading.delimiter)


class _Gathered:
    """Takes numbered lines and keeps them until they are read."""

    def __init__(self, lines: list[bytes]):
        self.lines = lines

    def write(self, block: bytes) -> None:
        self.lines += block.splitlines()


def _cells_of(lines: list[bytes], delimiter: str) -> Iterator[list[str]]:
    """The cells of each gathered line, which is let go of, without its row number."""
    for line in lines:
        # Each by itself: a quote that is open at the end of one says nothing of the next.
        try:
            cells = next(csv.reader([line.decode(errors="replace")], delimiter=delimiter))
        except csv.Error as unreadable:
            row = int(line.partition(delimiter.encode())[0])
            raise Refused(f"Row {row:,} of the file cannot be read: a cell in it is longer than any is.") from unreadable
        yield cells[1:]
    lines.clear()


def _dropped(heading: Heading, kept: set[int]) -> list[str]:
    return [cell.strip() for i, cell in enumerate(heading.cells) if i not in kept and cell.strip()]


def _in_place(row: Mapping[str, str], key: bytes, known: Mapping[str, str]) -> dict[str, str]:
    """What stands in place of the cells that name a person; what an earlier copy already holds stays."""
    return {
        PSEUDONYM: row.get(PSEUDONYM) or pseudonym(row.get(NHS_NUMBER, ""), row.get(LOCAL_NUMBER, ""), key),
        AGE_BAND: row.get(AGE_BAND) or age_band(row),
        LOCAL_AUTHORITY: row.get(LOCAL_AUTHORITY) or known.get(normal_postcode(row.get(POSTCODE, "")), ""),
    }


def pseudonym(nhs_number: str, local_number: str, key: bytes) -> str:
    """One patient's code: HMAC-SHA256 of the NHS number, otherwise of the local number, under the trust's key.

    Args:
        nhs_number: As the file has it; what stands between its digits and a spreadsheet's `.0` make no difference.
        local_number: As the file has it; case and spaces make no difference.
        key: The trust's own.

    Returns:
        64 hexadecimal digits, or blank where the row has neither number.
    """
    digits = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", nhs_number.removesuffix(".0")))
    if re.fullmatch(r"\d{10}", digits):
        said = f"nhs {digits}"
    elif is_value(local_number.encode()):
        said = f"local {_SPACES.sub('', local_number).upper()}"
    else:
        return ""
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()


def age_band(row: Mapping[str, str]) -> str:
    """The five-year band, from 85 on one band, of the age at the activity; of a stated age where there is no date of birth."""
    born = read_date(row.get(BIRTH, ""))
    at = next(filter(None, (read_date(row.get(name, "")) for name in DATES_OF_ACTIVITY)), None) or _first_of_month(row)
    stated = row.get(AGE, "").removesuffix(".0")
    if born and at and born <= at:
        age = at.year - born.year - ((at.month, at.day) < (born.month, born.day))
    elif stated.isdecimal() and len(stated) <= 3:
        age = int(stated)
    else:
        return ""
    if age > OLDEST_EVER:
        return ""
    return f"{OLDEST}+" if age >= OLDEST else f"{age // 5 * 5}-{age // 5 * 5 + 4}"


@lru_cache(maxsize=1 << 16)
def read_date(text: str) -> date | None:
    """A date as files write it, with or without a time; a year of two digits says too little. None for anything else."""
    day = _TIME.split(_SPACES.sub(" ", text.strip()))[0]
    for form in DATE_FORMS:
        with suppress(ValueError):
            return datetime.strptime(day, form).replace(tzinfo=UTC).date()
    number = day.removesuffix(".0")
    if number.isdecimal() and int(number) in EXCEL_DAYS:
        return EXCEL_DAY_ONE + timedelta(days=int(number))
    return None


def _first_of_month(row: Mapping[str, str]) -> date | None:
    """The first day of the row's month of activity."""
    year, text = read_year(row.get("year", "")), row.get("month", "").strip().upper().removesuffix(".0")
    if not year:
        return None
    month = int(text) if text.isdecimal() else read_month(text, year[0])
    return month_start(year[0], month) if month and 1 <= month <= 13 else None


def normal_postcode(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def wanted_postcodes(source: Path, heading: Heading) -> frozenset[str]:
    """The postcodes in a file, so that of the whole country's only these are held."""
    index = heading.match.indexes.get(POSTCODE)
    if index is None:
        return frozenset()
    return frozenset(normal_postcode(cells[index]) for cells in records(source, heading) if index < len(cells))


def authorities(table: Path, wanted: frozenset[str]) -> dict[str, str]:
    """Postcode → local authority for the wanted postcodes, of a CSV whose first two columns they are.

    Raises:
        Refused: No row of it is a postcode and a code of nine characters such as E09000022.
    """
    found, usable = {}, False
    with table.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for cells in csv.reader(file):
            if len(cells) < 2 or not re.fullmatch(r"[A-Z]\d{8}", cells[1].strip()):
                continue
            usable = True
            if (postcode := normal_postcode(cells[0])) in wanted:
                found[postcode] = cells[1].strip()
    if not usable:
        raise Refused("The file of postcodes must be a CSV: postcode, then the code of its local authority, such as E09000022.")
    return found
