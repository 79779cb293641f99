"""Catchments the slow and obvious way: areas one by one, people by age and sex one by one, with dicts and loops."""

from fractions import Fraction


def all_age_share(admissions: dict, area: str, provider: str) -> Fraction | None:
    total = sum(max(n, 0) for (a, _), n in admissions.items() if a == area)
    return Fraction(max(admissions.get((area, provider), 0), 0), total) if total else None


def proportional(admissions: dict, people: dict, strata: dict, by_strata: set) -> dict:
    """{(area, stratum, provider): residents} of {(area, provider)}, {(area, stratum)} and {(area, stratum, provider)}."""
    found = {}
    for (area, stratum), population in people.items():
        providers = sorted({p for a, p in admissions if a == area})
        known = [p for p in providers if p in by_strata]
        share_of = {p: all_age_share(admissions, area, p) for p in providers}
        together = sum((share_of[p] or 0) for p in known)
        # Only whoever has any share of the area is in it; the patient-level extracts divide, they do not add.
        in_it = {p: max(strata.get((area, stratum, p), 0), 0) for p in known if share_of[p]}
        for provider in providers:
            share = share_of[provider]
            if not share:
                continue
            if provider in by_strata and sum(in_it.values()) > 0:
                share = together * Fraction(in_it[provider], sum(in_it.values()))
            if share:
                found[area, stratum, provider] = population * share
    return found


def first_past_the_post(admissions: dict, people: dict) -> dict:
    found = {}
    for area in {a for a, _ in people}:
        best = None
        for provider in sorted({p for a, p in admissions if a == area}):
            number = admissions[area, provider]
            if number > 0 and (best is None or number > admissions[area, best]):
                best = provider
        if best is not None:
            found[area, best] = sum(n for (a, _), n in people.items() if a == area)
    return found


def at_least_30(admissions: dict, people: dict) -> dict:
    found = {}
    for area in {a for a, _ in people}:
        for provider in {p for a, p in admissions if a == area}:
            share = all_age_share(admissions, area, provider)
            if share and share >= Fraction(30, 100):
                found[area, provider] = sum(n for (a, _), n in people.items() if a == area)
    return found


def average_score(parts: dict, scores: dict) -> dict:
    """{provider: score} of {(area, stratum, provider): residents} and {area: score}."""
    sums: dict = {}
    for (area, _, provider), residents in parts.items():
        weight, total = sums.get(provider, (0, 0))
        sums[provider] = (weight + residents, total + residents * Fraction(str(scores[area])))
    return {provider: float(total / weight) for provider, (weight, total) in sums.items()}
