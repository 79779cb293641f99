"""What moves that are not stored yet would do, and what is contradictory in them."""

from dataclasses import dataclass
from typing import Any

from planning.calculations.scenarios import years_of
from planning.charts.scenarios import organisations_title, years_title
from planning.figures.scenario_reading import effects_of_moves, faults_of, move_words
from planning.figures.scenarios import named_read, scenario_organisations, scenario_years
from planning.queries.scenarios import moves_of
from planning.tables.scenarios import ScenarioOrganisationsTable, ScenarioYearsTable
from presentation.shared_reads import sharing_reads


@dataclass(frozen=True)
class Preview:
    """The whole scenario with the move that is being written: a sentence, and the tables behind it."""

    move: str
    sentence: str
    years: ScenarioYearsTable
    organisations: ScenarioOrganisationsTable


def faults(version: Any, rows: list[Any]) -> list[tuple[int, str, str]]:
    """Move, field and sentence for each contradiction in some moves."""
    with sharing_reads():
        return [(fault.move, fault.field, fault.message) for fault in faults_of(version, rows)]


def rows_with(version: Any, move: Any) -> list[Any]:
    """The moves of a version with one put in its place, or behind the others."""
    others = [row for row in moves_of(version) if row.number != move.number]
    return sorted([*others, move], key=lambda row: row.number)


def preview(version: Any, move: Any) -> Preview:
    with sharing_reads():
        read = named_read(version, effects_of_moves(version, rows_with(version, move)))
        years, organisations = scenario_years(read, {}), scenario_organisations(read, {})
        return Preview(
            move=move_words(move),
            sentence=f"{years_title(years)}. {organisations_title(organisations)}.",
            years=ScenarioYearsTable(years, caption="Effect on the whole, with this move", orderable=False),
            organisations=ScenarioOrganisationsTable(organisations, caption="Effect on each organisation", orderable=False),
        )


def faults_by_move(version: Any) -> dict[int, list[str]]:
    """Sentences by move for what is contradictory in a version as it stands."""
    found: dict[int, list[str]] = {}
    for number, _, message in faults(version, moves_of(version)):
        found.setdefault(number, []).append(message)
    return found


def moves_said(version: Any) -> list[dict[str, Any]]:
    """The moves of a version in words, with what is contradictory in each."""
    wrong = faults_by_move(version)
    return [
        {
            "number": move.number,
            "words": move_words(move),
            "from_year": years_of(version.year)[move.first_year - 1],
            "note": move.note,
            "faults": wrong.get(move.number, []),
        }
        for move in moves_of(version)
    ]
