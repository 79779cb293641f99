"""`python -m tests.worked [--data DIR] FILE…`: run worked files against the calculations."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from .adapters import ADAPTERS
from .comparing import mismatches


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.worked", description="Check calculations against worked numbers.")
    parser.add_argument("--data", type=Path, help="folder of public files that some worked files read")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    outcomes = Counter(_outcome(file, options.data) for file in options.files)
    print(f"{outcomes['passed']} passed, {outcomes['failed']} failed")
    return 1 if outcomes["failed"] or outcomes["unsupported"] else 0


def _outcome(file: Path, data: Path | None) -> str:
    """passed, failed, unsupported, or needs data; says on standard output what is not as it should be."""
    try:
        case = json.loads(file.read_text(encoding="utf-8"))
        adapter, inputs, expected = case["adapter"], case["inputs"], case["expected"]
    except (OSError, ValueError, KeyError, TypeError) as fault:
        return _say("failed", f"{file}: cannot be read as a worked file: {fault}")
    if adapter not in ADAPTERS:
        return _say("unsupported", f"unsupported {file}")
    if "file" in inputs and data is None:
        return _say("needs data", f"{file}: needs --data, the folder of public files: not run")
    if "file" in inputs and data:
        inputs["file"] = data / inputs["file"]
    try:
        got = ADAPTERS[adapter](inputs)
    except Exception as fault:  # a fault of one file must not hide the others
        return _say("failed", f"{file}: {type(fault).__name__}: {fault}")
    lines = list(mismatches(expected, got, case.get("tolerance", {})))
    for line in lines:
        _say("failed", f"{file}: {line}")
    return "failed" if lines else "passed"


def _say(outcome: str, line: str) -> str:
    print(line)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
