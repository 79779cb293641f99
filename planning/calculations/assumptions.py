"""Which assumption holds: of the rows that fit, the one said most particularly; of those, the latest."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import product
from typing import Any

import pandas as pd

from .contract import require_columns

# Most particular first: what is said of a provider wins over what is said of a service, and so on.
SCOPES = ("provider", "service", "home", "point_of_delivery", "unit")
COLUMNS = ["pk", "kind", "key", *SCOPES, "from_year", "value", "recorded_at", "default"]


def rows_in_force(rows: pd.DataFrame, *, year: str, at: datetime | None) -> pd.DataFrame:
    """One row for each assumption and scope: in force in a financial year, as it was known at a time.

    Args:
        rows: `COLUMNS` and whatever else describes a row.
        year: financial year, as 2025/26; the latest `from_year` that is not after it counts.
        at: rows recorded later are left out, except defaults, which nobody decided; None takes all.

    Returns:
        The same columns, one row for each kind, key and scope; among equal `from_year` the one recorded last.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(rows, COLUMNS, of="assumptions")
    known = rows[rows["from_year"] <= year]
    if at is not None and len(known):
        known = known[known["default"].astype(bool) | (known["recorded_at"] <= at)]
    ordered = known.sort_values(["from_year", "recorded_at", "pk"], kind="stable")
    return ordered.drop_duplicates(["kind", "key", *SCOPES], keep="last").sort_values("pk", ignore_index=True)


class Assumptions:
    """Assumptions in force, looked up by what they are of; it remembers which were used."""

    def __init__(self, rows: pd.DataFrame):
        """Take rows of `rows_in_force`."""
        records: list[dict[str, Any]] = [{str(k): v for k, v in r.items()} for r in rows.to_dict("records")]
        self._rows = {(r["kind"], r["key"], *(r[s] for s in SCOPES)): r for r in records}
        self._said = {(kind, key) for kind, key, *_ in self._rows}
        self._found: dict[tuple, Mapping[str, Any] | None] = {}
        self.used: dict[int, Mapping[str, Any]] = {}

    def row(self, kind: str, key: str, **scope: str) -> Mapping[str, Any] | None:
        """The row that fits a scope best; None where none was said."""
        asked = (kind, key, *(scope.get(name, "") for name in SCOPES))
        if asked not in self._found:
            self._found[asked] = self._looked_up(kind, key, asked[2:])
        if row := self._found[asked]:
            self.used[row["pk"]] = row
        return self._found[asked]

    def _looked_up(self, kind: str, key: str, scope: tuple) -> Mapping[str, Any] | None:
        if (kind, key) not in self._said:
            return None
        # A blank scope stands for everything, so each name is tried as it is and then blank.
        options = [(name, "") if name else ("",) for name in scope]
        return next((row for names in product(*options) if (row := self._rows.get((kind, key, *names)))), None)

    def value(self, kind: str, key: str, **scope: str) -> Decimal:
        """The value that fits a scope best.

        Raises:
            LookupError: nothing was said.
        """
        row = self.row(kind, key, **scope)
        if row is None:
            raise LookupError(f"No assumption says {key.replace('_', ' ')}: load the reference data or add one.")
        return Decimal(row["value"])

    def series(self, kind: str, key: str, **scope: str) -> Sequence[Decimal]:
        """Values by year: those of `key_1`, `key_2`… until one is not said."""
        found: list[Decimal] = []
        while (row := self.row(kind, f"{key}_{len(found) + 1}", **scope)) is not None:
            found.append(Decimal(row["value"]))
        return tuple(found)
