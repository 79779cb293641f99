"""Targets of services the slow and obvious way: loops over groups and areas, shares before whole units."""


def shares(areas: dict, need: dict, *, includes_age: bool) -> dict:
    """areas[area] = (people, age index, market forces index), need[area]."""
    raw = {a: people * need[a] * factor * (1 if includes_age else age) for a, (people, age, factor) in areas.items()}
    return {a: value / sum(raw.values()) for a, value in raw.items()}


def targets(baselines: dict, share_of: dict) -> dict:
    """baselines[group, area] in units, share_of[group][area] → (group, area) → target before whole units."""
    result = {}
    for group in {g for g, _ in baselines}:
        own = {a: amount for (g, a), amount in baselines.items() if g == group}
        for area in own:
            result[group, area] = sum(own.values()) * share_of[group][area]
    return result
