"""The tables of a round the slow and obvious way: loops over plain rows."""


def totals(years: list[dict]) -> dict:
    """year → money of all areas together."""
    found: dict = {}
    for row in years:
        own = found.setdefault(row["year"], {"baseline": 0, "target": 0, "allocation": 0, "distance_money": 0})
        for name in own:
            own[name] += row[name]
    return found


def people_and_cost(people: list[dict], costs: list[dict], area: str) -> tuple[float, float]:
    """People of an area, and their cost by age and sex."""
    number = cost = 0.0
    for row in people:
        if row["area"] != area:
            continue
        number += row["population"]
        for weight in costs:
            if (weight["sex"], weight["age_band"]) == (row["sex"], row["age_band"]):
                cost += row["population"] * weight["cost"]
    return number, cost


def care_shares(care: list[dict], factors: list[dict], area: str) -> dict:
    """provider → share of the area's care, with the factor taken out of prices."""
    amounts = {}
    for row in care:
        if row["area"] == area:
            [factor] = [f["mff"] for f in factors if f["provider"] == row["provider"]]
            amounts[row["provider"]] = max(row["price"], 0) / factor
    whole = sum(amounts.values())
    return {provider: amount / whole for provider, amount in amounts.items()}
