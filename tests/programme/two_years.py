"""Two full years of one service at every own trust, and the odd rows that make pages of services and providers hard."""

from tests.positions import fact, publish

SOUTH_EAST = ("RJ1", "RJZ", "RJ2", "RPG", "RV5")
SOUTH_WEST = ("RJ7", "RVR", "RJ6", "RAX", "RPY", "RQY")
CARDIAC, NEUROLOGY = "7", "11"
MONTHS = range(1, 13)


def own_trusts(year, actual, planned):
    """Each own trust treats ten people of its own system in each month."""
    return [
        fact(year=year, month=month, provider=provider, home_system=system, spells=10, actual=actual, planned=planned)
        for system, providers in (("QKK", SOUTH_EAST), ("QWE", SOUTH_WEST))
        for provider in providers
        for month in MONTHS
    ]


def barts(year, months):
    """A trust of another system: £1,000 and twenty spells a month, without a plan."""
    common = {"provider": "R1H", "home_system": "QMF", "commissioner": "A3A8R", "home": "A3A8R"}
    return [fact(**common, year=year, month=month, spells=20, actual=1_000) for month in months]


def publish_two_years() -> int:
    """Cardiac care at £100 (planned £90) a trust and month, then £120 (planned £100); Barts stops after September.

    In the last April Guy's has three spells of neurology for people of Kent, which nobody planned, and St George's £5 on a
    code that is in no list.
    """
    neurology = fact(
        service_code="NCBPS08O", home_system="QKS", commissioner="91Q", home="91Q", spells=3, actual=60, site="RJ122"
    )
    unlisted = fact(provider="RJ7", service_code="NOTLISTED", home_system="QWE", actual=5, planned=10)
    return publish(
        [
            *own_trusts("2024/25", 100, 90),
            *own_trusts("2025/26", 120, 100),
            *barts("2024/25", MONTHS),
            *barts("2025/26", range(1, 7)),
            neurology,
            unlisted,
        ]
    )
