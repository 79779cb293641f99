"""What publishing an extract moves: slices by what happens to them, activity, services and totals, and what is confirmed."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from planning.calculations.changes import changes_by_status
from planning.calculations.financial_years import months_in_words
from planning.calculations.moved import activity_by_unit, is_large, moved_most, sums_by
from planning.queries.choices import home_names, provider_names
from planning.queries.comparisons import (
    Ordinary,
    compared_sums,
    is_money,
    latest_number,
    ordinary_change,
    ordinary_changes,
    price_of,
    system_totals,
)
from planning.queries.extracts import comparison, units
from planning.queries.reference import service_lookup
from planning.tables.extracts import (
    ActivityTable,
    MovedTable,
    PlannedByStatusTable,
    PlannedTotalsTable,
    SlicesByStatusTable,
    TotalsTable,
)
from presentation.amounts import NOT_KNOWN, money, money_exact, money_whole, to_pounds
from presentation.long_tables import LongTable
from presentation.wording import UNITS, listed, number_of

SERVICES_SHOWN = 10
STATUSES = {
    "new": "New",
    "changed": "Changed",
    "same": "The same money",
    "emptied": "Left empty",
    "stays": "Not covered by the file: stays",
}
SLICE_HEADINGS = ("Provider", "Year", "Month", "Commissioner", "What happens")
TIMES = {"before": "now", "after": "after", "difference": "difference"}


@dataclass(frozen=True)
class Comparison:
    """`seen` and `compared` say what was compared, so that what is confirmed is what was read."""

    statuses: SlicesByStatusTable
    activity: ActivityTable
    services: MovedTable
    totals: TotalsTable
    confirmation: str
    large: str
    ordinary: str
    seen: int
    compared: str


def comparison_of(extract, on: date) -> Comparison:
    """The whole comparison of a checked extract with what it would replace, against the threshold of a day."""
    slices, sums = comparison([extract]), compared_sums(extract)
    price, ordinary = price_of(extract), ordinary_change(on)
    return Comparison(
        statuses=_statuses_table(slices, price),
        activity=_activity_table(sums),
        services=_services_table(sums, price),
        totals=_totals_table(extract, slices, sums),
        confirmation=_confirmation(extract, slices, price),
        large=_large(slices, price, ordinary),
        ordinary=ordinary_said(ordinary),
        seen=latest_number(),
        compared=compared(slices),
    )


def compared(slices: pd.DataFrame) -> str:
    """A short hash of every slice of a comparison with its money and what happens to it."""
    return hashlib.sha256(slices.astype(object).to_csv(index=False).encode()).hexdigest()[:16]


def compared_now(extract) -> str:
    return compared(comparison([extract]))


def _statuses_table(slices: pd.DataFrame, price: str) -> SlicesByStatusTable:
    found = changes_by_status(slices, price)
    rows = [{"what": words, **found[status]} for status, words in STATUSES.items() if status in found]
    total = {name: sum(row[name] for row in rows) for name in ("number", "before", "after", "difference")}
    table = SlicesByStatusTable if price == "actual_price" else PlannedByStatusTable
    return table(rows, total=total, orderable=False, prefix="statuses-")


def _activity_table(sums: pd.DataFrame) -> ActivityTable:
    found = activity_by_unit(sums, units())
    words = [UNITS.get(unit, (unit or NOT_KNOWN,))[0].capitalize() for unit in found["unit"]]
    return ActivityTable(found.assign(unit=words), orderable=False, prefix="activity-")


def _services_table(sums: pd.DataFrame, price: str) -> MovedTable:
    moved = moved_most(sums, "service_code", price, SERVICES_SHOWN)
    names = service_lookup().set_index("service_code")["display_name"]
    rows = [
        {"name": f"{names.get(code, 'Not listed')} ({code})", "before": before, "after": after, "difference": difference}
        for code, before, after, difference in moved.itertuples(index=False, name=None)
    ]
    caption = f"Services whose {price.replace('_', ' ')} moves most" + ("" if rows else ": none moves")
    return MovedTable(rows, caption=caption, orderable=False, prefix="services-")


def _totals_table(extract, slices: pd.DataFrame, sums: pd.DataFrame) -> TotalsTable:
    """The provider's year with what stays, and the systems whose people are concerned."""
    price = price_of(extract)
    of_provider = [int(slices[f"{price}_{time}"].fillna(0).sum()) for time in TIMES]
    name = f"{provider_names().get(extract.provider, extract.provider)}, {extract.year}"
    rows = [{"name": name if is_money(extract) else f"{name}: {extract.get_layout_display()}", **_times(of_provider)}]
    if is_money(extract):
        moved, names = sums_by(sums, "home_system", price), home_names()
        now = system_totals(extract.year, moved["home_system"].tolist())
        for system, _, _, difference in moved.itertuples(index=False, name=None):
            change = 0 if pd.isna(difference) else int(difference)
            before = now.get(system, 0)
            rows.append({"name": f"Home: {names.get(system, system)}", **_times([before, before + change, change])})
        rows[1:] = sorted(rows[1:], key=lambda row: (-abs(row["difference"]), row["name"]))
    table = TotalsTable if price == "actual_price" else PlannedTotalsTable
    return table(rows, orderable=False, prefix="totals-")


