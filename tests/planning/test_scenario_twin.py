"""Figures of scenarios on positions with something of everything, against the slow twin that begins from the facts."""

import random
from decimal import Decimal
from types import SimpleNamespace

import pytest

from planning.models import Assumption, PointOfDelivery, ProviderMarketForcesFactor, ServiceStatus, System
from presentation.figure import Mode, figure_named
from presentation.run import run_figure
from tests.planning.scenario_area import make_scenario
from tests.planning.twins.positions import Facts
from tests.planning.twins.scenarios import Area, effects, pounds
from tests.planning.varied_positions import PROVIDERS, publish_varied

pytestmark = pytest.mark.django_db
YEAR = "2025/26"


@pytest.fixture(scope="module")
def positions(loaded_reference) -> list[int]:
    return publish_varied()


@pytest.fixture(scope="module")
def twins(positions) -> dict[int, Facts]:
    return {number: Facts(number) for number in positions}


def statuses() -> dict[str, str]:
    """Status of each code in the year, or in the nearest year that has a list."""
    listed = sorted(set(ServiceStatus.objects.values_list("year", flat=True)))
    nearest = min(listed, key=lambda one: (abs(int(one[:4]) - int(YEAR[:4])), one))
    return dict(ServiceStatus.objects.filter(year=nearest).values_list("service_code_id", "status"))


def flows_of(facts: Facts, specialised: str) -> list[dict]:
    """Rows as scenarios begin from them, one for each fact."""
    status, systems = statuses(), set(System.objects.values_list("code", flat=True))
    rows = []
    for fact in facts.chosen({"year": YEAR, "specialised": specialised}):
        home = fact["home_system"]
        retained = status.get(fact["service_code"]) in ("RED", "BLUE") and home in {*systems, "REST", "NOT-KNOWN"}
        own = {name: fact[name] for name in ("service", "provider", "point_of_delivery")}
        own |= {"home": home, "payer": "NHSE" if retained else home}
        rows.append({**own, "activity": fact["actual_activity"], "price": fact["actual_price"]})
    return rows


def assumed(kind: str, key: str, **scope: str) -> Decimal:
    rows = {
        (r.provider, r.service, r.home, r.point_of_delivery, r.unit): r.value
        for r in Assumption.objects.filter(kind=kind, key=key)
    }
    point, unit = scope.get("point_of_delivery", ""), scope.get("unit", "")
    for wanted in ((point, unit), (point, ""), ("", unit), ("", "")):
        if ("", "", "", *wanted) in rows:
            return rows["", "", "", *wanted]
    raise LookupError(key)


def behaviour(unit: str):
    shares = tuple(str(assumed("cost", f"{name}_share", unit=unit)) for name in ("variable", "semi_fixed", "fixed"))
    series = [[str(assumed("cost", f"{name}_release_{n}")) for n in (1, 2, 3)] for name in ("semi_fixed", "fixed")]
    return shares, int(assumed("cost", "step", unit=unit)), *series


def random_move(chance: random.Random) -> dict:
    sender, receiver = chance.sample(PROVIDERS, 2)
    homes = chance.sample(["QKK", "QWE", "QKS", "REST"], chance.randint(0, 2))
    return {"kind": "open", "homes": homes, "senders": [sender], "receiver": receiver, "share": f"{chance.randint(1, 100)}"}


def factors() -> dict[str, Decimal]:
    of_year = ProviderMarketForcesFactor.objects.filter(year=YEAR)
    return {row.provider_id: row.value for row in of_year}


@pytest.mark.parametrize("seed", range(12))
def test_any_scenario_is_that_of_the_facts(positions, twins, programme_team, seed):
    chance = random.Random(seed)
    position = chance.choice(positions)
    moves = [random_move(chance) for _ in range(chance.randint(1, 2))]
    stored = [{**move, "share": Decimal(move["share"]) / 100} for move in moves]
    made = make_scenario(programme_team, *stored, position=position)
    units = {p.code: p.unit for p in PointOfDelivery.objects.all()}

    rows = [row for row in flows_of(twins[position], "only") if units.get(row["point_of_delivery"], "GBP") != "GBP"]
    area = Area(rows, factors(), [code for code, unit in units.items() if unit == "COST"])
    for move in moves:
        area.move({**move, "services": (), "share": Decimal(move["share"]) / 100})
    relations: dict = {}
    for row in flows_of(twins[position], "all"):
        key = row["payer"], row["provider"]
        relations[key] = relations.get(key, 0) + (row["price"] or 0) / Decimal(10_000)
    organisations, commissioners, costs = effects(
        area,
        paid=lambda point: assumed("payment", "follows_patient", point_of_delivery=point),
        units=units,
        relations=relations,
        payers=set(System.objects.values_list("code", flat=True)),
        threshold=1_500_000,
        behaviour=behaviour,
        year=5,
    )

    def found(name: str, key: str) -> dict[str, dict]:
        reader = SimpleNamespace(user=programme_team, mode=Mode.INSIDE)
        frame = run_figure(figure_named(name), reader, {"scenario": made.pk}, page=True).frame
        return {row[key]: row for row in frame[frame["year"] == "2030/31"].to_dict("records")}

    paid = found("scenario_commissioners", "payer")
    for payer, amount in commissioners.items():
        assert paid[payer]["payments"] / 10_000 == pytest.approx(float(pounds(amount)), abs=0.5), payer
    own = found("scenario_organisations", "provider")
    for provider, amount in organisations.items():
        assert own[provider]["income"] / 10_000 == pytest.approx(float(pounds(amount)), abs=0.5)
        for name in ("released", "stranded", "added"):
            expected = float(pounds(costs[provider][name]))
            assert own[provider][f"cost_{name}"] / 10_000 == pytest.approx(expected, abs=0.5), (provider, name)
    whole = found("scenario_years", "year")["2030/31"]
    assert whole["system"] == whole["cost_released"] - whole["cost_added"]
    assert whole["payments"] == sum(row["payments"] for row in paid.values())
