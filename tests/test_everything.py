"""`make test` says what ran, counts what was counted, and fails when it should."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from tests import conftest, everything
from tests.browser import site
from tests.everything import NotRun, Run

REPORT = """<testsuites><testsuite tests="10" failures="2" errors="1" skipped="3"/></testsuites>"""


def _fail():
    raise subprocess.CalledProcessError(1, "a check")


def _not_here():
    raise NotRun("no Chromium")


def test_the_last_line_adds_the_counts_of_all_runs(tmp_path, capsys):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    run = Run()
    run.count(report)
    run.count(report)
    run.finish()
    assert capsys.readouterr().out.splitlines()[-1] == "tests: 8 passed, 6 failed, 6 skipped"


def test_a_failure_does_not_stop_the_next_check_and_fails_the_whole(capsys):
    run = Run()
    run.step("first", _fail)
    run.step("second", lambda: "on SQLite")
    assert run.finish() == 1
    said = capsys.readouterr().out
    assert "FAILED  first" in said
    assert "passed  second: on SQLite" in said


@pytest.mark.parametrize(("in_ci", "code"), [(False, 0), (True, 1)])
def test_what_could_not_run_is_named_and_fails_only_in_ci(monkeypatch, capsys, in_ci, code):
    monkeypatch.setattr(everything, "IN_CI", in_ci)
    run = Run()
    run.step("browser", _not_here)
    assert run.finish() == code
    assert "NOT RUN  browser: no Chromium" in capsys.readouterr().out


def test_a_named_server_wins_over_the_embedded_one(monkeypatch):
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://somewhere/planner")
    monkeypatch.setattr(everything.embedded_postgresql, "running", _fail)
    with everything.postgresql() as (url, name):
        assert (url, name) == ("postgres://somewhere/planner", "the server of TEST_DATABASE_URL")


def test_where_no_server_can_be_started_that_is_said(monkeypatch):
    def nowhere():
        raise everything.embedded_postgresql.NotAvailable("no binaries")

    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.setattr(everything.embedded_postgresql, "running", nowhere)
    with pytest.raises(NotRun, match="no binaries"), everything.postgresql():
        pass


def test_without_a_browser_nothing_is_claimed(monkeypatch):
    monkeypatch.setattr(everything.chromium, "found", lambda: None)
    monkeypatch.setattr(everything.chromium, "installed", lambda: None)
    with pytest.raises(NotRun, match="no Chromium"):
        everything.in_browser(Run())


def test_tests_never_use_the_databases_of_the_environment():
    """The settings of the tests put the data folder into one of their own."""
    program = "from tests import settings; print(settings.DATABASES['default']['NAME']); print(settings.MEDIA_ROOT)"
    environment = {**everything.os.environ, "DATABASE_URL": "sqlite:////precious.sqlite3", "MEDIA_ROOT": "/precious"}
    environment["TEST_DATABASE_URL"] = ""
    command = [everything.sys.executable, "-c", program]
    said = subprocess.run(command, cwd=everything.ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    assert "precious" not in said
    assert len(said.splitlines()) == 2


def opens_nothing():
    return SimpleNamespace(fixturenames=["tmp_path"], get_closest_marker=lambda name: None)


def opens_by_fixture():
    return SimpleNamespace(fixturenames=["person", "db"], get_closest_marker=lambda name: None)


def opens_by_mark():
    return SimpleNamespace(fixturenames=[], get_closest_marker=lambda name: name == "django_db" or None)


def asks_for_reference_data_alone():
    return SimpleNamespace(fixturenames=["db"], get_closest_marker=lambda name: name in ("django_db", "any_database") or None)


@pytest.mark.parametrize("only", [True, False])
def test_on_a_second_database_only_tests_that_open_one_are_run_again(only):
    left_out = []
    hook = SimpleNamespace(pytest_deselected=lambda items: left_out.extend(items))
    every = [opens_nothing(), opens_by_fixture(), opens_by_mark(), asks_for_reference_data_alone()]
    items = list(every)
    conftest.pytest_collection_modifyitems(SimpleNamespace(getoption=lambda name: only, hook=hook), items)
    assert items == (every[1:3] if only else every)
    assert left_out == ([every[0], every[3]] if only else [])


def test_the_browser_tests_run_two_at_a_time(monkeypatch):
    asked = []
    monkeypatch.setattr(everything.chromium, "found", lambda: "/bin/true")
    monkeypatch.setattr(everything, "pytest", lambda run, *options, **environment: asked.append((options, environment)))
    assert everything.in_browser(Run()).startswith("true ")
    [(options, environment)] = asked
    assert options[options.index("-n") + 1] == "2"
    assert environment == {"CHROMIUM": "/bin/true"}


def test_the_data_of_browser_tests_are_made_once_for_all_processes(tmp_path):
    def fail(folder):
        folder.mkdir()
        (folder / "half").touch()
        raise RuntimeError("no space")

    def make(folder):
        folder.mkdir()
        (folder / "whole").touch()

    with pytest.raises(RuntimeError, match="no space"):
        site.prepared_once(tmp_path, fail)
    with ThreadPoolExecutor() as processes:
        folders = list(processes.map(lambda _: site.prepared_once(tmp_path, make), range(4)))
    assert {*folders} == {tmp_path / "prepared"}
    assert [path.name for path in folders[0].iterdir()] == ["whole"]
    assert site.prepared_once(tmp_path, fail) == folders[0]


@pytest.mark.parametrize("worker", [0, 1])
def test_no_two_processes_of_browser_tests_take_the_same_port(monkeypatch, worker):
    monkeypatch.setenv("PYTEST_XDIST_WORKER", f"gw{worker}")
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", "2")
    assert {site.free_port() // 2 % 2 for _ in range(5)} == {worker}
