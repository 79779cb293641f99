"""Measures of flow the slow and obvious way: loops and dicts over single flows, each a dict."""

from math import asin, cos, radians, sin, sqrt


def kilometres(here: tuple, there: tuple) -> float | None:
    """Haversine of two (latitude, longitude) pairs; None where either is not known."""
    if None in (*here, *there):
        return None
    lat, lon, to_lat, to_lon = (radians(v) for v in (*here, *there))
    a = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(a))


def area_measures(flows: list[dict], host_of: dict, systems: set, measure: str) -> dict:
    """What an area's people have, what its trusts do, and what crosses its boundary."""
    amounts = dict.fromkeys(("resident", "home_provider", "retained", "imports", "exports"), 0)
    of_provider: dict = {}
    for flow in flows:
        value = flow[measure] or 0
        is_resident, is_hosted = flow["home_system"] in systems, host_of.get(flow["provider"]) in systems
        if is_resident:
            amounts["resident"] += value
            of_provider[flow["provider"]] = of_provider.get(flow["provider"], 0) + value
        if is_hosted:
            amounts["home_provider"] += value
        if is_resident and is_hosted:
            amounts["retained"] += value
        elif is_resident:
            amounts["exports"] += value
        elif is_hosted:
            amounts["imports"] += value
    resident, own = amounts["resident"], amounts["home_provider"]
    found = {**amounts, "net": amounts["imports"] - amounts["exports"]}
    found["self_sufficiency"] = amounts["retained"] / resident if resident > 0 else None
    found["import_share"] = amounts["imports"] / own if own > 0 else None
    found["hhi"] = concentration(of_provider)
    found["effective_providers"] = 10_000 / found["hhi"] if found["hhi"] else None
    return found


def concentration(amounts: dict) -> float | None:
    total = sum(amounts.values())
    return sum((value / total) ** 2 for value in amounts.values()) * 10_000 if total > 0 else None


def provider_measures(flows: list[dict], host_of: dict, provider: str, measure: str) -> dict:
    homes: dict = {}
    for flow in flows:
        if flow["provider"] == provider:
            homes[flow["home_system"]] = homes.get(flow["home_system"], 0) + (flow[measure] or 0)
    amount = sum(homes.values())
    retained = homes.get(host_of.get(provider), 0)
    top = min(homes, key=lambda home: (-homes[home], home)) if amount > 0 else None
    return {
        "amount": amount,
        "retained": retained,
        "imports": amount - retained,
        "import_share": (amount - retained) / amount if amount > 0 else None,
        "top_home": top,
        "top_share": homes[top] / amount if top else None,
        "origin_hhi": concentration(homes),
    }


def travelled(ways: list[tuple], within: float | None = None) -> dict:
    """Of (weight, way) pairs: weighted mean, the smallest way within which half travel, the share near, the share known."""
    weighty = [(weight, way) for weight, way in ways if weight and weight > 0]
    known = sorted((way, weight) for weight, way in weighty if way is not None)
    total, of_known = sum(weight for weight, _ in weighty), sum(weight for _, weight in known)
    if not of_known:
        return {"mean": None, "median": None, "share_within": None, "covered": 0.0 if total else None}
    reached, median = 0.0, None
    for way, weight in known:
        reached += weight
        if median is None and 2 * reached >= of_known:
            median = way
    near = sum(weight for way, weight in known if within is not None and way <= within)
    return {
        "mean": sum(way * weight for way, weight in known) / of_known,
        "median": median,
        "share_within": near / of_known if within is not None else None,
        "covered": of_known / total,
    }


def against_year_before(rows: list[dict], year: str, before: str, loaded: set) -> dict:
    """Of rows by year, provider, month and home: {(home, provider): (now, then)} over the months that both years have."""
    found: dict = {}
    for row in rows:
        both = {(row["provider"], one, row["month"]) for one in (year, before)} <= loaded
        if row["year"] in (year, before) and both and row["value"] is not None:
            now, then = found.get((row["home"], row["provider"]), (0, 0))
            pair = (now + row["value"], then) if row["year"] == year else (now, then + row["value"])
            found[row["home"], row["provider"]] = pair
    return found
