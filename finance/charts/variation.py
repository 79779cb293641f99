"""Charts of variation. Every title is computed from the frame that is drawn, so that it is true of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import money, number, percent
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric
from presentation.wording import number_of

from .words import period

SOURCE = "Aggregate Contract Monitoring; patients of PLCM, DrPLCM and DePLCM"
RATIOS = {
    "Spend a head": "spend_ratio",
    "Access: patients a head": "access_ratio",
    "Intensity: cost a patient": "intensity_ratio",
}
SHOWN = 12
NOTHING = {
    "system": "No system can be held against peers: fewer than two have all of their own trusts loaded",
    "place": "No place can be held against peers: the places of people’s homes are not known in what is chosen",
}


def area_words(row: Mapping[str, Any]) -> str:
    """ "South East London’s specialised care cost £412.10 a head, 5.1% more than its peers’"."""
    pounds, peers = _number(row["per_head"]), _number(row["benchmark_per_head"])
    if pounds is None or not peers:
        return f"what {row['area_name']} spends a head beside its peers is not known"
    apart = pounds / peers - 1
    size = percent(abs(apart))
    beside = "as much as its peers’" if size == "0.0%" else f"{size} {'more' if apart > 0 else 'less'} than its peers’"
    return f"specialised care of people of {row['area_name']} cost £{number(pounds, 2)} a head, {beside}"


def _number(value: Any) -> float | None:
    found = numeric(pd.Series([value], dtype=object)).iloc[0]
    return None if found != found else float(found)


def variation_title(frame: pd.DataFrame, filters: Mapping[str, Any]) -> str:
    ratios = numeric(frame["spend_ratio"]) if len(frame) else pd.Series(dtype="float64")
    if not ratios.notna().any():
        return NOTHING[filters["level"]]
    said = area_words(frame.loc[(ratios - 1).abs().idxmax()])
    return said[0].upper() + said[1:]


def variation_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    parts = [pd.DataFrame({"label": frame["area_name"], "value": numeric(frame[c]), "series": s}) for s, c in RATIOS.items()]
    drawn = pd.concat(parts, ignore_index=True).dropna(subset=["value"])
    return Chart(
        kind=ChartKind.DOT_PLOT,
        frame=drawn,
        columns={"label": "label", "value": "value", "series": "series"},
        measure=Measure.NUMBER,
        title=variation_title(frame, filters),
        summary=(
            f"Spend a head of {number_of(len(frame), 'area')} beside peers in {period(filters)}; access times intensity is "
            "spend a head at the trusts that sent patient-level sets."
        ),
        units="Ratio: 1 is as its peers",
        source=SOURCE,
        options={"decimals": 2, "origin": 1.0},
    )


def programme_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    drawn = frame.assign(value=numeric(frame["spend_ratio"])).dropna(subset=["value"])
    title = NOTHING[filters["level"]]
    if len(drawn):
        far = drawn.loc[(drawn["value"] - 1).abs().idxmax()]
        title = (
            f"Furthest from peers: {far['group_name']} of {far['area_name']}, {number(far['value'], 2)} times their spend a head"
        )
    return Chart(
        kind=ChartKind.HEATMAP,
        frame=drawn,
        columns={"row": "area_name", "column": "group_name", "value": "value"},
        measure=Measure.SHARE,
        title=title,
        summary=f"Spend a head of each area and programme of care as a share of its peers’, {period(filters)}.",
        units="Spend a head, % of its peers’",
        source=SOURCE,
    )


def differences_title(frame: pd.DataFrame) -> str:
    gaps = numeric(frame["gap"]) if len(frame) else pd.Series(dtype="float64")
    if not gaps.notna().any():
        return "Where it differs from its peers is not known"
    first = frame.loc[gaps.abs().idxmax()]
    amount = int(gaps.loc[gaps.abs().idxmax()])
    if not amount:
        return f"{first['area_name']} spends as its peers do on every service"
    return (
        f"{first['area_name']} differs most from its peers on {first['group_name']}: "
        f"{money(abs(amount))} {'more' if amount > 0 else 'less'}"
    )


def differences_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Bars of the largest differences. Why each differs stands in the table: beside a bar the words would lie on the names."""
    drawn = frame.assign(value=numeric(frame["gap"])).dropna(subset=["value"]).head(SHOWN)
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn,
        columns={"label": "group_name", "value": "value"},
        measure=Measure.MONEY,
        title=differences_title(frame),
        summary=_differences_summary(len(drawn), len(frame), filters),
        units="£ more (+) or less (−) than its people would cost at its peers’ spend a head",
        source=SOURCE,
        signed=True,
    )


def _differences_summary(drawn: int, known: int, filters: Mapping[str, Any]) -> str:
    shown = f"The {drawn} largest of {number_of(known, 'difference')}" if drawn < known else number_of(known, "difference")
    return f"{shown[0].upper()}{shown[1:]} from peers, {period(filters)}."
