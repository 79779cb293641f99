"""`make bench`, or `python -m benchmarks [WHAT…] [--rows N…]`: what the product is measured by, as ratios within one run."""

import argparse
import os
import platform
import tempfile
from collections.abc import Iterable
from pathlib import Path

from benchmarks import flows, import_export, intake, messy, pages, workbook

SIZES = (100_000, 1_000_000)
WHAT = ("intake", "messy", "workbook", "import_export", "pages", "flows")


def reports(what: str, sizes: Iterable[int], folder: Path) -> Iterable[Iterable[str]]:
    if what == "intake":
        return (intake.report(rows, folder) for rows in sizes)
    others = {"messy": messy, "workbook": workbook, "import_export": import_export, "pages": pages, "flows": flows}
    return [others[what].report(folder)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("what", nargs="*", choices=WHAT, default=WHAT, help="What to measure; everything if left out.")
    parser.add_argument("--rows", nargs="+", type=int, default=SIZES, help="Rows of the files of the intake.")
    asked = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    for what in asked.what:
        with tempfile.TemporaryDirectory(prefix="planner-bench-") as folder:
            for lines in reports(what, asked.rows, Path(folder)):
                print()
                for line in lines:
                    print(line, flush=True)


if __name__ == "__main__":
    main()
