"""A file such as took a quarter of an hour elsewhere: 764,930 rows of 29 columns, with errors in 2% of the rows.

The rival's time is that of Superset loading a CSV of that size (github.com/apache/superset, discussion of 2020, 161 MB).
"""

from pathlib import Path

from benchmarks.files import make_file, rewritten
from benchmarks.processes import in_a_process

ROWS, COLUMNS, EVERY_BAD_ROW, AT_MOST = 764_930, 29, 50, 60


def report(folder: Path, rows: int = ROWS) -> list[str]:
    """Lines about one file, from the upload to the publication."""
    whole = make_file(round(rows * 1.1), folder)
    path = rewritten(whole, folder / "messy.csv", every=EVERY_BAD_ROW, columns=COLUMNS, rows=rows)
    whole.unlink()
    ours = in_a_process("benchmarks.intake", "intake", path, folder / "messy")
    seconds = ours["seconds"]
    return [
        f"{ours['rows']:,} rows x {COLUMNS} columns, {path.stat().st_size / 1e6:.0f} MB, {ours['rejected']:,} rows rejected",
        f"  upload until published              {seconds:7.2f} s  peak {ours['peak']:.0f} MB (at most {AT_MOST} s)",
    ]
