"""A first look at what was received: unpacked, nobody named in it, and either ready to be checked or with a question."""

import re
import unicodedata
import uuid
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from planning.extracts.month_names import sheets_of_months
from planning.extracts.person_data import Suspicion, refuse_names_of_sheets, refuse_people, refuse_people_in_text
from planning.extracts.person_marks import without_numbers
from planning.extracts.questions import SHEET, Look, Table, can_be_mapped, likely_tables, look, refusal_of, tables_of
from planning.extracts.reading import Refused
from planning.extracts.unpacking import Unpacked, is_packed, source_in_words, unpack
from planning.extracts.workbooks import Sheet
from planning.models import Extract
from planning.queries.reading import mapping_of, remembered_sheet, stored_text


def first_look(
    extract: Extract, received: Path, *, sheet: str = "", asks: bool = False
) -> tuple[dict[str, Path], list[Suspicion]]:
    """Look at a received file, which has a folder of its own, and write into `extract.reading` how it is to be read.

    Returns the texts to keep, name of the sheet → file, and columns of them that may be of people. Where `asks`, a file that
    leaves a question open is not refused.
    """
    unpacked = _unpacked(received)
    refuse_names_of_sheets(s.name for s in unpacked.sheets)
    mapping = mapping_of(extract.organisation, extract.layout)
    tables = tables_of(unpacked.sheets, received.parent, extract.layout, mapping)
    read = {t.sheet.file for t in tables}
    for left_out in (s for s in unpacked.sheets if s.file not in read):
        refuse_people_in_text(received.parent / left_out.file, left_out.name)
    suspicions = {t.sheet.name: refuse_people(t.path, t.heading, extract.layout, t.sheet.name) for t in tables}
    if sheet and sheet not in [t.sheet.name for t in tables]:
        listed = ", ".join(t.sheet.name for t in tables if t.sheet.name) or "none"
        raise Refused(f"The selected file has no sheet of the name {sheet}. Its sheets: {listed}.")
    found = look(tables, extract.layout, sheet or _sheet_of_earlier_files(extract, tables))
    if found.question and not asks:
        raise refusal_of(found, extract.layout, tables)
    kept = _tables_to_keep(found, tables, extract.layout)
    extract.reading = {
        "workbook": unpacked.workbook,
        "inside": display_name(unpacked.inside) if unpacked.inside else "",
        "errors": unpacked.errors,
        "unworked": unpacked.unworked,
        "all_sheets": [s.name for s in unpacked.sheets],
        # PostgreSQL keeps the names of an object in an order of its own.
        "likeliest_first": [t.sheet.name for t in kept],
        "sheets": {t.sheet.name: _kept(t) for t in kept},
    }
    note_look(extract, found, mapping)
    return {t.sheet.name: t.path for t in kept}, [s for t in kept for s in suspicions[t.sheet.name]]


def display_name(name: str) -> str:
    """A file's name as it is shown: its last part, without what is not seen or turns text round, and not too long."""
    # Browsers write a quotation mark in the name of a file that they send as %22.
    last = without_numbers(re.split(r"[/\\]", str(name).replace("%22", '"'))[-1])
    clean = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    stem, dot, ending = clean.rpartition(".")
    if len(clean) > 150:
        clean = f"{stem[:120]}…{dot}{ending[-20:]}" if stem else clean[:150]
    return clean or "file without a name"


def _sheet_of_earlier_files(extract: Extract, tables: list[Table]) -> str:
    """The sheet that was chosen in an earlier workbook, where the one of its name here may be the one too.

    Among sheets of months it never is by itself: last month's would be read again, and the new one passed over.
    """
    sheet = remembered_sheet(extract.organisation, extract.layout)
    likely = [t.sheet.name for t in likely_tables(tables, extract.layout)]
    return sheet if sheet in likely and not sheets_of_months(likely) else ""


def _kept(table: Table) -> dict:
    return {"stored": f"{uuid.uuid4().hex}.csv", "rows": table.sheet.rows, "hidden": table.sheet.hidden}


def _unpacked(received: Path) -> Unpacked:
    if is_packed(received):
        return unpack(received, received.parent, settings.EXTRACT_MAX_BYTES)
    return Unpacked(workbook=False, inside="", sheets=(Sheet("", received.name, 0, 0),))


def _tables_to_keep(found: Look, tables: list[Table], layout: str) -> list[Table]:
    """The table to be read, and those that may be chosen in its place as long as the file is not published."""
    likely = likely_tables(tables, layout)
    others = [t for t in tables if t in likely or can_be_mapped(t.heading, layout)]
    return [found.table, *(t for t in others if t is not found.table)]


def note_look(extract: Extract, found: Look, mapping: dict[str, str]) -> None:
    """Write what was found into the extract: the sheet, the words for where it was, what is asked, what was said."""
    reading, sheet = extract.reading, found.table.sheet.name
    # A guess is shown as one until somebody has said so.
    reading |= {"sheet": sheet, "guessed": found.question == SHEET, "question": found.question, "layout": found.layout}
    reading["mapping"] = mapping
    reading["asked_at"] = timezone.now().isoformat() if found.question else ""
    of_file = {name: reading[name] for name in ("workbook", "inside", "errors")} | {"unworked": reading.get("unworked", 0)}
    hidden = reading["sheets"][sheet].get("hidden", False)
    reading["source"] = source_in_words(**of_file, sheet=sheet, sheets=reading["all_sheets"], hidden=hidden)
    extract.stored_name = reading["sheets"][sheet]["stored"]


def stored_texts(extract: Extract) -> list[Path]:
    """Files of what was received that are still kept."""
    names = {extract.stored_name, *(of["stored"] for of in extract.reading.get("sheets", {}).values())} - {""}
    return [stored_text(name) for name in sorted(names)]
