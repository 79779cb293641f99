"""The plan of the house holds: who may import whom, where numbers are made, how long anything may be, what things are called.

Each test gathers every offender, so that one run shows all there is to mend.
"""

import ast
import re
import statistics
import sys

import pytest
from django.apps import apps

from tests.source import APPS, RANK, ROOT, Module, app_modules, committed_files

MODULES = app_modules()

# Role of a file → roles of the project's files that it may import, in its own app or one further down.
# "accounts" and "presentation" stand for the whole app of that name.
MAY_IMPORT = {
    "models": {"models"},
    "calculations": {"calculations"},
    "extracts": {"extracts", "calculations"},
    "illustrative": {"illustrative", "extracts", "calculations"},
    "queries": {"queries", "models", "extracts", "accounts"},
    "actions": {"actions", "models", "queries", "calculations", "extracts", "accounts"},
    "figures": {"figures", "queries", "calculations", "charts", "tables", "forms", "presentation"},
    "forms": {"forms", "models", "queries", "extracts", "presentation"},
    "tables": {"tables", "presentation"},
    "charts": {"charts", "presentation"},
    "views": {"views", "figures", "forms", "actions", "tasks", "queries", "presentation", "accounts"},
    "tasks": {"tasks", "actions"},
    "management": {"actions", "tasks", "queries", "figures", "extracts", "illustrative", "accounts", "presentation"},
    "urls": {"views"},
    "admin": {"models", "actions", "accounts"},
    "apps": {"figures", "tasks", "checks"},
    "context_processors": {"queries", "accounts", "presentation"},
    "templatetags": {"queries", "presentation"},
}
# Files with one job that only these apps have: what people may do, and how a page is put together.
OWN_ROLES = {"accounts": {"pages", "permissions", "policies", "reading", "middleware"}}

CALCULATION_LIBRARIES = {"pandas", "numpy", "scipy"}
# The parts of the standard library without files, clock, network or chance.
CALCULATION_STANDARD = {
    "__future__",
    "abc",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "functools",
    "heapq",
    "itertools",
    "math",
    "numbers",
    "operator",
    "re",
    "statistics",
    "string",
    "types",
    "typing",
    "unicodedata",
}
READS_OR_WRITES = re.compile(r"^(open|read_(csv|excel|parquet|json|sql\w*|pickle)|to_(csv|excel|parquet|sql|pickle))$")
CLOCK = {"now", "today", "utcnow"}
SEEDED = {"default_rng", "Generator", "SeedSequence", "PCG64"}
# `shared_reads` keeps what a request has read; whoever reads may use it.
SHARED_READS = "presentation.shared_reads"
# Modules of `calculations` that are words and no arithmetic: the names of months, homes, units and states of submissions.
# Whoever reads or asks for something in those words may import them.
VOCABULARY = {
    "finance.calculations.measure_names",
    "planning.calculations.activity_units",
    "planning.calculations.financial_years",
    "planning.calculations.homes",
    "planning.calculations.submission_states",
}
# How one answer reads each thing once: a decorator of reads, used where they are, and of what figures compute from them.
SHARED_READS = "presentation.shared_reads"
DRAWING = {"plotly", "matplotlib"}
FRAME_ROOMS = {
    "presentation",
    "calculations",
    "queries",
    "actions",
    "figures",
    "charts",
    "extracts",
    "illustrative",
    "management",
}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "core", "manager", "managers", "services", "common", "misc"}


def _target(name: str) -> Module | None:
    """The module that a dotted name of the project is in, or None where it is someone else's."""
    parts = name.split(".")
    if parts[0] not in APPS:
        return None
    for length in range(len(parts), 0, -1):
        for path in (ROOT.joinpath(*parts[:length]).with_suffix(".py"), ROOT.joinpath(*parts[:length], "__init__.py")):
            if path.is_file():
                return Module(path.relative_to(ROOT))
    return None


def _project_imports(module: Module):
    for line, name in module.imports:
        if (target := _target(name)) is not None:
            yield f"{module.path}:{line} imports {name}", target


def _where(faults: list[str]) -> str:
    return "\n" + "\n".join(sorted(faults))


def test_apps_import_downwards_only():
    faults = [
        what
        for module in MODULES
        for what, target in _project_imports(module)
        if target.app != module.app and RANK[target.app] >= RANK[module.app]
    ]
    assert not faults, _where(faults)


def _points_up(field, app: str) -> bool:
    if not field.is_relation or field.auto_created or not field.related_model:
        return False
    other = field.related_model._meta.app_label
    return other in RANK and other != app and RANK[other] >= RANK[app]


def test_foreign_keys_point_downwards_only():
    faults = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if (app := model._meta.app_label) in RANK
        for field in model._meta.get_fields()
        if _points_up(field, app)
    ]
    assert not faults, _where(faults)


def test_only_the_front_door_knows_every_app():
    """Apps are wired together in `config`; nothing imports `config` or the tests."""
    above = {"config", "tests", "benchmarks"}
    faults = [f"{m.path}:{line} imports {name}" for m in MODULES for line, name in m.imports if name.split(".")[0] in above]
    assert not faults, _where(faults)


def test_every_file_has_one_of_the_known_jobs():
    faults = [
        str(m.path)
        for m in MODULES
        if m.app != "presentation" and m.role != "__init__" and m.role not in set(MAY_IMPORT) | OWN_ROLES.get(m.app, set())
    ]
    assert not faults, _where(faults)