def _times(amounts: list[int]) -> dict[str, int]:
    return dict(zip(TIMES, amounts, strict=True))


def _sums(slices: pd.DataFrame, price: str) -> tuple[int, int]:
    replaced = slices[slices["status"] != "stays"]
    return tuple(int(replaced[f"{price}_{time}"].fillna(0).sum()) for time in ("before", "after"))


def _confirmation(extract, slices: pd.DataFrame, price: str) -> str:
    """The sentence that a person puts their name to."""
    before, after = _sums(slices, price)
    change = "no change" if after == before else f"{money_exact(abs(after - before))} {'more' if after > before else 'less'}"
    name = provider_names().get(extract.provider, extract.provider)
    emptied = int((slices["status"] == "emptied").sum())
    left = f", and {number_of(emptied, 'slice')} left empty" if emptied else ""
    months = months_in_words(extract.year, extract.covered_months)
    return (
        f"I confirm that the {price.replace('_', ' ')} of {name} for {months} goes from {money_exact(before)} to "
        f"{money_exact(after)}, {change}{left}"
    )


def _large(slices: pd.DataFrame, price: str, ordinary: Ordinary) -> str:
    """Why a reason is asked for; blank where the change is ordinary. Slices that are new replace nothing."""
    held = slices[slices["status"].isin(["changed", "emptied", "same"])]
    before, after = _sums(held, price)
    if not is_large(before, after - before, ordinary.amount, ordinary.percent, ordinary.least):
        return ""
    share = abs(after - before) * 100 / abs(before)
    change = f"{'up' if after > before else 'down'} by {money(abs(after - before))}"
    return f"What is published already would go {change}, {share:.1f}% of it. {ordinary_said(ordinary)}"


def large_change_of(extract, on: date) -> str:
    """Why publishing a checked extract asks for a reason; blank where it does not. As its page says it."""
    return _large(comparison([extract]), price_of(extract), ordinary_change(on))


def ordinary_said(ordinary: Ordinary) -> str:
    """The threshold in one sentence."""
    who = "by default" if ordinary.is_default else "in this programme"
    share = f"{ordinary.percent:g}%" + (f" and {money_whole(ordinary.least)}" if ordinary.least else "")
    return f"A change of more than {money_whole(ordinary.amount)}, or of more than {share}, asks for a reason {who}."


@dataclass(frozen=True)
class Threshold:
    """A threshold in words; `from_day` is missing for the one in force until the programme sets its own."""

    said: str
    from_day: date | None
    owner: str
    source: str


def thresholds(on: date) -> tuple[Threshold, list[Threshold]]:
    """The threshold in force on a day, and every one that the programme has set, the latest day first."""
    return _threshold(ordinary_change(on)), [_threshold(one) for one in ordinary_changes()]


def _threshold(ordinary: Ordinary) -> Threshold:
    return Threshold(ordinary_said(ordinary), ordinary.valid_from, ordinary.owner, ordinary.source)


def slices_table(extract) -> LongTable:
    """Every slice that the extract replaces or leaves, with its money, as a file."""
    money_headings = [f"{which} price {words} (£)" for which in ("Planned", "Actual") for words in TIMES.values()]
    return LongTable("Slices", [*SLICE_HEADINGS, *money_headings, "Illustrative data"], _slice_lines(extract))


def _slice_lines(extract) -> Iterator[tuple[Any, ...]]:
    names, marked = provider_names(), "Yes" if extract.illustrative else "No"
    columns = [f"{price}_{time}" for price in ("planned_price", "actual_price") for time in TIMES]
    for row in comparison([extract]).astype(object).to_dict("records"):
        prices = [None if pd.isna(row[name]) else float(to_pounds(int(row[name]))) for name in columns]
        month = listed([months_in_words(row["year"], [int(row["month"])])])
        provider = names.get(row["provider"], row["provider"])
        yield (provider, row["year"], month, row["commissioner"], STATUSES[row["status"]], *prices, marked)
