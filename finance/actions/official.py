"""Loading official files: read and checked first, then written in one transaction; a refused one is kept with its problems."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from django.db import models, transaction

from accounts.actions import record, reference_changed
from accounts.permissions import check_load_public_files
from finance.calculations.official_rows import OfficialRead, edition_problems, financial_year, official_rows
from finance.calculations.official_sheets import meant_sheet
from finance.models import (
    OfficialAllocation,
    OfficialConvergence,
    OfficialFactor,
    OfficialFile,
    OfficialFileKind,
    OfficialFileProblem,
    OfficialMeasure,
    OfficialNeed,
    RegisteredPeople,
    WeightedPractice,
)
from finance.queries.official import editions_besides, loaded_edition, loaded_with_bytes
from planning.actions import PublicSheet, ReferenceRefused, load_market_forces_factors, public_sheets, take_practices
from planning.calculations.reference_rows import problem
from planning.queries import choices

MODELS: Mapping[str, type[models.Model]] = {
    OfficialFileKind.PRACTICES: WeightedPractice,
    OfficialFileKind.ALLOCATIONS: OfficialAllocation,
    OfficialFileKind.CONVERGENCE: OfficialConvergence,
    OfficialFileKind.MARKET_FORCES: OfficialFactor,
    OfficialFileKind.NEED: OfficialNeed,
    OfficialFileKind.MEASURES: OfficialMeasure,
    OfficialFileKind.REGISTERED: RegisteredPeople,
}
BATCH = 1_000
LONGEST, LONGEST_SHEET = 40, 100
SAID_AT_MOST = 10


class OfficialFileRefused(ReferenceRefused):
    """A file that was not loaded. `file` is what was kept of it: its name, its edition and its problems."""

    def __init__(self, file: OfficialFile, problems: list[dict[str, object]]):
        super().__init__(problems)
        number = len(self.problems)
        self.args = (f"{file.file_name} has {number:,} problem{'' if number == 1 else 's'}; nothing was loaded.",)
        self.file = file


@dataclass(frozen=True)
class OfficialLoaded:
    """An edition as it stands now. `state` is loaded, replaced or unchanged; `others` are editions of its kind besides it."""

    file: OfficialFile
    state: str
    others: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, object]:
        """For programs."""
        file = self.file
        said = {"state": self.state, "kind": file.kind, "edition": file.edition, "rows": file.rows, "sha256": file.sha256}
        return {**said, "other_editions": list(self.others), "told": list(self.told)}

    @property
    def words(self) -> str:
        """For people."""
        said = [f"{self.file}: {self.file.rows:,} row{'' if self.file.rows == 1 else 's'}, {self.state}.", *self.told]
        if self.others:
            said.append(f"Other editions of it are loaded and stay: {', '.join(self.others)}. Pages open on the latest year.")
        return " ".join(said)


def load_official_file(
    *,
    by,
    kind: str,
    content: bytes,
    file_name: str,
    edition: str,
    source: str,
    dated: date | None = None,
    replace: bool = False,
    sheet: str = "",
) -> OfficialLoaded:
    """Load one edition of an official file: a CSV, or the sheet of a workbook that is asked for or has the columns.

    The same bytes under the same edition change nothing. Other bytes under an edition that is loaded need `replace`; what was
    loaded before is kept, and no longer shown.

    Raises:
        OfficialFileRefused: the file cannot be read, some row may not be loaded, or it is not the edition it is said to be;
            nothing but its problems was written.
    """
    check_load_public_files(by)
    about = {"kind": kind, "edition": edition.strip(), "source": source.strip(), "dated": dated, "file_name": file_name[:255]}
    about |= {"year": financial_year(edition), "sha256": hashlib.sha256(content).hexdigest(), "loaded_by": by}
    read, said = _read(content, about, sheet)
    held = loaded_edition(kind, about["edition"])
    if held and (held.sha256, held.sheet) == (about["sha256"], about["sheet"]):
        return OfficialLoaded(held, "unchanged", editions_besides(held))
    problems = read.problems + _edition_problems(read, about, held, replace)
    if problems:
        raise OfficialFileRefused(_keep_refused(by, about, problems), problems)
    with transaction.atomic():
        state = "replaced" if held else "loaded"
        OfficialFile.objects.loaded().filter(kind=kind, edition=about["edition"]).update(state=OfficialFile.State.REPLACED)
        file = OfficialFile.objects.create(**about, rows=len(read.rows))
        rows = _stored(read.rows, kind)
        MODELS[kind].objects.bulk_create([MODELS[kind](file=file, **row) for row in rows.to_dict("records")], BATCH)
        told = (*_words_of(said, read), *_pass_on(by, file, rows))
        record(
            by=by, action=f"{state} official file", about=str(file), rows=file.rows, source=file.source[:300], file=file.sha256
        )
        reference_changed()
    return OfficialLoaded(file, state, editions_besides(file), told)


def _read(content: bytes, about: dict[str, Any], asked: str) -> tuple[OfficialRead, str]:
    """What the file holds, and where it was read from in words. Its sheet is put to what is kept `about` it."""
    of = {"kind": about["kind"], "file": about["file_name"], "year": about["year"]}
    about["sheet"] = ""
    try:
        sheets = public_sheets(content, about["file_name"])
    except ReferenceRefused as refusal:
        # One that cannot be read at all has no heading to be held against either.
        unread = official_rows(pd.DataFrame(), **of)
        unread.problems[:] = refusal.problems.to_dict("records")
        return unread, ""
    meant, problems = _sheet(sheets, of, asked)
    read = official_rows(meant.text, **of)
    read.problems[:] = problems or read.problems
    if year := financial_year(meant.name):
        read.named_years = {**read.named_years, "The sheet’s name": [year]}
    about["sheet"] = meant.name[:LONGEST_SHEET]
    return read, meant.said


def _sheet(sheets: list[PublicSheet], of: Mapping[str, str], asked: str) -> tuple[PublicSheet, list[dict[str, object]]]:
    """A hidden sheet may be what the one that shows was made from: it is read where it is asked for, or where none shows."""
    shown = [sheet for sheet in sheets if not sheet.hidden]
    offered = {sheet.name: sheet for sheet in (sheets if asked or not shown else shown)}
    name, problems = meant_sheet({name: sheet.text for name, sheet in offered.items()}, **of, asked=asked)
    return offered[name], problems


def _words_of(said: str, read: OfficialRead) -> tuple[str, ...]:
    where = (f"{said}; headings in row {read.heading_row}.",) if said else ()
    over = read.passed_over
    return (*where, f"Rows of totals or notes, passed over: {over:,}.") if over else where


def _edition_problems(
    read: OfficialRead, about: Mapping[str, Any], held: OfficialFile | None, replace: bool
) -> list[dict[str, object]]:
    file, edition = about["file_name"], about["edition"]
    found = edition_problems(read, file=file, edition=edition)
    if not about["source"]:
        found.append(problem(file, 1, "source", "", "Say who published it, and where."))
    if len(edition) > LONGEST:
        found.append(problem(file, 1, "edition", edition, f"Shorten the edition to at most {LONGEST} characters."))
    if (same := loaded_with_bytes(about["kind"], about["sha256"], about["sheet"])) and same.edition != edition:
        words = f"This very file is loaded as the edition {same.edition}: select the file of {edition}, or give that edition."
        found.append(problem(file, 1, "edition", edition, words))
    elif held and not replace:
        words = (
            f"The edition {edition} is loaded already, from {held.file_name} with {held.rows:,} rows, and this file has other "
            "content. Ask for it to be replaced if this one is right."
        )
        found.append(problem(file, 1, "edition", edition, words))
    return found


@transaction.atomic
def _keep_refused(by, about: Mapping[str, Any], problems: list[dict[str, object]]) -> OfficialFile:
    """What was sent, without its rows, so that its problems can be read and downloaded."""
    short = {**about, "edition": about["edition"][:LONGEST]}
    file = OfficialFile.objects.create(**short, state=OfficialFile.State.REFUSED)
    columns = ("row", "column", "value", "message")
    rows = ({name: _kept(one[name]) for name in columns} for one in problems)
    OfficialFileProblem.objects.bulk_create([OfficialFileProblem(file=file, **row) for row in rows], BATCH)
    record(by=by, action="refused official file", about=str(file), problems=len(problems), file=file.sha256)
    return file


def _kept(cell: object) -> object:
    """PostgreSQL holds no NUL, and a heading may be of any length."""
    return cell.replace("\0", "\N{REPLACEMENT CHARACTER}")[:300] if isinstance(cell, str) else cell


def _stored(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The rows as the database keeps them: whole money, nothing for missing."""
    fields = {field.name: field for field in MODELS[kind]._meta.concrete_fields}
    result = rows[[name for name in rows.columns if name in fields]]
    if "includes_age" in result:
        result = result.assign(includes_age=result["includes_age"] == "yes")
    whole = [name for name in result if isinstance(fields[name], models.BigIntegerField)]
    result = result.assign(**{name: result[name].astype("Int64") for name in whole}).astype(object)
    texts = {name: result[name].str.slice(0, f.max_length) for name, f in fields.items() if name in result and f.max_length}
    result = result.assign(**texts)
    return result.where(result.notna(), None)


