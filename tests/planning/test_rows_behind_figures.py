"""The rows behind a figure add up to the figure, whatever filters it was seen with and whatever was restated since."""

import random
from decimal import Decimal

import pytest

from planning.figures.extracts import outcomes_of
from planning.models import Extract
from planning.queries.lines import lines, slices_behind
from presentation.figure import figure_named
from presentation.run import run_figure
from tests.planning import received_extracts
from tests.planning.acm_files import acm_row
from tests.readers import Reader

pytestmark = pytest.mark.django_db
NAMES = ["flow_dashboard", "flow_matrix", "spend_by_provider", "spend_by_system", "spend_by_programme_of_care"]
FILTERS = [
    {},
    {"year": "2025/26"},
    {"system": ["QKK"]},
    {"system": ["QWE", "NOT-KNOWN"]},
    {"provider": ["RJ1"]},
    {"programme_of_care": ["A"]},
    {"provider": ["RJ7"], "system": ["QWE"], "year": "2025/26"},
]
FLOW_FILTERS = [
    {"from_month": "2", "to_month": "3"},
    {"point_of_delivery": ["DC"], "measure": "cost"},
    {"service_code": ["NCBPS13B"]},
    {"geography": "today", "system": ["QXU"]},
]


def some_rows(seed: int, provider: str, number: int, **fixed) -> list[dict]:
    chance = random.Random(seed)
    rows = []
    for _ in range(number):
        commissioner = fixed.get("commissioner") or chance.choice(["72Q", "36L", "92A"])
        own = {
            "provider": provider,
            "site": "",
            "month": chance.randint(1, 4),
            "commissioner": commissioner,
            "residence_responsibility": commissioner,
            "practice_responsibility": commissioner,
            "service_code": chance.choice(["NCBPS13B", "NCBPS13A", "NCBPS01C"]),
            "service_category": "25",
            "point_of_delivery": chance.choice(["EL", "DC", "NEL"]),
            "planned_price": Decimal(chance.randint(0, 10**6)) / 100,
            "actual_price": Decimal(chance.randint(-1_000, 10**6)) / 100,
        }
        rows.append(acm_row(**{**own, **fixed}))
    # Other care, and a row that is rejected, stand behind no figure.
    rows.append(acm_row(provider=provider, site="", service_category="12", service_code="99999999", actual_price="5000.00"))
    rows.append(acm_row(provider=provider, site="", month="x", actual_price="70000.00"))
    return rows


@pytest.fixture(scope="module")
def position(loaded_reference, tmp_path_factory) -> int:
    """Two trusts, then one of them restated by one commissioner: its first file is held only in part."""
    received_extracts.publish(some_rows(1, "RJ1", 40), some_rows(2, "RJ7", 40))
    (last,) = received_extracts.publish(some_rows(3, "RJ1", 10, commissioner="36L")[:-2])
    return last.made_positions.get().number


def run(name: str, position: int, data: dict):
    reader = Reader()
    return run_figure(figure_named(name), reader, {"position": str(position), **data}, page=False)


def behind(filters: dict) -> dict[str, Decimal]:
    """Every extract behind the filters, and the sums of its rows that they let through."""
    found = {"planned_price": Decimal(0), "actual_price": Decimal(0)}
    for row in slices_behind(filters):
        own = lines(Extract.objects.get(pk=row["extract"]), filters, commissioners=None)
        for price in found:
            found[price] += getattr(own, price) or 0
    return found


def of_figure(result, price: str) -> Decimal:
    return Decimal(sum(int(v) for v in result.frame[price].dropna())) / 10_000


def pairs():
    for name in NAMES:
        uses = figure_named(name).form.uses
        for filters in [*FILTERS, *FLOW_FILTERS]:
            if set(filters) <= set(uses):
                yield pytest.param(name, filters, id=f"{name}-{'-'.join(filters) or 'everything'}")


@pytest.mark.parametrize(("name", "filters"), list(pairs()))
def test_the_rows_behind_a_figure_add_up_to_it(position, name, filters):
    result = run(name, position, filters)
    assert behind(result.filters)["actual_price"] == of_figure(result, "actual_price")
    if name.startswith("flow"):
        assert behind(result.filters)["planned_price"] == of_figure(result, "planned_price")


def test_an_older_position_has_the_rows_it_had(position):
    first, last = (run("flow_dashboard", number, {}) for number in (position - 1, position))
    assert behind(first.filters)["actual_price"] == of_figure(first, "actual_price")
    assert of_figure(first, "actual_price") != of_figure(last, "actual_price")
    assert {row["extract"] for row in slices_behind(first.filters)} < {row["extract"] for row in slices_behind(last.filters)}


def test_rows_of_some_commissioners_are_a_part_of_all(position):
    extract = Extract.objects.earliest("pk")
    filters = run("flow_dashboard", position - 1, {"provider": ["RJ1"]}).filters
    everybody = lines(extract, filters, commissioners=None)
    parts = [lines(extract, filters, commissioners=[code]) for code in ("72Q", "36L", "92A")]
    assert sum(part.total for part in parts) == everybody.total
    assert sum(part.actual_price or 0 for part in parts) == everybody.actual_price
    assert lines(extract, filters, commissioners=["NOBODY"]).total == 0


def test_pages_of_rows_are_all_of_the_rows_once_in_their_order(position):
    extract = Extract.objects.earliest("pk")
    everything = lines(extract, {"specialised": "all"}, commissioners=None)
    paged = []
    for first in range(0, everything.total, 7):
        page = lines(extract, {"specialised": "all"}, commissioners=None, first=first, number=7)
        assert (page.total, page.actual_price) == (everything.total, everything.actual_price)
        paged += page.rows
    assert paged == everything.rows
    numbers = [row[0] for row in paged]
    assert numbers == sorted(set(numbers))


def test_beyond_the_last_page_there_is_no_row_but_the_sums_stay(position):
    extract = Extract.objects.earliest("pk")
    beyond = lines(extract, {}, commissioners=None, first=10**9, number=100)
    assert beyond.rows == []
    assert beyond.total == 40


def test_every_row_of_a_file_is_accepted_rejected_or_left_out_with_its_money(position):
    for extract in Extract.objects.order_by("pk")[:2]:
        *rows, whole = outcomes_of(extract)
        sums = {row.what: row.actual_price for row in rows}
        assert sums["Accepted"] == extract.actual_price
        assert sums["Rejected: something in the row is wrong"] == 70_000 * 10_000
        assert (whole.number, whole.actual_price) == (extract.rows, sum(amount or 0 for amount in sums.values()))
        assert whole.number == sum(row.number for row in rows)


def test_an_extract_without_a_line_store_has_no_rows_and_no_money(position):
    bare = Extract(layout="acm", line_store="")
    assert lines(bare, {}, commissioners=None) == lines(bare, {"year": "2025/26"}, commissioners=["72Q"])
    assert lines(bare, {}, commissioners=None).actual_price is None
    assert outcomes_of(bare) == []
