"""From a version of a scenario to its effects: what it starts from, its moves as calculations take them, and their words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from accounts.queries import reference_version
from planning.calculations import scenario_checks, scenarios
from planning.calculations.assumptions import rows_in_force
from planning.calculations.scenario_flows import Kind, Move
from planning.calculations.scenarios import Effects, Opening, Terms
from planning.queries import assumptions, choices, positions
from planning.queries import scenarios as reading
from presentation.amounts import money, percent
from presentation.shared_reads import shared
from presentation.wording import listed

POUND = 10_000


def of_version(filters: Mapping[str, Any]) -> Any:
    """The version that filters name; who may read it was asked where they were checked."""
    return reading.version_by_number(filters["scenario"], filters["version"])


def scenario_stamp(filters: Mapping[str, Any]) -> tuple[str, ...]:
    """What the effects of a version rest on: its position, its moves, what was assumed when it was saved."""
    version = of_version(filters)
    position = positions.reporting_position(version.position)
    assumed = "saved" if version.saved_at else f"assumptions {assumptions.assumptions_version()}"
    moved = f"scenario {version.scenario_id} version {version.number} {version.saved_at or moves_stamp(version)}"
    return (
        moved,
        f"position {version.position} {position.fingerprint}, {version.year}",
        assumed,
        f"reference {reference_version()}",
    )


def moves_stamp(version: Any) -> str:
    """A draft's moves as they are now."""
    return repr([(m.pk, m.number) for m in reading.moves_of(version)])


def opening_of(position: int, year: str, at: datetime | None) -> Opening:
    """What scenarios of a position and year start from, with what was assumed at a time."""
    frames = reading.opening_frames(None, position, year)
    known = rows_in_force(assumptions.assumption_rows(), year=year, at=at)
    projected = assumptions.projected_people(at).drop(columns="upload")
    return Opening(year=year, assumptions=known, projections=projected, **frames)


@shared
def opening(version: Any) -> Opening:
    return opening_of(version.position, version.year, version.saved_at)


def as_move(row: Any) -> tuple[Move, Terms]:
    """A stored move as calculations take it."""
    move = Move(
        number=row.number,
        kind=Kind(row.kind),
        homes=tuple(row.homes),
        services=tuple(row.services),
        senders=tuple(row.senders),
        receiver=row.receiver,
        share=Decimal(row.share),
        first_year=row.first_year,
    )
    terms = Terms(
        payment=row.payment,
        demographic=row.demographic,
        non_demographic=row.non_demographic,
        one_off=row.one_off,
        new_fixed=row.new_fixed,
    )
    return move, terms


@shared
def effects_of_version(version: Any, without: tuple[str, ...] = ()) -> Effects:
    """The effects of a version, of all its moves or without those of some kinds."""
    moves = [as_move(row) for row in reading.moves_of(version) if row.kind not in without]
    return scenarios.effects_of(opening(version), moves)


def effects_of_moves(version: Any, rows: Iterable[Any]) -> Effects:
    """The effects of moves that are not stored, on what a version starts from."""
    return scenarios.effects_of(opening(version), [as_move(row) for row in rows])


def faults_of(version: Any, rows: Sequence[Any]) -> list[scenario_checks.Fault]:
    """What is contradictory in some moves on what a version starts from."""
    start = opening(version)
    cells = scenarios.movable_cells(start, scenarios.Assumptions(start.assumptions))
    names = scenario_checks.Names(
        homes=choices.home_names(), services=reading.service_names(), providers=choices.provider_names(), year=version.year
    )
    return scenario_checks.faults(cells, [move for move, _ in map(as_move, rows)], names)


def move_words(row: Any) -> str:
    """A move in a sentence."""
    homes = _names(row.homes, choices.home_names()) or "every home"
    services = _names(row.services, reading.service_names()) or "every service"
    senders, receiver = _names(row.senders, choices.provider_names()), choices.provider_names().get(row.receiver, row.receiver)
    said = {
        Kind.REPATRIATE: f"Repatriate {percent(row.share)} of {services} for {homes} from {senders or 'every other provider'} "
        f"to {receiver}",
        Kind.CONSOLIDATE: f"Consolidate {percent(row.share)} of {services} for {homes} from {senders or 'every other provider'} "
        f"on {receiver}",
        Kind.OPEN: f"Open a new site of {receiver} for {services}, with {percent(row.share)} of {homes} now treated at "
        f"{senders or 'any other provider'}",
        Kind.LOSE: f"{senders or 'Every provider'} loses {percent(row.share)} of {services} for {homes}; people go "
        f"{'to ' + receiver if receiver else 'where others of their home go'}",
        Kind.REFERRAL: f"The share of {receiver} in {services} for {homes} "
        f"{'rises' if row.share > 0 else 'falls'} by {percent(abs(row.share))} points".replace("% points", " percentage points"),
        Kind.GROWTH: f"{services} for {homes} grows {_growth_words(row)}",
    }[Kind(row.kind)]
    return f"{said[0].upper()}{said[1:]}{_terms_words(row)}"


def _growth_words(row: Any) -> str:
    people = "with its people as assumed" if row.demographic is None else f"by {percent(row.demographic)} a year with its people"
    care = "the assumed rate" if row.non_demographic is None else f"{percent(row.non_demographic)} a year"
    return f"{people}, and by {care} in what is done for each"


def _terms_words(row: Any) -> str:
    more = [f"{money(row.one_off * POUND)} once"] if row.one_off else []
    more += [f"{money(row.new_fixed * POUND)} a year"] if row.new_fixed else []
    costs = f", at a cost of {listed(more)}" if more else ""
    paid = {"follows": "; all of the payment follows the patient", "fixed": "; the payment is fixed"}.get(row.payment, "")
    return f"{costs}{paid}"


def _names(codes: Sequence[str], names: Mapping[str, str]) -> str:
    words = [names.get(code, code) for code in codes]
    return listed(words if len(words) <= 3 else [*words[:2], f"{len(words) - 2} more"])


def people_of(frame: pd.DataFrame, by: list[str], units: Mapping[str, str], counted: Iterable[str]) -> pd.DataFrame:
    """The smallest count of people's events of any unit that is not nought, by some columns, in whole thousandths.

    Whoever leaves one provider (less than nought) and reaches another is counted once: the larger of both ends.
    """
    unit = frame["point_of_delivery"].map(units)
    ends = {"reach": frame["activity"].clip(lower=0), "leave": -frame["activity"].clip(upper=0)}
    rows = frame.assign(unit=unit, **ends)[unit.isin(list(counted))]
    sums = rows.groupby([*by, "unit"], as_index=False)[["reach", "leave"]].sum()
    sums["activity"] = sums[["reach", "leave"]].max(axis=1)
    sums = sums[sums["activity"] > 0]
    least = sums.groupby(by, as_index=False)["activity"].min()
    return least.assign(people=(least["activity"] // 1000).astype("Int64"))[[*by, "people"]]
