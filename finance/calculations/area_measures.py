"""Measures and need indices of systems: a system's own where it is stated, otherwise the mean of its places by their people."""

import pandas as pd

from planning.calculations.contract import floats, require_columns, require_unique
from planning.calculations.flows import distance_km

POSITION = ["code", "latitude", "longitude"]


def nearest_kilometres(places: pd.DataFrame, providers: pd.DataFrame) -> pd.DataFrame:
    """How far each place is from the provider nearest to it: a measure of supply.

    Args:
        places: `code` (unique), `latitude`, `longitude` in degrees.
        providers: the same of the providers that count.

    Returns:
        `area` (the place) and `value` (km in a straight line) of the places that have a position, in their order; no rows where
        no provider has one.

    Raises:
        ValueError: a column is not there, or a place stands twice.
    """
    require_columns(places, POSITION, of="places")
    require_columns(providers, POSITION, of="providers")
    require_unique(places, ["code"], of="places")
    known = places[POSITION].dropna()
    ends = providers[["latitude", "longitude"]].dropna().rename(columns=lambda name: f"to_{name}")
    pairs = known.merge(ends, how="cross")
    km = distance_km(pairs["latitude"], pairs["longitude"], pairs["to_latitude"], pairs["to_longitude"])
    nearest = pairs.assign(value=km).groupby("code", sort=False)["value"].min()
    return nearest.rename_axis("area").reset_index()


def measures_of_systems(stated: pd.DataFrame, place_systems: pd.DataFrame, populations: pd.DataFrame) -> pd.DataFrame:
    """Every measure of every system.

    Args:
        stated: `area` (a system or a place), `measure` (unique together), `value` (in the measure's own unit, or missing).
        place_systems: `place`, `system` (unique together), `share` of the place's residents.
        populations: `place`, `population` (any rows; added up by place).

    Returns:
        One row a system and measure, by system and then as the measures first stand: `area`, `measure`, `value` (missing where a
        place of it has no value or no people, and the system states none itself) and `places` (how many places it is the mean of;
        0 where it is the system's own).

    Raises:
        ValueError: a column is not there or a key names two rows.

    Source: this product's own; a mean a head of all people is the mean of the places' means by their people.
    """
    require_columns(stated, ["area", "measure", "value"], of="measures")
    require_unique(stated, ["area", "measure"], of="measures")
    require_unique(place_systems, ["place", "system"], of="shares of places")
    if stated.empty:
        return pd.DataFrame({"area": [], "measure": [], "value": [], "places": []})
    measures = pd.DataFrame({"measure": list(dict.fromkeys(stated["measure"]))})
    of_place = stated.rename(columns={"area": "place"})[["place", "measure", "value"]]
    rows = place_systems.merge(measures, how="cross").merge(of_place, on=["place", "measure"], how="left", validate="many_to_one")
    people = floats(rows["place"].map(populations.groupby("place")["population"].sum()) * rows["share"])
    values = floats(rows["value"])
    parts = pd.DataFrame(
        {
            "area": rows["system"],
            "measure": rows["measure"],
            "product": values * people,
            "people": people.where(values.notna()),
            "places": 1,
        }
    )
    groups = parts.groupby(["area", "measure"])
    sums, known = groups.sum(), groups["product"].count() == groups.size()
    mean = (sums["product"] / sums["people"].where(sums["people"] > 0)).where(known)
    own = stated.set_index(["area", "measure"])["value"].astype(float).reindex(mean.index)
    result = pd.DataFrame({"value": own.fillna(mean), "places": sums["places"].where(own.isna(), 0)}).reset_index()
    order = result["measure"].map({measure: number for number, measure in enumerate(measures["measure"])})
    result = result.assign(order=order).sort_values(["area", "order"], ignore_index=True)
    return result[["area", "measure", "value", "places"]].astype({"places": "int64"})


def need_of_systems(needs: pd.DataFrame, place_systems: pd.DataFrame, populations: pd.DataFrame) -> pd.DataFrame:
    """Need indices of systems, as stated of them or as the mean of their places.

    Args:
        needs: `area` (a system or a place), `programme_of_care` (unique together), `need_index`, `includes_age`.
        place_systems: `place`, `system` (unique together), `share` of the place's residents.
        populations: `place`, `population` (any rows; added up by place).

    Returns:
        `area` (the system), `programme_of_care`, `need_index`, `includes_age` (of a mean: whether that of any of its places does)
        and `places` (how many it is the mean of; 0 where it is the system's own). A system of which a place has none is left out.

    Raises:
        ValueError: a column is not there or a key names two rows.
    """
    stated = needs.rename(columns={"programme_of_care": "measure"})
    found = measures_of_systems(stated.assign(value=stated["need_index"].astype(float)), place_systems, populations)
    aged = measures_of_systems(stated.assign(value=stated["includes_age"].astype(float)), place_systems, populations)
    found = found.assign(includes_age=aged["value"] > 0).dropna(subset=["value"])
    found = found.rename(columns={"measure": "programme_of_care", "value": "need_index"})
    return found[["area", "programme_of_care", "need_index", "includes_age", "places"]].reset_index(drop=True)
