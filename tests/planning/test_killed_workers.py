"""A worker that is killed at any step leaves the extract to be taken up again, and nothing half done."""

import json
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.queries import command_line_user
from planning.actions import check_extract, publish_extracts, put_back_stalled_extracts
from planning.models import Extract, ExtractProblem, PatientFlow, PositionSlice, ReportingPosition
from planning.queries import position_totals
from tests.planning.acm_files import acm_row
from tests.planning.few_codes import make_few_codes
from tests.planning.received_extracts import receive
from tests.source import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = [acm_row(month=1), acm_row(month=2, commissioner="36L"), acm_row(month=3, site="x"), acm_row(month="x")]
# Runs an action in a process that kills itself when it comes to the step.
KILLED = """
import json, os, signal, sys
import django
from django.conf import settings
name, media, step, action, pk = sys.argv[1:]
settings.DATABASES["default"].update(json.loads(name))
settings.MEDIA_ROOT = media
django.setup()
from importlib import import_module
module, _, function = step.rpartition(".")
setattr(import_module(module), function, lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL))
from accounts.queries import command_line_user
from planning.actions import check_extract, publish_extracts
from planning.models import Extract
extract = Extract.objects.get(pk=pk)
if action == "check":
    check_extract(extract=extract)
else:
    publish_extracts(by=command_line_user(), extracts=[extract], reason="x")
"""


@pytest.fixture(autouse=True)
def intake(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    make_few_codes()


def killed_at(step: str, action: str, extract: Extract, media) -> None:
    database = {"NAME": str(connection.settings_dict["NAME"])}
    command = [sys.executable, "-c", KILLED, json.dumps(database), str(media), step, action, str(extract.pk)]
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT), **environment_of_tests()}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


def environment_of_tests() -> dict[str, str]:
    import os

    return {name: os.environ[name] for name in ("PATH", "HOME", "TEST_DATABASE_URL") if name in os.environ}


def result(extract: Extract) -> dict:
    extract.refresh_from_db()
    names = ("state", "rows", "accepted", "rejected", "excluded", "problem_count", "totals", "slices", "covered_months")
    facts = list(
        PatientFlow.objects.filter(extract=extract).order_by("month").values_list("month", "actual_price", "home_system")
    )
    problems = list(ExtractProblem.objects.filter(extract=extract).order_by("row").values_list("row", "rule"))
    return {**{name: getattr(extract, name) for name in names}, "facts": facts, "problems": problems}


@pytest.mark.parametrize(
    "step",
    [
        "planning.extracts.intake.read_heading",
        "planning.extracts.valuing.write_values",
        "planning.actions.checks.insert_rows",
        "planning.actions.checks._count",
        "planning.actions.checks._finish",
        "planning.actions.checks.keep",
        "planning.actions.checks.record",
    ],
)
def test_a_check_that_was_killed_ends_as_one_that_was_not(step, settings):
    undisturbed = result(check_extract(extract=receive(ROWS)))
    Extract.objects.update(state="cancelled")
    extract = receive(ROWS)
    killed_at(step, "check", extract, settings.MEDIA_ROOT)
    extract.refresh_from_db()
    assert (extract.state, extract.attempt) == ("checking", 1)
    Extract.objects.filter(pk=extract.pk).update(heartbeat=timezone.now() - timedelta(minutes=2))
    assert put_back_stalled_extracts() == [extract]
    assert result(check_extract(extract=extract)) == undisturbed


def test_a_publication_that_was_killed_published_nothing_and_can_be_repeated(settings):
    extract = check_extract(extract=receive(ROWS))
    killed_at("planning.actions.positions.record", "publish", extract, settings.MEDIA_ROOT)
    extract.refresh_from_db()
    assert (extract.state, extract.publication) == ("checked", None)
    assert not ReportingPosition.objects.exists()
    assert not PositionSlice.objects.exists()
    position = publish_extracts(by=command_line_user(), extracts=[extract], reason="x")
    assert (position.number, int(position_totals(1)["actual_price"].sum())) == (1, 4_500_000)
