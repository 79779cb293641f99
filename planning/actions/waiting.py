"""Answers to what a waiting extract asks, and what is remembered of them for the next file."""

from collections.abc import Callable, Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import record
from accounts.permissions import NotAllowed, check_see_extract, check_upload_extracts
from accounts.queries import is_command_line, organisations_of
from planning.extracts.layouts import Column, identifies_people, layout_columns, may_stand_for, normal_heading
from planning.extracts.month_names import sheets_of_months
from planning.extracts.person_data import refuse_people
from planning.extracts.questions import COLUMNS, LAYOUT, SHEET, Table, faults_of_mapping, look
from planning.extracts.reading import Refused
from planning.models import ColumnMapping, Extract, ExtractState, SheetChoice
from planning.queries.reading import kept_tables, mapping_of, user_can_answer_extract

from .again import check_again
from .extracts import drop_texts
from .looking import note_look
from .positions import NotPublishable

NOT_YOURS = "What a file holds is said by the finance lead whose organisation sent it."


class NotAnswerable(Exception):
    """An answer cannot be taken; `faults` says why: field → what to do."""

    def __init__(self, faults: Mapping[str, str]):
        super().__init__("; ".join(faults.values()))
        self.faults = dict(faults)


def choose_sheet(*, by, extract: Extract, sheet: str) -> Extract:
    """Read this sheet of the workbook, now and, unless it is one of several months, in the next that has one of its name.

    One that was checked and not published is checked again from the other sheet.
    """
    if sheet not in extract.reading.get("sheets", {}):
        raise NotAnswerable({"sheet": "Select one of the sheets"})

    def remember(extract: Extract, table: Table) -> None:
        extract.reading["sheet"] = sheet
        key = {"organisation": extract.organisation, "layout": extract.layout}
        if not sheets_of_months(extract.reading["sheets"]):
            SheetChoice.objects.update_or_create(**key, defaults={"sheet": sheet[:200], "said_by": by})

    return _answered(by, extract, (SHEET, COLUMNS, LAYOUT), remember, "chose sheet", again=True, sheet=sheet)


def choose_heading_row(*, by, extract: Extract, heading_row: int) -> Extract:
    """Take this row for the heading row of the table that is read. It is said of this file alone.

    The rows below another heading may be of people where those below the first were not, so they are looked at again. One
    that was checked and not published is checked again.
    """

    def remember(extract: Extract, table: Table) -> None:
        sheet = extract.reading["sheet"]
        extract.reading["heading_rows"] = extract.reading.get("heading_rows", {}) | {sheet: heading_row}
        # A heading of another row is another layout's only if it says so anew.
        extract.reading.pop("settled", None)
        try:
            table = next(t for t in kept_tables(extract) if t.sheet.name == sheet)
            look([table], extract.layout, sheet)
        except (StopIteration, Refused) as unreadable:
            raise NotAnswerable(
                {"heading_row": f"Row {heading_row} cannot be read as the heading row. {unreadable}".strip()}
            ) from None
        refuse_people(table.path, table.heading, extract.layout, sheet)

    return _answered(by, extract, (COLUMNS, LAYOUT), remember, "chose heading row of", again=True, heading_row=heading_row)


def map_columns(*, by, extract: Extract, answers: Mapping[str, str]) -> Extract:
    """Read headings of the file as columns of ours: field → their heading. Remembered for the organisation's next file."""
    said = {name: heading for name, heading in answers.items() if heading}

    def remember(extract: Extract, table: Table) -> None:
        if faults := faults_of_mapping(said, table.heading, extract.layout):
            raise NotAnswerable(faults)
        here = {normal_heading(cell) for cell in table.heading.cells}
        for name, heading in said.items():
            # Of several headings that were once said to be this column, the file can have one.
            others = here - {normal_heading(heading)}
            ColumnMapping.objects.of(extract.organisation, extract.layout).filter(field=name, heading__in=others).delete()
            _remember(by, extract.organisation, extract.layout, heading, name)

    return _answered(by, extract, (COLUMNS,), remember, "mapped columns", columns=said)


def say_layout(*, by, extract: Extract, layout: str) -> Extract:
    """Take the file for what its headings say it is, or for what was said when it was sent all the same."""
    if layout not in (extract.layout, extract.reading.get("layout")):
        raise NotAnswerable({"layout": "Select what the extract is"})

    def change(extract: Extract, table: Table) -> None:
        extract.layout = layout
        extract.reading["settled"] = True

    return _answered(by, extract, (LAYOUT,), change, "said layout of", layout=layout)


