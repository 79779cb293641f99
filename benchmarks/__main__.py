"""`make bench`: the whole intake of one file beside a bare DuckDB that reads, writes Parquet and groups the same file.

    python -m benchmarks [ROWS…]

Each runs in a process of its own, so that peak memory is its own. The intake's time is from the command's start to the
published position: reading, checking every cell, facts in the database, read copy and line store.
"""

import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from planning.illustrative import make_extracts, read_reference, read_weights

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
SIZES = (100_000, 1_000_000)
YEAR, SEED = "2025/26", 7


def one_file(rows: int, folder: Path) -> tuple[Path, int]:
    """A file of the first provider with about so many rows, and how many it has."""
    weights, reference = read_weights(FIXTURES / "illustrative"), read_reference(FIXTURES / "reference")
    trial = next(make_extracts(weights, reference, [YEAR], SEED, folder, 24_000))
    made = next(make_extracts(weights, reference, [YEAR], SEED, folder, round(rows * 24_000 / trial["rows"])))
    return Path(made["file"]), made["rows"]


def measured(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds and peak megabytes of a command and what it starts."""
    started, peak = time.perf_counter(), 0
    process = psutil.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, _resident(process))
        time.sleep(0.02)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return time.perf_counter() - started, peak / 1e6


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def row(rows: int, folder: Path) -> list[str]:
    file, made = one_file(rows, folder)
    environment = {**os.environ, "DATA_DIR": str(folder / f"data-{rows}"), "DATABASE_URL": "", "MEDIA_ROOT": ""}
    manage = [sys.executable, "manage.py"]
    for prepare in (["migrate", "-v0"], ["load_reference"]):
        subprocess.run([*manage, *prepare], cwd=ROOT, env=environment, check=True, capture_output=True)
    bare, bare_peak = measured([sys.executable, "-m", "benchmarks.bare", str(file), str(folder / "bare.parquet")], environment)
    load = [*manage, "load_extract", str(file), "--layout", "acm", "--illustrative", "--publish"]
    whole, whole_peak = measured(load, environment)
    size = f"{file.stat().st_size / 1e6:.0f}"
    file.unlink()
    return [f"{made:,}", size, f"{bare:.1f}", f"{bare_peak:.0f}", f"{whole:.1f}", f"{whole_peak:.0f}", f"{whole / bare:.1f}"]


def main(arguments: list[str]) -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    heading = ["rows", "MB", "bare s", "bare peak MB", "intake s", "intake peak MB", "ratio"]
    print("| " + " | ".join(heading) + " |")
    print("|" + "--:|" * len(heading), flush=True)
    with tempfile.TemporaryDirectory(prefix="planner-bench-") as folder:
        for rows in map(int, arguments or SIZES):
            print("| " + " | ".join(row(rows, Path(folder))) + " |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
