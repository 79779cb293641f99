"""Delegation status of service codes in any year, from the years that have a national list."""

from collections.abc import Iterable

import pandas as pd


def list_year(year: str, listed: Iterable[str]) -> str:
    """The year whose national list stands for a year: its own, else the nearest (the earlier one where two are as near).

    Args:
        year: Financial year, e.g. "2019/20".
        listed: Years that have a list.

    Raises:
        ValueError: no year has a list.
    """
    years = sorted(set(listed))
    if not years:
        raise ValueError("No year has a list of delegation status: load the reference data first.")
    return min(years, key=lambda one: (abs(int(one[:4]) - int(year[:4])), one))


def status_in_years(statuses: pd.DataFrame, years: Iterable[str]) -> pd.DataFrame:
    """Status of every service code in each of the years asked for, and whose list says so.

    Args:
        statuses: Columns `service_code`, `year`, `status` (GREEN, RED, BLUE or NOT APPLICABLE), as the national lists give them.
        years: Financial years wanted.

    Returns:
        Columns `service_code`, `year`, `status`, `list_year` (the year of the list used) and `as_if` (true where that is another
        year: figures on such rows read "as if delegated").

    Raises:
        ValueError: no year has a list.

    Source:
        Decision of the programme: earlier years are read on the 2025/26 list, which came into force with delegation.
    """
    listed = statuses["year"].unique()
    parts = []
    for year in dict.fromkeys(years):
        used = list_year(year, listed)
        part = statuses.loc[statuses["year"] == used, ["service_code", "status"]]
        parts.append(part.assign(year=year, list_year=used, as_if=used != year))
    columns = ["service_code", "year", "status", "list_year", "as_if"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
