"""The file of budgets that people fill in: those in force, as it can be uploaded again."""

from typing import Any

from finance.calculations.budget_rows import MONTHS
from finance.queries import budgets as reading
from presentation.amounts import plain_money, to_pounds


def budget_file(position: int | None, year: str) -> list[list[Any]]:
    """Budgets in force as rows of the file that can be uploaded again, headings first; pounds as text."""
    rows, areas = reading.budgets_in_force(year), reading.areas_with_budgets()
    table: list[list[Any]] = [["area", "area_name", "programme_of_care", "amount", *MONTHS]]
    for row in rows.to_dict("records"):
        months = [plain_money(to_pounds(m)) for m in row["months"]] or [""] * len(MONTHS)
        money = plain_money(to_pounds(row["amount"]))
        table.append([row["population"], areas.get(row["population"], ""), row["programme_of_care"], money, *months])
    held = set(rows["population"])
    table += [
        [code, areas.get(code, ""), "", "", *[""] * len(MONTHS)]
        for code in reading.own_systems(position, year)
        if code not in held
    ]
    return table
