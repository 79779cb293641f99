"""Filters that select nothing: why, as far as it is known, and the nearest filters that do select something."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from planning.calculations.financial_years import months_in_words
from planning.charts.flow_words import amount, measured_in, value_column, without_difference
from planning.forms.filters import query_of
from planning.queries import choices, flows, positions, reference
from presentation.disclosure import numeric
from presentation.wording import listed_at_most

ALL_YEARS = "all"
# What narrows the flows, by what it is called in a sentence; months are one filter of two fields.
NARROWING = {
    "service": "the services chosen",
    "service_code": "the service line codes chosen",
    "programme_of_care": "the programmes of care chosen",
    "national_programme": "the national programmes chosen",
    "point_of_delivery": "the points of delivery chosen",
    "provider": "the providers chosen",
    "system": "the homes chosen",
    "place": "the places chosen",
    "months": "the months chosen",
}
MOST_OFFERED = 6


@dataclass(frozen=True)
class Offer:
    """Filters that select something: what they change, their address, and how much they select."""

    words: str
    query: str
    size: str


def nothing_selected(reader: Any, results: Mapping[str, Any]) -> dict[str, Any] | None:
    """Reasons and offers where the page's first figure holds nothing of what is asked; None where it holds something."""
    result = results.get("flow_dashboard")
    if result is None or not positions.manifest(result.filters.get("position")).read_copies:
        return None
    frame, filters = result.frame, result.filters
    asked = without_difference(filters)
    if not frame.empty and numeric(frame[value_column(asked)]).abs().sum() > 0:
        return None
    return {"reasons": list(reasons(filters)), "offers": list(_offers(reader, filters))}


def reasons(filters: Mapping[str, Any]) -> Iterator[str]:
    """What of the filters cannot be together, as far as the position and the reference data say so."""
    year, loaded = filters.get("year"), positions.coverage_frame(filters.get("position"))
    names = choices.provider_names()
    if year not in (None, "", ALL_YEARS):
        own = loaded[loaded["year"] == year]
        absent = [names.get(code, code) for code in filters.get("provider") or [] if code not in set(own["provider"])]
        if absent:
            yield f"{listed_at_most(absent, 4)}: no extract of {year} is published."
        months = range(filters.get("from_month") or 1, (filters.get("to_month") or 13) + 1)
        if len(own) and not set(own["month"]) & set(months):
            yield f"Of {year} only {months_in_words(year, set(own['month']))} is loaded."
        yield from _ended(filters, year)


def _ended(filters: Mapping[str, Any], year: str) -> Iterator[str]:
    """Systems that were not there in the year, in the boundaries of the time."""
    if filters.get("geography") == "today":
        return
    systems = reference.system_lookup().set_index("code")
    for code in filters.get("system") or []:
        if code not in systems.index:
            continue
        begins, ends = systems.loc[code, "valid_from"], systems.loc[code, "valid_to"]
        if ends == ends and ends.year < int(year[:4]):
            yield f"{systems.loc[code, 'name']} ended in {ends.year}: choose boundaries as they are today, or what followed it."
        elif begins == begins and begins.year > int(year[:4]) + 1:
            yield f"{systems.loc[code, 'name']} began in {begins.year}: choose boundaries as they are today."


def _offers(reader: Any, filters: Mapping[str, Any]) -> Iterator[Offer]:
    """The fewest changes that select something: one filter less, another year, cost instead; else two filters less."""
    found = [offer for words, changed in _single(filters) if (offer := _offer(reader, words, changed))]
    if not found:
        pairs = combinations([name for name in NARROWING if _is_set(filters, name)], 2)
        wanted = ((f"Without {NARROWING[a]} and {NARROWING[b]}", _without(_without(filters, a), b)) for a, b in pairs)
        found = [offer for words, changed in wanted if (offer := _offer(reader, words, changed))]
    yield from found[:MOST_OFFERED]


def _single(filters: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, words in NARROWING.items():
        if _is_set(filters, name):
            yield f"Without {words}", _without(filters, name)
    year = filters.get("year")
    if year not in (None, "", ALL_YEARS):
        for other in reversed(positions.manifest(filters.get("position")).years):
            if other != year:
                yield f"In {other}", {**filters, "year": other}
    if filters.get("measure") != "cost":
        yield "In cost", {**filters, "measure": "cost"}


def _is_set(filters: Mapping[str, Any], name: str) -> bool:
    names = ("from_month", "to_month") if name == "months" else (name,)
    return any(filters.get(one) for one in names)


def _without(filters: Mapping[str, Any], name: str) -> dict[str, Any]:
    if name == "months":
        return {**filters, "from_month": None, "to_month": None}
    return {**filters, name: []}


def _offer(reader: Any, words: str, filters: Mapping[str, Any]) -> Offer | None:
    """An offer, where what it would show is not nothing."""
    asked = without_difference({**filters, "measure": "activity" if filters.get("measure") == "patients" else filters["measure"]})
    values = numeric(flows.flow_frame(reader, asked, [])[value_column(asked)])
    total = values.sum()
    if not total > 0:
        return None
    size = amount(total, asked)
    return Offer(words, query_of(filters), size if filters.get("basis") != "planned" else f"{size} ({measured_in(asked)})")
