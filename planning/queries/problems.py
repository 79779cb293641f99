"""The problems of an extract as a file."""

import csv
import io

from planning.models import Extract
from presentation.downloads import inert

HEADINGS = ("Row", "Column", "Value", "Severity", "Problem", "What to do")


def problems_csv(extract: Extract) -> bytes:
    """Every problem in the order of the file's rows, safe to open in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for problem in extract.problems.order_by("row", "id").iterator(chunk_size=10_000):
        said = (problem.column, problem.value, problem.severity, problem.rule, problem.message)
        writer.writerow([problem.row, *(inert(cell) for cell in said)])
    # With a byte order mark, so that spreadsheets read it as UTF-8.
    return text.getvalue().encode("utf-8-sig")
