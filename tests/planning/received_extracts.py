"""Extracts for tests that go through the whole intake: received, checked and published as people would."""

import io

from accounts.queries import command_line_user
from planning.actions import check_extract, publish_extracts, receive_extract
from tests.planning.acm_files import acm_bytes


def receive(rows=None, *, by=None, content: bytes | None = None, name="acm.csv", layout="acm", **options):
    """Receive a file of the rows; `options` are those of `receive_extract`."""
    file = io.BytesIO(acm_bytes(rows) if content is None else content)
    return receive_extract(by=by or command_line_user(), file=file, file_name=name, layout=layout, **options)


def check(rows=None, **options):
    return check_extract(extract=receive(rows, **options))


def publish(*files, by=None, reason="For a test", **options):
    """Check each list of rows as a file and publish them as one position; the extracts as they are then."""
    extracts = [check(rows, by=by, **options) for rows in files]
    publish_extracts(by=by or command_line_user(), extracts=extracts, reason=reason)
    for extract in extracts:
        extract.refresh_from_db()
    return extracts
