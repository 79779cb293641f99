"""Figures of finance on random extracts against slow twins: populations, spend against plan, outturn and the gap."""

import random

import pandas as pd
import pytest

from planning.models import Place, ServiceStatus
from tests.finance.conftest import CODES
from tests.finance.twins import money as twin
from tests.positions import fact, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
HOMES = ["QKK", "QWE", "QKS", "REST", "NOT-KNOWN", "DEVOLVED", "OVERSEAS", "PRIVATE"]
APART = {"DEVOLVED", "OVERSEAS", "PRIVATE"}
STATUS = {code: status for code, status, _ in CODES}


def spend(seed: int, year: str = "2025/26") -> list[dict]:
    """Rows of two trusts over every code and home, some credits, some blanks, some codes without status."""
    chance = random.Random(seed)
    rows = []
    for number in range(chance.randint(20, 90)):
        rows.append(
            fact(
                year=year,
                month=1 + number % 12,
                provider=chance.choice(["RJ1", "RJ7"]),
                service_code=chance.choice([*STATUS, "NEW1"]),
                home_system=chance.choice(HOMES),
                actual_price=None if chance.random() < 0.1 else chance.choice([1, -1, 1, 1]) * chance.randint(0, 10**9),
                planned_price=None if chance.random() < 0.1 else chance.randint(0, 10**9),
                actual_activity=chance.randint(0, 60) * 1_000,
            )
        )
    return rows


def as_twin(rows: list[dict]) -> list[dict]:
    """Summed first, since a credit within a home takes from what the home attracts."""
    sums: dict = {}
    for row in rows:
        if row["actual_price"] is not None:
            key = (row["provider"], row["service_code"], row["home_system"])
            sums[key] = sums.get(key, 0) + row["actual_price"]
    return [
        {"provider": p, "service_code": c, "population": h, "status": STATUS.get(c, ""), "hub": "13R", "amount": amount}
        for (p, c, h), amount in sums.items()
    ]


@pytest.mark.parametrize("seed", range(12))
def test_populations_are_those_of_the_twin_and_lose_no_unit(run, seed):
    rows = spend(seed)
    publish(rows)
    frame = run("provider_to_population").frame
    found = dict(zip(zip(frame["provider"], frame["population"], strict=True), frame["amount"], strict=True))
    expected = twin.by_population(as_twin(rows), {"NOT-KNOWN"}, APART)
    assert set(found) == set(expected)
    # Each service's shares are whole units: at most one unit a service away.
    assert all(abs(found[key] - expected[key]) <= len(STATUS) for key in found)
    assert sum(found.values()) == sum(row["actual_price"] or 0 for row in rows)


@pytest.mark.parametrize("seed", range(12))
def test_every_ledger_is_the_money_of_its_provider_by_where_it_went(run, seed):
    rows = spend(seed)
    publish(rows)
    ledger = run("provider_ledger_check").frame.set_index("provider")
    assert (ledger["difference"] == 0).all()
    for provider in ("RJ1", "RJ7"):
        own = [r for r in rows if r["provider"] == provider and r["actual_price"] is not None]
        assert ledger.loc[provider, "ledger"] == sum(r["actual_price"] for r in own)
        assert ledger.loc[provider, "apart"] == sum(r["actual_price"] for r in own if r["home_system"] in APART)
        at_home = [r for r in own if r["home_system"] not in APART]
        hub = [r["actual_price"] for r in at_home if STATUS.get(r["service_code"]) in ("RED", "BLUE")]
        assert ledger.loc[provider, "hub"] == sum(hub)
        assert ledger.loc[provider, "without_status"] == sum(
            r["actual_price"] for r in at_home if r["service_code"] not in STATUS
        )


@pytest.mark.parametrize("seed", range(6))
def test_systems_whose_trusts_are_in_share_out_all_of_their_money(run, seed):
    """Targets add up to the money, distances to nothing; who is over by one pound leaves others under by it."""
    rows = [*spend(seed), *(fact(provider=p, month=m, service_code="GREEN1") for p in ("RJ1", "RJ7") for m in range(1, 13))]
    publish(rows)
    both, populations = run("allocation").frame, run("provider_to_population").frame
    delegated = populations[populations["is_population"]].groupby("population")["amount"].sum()
    own = both[~both["is_total"] & both["baseline"].notna()]
    assert set(own["system"]) == {"QKK", "QWE"}
    assert dict(zip(own["system"], own["baseline"], strict=True)) == {s: int(delegated.get(s, 0)) for s in ("QKK", "QWE")}
    for way in ("core", "chain"):
        if own[f"{way}_target"].notna().all():
            assert own[f"{way}_target"].sum() == own["baseline"].sum()
            assert own[f"{way}_distance_money"].sum() == 0
            assert own[f"{way}_share"].sum() == pytest.approx(1)
            # Whoever receives more than their share is above target in money and as a share alike.
            for amount, share in zip(own[f"{way}_distance_money"], own[f"{way}_distance"], strict=True):
                assert own["baseline"].sum() <= 0 or abs(amount) <= 1 or (amount > 0) == (share > 0)


