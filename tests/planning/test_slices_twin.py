"""Random publications and withdrawals through the whole intake, against a slow twin that knows no positions."""

import random

import pytest

from accounts.queries import command_line_user
from planning.actions import publish_extracts, withdraw_extract
from planning.calculations.changes import differences_by_provider
from planning.models import PatientFlow, PositionSlice
from planning.queries import flow_frame, position_totals
from planning.queries.extracts import comparison
from planning.queries.position_changes import slices_changed
from planning.queries.positions import reporting_position
from tests.planning.acm_files import acm_row
from tests.planning.received_extracts import check
from tests.planning.twins.slices import money_by_slice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
COMMISSIONERS = ("72Q", "36L", "92A")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def some_rows(chance) -> list[tuple[int, str, int]]:
    """Rows of a file: a span with gaps, now and then the year end, now and then one commissioner alone."""
    first = chance.randint(1, 9)
    months = [month for month in range(first, first + chance.randint(1, 4)) if chance.random() < 0.8] or [first]
    months += [13] if chance.random() < 0.3 else []
    commissioners = COMMISSIONERS if chance.random() < 0.7 else [chance.choice(COMMISSIONERS)]
    return [(m, c, chance.randint(-50, 500)) for m in months for c in commissioners if chance.random() < 0.7] or [
        (first, "72Q", 9)
    ]


def checked(provider, rows):
    return check([acm_row(provider=provider, site="", month=m, commissioner=c, actual_price=p) for m, c, p in rows])


def current(number) -> dict:
    """Pounds by slice, from the facts of the extracts that slices are taken from."""
    sums: dict = {}
    for s in PositionSlice.objects.at(number):
        facts = PatientFlow.objects.filter(extract=s.extract, month=s.month, commissioner=s.commissioner)
        key = (s.provider, s.month, s.commissioner)
        sums[key] = sums.get(key, 0) + sum(price or 0 for price in facts.values_list("actual_price", flat=True)) // 10_000
    return sums


def held_together(number):
    """Facts, read copies and what positions say they changed are of one mind."""
    total = int(position_totals(number)["actual_price"].sum())
    read = flow_frame(None, {"position": number, "specialised": "all"}, by=["provider"])
    assert int(read["actual_price"].sum()) == total
    changes = differences_by_provider(slices_changed(reporting_position(number)))
    before = int(position_totals(number - 1)["actual_price"].sum()) if number > 1 else 0
    assert int(changes["actual_price_difference"].sum()) == total - before


@pytest.mark.parametrize("seed", range(4))
def test_positions_are_those_of_the_twin(seed):
    chance = random.Random(seed)
    published: list = []
    for number in range(1, 9):
        if published and chance.random() < 0.25:
            extract, *_ = published.pop(chance.randrange(len(published)))
            withdraw_extract(by=command_line_user(), extract=extract, reason="x")
        else:
            provider, rows = chance.choice(["RJ1", "RJZ"]), some_rows(chance)
            extract = checked(provider, rows)
            foreseen = comparison([extract])
            publish_extracts(by=command_line_user(), extracts=[extract], reason="x")
            published.append((extract, provider, rows))
            after = {k: v for k, v in current(number).items() if k[0] == provider}
            assert int(foreseen["actual_price_after"].fillna(0).sum()) == sum(after.values()) * 10_000
        assert current(number) == money_by_slice([(provider, rows) for _, provider, rows in published])
        held_together(number)


def test_two_files_published_together_are_as_one_after_the_other():
    chance = random.Random(99)
    files = [("RJ1", some_rows(chance)) for _ in range(3)]
    publish_extracts(by=command_line_user(), extracts=[checked(*file) for file in files], reason="x")
    assert current(1) == money_by_slice(files)
    held_together(1)


def test_halves_of_a_year_resolve_month_by_month():
    first = [(month, code, 10) for month in range(1, 7) for code in COMMISSIONERS]
    second = [(month, code, 20) for month in range(7, 13) for code in COMMISSIONERS]
    files = [("RJ1", first), ("RJ1", second), ("RJ1", [(m, c, 11) for m, c, _ in first])]
    for file in files:
        publish_extracts(by=command_line_user(), extracts=[checked(*file)], reason="x")
    assert current(3) == money_by_slice(files)
    assert sum(current(3).values()) == 6 * 3 * 11 + 6 * 3 * 20
