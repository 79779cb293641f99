"""Variation the slow and obvious way: one area, one group of services, loops over its peers."""

from math import log


def split(population, patients, spend, other_population, other_patients, other_spend) -> dict:
    """The gap a head, and its parts where they can be told."""
    gap = spend / population - other_spend / other_population
    result = {"gap": gap, "access": None, "intensity": None}
    if min(patients, spend, other_patients, other_spend) <= 0:
        return result
    access = (patients / population) / (other_patients / other_population)
    intensity = (spend / patients) / (other_spend / other_patients)
    if abs(log(access * intensity)) > 1e-8:
        result["access"] = gap * log(access) / log(access * intensity)
        result["intensity"] = gap * log(intensity) / log(access * intensity)
    return result


def gaps(rows: list[dict], peers: dict) -> dict:
    """(area, group) → money of the gap and of its parts; only of areas that have a peer."""
    result = {}
    for row in rows:
        held = {"population": 0, "spend": 0, "known_spend": 0, "patients": 0}
        found = 0
        for other in rows:
            if other["group"] == row["group"] and other["area"] in peers.get(row["area"], ()):
                found += 1
                for name in held:
                    held[name] += other[name]
        if not found:
            continue
        people = row["population"]
        whole = (row["spend"] / people - held["spend"] / held["population"]) * people
        parts = split(people, row["patients"], row["known_spend"], held["population"], held["patients"], held["known_spend"])
        told = parts["access"] is not None
        access, intensity = (parts[n] * people if told else 0 for n in ("access", "intensity"))
        result[row["area"], row["group"]] = {"gap": whole, "access": access, "intensity": intensity, "told": told}
    return result
