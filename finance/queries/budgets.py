"""Budgets of populations that people recorded, and what shadow monitoring reads beside them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from finance.models import (
    AllocationRound,
    BudgetSet,
    OfficialAllocation,
    OfficialFile,
    OfficialFileKind,
    PopulationBudget,
    Rate,
    RoundEvent,
    RoundState,
)
from planning.calculations.financial_years import first_day, following
from planning.queries import choices, coverage, flows, reference
from presentation.shared_reads import shared

from . import official
from .populations import hub_names, provider_hubs
from .rates import rates_in_force
from .rounds import frame_of

BUDGET_COLUMNS = ["population", "programme_of_care", "amount", "months", "budget_set"]
MONTHS, YEAR_END = 12, 13


@shared
def budgets_in_force(year: str) -> pd.DataFrame:
    """Budgets of a year, of each area by the newest set that holds it: `BUDGET_COLUMNS`."""
    rows = PopulationBudget.objects.filter(budget_set__year=year).order_by("area", "programme_of_care")
    names = ["area", "programme_of_care_id", "amount", "months", "budget_set_id"]
    frame = pd.DataFrame(list(rows.values_list(*names)), columns=BUDGET_COLUMNS, dtype=object)
    newest = frame.groupby("population")["budget_set"].transform("max")
    frame = frame[(frame["budget_set"] == newest) & frame["amount"].notna()]
    return frame.assign(programme_of_care=frame["programme_of_care"].fillna("")).reset_index(drop=True)


@shared
def budgets_version() -> str:
    """A short name for the budgets as they are now: it changes when any are recorded."""
    last = BudgetSet.objects.order_by("-pk").values_list("pk", flat=True).first()
    return f"budgets {last or 0}"


def budget_sets(year: str) -> list[BudgetSet]:
    """Sets recorded for a year, the newest first."""
    return list(BudgetSet.objects.filter(year=year).select_related("recorded_by").prefetch_related("budgets"))


def budgets_of(held: BudgetSet) -> int:
    """How many budgets a set holds."""
    return held.budgets.count()


def areas_with_budgets() -> dict[str, str]:
    """Names of what may have a budget, by code: systems and places."""
    return {**choices.place_names(), **choices.system_names()}


def budget_rows_in_force(year: str) -> list[dict[str, Any]]:
    """The budgets in force in words, for a page: area, code, programme of care, amount, phasing, and the set they are of."""
    rows = budgets_in_force(year)
    sets, areas, programmes = (
        BudgetSet.objects.in_bulk(set(rows["budget_set"])),
        areas_with_budgets(),
        choices.programme_choices(),
    )
    names = {**dict(programmes), "": "All"}
    return [
        {
            "area": areas.get(row["population"], row["population"]),
            "code": row["population"],
            "programme": names.get(row["programme_of_care"], row["programme_of_care"]),
            "amount": row["amount"],
            "is_phased": bool(row["months"]),
            "set": sets[row["budget_set"]],
        }
        for row in rows.to_dict("records")
    ]


def budget_years(position: int | None) -> list[str]:
    """Years that budgets can be recorded for, the latest first: those with spend, the one after, and any recorded already."""
    spent = set(months_with_spend(position)["year"])
    ahead = {following(max(spent))} if spent else set()
    return sorted(spent | ahead | set(BudgetSet.objects.values_list("year", flat=True).distinct()), reverse=True)


def rounds_to_take(year: str) -> list[AllocationRound]:
    """Approved rounds that allocate something for a year."""
    approved = AllocationRound.objects.filter(state=RoundState.APPROVED)
    return [found for found in approved if round_allocations(found, year)]


def round_allocations(found: AllocationRound, year: str) -> dict[str, int]:
    """What a round allocates to each system in a year, whole ten-thousandths of a pound."""
    years = frame_of(found.results.get("tables", {}).get("years", {"columns": ["year", "area", "allocation"], "rows": []}))
    own = years[years["year"] == year]
    return {str(area): int(amount) for area, amount in zip(own["area"], own["allocation"], strict=True)}


def official_to_take(year: str) -> list[OfficialFile]:
    """Editions of official allocations that allocate something to a known system for a year."""
    held = OfficialAllocation.objects.filter(year=year, system__in=choices.system_names()).values("file")
    return list(OfficialFile.objects.loaded().filter(kind=OfficialFileKind.ALLOCATIONS, pk__in=held))


def official_allocated(edition: str, year: str) -> tuple[dict[str, int], int]:
    """What an edition allocates to each known system in a year, and to how many boards that are not known here."""
    rows = official.official_allocations(edition)
    own, known = rows[rows["year"] == year], choices.system_names()
    amounts = {str(s): int(a) for s, a in zip(own["system"], own["allocation"], strict=True) if s in known}
    return amounts, len(own) - len(amounts)


def round_approver(found: AllocationRound) -> str:
    """Who approved a round, and so answers for the budgets that are taken from it."""
    approved = found.events.filter(what=RoundEvent.What.APPROVED).select_related("by").last()
    return str(approved.by if approved else found.made_by)[:120]


def round_named(pk: int) -> AllocationRound | None:
    return AllocationRound.objects.select_related("made_by").filter(pk=pk).first()


def own_systems(position: int | None, year: str) -> list[str]:
    """Systems whose own trusts are all in, which a recorded budget counts for."""
    return sorted(coverage.systems_with_own_trusts({"position": position, "year": year}))


def budget_sources(year: str) -> list[tuple[str, str, str]]:
    """The budgets in force as what a figure rests on: what, how many areas, their source."""
    held = budgets_in_force(year).groupby("budget_set")["population"].nunique().to_dict()
    sets = BudgetSet.objects.in_bulk(held)
    return [(str(sets[pk]), f"{number} area{'' if number == 1 else 's'}", sets[pk].source) for pk, number in held.items()]


def monitoring_bands(year: str) -> dict[str, float]:
    """The overspend that is still green, and still amber, where the programme has set them: green_within, amber_within."""
    bands = rates_in_force(Rate.Kind.MONITORING, year).set_index("key")["value"]
    return {name: float(bands[name]) for name in ("green_within", "amber_within") if name in bands.index}


@shared
def months_with_spend(position: int | None) -> pd.DataFrame:
    """Columns year, provider, month of a position, where there is any actual: a plan may reach further."""
    months = flows.flow_frame(None, {"position": position}, ["year", "provider", "month"])
    return months.loc[months["actual_price"].notna(), ["year", "provider", "month"]].reset_index(drop=True)


def latest_year_with_spend(position: int | None) -> str | None:
    """The latest year of which anything is in: monitoring is of the year that runs."""
    return max(months_with_spend(position)["year"], default=None)


def month_to_date(position: int | None, year: str | None) -> int | None:
    """The month up to which everybody who has sent any spend of a year has sent: the month that a page opens at."""
    months = months_with_spend(position)
    months = months[months["year"] == year]
    last = months[months["month"] <= MONTHS].groupby("provider")["month"].max()
    if last.empty:
        return None
    common = int(last.min())
    return YEAR_END if common == MONTHS and (months["month"] == YEAR_END).any() else common


def late_providers(filters: Mapping[str, Any]) -> dict[str, list[int]]:
    """Names of providers that lack months of the year up to the one asked for, with the months."""
    months = months_with_spend(filters.get("position"))
    last = min(int(filters.get("to_month") or 0), MONTHS)
    own = months[(months["year"] == filters.get("year")) & (months["month"] <= last)]
    wanted, names = set(own["month"]), choices.provider_names()
    absent = {names.get(p, p): sorted(wanted - set(held)) for p, held in own.groupby("provider")["month"].agg(set).items()}
    return {name: lacking for name, lacking in sorted(absent.items()) if lacking}


def budgeted_spend(reader: Any, filters: Mapping[str, Any], level: str) -> dict[str, Any]:
    """What shadow monitoring is made of: flows of the year by month, months of every year, statuses, hubs, names."""
    year, position = filters["year"], filters.get("position")
    if not year:
        return {}
    home = "home_place" if level == "place" else "home_system"
    frame = flows.flow_frame(reader, {"position": position, "year": year}, ["provider", "service_code", home, "month"])
    return {
        "flows": frame.rename(columns={home: "population"}),
        "providers": flows.flow_frame(reader, {"position": position}, ["year", "provider", "month"]),
        "statuses": reference.service_status([year]),
        "hubs": provider_hubs(first_day(year)),
        "programmes": reference.service_lookup()[["service_code", "programme_of_care"]],
        "entered": budgets_in_force(year),
        "whole": coverage.systems_with_own_trusts({**filters, "from_month": 1, "system": [], "provider": []}),
        "place_systems": reference.place_lookup().set_index("code")["system"].to_dict(),
        "names": {**hub_names(), **choices.place_names(), **choices.home_names()},
        "bands": monitoring_bands(year),
    }


def people_behind(reader: Any, filters: Mapping[str, Any], by: str) -> pd.DataFrame:
    """The count behind money by one group, for readers outside the agreement; without rows for others."""
    if getattr(reader, "mode", None) != "outside":
        return pd.DataFrame(columns=[by, "people"])
    wanted = {name: filters.get(name) for name in ("position", "year", "to_month", "system")}
    return flows.flow_frame(reader, wanted, [by])[[by, "people"]]
