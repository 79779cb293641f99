"""Figures of variation: areas beside their peers, as access and intensity, and where one of them differs most."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from finance.calculations import variation as varying
from finance.calculations.area_spend import area_spend, placed_systems
from finance.charts import variation as charts
from finance.charts import words
from finance.figures.allocation import named
from finance.forms.variation import TOGETHER, VariationForm
from finance.queries import peers as peer_reads
from finance.queries import variation as reads
from finance.tables import variation as tables
from planning.calculations.contract import ratio
from planning.figures.flows import position_stamp
from planning.queries.sources import sources_of
from presentation.amounts import number
from presentation.disclosure import HIDDEN, disclosed_count, numeric
from presentation.figure import Figure, register
from presentation.wording import listed_at_most

SOURCE = charts.SOURCE
POUND = 10_000
# Farther from complete than this, what patients say of a gap is not told in a word.
NEAR_COMPLETE = 0.1
# Places are only compared where the homes of nearly all of their system's spend on patients are known by place.
MOSTLY_PLACED = 0.95


def read_areas(reader, filters, *, grouping: str):
    """Spend, patients and people of the areas, those to be compared and their peers, and all their names."""
    people = reads.people_of_places(filters)
    return {
        **reads.spend_of_areas(reader, filters, grouping),
        **people,
        "whole": reads.whole_areas(filters),
        "system_of": reads.system_of_places(filters),
        "peers": _chosen_members(filters),
        "area_names": peer_reads.area_names(filters["level"]),
        "group_names": {**reads.group_names(grouping), reads.EVERYTHING: "All specialised services"},
    }


def read_differences(reader, filters):
    return read_areas(reader, filters, grouping=filters["grouping"])


def _chosen_members(filters) -> set[str] | None:
    """Members of the group that is held against; None where it is not one that people made."""
    group = peer_reads.peer_group(int(filters["peers"])) if filters["peers"].isdecimal() else None
    return set(group.members) if group else None


def _populations(read) -> dict[str, float]:
    found = varying.people_of_areas(read["places"], read["belongs"])
    system_of, whole = read["system_of"], read["whole"]
    if system_of:
        placed = placed_systems(_on_patients(read), system_of, least=MOSTLY_PLACED)
        whole = {place for place in whole if system_of[place] in placed}
    return {area: people for area, people in found.items() if area in whole}


def _on_patients(read) -> pd.DataFrame:
    """Spend of areas less what no patient is behind: a block payment is for a system, and no practice is named with it."""
    blocks = read["blocks"]
    return pd.concat([read["spend"], blocks.assign(spend=-blocks["spend"])], ignore_index=True)


def _peers(areas, members: set[str] | None, which: str) -> Mapping[str, set[str]]:
    held = set(areas) if members is None else members
    return {area: held if which == TOGETHER else held - {area} for area in areas}


def compared(read, filters) -> pd.DataFrame:
    """Every area that has a peer, by group of services, with its gap and the parts of it that can be told."""
    populations = _populations(read)
    parts = ("spend", "blocks", "sets", "patients", "people", "sent")
    areas = area_spend(populations, **{name: read[name] for name in parts})
    rows = varying.beside_peers(areas, _peers(populations, read["peers"], filters["peers"]))
    counted = {name: rows[name] for name in ("patients", "benchmark_patients")}
    # Ratios and parts are made of counts as everybody may see them, so that none can be worked back from them.
    rows = varying.split_gaps(rows.assign(**{name: told(values) for name, values in counted.items()}))
    ratios = {name: rows[name].round(3) for name in ("spend_ratio", "access_ratio", "intensity_ratio")}
    rows = rows.assign(**counted, **ratios)
    for side in ("", "benchmark_"):
        rows[f"{side}population"] = rows[f"{side}population"].round()
        rows[f"{side}population_units"] = (rows[f"{side}population"] * POUND).astype("Int64")
        rows[f"{side}per_head"] = ratio(rows[f"{side}spend"], rows[f"{side}population_units"])
        rows[f"{side}people"] = rows[f"{side}people"].astype("Int64")
    return rows.assign(
        area_name=named(rows["area"], read["area_names"]),
        group_name=named(rows["group"], read["group_names"]),
        why=pd.Series([why(row) for row in rows.to_dict("records")], index=rows.index, dtype=object),
    )


def told(patients: pd.Series) -> pd.Series:
    """Counts as everybody may see them; 1 to 7 are missing."""
    counts = [disclosed_count(None if pd.isna(count) else int(count)) for count in patients]
    return pd.Series([None if c is HIDDEN else c for c in counts], index=patients.index, dtype="Int64")


def why(row: Mapping[str, Any]) -> str:
    """What a gap comes from, in a word, where enough is known of its patients to say it."""
    if row["gap"] == 0:
        return tables.ALIKE
    if pd.isna(row["patients"]) or not row["known_spend"] or not row["benchmark_known_spend"]:
        return tables.NO_SETS
    if pd.isna(row["access_gap"]):
        return tables.FEW
    covered = [row["coverage"], row["benchmark_coverage"]]
    if any(pd.isna(c) or abs(c - 1) > NEAR_COMPLETE for c in covered):
        return tables.CAUTION
    more = row["gap"] > 0
    access, intensity = (part if more else -part for part in (row["access_gap"], row["intensity_gap"]))
    if access >= intensity:
        return tables.MORE_TREATED if more else tables.FEWER_TREATED
    return tables.COSTS_MORE if more else tables.COSTS_LESS


def variation(read, filters):
    rows = compared(read, filters)
    return rows.sort_values(["spend_ratio", "area"], ascending=[False, True], ignore_index=True)


def by_programme(read, filters):
    return compared(read, filters).drop(columns=["patients", "benchmark_patients"])


def differences(read, filters):
    """The groups of services of the area asked for, those with the largest gap first."""
    rows = compared(read, filters)
    rows = rows[rows["area"] == filters["area"]]
    rows = rows[(rows["spend"] != 0) | (rows["benchmark_spend"] != 0)]
    ordered = rows.assign(size=rows["gap"].abs()).sort_values(["size", "group"], ascending=[False, True], ignore_index=True)
    return ordered.assign(rank=range(1, len(ordered) + 1)).drop(columns="size")


def variation_notes(frame, filters):
    if frame.empty:
        yield "An area needs all of its own trusts in, and a peer with all of its own."
        if filters["level"] == "place":
            yield (
                "Places also need the homes of 95% of their system’s spend on patients to be known by place, which practices "
                "or CCGs tell."
            )
        return
    yield from coverage_notes(frame)
    if filters["level"] == "place":
        yield "Spend whose place is not known, such as payments that name no patient, is left out of places and of their peers."
    if filters["population"] == "weighted":
        yield "People are weighted for the need of core General and Acute services: core services, not specialised."
    else:
        yield "Spend a head is crude: not adjusted for age or need."
    yield (
        "Access is patients ÷ people and intensity is cost ÷ patients, at trusts that sent patient-level sets; the gap is shared "
        "between them by the logarithms of their ratios. Patients are counted once at each trust, to the nearest 5."
    )
    yield "People are those registered in 2025/26, or residents of the latest estimate, whichever year is shown."


def coverage_notes(frame):
    """The caution that stands beside any split."""
    ratios = numeric(frame["coverage"])
    if ratios.isna().all() or (ratios.fillna(0) == 0).all():
        yield "No patient-level set is published for the year: gaps cannot be split into access and intensity."
        return
    low = [f"{n} ({number(r, 2)})" for n, r in zip(frame["area_name"], ratios, strict=True) if abs(r - 1) > NEAR_COMPLETE]
    if low:
        yield (
            "Caution: patient-level sets do not hold what ACM holds (1.00 is complete), so that missing patients look like low "
            f"access and high intensity: {listed_at_most(low, 6)}. The split is of the trusts that sent them alone."
        )


def difference_notes(frame, filters):
    if frame.empty:
        yield "The area is not compared: not all of its own trusts have submitted, or it has no peer whose own have."
        return
    yield "The three parts of each difference add up to it. Services that neither the area nor its peers use are left out."
    if (frame["why"] == tables.CAUTION).any():
        yield "Where patients are incomplete the parts are shown and the reason is not told."


def all_rows(filters):
    """The rows behind: of every area and its peers, of ACM and of the patient-level sets."""
    return {"position": filters["position"], "year": filters["year"], "sets": "too"}


def _stamp(filters) -> tuple[str, ...]:
    return (*position_stamp(filters), f"peers {peer_reads.groups_version()}")


def _figure(**options: Any) -> Figure:
    return register(
        Figure(
            form=VariationForm,
            stamp=_stamp,
            source=SOURCE,
            url_name="finance:variation",
            rows=all_rows,
            sources=lambda filters: sources_of("places", "place_populations", "providers"),
            **options,
        )
    )


VARIATION = _figure(
    name="variation",
    heading="Spend a head beside peers",
    query=partial(read_areas, grouping=reads.EVERYTHING),
    calculation=variation,
    table=tables.VariationTable,
    chart=charts.variation_chart,
    note=variation_notes,
)
VARIATION_BY_PROGRAMME = _figure(
    name="variation_by_programme",
    heading="By programme of care",
    query=partial(read_areas, grouping="programme_of_care"),
    calculation=by_programme,
    table=tables.ProgrammeVariationTable,
    chart=charts.programme_chart,
)
VARIATION_DIFFERENCES = _figure(
    name="variation_differences",
    heading="Where it differs, and why",
    query=read_differences,
    calculation=differences,
    table=tables.DifferencesTable,
    chart=charts.differences_chart,
    note=difference_notes,
)


def variation_sentence(results) -> str:
    """What the page says first: how far the area is from its peers, and what makes most of it."""
    result = results["variation"]
    own = result.frame[result.frame["area"] == result.filters["area"]]
    if own.empty:
        return f"{charts.variation_title(result.frame, result.filters)}."
    said = charts.area_words(own.iloc[0])
    return f"In {words.period(result.filters)} {said}. {charts.differences_title(results['variation_differences'].frame)}."
