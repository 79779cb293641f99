"""History in today's geography: what became of homes and systems, with the product's own dates and successors."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from planning.figures.flows import hosts
from planning.models import Commissioner, CommissionerSystem, Region, ReportingPosition, System
from planning.queries import flow_frame
from planning.queries.coverage import provider_systems
from planning.queries.geography import homes_today, systems_today
from tests.positions import fact, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
BEFORE, AFTER = date(2026, 3, 31), date(2026, 4, 1)
MERGED = {"QXU": "S9B9J", "QNX": "S9B9J", "QMJ": "Z9B2Z", "QRV": "Z9B2Z", "QNQ": "S0E4D"}
# What a position is made of is kept under its number and moment, so no two of these tests share a moment.
moments = count()


def on(day: date, rows: list[dict]) -> int:
    position = publish(rows)
    made_at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC) + timedelta(seconds=next(moments))
    ReportingPosition.objects.filter(number=position).update(made_at=made_at)
    return position


def by_system(position: int, geography: str = "today", **filters) -> dict:
    frame = flow_frame(None, {"position": position, "geography": geography, **filters}, ["home_system"])
    return dict(zip(frame["home_system"], (int(v) // 10_000 for v in frame["actual_price"]), strict=True))


def test_every_system_is_itself_until_the_day_of_the_mergers():
    assert all(code == became for code, became in systems_today(BEFORE).items())
    changed = {code: became for code, became in systems_today(AFTER).items() if code != became}
    assert changed == MERGED


def test_what_merged_into_something_that_merged_again_is_followed_to_the_end():
    region = Region.objects.get(code="Y59")
    last = System.objects.create(code="ZZZ", name="Last", short_name="Last", region=region, valid_from="2030-04-01")
    System.objects.filter(code="S9B9J").update(valid_to="2030-03-31", successor=last)
    assert systems_today(date(2030, 4, 1))["QXU"] == "ZZZ"
    assert systems_today(date(2030, 3, 31))["QXU"] == "S9B9J"


def test_a_system_that_ended_without_a_successor_stays_itself():
    System.objects.filter(code="QNX").update(successor=None)
    assert systems_today(AFTER)["QNX"] == "QNX"


def test_one_row_for_each_home_and_system_so_that_no_money_is_doubled():
    for day in (BEFORE, AFTER, date(2019, 4, 1)):
        assert not homes_today(day).duplicated(["home", "home_system"]).any()


@pytest.mark.parametrize(
    ("home", "system", "became"),
    [
        ("92A", "QXU", "S9B9J"),  # a sub-ICB that goes on under the new board
        ("09G", "QNX", "S9B9J"),  # a CCG of 2019/20 that had ended long before
        ("", "QXU", "S9B9J"),  # a home that names no code
        ("QXU", "QXU", "S9B9J"),  # a home that names the board itself
        ("72Q", "QKK", "QKK"),
        ("", "NOT-KNOWN", "NOT-KNOWN"),
        ("7A1", "DEVOLVED", "DEVOLVED"),
        ("15N", "REST", "REST"),
    ],
)
def test_where_a_home_is_planned_for_after_the_mergers(home, system, became):
    position = on(AFTER, [fact(home=home, home_system=system, actual=7)])
    assert by_system(position) == {became: 7}
    assert by_system(position, "then") == {system: 7}


def test_a_divided_system_sends_each_home_to_its_own_parent():
    """Part of Frimley went to Surrey and Sussex; a sub-ICB with a parent of its own goes there, not with the rest."""
    home = Commissioner.objects.create(code="9ZZ", name="Part of Frimley", kind="sub_icb")
    CommissionerSystem.objects.create(commissioner=home, system_code="QNQ", valid_from="2021-04-01", valid_to="2026-03-31")
    CommissionerSystem.objects.create(commissioner=home, system_code="S9B9J", valid_from="2026-04-01")
    rows = [fact(home="9ZZ", home_system="QNQ", actual=3), fact(home="D4U1Y", home_system="QNQ", actual=4)]
    assert by_system(on(AFTER, rows)) == {"S9B9J": 3, "S0E4D": 4}


def test_the_day_of_the_position_decides_and_not_today():
    rows = [fact(home="92A", home_system="QXU", actual=5)]
    assert by_system(on(BEFORE, rows)) == {"QXU": 5}
    assert by_system(on(AFTER, rows)) == {"S9B9J": 5}


def test_facts_of_either_side_of_the_mergers_stand_together_today():
    old = fact(home="92A", home_system="QXU", actual=5)
    new = fact(home="92A", home_system="S9B9J", year="2026/27", actual=6)
    position = on(AFTER, [old, new])
    assert by_system(position) == {"S9B9J": 11}
    assert by_system(position, "then") == {"QXU": 5, "S9B9J": 6}
    assert by_system(position, system=["S9B9J"]) == {"S9B9J": 11}
    assert by_system(position, "then", system=["S9B9J"]) == {"S9B9J": 6}


def test_groups_of_homes_can_be_asked_for_in_either_geography():
    position = on(AFTER, [fact(home="", home_system="NOT-KNOWN", actual=2), fact(home_system="QKK", actual=9)])
    for geography in ("then", "today"):
        assert by_system(position, geography, system=["NOT-KNOWN"]) == {"NOT-KNOWN": 2}


def test_providers_move_with_the_systems_that_host_them():
    position = on(AFTER, [fact(actual=1)])
    then, today = ({r["provider"]: r["system"] for r in frame.to_dict("records")} for frame in both_hosts(position))
    assert then["RA2"] == "QXU"
    assert today["RA2"] == "S9B9J"
    assert {p: s for p, s in then.items() if today[p] != s} == {p: s for p, s in then.items() if s in MERGED}


def both_hosts(position):
    return [hosts({"position": position, "geography": g, "year": "2025/26"}) for g in ("then", "today")]


def test_hosts_of_a_year_after_the_mergers_are_those_of_that_year():
    """People of Surrey treated at a trust of Surrey cross no boundary in any year."""
    position = on(AFTER, [fact(actual=1)])
    of_year = hosts({"position": position, "geography": "then", "year": "2026/27"}).set_index("provider")["system"]
    assert of_year["RA2"] == "S9B9J"
    assert of_year["RJ1"] == "QKK"


def test_hosts_before_anything_is_published_are_as_they_stand():
    assert hosts({"position": None, "geography": "today"}).equals(provider_systems())
