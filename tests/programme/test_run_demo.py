"""The demo prepares its data once, refuses what would harm, and leaves no process behind."""

import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finder
from django.core.management import CommandError, call_command

from programme.management.commands import run_demo


def _option(arguments: list[str], name: str) -> list[str]:
    """What follows an option, up to the next one."""
    start = arguments.index(name) + 1
    end = next((i for i in range(start, len(arguments)) if arguments[i].startswith("--")), len(arguments))
    return arguments[start:end]


@pytest.fixture
def called(monkeypatch, settings, tmp_path) -> list[tuple[str, list[str]]]:
    """What the demo calls, without doing it; making extracts leaves a file for the loading to find."""
    calls = []

    def record(command, *arguments, **options):
        calls.append((command, list(arguments)))
        if command == "make_illustrative_extracts":
            folder = Path(_option(list(arguments), "--out")[0])
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "RJ1.csv").touch()

    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setattr(run_demo, "call_command", record)
    return calls


def _positions(monkeypatch, number):
    monkeypatch.setattr(run_demo, "latest_position", lambda: number)


def test_the_first_start_loads_every_batch_through_the_intake(called, monkeypatch):
    _positions(monkeypatch, None)
    call_command("run_demo", prepare_only=True)
    loads = [arguments for command, arguments in called if command == "load_extract"]
    assert [(_option(load, "--point"), Path(load[0]).name) for load in loads] == [(["freeze"], "RJ1.csv"), (["flex"], "RJ1.csv")]
    assert all("--illustrative" in load and "--publish" in load for load in loads)
    years = [year for command, made in called if command == "make_illustrative_extracts" for year in _option(made, "--years")]
    assert years == ["2019/20", "2022/23", "2025/26", "2026/27", "2026/27"]


def test_the_running_year_is_frozen_but_for_its_last_month(called, monkeypatch):
    _positions(monkeypatch, None)
    call_command("run_demo", prepare_only=True)
    running = [made for command, made in called if command == "make_illustrative_extracts" and "2026/27" in made]
    assert [(_option(made, "--months"), Path(_option(made, "--out")[0]).name) for made in running] == [
        (["1", "5"], "freeze"),
        (["6", "6"], "flex"),
    ]
    reasons = [_option(made, "--reason") for command, made in called if command == "load_extract"]
    assert reasons == [
        ["Illustrative extracts of 2019/20, 2022/23, 2025/26; 2026/27 months 1 to 5 (freeze)"],
        ["Illustrative extracts of 2026/27 month 6 (flex)"],
    ]


def test_every_trust_sends_every_layout_of_the_closed_year_after_the_practices_are_loaded(called, monkeypatch):
    _positions(monkeypatch, None)
    call_command("run_demo", prepare_only=True)
    commands = [command for command, _ in called]
    assert commands.index("load_reference") < commands.index("load_practices") < commands.index("load_extract")
    making = next(arguments for command, arguments in called if command == "make_illustrative_extracts")
    assert _option(making, "--layouts") == ["acm", "iap", "plcm", "drplcm", "deplcm"]
    assert "--others-of" not in making
    assert _option(making, "--others-in") == ["2025/26"]
    [practices] = [arguments for command, arguments in called if command == "load_practices"]
    assert Path(practices[0]).is_file()
    assert "Illustrative" in _option(practices, "--source")[0]


def test_fewer_rows_can_be_asked_for(called, monkeypatch):
    _positions(monkeypatch, None)
    call_command("run_demo", prepare_only=True, rows=500)
    assert [_option(made, "--rows") for command, made in called if command == "make_illustrative_extracts"] == [["500"]] * 3


def test_a_step_that_fails_shows_what_it_said(monkeypatch):
    def refuse(command, *arguments, stdout, **options):
        stdout.write("RJ1.csv: the header row was not found")
        raise SystemExit(1)

    monkeypatch.setattr(run_demo, "call_command", refuse)
    with pytest.raises(CommandError, match="header row was not found"):
        call_command("run_demo", prepare_only=True)


def test_a_second_start_reuses_the_data(called, monkeypatch):
    _positions(monkeypatch, 2)
    call_command("run_demo", prepare_only=True)
    assert [command for command, _ in called] == ["migrate", "load_reference", "load_practices", "collectstatic"]


def test_a_start_after_an_interruption_loads_what_is_missing(called, monkeypatch):
    _positions(monkeypatch, 1)
    call_command("run_demo", prepare_only=True)
    assert [command for command, _ in called].count("load_extract") == 2


def test_static_files_are_collected_anew_when_a_source_is_newer(settings, tmp_path):
    settings.STATIC_ROOT, settings.STATICFILES_DIRS = tmp_path / "collected", [tmp_path / "source"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    get_finder.cache_clear()
    for folder in ("collected", "source"):
        (tmp_path / folder).mkdir()
    assert not run_demo.static_files_are_fresh()
    source, collected = tmp_path / "source" / "app.css", tmp_path / "collected" / "staticfiles.json"
    source.touch()
    collected.touch()
    os.utime(source, (100, 100))
    os.utime(collected, (200, 200))
    assert run_demo.static_files_are_fresh()
    os.utime(source, (300, 300))
    assert not run_demo.static_files_are_fresh()
    get_finder.cache_clear()


def test_it_does_not_run_in_production(called, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="PRODUCTION=1"):
        call_command("run_demo", prepare_only=True)
    assert called == []


def test_a_taken_port_is_refused_before_any_data_are_made(called):
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} is in use"):
            call_command("run_demo", port=port)
    assert called == []


def _python(program: str) -> subprocess.Popen:
    return run_demo.start([sys.executable, "-c", program])


def test_stopping_ends_every_process():
    processes = [_python("import time; time.sleep(60)"), _python("import time; time.sleep(60)")]
    run_demo.stop(processes)
    assert all(process.poll() is not None for process in processes)


def test_the_process_that_ends_by_itself_is_named():
    lasting, short = _python("import time; time.sleep(60)"), _python("pass")
    try:
        assert run_demo.wait_for_the_first_end([lasting, short]) is short
    finally:
        run_demo.stop([lasting, short])


def test_a_web_server_that_dies_is_not_waited_for():
    process = _python("raise SystemExit(1)")
    process.wait()
    with pytest.raises(CommandError, match="did not start"):
        run_demo.wait_until_listening(1, [process])
