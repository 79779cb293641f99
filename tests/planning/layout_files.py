"""Small files of the layouts beside ACM, for tests: a valid row of each, with what a test changes."""

import csv
import io

from planning.extracts.layouts import layout_columns
from tests.planning.acm_files import ROW as ACM_ROW

_OF_ALL = {
    name: ACM_ROW[name]
    for name in (
        "month", "year", "created", "provider", "site", "practice_responsibility", "residence_responsibility", "commissioner",
        "treatment_function", "service_category", "service_code",
    )
}  # fmt: skip
_PATIENT = {**_OF_ALL, "reporting_type": "FLEX", "practice": "G85001"}
ROWS = {
    "acm": ACM_ROW,
    "iap": {
        **_OF_ALL,
        "practice": "G85001",
        "point_of_delivery": "EL",
        "tariff": "EY02A",
        "planned_activity": "2",
        "planned_price": "100.00",
        "name_of_submitter": "Finance team",
    },
    "plcm": {**_PATIENT, "point_of_delivery": "EL", "tariff": "EY02A", "actual_activity": "1", "actual_price": "50.00"},
    "drplcm": {**_PATIENT, "point_of_delivery": "DRUG", "actual_price": "20.00"},
    "deplcm": {**_PATIENT, "point_of_delivery": "DEVICE", "actual_activity": "1", "actual_price": "30.00"},
}


def layout_row(layout: str, **cells) -> dict[str, str]:
    return {**ROWS[layout], **{name: str(value) for name, value in cells.items()}}


def layout_bytes(layout: str, rows=None, *, extra: tuple[str, ...] = (), encoding="utf-8", delimiter=",") -> bytes:
    """A file of the rows (one valid row if none are given); `extra` are further headings, whose cells rows hold by heading."""
    shown = {column.field: column.name for column in layout_columns(layout)} | {heading: heading for heading in extra}
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(shown.values())
    for row in [layout_row(layout)] if rows is None else rows:
        writer.writerow([row.get(name, "") for name in shown])
    return text.getvalue().encode(encoding)
