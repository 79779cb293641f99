"""Shapes a table of travel times: minutes one way between homes and where people are treated, by codes."""

from collections.abc import Collection, Mapping

import pandas as pd

from .reference_rows import Column, Table, check_table, problem

TRAVEL_TIMES = Table(
    "travel_times",
    ("home", "destination"),
    (
        Column("home", required=True, length=9),
        Column("destination", required=True, length=9),
        Column("minutes", "decimal", required=True, least=0, most=600),
    ),
)


def travel_time_rows(
    text: pd.DataFrame, *, file: str, known: Mapping[str, Collection[str]]
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Travel times from the rows of a file, and what is wrong with them.

    Args:
        text: text columns as read from the file: home, destination, minutes; others are ignored.
        file: name of the file, for messages.
        known: codes of homes (`home`: places and systems) and of `destination` (sites and providers).

    Returns:
        The rows `home`, `destination` (codes) and `minutes` (Decimal, 0 to 600), and the problems found.
    """
    absent = [name for name in TRAVEL_TIMES.headings if name not in text.columns]
    if absent:
        words = f"Add these columns: {', '.join(absent)}. A file has home, destination and minutes."
        return pd.DataFrame(columns=TRAVEL_TIMES.headings), [problem(file, 1, absent[0], "", words)]
    shaped, faults = check_table(TRAVEL_TIMES, text[TRAVEL_TIMES.headings])
    problems = [{**fault, "file": file} for fault in faults]
    what = {"home": "place or system", "destination": "site or provider"}
    for column, codes in known.items():
        words = f"Write the code of a {what[column]} that is loaded."
        strange = [(row, code) for row, code in shaped[column].items() if code and code not in codes]
        problems += [problem(file, row, column, code, words) for row, code in strange]
    return shaped, sorted(problems, key=lambda one: int(str(one["row"])))
