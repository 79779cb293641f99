"""Writes reference data: checks every row first, then writes what changed in one transaction, and counts it."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd
from django.db import models, transaction

from accounts.actions import record, reference_changed
from planning.calculations.practice_rows import NEIGHBOURHOODS, PRACTICES, practice_rows
from planning.calculations.reference_rows import Table, problem, problems_frame
from planning.calculations.reference_tables import PLANNING_TABLES, TABLE, check_planning
from planning.models import (
    Commissioner,
    CommissionerSystem,
    Footprint,
    NationalProgramme,
    Neighbourhood,
    Place,
    PlaceOverlap,
    PlacePopulation,
    PointOfDelivery,
    Practice,
    ProgrammeOfCare,
    Provider,
    ProviderMarketForcesFactor,
    Region,
    Service,
    ServiceCategory,
    ServiceCode,
    ServiceStatus,
    Site,
    SubmissionDate,
    System,
)

MODELS: dict[str, type[models.Model]] = {
    "programmes_of_care": ProgrammeOfCare,
    "national_programmes": NationalProgramme,
    "services": Service,
    "service_codes": ServiceCode,
    "service_statuses": ServiceStatus,
    "points_of_delivery": PointOfDelivery,
    "service_categories": ServiceCategory,
    "regions": Region,
    "systems": System,
    "places": Place,
    "place_overlaps": PlaceOverlap,
    "place_populations": PlacePopulation,
    "commissioners": Commissioner,
    "commissioner_systems": CommissionerSystem,
    "providers": Provider,
    "provider_market_forces_factors": ProviderMarketForcesFactor,
    "sites": Site,
    "submission_dates": SubmissionDate,
    "footprints": Footprint,
    "footprint_systems": Footprint.systems.through,
}
BATCH = 200


class ReferenceRefused(Exception):
    """Reference files that may not be loaded; `problems` has a row for each fault, with what to do."""

    def __init__(self, problems: Iterable[Mapping[str, object]]):
        self.problems = problems_frame(list(problems))
        super().__init__(f"{len(self.problems)} problems in the reference files; nothing was changed.")

    @property
    def facts(self) -> dict[str, object]:
        """For programs."""
        return {"state": "refused", "reason": str(self), "problems": self.problems.to_dict("records")}

    def lines(self, most: int) -> list[str]:
        """The first problems for people, each with its place in the file and what to do."""
        shown = self.problems.head(most).itertuples(index=False)
        return [f'{one.file} row {one.row}, {one.column}: "{one.value}". {one.message}' for one in shown]


def read_text_rows(path: Path) -> pd.DataFrame:
    """A CSV as text columns, blank as ""; raises ValueError with what to do."""
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except FileNotFoundError:
        raise ValueError("Add this file: it is missing.") from None
    except UnicodeDecodeError:
        raise ValueError("Save the file as UTF-8.") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as fault:
        raise ValueError(f"Mend the file, it cannot be read as a CSV: {fault}") from None


def read_tables(folder: Path, tables: Sequence[Table]) -> tuple[dict[str, pd.DataFrame], list[dict[str, object]]]:
    """Text rows by table name from a folder, and a problem for each file that cannot be read."""
    frames, problems = {}, []
    for table in tables:
        try:
            frames[table.name] = read_text_rows(folder / table.file)
        except ValueError as fault:
            problems.append(problem(table.file, 1, "", "", str(fault)))
    return frames, problems


def load_reference(*, by, folder: Path) -> dict[str, dict]:
    """Brings the planning tables in line with the files of a folder; returns counts by table.

    Raises:
        ReferenceRefused: some row may not be loaded; nothing was written.
    """
    frames, unreadable = read_tables(folder, PLANNING_TABLES)
    shaped, problems = check_planning(frames)
    if unreadable or problems:
        raise ReferenceRefused([*unreadable, *problems])
    with transaction.atomic():
        _release_own_footprint(shaped["footprints"])
        counts = {name: write_table(MODELS[name], TABLE[name], frame) for name, frame in shaped.items()}
        record(by=by, action="loaded reference data", about="planning", counts=changed(counts))
    return counts


def _release_own_footprint(footprints: pd.DataFrame) -> None:
    """Unmarks another own footprint first: only one may be marked, also between two statements."""
    own = [code for code, is_own in zip(footprints["code"], footprints["is_own"], strict=True) if is_own]
    Footprint.objects.filter(is_own=True).exclude(code__in=own).update(is_own=False)


def changed(counts: Mapping[str, dict]) -> dict[str, dict]:
    """The tables in which a row was created or updated, as the audit trail keeps them."""
    return {table: count for table, count in counts.items() if count["created"] or count["updated"]}


def write_table(model: type[models.Model], table: Table, frame: pd.DataFrame, *, keep_changed: bool = False) -> dict:
    """Creates missing rows and updates changed ones; never deletes. Rows of the database that no file has are listed.

    With `keep_changed` a row that differs stays as people changed it and is counted as kept.
    """
    fields = {column.name: model._meta.get_field(column.name) for column in table.columns if column.stored}
    existing = {_key(row, table, fields): row for row in model._default_manager.all()}
    created, updated, kept, found = [], [], 0, set()
    for record_ in frame.to_dict("records"):
        values = {fields[name].attname: _stored(fields[name], record_[name]) for name in fields}
        key = tuple(values[fields[name].attname] for name in table.key)
        found.add(key)
        row = existing.get(key)
        if row is None:
            created.append(model(**values))
        elif differing := {name: value for name, value in values.items() if getattr(row, name) != value}:
            if keep_changed:
                kept += 1
                continue
            for name, value in differing.items():
                setattr(row, name, value)
            updated.append(row)
    model._default_manager.bulk_create(created, batch_size=BATCH)
    if updated:
        model._default_manager.bulk_update(
            updated, [field.name for name, field in fields.items() if not field.primary_key], BATCH
        )
    if created or updated:
        reference_changed()
    missing = [" ".join(str(part) for part in key) for key in existing if key not in found]
    counts = {"rows": len(frame), "created": len(created), "updated": len(updated)}
    return counts | {"unchanged": len(frame) - len(created) - len(updated) - kept, "kept": kept, "not_in_files": missing}


def _key(row: models.Model, table: Table, fields: Mapping[str, models.Field]) -> tuple:
    return tuple(getattr(row, fields[name].attname) for name in table.key)


def _stored(field: models.Field, value: object) -> object:
    """A blank reference or number is null in the database; blank text stays blank."""
    if value == "" and (field.is_relation or not isinstance(field, models.CharField | models.TextField)):
        return None
    return value


def load_practices(*, by, path: Path, edition: str, source: str = "") -> dict[str, dict]:
    """Loads the public list of practices with weighted populations; returns counts of practices and neighbourhoods.

    Raises:
        ReferenceRefused: the file cannot be read or some row may not be loaded; nothing was written.
    """
    try:
        text = read_text_rows(path)
    except ValueError as fault:
        raise ReferenceRefused([problem(path.name, 1, "", "", str(fault))]) from None
    practices, neighbourhoods, problems = practice_rows(text, file=path.name, edition=edition, source=source)
    if problems:
        raise ReferenceRefused(problems)
    with transaction.atomic():
        counts = {
            "neighbourhoods": write_table(Neighbourhood, NEIGHBOURHOODS, neighbourhoods),
            "practices": write_table(Practice, PRACTICES, practices),
        }
        record(by=by, action="loaded practices", about=edition, counts=changed(counts))
    return counts