def _pass_on(by, file: OfficialFile, rows: pd.DataFrame) -> tuple[str, ...]:
    """Factors go to the providers' own, practices tell the places of homes; of measures it is said how many there are."""
    if file.kind == OfficialFileKind.MEASURES:
        return (f"Measures that a model of need can use now: {rows['measure'].nunique():,}.", *_not_known(rows))
    if file.kind in (OfficialFileKind.NEED, OfficialFileKind.REGISTERED):
        return _not_known(rows)
    if file.kind == OfficialFileKind.PRACTICES:
        return _pass_practices_on(by, file, rows)
    if file.kind != OfficialFileKind.MARKET_FORCES:
        return ()
    counts = load_market_forces_factors(by=by, rows=rows, source=f"{file.source}; {file}")
    taken, away = counts["taken"], counts["providers_not_loaded"]
    return (
        f"Providers that have this factor now: {taken:,}.",
        *((f"Of providers that are not loaded here, and left out: {away:,}.",) if away else ()),
    )


def _not_known(rows: pd.DataFrame) -> tuple[str, ...]:
    """Areas of which nothing here makes use: other parts of England, or a slip of the pen."""
    away = sorted(set(rows["area"]) - {*choices.place_names(), *choices.system_names()})
    if not away:
        return ()
    more = f" and {len(away) - SAID_AT_MOST:,} more" if len(away) > SAID_AT_MOST else ""
    return (f"Areas that are not known here, and stay unused: {', '.join(away[:SAID_AT_MOST])}{more}.",)


def _pass_practices_on(by, file: OfficialFile, rows: pd.DataFrame) -> tuple[str, ...]:
    """Those of the latest year: where people live now is not told by an old list."""
    if OfficialFile.objects.loaded().filter(kind=file.kind, year__gt=file.year).exists():
        return ("A later year’s list is loaded and goes on telling the places of homes.",)
    taken = take_practices(by=by, rows=rows, edition=file.edition, source=f"{file.source}; {file}")
    return (
        f"Practices that tell the place of a patient’s home now: {taken:,}.",
        "Extracts published before keep the homes they have: withdraw one and send it again to have its places.",
    )
