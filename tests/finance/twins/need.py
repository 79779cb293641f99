"""Need the slow and obvious way: loops and dicts."""


def need_with_supply_held(areas: dict, coefficients: dict, supply: list) -> dict:
    """areas[area][measure or "population"] → area → (need index, use index)."""
    people = sum(values["population"] for values in areas.values())
    means = {m: sum(v[m] * v["population"] for v in areas.values()) / people for m in supply}
    need, use = {}, {}
    for area, values in areas.items():
        need[area] = use[area] = coefficients.get("const", 0)
        for measure, coefficient in coefficients.items():
            if measure == "const":
                continue
            use[area] += coefficient * values[measure]
            need[area] += coefficient * (means[measure] if measure in supply else values[measure])
    mean_need = sum(need[a] * v["population"] for a, v in areas.items()) / people
    mean_use = sum(use[a] * v["population"] for a, v in areas.items()) / people
    return {area: (need[area] / mean_need, use[area] / mean_use) for area in areas}


def core_index(practices: list[dict], area: str, within: dict, component: str) -> float:
    """(weighted ÷ people) of the practices with `area`, ÷ the same of those that agree with `within`; by system and place."""
    own = whole = own_people = whole_people = 0.0
    for row in practices:
        if all(row[name] == value for name, value in within.items()):
            whole += row[component]
            whole_people += row["population"]
            if row["area"] == area:
                own += row[component]
                own_people += row["population"]
    return (own / own_people) / (whole / whole_people)
