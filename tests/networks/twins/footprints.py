"""Footprints the slow and obvious way: lists that are walked from the largest home down, to hold the real ones against."""

from fractions import Fraction


def footprint(from_homes: dict[str, int], per_cent: int) -> list[str]:
    """Homes, largest first, until so many in a hundred are reached; equal homes in code order."""
    total = sum(from_homes.values())
    if total <= 0:
        return []
    reached, homes = 0, []
    for home in sorted(from_homes, key=lambda home: (-from_homes[home], home)):
        if Fraction(reached, total) >= Fraction(per_cent, 100):
            break
        homes.append(home)
        reached += from_homes[home]
    return homes


def regions_of(homes: list[str], regions: dict[str, str]) -> int:
    found = []
    for home in homes:
        region = regions.get(home, "")
        if region and region not in found:
            found.append(region)
    return len(found)


def level(by_system: dict[str, int], by_place: dict[str, int], per_cent: int, regions: dict[str, str]) -> str | None:
    """The natural level by trying each in turn, from the one that nothing reaches."""
    total = sum(by_system.values())
    if total <= 0:
        return None
    needed = Fraction(per_cent, 100) * total
    if sum(amount for home, amount in by_system.items() if regions.get(home)) < needed:
        return "national"
    if any(amount >= needed for amount in by_place.values()):
        return "place"
    homes = footprint(by_system, per_cent)
    if len(homes) == 1:
        return "system"
    if all(regions.get(home) for home in homes) and regions_of(homes, regions) == 1:
        return "one_region"
    return "regions"


def stability(by_year: dict[str, dict[str, int]], per_cent: int) -> dict | None:
    """Fewest, most and overlap of the years' footprints."""
    each = [footprint(homes, per_cent) for homes in by_year.values()]
    each = [homes for homes in each if homes]
    if not each:
        return None
    in_any, in_all = [], []
    for homes in each:
        in_any += [home for home in homes if home not in in_any]
    for home in in_any:
        if all(home in homes for homes in each):
            in_all.append(home)
    overlap = len(in_all) / len(in_any) if len(each) > 1 else None
    return {"years": len(each), "fewest": min(map(len, each)), "most": max(map(len, each)), "overlap": overlap}


def stated_share(by_system: dict[str, int], stated: list[str]) -> float | None:
    total = sum(by_system.values())
    return sum(by_system.get(system, 0) for system in set(stated)) / total if total > 0 else None


def delivering(by_provider: dict[str, int], per_cent: int = 90) -> list[str]:
    return footprint(by_provider, per_cent)
