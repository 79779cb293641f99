"""A round the slow and obvious way: dicts and loops, from people to what each area receives year by year."""

from . import convergence, money


def round_of(case: dict, baseline: dict, *, years: int, growth: float, knots: list, floor: float, cap: float) -> list[dict]:
    """[{"share", "allocation"}] a year; money in pounds, before pence."""
    bands = case["age_bands"]
    people = {
        area: {(sex, band): number for sex, row in by_sex.items() for band, number in zip(bands, row, strict=True)}
        for area, by_sex in case["population"].items()
    }
    costs = {(sex, band): cost for sex, row in case["cost_weights"].items() for band, cost in row.items()}
    shares = money.weighted_shares(people, costs, case["additional_need_index"], case["flow_share"], case["provider_mff"])
    done, now, quantum = [], dict(baseline), sum(baseline.values())
    for _ in range(years):
        quantum = quantum * (1 + growth)
        now = convergence.allocations(shares, now, quantum, knots, floor, cap)
        done.append({"share": shares, "allocation": now})
    return done


def share_with(raw: dict, area: str, factor: float) -> float:
    """The share of an area whose weight is multiplied and nobody else's is."""
    moved = {a: w * factor if a == area else w for a, w in raw.items()}
    return moved[area] / sum(moved.values())
