"""Practices from an official file: where each stands tells the place of its patients' homes."""

import pandas as pd
from django.db import transaction

from accounts.actions import record, reference_changed
from accounts.permissions import check_load_public_files
from planning.models import Practice

BATCH = 1_000
TAKEN = ["name", "system_code", "place_code", "population", "edition", "source"]


@transaction.atomic
def take_practices(*, by, rows: pd.DataFrame, edition: str, source: str) -> int:
    """Take the system, place and people of each practice; what else is known of it, and practices not in the rows, stay.

    `rows` have `practice` (unique), `system`, `place`, `population`, and `practice_name` where the file has it. Returns how many
    were taken; a code that is too long for a practice of England is nobody's.
    """
    check_load_public_files(by)
    longest = {name: Practice._meta.get_field(name).max_length for name in ("code", "name", "source")}
    rows = rows[rows["practice"].str.len() <= longest["code"]]
    names = rows["practice_name"] if "practice_name" in rows else pd.Series(None, index=rows.index)
    names = names.where(names.notna() & (names != ""), rows["practice"]).str.slice(0, longest["name"])
    columns = rows[["practice", "system", "place", "population"]].assign(name=names).itertuples(index=False, name=None)
    practices = [
        Practice(code=code, system_code=system, place_code=place, population=people, name=name, edition=edition, source=source)
        for code, system, place, people, name in columns
    ]
    Practice.objects.bulk_create(practices, BATCH, update_conflicts=True, unique_fields=["code"], update_fields=TAKEN)
    record(by=by, action="took practices", about=source[:200], practices=len(practices))
    reference_changed()
    return len(practices)
