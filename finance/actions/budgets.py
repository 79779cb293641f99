"""Writes of indicative budgets: sets are added, never changed, so that what counted before can be seen."""

from collections.abc import Mapping

import pandas as pd
from django.db import transaction

from accounts.actions import record
from accounts.permissions import check_record_budgets
from finance.calculations.budget_rows import budget_rows
from finance.models import AllocationRound, BudgetSet, OfficialFileKind, PopulationBudget, RoundState
from finance.queries.budgets import areas_with_budgets, official_allocated, round_allocations, round_approver
from finance.queries.official import loaded_edition, source_words
from planning.actions import ReferenceRefused, public_text
from planning.calculations.financial_years import read_year
from planning.calculations.reference_rows import problem
from planning.queries import choices


class BudgetsRefused(Exception):
    """What was asked cannot be recorded; the message says why."""


@transaction.atomic
def record_budgets(*, by, year: str, owner: str, source: str, budgets: pd.DataFrame, file_name: str = "") -> BudgetSet:
    """Record budgets of one year: `area`, `programme_of_care`, `amount` (none: the plan counts again) and `months`."""
    check_record_budgets(by)
    held = BudgetSet.objects.create(
        year=year, owner=owner.strip(), source=source.strip(), file_name=file_name[:255], recorded_by=by
    )
    PopulationBudget.objects.bulk_create(
        PopulationBudget(
            budget_set=held,
            area=row["area"],
            programme_of_care_id=row["programme_of_care"] or None,
            amount=None if pd.isna(row["amount"]) else int(row["amount"]),
            months=[int(month) for month in row["months"]],
        )
        for row in budgets.to_dict("records")
    )
    areas = sorted(set(budgets["area"]))
    record(by=by, action="recorded budgets", about=str(held), areas=areas[:50], rows=len(budgets), file=file_name[:200])
    return held


def record_budget(*, by, year: str, area: str, amount: int | None, owner: str, source: str) -> BudgetSet:
    """Record the budget of one area for a year, or that the plan of providers is to count again."""
    row = {"area": [area], "programme_of_care": [""], "amount": pd.array([amount], dtype="Int64"), "months": [[]]}
    return record_budgets(by=by, year=year, owner=owner, source=source, budgets=pd.DataFrame(row))


def load_budgets(*, by, year: str, owner: str, source: str, content: bytes, file_name: str) -> BudgetSet:
    """Record the budgets of a CSV file.

    Raises:
        ReferenceRefused: the file cannot be read or some row may not be kept; nothing was recorded.
    """
    check_record_budgets(by)
    if (found := read_year(year)) is None:
        raise ReferenceRefused([problem(file_name, 1, "year", year, "Write the financial year as 2026/27.")])
    text = public_text(content, file_name)
    programmes = {code for code, _ in choices.programme_choices()}
    rows, problems = budget_rows(text, file=file_name, areas=set(areas_with_budgets()), programmes=programmes)
    if problems:
        raise ReferenceRefused(problems)
    return record_budgets(by=by, year=found[0], owner=owner, source=source, budgets=rows, file_name=file_name)


def take_budgets_from_round(*, by, found: AllocationRound, year: str) -> BudgetSet:
    """Record what an approved round allocates to each system in a year as its budget.

    Raises:
        BudgetsRefused: the round is not approved, or does not reach that year.
    """
    check_record_budgets(by)
    if found.state != RoundState.APPROVED:
        raise BudgetsRefused(f"“{found}” is not approved: budgets are taken from approved rounds.")
    allocated = round_allocations(found, year)
    if not allocated:
        raise BudgetsRefused(f"“{found}” allocates nothing for {year}.")
    source = f"Allocation round “{found}”, approved, SHA-256 {found.sha256}"
    return record_budgets(by=by, year=year, owner=round_approver(found), source=source, budgets=_of_systems(allocated))


def take_official_budgets(*, by, edition: str, year: str) -> BudgetSet:
    """Record what an edition of official allocations gives each known system in a year as its budget.

    Raises:
        BudgetsRefused: no such edition is in force, or it allocates nothing to a known system for that year.
    """
    check_record_budgets(by)
    file = loaded_edition(OfficialFileKind.ALLOCATIONS, edition)
    allocated, unknown = official_allocated(edition, year) if file else ({}, 0)
    if file is None or not allocated:
        raise BudgetsRefused(f"Official allocations “{edition}” give nothing to the systems here for {year}.")
    source = f"{file.get_kind_display()}: {source_words(file)}, SHA-256 {file.sha256}"
    if unknown:
        source += f"; left out: {unknown} of its boards, not known here"
    return record_budgets(
        by=by, year=year, owner=file.source[:120], source=source, budgets=_of_systems(allocated), file_name=file.file_name
    )


def _of_systems(allocated: Mapping[str, int]) -> pd.DataFrame:
    rows = pd.DataFrame({"area": list(allocated), "amount": list(allocated.values())})
    return rows.assign(programme_of_care="", months=[[]] * len(rows))