def _answered(
    by, extract: Extract, of: tuple[str, ...], take: Callable[[Extract, Table], None], action: str, *, again=False, **detail
) -> Extract:
    """Take an answer and look again, in one transaction: the extract is then ready, asks something else, or is refused.

    `again` where one that was checked may be answered anew.
    """
    check_answer(by, extract)
    try:
        with transaction.atomic():
            extract = _to_answer(by, extract, of, again)
            tables = kept_tables(extract)
            try:
                take(extract, next(t for t in tables if t.sheet.name == extract.reading["sheet"]))
                _look_again(extract)
            except Refused as refused:
                extract.state, extract.reason, extract.stored_name = ExtractState.REFUSED, str(refused), ""
            extract.save()
            record(by=by, action=f"{action} extract", about=f"Extract {extract.pk}", reason=extract.reason, **detail)
    except NotPublishable as gone:
        raise NotAnswerable({"__all__": str(gone)}) from gone
    except IntegrityError as same:
        raise NotAnswerable({"__all__": "This file was uploaded before as what it is. Cancel this extract"}) from same
    if extract.state == ExtractState.REFUSED:
        drop_texts(extract)
    return extract


def _to_answer(by, extract: Extract, of: tuple[str, ...], again: bool) -> Extract:
    """The extract as it is now, where it can still be answered."""
    extract = Extract.objects.select_for_update().get(pk=extract.pk)
    if extract.state == ExtractState.CHECKED and again:
        return check_again(by=by, extract=extract)
    if extract.state != ExtractState.WAITING or extract.reading["question"] not in of:
        raise NotAnswerable({"__all__": "This was answered already. The page shows where the extract is now"})
    return extract


def check_answer(by, extract: Extract) -> None:
    """An extract is answered for by whoever may upload for the organisation that sent it."""
    if not is_command_line(by):
        check_see_extract(by, organisation=extract.organisation, provider=extract.provider)
    check_upload_extracts(by)
    if not user_can_answer_extract(by, extract):
        raise NotAllowed(NOT_YOURS)


def _look_again(extract: Extract) -> None:
    mapping = mapping_of(extract.organisation, extract.layout)
    extract.reading["mapping"] = mapping
    tables = kept_tables(extract)
    found = look(tables, extract.layout, extract.reading["sheet"], settled=extract.reading.get("settled", False))
    note_look(extract, found, mapping)
    extract.state = ExtractState.WAITING if found.question else ExtractState.RECEIVED
    extract.heartbeat = None if found.question else timezone.now()


def say_column(*, by, organisation: str, layout: str, heading: str, field: str) -> ColumnMapping:
    """Remember that a heading of an organisation's files is a column of ours, before a file asks."""
    _check_own(by, organisation)
    column = next((c for c in layout_columns(layout) if c.field == field), None)
    if fault := fault_of_column(heading, column, layout):
        raise NotAnswerable({"heading": fault})
    with transaction.atomic():
        mapping = _remember(by, organisation, layout, heading, field)
        said = {"layout": layout, "heading": mapping.shown, "column": column.name if column else ""}
        record(by=by, action="mapped column", about=organisation, **said)
    return mapping


def fault_of_column(heading: str, column: Column | None, layout: str) -> str:
    """Why a heading cannot be remembered as a column of ours; blank where it can."""
    if not normal_heading(heading):
        return "Enter the heading as it stands in your files"
    if column is None:
        return "Select one of our columns"
    if normal_heading(heading) in {normal_heading(c.name) for c in layout_columns(layout)}:
        return "This is the heading of a national column already, and is read as that"
    if identifies_people(heading) or column.identifying:
        return "A column that identifies people is never read"
    if not may_stand_for(heading, column):
        return f"Figures to date, of a whole year or differences cannot stand for {column.name}, which is of one month"
    return ""


def _remember(by, organisation: str, layout: str, heading: str, field: str) -> ColumnMapping:
    key = {"organisation": organisation, "layout": layout, "heading": normal_heading(heading)[:200]}
    said = {"shown": heading.strip()[:200], "field": field, "said_by": by}
    return ColumnMapping.objects.update_or_create(**key, defaults=said)[0]


def forget_column(*, by, mapping: ColumnMapping) -> None:
    """Do not read the heading as a column of ours any more. Extracts that were received stay as they are."""
    _check_own(by, mapping.organisation)
    with transaction.atomic():
        record(by=by, action="forgot column", about=mapping.organisation, layout=mapping.layout, heading=mapping.shown)
        mapping.delete()


def forget_sheet(*, by, choice: SheetChoice) -> None:
    """Ask again which sheet of a workbook to read."""
    _check_own(by, choice.organisation)
    with transaction.atomic():
        record(by=by, action="forgot sheet", about=choice.organisation, layout=choice.layout, sheet=choice.sheet)
        choice.delete()


def _check_own(by, organisation: str) -> None:
    check_upload_extracts(by)
    if not is_command_line(by) and organisation not in organisations_of(by):
        raise NotAllowed(NOT_YOURS)