def test_with_one_service_more_people_of_need_never_lower_a_share(run):
    """Deprivation of one system rises: its share does, and the other's falls by as much."""
    publish([fact(provider=p, home_system=h, service_code="GREEN1", actual=100) for p, h in (("RJ1", "QKK"), ("RJ7", "QWE"))])
    shares = []
    for imd in (10, 20, 30, 40):
        Place.objects.filter(code="PQKK").update(imd_2019=imd)
        frame = run("allocation_chain").frame.set_index("system")["target_share"]
        assert frame.sum() == pytest.approx(1)
        shares.append(float(frame["QKK"]))
    assert shares == sorted(set(shares))


@pytest.mark.parametrize("year", ["2019/20", "2022/23", "2027/28"])
def test_years_without_a_list_of_their_own_are_read_as_if_delegated_and_say_so(run, year):
    publish(spend(3, year))
    result, flows = run("allocation", {"year": year}), run("provider_to_population", {"year": year})
    assert result.frame["services"].str.contains("as if delegated").all()
    assert any("as if delegated" in note for note in result.notes)
    assert any("as if delegated" in note for note in flows.notes)
    to_people = flows.frame[flows.frame["is_population"]]
    assert to_people["kind_words"].str.contains("as if delegated").all()
    assert not flows.frame.loc[~flows.frame["is_population"], "kind_words"].str.contains("as if").any()


def test_the_year_of_delegation_is_not_as_if(run):
    publish(spend(3))
    result = run("allocation", {"year": "2025/26"})
    assert not result.frame["services"].str.contains("as if").any()
    assert not any("as if" in note for note in result.notes)


def test_a_service_that_changes_hands_goes_where_it_belonged_in_each_year(run):
    for code, status in STATUS.items():
        ServiceStatus.objects.create(service_code_id=code, year="2026/27", status="RED" if code == "GREEN1" else status)
    publish([fact(year=y, service_code="GREEN1", home_system="QKK", actual=100) for y in ("2025/26", "2026/27")])
    kinds = {}
    for year in ("2025/26", "2026/27"):
        frame = run("provider_to_population", {"year": year}).frame
        kinds[year] = frame["population"].tolist()
    assert kinds == {"2025/26": ["QKK"], "2026/27": ["13R"]}
    together = run("provider_to_population").frame
    assert dict(zip(together["population"], together["amount"], strict=True)) == {"QKK": 1_000_000, "13R": 1_000_000}


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("column", ["provider", "home_system"])
def test_spend_to_date_is_that_of_the_twin(run, seed, column):
    rows = spend(seed)
    publish(rows)
    listed = [r for r in rows if r["service_code"] in STATUS or r["service_category"] == "25"]
    name = {"provider": "spend_by_provider", "home_system": "spend_by_system"}[column]
    frame = run(name, {"year": "2025/26"}).frame.set_index("code")
    for code, (plan, actual) in twin.spend_to_date(listed, column).items():
        assert (frame.loc[code, "actual_price"] if pd.notna(frame.loc[code, "actual_price"]) else 0) == actual
        assert (frame.loc[code, "planned_price"] if pd.notna(frame.loc[code, "planned_price"]) else 0) == plan


@pytest.mark.parametrize("seed", range(6))
def test_the_three_ways_to_show_spend_are_of_the_same_money(run, seed):
    publish(spend(seed))
    totals = [run(f"spend_by_{by}", {"year": "2025/26"}).total for by in ("provider", "system", "programme_of_care")]
    for column in ("actual_price", "planned_price", "difference"):
        assert len({total[column] for total in totals}) == 1
    # Forecasts are rounded for each group by itself.
    assert max(t["forecast"] for t in totals) - min(t["forecast"] for t in totals) <= 20


def month_rows(months, **values):
    return [fact(month=m, service_code="GREEN1", home_system="QKK", **values) for m in months]


