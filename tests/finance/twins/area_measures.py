"""Measures of systems the slow and obvious way: a system's own, or each of its places counted by its people."""


def measure_of_system(stated: dict, places: list[tuple], people: dict, system: str, measure: str) -> float | None:
    """stated[area, measure] → value; places of (place, system, share); people[place]."""
    if stated.get((system, measure)) is not None:
        return stated[system, measure]
    total = weight = 0.0
    for place, of, share in places:
        if of != system:
            continue
        value = stated.get((place, measure))
        if value is None or people.get(place) is None:
            return None
        total += value * people[place] * share
        weight += people[place] * share
    return total / weight if weight > 0 else None
