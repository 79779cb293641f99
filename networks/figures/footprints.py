"""Figures of the footprint finder: the natural footprint of every service, its level, how stable it is and who plans it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from networks import charts, tables
from networks.calculations.natural_footprints import LEVELS, footprint_sizes, natural_levels, needed_homes, stability
from networks.calculations.planned_footprints import delivery_footprints, planned_footprints
from networks.charts import LEVEL_WORDS
from networks.figures.networks import measured, network_sources
from networks.forms import FootprintsForm
from networks.queries import (
    all_networks,
    network_scope,
    regions_of_homes,
    regions_of_systems,
    short_names_of_systems,
    stated_systems,
)
from planning.calculations.contract import ratio
from planning.calculations.homes import NOT_KNOWN
from planning.figures.flows import position_stamp
from planning.queries import choices, flows
from presentation.amounts import UNIT, percent
from presentation.disclosure import HIDDEN, is_small, numeric
from presentation.figure import Figure, register
from presentation.shared_reads import shared
from presentation.wording import listed, listed_at_most, number_at_start, number_of

SOURCE = "Aggregate Contract Monitoring (ACM); stated footprints from the source of each network"
URL_NAME = "networks:footprints"
STABILITY_WORDS = {"stable": "Stable", "mostly_stable": "Mostly stable", "changing": "Changing", "one_year": "One year only"}
NAMES_ON_A_PAGE = 6
BEYOND_NOTE = "The rest of England, and other homes beyond the loaded systems, count as one home each and as no region."


def share_of(filters: Mapping[str, Any]) -> float:
    return int(filters["threshold"]) / 100


def home_column(filters: Mapping[str, Any]) -> str:
    return "home_place" if filters.get("level") == "place" else "home_system"


def all_home_names() -> dict[str, str]:
    """Names of systems, places and groups of homes; a home whose place is not known stands as its system."""
    return {**choices.home_names(), **choices.place_names()}


@shared
def read_footprints(reader, filters):
    """Flows of every service by home, by provider, and by home in each year loaded, in today's systems."""
    column = home_column(filters)
    every_year = {**filters, "year": "all", "geography": "today"}
    read = {
        "totals": flows.flow_frame(reader, filters, ["service"]),
        "flows": flows.flow_frame(reader, filters, ["service", "home_system", "home_place"]),
        "providers": flows.flow_frame(reader, filters, ["service", "provider"]),
        "years": flows.flow_frame(reader, every_year, ["service", "year", column]).rename(columns={column: "home_system"}),
        "scope": service_scope(),
        "stated": stated_systems(),
        "regions": regions_of_homes(),
        "names": names_of_codes(),
    }
    return {**read, "found": found_footprints(read, filters)}


def names_of_codes() -> dict[str, dict[str, str]]:
    """What codes are called, by kind."""
    return {
        "homes": all_home_names(),
        "short": {**all_home_names(), **short_names_of_systems()},
        "providers": choices.provider_names(),
        "services": {"": "Codes of no listed service", **dict(choices.service_choices())},
        "networks": {network.code: network.name for network in all_networks()},
    }


def service_scope() -> pd.DataFrame:
    """Columns network, service: the services of which each network plans at least one line code."""
    joined = network_scope().merge(flows.code_groups(), on="service_code", how="inner", validate="many_to_one")
    return joined.loc[joined["service"].notna(), ["network", "service"]].drop_duplicates(ignore_index=True)


def found_footprints(read, filters):
    """One row a service: its sums, its footprint at each threshold, its level, how stable it is, who plans and who delivers."""
    measure, by_home = measured(filters), _by_home(read["flows"], home_column(filters))
    needed = needed_homes(by_home, by="service", measure=measure, not_known=[NOT_KNOWN])
    parts = [
        footprint_sizes(needed, by="service", threshold=share_of(filters), regions=read["regions"]),
        natural_levels(
            read["flows"],
            measure=measure,
            threshold=share_of(filters),
            not_known=[NOT_KNOWN],
            regions=regions_of_systems(),
        ),
        stability(read["years"], measure=measure, threshold=str(share_of(filters)), not_known=[NOT_KNOWN]),
        planned_footprints(
            _by_home(read["flows"], "home_system"),
            scope=read["scope"],
            stated=read["stated"],
            measure=measure,
            not_known=[NOT_KNOWN],
        ),
        _delivered(read["providers"], measure),
    ]
    rows = read["totals"]
    for part in parts:
        rows = rows.merge(part, on="service", how="left", validate="one_to_one")
    return rows.sort_values([measure, "service"], ascending=[False, True], na_position="last", ignore_index=True)


