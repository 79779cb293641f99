"""A policy tried out the slow and obvious way: one person at a time for deprivation, one pound at a time for providers."""


def gains(baseline: dict, allocation: dict) -> dict:
    growth = sum(allocation.values()) / sum(baseline.values())
    return {area: allocation[area] - baseline[area] * growth for area in baseline}


def by_fifth(gain: dict, places: list[tuple[str, str, int, float]]) -> list[float]:
    """places: (place, area, people, deprivation). Everybody stands in a row, the most deprived first, cut in five."""
    people = {area: sum(n for _, a, n, _ in places if a == area) for area in gain}
    row = []
    for _, area, number, _ in sorted(places, key=lambda p: (-p[3], p[0], p[1])):
        row += [gain[area] / people[area]] * number
    size = len(row) // 5
    return [sum(row[n * size : (n + 1) * size]) for n in range(5)]


def by_provider(gain: dict, spend: dict) -> dict:
    """spend[(area, provider)] → what each provider gains."""
    result = {}
    for (area, provider), price in spend.items():
        whole = sum(p for (a, _), p in spend.items() if a == area)
        result[provider] = result.get(provider, 0) + gain[area] * price / whole
    return result
