"""The flow explorer over half a million and five million facts, on both databases: each page asked for once, then again.

Milliseconds of the server for a whole page, from the request to the last byte, without a network: first as nobody has asked
for it before, then with the tag of the copy that the reader holds.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from benchmarks.files import ROOT
from benchmarks.many_facts import publish_many
from benchmarks.pages import make_database
from benchmarks.processes import peak_mb, start_product
from tests.embedded_postgresql import NotAvailable, running

SIZES = (500_000, 5_000_000)
FRESH_AT_MOST, AGAIN_AT_MOST = 100, 15
YEARS = ("2019/20", "2022/23", "2025/26", "2026/27", "all")
FILTERS = (
    "",
    "measure=cost",
    "basis=planned",
    "basis=difference",
    "from_month=1&to_month=3",
    "provider=RJ1",
    "provider=RJZ&provider=RJ7",
    "system=QKK",
    "programme_of_care=A",
    "programme_of_care=B&programme_of_care=E&measure=cost",
    "national_programme=A05",
    "service_code=NCBPS13A&service_code=NCBPS13B",
    "point_of_delivery=EL&point_of_delivery=DC",
    "unit=ATT",
    "level=place",
    "geography=today",
)
# The same flows shown in other ways, which are told apart from the page as it opens.
WAYS = ("matrix", "largest", "map", "all")
# Asked for before the clock starts, as in a server that has answered others.
ASKED_BEFORE = ("/flows/?year=2022/23&unit=SESSION", "/flows/?year=2025/26&unit=SESSION&measure=cost")


def prepared(facts: int, folder: Path, url: str) -> dict:
    """A product with about so many facts."""
    folder.mkdir()
    start_product(folder, url)
    return {"facts": publish_many(facts, folder)}


def asked(facts: int, folder: Path, url: str) -> dict:
    """Milliseconds of each page."""
    start_product(folder, url)
    # As a server starts.
    from django.core.management import call_command

    import config.wsgi  # noqa: F401

    call_command("collectstatic", "--no-input", verbosity=0)
    from django.conf import settings
    from django.test import Client

    from accounts.models import Membership, Role, User

    settings.ALLOWED_HOSTS = ["testserver"]
    person, _ = User.objects.get_or_create(email="reader@example.nhs.uk", defaults={"name": "A Reader"})
    Membership.objects.get_or_create(user=person, role=Role.PROGRAMME_TEAM)
    client = Client()
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    for address in ASKED_BEFORE:
        client.get(address)
    fresh, again = {}, {}
    for year, filters in product(YEARS, FILTERS):
        address = f"/flows/?{filters}&year={year}"
        response, fresh[address] = _timed(client, address)
        if response.status_code != 200 or b"nhsuk-error-summary" in response.content:
            raise SystemExit(f"{address} was not answered.")
        unchanged, again[address] = _timed(client, address, HTTP_IF_NONE_MATCH=response.headers["ETag"])
        if unchanged.status_code != 304:
            raise SystemExit(f"{address} was answered anew.")
    ways = {way: [_timed(client, f"/flows/?{filters}&year={YEARS[2]}&shown_as={way}")[1] for filters in FILTERS] for way in WAYS}
    return {"fresh": fresh, "again": again, "ways": ways}


def _timed(client, address: str, **headers):
    started = time.perf_counter()
    response = client.get(address, **headers)
    return response, (time.perf_counter() - started) * 1000


def percentile(values, share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _in_a_process(what: str, facts: int, folder: Path, url: str) -> dict:
    command = [sys.executable, "-m", "benchmarks.flows", what, str(facts), str(folder), url]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout)


def measured(folder: Path, url: str, sizes) -> Iterator[str]:
    p95 = {}
    for facts in sizes:
        own = folder / str(facts)
        made, taken = (_in_a_process(what, facts, own, url) for what in ("prepared", "asked"))
        fresh, again = taken["fresh"], taken["again"].values()
        p95[facts] = percentile(fresh.values(), 0.95)
        yield (
            f"    {made['facts']:9,} facts: {len(fresh)} pages, median {percentile(fresh.values(), 0.5):4.0f} ms, "
            f"p95 {p95[facts]:4.0f} ms (at most {FRESH_AT_MOST}), again p95 {percentile(again, 0.95):3.0f} ms "
            f"(at most {AGAIN_AT_MOST}), peak {taken['peak']:.0f} MB"
        )
        slowest = sorted(fresh, key=fresh.get)[-3:]
        yield f"      slowest: {', '.join(f'{address} {fresh[address]:.0f} ms' for address in reversed(slowest))}"
        ways = ", ".join(f"{way} {percentile(times, 0.95):.0f} ms" for way, times in taken["ways"].items())
        yield f"      shown in other ways, p95 after the same filters: {ways}"
    if len(p95) > 1:
        first, last = min(p95), max(p95)
        yield f"    {last / first:.0f} times the facts take {p95[last] / p95[first]:.2f} times as long"


def report(folder: Path, sizes=SIZES) -> Iterator[str]:
    yield "Pages of flows"
    yield "  SQLite"
    (folder / "sqlite").mkdir()
    yield from measured(folder / "sqlite", "", sizes)
    yield "  PostgreSQL"
    (folder / "postgresql").mkdir()
    for facts in sizes:
        try:
            with running() as url:
                make_database(url)
                yield from measured(folder / "postgresql", url, [facts])
        except NotAvailable as reason:
            yield f"    NOT RUN: {reason}"


if __name__ == "__main__":
    doing, number, where, database = sys.argv[1:]
    print(json.dumps({**{"prepared": prepared, "asked": asked}[doing](int(number), Path(where), database), "peak": peak_mb()}))
