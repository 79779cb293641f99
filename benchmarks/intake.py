"""The intake beside DuckDB alone, on the same file: seconds, ratios and peak memory.

DuckDB alone reads the file, writes every column with its row number as Parquet and groups that, with the threads of the
intake and as little memory as it manages with. The intake is timed from received to checked and on to published; then the
same file again with faults in 1% of its rows. Each runs in a process of its own, so that peak memory is its own.
"""

import csv
import itertools
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
YEAR, SEED = "2025/26", 7
KEYS = ("FINANCIAL MONTH", "SERVICE CODE", "POINT OF DELIVERY CODE", "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)")
PRICES = ("CONTRACT MONITORING PLANNED PRICE", "CONTRACT MONITORING ACTUAL PRICE")
# Written in order, so that its row numbers are true, DuckDB needs more memory than the intake allows itself.
BARE_MEMORY = "500MB"
EVERY_BAD_ROW = 100
# What the ratios are held against: to checked, to published, and with faults to without.
AT_MOST = {"checked": 2.0, "published": 3.5, "faults": 1.3}


def make_file(rows: int, folder: Path) -> Path:
    """An illustrative file of the largest provider with about so many rows."""
    from planning.illustrative import make_extracts, read_reference, read_weights

    weights, reference = read_weights(FIXTURES / "illustrative"), read_reference(FIXTURES / "reference")
    trial = next(make_extracts(weights, reference, [YEAR], SEED, folder, 24_000))
    return Path(next(make_extracts(weights, reference, [YEAR], SEED, folder, round(rows * 24_000 / trial["rows"])))["file"])


def with_faults(path: Path, target: Path) -> Path:
    """The file with a price or a service code that cannot be read in one row of a hundred."""
    with path.open(encoding="utf-8", newline="") as source, target.open("w", encoding="utf-8", newline="") as copy:
        reader, writer = csv.reader(source), csv.writer(copy)
        heading = next(reader)
        columns = heading.index(PRICES[1]), heading.index("SERVICE CODE")
        writer.writerow(heading)
        for number, cells in enumerate(reader):
            if number % EVERY_BAD_ROW == 0:
                cells[columns[number // EVERY_BAD_ROW % 2]] = "TBC"
            writer.writerow(cells)
    return target


def bare(path: Path, folder: Path) -> dict:
    import duckdb

    from planning.extracts.engine import THREADS, name, text

    started = time.monotonic()
    config = {"memory_limit": BARE_MEMORY, "threads": THREADS, "temp_directory": str(folder)}
    source, target = f"read_csv({text(path)}, all_varchar=true, header=true)", text(folder / "bare.parquet")
    keys = ", ".join(map(name, KEYS))
    sums = ", ".join(f"sum(try_cast({name(price)} AS DECIMAL(18, 4)))" for price in PRICES)
    with duckdb.connect(config=config) as connection:
        connection.execute(f"COPY (SELECT row_number() OVER () AS row, * FROM {source}) TO {target} (FORMAT parquet)")  # noqa: S608
        connection.execute(f"SELECT {keys}, {sums} FROM read_parquet({target}) GROUP BY ALL").fetchall()  # noqa: S608
    return {"seconds": time.monotonic() - started}


def intake(path: Path, folder: Path) -> dict:
    """The file received, checked and published, on an embedded database of its own."""
    os.environ |= {"DATA_DIR": str(folder), "DATABASE_URL": "", "MEDIA_ROOT": "", "DJANGO_SETTINGS_MODULE": "config.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    from accounts.queries import command_line_user
    from planning.actions import check_extract, publish_extracts, receive_extract

    with Path(os.devnull).open("w") as nowhere:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_reference", stdout=nowhere, stderr=nowhere)
    by, laps = command_line_user(), [time.monotonic()]
    with path.open("rb") as file:
        extract = receive_extract(by=by, file=file, file_name=path.name, layout="acm")
    laps.append(time.monotonic())
    extract = check_extract(extract=extract)
    laps.append(time.monotonic())
    publish_extracts(by=by, extracts=[extract], reason="Benchmark")
    laps.append(time.monotonic())
    receive, check, publish = (after - before for before, after in itertools.pairwise(laps))
    counts = {"rows": extract.rows, "rejected": extract.rejected, "facts": extract.facts.count()}
    return {"receive": receive, "check": check, "publish": publish, **counts}


def in_a_process(what: str, path: Path, folder: Path) -> dict:
    folder.mkdir()
    command = [sys.executable, "-m", "benchmarks.intake", what, str(path), str(folder)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def report(rows: int, folder: Path) -> list[str]:
    """Lines about a file of so many rows."""
    path = make_file(rows, folder)
    alone = in_a_process("bare", path, folder / f"bare-{rows}")
    ours = in_a_process("intake", path, folder / f"intake-{rows}")
    faulty = in_a_process("intake", with_faults(path, folder / "faulty.csv"), folder / f"faulty-{rows}")
    published = ours["check"] + ours["publish"]
    lines = [
        f"{ours['rows']:,} rows x 43 columns, {path.stat().st_size / 1e6:.0f} MB, {ours['facts']:,} facts",
        f"  DuckDB alone: read, Parquet, group  {alone['seconds']:7.2f} s  peak {alone['peak']:.0f} MB",
        f"  upload until received               {ours['receive']:7.2f} s",
        f"  received until checked              {ours['check']:7.2f} s  peak {ours['peak']:.0f} MB"
        + _ratio(ours["check"] / alone["seconds"], "checked"),
        f"  received until published            {published:7.2f} s" + _ratio(published / alone["seconds"], "published"),
        f"  until checked, {faulty['rejected']:,} rows rejected  {faulty['check']:7.2f} s  peak {faulty['peak']:.0f} MB"
        + _ratio(faulty["check"] / ours["check"], "faults", "as without faults"),
    ]
    path.unlink()
    return lines


def _ratio(ratio: float, what: str, beside: str = "DuckDB alone") -> str:
    return f"  {ratio:.2f} x {beside} (at most {AT_MOST[what]})"


if __name__ == "__main__":
    found = {"bare": bare, "intake": intake}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
    print(json.dumps({**found, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
