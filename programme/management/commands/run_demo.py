"""`make demo`: the product with illustrative data, on this machine only, until Ctrl-C."""

import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand

from planning.queries import latest_position

SEED = 2021
RUNNING = ("--years", "2026/27")
# Each batch becomes one position, as trusts send them: all that is through its freeze, then the month that came last.
BATCHES = (
    ("freeze", (("--years", "2019/20", "2022/23", "2025/26"), (*RUNNING, "--months", "1", "5"))),
    ("flex", ((*RUNNING, "--months", "6", "6"),)),
)
# Every trust sends all five national files of one year: patients can be counted, and sets held against each other.
ALL_LAYOUTS = ("--layouts", "acm", "iap", "plcm", "drplcm", "deplcm", "--others-in", "2025/26")
# Practices that the extracts name: with them, homes are known by place.
PRACTICES = Path(settings.BASE_DIR) / "fixtures" / "illustrative" / "practices.csv"
MADE_UP = ("--edition", "Illustrative", "--source", "Illustrative: no such practices")
HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Starts the product with illustrative data on 127.0.0.1; a second start reuses the data of the first."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--rows", type=int, help="Rows of illustrative extracts; the generator's own number if left out.")
        parser.add_argument("--prepare-only", action="store_true", help="Make the data and stop.")

    def handle(self, *, port, rows, prepare_only, **options):
        if settings.PRODUCTION:
            raise CommandError("The demo makes people with known passwords: it does not run with PRODUCTION=1.")
        if not prepare_only:
            refuse_taken_port(port)
        self.prepare(rows)
        if not prepare_only:
            self.serve(port)

    def prepare(self, rows):
        self.step("Database", "migrate", "--no-input")
        self.step("Reference data", "load_reference")
        self.step("Illustrative practices", "load_practices", str(PRACTICES), *MADE_UP)
        if (latest_position() or 0) < len(BATCHES):
            for point, spans in BATCHES:
                self.load(point, spans, rows)
        if not static_files_are_fresh():
            self.step("Static files", "collectstatic", "--no-input")

    def load(self, point, spans, rows):
        """Through the whole intake: the files that a trust would send, checked and published as one position."""
        folder = Path(settings.DATA_DIR) / "illustrative_extracts" / point
        sized = ["--rows", str(rows)] if rows else []
        said = [years_said(span) for span in spans]
        for span, words in zip(spans, said, strict=True):
            make = [*span, "--seed", str(SEED), "--out", str(folder), *ALL_LAYOUTS, *sized]
            self.step(f"Illustrative extracts {words}", "make_illustrative_extracts", *make)
        files = [str(path) for path in sorted(folder.glob("*.csv"))]
        reason = f"Illustrative extracts of {'; '.join(said)} ({point})"
        options = ["--layout", "recognised", "--point", point, "--illustrative", "--publish", "--reason", reason]
        self.step(f"Loading {len(files)} files", "load_extract", *files, *options)

    def step(self, title, command, *arguments):
        """Run a command as from the command line; what it says is shown only if it fails."""
        started = time.monotonic()
        self.stdout.write(f"{title} … ", ending="")
        self.stdout.flush()
        said = StringIO()
        try:
            call_command(command, *arguments, stdout=said, stderr=said)
        except (CommandError, SystemExit) as failure:
            raise CommandError(f"{said.getvalue()[-3000:]}\n{command} failed: {failure}") from failure
        self.stdout.write(f"{time.monotonic() - started:.0f} s")

    def serve(self, port):
        # Being told to stop is the same as Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        web = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"{HOST}:{port}", "--workers", "2", "--threads", "4"]
        worker = [sys.executable, "manage.py", "run_worker"]
        processes = [start([*web, "--timeout", "120", "--log-level", "warning", "--no-control-socket"]), start(worker)]
        try:
            wait_until_listening(port, processes)
            self.stdout.write(f"\nThe planner is at http://{HOST}:{port}/  (Ctrl-C stops it)\nData: {settings.DATA_DIR}\n")
            call_command("make_demo_users", stdout=self.stdout)
            self.stdout.write("Ready.")
            self.stdout.flush()
            stopped = wait_for_the_first_end(processes)
            raise CommandError(f"{stopped.args[1:3]} ended by itself; see what it wrote above.")
        except KeyboardInterrupt:
            self.stdout.write("\nStopped.")
        finally:
            stop(processes)


def years_said(span):
    """The years of the options of a batch, with their months where they are not all: 2026/27 months 1 to 5."""
    years = ", ".join(option for option in span if "/" in option)
    first, last = span[-2:] if "--months" in span else ("", "")
    return years if not first else f"{years} month {first}" if first == last else f"{years} months {first} to {last}"


def static_files_are_fresh():
    """Nothing is newer than what was collected: compressing takes longer than everything else of a second start."""
    collected = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not collected.exists():
        return False
    made = collected.stat().st_mtime
    sources = (storage.path(name) for finder in get_finders() for name, storage in finder.list([]))
    return all(Path(source).stat().st_mtime <= made for source in sources)


def refuse_taken_port(port):
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CommandError(f"Port {port} is in use: choose another with make demo PORT=8001.") from error


def start(command):
    # A session of its own: Ctrl-C reaches this process alone, which then stops both in order.
    return subprocess.Popen(command, cwd=settings.BASE_DIR, start_new_session=True)


def wait_until_listening(port, processes, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and all(process.poll() is None for process in processes):
        with closing(socket.socket()) as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise CommandError("The web server did not start; see what it wrote above.")


def wait_for_the_first_end(processes):
    while True:
        for process in processes:
            if process.poll() is not None:
                return process
        time.sleep(0.5)


def stop(processes):
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
