"""Processes that are killed at any step of receiving, checking and publishing: what follows is as if they had not been.

The process that is killed is a real one, and the worker is the product's own. Nothing in the product knows of steps: the
script below puts an end in the place of a function before it starts.
"""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.queries import command_line_user
from planning.actions import check_again, check_extract, publish_extracts, sweep_orphans
from planning.models import Extract, ExtractProblem, PatientFlow, PositionSlice, ReportingPosition
from planning.queries import flow_frame, position_totals
from tests.planning.acm_files import acm_bytes, acm_row
from tests.planning.few_codes import make_few_codes
from tests.planning.received_extracts import receive
from tests.source import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = [acm_row(month=1), acm_row(month=2, commissioner="36L"), acm_row(month=3, site="x"), acm_row(month="x")]
# Does a thing in a process of its own, which ends without a word where it comes to the step.
PROCESS = """
import json, os, signal, sys
import django
from django.conf import settings
name, media, step, action, argument = sys.argv[1:]
settings.DATABASES["default"].update(json.loads(name))
settings.MEDIA_ROOT = media
django.setup()
from importlib import import_module
if step:
    module, _, function = step.rpartition(".")
    assert hasattr(import_module(module), function), step
    setattr(import_module(module), function, lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL))
from django.core.management import call_command
from accounts.queries import command_line_user
from planning.actions import publish_extracts, receive_extract
from planning.models import Extract
if action == "receive":
    with open(argument, "rb") as file:
        receive_extract(by=command_line_user(), file=file, file_name="june.csv", layout="acm")
elif action == "work":
    call_command("run_worker", batch=True, interval=0)
else:
    publish_extracts(by=command_line_user(), extracts=[Extract.objects.get(pk=argument)], reason="x")
"""


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    make_few_codes()
    command_line_user()
    return settings.MEDIA_ROOT


def process(media: Path, action: str, argument="", *, step: str = "") -> None:
    """Run an action in a process; with a step it must end there, killed."""
    database = json.dumps({"NAME": str(connection.settings_dict["NAME"])})
    command = [sys.executable, "-c", PROCESS, database, str(media), step, action, str(argument)]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TEST_DATABASE_URL") if name in os.environ}
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT), **kept}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == (-signal.SIGKILL if step else 0), done.stderr


def restarted_worker() -> None:
    call_command("run_worker", batch=True, interval=0)


def silent(extract: Extract) -> None:
    """Its worker has said nothing for two minutes."""
    Extract.objects.filter(pk=extract.pk).update(heartbeat=timezone.now() - timedelta(minutes=2))


def result(extract: Extract) -> dict:
    """All that a check leaves behind, apart from numbers of rows in tables and the time."""
    extract.refresh_from_db()
    names = ("state", "rows", "accepted", "rejected", "excluded", "problem_count", "totals", "slices", "covered_months")
    facts = PatientFlow.objects.filter(extract=extract).order_by("month").values_list("month", "actual_price", "home_system")
    problems = ExtractProblem.objects.filter(extract=extract).order_by("row", "rule").values_list("row", "rule")
    return {**{name: getattr(extract, name) for name in names}, "facts": list(facts), "problems": list(problems)}


def files(media: Path) -> list[str]:
    return sorted(path.parent.name for path in media.rglob("*") if path.is_file())


def undisturbed() -> dict:
    found = result(check_extract(extract=receive(ROWS)))
    assert (found["state"], found["accepted"], len(found["facts"])) == ("checked", 3, 3)
    Extract.objects.update(state="cancelled")
    return found


@pytest.mark.parametrize(
    "step",
    [
        "planning.actions.extracts._same_bytes",
        "planning.actions.extracts.first_look",
        "planning.actions.extracts._keep",
        "planning.actions.extracts._save_received",
        "planning.actions.extracts.record",
    ],
)
def test_a_file_that_was_being_received_is_not_there_and_can_be_sent_again(step, media, tmp_path):
    sent = tmp_path / "june.csv"
    sent.write_bytes(acm_bytes(ROWS))
    process(media, "receive", sent, step=step)
    assert not Extract.objects.exists()
    long_ago = timezone.now().timestamp() - 7200
    for path in [*media.glob("quarantine/*"), *media.glob("received/*")]:
        os.utime(path, (long_ago, long_ago))
    sweep_orphans()
    assert files(media) == []
    extract = receive(ROWS)
    silent(extract)
    restarted_worker()
    extract.refresh_from_db()
    assert (extract.state, extract.attempt) == ("checked", 1)


@pytest.mark.parametrize(
    "step",
    [
        "planning.extracts.intake.number_rows",
        "planning.extracts.valuing.write_values",
        "planning.actions.checks.insert_rows",
        "planning.actions.checks._count",
        "planning.actions.checks.keep_rows",
        "planning.actions.checks.keep",
        "planning.actions.checks.record",
    ],
)
def test_a_check_that_was_killed_ends_as_one_that_was_not(step, media):
    expected = undisturbed()
    extract = receive(ROWS)
    silent(extract)
    process(media, "work", step=step)
    extract.refresh_from_db()
    assert (extract.state, extract.attempt) == ("checking", 1)
    silent(extract)
    restarted_worker()
    assert result(extract) == expected
    assert extract.attempt == 2
    assert not list((media / "working").glob("*"))


def test_a_worker_that_is_killed_each_time_fails_the_extract_and_it_can_be_tried_again(media):
    expected = undisturbed()
    extract = receive(ROWS)
    for _ in range(3):
        silent(extract)
        process(media, "work", step="planning.actions.checks._count")
    silent(extract)
    restarted_worker()
    extract.refresh_from_db()
    assert (extract.state, extract.facts.count()) == ("failed", 0)
    check_again(by=command_line_user(), extract=extract)
    silent(extract)
    process(media, "work")
    assert result(extract) == expected


@pytest.mark.parametrize(
    "step",
    [
        "planning.actions.positions.resolve_slices",
        "planning.actions.positions._fingerprint",
        "planning.actions.positions.record",
        "planning.actions.positions.tell_of_position",
    ],
)
def test_a_publication_that_was_killed_published_nothing_and_can_be_repeated(step, media):
    extract = check_extract(extract=receive(ROWS))
    process(media, "publish", extract.pk, step=step)
    extract.refresh_from_db()
    assert (extract.state, extract.publication) == ("checked", None)
    assert not ReportingPosition.objects.exists()
    assert not PositionSlice.objects.exists()
    position = publish_extracts(by=command_line_user(), extracts=[extract], reason="x")
    assert (position.number, int(position_totals(1)["actual_price"].sum())) == (1, 4_500_000)


def test_a_publication_that_was_killed_once_it_was_made_stands(media):
    extract = check_extract(extract=receive(ROWS))
    process(media, "publish", extract.pk, step="planning.actions.positions.drop_received")
    extract.refresh_from_db()
    assert (extract.state, ReportingPosition.objects.count()) == ("published", 1)
    assert publish_extracts(by=command_line_user(), extracts=[extract], reason="again").number == 1
    assert int(flow_frame(None, {"position": 1, "specialised": "all"}, by=[])["actual_price"].iloc[0]) == 4_500_000
    long_ago = timezone.now().timestamp() - 7200
    for path in media.glob("received/*"):
        os.utime(path, (long_ago, long_ago))
    assert [path.parent.name for path in sweep_orphans()] == ["received"]
