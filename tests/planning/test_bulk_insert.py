"""Rows go into the database as they are, whatever control characters a file brings."""

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


@pytest.mark.parametrize(("vendor", "pauses"), [("sqlite", 1), ("postgresql", 0)])
def test_only_sqlite_needs_a_pause_for_others_to_write(monkeypatch, vendor, pauses):
    slept = []
    monkeypatch.setattr(bulk_insert.time, "sleep", slept.append)
    monkeypatch.setattr(bulk_insert.connection, "vendor", vendor)
    bulk_insert.give_way()
    assert len(slept) == pauses


def test_others_may_write_after_every_whole_batch_and_outside_of_its_transaction(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    extract = receive()
    Extract.objects.filter(pk=extract.pk).update(state="checking", attempt=1)
    extract.refresh_from_db()
    depth, held = len(connection.savepoint_ids), []
    monkeypatch.setattr(checks, "BATCH", 2)
    monkeypatch.setattr(checks, "give_way", lambda: held.append(len(connection.savepoint_ids)))
    columns = ("extract_id", "row", "column", "value", "rule", "severity", "message")
    for rows in (2, 1, 2):
        checks._insert(checks.Attempt(extract), ExtractProblem, columns, [(extract.pk, 1, "", "x", "r", "error", "m")] * rows)
    assert held == [depth, depth]
    assert extract.problems.count() == 5
