"""The problems of an extract: by rule, and every one with its row, from the values that the check left."""
# ruff: noqa: S608 - names in SQL are headings of the layout or constants; conditions are the checker's own.

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from planning.extracts import engine
from planning.extracts.faults import FIGURES
from planning.extracts.layouts import layout_columns
from planning.extracts.person_marks import cell_to_show
from planning.extracts.whole_file_warnings import IN_DATABASE
from planning.models import Extract
from planning.queries import read_copies

# The row's other cells, by which a person finds it in their own system.
CONTEXT = ("month", "service_code", "point_of_delivery", "commissioner", "planned_price", "actual_price")
BATCH = 10_000


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one row; `context` are the row's cells under `context_headings`."""

    row: int | None
    column: str
    value: str
    severity: str
    rule: str
    message: str
    context: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProblemList:
    """Some of the problems of an extract. `total` is of all that were asked for, `kept` of those that can be listed."""

    context_headings: tuple[str, ...]
    problems: list[Problem]
    total: int
    kept: int


def problems_by_rule(extract: Extract) -> list[dict]:
    """Rules that rows broke, errors first: number, first row and its cell, money of the rows; `key` names the rule."""
    groups = [{**group, "key": f"{group['mask']}-{group['bit']}"} for group in extract.broken]
    return sorted(groups, key=lambda group: (group["severity"], -group["number"], group["rule"], group["column"]))


def all_can_be_listed(extract: Extract) -> bool:
    """Whether the rows are still there; of a file that was not taken, only what the database lists is."""
    found_again = all(group["mask"] for group in extract.broken)
    return bool(extract.line_store) and found_again and _values(extract).is_file()


def problem_list(extract: Extract, key: str = "", *, first: int = 0, number: int = 100) -> ProblemList:
    """Problems of one rule, or of all, in the order of the file's rows."""
    groups = _chosen(extract, key)
    total = sum(group["number"] for _, group in groups)
    if not all_can_be_listed(extract):
        listed = _in_database(extract, groups if key else None)
        return ProblemList((), [Problem(*row) for row in listed[first : first + number]], total, listed.count())
    headings = _context(extract)
    # Warnings of the whole file come before those of its rows.
    of_file, of_rows = _of_file(extract, groups), [pair for pair in groups if pair[1]["mask"] != IN_DATABASE]
    blank = ("",) * len(headings)
    problems = [Problem(*row, blank) for row in of_file[first : first + number]]
    if of_rows and len(problems) < number:
        skipped = max(first - len(of_file), 0)
        sql, parameters = _sql(extract, of_rows, headings, f"LIMIT {number - len(problems)} OFFSET {skipped}")
        found = read_copies.run(sql, parameters).astype(object).itertuples(index=False, name=None)
        problems += [_problem(of_rows, row) for row in found]
    return ProblemList(headings, problems, total, total)


def every_problem(extract: Extract, key: str = "") -> Iterator[Problem]:
    """All that can be listed, in the order of the file's rows, in little memory."""
    groups = _chosen(extract, key)
    if not all_can_be_listed(extract):
        for row in _in_database(extract, groups if key else None).iterator(chunk_size=BATCH):
            yield Problem(*row)
        return
    headings, of_rows = _context(extract), [pair for pair in groups if pair[1]["mask"] != IN_DATABASE]
    for row in _of_file(extract, groups):
        yield Problem(*row, ("",) * len(headings))
    if not of_rows:
        return
    sql, parameters = _sql(extract, of_rows, headings, "")
    with tempfile.TemporaryDirectory(dir=settings.MEDIA_ROOT) as folder, engine.engine(Path(folder)) as connection:
        found = connection.execute(sql, parameters)
        while rows := found.fetchmany(BATCH):
            yield from (_problem(of_rows, row) for row in rows)


def context_headings(extract: Extract) -> tuple[str, ...]:
    """Headings of the cells that stand beside a problem in a list."""
    return _context(extract) if all_can_be_listed(extract) else ()


def _chosen(extract: Extract, key: str) -> list[tuple[int, dict]]:
    return [(i, group) for i, group in enumerate(extract.broken) if key in ("", f"{group['mask']}-{group['bit']}")]


def _of_file(extract: Extract, groups: Sequence[tuple[int, dict]]) -> list[tuple]:
    """Warnings that are of no one row, which are in the database."""
    rules = [group["rule"] for _, group in groups if group["mask"] == IN_DATABASE]
    return list(_in_database(extract, None).filter(row=None, rule__in=rules)) if rules else []


def _in_database(extract: Extract, groups: list | None):
    found = extract.problems.order_by("row", "id")
    if groups is not None:
        names = [(group["rule"], group["column"]) for _, group in groups] or [("", "")]
        found = found.filter(rule=names[0][0], column=names[0][1])
    return found.values_list("row", "column", "value", "severity", "rule", "message")


def _values(extract: Extract) -> Path:
    return Path(settings.MEDIA_ROOT) / "line_store" / extract.line_store.replace(".parquet", ".values.parquet")


def _context(extract: Extract) -> tuple[str, ...]:
    path = str(Path(settings.MEDIA_ROOT) / "line_store" / extract.line_store)
    held = set(read_copies.run("SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet(?))", [path])["column_name"])
    columns = {c.field: c for c in layout_columns(extract.layout)}
    shown = [columns[name] for name in CONTEXT if name in columns]
    return tuple(c.name for c in shown if c.name in held and not (c.identifying or c.concealed))


def _sql(extract: Extract, groups: Sequence[tuple[int, dict]], headings: Sequence[str], paging: str) -> tuple[str, list]:
    """Problems one to a row: row, number of the group, the cell, and cells of the context. The values are read once."""
    bits = [f"CASE WHEN {group['mask']} & {1 << group['bit']} <> 0 THEN {i} END" for i, group in groups]
    masks = {mask: sum(1 << group["bit"] for _, group in groups if group["mask"] == mask) for mask in ("faults", "too_long")}
    some = " OR ".join(f"{mask} & {bits_} <> 0" for mask, bits_ in masks.items() if bits_)
    each = (
        f"SELECT row, problem FROM (SELECT row, unnest([{', '.join(bits)}]) AS problem FROM read_parquet(?) WHERE {some}) "
        f"WHERE problem IS NOT NULL ORDER BY row, problem {paging}"
    )
    cells = " ".join(f"WHEN {i} THEN l.{engine.name(group['column'])}" for i, group in groups if group["shown"])
    cell = f"CASE problem {cells} END" if cells else "NULL"
    context = "".join(f", l.{engine.name(heading)}" for heading in headings)
    sql = f"SELECT row, problem, {cell} AS cell{context} FROM ({each}) JOIN read_parquet(?) l USING (row) ORDER BY row, problem"
    return sql, [str(_values(extract)), str(Path(settings.MEDIA_ROOT) / "line_store" / extract.line_store)]


def _problem(groups: Sequence[tuple[int, dict]], found: Sequence[Any]) -> Problem:
    row, number, cell, *context = found
    group = dict(groups)[number]
    cells = tuple("" if value is None else cell_to_show(str(value)) for value in context)
    value = "" if cell is None else cell_to_show(str(cell)[:200], figure=group["field"] in FIGURES)
    return Problem(row, group["column"], value, group["severity"], group["rule"], group["message"], cells)


def problems_of(extract: Extract) -> list[dict]:
    """Every problem that can be listed, as the command line prints them."""
    names = ("row", "column", "value", "rule", "severity", "message")
    return [{name: getattr(problem, name) for name in names} for problem in every_problem(extract)]
