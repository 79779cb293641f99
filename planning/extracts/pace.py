"""How far a check is, how fast it goes and how long it still takes: estimated, from what has been seen of it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

SAMPLE = 1 << 20
# What part of a check has passed when each part of it begins: assumed of every file. Three ACM files of 14,000, 88,000 and
# 279,000 rows took 0.37, 0.45 and 0.44 of their time to be read, and 0.88, 0.91 and 0.87 of it until facts were written (two
# cores, SQLite). Another layout, many faults or another machine differ, so the bar and the time left are estimates; only
# reading is measured, by its rows.
BEGINS = {"reading": 0.0, "checking": 0.45, "writing": 0.88}
ENDS = {"reading": 0.45, "checking": 0.88, "writing": 1.0}
# Before this much has passed, what is left cannot be foreseen.
TELLS_FROM = 0.05


@dataclass(frozen=True)
class Pace:
    """`share` is what has passed, of 1; the others are missing where they cannot be said yet."""

    share: float
    rows_a_second: int | None
    seconds_left: int | None


def estimated_rows(path: Path) -> int | None:
    """Estimate how many rows a file of text has from how many its first part has; None where there is no file."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(SAMPLE)
    except OSError:
        return None
    ends = start.count(b"\n") or start.count(b"\r")
    return max(round(ends * size / len(start)) - 1, 1) if ends else None


def pace(
    phase: str, started: datetime, phase_started: datetime, now: datetime, rows_read: int, rows_expected: int | None
) -> Pace:
    """Say how far a check is.

    Args:
        phase: reading, checking or writing.
        started: When the check began.
        phase_started: When this part of it began.
        now: The moment asked about.
        rows_read: Rows read so far.
        rows_expected: Rows that the file is thought to have; None where that is not known.

    Returns:
        The share that has passed, rows read in a second, and the seconds that are left. Reading is measured by its rows; of
        the other parts it is assumed that they take as much longer than those before them as `BEGINS` says.
    """
    passed, of_phase = (max((now - start).total_seconds(), 0.0) for start in (started, phase_started))
    before = passed - of_phase
    if phase == "reading":
        share = ENDS[phase] * min(rows_read / rows_expected, 1.0) if rows_expected else 0.0
        reading = passed
    else:
        whole = before / BEGINS[phase]
        # It may take longer than foreseen, but it is not over before it is.
        share = min(passed / whole, ENDS[phase] - 0.01) if whole else BEGINS[phase]
        reading = before if phase == "checking" else before * ENDS["reading"] / BEGINS["writing"]
    speed = round(rows_read / reading) if rows_read and reading > 0 else None
    left = round(passed * (1 - share) / share) if share >= TELLS_FROM else None
    return Pace(share, speed, left)
