"""Spend of services and providers the slow and obvious way."""


def growth(by_year: dict[str, int | None], full_years: list[str], year: str) -> dict:
    """Change since the full year before and growth a year since the first, by looking at each year in turn."""
    amounts = [(one, by_year[one]) for one in sorted(full_years) if one <= year and by_year.get(one) is not None]
    now = dict(amounts).get(year)
    earlier = [one for one in sorted(full_years) if one < year]
    before = by_year.get(earlier[-1]) if earlier and now is not None else None
    change = (now - before) / before if now is not None and before and before > 0 else None
    positive = [(one, amount) for one, amount in amounts if amount > 0]
    rate = None
    if positive and now and now > 0 and positive[0][0] != year:
        first_year, first = positive[0]
        rate = (now / first) ** (1 / (int(year[:4]) - int(first_year[:4]))) - 1
    return {"before": before, "change": change, "growth": rate}


def per_head(spend: dict[str, int], people: dict[str, float], whole: set[str]) -> dict[str, dict]:
    """Pounds a head of each whole system, and of all the others together."""
    counted = [system for system in spend if system in whole and system in people]
    found = {}
    for system in spend:
        own = others = None
        if system in counted:
            own = spend[system] / 10_000 / round(people[system])
            rest = [other for other in counted if other != system]
            if rest:
                others = sum(spend[other] for other in rest) / 10_000 / sum(round(people[other]) for other in rest)
        found[system] = {"per_head": own, "peers": others}
    return found


def people_of_systems(by_place: dict[str, float | None], shares: list[tuple[str, str, float]]) -> dict[str, float]:
    """People of each system from its places; a system with a place that is not known is left out."""
    found: dict[str, float | None] = {}
    for place, system, share in shares:
        people = by_place.get(place)
        so_far = found.get(system, 0.0)
        found[system] = None if people is None or so_far is None else so_far + people * share
    return {system: people for system, people in found.items() if people is not None}
