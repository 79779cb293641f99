"""Charts of the Overview."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import percent
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric
from presentation.wording import leaders, listed, number_of

SOURCE = "Aggregate Contract Monitoring"
NOT_KNOWN_GROUP = "Not known"


def origins_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Share of each provider's admitted spells by home, the own area first."""
    drawn = frame.assign(value=numeric(frame["activity_share"])).dropna(subset=["value"])
    return Chart(
        kind=ChartKind.STACKED_BARS,
        frame=drawn,
        columns={"label": "provider_name", "value": "value", "series": "group"},
        measure=Measure.SHARE,
        title=origins_title(drawn),
        summary=f"Share of admitted spells by home of patient at {number_of(drawn['provider'].nunique(), 'provider')}.",
        units="Share of admitted spells",
        source=SOURCE,
    )


def origins_title(drawn: pd.DataFrame) -> str:
    """Which provider draws most of its spells from beyond the own area; homes that are not known count as neither."""
    if drawn.empty:
        return "No admitted spells in what is chosen"
    away = drawn[drawn["is_outside"]].groupby("provider_name", sort=False)["value"].sum()
    names, share = leaders(list(away.index), away.tolist())
    area = drawn["own_name"].iloc[0]
    if not names:
        return f"No one comes from outside {area} to these providers"
    if len(names) > 3:
        return f"{number_of(len(names), 'provider')} draw the most from outside {area}, {percent(share, 0)} of spells each"
    verb, each = ("draws", "") if len(names) == 1 else ("draw", " each")
    return f"{listed(names)} {verb} the most from outside {area}: {percent(share, 0)} of admitted spells{each}"
