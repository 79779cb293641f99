"""One adapter for each kind of worked file: inputs to calculations, and their results in the shape of the file.

An adapter has at most 15 lines and only calls `calculations` and the reshapers.
"""

from decimal import Decimal
from itertools import accumulate, combinations

import pandas as pd

from finance.calculations import convergence as converging
from finance.calculations import weighted_population as weighting
from finance.calculations.variation import access_and_intensity
from planning.calculations import catchments, moves
from planning.calculations import flows as measures
from planning.calculations.origins import origins_by_provider
from planning.calculations.share_files import origin_share_rows
from planning.extracts.public_files import read_public_bytes

from . import adapters_monitoring, adapters_need
from .reshaping import by_key, column_by_key, decimals, in_bands, in_pounds, in_units, listed, long_frame, nested, picked, plain

SYSTEM_NAMES = {"resident": "resident_activity", "home_provider": "home_provider_activity", "net": "net_flow"}
WEIGHTING_NAMES = {
    "population": "population",
    "age_cost_index": "age_index",
    "mff_area": "mff",
    "mff_index": "mff_index",
    "weighted_population_raw": "weighted_population_raw",
    "weighted_population": "weighted_population",
    "target_share": "target_share",
    "overall_need_index": "overall_need_index",
}
CONVERGENCE_NAMES = {
    "target": "target",
    "opening_dft": "opening_distance",
    "convergence": "convergence",
    "growth": "growth",
    "allocation": "allocation",
    "closing_dft": "closing_distance",
}

VARIATION_NAMES = {
    "spend_per_head": "per_head",
    "benchmark_spend_per_head": "benchmark_per_head",
    "intensity": "intensity",
    "access": "access",
    "ratio_spend": "spend_ratio",
    "ratio_intensity": "intensity_ratio",
    "ratio_access": "access_ratio",
    "gap_per_head": "gap_per_head",
    "gap_due_to_access": "access_per_head",
    "gap_due_to_intensity": "intensity_per_head",
    "gap_total": "gap",
}


def weighted_capitation(inputs: dict) -> dict:
    people = long_frame(in_bands(inputs["population"], inputs["age_bands"]), ["area", "sex", "age_band", "population"])
    areas = weighting.age_cost_index(people, long_frame(inputs["cost_weights"], ["sex", "age_band", "cost"]))
    factors = long_frame(inputs["provider_mff"], ["provider", "mff"])
    areas = weighting.market_forces_index(long_frame(inputs["flow_share"], ["area", "provider", "share"]), factors, areas)
    areas = areas.merge(long_frame(inputs["additional_need_index"], ["area", "need_index"]), validate="one_to_one")
    result = weighting.weighted_population(areas)
    scale = plain(result["weighted_population"].sum() / result["weighted_population_raw"].sum())
    return {**column_by_key(result, "area", WEIGHTING_NAMES), "normalising_factor": scale}


def pace_of_change(inputs: dict) -> dict:
    pace = converging.Pace(tuple(map(tuple, inputs["convergence_knots"])), inputs["floor"], inputs["cap"])
    shares = long_frame(inputs["target_share"], ["area", "target_share"])
    areas = shares.assign(baseline=in_units(inputs["baseline"].values()))
    first = converging.grown(areas["baseline"].sum(), inputs["base_growth"])
    quanta = {"year1": first, "year2": converging.grown(first, inputs["year2_growth"])}
    result = converging.pace_of_change(areas, quanta=quanta, pace=pace)
    ten = converging.pace_of_change(areas, quanta=quanta_of_ten_years(areas["baseline"].sum(), 0.04), pace=pace)
    largest = ten["closing_distance"].abs().groupby(ten["year"], sort=False).max()
    by_year = {year: one_year_of_change(rows, quanta[year]) for year, rows in result.groupby("year")}
    return {**by_year, "max_abs_closing_dft_by_year_from_opening_baseline_at_4pc_growth": largest.tolist()}


