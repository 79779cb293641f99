"""`make test` and `make check`: run every check, go on after a failure, and end with what ran on what and what could not.

    python -m tests.everything [check]

Exit 1 if anything failed; where CI=true also if anything could not be run.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import embedded_postgresql
from tests.browser import chromium

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
IN_CI = os.environ.get("CI") == "true"
LINT = {
    "lint (ruff)": ["ruff", "check", "."],
    "format (ruff)": ["ruff", "format", "--check", "."],
    "types (mypy)": ["mypy"],
    "templates (djlint)": ["djlint", "templates", "--lint", "--quiet"],
    "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
}


class NotRun(Exception):
    """A check that cannot be run on this machine; the message says why."""


@dataclass
class Run:
    """What came out of the checks so far."""

    outcomes: list[tuple[str, str, str]] = field(default_factory=list)
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def step(self, name: str, action: Callable[[], str | None]) -> None:
        """Run one check; it returns what to say about it, and raises when it fails or cannot be run."""
        print(f"\n──── {name}", flush=True)
        started = time.monotonic()
        try:
            outcome, said = "passed", action() or ""
        except NotRun as reason:
            outcome, said = "NOT RUN", str(reason)
        except subprocess.CalledProcessError:
            outcome, said = "FAILED", ""
        self.outcomes.append((name, outcome, f"{said} ({time.monotonic() - started:.0f} s)".strip()))

    def count(self, report: Path) -> None:
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):  # noqa: S314 (our own file)
            broken = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped = int(suite.get("skipped", 0))
            self.failed += broken
            self.skipped += skipped
            self.passed += int(suite.get("tests", 0)) - broken - skipped

    def finish(self) -> int:
        outcomes = [outcome for _, outcome, _ in self.outcomes]
        print("\n──── what was run")
        for name, outcome, said in self.outcomes:
            print(f"{outcome:>8}  {name}: {said}")
        print(f"tests: {self.passed} passed, {self.failed} failed, {self.skipped} skipped", flush=True)
        return int("FAILED" in outcomes or (IN_CI and "NOT RUN" in outcomes))


def call(*command: str, **environment: str) -> None:
    """Raises: CalledProcessError: the command failed."""
    program = str(BIN / command[0])
    subprocess.run([program, *command[1:]], cwd=ROOT, env={**os.environ, **environment}, check=True)


def lint(run: Run) -> None:
    # Nothing that is checked here needs the developer's own data.
    with tempfile.TemporaryDirectory(prefix="planner-check-") as folder:
        for name, command in LINT.items():
            run.step(name, lambda command=command: call(*command, DATA_DIR=folder, DATABASE_URL=""))


def pytest(run: Run, *options: str, **environment: str) -> None:
    with tempfile.TemporaryDirectory(prefix="planner-report-") as folder:
        report = Path(folder) / "report.xml"
        try:
            call("python", "-m", "pytest", "-q", f"--junitxml={report}", *options, **environment)
        finally:
            if report.exists():
                run.count(report)


@contextmanager
def postgresql() -> Iterator[tuple[str, str]]:
    """Address of the server to test on and what to call it.

    Raises:
        NotRun: there is none.
    """
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url, "the server of TEST_DATABASE_URL"
        return
    try:
        with embedded_postgresql.running() as url:
            yield url, "the embedded server"
    except embedded_postgresql.NotAvailable as reason:
        raise NotRun(str(reason)) from reason


def on_sqlite(run: Run) -> str:
    pytest(run, "-n", "auto", TEST_DATABASE_URL="")
    return f"SQLite {sqlite_version()}"


def sqlite_version() -> str:
    import sqlite3

    return sqlite3.sqlite_version


def on_postgresql(run: Run) -> str:
    with postgresql() as (url, name):
        pytest(run, "-n", "auto", "--database-only", TEST_DATABASE_URL=url)
        return f"PostgreSQL, {name}, every test that opens a database"


def many_files(run: Run) -> str:
    pytest(run, "-n", "auto", "-m", "many", "tests/planning", TEST_DATABASE_URL="")
    return "without a database"


def in_libreoffice(run: Run) -> str:
    office = shutil.which("soffice")
    if not office:
        raise NotRun("no LibreOffice: workbooks with formulas were not recalculated")
    pytest(run, "-m", "spreadsheet", "tests/finance", TEST_DATABASE_URL="")
    version = subprocess.run([office, "--version"], capture_output=True, text=True, check=False).stdout
    return " ".join(version.split()[:2]) or "LibreOffice"


def in_browser(run: Run) -> str:
    browser = chromium.found() or chromium.installed()
    if not browser:
        raise NotRun("no Chromium: not at hand, and neither Debian's package nor Playwright's own download could be installed")
    # Two at a time: each process has its own product and its own data. More of them, and pages are late on small machines.
    pytest(run, "-n", "2", "--dist", "worksteal", "-m", "browser", "tests/browser", CHROMIUM=browser)
    version = subprocess.run([browser, "--version"], capture_output=True, text=True, check=False).stdout
    return re.sub(r"\s+", " ", version).strip() or "Chromium"


def main(arguments: list[str]) -> int:
    run = Run()
    lint(run)
    if arguments != ["check"]:
        run.step("unit and database tests on SQLite", lambda: on_sqlite(run))
        run.step("database tests on PostgreSQL", lambda: on_postgresql(run))
        run.step("thousands of damaged files", lambda: many_files(run))
        run.step("workbooks recalculated by LibreOffice", lambda: in_libreoffice(run))
        run.step("browser and accessibility tests", lambda: in_browser(run))
    return run.finish()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
