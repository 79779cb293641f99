"""Charts of allocation. Every title is computed from the frame that is drawn, so that it is true of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import money, percent
from presentation.bundles import bundled_flows, ends
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric
from presentation.wording import listed, number_of

from .dots import COLUMNS, dots, indices, side_by_side
from .words import furthest, period, share_words

SOURCE = "Aggregate Contract Monitoring"
CORE, CHAIN = "Core index", "Full chain"


def allocation_title(frame: pd.DataFrame) -> str:
    core, chain = furthest(frame, "core_"), furthest(frame, "chain_")
    if core is None and chain is None:
        return "Distance from target is not known: fewer than two systems have all of their own trusts loaded"
    said = share_words(*core) if core else share_words(*chain)
    return f"{said}, by the {'core index' if core else 'full chain'}"


def allocation_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    rows = frame[~frame["is_total"].astype(bool)]
    drawn = side_by_side(rows, {"core_distance": CORE, "chain_distance": CHAIN})
    return dots(
        drawn,
        Measure.SHARE,
        title=allocation_title(frame),
        summary=(
            f"Distance of spend on delegated services from the weighted share, {period(filters)}, two ways; "
            f"{number_of(drawn['label'].nunique(), 'system')} of {len(rows)} can be placed."
        ),
        units="Spend above (+) or below (−) target, % of target",
        source=f"{SOURCE}; weighted populations as described in the methods",
        signed=True,
    )


def core_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    return _shares_chart(frame, filters, "weighted_population_raw", "core General and Acute weighted population")


def chain_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Indices of every step: how far each moves a system from the average of the loaded area."""
    drawn = side_by_side(frame, {"age_index": "Age", "need_index": "Additional need", "mff_index": "Market forces"})
    return indices(
        drawn,
        title=_chain_title(drawn),
        summary="Each index beside 1, the average of the loaded area; multiplied together and by people they give the share.",
        units="Index: 1 is the average of the loaded area",
        source="Illustrative cost and need weights; ONS mid-year residents; market forces factors by flow",
    )


def _chain_title(drawn: pd.DataFrame) -> str:
    if drawn.empty:
        return "The full chain cannot be computed: see the note"
    largest = drawn.loc[(drawn["value"] - 1).abs().idxmax()]
    direction = "raises" if largest["value"] > 1 else "lowers"
    if round(abs(largest["value"] - 1), 4) == 0:
        return "Age, need and market forces are alike in every system of the loaded area"
    by = percent(abs(largest["value"] - 1))
    return f"{largest['series']} matters most: it {direction} the weight of {largest['label']} by {by}"


def _shares_chart(frame: pd.DataFrame, filters: Mapping[str, Any], column: str, words: str) -> Chart:
    drawn = frame.assign(value=numeric(frame["target_share"]))
    known = drawn.dropna(subset=["value"])
    title = f"No {words} to take shares of"
    if len(known):
        top = known.loc[known["value"].idxmax()]
        title = f"{top['system_name']} has {percent(top['value'])} of the loaded area's {words}"
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn,
        columns={"label": "system_name", "value": "value"},
        measure=Measure.SHARE,
        title=title,
        summary=f"Share of the loaded area's {words}, {period(filters)}.",
        units="Share of the loaded area",
        source="NHS England allocations 2025/26, core services (not specialised)",
    )


def population_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    drawn = frame.assign(value=numeric(frame["amount"]))
    drawn = drawn[drawn["value"] > 0]
    total = drawn["value"].sum()
    populations = drawn[drawn["is_population"].astype(bool)]
    title = "No spend in what is chosen"
    if total:
        share = populations["value"].sum() / total
        title = f"{percent(share, 0)} of the money can be given to populations: {money(int(populations['value'].sum()))}"
    drawn = bundled_flows(
        drawn,
        source="provider_name",
        target="population_name",
        value="value",
        sources="providers",
        targets="populations and hubs",
    )
    return Chart(
        kind=ChartKind.SANKEY,
        frame=drawn,
        columns={"source": "provider_name", "target": "population_name", "value": "value"},
        measure=Measure.MONEY,
        title=title,
        summary=(
            f"What each provider was paid for specialised services, by the population or hub it goes to, {period(filters)}; "
            "the table has those that are drawn together."
        ),
        units="£ paid",
        source=SOURCE,
        options={"targets": ends(drawn, "population_name", "value", "populations and hubs")},
    )


def ledger_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    kinds = {
        "population": "To populations",
        "hub": "To national hubs",
        "apart": "Devolved, overseas and private",
        "without_status": "Without delegation status",
        "unallocated": "Unallocated",
    }
    drawn = side_by_side(frame, kinds, "provider_name")
    used = [k for k in kinds.values() if (drawn.loc[drawn["series"] == k, "value"].fillna(0) != 0).any()]
    return Chart(
        kind=ChartKind.STACKED_BARS,
        frame=drawn[drawn["series"].isin(used)],
        columns=COLUMNS,
        measure=Measure.MONEY,
        title=_ledger_title(frame),
        summary=f"Each provider's specialised income by where it is taken to belong, {period(filters)}.",
        units="£ paid",
        source=SOURCE,
    )


def _ledger_title(frame: pd.DataFrame) -> str:
    if frame.empty:
        return "No provider's ledger is loaded for what is chosen"
    off = frame.loc[numeric(frame["difference"]) != 0, "provider_name"].tolist()
    if off:
        return f"Sum over populations differs from the ledger of {listed(off)}"
    return f"Sum over populations equals the ledger of {number_of(len(frame), 'provider')} to the penny"
