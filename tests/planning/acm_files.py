"""Small files of activity for tests: rows of the ACM layout from a valid one, with what a test changes."""

import csv
import io
from pathlib import Path

from planning.extracts.layouts import layout_columns

# What a test may name, and the national heading it stands for.
HEADINGS = {column.field: column.name for column in layout_columns("acm")}
ROW = {
    "month": "1",
    "year": "202526",
    "created": "2026-05-20 09:30:00",
    "reporting_type": "FLEX",
    "provider": "RJ1",
    "site": "RJ121",
    "practice_responsibility": "72Q",
    "residence_responsibility": "72Q",
    "commissioner": "72Q",
    "treatment_function": "320",
    "service_category": "25",
    "service_code": "NCBPS13B",
    "point_of_delivery": "EL",
    "tariff": "EY02A",
    "national_tariff_indicator": "Y",
    "planned_activity": "2",
    "planned_price": "100.00",
    "actual_activity": "3",
    "actual_price": "150.00",
}


def acm_row(**cells) -> dict[str, str]:
    """A valid row, with some cells changed; cells are text as they stand in a file."""
    return {**ROW, **{name: str(value) for name, value in cells.items()}}


def acm_bytes(
    rows=None, *, headings: dict[str, str] | None = None, encoding="utf-8", delimiter=",", newline="\r\n", without=()
) -> bytes:
    """A file of the rows (one valid row if none are given); `headings` renames columns, `without` leaves some out."""
    shown = {name: (headings or {}).get(name, heading) for name, heading in HEADINGS.items() if name not in without}
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    writer.writerow(shown.values())
    for row in [acm_row()] if rows is None else rows:
        writer.writerow([row.get(name, "") for name in shown])
    return text.getvalue().encode(encoding)


def acm_file(folder: Path, rows=None, name="acm.csv", **options) -> Path:
    path = folder / name
    path.write_bytes(acm_bytes(rows, **options))
    return path
