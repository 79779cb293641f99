"""Rates in force: what allocation and affordability assume, with their sources."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pandas as pd

from accounts.reading import kept
from finance.models import Rate
from presentation.shared_reads import shared

DRIVERS = ("demographic", "non_demographic", "price", "efficiency", "revenue")
# How the key of a knot begins; its distance follows.
KNOT = "knot "


@kept
def rates_in_force(kind: str, year: str) -> pd.DataFrame:
    """The rate of each key and sex in a year: key, sex, value, unit, illustrative, source."""
    columns = ["key", "sex", "value", "unit", "illustrative", "source"]
    rows = Rate.objects.filter(kind=kind, from_year__lte=year).order_by("key", "sex", "-from_year").values(*columns)
    return pd.DataFrame(list(rows), columns=columns).drop_duplicates(["key", "sex"], ignore_index=True)


def growth_rates(year: str) -> dict[str, dict[str, Any]]:
    """The growth rate of each driver in a year by its name: value (a fraction), illustrative, source."""
    return {row["key"]: row for row in rates_in_force(Rate.Kind.GROWTH, year).to_dict("records") if row["key"] in DRIVERS}


@dataclass(frozen=True)
class PaceInForce:
    """Floor and cap (missing where there is none) and knots of (distance, change of growth), all fractions."""

    floor: Decimal | None
    cap: Decimal | None
    knots: tuple[tuple[Decimal, Decimal], ...]
    illustrative: bool


def pace_in_force(year: str) -> PaceInForce:
    """The pace of change that the programme takes unless somebody says otherwise."""
    rows = rates_in_force(Rate.Kind.PACE, year)
    values = dict(zip(rows["key"], rows["value"], strict=True))
    knots = sorted((Decimal(key.removeprefix(KNOT)), value) for key, value in values.items() if key.startswith(KNOT))
    return PaceInForce(values.get("floor"), values.get("cap"), tuple(knots), bool(rows["illustrative"].any()))


def rate_sources(kinds: Iterable[str]) -> list[tuple[str, str, str]]:
    """The rates of some kinds as what a figure rests on: what, its value, its source."""
    rows = Rate.objects.filter(kind__in=list(kinds)).order_by("kind", "key", "sex", "from_year")
    return [
        (
            f"{row.get_kind_display()}: {row.key.replace('_', ' ')} {row.sex}".strip(),
            f"{row.value:f} from {row.from_year}",
            row.source,
        )
        for row in rows
    ]


@shared
def rates_version() -> str:
    """A short name for the rates as they are now: it changes when any of them does."""
    rows = Rate.objects.order_by("kind", "key", "sex", "from_year").values_list(
        "kind", "key", "sex", "from_year", "value", "source"
    )
    return sha256(repr(list(rows)).encode()).hexdigest()[:12]
