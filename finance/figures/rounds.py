"""Figures of allocation rounds: read from what a round keeps, and never computed anew under a reader."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from finance.calculations import round_tables
from finance.calculations.measure_names import CONSTANT, SUPPLY
from finance.charts import rounds as charts
from finance.figures.round_need import OWN, SIDES, TOLD, known_by
from finance.figures.round_workbook import worked_calculation
from finance.forms.round_filters import RoundForm
from finance.forms.rounds import ERRORS
from finance.queries import rounds as reading
from finance.tables import rounds as tables
from planning.figures.flows import position_stamp
from planning.queries import choices
from presentation.amounts import money, number
from presentation.disclosure import numeric
from presentation.figure import Figure, register
from presentation.shared_reads import shared
from presentation.wording import listed

__all__ = ["worked_calculation"]
SOURCE = "Aggregate Contract Monitoring (ACM), and what the round keeps"
LIMIT_WORDS = {"floor": "On the floor", "cap": "On the cap", "": tables.NO_LIMIT}
INPUT_WORDS = {**{name: words for name, (words, _) in ERRORS.items()}, "all": "All together"}
SEXES = {"f": "Female", "m": "Male"}
HAS_INPUTS = {"population", "age", "need", "market-forces", "baseline"}
PURPOSE = "Shares are for population shares, not for provider or site funding."


def round_stamp(filters: Mapping[str, Any]) -> tuple[str, ...]:
    return (*position_stamp(filters), reading.round_stamp(reading.stored_round(filters["round"])))


@shared
def read_round(reader, filters) -> dict[str, pd.DataFrame]:
    """Every table that a round keeps; none of results where it is not calculated."""
    pk = filters["round"]
    return {**reading.tables_of(pk, "inputs"), **reading.tables_of(pk, "results")}


def _limited(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(limit_words=frame["limit"].map(LIMIT_WORDS)) if "limit" in frame else frame


def allocation_round(read, filters):
    if "years" not in read:
        columns = ["year", "area_name", "people", "limit_words", "is_total", *tables.RoundTable.base_columns]
        return pd.DataFrame(columns=list(dict.fromkeys(columns)))
    return _limited(round_tables.years_with_totals(read["years"], read["baselines"]))


def _of_year(read, filters) -> pd.DataFrame:
    if "years" not in read:
        return pd.DataFrame(columns=["area", "area_name", "people", "population", "target_share"])
    return round_tables.of_one_year(read, filters["allocation_year"])


def round_chain(read, filters):
    rows = _of_year(read, filters)
    columns = ["population", "age_index", "need_index", "mff_index", "overall_need_index", "weighted_population", "target_share"]
    return rows[["area", "area_name", "people", *(c for c in columns if c in rows and rows[c].notna().any())]]


def round_step(read, filters):
    return _limited(round_tables.of_step(_of_year(read, filters), filters["step"]))


def has_inputs(found: Any, step: str) -> bool:
    """Whether a step has inputs beside the steps before it; need has where it is by a model."""
    return step in HAS_INPUTS and (step != "need" or found.need == found.Need.MODEL)


def round_inputs(read, filters):
    if "people" not in read:
        return pd.DataFrame(columns=["area", "area_name", "people"])
    areas = read["baselines"].set_index("area")["name"]
    names = {**choices.provider_names(), **areas.to_dict()}
    frame = round_tables.inputs_of_step(read, filters["step"], filters["allocation_year"], names)
    if "need_term" in frame:
        known = [known_by(places, side) for places, side in zip(frame["places"], frame["side"], strict=True)]
        named = frame["measure"].where(frame["side"] != CONSTANT, "The constant")
        frame = frame.assign(measure=named, side_words=frame["side"].map(SIDES), known_by=known)
    return frame.assign(sex_words=frame["sex"].map(SEXES)) if "sex" in frame else frame


def round_moved(read, filters):
    if "moved" not in read:
        return pd.DataFrame(columns=["input", *tables.RoundMovedTable.base_columns])
    names = read["baselines"].set_index("area")["name"]
    moved, years = read["moved"], read["years"]
    quantum = int(years.loc[years["year"] == years["year"].min(), "allocation"].sum())
    amounts = {f"{c}_money": (moved[c].astype(float) * quantum).round().astype("int64") for c in ("low", "high")}
    return moved.assign(area_name=moved["area"].map(names), input_words=moved["input"].map(INPUT_WORDS), **amounts)


def rows_of(filters: Mapping[str, Any]) -> Mapping[str, Any]:
    return reading.rows_of(reading.stored_round(filters["round"]))


def sources_of(filters: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    found = reading.stored_round(filters["round"])
    return [tuple(source) for source in found.inputs.get("sources", [])]


def _round_figure(**options: Any) -> Figure:
    common = {"form": RoundForm, "stamp": round_stamp, "source": SOURCE, "url_name": "finance:allocation_round"}
    common |= {"query": read_round, "rows": rows_of, "sources": sources_of}
    return register(Figure(**{**common, **options}))


def allocation_notes(frame, filters):
    yield "Rounded to the penny by largest remainder, so that a year's areas add up to its quantum; of equals the first by code."
    yield PURPOSE


def moved_notes(frame, filters):
    yield "One input of one area moves and everything else stays; together is the root of the sum of their squares."
    yield "The errors are parameters of the round: illustrative unless the programme knows better."


ALLOCATION_ROUND = _round_figure(
    name="allocation_round",
    heading="Allocations year by year",
    calculation=allocation_round,
    table=tables.RoundTable,
    chart=charts.round_chart,
    note=allocation_notes,
)
ROUND_CHAIN = _round_figure(
    name="round_chain",
    heading="From people to target share",
    calculation=round_chain,
    table=tables.RoundChainTable,
    chart=charts.chain_chart,
)
ROUND_STEP = _round_figure(
    name="round_step",
    heading="One step of a round",
    calculation=round_step,
    table=tables.RoundStepTable,
    chart=charts.step_chart,
)
INPUTS_ARE = {
    "population": "People of each area by age and sex",
    "age": "People of each area by age and sex, with their cost a head",
    "need": "What each measure adds to need, and to use, in each area",
    "market-forces": "Where each area's care is given, and the factor met there",
    "baseline": "What each provider was paid for each area's people",
}


def inputs_title(frame, filters):
    if filters["step"] == "need" and frame.empty:
        return "Need is not by a model with measures of its own: nothing else goes into this step"
    return INPUTS_ARE.get(filters["step"], "This step is made of the steps before it alone")


def inputs_notes(frame, filters):
    if "mean" not in frame or frame.empty:
        return
    held = frame[frame["side_words"] == SIDES[SUPPLY]].drop_duplicates("measure")
    means = [f"{measure} {number(mean, 4)}" for measure, mean in zip(held["measure"], held["mean"], strict=True)]
    if means:
        yield f"Supply is held at its mean of all areas' people: {listed(means)}."
    if frame["known_by"].isin([OWN, TOLD]).sum() < len(frame):
        yield "Where a system states no value of its own, it has the mean of its places by their people."


ROUND_INPUTS = _round_figure(
    name="round_inputs",
    title=inputs_title,
    heading="What goes into a step",
    calculation=round_inputs,
    table=tables.RoundInputsTable,
    note=inputs_notes,
)
ROUND_MOVED = _round_figure(
    name="round_moved",
    heading="How far the shares could be out",
    calculation=round_moved,
    table=tables.RoundMovedTable,
    chart=charts.moved_chart,
    note=moved_notes,
)


def round_sentence(results) -> str:
    """What a round's page says first: what each area receives in the first year, and where it stands then."""
    frame = results["allocation_round"].frame
    rows = frame[~frame["is_total"].astype(bool)]
    if rows.empty:
        return ""
    first = rows["year"].min()
    own = rows[rows["year"] == first]
    order = numeric(own["closing_distance"]).abs().sort_values(ascending=False).index
    three = own.loc[order[:3]]
    said = [
        f"{name} receives {money(amount)}, {charts.distance_words(distance)}"
        for name, amount, distance in zip(three["area_name"], three["allocation"], three["closing_distance"], strict=True)
    ]
    others = "" if len(own) <= 3 else f"; {len(own) - 3} more in the table"
    return f"In {first} {'; '.join(said)}{others}."
