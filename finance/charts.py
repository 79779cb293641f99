"""Charts of allocation and affordability. Every title is computed from the frame that is drawn, so that it is true of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import money, percent
from presentation.bundles import bundled_flows, ends
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric
from presentation.wording import listed, number_at_start, number_of, number_within

SOURCE = "Aggregate Contract Monitoring"
CORE, CHAIN = "Core index", "Full chain"
SHOWN = 25
# Lines that are nearer to each other than this share of the largest value are drawn as one.
TOLD_APART = 0.02


def stored(value: float | None) -> int | None:
    return None if value is None or value != value else int(value)


def period(filters: Mapping[str, Any]) -> str:
    year = filters.get("year")
    return "all years loaded" if year in (None, "", "all") else str(year)


def over_words(value: float | None, *, of: str = "plan") -> str:
    """A difference from plan in words: "£48.3m over plan"."""
    if stored(value) is None:
        return f"not known against {of}"
    if not value:
        return f"on {of}"
    return f"{money(abs(int(value)))} {'over' if value > 0 else 'under'} {of}"


def share_words(name: str, distance: float, amount: float | None) -> str:
    """ "South East London receives 3.9% (£14.0m) more than its weighted share"."""
    size = percent(abs(distance))
    if size == "0.0%":
        return f"{name} receives its weighted share"
    money_said = f" ({money(abs(int(amount)))})" if stored(amount) is not None else ""
    return f"{name} receives {size}{money_said} {'more' if distance > 0 else 'less'} than its weighted share"


def more_or_less(distance: float | None) -> str:
    """ "3.9% more", "0.4% less", "no more and no less"."""
    if distance is None or distance != distance:
        return "an amount not known"
    size = percent(abs(distance))
    return "no more and no less" if size == "0.0%" else f"{size} {'more' if distance > 0 else 'less'}"


def furthest(frame: pd.DataFrame, prefix: str) -> tuple[str, float, float | None] | None:
    """The system furthest above its target (below, where none is above): name, distance, money."""
    rows = frame[~frame["is_total"]] if "is_total" in frame else frame
    distance, amount = numeric(rows[f"{prefix}distance"]), numeric(rows[f"{prefix}distance_money"])
    known = [(n, d, a) for n, d, a in zip(rows["system_name"], distance, amount, strict=True) if d == d]
    if not known:
        return None
    above = [k for k in known if k[1] > 0]
    return max(above, key=lambda k: (k[1], k[0])) if above else min(known, key=lambda k: (k[1], k[0]))


def allocation_title(frame: pd.DataFrame) -> str:
    core, chain = furthest(frame, "core_"), furthest(frame, "chain_")
    if core is None and chain is None:
        return "Distance from target is not known: fewer than two systems have all of their own trusts loaded"
    said = share_words(*core) if core else share_words(*chain)
    return f"{said}, by the {'core index' if core else 'full chain'}"


def allocation_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    rows = frame[~frame["is_total"].astype(bool)]
    ways = [(CORE, "core_distance"), (CHAIN, "chain_distance")]
    drawn = pd.concat(
        [pd.DataFrame({"label": rows["system_name"], "value": numeric(rows[c]), "series": w}) for w, c in ways],
        ignore_index=True,
    ).dropna(subset=["value"])
    return Chart(
        kind=ChartKind.DOT_PLOT,
        frame=drawn,
        columns={"label": "label", "value": "value", "series": "series"},
        measure=Measure.SHARE,
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
    steps = [("Age", "age_index"), ("Additional need", "need_index"), ("Market forces", "mff_index")]
    drawn = pd.concat(
        [pd.DataFrame({"label": frame["system_name"], "value": numeric(frame[c]), "series": s}) for s, c in steps],
        ignore_index=True,
    )
    return Chart(
        kind=ChartKind.DOT_PLOT,
        frame=drawn,
        columns={"label": "label", "value": "value", "series": "series"},
        measure=Measure.NUMBER,
        title=_chain_title(drawn),
        summary="Each index beside 1, the average of the loaded area; multiplied together and by people they give the share.",
        units="Index: 1 is the average of the loaded area",
        source="Illustrative cost and need weights; ONS mid-year residents; market forces factors by flow",
        options={"decimals": 3, "origin": 1.0},
    )


def _chain_title(drawn: pd.DataFrame) -> str:
    if drawn["value"].isna().all():
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
    kinds = [
        ("To populations", "population"),
        ("To national hubs", "hub"),
        ("Devolved, overseas and private", "apart"),
        ("Without delegation status", "without_status"),
        ("Unallocated", "unallocated"),
    ]
    drawn = pd.concat(
        [pd.DataFrame({"label": frame["provider_name"], "series": k, "value": numeric(frame[c])}) for k, c in kinds],
        ignore_index=True,
    )
    used = [k for k, _ in kinds if (drawn.loc[drawn["series"] == k, "value"].fillna(0) != 0).any()]
    return Chart(
        kind=ChartKind.STACKED_BARS,
        frame=drawn[drawn["series"].isin(used)],
        columns={"label": "label", "value": "value", "series": "series"},
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


def spend_chart(frame: pd.DataFrame, filters: Mapping[str, Any], *, of: str) -> Chart:
    """Differences from plan as bars, the most over plan first."""
    drawn = frame.assign(value=numeric(frame["difference"])).dropna(subset=["value"])
    drawn = drawn.assign(size=drawn["value"].abs()).nlargest(SHOWN, "size").sort_values("value", ascending=False)
    total = frame.attrs.get("total", {})
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn,
        columns={"label": "name", "value": "value"},
        measure=Measure.MONEY,
        title=spend_title(drawn, of),
        summary=(
            f"Actual less plan by {of}, {period(filters)}: together {over_words(_number(total.get('difference')))}; "
            f"forecast outturn {money(stored(_number(total.get('forecast'))))}."
        ),
        units="£, actual less plan: + is over plan, − is under plan",
        source=SOURCE,
        signed=True,
    )


def _number(value: Any) -> float | None:
    return float(numeric(pd.Series([value], dtype=object)).iloc[0]) if value is not None else None


# How a title says of how many of its rows something is true: "nine of 11 providers are over plan".
OF_HOW_MANY = {
    "provider": "{number} providers are {side} plan",
    "home of patient": "Spend is {side} plan for {number} homes of patients",
    "programme of care": "Spend is {side} plan in {number} programmes of care",
}


def spend_title(drawn: pd.DataFrame, of: str = "provider") -> str:
    if drawn.empty:
        return "Spend against plan is not known for what is chosen"
    over, under = drawn[drawn["value"] > 0], drawn[drawn["value"] < 0]
    top = over.iloc[0] if len(over) else under.iloc[-1] if len(under) else None
    if top is None:
        return "All are on plan"
    side, many = ("over", len(over)) if len(over) else ("under", len(under))
    if many == 1:
        return f"Only {top['name']} is {side} plan, by {money(abs(int(top['value'])))}"
    size = money(abs(int(top["value"])))
    said = OF_HOW_MANY[of].format(number=_share_of(many, len(drawn), starts=of == "provider"), side=side)
    return f"{said}, {top['name']} by most ({size})"


def _share_of(many: int, whole: int, *, starts: bool) -> str:
    if many == whole:
        all_of_them = "both" if whole == 2 else f"all {number_within(whole)}"
        return all_of_them.capitalize() if starts else all_of_them
    return f"{number_at_start(many) if starts else number_within(many)} of {number_within(whole)}"


def gap_title(frame: pd.DataFrame) -> str:
    gaps = numeric(frame["gap"]) if len(frame) else pd.Series(dtype=float)
    if gaps.dropna().empty:
        return "The gap is not known: no spend and plan are loaded for the opening year"
    last, year = gaps.iloc[-1], frame["year"].iloc[-1]
    if last > 0:
        return f"If nothing is done the gap reaches {money(int(last))} in {year}"
    return f"If nothing is done there is {'a surplus of ' + money(-int(last)) if last else 'no gap'} in {year}"


def _apart(frame: pd.DataFrame) -> bool:
    """Whether the gap with a scenario can be told from the one without it in a drawing."""
    change, size = numeric(frame["scenario_payments"]).abs().max(), numeric(frame["gap"]).abs().max()
    return bool(change > TOLD_APART * size)


def gap_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    drawn = frame.assign(value=numeric(frame["gap"]) if len(frame) else [], series="If nothing is done")
    columns = {"x": "year", "value": "value"}
    if filters.get("scenario") and len(frame) and _apart(frame):
        with_it = frame.assign(value=numeric(frame["gap_with"]), series="With the scenario")
        drawn, columns = pd.concat([drawn, with_it], ignore_index=True), {**columns, "series": "series"}
    return Chart(
        kind=ChartKind.LINE_RANGE,
        frame=drawn,
        columns=columns,
        measure=Measure.MONEY,
        title=gap_title(frame),
        summary="Spend less revenue in each year if spend and revenue grow at the rates shown and nothing is done.",
        units="£, spend less revenue (+ = shortfall)",
        source=f"{SOURCE}; growth rates shown below",
        signed=True,
    )


def driver_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    drawn = frame.assign(value=numeric(frame["amount"]) if len(frame) else [], total=frame["is_total"].astype(bool))
    drivers = drawn[~drawn["total"] & (drawn["value"] > 0)]
    title = "Nothing adds to the gap"
    if drawn.empty:
        title = gap_title(pd.DataFrame())
    elif len(drivers):
        top = drivers.loc[drivers["value"].idxmax()]
        title = f"{top['step_name']} adds most to the gap: {money(int(top['value']))} over the years shown"
    return Chart(
        kind=ChartKind.WATERFALL,
        frame=drawn,
        columns={"label": "step_name", "value": "value", "total": "total"},
        measure=Measure.MONEY,
        title=title,
        summary="From the gap of the opening year through each driver of spend and the growth of revenue to the last year's gap.",
        units="£ added to (+) or taken from (−) the gap",
        source=f"{SOURCE}; growth rates shown below",
        signed=True,
    )
