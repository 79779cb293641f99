"""A position with something of everything: years either side of the mergers, files overtaken in part, blanks and credits."""

import random

from tests.positions import fact, publish

# Home, the system of its day in 2025/26 and, where it changed, in 2026/27.
HOMES = [
    ("72Q", "QKK", "QKK", "E09000028"),
    ("36L", "QWE", "QWE", ""),
    ("91Q", "QKS", "QKS", ""),
    ("92A", "QXU", "S9B9J", "E07000207"),
    ("09D", "QNX", "S9B9J", ""),
    ("70F", "QNX", "S9B9J", ""),
    ("", "NOT-KNOWN", "NOT-KNOWN", ""),
    ("", "DEVOLVED", "DEVOLVED", ""),
    ("15N", "REST", "REST", ""),
]
CODES = ["NCBPS13A", "NCBPS13B", "NCBPS01A", "NCBPS11B", "99999999", "NOTLISTED"]
CATEGORIES = ["25", "21", "12", "22", "11"]
POINTS = ["EL", "DC", "NEL", "OPFASPCL", "DRUG"]
PROVIDERS = ["RJ1", "RJ7", "RJZ"]
YEARS = ["2025/26", "2026/27"]


def varied_rows(seed: int, number: int, **fixed) -> list[dict]:
    """Rows whose every column varies on its own, the same for the same seed."""
    chance = random.Random(seed)
    rows = []
    for _ in range(number):
        year = fixed.get("year") or chance.choice(YEARS)
        home, before, after, place = chance.choice(HOMES)
        amounts = {
            name: None if chance.random() < 0.15 else chance.choice([0, chance.randint(-9_999, 999_999)])
            for name in ("planned_price", "actual_price", "planned_mff", "actual_mff")
        }
        halves = {
            name: None if chance.random() < 0.2 else chance.randint(0, 40) for name in ("planned_activity", "actual_activity")
        }
        activity = {name: None if number is None else 500 * number for name, number in halves.items()}
        own = {
            "year": year,
            "month": chance.choice([1, 2, 3, 4, 13]),
            "provider": chance.choice(PROVIDERS),
            "service_code": chance.choice(CODES),
            "service_category": chance.choice(CATEGORIES),
            "point_of_delivery": chance.choice(POINTS),
            "commissioner": chance.choice(["72Q", "36L", "13R", "92A"]),
            "home": home,
            "home_system": before if year == "2025/26" else after,
            "home_place": place,
        }
        rows.append(fact(**{**own, **amounts, **activity, **fixed}))
    return rows


def publish_varied() -> list[int]:
    """Four positions: everything, a provider's year restated whole, one commissioner's slices, and other months."""
    return [
        publish(varied_rows(1, 500)),
        publish(varied_rows(2, 60, provider="RJ1", year="2025/26")),
        publish(varied_rows(3, 30, provider="RJZ", year="2025/26", commissioner="36L")),
        publish([row for row in varied_rows(4, 60, provider="RJ7", year="2026/27") if row["month"] in (2, 3)]),
    ]
