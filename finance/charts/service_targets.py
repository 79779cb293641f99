"""Charts of targets by service. Every title is computed from the frame that is drawn."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import money, percent
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric
from presentation.wording import number_of

from .words import period

SOURCE = "Aggregate Contract Monitoring; weighted populations as described in the methods"
SHOWN = 12
NOTHING = "Targets of services are not known: fewer than two systems have all of their own trusts loaded"


def furthest_words(frame: pd.DataFrame) -> str | None:
    """ "South East London is £12.3m (9.1%) above target on Cancer", of the largest distance; None where none is known."""
    gaps = numeric(frame["distance_money"]) if len(frame) else pd.Series(dtype="float64")
    if not gaps.notna().any():
        return None
    first = frame.loc[gaps.abs().idxmax()]
    amount, share = int(gaps.loc[gaps.abs().idxmax()]), numeric(frame["distance"]).loc[gaps.abs().idxmax()]
    if not amount:
        return f"{first['system_name']} is at its target on every service"
    size = f" ({percent(abs(share))})" if share == share else ""
    side = "above" if amount > 0 else "below"
    return f"{first['system_name']} is {money(abs(amount))}{size} {side} target on {first['group_name']}"


def targets_title(frame: pd.DataFrame) -> str:
    return furthest_words(frame) or NOTHING


def programmes_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    drawn = frame.assign(value=numeric(frame["distance"])).dropna(subset=["value"])
    return Chart(
        kind=ChartKind.DOT_PLOT,
        frame=drawn,
        columns={"label": "group_name", "value": "value", "series": "system_name"},
        measure=Measure.SHARE,
        title=targets_title(frame),
        summary=f"Distance of delegated spend from target by programme of care, {period(filters)}.",
        units="Spend above (+) or below (−) target, % of target",
        source=SOURCE,
        signed=True,
    )


def services_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Bars of the largest distances of the system that is looked at."""
    own = frame[frame["area"] == filters["area"]]
    drawn = own.assign(value=numeric(own["distance_money"])).dropna(subset=["value"]).head(SHOWN)
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn,
        columns={"label": "group_name", "value": "value"},
        measure=Measure.MONEY,
        title=targets_title(own),
        summary=f"The largest distances of {number_of(len(own), 'group of services', 'groups of services')}, {period(filters)}.",
        units="£ above (+) or below (−) target",
        source=SOURCE,
        signed=True,
    )
