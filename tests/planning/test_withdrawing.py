"""Before an extract is withdrawn its page says what money goes, what comes back, and from where."""

import html
import re

import pytest

from accounts.queries import command_line_user
from planning.actions import withdraw_extract
from planning.figures.extracts import withdrawal_sentence
from planning.models import PositionSlice
from tests.planning.acm_files import acm_row
from tests.planning.received_extracts import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
OTHER = {"commissioner": "36L", "residence_responsibility": "36L", "practice_responsibility": "36L"}
ENDS = " A slice is a month of one commissioner."


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def published(rows):
    return publish(rows)[0]


def prices_now() -> int:
    return sum(
        money[1]
        for one in PositionSlice.objects.filter(until_position=None).select_related("extract")
        for month, commissioner, *money in one.extract.slices
        if (month, commissioner) == (one.month, one.commissioner)
    )


def test_what_only_this_extract_holds_is_left_empty():
    extract = published([acm_row(actual_price="100.25"), acm_row(month=2, actual_price="50")])
    assert withdrawal_sentence(extract) == (
        "Withdrawing takes the actual price of Guy's and St Thomas' for April to May 2025 from £150.25 to £0.00, £150.25 less: "
        "2 slices are left empty." + ENDS
    )
    withdraw_extract(by=command_line_user(), extract=extract, reason="Wrong")
    assert prices_now() == 0


def test_what_it_changed_and_what_it_left_empty_comes_back():
    published([acm_row(actual_price="100"), acm_row(actual_price="7", **OTHER), acm_row(month=2, actual_price="50")])
    extract = published([acm_row(actual_price="120"), acm_row(month=3, actual_price="60"), acm_row(month=3, **OTHER)])
    before = prices_now()
    assert withdrawal_sentence(extract) == (
        "Withdrawing takes the actual price of Guy's and St Thomas' for April to June 2025 from £330.00 to £157.00, "
        "£173.00 less: 3 slices from earlier extracts come back and 2 slices are left empty." + ENDS
    )
    withdraw_extract(by=command_line_user(), extract=extract, reason="Wrong")
    assert (before, prices_now()) == (3_300_000, 1_570_000)


def test_one_slice_with_the_same_money_is_said_in_the_singular():
    published([acm_row(actual_price="100")])
    extract = published([acm_row(actual_price="100.00")])
    assert ", no change: 1 slice from earlier extracts comes back." in withdrawal_sentence(extract)


def test_what_later_extracts_hold_stays_with_them():
    first = published([acm_row(actual_price="100"), acm_row(month=2, actual_price="50")])
    published([acm_row(actual_price="120")])
    assert "for May 2025 from £50.00 to £0.00, £50.00 less: 1 slice is left empty." in withdrawal_sentence(first)
    published([acm_row(month=2, actual_price="51")])
    assert withdrawal_sentence(first) == (
        "Later extracts have taken the place of all that it held, so withdrawing it changes no amount."
    )
    before = prices_now()
    withdraw_extract(by=command_line_user(), extract=first, reason="Wrong")
    assert prices_now() == before == 1_710_000


def test_only_those_who_may_withdraw_it_read_it(signed_in, finance_lead, programme_team):
    extract = published([acm_row(actual_price="100")])
    address = f"/extracts/{extract.pk}/"
    own = re.sub(r"\s+", " ", html.unescape(signed_in(finance_lead).get(address).content.decode()))
    assert "Withdrawing makes a new position without it; earlier positions stay as they were." in own
    assert "from £100.00 to £0.00, £100.00 less: 1 slice is left empty." in own
    assert "Withdrawing takes" not in signed_in(programme_team).get(address).content.decode()
