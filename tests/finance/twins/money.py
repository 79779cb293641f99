"""Allocation and affordability the slow and obvious way: loops and dicts."""


def weighted_shares(people: dict, costs: dict, need: dict, flow_shares: dict, factors: dict) -> dict:
    """people[area][(sex, band)], costs[(sex, band)], need[area], flow_shares[area][provider], factors[provider]."""
    population = {area: sum(groups.values()) for area, groups in people.items()}
    everybody = sum(population.values())
    cost = {area: sum(n * costs[group] for group, n in groups.items()) for area, groups in people.items()}
    mean_cost = sum(cost.values()) / everybody
    factor = {area: sum(share * factors[p] for p, share in flow_shares[area].items()) for area in people}
    mean_factor = sum(factor[a] * population[a] for a in people) / everybody
    raw = {}
    for area in people:
        age_index = cost[area] / population[area] / mean_cost
        raw[area] = population[area] * age_index * need[area] * factor[area] / mean_factor
    return {area: raw[area] / sum(raw.values()) for area in people}


def by_population(rows: list[dict], not_known: set, apart: set) -> dict:
    """(provider, population) → money before whole units: fractions of the unknown money of each provider and service."""
    result: dict = {}

    def add(provider, population, amount):
        result[provider, population] = result.get((provider, population), 0) + amount

    for row in rows:
        provider, home = row["provider"], row["population"]
        if home in apart:
            add(provider, home, row["amount"])
        elif row["status"] in ("RED", "BLUE"):
            add(provider, row["hub"], row["amount"])
        elif row["status"] != "GREEN":
            add(provider, "WITHOUT-STATUS", row["amount"])
        elif home not in not_known:
            add(provider, home, row["amount"])
        else:
            known: dict = {}
            for other in rows:
                same = (other["provider"], other["service_code"], other["status"]) == (provider, row["service_code"], "GREEN")
                if same and other["population"] not in apart | not_known:
                    known[other["population"]] = known.get(other["population"], 0) + other["amount"]
            known = {home: amount for home, amount in known.items() if amount > 0}
            for population, amount in known.items():
                add(provider, population, row["amount"] * amount / sum(known.values()))
            if not known:
                add(provider, "UNALLOCATED", row["amount"])
    return result


def gaps(spend: float, revenue: float, rates: dict, revenue_growth: list) -> list[float]:
    result = [spend - revenue]
    for growth in revenue_growth:
        spend *= (1 + rates["demographic"]) * (1 + rates["non_demographic"]) * (1 + rates["price"]) * (1 - rates["efficiency"])
        revenue *= 1 + growth
        result.append(spend - revenue)
    return result


def spend_to_date(rows: list[dict], column: str) -> dict:
    """value of column → (plan, actual) in the months in which its provider has reported anything at all."""
    reported = {(r["provider"], r["month"]) for r in rows if r["actual_price"] is not None}
    result: dict = {}
    for row in rows:
        if (row["provider"], row["month"]) in reported:
            plan, actual = result.get(row[column], (0, 0))
            result[row[column]] = (plan + (row["planned_price"] or 0), actual + (row["actual_price"] or 0))
    return result
