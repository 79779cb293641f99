"""Many rows into a table at the speed of the database: COPY on PostgreSQL, executemany elsewhere. Never the ORM row by row."""

import csv
import io
import time
from collections.abc import Sequence

from django.db import connection
from django.db.models import Model

# Stands for a missing value in COPY, so that blank text stays blank text. No cell of a file that is kept reads like it.
MISSING = "\x02missing\x02"
GAP_SECONDS = 0.02


def insert_rows(model: type[Model], columns: Sequence[str], rows: Sequence[tuple]) -> None:
    """Insert rows whose values stand in the order of `columns`, named as the table names them."""
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            text = io.StringIO()
            csv.writer(text).writerows([MISSING if value is None else value for value in row] for row in rows)
            text.seek(0)
            cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN (FORMAT csv, NULL '{MISSING}')", text)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 - names of the model


def give_way(since: float) -> None:
    """Let others write before the next batch: SQLite keeps no queue, and whoever waits for it looks only now and then.

    `since` is when the last batch ended (monotonic seconds): what was spent on anything else has been a pause for others.
    """
    if connection.vendor == "sqlite":
        time.sleep(max(0.0, since + GAP_SECONDS - time.monotonic()))
