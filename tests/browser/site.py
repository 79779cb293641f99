"""A running product of the browser tests' own: `manage.py run_demo` in a folder of its own, spoken to over HTTP only."""

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Enough rows that every page has something in every figure, few enough that the site is there within a minute.
ROWS = "24000"
SIGN_IN = re.compile(r"(?P<email>\S+@\S+)\s+(?P<password>\S+)\s+(?P<role>.+)")


@dataclass(frozen=True)
class Site:
    """Where the product is, its data folder, and who may sign in: role in words → (e-mail address, password).

    A second person of a role is under the role and ", second".
    """

    url: str
    folder: Path
    people: dict[str, tuple[str, str]]

    def person(self, words: str) -> tuple[str, str]:
        """Raises: KeyError: nobody has such a role."""
        for role, sign_in in self.people.items():
            if words.lower() in role.lower():
                return sign_in
        raise KeyError(f"No demo person for {words}: {sorted(self.people)}")

    def manage(self, *arguments: str) -> str:
        """Standard output of one of the product's own commands, over the same data."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment(self.folder), capture_output=True, text=True, check=True).stdout


def environment(folder: Path) -> dict[str, str]:
    own = {"DATA_DIR": str(folder), "DATABASE_URL": "", "MEDIA_ROOT": "", "DJANGO_SETTINGS_MODULE": "config.settings"}
    return {**os.environ, **own, "PYTHONUNBUFFERED": "1"}


def free_port() -> int:
    """A port that nobody has, and that no other process of the tests may take before it is used: each has its own numbers."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    while True:
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        # Linux gives out odd ports, or even ones, so that halves are counted.
        if port // 2 % workers == worker:
            return port


def prepare(folder: Path, rows: str | None = ROWS) -> None:
    """The demo's data, with fewer rows."""
    command = [sys.executable, "manage.py", "run_demo", "--prepare-only", *(["--rows", rows] if rows else [])]
    made = subprocess.run(command, cwd=ROOT, env=environment(folder), capture_output=True, text=True, check=False)
    if made.returncode:
        raise RuntimeError(f"The demo's data could not be made:\n{made.stdout[-1000:]}{made.stderr[-3000:]}")


def prepared_once(base: Path, make: Callable[[Path], None] = prepare) -> Path:
    """The data in a folder that processes share: the first makes them while the others wait, and a failed one leaves nothing."""
    folder = base / "prepared"
    with (base / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = base / "being_prepared"
            shutil.rmtree(making, ignore_errors=True)
            make(making)
            making.rename(folder)
    return folder


@contextmanager
def running(prepared: Path, folder: Path) -> Iterator[Site]:
    """The product over a copy of the prepared data, as `make demo` starts it, stopped as Ctrl-C stops it."""
    shutil.copytree(prepared, folder)
    port = free_port()
    command = [sys.executable, "manage.py", "run_demo", "--port", str(port)]
    with (folder / "site.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(folder), stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
        )
    try:
        yield Site(f"http://127.0.0.1:{port}", folder, _sign_ins(process, folder))
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def _sign_ins(process: subprocess.Popen, folder: Path) -> dict[str, tuple[str, str]]:
    """What the demo prints once it is ready; the last line is the end of the list."""
    people, said = {}, []
    for line in process.stdout:
        said.append(line)
        if found := SIGN_IN.search(line):
            role = found["role"].strip()
            people[f"{role}, second" if role in people else role] = (found["email"], found["password"])
        if line.startswith("Ready."):
            return people
    raise RuntimeError("The demo did not start:\n" + "".join(said) + (folder / "site.log").read_text()[-3000:])
