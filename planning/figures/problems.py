"""What is wrong with an extract, as files: by rule with the money of its rows, and every problem with its row."""

from collections.abc import Iterator
from typing import Any

from planning.queries.lines import figure_headings
from planning.queries.problems import all_can_be_listed, context_headings, every_problem, problems_by_rule
from presentation.amounts import POUND
from presentation.downloads import plain_number
from presentation.long_tables import LongTable

PROBLEM_HEADINGS = ("Row", "Column", "Value", "Severity", "Problem", "What to do")
RULE_HEADINGS = (
    "Problem",
    "Severity",
    "Column",
    "Number",
    "First row",
    "Example",
    "Planned price of these rows (£)",
    "Actual price of these rows (£)",
    "What to do",
)


def every_problem_table(extract, key: str = "") -> LongTable:
    """One line for each problem, with other cells of its row as they were received."""
    headings = [*PROBLEM_HEADINGS, *context_headings(extract), "Illustrative data"]
    return LongTable("Problems", headings, _lines(extract, key))


def _lines(extract, key: str) -> Iterator[tuple[Any, ...]]:
    marked, figures = "Yes" if extract.illustrative else "No", figure_headings(extract.layout)
    names = context_headings(extract)
    for p in every_problem(extract, key):
        value = plain_number(p.value) if p.column in figures else p.value
        cells = [plain_number(cell) if name in figures else cell for name, cell in zip(names, p.context, strict=True)]
        yield (p.row, p.column, value, p.severity, p.rule, p.message, *cells, marked)


def rules_table(extract) -> LongTable:
    """One line for each rule that rows broke."""
    return LongTable("By rule", RULE_HEADINGS, [_rule_line(group) for group in problems_by_rule(extract)])


def _rule_line(group: dict) -> tuple[Any, ...]:
    prices = [None if group[price] is None else group[price] / POUND for price in ("planned_price", "actual_price")]
    shown = (group["rule"], group["severity"], group["column"], group["number"], group["first_row"], group["example"])
    return (*shown, *prices, group["message"])


def not_listed(extract) -> int:
    """How many problems are counted and cannot be listed, since nothing of a file that was not taken is kept."""
    return 0 if all_can_be_listed(extract) else max(extract.problem_count - extract.problems.count(), 0)