def one_year_of_change(rows, quantum: int) -> dict:
    found = column_by_key(in_pounds(rows, ["target", "allocation"]), "area", CONVERGENCE_NAMES)
    return {**found, "balancing_growth": plain(rows["balancing_growth"].iloc[0]), "quantum": quantum / 10_000}


def quanta_of_ten_years(total: int, growth: float) -> dict:
    years = accumulate(range(10), lambda amount, _: converging.grown(amount, growth), initial=int(total))
    return dict(zip(map(str, range(10)), list(years)[1:], strict=True))


def spend_access_and_intensity(inputs: dict) -> dict:
    benchmark = {f"benchmark_{name}": value for name, value in inputs["benchmark"].items()}
    found = access_and_intensity(pd.DataFrame([{**inputs["X"], **benchmark}])).iloc[0]
    return {name: plain(found[column]) for name, column in VARIATION_NAMES.items()}


def flow_metrics(inputs: dict) -> dict:
    flows = long_frame(inputs["activity"], ["home_system", "provider", "activity"])
    hosts = listed(inputs["home_providers"], ["system", "provider"])
    systems = measures.by_system(flows, hosts, measure="activity", systems=inputs["home_providers"])
    group = measures.of_footprint(flows, hosts, measure="activity", systems=set(hosts["system"]))
    return {
        "icb": by_key(systems, "system", SYSTEM_NAMES),
        "provider": provider_metrics(flows),
        "total": plain(flows["activity"].sum()),
        "south_london": {name: plain(value) for name, value in group.items()},
        "footprint_90": footprints(flows),
        "travel": travel(flows, inputs["travel_minutes"]),
        "distance_km": distances(inputs["site_coordinates"]),
        "net_flow_five_icbs": plain(systems["net"].sum()),
        "net_flow_closed_system": closed_net(flows, hosts),
    }


def provider_metrics(flows) -> dict:
    providers = by_key(measures.by_provider(flows, measure="activity"), "provider")
    shares = nested(measures.dependency(flows, measure="activity"), "provider", "home_system", "dependency")
    return {code: {**row, "dependency": shares[code]} for code, row in providers.items()}


def footprints(flows) -> dict:
    frame = measures.smallest_footprint(flows, measure="activity", threshold="0.9")
    groups = frame.groupby("provider")
    return {code: {"icbs": rows["home_system"].tolist(), "covered": plain(rows["covered"].iloc[-1])} for code, rows in groups}


def travel(flows, minutes: dict) -> dict:
    times = long_frame(minutes, ["home_system", "provider", "minutes"])
    frame = measures.travel(flows, times, measure="activity", within=60)
    return by_key(frame, "home_system", {"share_within": "share_within_60"})


def distances(sites: dict) -> dict:
    pairs = combinations(sites.items(), 2)
    return {f"{name} - {other}": plain(measures.distance_km(*here, *there)) for (name, here), (other, there) in pairs}


def closed_net(flows, hosts) -> int:
    """Every origin a system, and every provider hosted: those without a system host themselves."""
    unhosted = sorted(set(flows["provider"]) - set(hosts["provider"]))
    everywhere = listed({**hosts.groupby("system")["provider"].agg(list), **{p: [p] for p in unhosted}}, ["system", "provider"])
    systems = sorted(set(flows["home_system"]) | set(everywhere["system"]))
    return plain(measures.by_system(flows, everywhere, measure="activity", systems=systems)["net"].sum())


def repatriation(inputs: dict) -> dict:
    given = decimals(inputs)
    move, fixed = one_move(given, Decimal(1)), one_move(given, Decimal(0))
    moved, stay = moves.moved_activity(move.flow, move.share), given["los_days"]
    years = [by_year(row) for row in moves.effects_of_one_move(move, 3).to_dict("records")]
    return {
        "activity_moved": plain(moved),
        "average_cost_from": plain(move.sender.average),
        "years": years,
        "beds_needed_at_receiver": plain(moves.beds(moved, length_of_stay=stay, occupancy=given["occupancy"])),
        "travel_minutes_saved": plain(moves.minutes_saved(moved, given["minutes_from"], given["minutes_to"])),
        "if_fixed_payment_year1": by_year(moves.effects_of_one_move(fixed, 1).iloc[0]),
    }


