"""Charts of core services from official weighted populations. Core services, not specialised: every title and source says so."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import number, percent
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric

from .dots import dots, side_by_side

# Part of core services → how it is called, in the order of the published tables.
PARTS = {
    "overall_core": "Core services overall",
    "general_acute": "General and Acute",
    "community": "Community",
    "mental_health": "Mental health",
    "maternity": "Maternity",
    "prescribing": "Prescribing",
    "health_inequalities": "Health inequalities",
}
PEOPLE, WEIGHTED = "Registered people", "Weighted people"
NOT_LOADED = "No practice weighted populations are loaded"


def source_of(frame: pd.DataFrame) -> str:
    source = frame["source"].iloc[0] if len(frame) else "Practice weighted populations"
    return f"{source}, core services (not specialised)"


def whole_words(frame: pd.DataFrame) -> str:
    """What shares are of: England where the file holds all of it."""
    return str(frame["whole"].iloc[0]) if len(frame) else "England"


def core_shares_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    return dots(
        side_by_side(shown_systems(frame), {"population_share": PEOPLE, "target_share": WEIGHTED}),
        Measure.SHARE,
        title=core_title(frame),
        summary=(
            f"Each system's share of {whole_words(frame)}: of registered people, and of people weighted for core services, which "
            "is its core target share. Core services, not specialised."
        ),
        units=f"Share of {whole_words(frame)}",
        source=source_of(frame),
    )


def shown_systems(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["shown"].astype(bool) & ~frame["is_total"].astype(bool)]


def core_title(frame: pd.DataFrame) -> str:
    rows = shown_systems(frame)
    if rows.empty:
        return NOT_LOADED if frame.empty else "None of the systems shown is in this file"
    rows = rows[rows["own"].astype(bool)] if rows["own"].any() else rows
    furthest = rows.loc[(numeric(rows["need_overall_core"]) - 1).abs().idxmax()]
    people, share = percent(furthest["population_share"], 2), percent(furthest["target_share"], 2)
    return f"{furthest['system_name']} has {people} of {whole_words(frame)}’s people and a core target share of {share}"


def place_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    rows = frame[frame["shown"].astype(bool)]
    drawn = pd.concat(
        [
            pd.DataFrame({"place": rows["place_name"], "part": words, "value": numeric(rows[f"place_{part}"])})
            for part, words in PARTS.items()
        ],
        ignore_index=True,
    )
    return Chart(
        kind=ChartKind.HEATMAP,
        frame=drawn,
        columns={"row": "place", "column": "part", "value": "value"},
        measure=Measure.NUMBER,
        title=place_title(frame),
        summary="Need of each place for each part of core services, beside that of its own system, which is 1.00.",
        units="Index: 1.00 is the system that the place belongs to",
        source=source_of(frame),
        options={"decimals": 2},
    )


def place_title(frame: pd.DataFrame) -> str:
    """The part of core services for which places of one system are furthest apart."""
    rows = frame[frame["shown"].astype(bool)]
    found: list[tuple[float, str, pd.Series, pd.Series, str]] = []
    for (name,), of_system in rows.groupby(["system_name"]):
        for part, words in PARTS.items():
            values = numeric(of_system[f"place_{part}"]).dropna()
            if len(values) > 1:
                high, low = of_system.loc[values.idxmax()], of_system.loc[values.idxmin()]
                found.append((values.max() - values.min(), f"place_{part}", high, low, f"{words}|{name}"))
    if not found:
        return NOT_LOADED if frame.empty else "No two places of one system can be compared"
    _, column, high, low, said = max(found, key=lambda one: (one[0], one[4]))
    words, name = said.split("|")
    top, bottom = number(high[column], 2), number(low[column], 2)
    return f"{words}: need is {top} in {high['place_name']} and {bottom} in {low['place_name']}, where 1.00 is {name}"
