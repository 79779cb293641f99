"""Writes of what scenarios assume: rows are added, never changed, so that what was saved before stays as it was."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pandas as pd
from django.db import transaction

from accounts.actions import record
from accounts.permissions import check_make_scenarios
from planning.calculations.reference_rows import Column, Table, check_tables, problem
from planning.calculations.reference_tables import AGE_BANDS, SEXES
from planning.models import Assumption, PopulationProjection, ProjectedPeople

from .public_shares import public_text
from .reference import ReferenceRefused, changed, read_tables, write_table

BATCH = 1000
ASSUMPTIONS = Table(
    "assumptions",
    ("kind", "key", "provider", "service", "home", "point_of_delivery", "unit", "from_year"),
    (
        Column("kind", required=True, choices=tuple(Assumption.Kind.values)),
        Column("key", required=True, length=40),
        Column("provider", length=5),
        Column("service", length=20),
        Column("home", length=10),
        Column("point_of_delivery", length=10),
        Column("unit", length=10),
        Column("value", "decimal", required=True),
        Column("measured_in", required=True, length=100),
        Column("from_year", "year", required=True),
        Column("illustrative", "yes_no", required=True),
        Column("default", "yes_no", required=True),
        Column("owner", required=True, length=120),
        Column("source", required=True),
    ),
)
PROJECTIONS = Table(
    "population_projections",
    ("area", "year", "sex", "age_band"),
    (
        Column("area", required=True, length=9, refers_to="places"),
        Column("year", "whole", required=True, least=2010, most=2100),
        Column("sex", required=True, choices=SEXES),
        Column("age_band", required=True, choices=AGE_BANDS),
        Column("people", "whole", required=True, least=0, most=50_000_000),
    ),
)


def load_assumptions(*, by, folder: Path) -> dict[str, dict]:
    """Adds the assumptions of `assumptions.csv` that are not there yet; returns counts.

    Raises:
        ReferenceRefused: some row may not be loaded; nothing was written.
    """
    frames, unreadable = read_tables(folder, [ASSUMPTIONS])
    shaped, problems = check_tables([ASSUMPTIONS], frames)
    if unreadable or problems:
        raise ReferenceRefused([*unreadable, *problems])
    with transaction.atomic():
        counts = {"assumptions": write_table(Assumption, ASSUMPTIONS, shaped["assumptions"], keep_changed=True)}
        record(by=by, action="loaded reference data", about="assumptions", counts=changed(counts))
    return counts


@transaction.atomic
def add_assumption(
    *, by, kind: str, key: str, value: Decimal, measured_in: str, from_year: str, owner: str, source: str, **scope: str
) -> Assumption:
    """Record another value, which takes the place of the one before from its year on."""
    check_make_scenarios(by)
    row = Assumption.objects.create(
        kind=kind, key=key, value=value, measured_in=measured_in, from_year=from_year, owner=owner, source=source,
        recorded_by=by, **scope,
    )  # fmt: skip
    of = {name: text for name, text in scope.items() if text}
    record(by=by, action="changed assumption", about=str(row), value=str(value), from_year=from_year, **of)
    return row


def read_projections(file, known: Mapping[str, set[str]]) -> pd.DataFrame:
    """Rows of an uploaded file of projected people, every one checked; `known` are the codes of places and systems.

    Raises:
        ReferenceRefused: some row may not be kept, or the file cannot be read.
    """
    name = file.name
    text = public_text(file.read(), name)
    text = text.rename(columns=lambda heading: str(heading).strip().lower())
    shaped, problems = check_tables([PROJECTIONS], {PROJECTIONS.name: text}, known)
    if not problems and text.empty:
        problems = [problem(name, 1, "", "", "Add rows: there are none under the headings.")]
    if problems:
        raise ReferenceRefused(problems)
    return shaped[PROJECTIONS.name]


@transaction.atomic
def add_projection(*, by, name: str, owner: str, source: str, file_name: str, people: pd.DataFrame) -> PopulationProjection:
    """Keep one upload of projected people: checked rows with `area`, `year`, `sex`, `age_band`, `people`."""
    check_make_scenarios(by)
    upload = PopulationProjection.objects.create(
        name=name, owner=owner, source=source, file_name=file_name[:255], rows=len(people), recorded_by=by
    )
    rows = (ProjectedPeople(projection=upload, **row) for row in people.to_dict("records"))
    ProjectedPeople.objects.bulk_create(rows, batch_size=BATCH)
    record(by=by, action="uploaded population projections", about=name, rows=len(people), file=file_name[:200])
    return upload
