"""Adapters of need: official weighted populations of practices, and the model that holds supply still."""

import pandas as pd

from finance.calculations import core_need
from finance.calculations.need import supply_means, supply_neutral_need
from finance.calculations.official_columns import PRACTICES
from finance.calculations.official_rows import official_rows
from planning.extracts.public_files import read_public_bytes

from .reshaping import by_key, column_by_key, plain

SYSTEM_NAMES = {"population": "population", "overall_core": "weighted_population_overall_core"}
SYSTEM_NAMES |= {"population_share": "population_share", "target_share": "target_share_core", "system_name": "name"}
NEED_NAMES = {"raw_cost_per_head": "use", "neutral_need_per_head": "need", "need_index": "need_index"}
NEED_NAMES |= {"utilisation_index": "use_index"}


def core_target_shares(inputs: dict) -> dict:
    practices = official_rows(read_public_bytes(inputs["file"].read_bytes()), kind=PRACTICES, file=inputs["file"].name).rows
    names = practices.drop_duplicates("system").assign(system_name=lambda f: f["system_name"].str.removesuffix(" ICB"))
    systems = core_need.core_shares(practices).merge(names[["system", "system_name"]], on="system")
    systems = systems[systems["system"].isin(inputs["icbs"])]
    found = by_key(systems[["system", *SYSTEM_NAMES]], "system", SYSTEM_NAMES)
    need = systems[["system", *(f"need_{c}" for c in core_need.COMPONENTS)]]
    for code, indices in by_key(need.rename(columns=lambda name: name.removeprefix("need_")), "system").items():
        found[code]["need_index_vs_england"] = indices
    total = plain(practices["population"].sum())
    return {"practices": len(practices), "england_population": total, "icb": found, "places": places(practices, inputs["places"])}


def places(practices: pd.DataFrame, named: list[str]) -> dict:
    names = practices.drop_duplicates("place")[["place", "place_name"]]
    rows = core_need.place_indices(practices).merge(names, on="place")
    rows = rows[rows["place_name"].isin(named) & (rows["system"] == "QKK")]
    people, indices = dict(zip(rows["place_name"], rows["population"], strict=True)), [f"place_{c}" for c in core_need.COMPONENTS]
    weighted = by_key(rows[["place_name", *core_need.COMPONENTS]], "place_name")
    rounded = by_key(rows[["place_name", *indices]].rename(columns=lambda name: name.removeprefix("place_")), "name")
    return {n: {"population": plain(p), "weighted": weighted[n], "place_need_index": rounded[n]} for n, p in people.items()}


def need_with_supply_held(inputs: dict) -> dict:
    areas = pd.DataFrame([{"area": area, **values} for area, values in inputs["areas"].items()])
    supply = inputs["supply_variables"]
    found = supply_neutral_need(areas, inputs["beta"], supply=supply)
    people = found["population"] / found["population"].sum()
    national = {"national_raw": plain((found["use"] * people).sum()), "national_neutral": plain((found["need"] * people).sum())}
    return {**column_by_key(found, "area", NEED_NAMES), "supply_means": supply_means(areas, supply), **national}


ADAPTERS = {"01a": core_target_shares, "01b": need_with_supply_held}
