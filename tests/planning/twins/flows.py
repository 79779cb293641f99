"""Flow measures the slow and obvious way: loops and dicts, to hold the real ones against."""


def system_measures(flows: dict, host_of: dict, system: str) -> dict:
    resident = home_provider = retained = 0
    to_provider: dict = {}
    for (origin, provider), amount in flows.items():
        if origin == system:
            resident += amount
            to_provider[provider] = to_provider.get(provider, 0) + amount
        if host_of.get(provider) == system:
            home_provider += amount
            if origin == system:
                retained += amount
    hhi = None
    if resident > 0:
        hhi = 0.0
        for amount in to_provider.values():
            hhi += 10_000 * (amount / resident) ** 2
    return {
        "resident": resident,
        "home_provider": home_provider,
        "retained": retained,
        "imports": home_provider - retained,
        "exports": resident - retained,
        "net": home_provider - resident,
        "self_sufficiency": retained / resident if resident > 0 else None,
        "import_share": 1 - retained / home_provider if home_provider > 0 else None,
        "hhi": hhi,
        "effective_providers": 10_000 / hhi if hhi else None,
    }


def footprint(from_homes: dict, tenths: int) -> list[str]:
    """Homes of one provider, largest first, until at least that many tenths are reached."""
    total, reached, homes = sum(from_homes.values()), 0, []
    left = dict(from_homes)
    while left and reached * 10 < total * tenths:
        largest = max(left.values())
        home = min(h for h, amount in left.items() if amount == largest)
        homes.append(home)
        reached += left.pop(home)
    return homes


def weighted_median(times: list[tuple[float, int]]) -> float | None:
    """Lay everybody out in a row by travel time and take the one half way along."""
    people = [time for time, number in sorted(times) for _ in range(number)]
    return people[(len(people) + 1) // 2 - 1] if people else None
