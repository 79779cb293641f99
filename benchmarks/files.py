"""Files that benchmarks send: illustrative ones of the largest provider, and the same with faults."""

import csv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
YEAR, SEED = "2025/26", 7
TRIAL = 24_000
FAULTY = ("CONTRACT MONITORING ACTUAL PRICE", "SERVICE CODE")


def make_file(rows: int, folder: Path, year: str = YEAR) -> Path:
    """An illustrative file of the largest provider with about so many rows."""
    from planning.illustrative import make_extracts, read_reference, read_weights

    weights, reference = read_weights(FIXTURES / "illustrative"), read_reference(FIXTURES / "reference")
    trial = next(make_extracts(weights, reference, [year], SEED, folder, TRIAL))
    return Path(next(make_extracts(weights, reference, [year], SEED, folder, round(rows * TRIAL / trial["rows"])))["file"])


def rewritten(path: Path, target: Path, *, every: int = 0, columns: int | None = None, rows: int | None = None) -> Path:
    """A copy in which one row of `every` has a price or a service code that cannot be read.

    With `columns`, only so many are kept: all that a file must have, and others in their order; with `rows`, so many rows.
    """
    with path.open(encoding="utf-8", newline="") as source, target.open("w", encoding="utf-8", newline="") as copy:
        reader, writer = csv.reader(source), csv.writer(copy)
        heading = next(reader)
        kept = _kept(heading, columns)
        faulty = [kept.index(heading.index(name)) for name in FAULTY]
        writer.writerow([heading[i] for i in kept])
        for number, cells in enumerate(reader):
            if number == rows:
                break
            cells = [cells[i] for i in kept]
            if every and number % every == 0:
                cells[faulty[number // every % 2]] = "TBC"
            writer.writerow(cells)
    return target


def _kept(heading: list[str], columns: int | None) -> list[int]:
    from planning.extracts.layouts import layout_columns

    required = {c.name for c in layout_columns("acm") if c.required}
    order = sorted(range(len(heading)), key=lambda i: (heading[i] not in required, i))
    return sorted(order[:columns])