def _by_home(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    sums = ["actual_price", "actual_activity"]
    by_home = rows.groupby(["service", column], as_index=False)[sums].sum(min_count=1)
    return by_home.rename(columns={column: "home_system"})


def _delivered(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    found = delivery_footprints(rows, by="service", measure=measure)
    delivering = found[found["needed"]].groupby("service")["provider"].agg(tuple)
    return pd.DataFrame({"service": delivering.index, "delivering": delivering.to_numpy()})


def footprints(read, filters):
    rows, names = read["found"], read["names"]
    few = [not pd.isna(n) and is_small(n, UNIT) for n in rows["people"]]
    homes = [_tuple(codes) for codes in rows["homes"]]
    rows["service_name"] = _named(rows["service"], names["services"])
    rows["natural_level"] = rows["natural_level"].map(LEVEL_WORDS)
    rows["footprint_names"] = _hidden(few, [_listed(codes, names["short"], NAMES_ON_A_PAGE) for codes in homes])
    rows["all_footprint_names"] = _hidden(few, [_listed(codes, names["homes"]) for codes in homes])
    rows["stability"] = rows["stability"].map(STABILITY_WORDS)
    rows["span"] = [_span(f, m) for f, m in zip(rows["fewest"], rows["most"], strict=True)]
    rows["planned_by"] = [_listed(_tuple(codes), names["networks"]) for codes in rows["networks"]]
    stated = [_tuple(codes) for codes in rows["stated_systems"]]
    rows["stated_number"] = pd.Series([len(codes) or None for codes in stated], index=rows.index, dtype="Int64")
    rows["stated_names"] = [_listed(codes, names["homes"]) for codes in stated]
    delivering = [_tuple(codes) for codes in rows["delivering"]]
    rows["providers_90"] = pd.Series([len(codes) or None for codes in delivering], index=rows.index, dtype="Int64")
    rows["provider_names"] = [_listed(codes, names["providers"]) for codes in delivering]
    rows["not_known_share"] = _unknown(read["flows"], rows["service"], measured(filters))
    return rows.drop(columns=["homes", "region_names", "networks", "stated_systems", "delivering", "fewest", "most"])


def _tuple(codes: Any) -> tuple[str, ...]:
    return codes if isinstance(codes, tuple) else ()


def _named(codes, names: Mapping[str, str]) -> list[str]:
    return [names.get(code, code) for code in codes]


def _listed(codes: tuple[str, ...], names: Mapping[str, str], most: int | None = None) -> str:
    words = _named(codes, names)
    return listed(words) if most is None else listed_at_most(words, most)


def _hidden(few: list[bool], words: list[str]) -> list[Any]:
    """Where a handful of people live is not said outside."""
    return [HIDDEN if small else text for small, text in zip(few, words, strict=True)]


def _span(fewest: Any, most: Any) -> str:
    if pd.isna(fewest):
        return ""
    return f"{int(fewest)}" if fewest == most else f"{int(fewest)} to {int(most)}"


def _unknown(rows: pd.DataFrame, services: pd.Series, measure: str) -> list[float]:
    unknown = rows[rows["home_system"] == NOT_KNOWN].groupby("service")[measure].sum()
    shares = ratio(services.map(unknown).fillna(0), services.map(rows.groupby("service")[measure].sum(min_count=1)))
    return shares.tolist()


def footprint_levels(read, filters):
    """Each natural level with how many services it has and what they cost."""
    rows = read["found"]
    level = rows["natural_level"].astype(object)
    groups = rows.assign(level=level.where(level.notna(), "none")).groupby("level")
    result = pd.DataFrame({"level": [*LEVELS, *(["none"] if "none" in groups.groups else [])]})
    result["level_name"] = result["level"].map({**LEVEL_WORDS, "none": charts.NO_LEVEL})
    result["services"] = result["level"].map(groups.size()).fillna(0).astype("int64")
    for column in ("actual_price", "actual_activity", "people"):
        result[column] = result["level"].map(groups[column].sum(min_count=1)).astype("Int64")
    for what in ("price", "activity"):
        total = result[f"actual_{what}"].sum(min_count=1)
        result[f"all_{what}"] = pd.Series([total] * len(result), dtype="Int64")
        result[f"{what}_share"] = ratio(result[f"actual_{what}"], result[f"all_{what}"])
    names = read["names"]["services"]
    largest = groups["service"].agg(lambda codes: listed_at_most(_named(codes, names)[:3], 3))
    result["largest"] = [largest.get(level, "") for level in result["level"]]
    return result


def footprints_title(frame, filters):
    """How many homes the largest services need, in words that are true of the whole list."""
    counts = numeric(frame[f"homes_{filters['threshold']}"]).dropna() if len(frame) else pd.Series(dtype=float)
    if counts.empty:
        return "No service has a flow of people whose home is known in what is chosen"
    homes = "places" if filters.get("level") == "place" else "systems"
    few = int((counts <= 3).sum())
    words = f"{few or 'None'} of {number_of(len(counts), 'service')} {'has' if few == 1 else 'have'}"
    return f"{words} {filters['threshold']}% of the flow from three {homes} or fewer"


def footprints_notes(frame, filters):
    threshold = filters["threshold"]
    known = frame[numeric(frame["homes_95"]).notna()] if len(frame) else frame
    unknown = numeric(known["not_known_share"]) if len(known) else pd.Series(dtype=float)
    most = f", {percent(unknown.max())} at most" if len(unknown.dropna()) else ""
    yield f"Homes that are not known are left out of footprints: the column “Home not known” says how much that is{most}."
    yield BEYOND_NOTE
    yield (
        f"Natural level, at {threshold}% of the flow: one place; one system; several systems of one region; several regions; "
        "national where all the loaded systems together do not reach it."
    )
    yield (
        "Stability compares the footprints of all years loaded, in today’s systems: homes in every year’s footprint ÷ homes in "
        "any year’s. Stable from 80%, changing below 50%."
    )
    yield (
        "Planning footprint: systems stated by the networks that plan any of the service’s codes. Delivery footprint: the fewest "
        "providers for 90%."
    )


def level_notes(frame, filters):
    yield "Natural levels describe today’s flows of the loaded providers; they are set beside planning levels and decide none."
    yield BEYOND_NOTE


def footprint_sources(filters):
    return network_sources({})


def _footprint_figure(**options: Any) -> Figure:
    common = {"form": FootprintsForm, "query": read_footprints, "stamp": position_stamp, "source": SOURCE, "url_name": URL_NAME}
    return register(Figure(**{**common, **options}))


FOOTPRINTS = _footprint_figure(
    name="footprints",
    heading="Services by natural footprint",
    calculation=footprints,
    title=footprints_title,
    table=tables.FootprintsTable,
    note=footprints_notes,
    sources=footprint_sources,
)
FOOTPRINT_LEVELS = _footprint_figure(
    name="footprint_levels",
    heading="Services by natural level",
    calculation=footprint_levels,
    table=tables.FootprintLevelsTable,
    chart=charts.levels_chart,
    note=level_notes,
)


def footprints_sentence(results) -> str:
    """How many services are at home at each level, and how many keep their footprint over the years."""
    result = results["footprint_levels"]
    levels = {row["level"]: int(row["services"]) for row in result.frame.to_dict("records")}
    whole = sum(levels.get(level, 0) for level in LEVELS)
    if not whole:
        return f"No service has a flow of people whose home is known, in {charts.period(result.filters)}."
    said = [f"{levels[level]} {words}" for level, words in charts.LEVEL_SENTENCE.items() if levels[level]]
    frame = results["footprints"].frame
    kept = frame[frame["stability"].isin(STABILITY_WORDS.values()) & (frame["stability"] != STABILITY_WORDS["one_year"])]
    stable = int((kept["stability"] == STABILITY_WORDS["stable"]).sum())
    threshold = result.filters["threshold"]
    words = f"For {threshold}% of the flow of {number_of(whole, 'service')} in {charts.period(result.filters)}, {listed(said)}."
    over = f" {number_at_start(stable) if stable else 'None'} of {len(kept)} kept a stable footprint over the years loaded."
    return words + (over if len(kept) else "")
