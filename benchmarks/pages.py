"""How long pages take while extracts are published, beside the same pages in quiet, on both databases.

A web server and a worker as in the demo, one reader who goes from page to page, and beside them a process that publishes or
withdraws an extract of 100,000 rows every two seconds; then one that checks such a file again and again.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from benchmarks.files import ROOT, make_file, rewritten
from benchmarks.processes import start_product
from tests.embedded_postgresql import NotAvailable, running

PAGES = ("/", "/flows/", "/allocation/", "/affordability/", "/networks/", "/extracts/")
HOST, ROUNDS, PAUSE_SECONDS, AT_MOST = "127.0.0.1:8765", 40, 2, 2.0
CHECKED = "checked.csv"
PERSON, PASSWORD = "finance.lead@demo.example", "demonstration-only"


def prepare(folder: Path, url: str) -> None:
    """A product with two years of illustrative data, people to sign in as, and an extract that is checked."""
    start_product(folder, url)
    from django.core.management import call_command

    with Path(os.devnull).open("w") as nowhere:
        out = {"stdout": nowhere, "stderr": nowhere}
        call_command("make_illustrative_extracts", "--years", "2022/23", "2025/26", "--seed", "7", "--out", str(folder), **out)
        files = map(str, sorted(folder.glob("ACM_*.csv")))
        call_command("load_extract", *files, "--layout", "acm", "--point", "freeze", "--illustrative", "--publish", **out)
        call_command("make_demo_users", **out)
        path = make_file(100_000, folder, "2026/27")
        call_command("load_extract", str(path), "--layout", "acm", "--illustrative", **out)
        # Other bytes: what was published is never checked again.
        rewritten(path, folder / CHECKED, every=1000)


def publish_and_withdraw(folder: Path, url: str) -> None:
    """One or the other every two seconds, until it is stopped."""
    start_product(folder, url)
    from accounts.queries import command_line_user
    from planning.actions import publish_extracts, withdraw_extract
    from planning.models import Extract

    extract, by = Extract.objects.order_by("pk").last(), command_line_user()
    while True:
        publish_extracts(by=by, extracts=[extract], reason="Benchmark")
        time.sleep(PAUSE_SECONDS)
        withdraw_extract(by=by, extract=extract, reason="Benchmark")
        Extract.objects.filter(pk=extract.pk).update(
            state="checked", publication=None, published_at=None, published_by=None, reason=""
        )
        time.sleep(PAUSE_SECONDS)


def check_again_and_again(folder: Path, url: str) -> None:
    start_product(folder, url)
    from accounts.queries import command_line_user
    from planning.actions import cancel_extract, check_extract, receive_extract

    by = command_line_user()
    while True:
        with (folder / CHECKED).open("rb") as file:
            extract = receive_extract(by=by, file=file, file_name=CHECKED, layout="acm")
        cancel_extract(by=by, extract=check_extract(extract=extract))


@contextmanager
def process(*command: str, **environment: str) -> Iterator[None]:
    started = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    try:
        yield
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait()


def signed_in(address: str) -> OpenerDirector:
    jar = CookieJar()
    reader = build_opener(HTTPCookieProcessor(jar))
    for _ in range(100):
        try:
            reader.open(f"{address}/sign-in/").read()
            break
        except OSError:
            time.sleep(0.2)
    token = next(cookie.value for cookie in jar if "csrf" in cookie.name)
    form = urlencode({"username": PERSON, "password": PASSWORD, "csrfmiddlewaretoken": token}).encode()
    reader.open(f"{address}/sign-in/", form).read()
    return reader


def milliseconds(reader: OpenerDirector, address: str, rounds: int) -> tuple[list[float], int]:
    """Of each page in turn; and how many of them failed."""
    taken, failed = [], 0
    for _ in range(rounds):
        for page in PAGES:
            started = time.monotonic()
            try:
                reader.open(address + page).read()
            except HTTPError:
                failed += 1
            taken.append((time.monotonic() - started) * 1000)
    return taken, failed


def p99(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.99)]


def measured(folder: Path, url: str, rounds: int) -> Iterator[str]:
    own = {"DATA_DIR": str(folder), "DATABASE_URL": url, "MEDIA_ROOT": ""}
    python = [sys.executable, "-m"]
    subprocess.run([*python, "benchmarks.pages", "prepare", str(folder), url], cwd=ROOT, check=True)
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"], cwd=ROOT, check=True, env=os.environ | own
    )
    server = ["gunicorn", "config.wsgi", "--workers", "2", "--threads", "4", "--log-level", "error", "--bind", HOST]
    address = f"http://{HOST}"
    work = [sys.executable, "manage.py", "run_worker", "--verbosity", "0"]
    with process(*python, *server, "--no-control-socket", **own), process(*work, **own):
        reader = signed_in(address)
        milliseconds(reader, address, 3)
        quiet, failed = milliseconds(reader, address, rounds)
        yield f"    in quiet                          p99 {p99(quiet):6.0f} ms, {len(quiet)} pages, {failed} failed"
        for what, words in (
            ("publish_and_withdraw", "while extracts are published"),
            ("check_again_and_again", "while files are checked"),
        ):
            with process(*python, "benchmarks.pages", what, str(folder), url):
                # Until it has started.
                time.sleep(5)
                taken, failed = milliseconds(reader, address, rounds)
            limit = f" (at most {AT_MOST})" if what == "publish_and_withdraw" else ""
            ratio = p99(taken) / p99(quiet)
            yield f"    {words:32}  p99 {p99(taken):6.0f} ms, {len(taken)} pages, {failed} failed  {ratio:.2f} x quiet{limit}"


def make_database(url: str) -> None:
    import psycopg2

    server = psycopg2.connect(url.removesuffix("/planner") + "/postgres")
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute("CREATE DATABASE planner")
    server.close()


def report(folder: Path, rounds: int = ROUNDS) -> Iterator[str]:
    yield "Pages beside publications"
    yield "  SQLite"
    (folder / "sqlite").mkdir()
    yield from measured(folder / "sqlite", "", rounds)
    yield "  PostgreSQL"
    try:
        with running() as url:
            make_database(url)
            (folder / "postgresql").mkdir()
            yield from measured(folder / "postgresql", url, rounds)
    except NotAvailable as reason:
        yield f"    NOT RUN: {reason}"


if __name__ == "__main__":
    doing, where, database = sys.argv[1:]
    globals()[doing](Path(where), database)
