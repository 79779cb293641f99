"""How files are read: what people have said of their headings and sheets, and what a waiting extract asks."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import Role
from accounts.permissions import check_see_extracts, user_can_upload_extracts
from accounts.queries import is_command_line, organisations_of, roles_of
from planning.extracts.layouts import LAYOUT_NAMES, Column, layout_columns
from planning.extracts.month_names import sheets_of_months
from planning.extracts.questions import Table, columns_to_ask, headings_to_offer, tables_of
from planning.extracts.reading import Heading, first_headings
from planning.extracts.samples import examples, shown_rows
from planning.extracts.workbooks import Sheet
from planning.models import ColumnMapping, Extract, ExtractState, SheetChoice
from planning.queries import reference
from planning.queries.organisations import organisation_name

# Cells of a row that are shown to tell it by.
CELLS_SHOWN = 6


def stored_text(name: str) -> Path:
    """Where the text of a received file is."""
    return Path(settings.MEDIA_ROOT) / "received" / name


def mapping_of(organisation: str, layout: str) -> dict[str, str]:
    """What an organisation has said of headings: normal heading → field."""
    return dict(ColumnMapping.objects.of(organisation, layout).values_list("heading", "field"))


def remembered_sheet(organisation: str, layout: str) -> str:
    return SheetChoice.objects.of(organisation, layout).values_list("sheet", flat=True).first() or ""


def kept_tables(extract: Extract) -> list[Table]:
    """The tables of a waiting extract, read again from what is kept of its file."""
    stored = extract.reading["sheets"]
    sheets = [
        Sheet(name, stored[name]["stored"], stored[name]["rows"], 0, stored[name].get("hidden", False))
        for name in extract.reading["likeliest_first"]
    ]
    said = extract.reading["mapping"], extract.reading.get("heading_rows")
    return tables_of(sheets, stored_text(""), extract.layout, *said)


@dataclass(frozen=True)
class AskedColumn:
    """A column of ours with the headings of the file that may be it, each with a few of its cells where they may be shown."""

    column: Column
    headings: list[tuple[str, str]]


@dataclass(frozen=True)
class Question:
    """What a waiting extract asks. `sheets` are (name, words); `layout` is the one that its headings are of."""

    kind: str
    sheet: str
    sheets: list[tuple[str, str]]
    table: Table
    layout: str = ""
    needed: list[AskedColumn] = field(default_factory=list)
    optional: list[AskedColumn] = field(default_factory=list)

    @property
    def of_months(self) -> bool:
        return sheets_of_months(name for name, _ in self.sheets)

    @property
    def layout_name(self) -> str:
        return LAYOUT_NAMES.get(self.layout, "")

    @property
    def headings(self) -> list[str]:
        return [cell.strip() for cell in self.table.heading.cells if cell.strip()]


def question_of(extract: Extract) -> Question | None:
    """What a waiting extract asks; nothing of any other."""
    if extract.state != ExtractState.WAITING:
        return None
    reading = extract.reading
    tables = kept_tables(extract)
    chosen = next((t for t in tables if t.sheet.name == reading["sheet"]), tables[0])
    sheets = [(t.sheet.name, _sheet_in_words(t)) for t in tables if t.sheet.name]
    needed, optional = _asked_columns(chosen, extract.layout) if reading["question"] == "columns" else ([], [])
    return Question(reading["question"], reading["sheet"], sheets, chosen, reading["layout"], needed, optional)


def answer_by(extract: Extract) -> datetime:
    """Until when a waiting extract waits. One that was answered and asks something else begins anew."""
    asked = extract.reading.get("asked_at")
    return (datetime.fromisoformat(asked) if asked else extract.uploaded_at) + timedelta(days=settings.WAITING_DAYS)


def other_sheets_of(extract: Extract) -> Question | None:
    """The sheets of a checked workbook that could have been read as well; nothing where there was no choice."""
    if extract.state != ExtractState.CHECKED or len(extract.reading.get("sheets", {})) < 2:
        return None
    if not all(stored_text(of["stored"]).is_file() for of in extract.reading["sheets"].values()):
        return None
    tables = kept_tables(extract)
    chosen = next((t for t in tables if t.sheet.name == extract.reading["sheet"]), tables[0])
    return Question("sheet", extract.reading["sheet"], [(t.sheet.name, _sheet_in_words(t)) for t in tables], chosen)


@dataclass(frozen=True)
class FirstRows:
    """The first rows of the table that is read: (row, words), and the one that was taken for the heading row."""

    taken: int
    rows: list[tuple[int, str]]


def first_rows_of(extract: Extract) -> FirstRows | None:
    """The rows that could have the headings, while another can still be chosen: it is kept, and not published."""
    reading = extract.reading
    asked = extract.state == ExtractState.WAITING and reading["question"] != "sheet"
    if not (asked or extract.state == ExtractState.CHECKED) or not extract.stored_name:
        return None
    if not stored_text(extract.stored_name).is_file() or "likeliest_first" not in reading:
        return None
    table = next(t for t in kept_tables(extract) if t.sheet.name == reading["sheet"])
    headings = first_headings(table.path, table.heading, extract.layout)
    shown = shown_rows(headings, _known_codes())
    return FirstRows(
        table.heading.row, [(h.row, _row_in_words(h, cells)) for h, cells in zip(headings, shown, strict=True) if cells]
    )


def _row_in_words(heading: Heading, cells: list[str]) -> str:
    known = len(heading.match.indexes)
    listed = ", ".join(cells[:CELLS_SHOWN]) + (f" and {len(cells) - CELLS_SHOWN:,} more" if len(cells) > CELLS_SHOWN else "")
    return f"Row {heading.row}: {listed}" + (f" ({known} column{'' if known == 1 else 's'} recognised)" if known else "")


def user_can_answer_extract(user, extract: Extract) -> bool:
    """Whether a person may say how a file is to be read: who sent it, and the finance leads of the same organisation."""
    return user_can_upload_extracts(user) and (
        extract.uploaded_by_id == user.pk or extract.organisation in organisations_of(user)
    )


def _sheet_in_words(table: Table) -> str:
    known, rows = len(table.heading.match.indexes), table.sheet.rows - table.heading.row
    hidden = " (hidden)" if table.sheet.hidden else ""
    found = f"{known} column{'' if known == 1 else 's'} recognised"
    return f"{table.sheet.name}{hidden}: {rows:,} row{'' if rows == 1 else 's'}, {found}"


def _asked_columns(table: Table, layout: str) -> tuple[list[AskedColumn], list[AskedColumn]]:
    shown = examples(table.path, table.heading, _known_codes())
    needed, optional = columns_to_ask(table.heading, layout)

    def asked(column: Column) -> AskedColumn:
        offered = headings_to_offer(table.heading, column)
        return AskedColumn(column, [(h, f"{h} (such as {', '.join(shown[h])})" if h in shown else h) for h in offered])

    return [asked(c) for c in needed], [asked(c) for c in optional]


def _known_codes() -> Collection[str]:
    lists = reference.known_codes()
    shown = ("providers", "commissioners", "service_categories", "service_codes", "points_of_delivery", "systems")
    return frozenset(code.upper() for name in shown for code in lists[name])


@dataclass(frozen=True)
class Remembered:
    """What an organisation has said of one of its headings or sheets, in words; a sheet is read as nothing else."""

    said: ColumnMapping | SheetChoice
    shown: str
    read_as: str
    organisation: str


def _of_organisations(user, rows: QuerySet) -> QuerySet:
    """What a person may see of what organisations have said: their own, or all for the programme team."""
    check_see_extracts(user)
    if is_command_line(user) or Role.PROGRAMME_TEAM in roles_of(user):
        return rows
    return rows.filter(organisation__in=organisations_of(user))


def remembered_columns(user) -> list[Remembered]:
    names = {(c.layout, c.field): c.name for layout in LAYOUT_NAMES for c in layout_columns(layout)}
    rows = _of_organisations(user, ColumnMapping.objects.select_related("said_by"))
    return [Remembered(r, r.shown, names.get((r.layout, r.field), r.field), _named(r.organisation)) for r in rows]


def remembered_sheets(user) -> list[Remembered]:
    rows = _of_organisations(user, SheetChoice.objects.select_related("said_by"))
    return [Remembered(r, r.sheet, "", _named(r.organisation)) for r in rows]


def _named(organisation: str) -> str:
    return organisation_name(organisation) or organisation or "Command line"


def column_mapping_for(user, pk: int) -> ColumnMapping:
    """What was said of a heading, where the person may see it; otherwise there is none."""
    found = _of_organisations(user, ColumnMapping.objects.filter(pk=pk)).first()
    if found is None:
        raise Http404("There is no such column.")
    return found


def sheet_choice_for(user, pk: int) -> SheetChoice:
    found = _of_organisations(user, SheetChoice.objects.filter(pk=pk)).first()
    if found is None:
        raise Http404("There is no such sheet.")
    return found
