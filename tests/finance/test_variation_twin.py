"""Figures of variation and of targets against loops over the very facts that were published."""

import random

import pytest

from planning.models import ServiceCode
from tests.positions import fact, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
TRUSTS = {"QKK": "RJ1", "QWE": "RJ7"}
REGISTERED = {"QKK": 1100, "QWE": 900}
CODES = ["GREEN1", "GREEN2", "RED1", "BLUE1"]
HOMES = ["QKK", "QWE", "QKS", "NOT-KNOWN", "DEVOLVED", "REST"]


def some_facts(seed: int) -> list[dict]:
    """Money of many homes, services and months at two trusts, some of it credits, some missing."""
    chance = random.Random(seed)
    facts = []
    for number in range(80):
        trust = chance.choice(list(TRUSTS.values())) if number > 1 else list(TRUSTS.values())[number]
        amount = chance.choice([None, -chance.randint(1, 500), chance.randint(1, 9_000), chance.randint(1, 90_000)])
        facts.append(fact(provider=trust, home_system=chance.choice(HOMES), service_code=chance.choice(CODES), month=1,
                          actual=amount if number > 1 else 50, spells=chance.randint(8, 90)))  # fmt: skip
    return facts


def spent(facts: list[dict], programme_of: dict) -> dict:
    """(system, programme) → units spent on its people at any trust, for any specialised service."""
    found: dict = {}
    for row in facts:
        if row["home_system"] in REGISTERED and row["actual_price"] is not None:
            key = row["home_system"], programme_of[row["service_code"]]
            found[key] = found.get(key, 0) + row["actual_price"]
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_gap_is_what_loops_over_the_facts_say(run, seed):
    facts = some_facts(seed)
    publish(facts)
    programme_of = dict(ServiceCode.objects.values_list("code", "programme_of_care"))
    money = spent(facts, programme_of)
    frame = run("variation_by_programme").frame
    assert {(r["area"], r["group"]) for r in frame.to_dict("records")} == {
        (system, programme) for system in REGISTERED for programme in {p for _, p in money}
    }
    for row in frame.to_dict("records"):
        other = next(system for system in REGISTERED if system != row["area"])
        own, theirs = (money.get((system, row["group"]), 0) for system in (row["area"], other))
        gap = (own / REGISTERED[row["area"]] - theirs / REGISTERED[other]) * REGISTERED[row["area"]]
        assert (row["spend"], row["benchmark_spend"]) == (own, theirs)
        assert abs(row["gap"] - gap) <= 1
        assert row["per_head"] == pytest.approx(own / REGISTERED[row["area"]] / 10_000) or own <= 0


@pytest.mark.parametrize("seed", [1, 2])
def test_programmes_add_up_to_everything_and_differences_are_ranked(run, seed):
    publish(some_facts(seed))
    everything = run("variation").frame.set_index("area")
    programmes = run("variation_by_programme").frame
    assert programmes.groupby("area")["spend"].sum().to_dict() == everything["spend"].to_dict()
    assert (programmes.groupby("area")["gap"].sum() - everything["gap"]).abs().max() <= 4
    ranked = run("variation_differences", {"grouping": "programme_of_care"}).frame
    own = programmes[programmes["area"] == "QKK"].set_index("group")["gap"]
    assert ranked.set_index("group")["gap"].to_dict() == own.to_dict()
    assert list(ranked["gap"].abs()) == sorted(own.abs(), reverse=True)


def delegated(facts: list[dict], programme_of: dict) -> dict:
    """(system, programme) → units of delegated services whose home is known; unknown money follows it in the figure."""
    return spent([row for row in facts if row["service_code"].startswith("GREEN")], programme_of)


@pytest.mark.parametrize("seed", [4, 5])
def test_targets_of_a_programme_add_up_to_its_spend_by_the_shares_of_the_allocation_page(run, seed):
    facts = [row for row in some_facts(seed) if row["home_system"] != "NOT-KNOWN"]
    publish(facts)
    money = delegated(facts, dict(ServiceCode.objects.values_list("code", "programme_of_care")))
    shares = run("allocation").frame.set_index("system")["chain_share"]
    for row in run("service_targets_by_programme").frame.to_dict("records"):
        whole = sum(money.get((system, row["group"]), 0) for system in REGISTERED)
        assert row["baseline"] == money.get((row["area"], row["group"]), 0)
        assert abs(row["target"] - whole * shares[row["area"]]) <= 1
        assert row["distance_money"] == row["baseline"] - row["target"]
