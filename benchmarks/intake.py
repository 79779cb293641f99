"""The intake beside DuckDB alone, on the same file: seconds, ratios and peak memory.

DuckDB alone reads the file, writes every column with its row number as Parquet and groups that, with the threads of the
intake and as little memory as it manages with. The intake is timed from received to checked and on to published; then the
same file again with faults in 1% of its rows. Each is measured twice in turn, and the faster counts.
"""

import sys
import time
from pathlib import Path

from benchmarks.files import make_file, rewritten
from benchmarks.processes import answer, first_rows, in_turns, through_the_intake

KEYS = ("FINANCIAL MONTH", "SERVICE CODE", "POINT OF DELIVERY CODE", "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)")
PRICES = ("CONTRACT MONITORING PLANNED PRICE", "CONTRACT MONITORING ACTUAL PRICE")
# Written in order, so that its row numbers are true, DuckDB needs more memory than the intake allows itself.
BARE_MEMORY = "500MB"
EVERY_BAD_ROW = 100
# Quotes may begin later than DuckDB looks for them.
AS_WRITTEN = "delim=',', quote='\"', escape='\"'"
# What the ratios are held against: to checked, to published, and with faults to without.
AT_MOST = {"checked": 2.0, "published": 3.5, "faults": 1.3}


def bare(path: Path, folder: Path) -> dict:
    import duckdb

    from planning.extracts.engine import THREADS, name, text

    config = {"memory_limit": BARE_MEMORY, "threads": THREADS, "temp_directory": str(folder)}
    target = text(folder / "bare.parquet")
    keys = ", ".join(map(name, KEYS))
    sums = ", ".join(f"sum(try_cast({name(price)} AS DECIMAL(18, 4)))" for price in PRICES)
    for file in (first_rows(path, folder), path):
        started, source = time.monotonic(), f"read_csv({text(file)}, all_varchar=true, header=true, {AS_WRITTEN})"
        with duckdb.connect(config=config) as connection:
            connection.execute(f"COPY (SELECT row_number() OVER () AS row, * FROM {source}) TO {target} (FORMAT parquet)")  # noqa: S608
            connection.execute(f"SELECT {keys}, {sums} FROM read_parquet({target}) GROUP BY ALL").fetchall()  # noqa: S608
    return {"seconds": time.monotonic() - started}


def report(rows: int, folder: Path) -> list[str]:
    """Lines about a file of so many rows."""
    path = make_file(rows, folder)
    faulty_path = rewritten(path, folder / "faulty.csv", every=EVERY_BAD_ROW)
    files = {"bare": path, "intake": path, "faulty": faulty_path}
    sides = {side: ("benchmarks.intake", side.replace("faulty", "intake"), file) for side, file in files.items()}
    alone, ours, faulty = in_turns(sides, folder, by="seconds").values()
    published = ours["check"] + ours["publish"]
    lines = [
        f"{ours['rows']:,} rows x 43 columns, {path.stat().st_size / 1e6:.0f} MB, {ours['facts']:,} facts",
        f"  DuckDB alone: read, Parquet, group  {alone['seconds']:7.2f} s ({alone['processor']:.1f} s of processor)  "
        f"peak {alone['peak']:.0f} MB",
        f"  upload until received               {ours['receive']:7.2f} s",
        f"  received until checked              {ours['check']:7.2f} s ({ours['busy']:.1f} s of processor)  "
        f"peak {ours['peak']:.0f} MB" + _ratio(ours["check"] / alone["seconds"], "checked"),
        f"  received until published            {published:7.2f} s" + _ratio(published / alone["seconds"], "published"),
        f"  until checked, {faulty['rejected']:,} rows rejected  {faulty['check']:7.2f} s  peak {faulty['peak']:.0f} MB"
        + _ratio(faulty["check"] / ours["check"], "faults", "as without faults"),
    ]
    path.unlink()
    return lines


def _ratio(ratio: float, what: str, beside: str = "DuckDB alone") -> str:
    return f"  {ratio:.2f} x {beside} (at most {AT_MOST[what]})"


if __name__ == "__main__":
    answer({"bare": bare, "intake": through_the_intake}, sys.argv[1:])
