"""The headline numbers of the Overview, drawn from every app, and what the page says first."""

from contextlib import suppress
from typing import Any

import pandas as pd
from django.conf import settings
from django.core.cache import caches
from django.http import QueryDict

from finance.charts.words import furthest
from finance.figures.affordability import AFFORDABILITY, SPEND_BY_PROVIDER
from finance.figures.allocation import ALLOCATION, finance_stamp
from finance.queries import rates_version
from planning.figures.flows import numbers_stamp
from planning.queries.positions import position_before
from presentation.figure import Figure
from presentation.run import true_frame
from programme import queries
from programme.charts import overview as charts
from programme.figures.overview import ORIGINS, overview_figure, period_words
from programme.forms import LatestYearForm, OverviewForm, PositionForm
from programme.tables import overview as tables


def _frame_of(figure: Figure, reader: Any, form: type, position: int | None, year: str | None = None):
    """Another figure's frame with true values, at a position, with the defaults of its page."""
    data = QueryDict(mutable=True)
    data.update({name: str(value) for name, value in (("position", position), ("year", year)) if value})
    filled = form(data, reader=reader, page=True)
    if not filled.is_valid():
        return None, {}
    return true_frame(figure, reader, filled.cleaned_data), filled.cleaned_data


def read_headlines(reader, filters):
    """What each headline number is, now and at the position before."""
    now = filters["position"]
    return {"now": _at(reader, now), "before": _at(reader, position_before(now))}


def _at(reader, position) -> dict[str, tuple]:
    """About what, out of what, how much and which share of each headline, kept under all that they rest on."""
    stored = queries.published(position)
    if stored is None:
        return dict.fromkeys(HEADLINES_OF, NOTHING)
    # Not whether it is the latest: the numbers of the position before are those of when it was.
    stamp = (*numbers_stamp({"position": position}), f"rates {rates_version()}")
    key = f"headlines {stored.made_at.isoformat()} {' '.join(stamp)} {reader.mode} {settings.RELEASE}".replace(" ", "_")
    # Whatever changes the numbers changes the name they are kept under.
    if (found := caches["headlines"].get(key)) is None:
        found = _computed(reader, position)
        # A disk that is full makes the next reader wait, and no more.
        with suppress(OSError):
            caches["headlines"].set(key, found)
    return found


def _computed(reader, position) -> dict[str, tuple]:
    read = {
        name: _frame_of(figure, reader, form, position)
        for name, figure, form in (
            ("spend", SPEND_BY_PROVIDER, LatestYearForm),
            ("inflow", ORIGINS, OverviewForm),
            ("distance", ALLOCATION, ALLOCATION.form),
            ("gap", AFFORDABILITY, AFFORDABILITY.form),
        )
    }
    return {name: find(read) for name, find in HEADLINES_OF.items()}


def headlines(read, filters):
    """One row for each headline number: about what, how much, which share, and both at the position before."""
    rows = []
    for key, words in (
        ("spend", "Spend against plan"),
        ("inflow_spells", "Admitted spells from outside"),
        ("inflow_cost", "Cost from outside"),
        ("distance", "Furthest above target, or below where none is above"),
        ("gap", "Gap if nothing is done"),
    ):
        about, whole, amount, share = read["now"][key]
        before, _, amount_before, share_before = read["before"][key]
        alike = before == about
        rows.append(
            {
                "key": key,
                "headline": words,
                "about": about,
                "whole": whole,
                "amount": amount,
                "share": share,
                "amount_before": amount_before if alike else None,
                "share_before": share_before if alike else None,
            }
        )
    return pd.DataFrame(rows).astype(dict.fromkeys(["whole", "amount", "amount_before"], "Int64"))


NOTHING = ("", None, None, None)


def _spend(read):
    frame, filters = read.get("spend", (None, {}))
    if frame is None or frame.empty:
        return NOTHING
    actual, planned, difference = (_total(frame[name]) for name in ("actual_price", "planned_price", "difference"))
    share = difference / planned if planned and difference is not None else None
    return period_words(filters), actual, difference, share


def _inflow(read, what):
    frame, filters = read.get("inflow", (None, {}))
    if frame is None or frame.empty:
        return NOTHING
    known = frame[frame["group"] != charts.NOT_KNOWN_GROUP]
    whole, outside = (_total(rows[f"actual_{what}"]) for rows in (known, known[known["is_outside"]]))
    share = (outside or 0) / whole if whole else None
    return (period_words(filters), whole, outside, share) if what == "price" else (period_words(filters), None, None, share)


def _distance(read):
    frame, _ = read.get("distance", (None, {}))
    found = furthest(frame, "core_") if frame is not None and len(frame) else None
    if found is None:
        return NOTHING
    name, distance, amount = found
    return name, None, None if amount is None or amount != amount else int(amount), float(distance)


def _gap(read):
    frame, _ = read.get("gap", (None, {}))
    if frame is None or frame.empty:
        return NOTHING
    last = frame.iloc[-1]
    revenue = int(last["revenue"])
    return str(last["year"]), None, int(last["gap"]), int(last["gap"]) / revenue if revenue else None


def _total(values: pd.Series) -> int | None:
    total = values.sum(min_count=1)
    return None if pd.isna(total) else int(total)


HEADLINES_OF = {
    "spend": _spend,
    "inflow_spells": lambda read: _inflow(read, "activity"),
    "inflow_cost": lambda read: _inflow(read, "price"),
    "distance": _distance,
    "gap": _gap,
}


HEADLINES = overview_figure(
    name="headlines",
    heading="Headline numbers",
    form=PositionForm,
    query=read_headlines,
    calculation=headlines,
    table=tables.HeadlinesTable,
    stamp=finance_stamp,
)
