"""The problems of an extract: by rule, and every one."""

from collections.abc import Iterator

from planning.models import Extract
from planning.queries.extracts import problem_groups

PROBLEM_HEADINGS = ("Row", "Column", "Value", "Severity", "Problem", "What to do")


def problems_by_rule(extract: Extract) -> list[dict]:
    """Problems by rule, errors first, each with the value of its first row as an example."""
    groups = problem_groups(extract)
    firsts = extract.problems.filter(row__in={group["first_row"] for group in groups})
    values = {(p.rule, p.column, p.row): p.value for p in firsts}
    return [{**group, "example": values.get((group["rule"], group["column"], group["first_row"]), "")} for group in groups]


def problem_rows(extract: Extract) -> Iterator[tuple]:
    """Every problem under `PROBLEM_HEADINGS`, in the order of the file's rows."""
    fields = ("row", "column", "value", "severity", "rule", "message")
    return extract.problems.order_by("row", "id").values_list(*fields).iterator(chunk_size=10_000)