def by_year(row) -> dict:
    return {name: plain(value) for name, value in dict(row).items()}


def one_move(given: dict, paid: Decimal) -> moves.OneMove:
    same = {"flow": "flow", "share": "move_share", "price": "price", "factor_from": "mff_from", "factor_to": "mff_to"}
    sides = {"sender": behaviour(given["from"]), "receiver": behaviour(given["to"])}
    costs = {"new_fixed": given["to"]["new_fixed_per_year"], "one_off": given["one_off"]}
    return moves.OneMove(**{name: given[key] for name, key in same.items()}, **sides, **costs, paid=paid)


def behaviour(side: dict) -> moves.CostBehaviour:
    names = {"step": "step_size", "semi_fixed_release": "semi_fixed_release_by_year", "fixed_release": "fixed_release_by_year"}
    found = {name: side[key] for name, key in names.items() if key in side}
    return moves.CostBehaviour(**{n: side[n] for n in ("variable", "semi_fixed", "fixed") if n in side}, **found)


def catchment_populations(inputs: dict) -> dict:
    people = long_frame(picked(inputs["areas"], "pop"), ["area", "stratum", "population"])
    strata = long_frame(picked(inputs["areas"], "adm"), ["area", "stratum", "provider", "admissions"])
    shares = catchments.area_shares(strata.groupby(["area", "provider"], as_index=False)["admissions"].sum())
    methods = {
        "catchment_stratified": catchments.proportional(shares, people, strata, set(strata["provider"])),
        "catchment_all_ages": catchments.proportional(shares, people),
        "catchment_first_past_the_post": catchments.first_past_the_post(shares, people),
        "catchment_30pc": catchments.at_least(shares, people),
    }
    totals = {name: catchments.by_provider(parts).assign(method=name) for name, parts in methods.items()}
    return {
        **nested(pd.concat(totals), "method", "provider", "population"),
        "proportion_by_area": nested(shares, "area", "provider", "share"),
        "population": plain(people["population"].sum()),
    }


# How the worked file calls the systems, and which of them are South London.
WORKED_SYSTEMS = {
    "QKK": "SEL",
    "QWE": "SWL",
    "QKS": "Kent and Medway",
    "QXU": "Surrey Heartlands",
    "QNX": "Sussex",
    "QRV": "NW London",
    "QMJ": "NC London",
    "QMF": "NE London",
}
WORKED_NAMES = {"RJ1": "Guy's and St Thomas'", "RJZ": "King's College Hospital", "RPY": "Royal Marsden"}
ORIGIN_NAMES = {
    "outside_own_system": "outside_own_icb",
    "outside_own_area": "outside_south_london",
    "homes_for_90": "icbs_for_90pc",
}


def origins_of_trusts(inputs: dict) -> dict:
    read = origin_share_rows(read_public_bytes(inputs["file"].read_bytes()), file="", systems={})
    shares = read.rows.rename(columns={"home": "home_system"})
    shares = shares[shares["provider"].isin(inputs["trusts"])]
    hosts = listed({"QKK": ["RJ1", "RJZ"], "QWE": ["RPY"]}, ["system", "provider"])
    found = by_key(origins_by_provider(shares, own={"QKK", "QWE"}, hosts=hosts), "provider", ORIGIN_NAMES)
    by_home = nested(shares.assign(share=shares["share"].astype(float)), "provider", "home_system", "share")
    for trust, values in found.items():
        values["share"] = {name: by_home[trust].get(code, 0.0) for code, name in WORKED_SYSTEMS.items()}
        values["name"] = WORKED_NAMES[trust]
    return found


ADAPTERS = {
    **adapters_monitoring.ADAPTERS,
    **adapters_need.ADAPTERS,
    "01c": weighted_capitation,
    "01d": pace_of_change,
    "01g": spend_access_and_intensity,
    "02a": flow_metrics,
    "02b": catchment_populations,
    "02c": origins_of_trusts,
    "02d": repatriation,
}
