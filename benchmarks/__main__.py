"""`make bench`, or `python -m benchmarks [ROWS…]`: what the product is measured by, as ratios within one run."""

import os
import platform
import sys
import tempfile
from pathlib import Path

from benchmarks.intake import report

SIZES = (100_000, 1_000_000)


def main(arguments: list[str]) -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for rows in map(int, arguments or SIZES):
        with tempfile.TemporaryDirectory(prefix="planner-bench-") as folder:
            print("\n" + "\n".join(report(rows, Path(folder))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
