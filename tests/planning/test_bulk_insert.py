"""Rows go into the database as they are, whatever control characters a file brings."""

import pytest

from planning.actions.bulk_insert import insert_rows
from planning.models import ExtractProblem
from tests.planning.received_extracts import receive

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("value", ["\x02", "\x01\x02", "\x1f", "\\.", "\ufffd"])
def test_a_control_character_is_no_missing_value(value, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    extract = receive()
    columns = ("extract_id", "row", "column", "value", "rule", "severity", "message")
    insert_rows(ExtractProblem, columns, [(extract.pk, None, "", value, "r", "error", "m")])
    assert extract.problems.values_list("value", "row").get() == (value, None)
