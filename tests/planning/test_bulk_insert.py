"""Rows go into the database as they are, whatever control characters a file brings."""

import math

import pytest
from django.db import connection

from planning.actions import bulk_insert, checks
from planning.actions.bulk_insert import insert_rows
from planning.models import Extract, ExtractProblem
from tests.planning.received_extracts import receive

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("value", ["\x02", "\x01\x02", "\x1f", "\\.", "\ufffd"])
def test_a_control_character_is_no_missing_value(value, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    extract = receive()
    columns = ("extract_id", "row", "column", "value", "rule", "severity", "message")
    insert_rows(ExtractProblem, columns, [(extract.pk, None, "", value, "r", "error", "m")])
    assert extract.problems.values_list("value", "row").get() == (value, None)


@pytest.mark.parametrize(
    ("vendor", "ended", "paused"),
    [
        ("sqlite", 100.0, bulk_insert.GAP_SECONDS),
        ("sqlite", 100.0 - bulk_insert.GAP_SECONDS / 4, bulk_insert.GAP_SECONDS * 3 / 4),
        ("sqlite", 100.0 - bulk_insert.GAP_SECONDS * 2, 0),
        ("sqlite", -math.inf, 0),
        ("postgresql", 100.0, None),
    ],
)
def test_only_sqlite_pauses_and_for_what_is_left_since_the_last_batch(monkeypatch, vendor, ended, paused):
    slept = []
    monkeypatch.setattr(bulk_insert.time, "sleep", slept.append)
    monkeypatch.setattr(bulk_insert.time, "monotonic", lambda: 100.0)
    monkeypatch.setattr(bulk_insert.connection, "vendor", vendor)
    bulk_insert.give_way(ended)
    assert slept == ([] if paused is None else [pytest.approx(paused)])


def test_others_may_write_after_every_whole_batch_and_outside_of_its_transaction(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    extract = receive()
    Extract.objects.filter(pk=extract.pk).update(state="checking", attempt=1)
    extract.refresh_from_db()
    depth, waits = len(connection.savepoint_ids), []
    monkeypatch.setattr(checks, "BATCH", 2)
    monkeypatch.setattr(checks, "give_way", lambda since: waits.append((since > -math.inf, len(connection.savepoint_ids))))
    columns = ("extract_id", "row", "column", "value", "rule", "severity", "message")
    attempt = checks.Attempt(extract)
    for rows in (1, 2, 1):
        checks._insert(attempt, ExtractProblem, columns, [(extract.pk, 1, "", "x", "r", "error", "m")] * rows)
    # What is less than a batch keeps nobody waiting.
    assert waits == [(False, depth), (False, depth), (True, depth)]
    assert extract.problems.count() == 4
