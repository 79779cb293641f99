"""Plans of positions on random files against a slow twin: on pages, from the command line, and in the rows behind."""

import random
from pathlib import Path

import pytest

from accounts.queries import command_line_user
from accounts.reading import Reader
from planning.actions import publish_extracts
from planning.extracts.slices import stands_in
from planning.models import Extract
from planning.queries import flow_frame, latest_position, position_totals
from planning.queries.lines import lines, slices_behind
from presentation.figure import Mode
from tests.planning.acm_files import acm_bytes, acm_row
from tests.planning.layout_files import layout_bytes, layout_row
from tests.planning.received_extracts import check
from tests.planning.twins.plan_returns import planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
COMMISSIONERS = ["72Q", "36L", "92A"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def some_file(chance: random.Random) -> dict:
    """A file of one layout: rows of month, commissioner and planned price; ACM may leave the plan blank."""
    layout = chance.choice(["acm", "acm", "iap"])
    named = chance.sample(COMMISSIONERS, chance.choice([1, 2, 3]))
    slices = {(chance.randint(1, 4), chance.choice(named)) for _ in range(chance.randint(1, 6))}
    blank = 0.4 if layout == "acm" else 0
    return {"layout": layout, "rows": [(m, c, None if chance.random() < blank else chance.randint(1, 999)) for m, c in slices]}


def send(file: dict, number: int) -> None:
    rows = []
    for month, commissioner, price in file["rows"]:
        cells = {"month": month, "commissioner": commissioner, "practice_responsibility": commissioner}
        # Two files of the same rows would be the same bytes.
        cells |= {"local_contract_code": number, "planned_price": "" if price is None else price}
        row = acm_row if file["layout"] == "acm" else lambda **own: layout_row("iap", **own)
        rows.append(row(**cells, planned_activity="" if price is None else 1))
    content = acm_bytes(rows) if file["layout"] == "acm" else layout_bytes("iap", rows)
    extract = check(content=content, layout=file["layout"])
    assert extract.accepted == len(rows), extract.reason
    publish_extracts(by=command_line_user(), extracts=[extract], reason="For a test")


@pytest.mark.parametrize("seed", range(6))
def test_plans_of_random_files_are_counted_once(seed):
    chance, files = random.Random(seed), []
    for number in range(6):
        files.append(some_file(chance))
        send(files[-1], number)
        filters = {"position": latest_position(), "specialised": "all"}
        expected = planned(files) * 10_000
        assert int(position_totals(filters["position"])["planned_price"].fillna(0).sum()) == expected, (number, files)
        frame = flow_frame(Reader(user=None, mode=Mode.INSIDE), filters, [])
        assert int(frame["planned_price"].fillna(0)[0]) == expected
    behind = [lines(Extract.objects.get(pk=row["extract"]), filters, commissioners=None) for row in slices_behind(filters)]
    assert sum(int(found.planned_price or 0) for found in behind) * 10_000 == expected


@pytest.mark.parametrize(
    ("of", "wanted"),
    [((1, "72Q"), False), ((1, "36L"), True), ((1, "92A"), False), ((2, "92A"), True), ((3, "72Q"), True)],
)
def test_a_plan_return_stands_in_where_acm_says_nothing_of_a_plan(of, wanted):
    """In month 1 a whole file plans for 72Q and states 36L without a plan; in month 2 a file of 72Q alone plans."""
    acm = {"planned": {(1, "72Q"), (2, "72Q")}, "stated": {(1, "72Q"), (1, "36L"), (2, "72Q")}, "complete": {1}}
    assert stands_in(of, **acm) is wanted