@pytest.mark.parametrize("role", sorted(MAY_IMPORT))
def test_each_job_imports_only_what_it_needs(role):
    faults = []
    for module in MODULES:
        if module.role != role or module.app == "presentation":
            continue
        for what, target in _project_imports(module):
            whole_app = target.app in {"accounts", "presentation"} and target.app in MAY_IMPORT[role]
            own_extracts = target.role != "extracts" or target.app == module.app
            if target.role == "__init__" or whole_app or (target.role in MAY_IMPORT[role] and own_extracts):
                continue
            if role == "queries" and target.name == SHARED_READS:
                continue
            if target.name in VOCABULARY and role in {"queries", "forms", "extracts", "charts", "tables"}:
                continue
            if target.name == SHARED_READS and role == "queries":
                continue
            faults.append(what)
    assert not faults, _where(faults)


def test_calculations_know_only_frames_and_arithmetic():
    faults = []
    for module in (m for m in MODULES if m.role == "calculations"):
        for line, name in module.imports:
            first = name.split(".")[0]
            if first in CALCULATION_LIBRARIES | CALCULATION_STANDARD:
                continue
            if (target := _target(name)) is None or target.role != "calculations":
                faults.append(f"{module.path}:{line} imports {name}")
    assert not faults, _where(faults)


def _reaches_outside(call: ast.Call) -> bool:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if called in SEEDED:
        return not call.args and not call.keywords
    return bool(READS_OR_WRITES.match(called)) or called in CLOCK or ".random." in ast.unparse(call.func)


def test_calculations_touch_no_file_clock_or_hidden_chance():
    faults = [
        f"{m.path}:{node.lineno} calls {ast.unparse(node.func)}"
        for m in MODULES
        if m.role == "calculations"
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Call) and _reaches_outside(node)
    ]
    assert not faults, _where(faults)


def test_public_calculations_explain_themselves():
    """Each says what its columns are; the linter checks the shape of the text, this checks that it is there."""
    faults = [
        f"{m.path}:{node.lineno} {node.name}"
        for m in MODULES
        if m.role == "calculations"
        for node in m.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert not faults, _where(faults)


@pytest.mark.parametrize(
    ("libraries", "homes"),
    [
        (DRAWING, {"presentation"}),
        ({"duckdb"}, {"queries", "extracts", "illustrative"}),
        (
            {"pandas", "numpy"},
            {"presentation", "calculations", "queries", "actions", "figures", "charts", "extracts", "illustrative", "management"},
        ),
        ({"openpyxl", "xlsxwriter", "python_calamine"}, {"presentation", "extracts"}),
    ],
    ids=["drawing", "duckdb", "frames", "workbooks"],
)
def test_libraries_stay_in_their_rooms(libraries, homes):
    faults = [
        f"{m.path}:{line} imports {name}"
        for m in MODULES
        for line, name in m.imports
        if name.split(".")[0] in libraries and m.role not in homes and m.app not in homes
    ]
    assert not faults, _where(faults)


def test_there_are_no_signals():
    banned = ("django.db.models.signals", "django.dispatch", "django.core.signals")
    faults = [f"{m.path}:{line} imports {name}" for m in MODULES for line, name in m.imports if name.startswith(banned)]
    assert not faults, _where(faults)


def test_views_never_reach_for_the_database():
    faults = [
        f"{m.path}:{number} {line.strip()}"
        for m in MODULES
        if m.role == "views"
        for number, line in enumerate(m.text.splitlines(), 1)
        if ".objects." in line or ".save(" in line or ".delete(" in line
    ]
    assert not faults, _where(faults)


def _length(node: ast.FunctionDef) -> int:
    return node.end_lineno - node.lineno + 1


def test_modules_are_short():
    faults = [f"{m.path} has {lines} lines" for m in MODULES if (lines := len(m.text.splitlines())) > 400]
    assert not faults, _where(faults)


def test_models_past_250_lines_are_a_package():
    faults = [str(m.path) for m in MODULES if m.path.name == "models.py" and len(m.text.splitlines()) > 250]
    assert not faults, _where(faults)


@pytest.mark.parametrize(("role", "limit"), [("views", 25), (None, 60)], ids=["views", "everything"])
def test_functions_are_short(role, limit):
    faults = [
        f"{m.path}:{node.lineno} {node.name} has {_length(node)} lines"
        for m in MODULES
        if role in (None, m.role)
        for node in m.functions
        if _length(node) > limit
    ]
    assert not faults, _where(faults)


def test_most_functions_are_very_short():
    lengths = sorted(_length(node) for m in MODULES for node in m.functions)
    assert statistics.median(lengths) <= 12
    assert lengths[int(len(lengths) * 0.9)] <= 30


def test_nothing_has_a_name_that_says_nothing():
    ours = {*APPS, "tests", "config", "benchmarks"}
    faults = [
        str(path)
        for path in committed_files()
        if path.parts[0] in ours and FORBIDDEN_NAMES & {part.removesuffix(".py") for part in path.parts}
    ]
    assert not faults, _where(faults)


def test_the_rules_are_applied_to_something():
    """A wrong folder name here would make every test above pass."""
    assert {m.app for m in MODULES} == set(APPS)
    assert {"models", "calculations", "queries", "urls"} <= {m.role for m in MODULES}
    assert "pandas" not in sys.stdlib_module_names
    assert CALCULATION_STANDARD - {"__future__"} <= sys.stdlib_module_names
