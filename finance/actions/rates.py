"""Writes of finance: the rates that allocation and affordability rest on."""

from pathlib import Path

from django.db import transaction

from accounts.actions import record
from finance.models import Rate
from planning.actions.reference import ReferenceRefused, changed, read_tables, write_table
from planning.calculations.reference_rows import Column, Table, check_tables

RATES = Table(
    "rates",
    ("kind", "key", "sex", "from_year"),
    (
        Column("kind", required=True, choices=tuple(Rate.Kind.values)),
        Column("key", required=True, length=40),
        Column("sex", choices=("f", "m")),
        Column("value", "decimal", required=True),
        Column("unit", required=True, length=150),
        Column("from_year", "year", required=True),
        Column("illustrative", "yes_no", required=True),
        Column("owner", length=120),
        Column("source", required=True),
    ),
)


def load_rates(*, by, folder: Path) -> dict[str, dict]:
    """Adds the rates of `rates.csv` that are not there yet; returns counts.

    A rate that people have changed since is kept as they left it and counted as kept, so that loading again never undoes a
    decision. A new official figure comes as a row with a later `from_year`.

    Raises:
        ReferenceRefused: some row may not be loaded; nothing was written.
    """
    frames, unreadable = read_tables(folder, [RATES])
    shaped, problems = check_tables([RATES], frames)
    if unreadable or problems:
        raise ReferenceRefused([*unreadable, *problems])
    with transaction.atomic():
        counts = {"rates": write_table(Rate, RATES, shaped["rates"], keep_changed=True)}
        record(by=by, action="loaded reference data", about="rates", counts=changed(counts))
    return counts
