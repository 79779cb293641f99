"""History in today's geography: what systems that have ended became."""

from datetime import date

import pandas as pd

from accounts.reading import kept
from planning.models import CommissionerSystem, System


@kept
def systems_today(on: date) -> dict[str, str]:
    """What each system is on a date, its successors followed to the one in force."""
    systems = {s.code: s for s in System.objects.all()}
    became = {}
    for code in systems:
        now = systems[code]
        while now.valid_to and now.valid_to < on and now.successor_id:
            now = systems[now.successor_id]
        became[code] = now.code
    return became


@kept
def homes_today(on: date) -> pd.DataFrame:
    """Columns home, home_system, system_today: where a home of any year is planned for on a date.

    A system may be divided when it ends, so the home's own parent on the date wins over the system's successor.
    """
    became = systems_today(on)
    rows = CommissionerSystem.objects.filter(system_code__in=became)
    pairs = {(home, system): became[system] for home, system in rows.values_list("commissioner", "system_code")}
    parents = dict(rows.on(on).values_list("commissioner", "system_code"))
    pairs.update({(home, system): became[parents[home]] for home, system in pairs if home in parents})
    # A row may name no home, or the board itself instead of one of its codes.
    pairs.update({(home, system): today for system, today in became.items() for home in ("", system)})
    columns = ["home", "home_system", "system_today"]
    return pd.DataFrame([(*pair, today) for pair, today in sorted(pairs.items())], columns=columns)


@kept
def regions_of_systems() -> dict[str, str]:
    """The region of each system, by code."""
    return dict(System.objects.values_list("code", "region"))


@kept
def systems_of_regions(homes: list[str]) -> list[str]:
    """The systems of regions; what is no region stands for itself."""
    regions = regions_of_systems()
    own = [system for system, region in regions.items() if region in homes]
    return sorted({*own, *(home for home in homes if home not in regions.values())})
