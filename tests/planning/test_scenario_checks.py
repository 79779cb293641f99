"""Moves that contradict themselves, one another or the data: each names its field and says what to do."""

from decimal import Decimal as D

import pytest

from planning.calculations.scenario_checks import Names, faults
from planning.calculations.scenario_flows import Kind, Move
from tests.planning.test_scenario_flows import AREA

NAMES = Names(
    homes={"SEL": "South East London", "SWL": "South West London", "KM": "Kent and Medway"},
    services={"cardiac": "Cardiac surgery", "renal": "Renal dialysis"},
    providers={"GSTT": "Guy's", "KCH": "King's", "SGH": "St George's"},
    year="2025/26",
)


def move(kind, number=1, **what) -> Move:
    return Move(number=number, kind=Kind(kind), **what)


def said(*moves) -> list[tuple[int, str, str]]:
    return [(f.move, f.field, f.message) for f in faults(AREA, moves, NAMES)]


@pytest.mark.parametrize(
    "moves",
    [
        [move("repatriate", homes=("SWL",), services=("cardiac",), receiver="SGH", share=D("0.5"))],
        [move("consolidate", services=("cardiac",), senders=("KCH",), receiver="GSTT")],
        [move("open", homes=("KM",), services=("renal",), receiver="KCH")],
        [move("lose", services=("cardiac",), senders=("GSTT",))],
        [move("referral", homes=("SEL",), services=("cardiac",), receiver="KCH", share=D("-0.3"))],
        [move("growth", homes=("KM",))],
        # A share of what is left, of other people, or to a site that was opened before.
        [move("repatriate", homes=("SEL",), receiver="SGH"), move("repatriate", 2, homes=("SWL",), receiver="SGH")],
        [move("repatriate", services=("cardiac",), receiver="SGH", share=D("0.6")), move("lose", 2, senders=("GSTT",))],
        [move("open", services=("renal",), receiver="KCH", share=D("0.5")), move("lose", 2, services=("renal",),
         senders=("SGH",), receiver="KCH")],
    ],
)  # fmt: skip
def test_what_can_be_done_has_no_fault(moves):
    assert said(*moves) == []


def test_a_provider_is_not_sent_its_own_people():
    [(number, field, message)] = said(move("consolidate", services=("cardiac",), senders=("GSTT", "KCH"), receiver="GSTT"))
    assert (number, field) == (1, "receiver")
    assert message.startswith("Guy's is where people come from")


def test_a_service_that_is_not_delivered_there_cannot_take_anybody():
    [(_, field, message)] = said(move("repatriate", homes=("KM",), services=("renal",), senders=("GSTT",), receiver="KCH"))
    assert field == "receiver"
    assert message == (
        "King's did not deliver Renal dialysis in 2025/26: choose another provider, or open a new site there"
    )  # fmt: skip


def test_nobody_can_be_taken_where_nobody_is_treated():
    [(_, field, message)] = said(move("repatriate", homes=("KM",), services=("cardiac",), senders=("KCH",), receiver="GSTT"))
    assert field == "senders"
    assert message.startswith("King's treated nobody of Kent and Medway for Cardiac surgery in 2025/26")
    [(_, field, message)] = said(move("growth", homes=("KM",), services=("cardiac",)))
    assert field == "services"
    assert message.startswith("No provider treated anybody of Kent and Medway for Cardiac surgery")


def test_shares_of_the_same_people_are_at_most_all_of_them():
    first = move("repatriate", homes=("SWL",), services=("cardiac",), receiver="SGH", share=D("0.6"))
    second = move("consolidate", 2, services=("cardiac",), senders=("GSTT",), receiver="KCH", share=D("0.6"))
    [(number, field, message)] = said(first, second)
    assert (number, field) == (2, "share")
    assert message == "Move 1 and this one together move 120% of the same people: move at most 40%, or choose others"


@pytest.mark.parametrize(
    ("share", "words"),
    [(D("0.8"), "can rise by at most 70 percentage points"), (D("-0.4"), "can fall by at most 30 percentage points")],
)
def test_a_referral_share_stays_between_none_and_all(share, words):
    [(_, field, message)] = said(move("referral", homes=("SEL",), services=("cardiac",), receiver="KCH", share=share))
    assert field == "share"
    assert message.startswith("King's has 30% of the referrals from South East London")
    assert words in message


def test_a_service_that_nobody_else_delivers_needs_to_go_somewhere():
    [(_, field, message)] = said(
        move("lose", services=("renal",), senders=("GSTT", "SGH")),
    )
    assert field == "receiver"
    assert message == "No other provider delivers Renal dialysis: choose where its people go"


def test_nobody_is_sent_to_a_service_that_an_earlier_move_ends():
    ends = move("lose", services=("cardiac",), senders=("SGH",))
    sends = move("repatriate", 2, homes=("SWL",), services=("cardiac",), senders=("GSTT",), receiver="SGH", share=D("0.1"))
    assert said(ends, sends) == [(2, "receiver", "Move 1 ends the service at St George's: choose another provider")]


def test_every_fault_is_told_in_the_order_of_the_moves():
    wrong = [move("consolidate", n, senders=("GSTT",), receiver="GSTT") for n in (1, 2)]
    assert [number for number, *_ in said(*wrong)] == [1, 2]
