"""What is contradictory in the moves of a scenario: said before anything is computed, with the move, the field and what to do."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from .scenario_flows import Kind, Move, chosen

# Kinds that need their receiver to deliver the service already, and those that take a share of the flows they choose.
TO_A_DELIVERER = (Kind.REPATRIATE, Kind.CONSOLIDATE, Kind.REFERRAL)
TAKING_A_SHARE = (Kind.REPATRIATE, Kind.CONSOLIDATE, Kind.OPEN)


@dataclass(frozen=True)
class Fault:
    """What is wrong with one move; `field` is the name of what to change."""

    move: int
    field: str
    message: str


@dataclass(frozen=True)
class Names:
    """Words for codes."""

    homes: Mapping[str, str]
    services: Mapping[str, str]
    providers: Mapping[str, str]
    year: str

    def home(self, codes: Sequence[str]) -> str:
        """Homes in words."""
        return _listed([self.homes.get(c, c) for c in codes]) or "any home"

    def service(self, codes: Sequence[str]) -> str:
        """Services in words."""
        return _listed([self.services.get(c, c) for c in codes]) or "any service"

    def provider(self, *codes: str) -> str:
        """Providers in words."""
        return _listed([self.providers.get(c, c) for c in codes]) or "the other providers"


def faults(cells: pd.DataFrame, moves: Sequence[Move], names: Names) -> list[Fault]:
    """Every contradiction, in the order of the moves.

    Args:
        cells: The flows that the scenario starts from (`scenario_flows.CELLS`).
        moves: In the order in which they are applied.
        names: Words for codes.

    Returns:
        One for each thing that is wrong; a move without any can be applied.
    """
    found = []
    for place, move in enumerate(moves):
        before = moves[:place]
        of_move = _same_provider(move, names) or _nothing_there(cells, move, names)
        of_move = of_move or _not_delivered(cells, move, before, names) or _nobody_else(cells, move, names)
        found += of_move or [*_too_much(move, before), *_beyond_whole(cells, move, names)]
    return found


def _same_provider(move: Move, names: Names) -> list[Fault]:
    if move.receiver and move.receiver in move.senders and move.kind != Kind.REFERRAL:
        message = f"{names.provider(move.receiver)} is where people come from: choose another provider to send them to"
        return [Fault(move.number, "receiver", message)]
    return []


def _nothing_there(cells: pd.DataFrame, move: Move, names: Names) -> list[Fault]:
    own = Move(**{**move.__dict__, "receiver": ""}) if move.kind in (Kind.GROWTH, Kind.REFERRAL) else move
    taken = cells[chosen(cells, own)]
    if len(taken) and (taken["activity"].any() or taken["worth"].any()):
        return []
    who = names.provider(*move.senders) if move.senders else "No provider"
    did = "treated nobody" if move.senders else "treated anybody"
    of, service = names.home(move.homes), names.service(move.services)
    message = f"{who} {did} of {of} for {service} in {names.year}: choose other homes, services or providers"
    return [Fault(move.number, "senders" if move.senders else "services", message)]


def _not_delivered(cells: pd.DataFrame, move: Move, before: Sequence[Move], names: Names) -> list[Fault]:
    if not move.receiver:
        return []
    ended = [m for m in before if m.kind == Kind.LOSE and move.receiver in m.senders and _meets(m.services, move.services)]
    if ended:
        message = f"Move {ended[0].number} ends the service at {names.provider(move.receiver)}: choose another provider"
        return [Fault(move.number, "receiver", message)]
    opened = [m for m in before if m.kind == Kind.OPEN and m.receiver == move.receiver and _meets(m.services, move.services)]
    if move.kind not in (*TO_A_DELIVERER, Kind.LOSE) or opened:
        return []
    own = cells[(cells["provider"] == move.receiver) & _is_care(cells)]
    if move.services:
        own = own[own["service"].isin(move.services)]
    if len(own):
        return []
    does_not = f"{names.provider(move.receiver)} did not deliver {names.service(move.services)} in {names.year}"
    message = f"{does_not}: choose another provider, or open a new site there"
    return [Fault(move.number, "receiver", message)]


def _is_care(cells: pd.DataFrame) -> pd.Series:
    """Which cells are of people: counted, or in money alone, as drugs at cost often are."""
    return (cells["activity"] > 0) | (cells["worth"] > 0)


def _nobody_else(cells: pd.DataFrame, move: Move, names: Names) -> list[Fault]:
    falls = move.kind == Kind.REFERRAL and move.share < 0
    if not falls and (move.kind != Kind.LOSE or move.receiver):
        return []
    left = (move.receiver,) if falls else move.senders
    taken = cells[chosen(cells, Move(**{**move.__dict__, "senders": left, "receiver": ""}))]
    others = cells[~cells["provider"].isin(left) & _is_care(cells)]
    alone = sorted(set(taken.loc[_is_care(taken), "service"]) - set(others["service"]))
    if not alone:
        return []
    if falls:
        return [Fault(move.number, "services", f"No other provider delivers {names.service(alone)}: choose other services")]
    message = f"No other provider delivers {names.service(alone)}: choose where its people go"
    return [Fault(move.number, "receiver", message)]


def _too_much(move: Move, before: Sequence[Move]) -> list[Fault]:
    if move.kind not in TAKING_A_SHARE:
        return []
    same = [m for m in before if m.kind in TAKING_A_SHARE and _overlap(m, move)]
    total = sum((m.share for m in same), move.share)
    if not same or total <= 1:
        return []
    numbers = _listed([str(m.number) for m in same])
    left = max(Decimal(0), 1 - total + move.share)
    message = (
        f"{'Moves' if len(same) > 1 else 'Move'} {numbers} and this one together move {_percent(total)} of the same people: "
        f"move at most {_percent(left)}, or choose others"
    )
    return [Fault(move.number, "share", message)]


def _beyond_whole(cells: pd.DataFrame, move: Move, names: Names) -> list[Fault]:
    if move.kind != Kind.REFERRAL:
        return []
    rows = cells[chosen(cells, Move(number=0, kind=move.kind, homes=move.homes, services=move.services))]
    amount = "activity" if rows["activity"].sum() > 0 else "worth"
    whole = int(rows[amount].sum())
    own = Decimal(int(rows.loc[rows["provider"] == move.receiver, amount].sum())) / whole if whole else Decimal(0)
    if 0 <= own + move.share <= 1:
        return []
    less = move.share < 0
    most = own if less else 1 - own
    who, of = names.provider(move.receiver), names.home(move.homes)
    message = (
        f"{who} has {_percent(own)} of the referrals from {of}: its share can {'fall' if less else 'rise'} "
        f"by at most {_percent(most)} points"
    ).replace("% points", " percentage points")
    return [Fault(move.number, "share", message)]


def _overlap(one: Move, other: Move) -> bool:
    pairs = ((one.homes, other.homes), (one.services, other.services), (one.senders, other.senders))
    return all(_meets(a, b) for a, b in pairs)


def _meets(one: Collection[str], other: Collection[str]) -> bool:
    """Whether two choices have something in common; a blank one is of everything."""
    return not one or not other or bool(set(one) & set(other))


def _percent(share: Decimal) -> str:
    return f"{(share * 100).quantize(Decimal('0.1')).normalize():f}%"


def _listed(words: Sequence[str]) -> str:
    if len(words) > 3:
        words = [*words[:2], f"{len(words) - 2} more"]
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
