"""Reads of allocation rounds: which a person may see, what is kept in one, and whether it is as it was approved."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import pandas as pd
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import Role
from accounts.permissions import check_see_figures, user_can_make_rounds
from accounts.queries import is_command_line, roles_of
from finance.models import AllocationRound, RoundEvent, RoundState
from finance.queries.populations import kept_programmes
from planning.calculations.financial_years import years_from
from planning.queries import choices, positions, reference
from presentation.shared_reads import shared

# Those who only read see a round once it is put forward.
PUT_FORWARD = (RoundState.UNDER_REVIEW, RoundState.APPROVED, RoundState.SUPERSEDED)
SEES_EVERY_ROUND = {Role.PROGRAMME_TEAM, Role.FINANCE_LEAD}
# Whoever did one of these worked on the round, and does not approve it.
WORKED = (RoundEvent.What.MADE, RoundEvent.What.CHANGED, RoundEvent.What.CALCULATED, RoundEvent.What.SUBMITTED)
# States in which a round may still be changed.
OPEN = (RoundState.DRAFT, RoundState.CALCULATED)
# What people ask of a round.
ASKED = (
    "name",
    "note",
    "position",
    "baseline_year",
    "first_year",
    "years",
    "footprint_id",
    "method",
    "people",
    "need",
    "need_includes_age",
    "quantum",
    "parameters",
)
# What a hash is taken of.
SAID = (*ASKED, "inputs", "results")
LOADED_AREA = "the loaded area"


def readable_rounds(user: Any) -> QuerySet[AllocationRound]:
    rounds = AllocationRound.objects.select_related("made_by", "footprint")
    if user is not None and (is_command_line(user) or roles_of(user) & SEES_EVERY_ROUND):
        return rounds
    return rounds.filter(state__in=PUT_FORWARD)


def round_for(user: Any, pk: int) -> AllocationRound:
    """Raises: Http404: there is no such round, or it is not put forward yet and the reader only reads."""
    if user is not None and not is_command_line(user):
        check_see_figures(user)
    found = readable_rounds(user).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such round.")
    return found


@shared
def stored_round(pk: int) -> AllocationRound:
    """A round; who may read it was asked where the filters were checked."""
    return AllocationRound.objects.select_related("made_by", "footprint").get(pk=pk)


@shared
def tables_of(pk: int, kept: str) -> dict[str, pd.DataFrame]:
    """The tables of `inputs` or `results` by name."""
    return {name: frame_of(table) for name, table in getattr(stored_round(pk), kept).get("tables", {}).items()}


def frame_of(table: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(table["rows"], columns=table["columns"])


def events_of(found: AllocationRound) -> list[RoundEvent]:
    return list(found.events.select_related("by"))


def fingerprint(found: AllocationRound) -> str:
    """SHA-256 of all that a round says, what it was computed from and what came out."""
    said = {name: getattr(found, name) for name in SAID}
    return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def years_of(found: AllocationRound) -> tuple[str, ...]:
    """The financial years that a round allocates, in order."""
    return years_from(found.first_year, found.years)


def transfers_of(found: AllocationRound) -> dict[str, dict[str, int]]:
    """Recurrent transfers by year and system, whole ten-thousandths of a pound; those of no round made before there were any."""
    by_year: dict[str, dict[str, int]] = {}
    for year, area, amount in found.parameters.get("transfers", []):
        by_year.setdefault(year, {})[area] = amount
    return by_year


def area_name(found: AllocationRound) -> str:
    return found.footprint.name if found.footprint else LOADED_AREA


def area_systems(found: AllocationRound, whole: set[str]) -> list[str]:
    """The systems of a round's area: those of its footprint, or all whose own trusts are loaded, without those left out."""
    left_out = set(found.parameters.get("leave_out_system", []))
    if found.footprint_id is None:
        return sorted((whole & set(choices.system_names())) - left_out)
    stated = reference.footprint_systems()
    return sorted(set(stated.loc[(stated["footprint"] == found.footprint_id) & stated["stated"], "system"]) - left_out)


def rows_of(found: AllocationRound) -> dict[str, Any]:
    """The accepted rows behind a round are those of its baseline, without the programmes of care that it leaves out."""
    rows = {"position": found.position, "year": found.baseline_year}
    kept = kept_programmes(found.parameters.get("leave_out_programme", []))
    return {**rows, "programme_of_care": kept} if kept else rows


def area_choices() -> list[tuple[str, str]]:
    return [
        ("", "Every system whose own trusts are all loaded"),
        *sorted(reference.footprint_names().items(), key=lambda c: c[1]),
    ]


def missing_in_words(found: AllocationRound) -> list[dict[str, str]]:
    """What stood in the way of a round, with its areas by name."""
    names = choices.system_names()
    return [{**fault, "area": names.get(fault["area"], fault["area"]) or "The whole round"} for fault in found.missing]


def listed(user: Any) -> list[dict[str, Any]]:
    """What the list of rounds shows, the newest first."""
    latest = positions.latest_position()
    return [
        {
            "round": found,
            "area": area_name(found),
            "last_year": years_of(found)[-1],
            "older": latest is not None and found.position < latest,
        }
        for found in readable_rounds(user).defer("inputs", "results")
    ]


def about_round(found: AllocationRound, user: Any) -> dict[str, Any]:
    """What pages of a round say beside its figures, and what this reader may do with it."""
    latest = positions.latest_position()
    events = events_of(found)
    worked = {found.made_by_id, *(event.by_id for event in events if event.what in WORKED)}
    makes = user_can_make_rounds(user)
    return {
        "makes": makes,
        "is_open": may_be_changed(found),
        "reviews": makes and found.state == RoundState.UNDER_REVIEW,
        "approves": makes and found.state == RoundState.UNDER_REVIEW and user.pk not in worked,
        "missing": missing_in_words(found),
        "round": found,
        "area": area_name(found),
        "events": events,
        "mark": mark_of(found),
        "intact": fingerprint(found) == found.sha256 if found.is_sealed else True,
        "newer_position": latest if latest is not None and latest > found.position else None,
    }


def mark_of(found: AllocationRound) -> str:
    """Another one as soon as anything is done with a round: a form carries it back to say what its reader had before them."""
    return str(found.events.order_by("-pk").values_list("pk", flat=True).first() or "")


def may_be_changed(found: AllocationRound) -> bool:
    return found.state in OPEN


def round_stamp(found: AllocationRound) -> str:
    """Changes when anything a page says of a round does."""
    return f"round {found.pk} {found.state} {found.sha256} {mark_of(found)} latest {positions.latest_position()}"
