"""Rows that a column of the file marks as something other than what was done: plan rows, and summaries of other rows.

Long files of several sources carry such a column beside the national ones. What is marked counts only where it says
something that the other rows do not say already.
"""
# ruff: noqa: S608 - names in SQL are constants; texts go through `engine.text`.

from collections.abc import Collection
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from . import engine
from .layouts import normal_heading
from .reading import Heading

PLAN, SUMMARY = "plan", "summary"
# Headings under which files say what a row is, as far as they were seen.
MARKING_HEADINGS = (
    "SOURCE",
    "DATA SOURCE",
    "DATASET",
    "DATA SET",
    "DER RECORD TYPE",
    "RECORD TYPE",
    "ROW TYPE",
    "DATA TYPE",
    "PLAN OR ACTUAL",
    "PLAN ACTUAL",
    "ACTUAL OR PLAN",
    "ACTUAL PLAN",
    "PLAN ACTUAL INDICATOR",
    "REPORTING TYPE INDICATOR",
)
WORDS = {
    PLAN: ("PLAN", "PLANNED", "PLANS", "IAP", "BUDGET", "INDICATIVE ACTIVITY PLAN"),
    SUMMARY: ("ACUTEAGG", "ACUTE AGG", "AGG", "AGGREGATE", "AGGREGATED", "SUMMARY", "SUBTOTAL", "SUB TOTAL", "TOTAL"),
}


@dataclass(frozen=True)
class Marks:
    """Whether rows so marked say again what others say: plan rows always where others hold a plan, summaries of detail."""

    plan_elsewhere: bool = False
    detail: bool = False


def marking_cells(heading: Heading) -> dict[str, str]:
    """Cells of the file that may mark a row, under the names that the lines keep them by."""
    found = [i for i, cell in enumerate(heading.cells) if normal_heading(cell) in MARKING_HEADINGS]
    return {f"mark_{i}": f"c{i}" for i in found}


def mark_sql(names: Collection[str]) -> str:
    """What a row is marked as ('plan', 'summary'), missing where it is nothing of the kind; SQL over kept cells.

    It is worked out from the lines, where each distinct cell of a column is looked at once, and not from the text.
    """
    if not names:
        return "NULL::VARCHAR"
    plain = "replace(replace(upper(tidy({})), '_', ' '), '-', ' ')"
    cases = [
        f"WHEN {plain.format(name)} IN ({', '.join(map(engine.text, words))}) THEN '{mark}'"
        for mark, words in WORDS.items()
        for name in names
    ]
    return f"CASE {' '.join(cases)} END"


def marks_in(connection: DuckDBPyConnection) -> Marks:
    """Look at the table `received` as a whole: are there rows beside the marked ones, and do they hold a plan?"""
    marked = connection.execute("SELECT count(mark) FROM received").fetchone()
    if not marked or not marked[0]:
        return Marks()
    # A figure that cannot be read as it stands is one; only a blank and 0 are none.
    planned = " OR ".join(
        f"(coalesce({name}, '') <> '' AND coalesce(try_cast({name} AS DOUBLE), 1) <> 0)"
        for name in ("planned_price", "planned_activity")
    )
    found = connection.execute(
        f"SELECT bool_or({planned}), bool_or(coalesce(month, '') <> '') FROM received WHERE mark IS DISTINCT FROM '{SUMMARY}' "
        f"AND mark IS DISTINCT FROM '{PLAN}'"
    ).fetchone()
    plan_elsewhere, detail = found or (False, False)
    return Marks(bool(plan_elsewhere), bool(detail))


def excluded_sql(marks: Marks, layout: str) -> list[str]:
    """Branches of a CASE that say why a marked row is left out.

    A plan row whose plan stands in the columns of the plan and nowhere else is taken as it is; in the plan return every
    row is one.
    """
    actual = "coalesce(actual_price, 0) <> 0 OR coalesce(actual_activity, 0) <> 0"
    said_again = "TRUE" if marks.plan_elsewhere else actual
    plan = [] if layout == "iap" else [f"WHEN mark = '{PLAN}' AND ({said_again}) THEN '{PLAN}'"]
    return [*plan, *([f"WHEN mark = '{SUMMARY}' THEN '{SUMMARY}'"] if marks.detail else [])]
