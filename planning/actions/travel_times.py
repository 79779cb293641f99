"""Loads a table of travel times, which replaces the one before."""

from datetime import date
from pathlib import Path

from django.db import transaction

from accounts.actions import record, reference_changed
from planning.calculations.reference_rows import problem
from planning.calculations.travel_time_rows import travel_time_rows
from planning.models import Place, Provider, Site, System, TravelTime

from .reference import BATCH, ReferenceRefused, read_text_rows


def load_travel_times(*, by, path: Path, source: str, dated: date, dry_run: bool = False) -> dict[str, int]:
    """Puts the travel times of a file in the place of those that are loaded; returns how many came and how many went.

    Raises:
        ReferenceRefused: the file cannot be read, some row may not be loaded, or nobody says where it is from; nothing was
            written.
    """
    if not source.strip():
        raise ReferenceRefused([problem(path.name, 1, "source", "", "Say where the travel times are from.")])
    try:
        text = read_text_rows(path)
    except ValueError as fault:
        raise ReferenceRefused([problem(path.name, 1, "", "", str(fault))]) from None
    homes = {*Place.objects.values_list("code", flat=True), *System.objects.values_list("code", flat=True)}
    ends = {*Provider.objects.values_list("code", flat=True), *Site.objects.exclude(code="").values_list("code", flat=True)}
    rows, problems = travel_time_rows(text, file=path.name, known={"home": homes, "destination": ends})
    if problems:
        raise ReferenceRefused(problems)
    if rows.empty:
        raise ReferenceRefused([problem(path.name, 1, "", "", "Add rows: the file has none below its headings.")])
    counts = {"rows": len(rows), "replaced": TravelTime.objects.count()}
    if not dry_run:
        _replace(by, rows, source.strip(), dated, counts)
    return counts


@transaction.atomic
def _replace(by, rows, source: str, dated: date, counts: dict[str, int]) -> None:
    TravelTime.objects.all().delete()
    made = [TravelTime(**row, source=source, dated=dated) for row in rows.to_dict("records")]
    TravelTime.objects.bulk_create(made, batch_size=BATCH)
    reference_changed()
    record(by=by, action="loaded travel times", about=source, dated=dated.isoformat(), **counts)
