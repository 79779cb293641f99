"""The problems of an extract as a file."""

import csv
import io

from planning.models import Extract
from planning.queries.extracts import problem_groups
from presentation.downloads import inert

HEADINGS = ("Row", "Column", "Value", "Severity", "Problem", "What to do")


def problems_by_rule(extract: Extract) -> list[dict]:
    """Problems by rule, errors first, each with the value of its first row as an example."""
    groups = problem_groups(extract)
    firsts = extract.problems.filter(row__in={group["first_row"] for group in groups})
    values = {(p.rule, p.column, p.row): p.value for p in firsts}
    return [{**group, "example": values.get((group["rule"], group["column"], group["first_row"]), "")} for group in groups]


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
