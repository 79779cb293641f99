"""Each thing that is measured runs in a process of its own, on a database of its own, so that its peak memory is its own."""

import gc
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from benchmarks.files import ROOT

FEW = 200
TURNS = 2


def in_a_process(module: str, what: str, path: Path, folder: Path) -> dict:
    """Run one of a module's functions on a file in a new folder; what it measured, with its processor time and peak MB."""
    folder.mkdir()
    command = [sys.executable, "-m", module, what, str(path), str(folder)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def in_turns(sides: dict[str, tuple[str, str, Path]], folder: Path, *, by: str) -> dict[str, dict]:
    """Each side (module, function, file) measured as often as the others and in turn with them, so that a slow minute of the
    machine is nobody's alone: the run that took the least of `by`, with the most memory that any of its runs held."""
    runs: dict[str, list[dict]] = {side: [] for side in sides}
    for turn in range(TURNS):
        for side, (module, what, path) in sides.items():
            own = folder / f"{side}-{turn}"
            runs[side].append(in_a_process(module, what, path, own))
            shutil.rmtree(own)
    return {side: {**min(own, key=lambda run: run[by]), "peak": max(run["peak"] for run in own)} for side, own in runs.items()}


def answer(functions: dict[str, Callable[[Path, Path], dict]], arguments: list[str]) -> None:
    """The other end: run the function and print what it measured."""
    what, path, folder = arguments
    found = functions[what](Path(path), Path(folder))
    used = os.times()
    print(json.dumps({**found, "peak": peak_mb(), "processor": used.user + used.system}))


def peak_mb() -> float:
    """The most memory this process has held. What `getrusage` says may be its parent's, from before it began."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def start_product(folder: Path, database_url: str = "") -> None:
    """Django on a new database with reference data, in this process."""
    # The largest files here are larger than a server takes by default.
    own = {"DATA_DIR": str(folder), "DATABASE_URL": database_url, "MEDIA_ROOT": "", "EXTRACT_MAX_BYTES": str(16 * 1024**3)}
    os.environ |= {**own, "DJANGO_SETTINGS_MODULE": "config.settings"}
    # In processes of their own, as at an installation: what a migration holds is no part of what is measured.
    for command in ("migrate --no-input", "load_reference"):
        subprocess.run([sys.executable, "manage.py", *command.split()], cwd=ROOT, check=True, capture_output=True)
    import django

    django.setup()
    from django.urls import reverse

    # As in a web server, where pages have been asked for before.
    reverse("planning:extracts")


def settle() -> None:
    """As a server and a worker do once they have loaded what they need: it is not looked through again for what may go."""
    gc.collect()
    gc.freeze()


def first_rows(path: Path, folder: Path) -> Path:
    """The heading and the first rows of a file: each side takes them first, as in a process that has loaded files before."""
    few = folder / "few.csv"
    with path.open("rb") as file:
        few.write_bytes(b"".join(islice(file, FEW)))
    return few


def through_the_intake(path: Path, folder: Path) -> dict:
    """A file received, checked and published: seconds of each, and what came of it."""
    start_product(folder)
    from accounts.queries import command_line_user
    from planning.actions import cancel_extract, check_extract, publish_extracts, receive_extract

    by = command_line_user()
    if path.suffix == ".csv":
        with first_rows(path, folder).open("rb") as file:
            few = receive_extract(by=by, file=file, file_name="few.csv", layout="acm")
        cancel_extract(by=by, extract=check_extract(extract=few))
    settle()
    started, spent = time.monotonic(), os.times()
    with path.open("rb") as file:
        extract = receive_extract(by=by, file=file, file_name=path.name, layout="acm")
    received = time.monotonic()
    extract = check_extract(extract=extract)
    checked, used = time.monotonic(), os.times()
    publish_extracts(by=by, extracts=[extract], reason="Benchmark")
    published = time.monotonic()
    return {
        "receive": received - started,
        "check": checked - received,
        "publish": published - checked,
        "seconds": published - started,
        "busy": used.user + used.system - spent.user - spent.system,
        "rows": extract.rows,
        "rejected": extract.rejected,
        "facts": extract.facts.count(),
    }
