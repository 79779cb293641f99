"""A small area to make scenarios of: two systems, three trusts, two services, a year that is all in."""

from typing import Any

from accounts.models import User
from planning.actions import scenarios as acting
from planning.models import Scenario
from tests.positions import fact, publish

# Codes of the product's own reference data.
CARDIAC, RENAL = "NCBPS13B", "NCBPS11B"
SEL, SWL = ("72Q", "QKK"), ("36L", "QWE")
GSTT, KINGS, GEORGES = "RJ1", "RJZ", "RJ7"


def rows(year: str = "2025/26", *, scale: int = 1) -> list[dict]:
    """Every month alike, so that every provider has a full year."""
    flows = [
        (*SEL, GSTT, CARDIAC, "EL", 100, 1_000_000),
        (*SEL, KINGS, CARDIAC, "EL", 50, 450_000),
        (*SWL, GSTT, CARDIAC, "EL", 40, 420_000),
        (*SWL, GSTT, CARDIAC, "NEL", 20, 300_000),
        (*SWL, GEORGES, CARDIAC, "EL", 60, 540_000),
        (*SWL, GEORGES, RENAL, "EL", 30, 120_000),
        (*SEL, KINGS, RENAL, "EL", 25, 100_000),
    ]
    return [
        fact(
            year=year, month=month, provider=provider, service_code=code, point_of_delivery=point, commissioner=home, home=home,
            home_system=system, spells=spells * scale, actual=price * scale, planned=price * scale, planned_spells=spells * scale,
        )
        for month in range(1, 13)
        for home, system, provider, code, point, spells, price in flows
    ]  # fmt: skip


def publish_area(**changes: Any) -> int:
    return publish(rows(**changes))


def services_of(*codes: str) -> list[str]:
    """The services that line codes belong to."""
    from planning.models import ServiceCode

    return sorted(set(ServiceCode.objects.filter(code__in=codes).values_list("service", flat=True)))


def repatriation(**changes: Any) -> dict[str, Any]:
    """Half of the heart surgery of South West London that is done at Guy's goes to St George's."""
    move = {"kind": "repatriate", "homes": ["QWE"], "services": services_of(CARDIAC), "senders": [GSTT], "receiver": GEORGES}
    return {**move, "share": "0.5", **changes}


def make_scenario(
    by: User, *moves: dict, position: int, name: str = "Hearts nearer home", saved: bool = True, shared: bool = False
):
    """A scenario with its moves, saved as version 1 unless it is to stay a draft."""
    made: Scenario = acting.make_scenario(by=by, name=name, position=position, year="2025/26")
    for move in moves or (repatriation(),):
        acting.put_move(by=by, scenario=made, fields=move)
    if saved:
        acting.save_scenario(by=by, scenario=made)
    if shared:
        acting.share_scenario(by=by, scenario=made, shared=True)
    made.refresh_from_db()
    return made