@pytest.mark.parametrize("months", range(1, 12))
def test_a_part_year_with_a_whole_plan_is_forecast_by_its_phasing(run, months):
    """Plan of the year rises by a pound a month: what is left is worth more than what was."""
    rows = [fact(month=m, service_code="GREEN1", planned=m, actual=2 * m if m <= months else None) for m in range(1, 13)]
    publish(rows)
    frame = run("spend_by_provider", {"year": "2025/26"}).frame
    done = sum(range(1, months + 1))
    assert frame["planned_price"].tolist() == [done * 10_000]
    assert frame["planned_year"].tolist() == [78 * 10_000]
    assert frame["forecast"].tolist() == [2 * 78 * 10_000]
    assert frame["forecast_difference"].tolist() == [78 * 10_000]


def test_a_plan_of_nought_gives_a_difference_but_no_share_of_it(run):
    publish(month_rows(range(1, 13), planned=0, actual=5))
    row = run("spend_by_provider").frame.iloc[0]
    assert row["difference"] == 12 * 5 * 10_000
    assert pd.isna(row["difference_share"])
    assert row["against_plan"] == "Over plan"


def test_a_plan_that_is_missing_is_not_a_plan_of_nought(run):
    publish(month_rows(range(1, 13), planned=None, actual=5))
    row = run("spend_by_provider").frame.iloc[0]
    assert all(pd.isna(row[column]) for column in ("planned_price", "difference", "planned_year", "forecast_difference"))
    assert row["forecast"] == 12 * 5 * 10_000
    assert pd.isna(row["against_plan"])
    assert run("affordability", {"year": "2025/26"}).frame.empty


def test_an_actual_that_is_missing_is_not_an_actual_of_nought(run):
    publish([*month_rows(range(1, 13), planned=5, actual=None), *month_rows([1], provider="RJ7", planned=1, actual=0)])
    frame = run("spend_by_provider").frame.set_index("code")
    assert pd.isna(frame.loc["RJ1", "actual_price"])
    assert frame.loc["RJ7", "actual_price"] == 0
    assert frame.loc["RJ7", "against_plan"] == "Under plan"


@pytest.mark.parametrize("seed", range(8))
def test_the_gap_is_that_of_the_twin_and_its_drivers_add_up_to_it(run, seed):
    chance = random.Random(seed)
    publish(month_rows(range(1, 13), planned=chance.randint(1, 10**6), actual=chance.randint(1, 10**6)))
    rates = {name: round(chance.uniform(-5, 9), 3) for name in ("demographic", "non_demographic", "price", "revenue")}
    rates["efficiency"] = round(chance.uniform(0, 9), 3)
    asked = {name: str(rate) for name, rate in rates.items()}
    gap, drivers = run("affordability", asked).frame, run("gap_drivers", asked).frame
    shares = {name: rate / 100 for name, rate in rates.items()}
    expected = twin.gaps(float(gap["expenditure"].iloc[0]), float(gap["revenue"].iloc[0]), shares, [shares["revenue"]] * 5)
    assert gap["gap"].astype(float).tolist() == pytest.approx(expected, abs=1)
    assert (gap["expenditure"] - gap["revenue"] == gap["gap"]).all()
    steps = drivers[~drivers["is_total"]]["amount"].sum()
    first, last = drivers[drivers["is_total"]]["amount"]
    assert first + steps == last
    assert (first, last) == (gap["gap"].iloc[0], gap["gap"].iloc[-1])
    words = {"Shortfall": 1, "Surplus": -1, "In balance": 0}
    assert [words[w] for w in gap["gap_words"]] == [(g > 0) - (g < 0) for g in gap["gap"]]


def test_an_efficiency_takes_from_the_gap_and_growth_adds_to_it(run):
    publish(month_rows(range(1, 13), planned=100, actual=100))
    steps = run("gap_drivers").frame.set_index("step_name")["amount"]
    assert steps["Efficiency"] < 0
    assert steps["Revenue growth"] < 0
    assert min(steps[["Demographic growth", "Non-demographic growth", "Price uplift"]]) > 0


def test_rates_of_nothing_leave_the_gap_where_it_is(run):
    publish(month_rows(range(1, 13), planned=100, actual=130))
    nothing = dict.fromkeys(["demographic", "non_demographic", "price", "efficiency", "revenue"], "0")
    assert set(run("affordability", nothing).frame["gap"]) == {12 * 30 * 10_000}
