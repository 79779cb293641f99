"""Sums of what an extract would replace beside those of the extract itself, from the facts of both."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import pandas as pd

from planning.extracts import layout_rules
from planning.models import DEFAULT_LEAST_POUNDS, DEFAULT_PERCENT, DEFAULT_POUNDS, Extract, LargeChange, Layout, PositionSlice
from planning.queries import positions, read_copies
from planning.queries.extracts import coverings
from planning.queries.published_sums import FIGURES, sums_of_slices

POUND = 10_000
GRAIN = ("service_code", "point_of_delivery", "home_system")


def compared_sums(extract: Extract) -> pd.DataFrame:
    """Sums of the slices that an extract covers, as they are and as they would be.

    Columns `GRAIN`, and each of `FIGURES` with _before and _after, in stored units.
    """
    [covering] = coverings([extract])
    own = PositionSlice.objects.filter(layout=extract.layout, provider=extract.provider, year=extract.year, until_position=None)
    current = own.exclude(extract=extract).values_list("extract_id", "month", "commissioner")
    replaced = [(pk, month, code) for pk, month, code in current if covering.covers((month, code))]
    before = sums_of_slices(replaced, GRAIN)
    after = sums_of_slices([(extract.pk, month, code) for month, code in covering.slices], GRAIN)
    both = before.merge(after, on=list(GRAIN), how="outer", suffixes=("_before", "_after"))
    return both.astype(dict.fromkeys((f"{f}_{when}" for f in FIGURES for when in ("before", "after")), "Int64"))


def system_totals(year: str, systems: Collection[str]) -> dict[str, int]:
    """Actual price of all providers in a year for the people of some systems, as it is published now; stored units."""
    manifest = positions.manifest(positions.latest_position())
    copies = [copy for copy in manifest.of(years=[year]) if copy.year == year]
    if not copies or not systems:
        return {}
    facts, parameters = read_copies.facts_sql(copies)
    sql = f"SELECT home_system, sum(actual_price)::BIGINT AS price FROM ({facts}) GROUP BY ALL"  # noqa: S608 - no value in it
    found = read_copies.run(sql, parameters, slices=manifest.slices)
    totals = {row["home_system"]: row["price"] for row in found.to_dict("records")}
    return {system: int(totals[system]) for system in systems if system in totals and not pd.isna(totals[system])}


@dataclass(frozen=True)
class Ordinary:
    """The largest change that needs no reason of its own: stored units, per cent, and up to which amount a share says nothing.

    `owner`, `source` and `valid_from` are blank where the programme has set none.
    """

    amount: int
    percent: float
    least: int
    is_default: bool = False
    owner: str = ""
    source: str = ""
    valid_from: date | None = None


DEFAULT = Ordinary(DEFAULT_POUNDS * POUND, float(DEFAULT_PERCENT), DEFAULT_LEAST_POUNDS * POUND, is_default=True)


def large_change_on(on: date) -> LargeChange | None:
    """The threshold that the programme has set for a day, if it has set one."""
    return LargeChange.objects.filter(valid_from__lte=on).first()


def ordinary_change(on: date) -> Ordinary:
    """What counts as an ordinary change on a day."""
    in_force = large_change_on(on)
    return DEFAULT if in_force is None else _ordinary(in_force)


def ordinary_changes() -> list[Ordinary]:
    """Every threshold that the programme has set, the latest day first."""
    return [_ordinary(row) for row in LargeChange.objects.all()]


def _ordinary(row: LargeChange) -> Ordinary:
    return Ordinary(
        row.pounds * POUND,
        float(row.percent),
        row.least_pounds * POUND,
        owner=row.owner,
        source=row.source,
        valid_from=row.valid_from,
    )


def latest_number() -> int:
    """The number of the latest position, 0 before the first: what a comparison was made against."""
    return positions.latest_position() or 0


def price_of(extract: Extract) -> str:
    """The price that an extract is compared by: what was paid, or in a plan return what is planned."""
    return layout_rules.price_of(extract.layout)


def is_money(extract: Extract) -> bool:
    """Whether the extract's price counts in totals of systems."""
    return extract.layout == Layout.ACM
