"""Measures and matrices of flow from published positions, against loops over the same rows."""

import random

import pandas as pd
import pytest

from planning.models import PointOfDelivery, Provider, Region, ServiceCategory, System
from presentation.figure import figure_named
from presentation.run import run_figure
from tests.planning.twins import flows as twin
from tests.positions import fact, publish
from tests.readers import Reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("systems")]
HOSTS = {"RJ1": "QKK", "RJZ": "QKK", "RJ7": "QWE", "RVV": "QKS"}
HOMES = ["QKK", "QWE", "QKS", "REST", "DEVOLVED", "NOT-KNOWN"]
WHOLE = {"QKK", "QWE"}
AMOUNTS = {"activity": "actual_activity", "cost": "actual_price"}


@pytest.fixture
def systems():
    region = Region.objects.create(code="Y56", name="London")
    for code in ("QKK", "QWE", "QKS"):
        System.objects.create(code=code, name=f"System {code}", short_name=code, region=region)
    # Kent expects a second trust, which never submits.
    for code, system in {**HOSTS, "RN7": "QKS"}.items():
        Provider.objects.create(code=code, name=code, short_name=f"Trust {code}", system_id=system, in_scope=True)
    ServiceCategory.objects.create(code="25", description="x", specialised=True)
    PointOfDelivery.objects.create(code="EL", description="Elective", domain="x", sub_category="x", unit="SPELL")
    PointOfDelivery.objects.create(code="DRUG", description="Drugs", domain="x", sub_category="x", unit="COST")


def flows_of(seed: int) -> list[dict]:
    """Every trust has each month and everybody's spells, so that only Kent's missing trust makes a system not known."""
    chance = random.Random(seed)
    rows = [fact(provider=p, month=m, actual=1, spells=1, home_system=h) for p in HOSTS for m in (1, 2) for h in HOMES[:3]]
    for _ in range(chance.randint(5, 80)):
        spells = chance.choice([None, 0, chance.randint(1, 90)])
        point = chance.choice(["EL", "EL", "DRUG"])
        own = {"provider": chance.choice(list(HOSTS)), "home_system": chance.choice(HOMES), "month": chance.choice([1, 2])}
        rows.append(fact(**own, spells=spells, point_of_delivery=point, actual_price=chance.randint(0, 10**8)))
    publish(rows)
    return rows


def summed(rows: list[dict], measure: str, *, known_only: bool = True) -> dict:
    sums: dict = {}
    for row in rows:
        counted = measure == "cost" or row["point_of_delivery"] == "EL"
        if counted and row[AMOUNTS[measure]] is not None and not (known_only and row["home_system"] == "NOT-KNOWN"):
            key = (row["home_system"], row["provider"])
            sums[key] = sums.get(key, 0) + row[AMOUNTS[measure]]
    return sums


def run(name, **data):
    return run_figure(figure_named(name), Reader(), data, page=False)


def measures(measure: str) -> pd.DataFrame:
    return run("flow_measures" if measure == "cost" else "flow_measures_activity").frame.set_index("system")


@pytest.mark.parametrize("measure", AMOUNTS)
@pytest.mark.parametrize("seed", range(12))
def test_measures_of_whole_systems_are_those_of_the_twin_and_no_others_are_given(seed, measure):
    sums = summed(flows_of(seed), measure)
    frame = measures(measure)
    for system in frame.index:
        expected = twin.system_measures(sums, HOSTS, system)
        assert frame.loc[system, "resident"] == expected["resident"]
        for name in ("retained", "imports", "exports", "net", "home_provider", "self_sufficiency", "import_share"):
            found = frame.loc[system, name]
            if system not in WHOLE or expected[name] is None:
                assert pd.isna(found)
            else:
                assert float(found) == pytest.approx(expected[name])
    words = frame["own_trusts"].to_dict()
    assert {s for s, said in words.items() if said == "All loaded"} == WHOLE & set(frame.index)
    assert words.get("QKS", "Not known: its own trusts have not submitted") == "Not known: its own trusts have not submitted"


@pytest.mark.parametrize("seed", range(6))
def test_what_is_not_known_is_left_out_and_its_share_is_said(seed):
    rows = flows_of(seed)
    everything, known = summed(rows, "cost", known_only=False), summed(rows, "cost")
    share = 1 - sum(known.values()) / sum(everything.values())
    assert set(measures("cost")["not_known_share"].round(12)) == {round(share, 12)}


@pytest.mark.parametrize("seed", range(6))
def test_in_whole_systems_what_comes_in_less_what_goes_out_is_the_net(seed):
    flows_of(seed)
    frame = measures("cost")
    own = frame[frame["is_whole"]]
    assert (own["home_provider"] == own["retained"] + own["imports"]).all()
    assert (own["resident"] == own["retained"] + own["exports"]).all()
    assert (own["home_provider"] - own["resident"] == own["net"]).all()
    assert own["self_sufficiency"].between(0, 1).all()
    assert own["import_share"].between(0, 1).all()


def test_among_loaded_systems_alone_imports_are_exports_of_others():
    """Nobody from elsewhere, every trust in: the net flows of all systems cancel out."""
    Provider.objects.filter(code="RN7").delete()
    chance = random.Random(5)
    for_all = [(h, p) for h in ("QKK", "QWE", "QKS") for p in HOSTS]
    publish([fact(home_system=h, provider=p, actual_price=chance.randint(0, 10**7), spells=1) for h, p in for_all])
    frame = measures("cost")
    assert frame["is_whole"].all()
    assert frame["net"].sum() == 0
    assert frame["imports"].sum() == frame["exports"].sum() > 0


@pytest.mark.parametrize("seed", range(6))
def test_shares_of_the_matrix_add_up_to_one_for_each_end(seed):
    sums = summed(flows_of(seed), "cost", known_only=False)
    frame = run("flow_matrix", measure="cost").frame
    for end, position in (("home", 0), ("provider", 1)):
        totals: dict = {}
        for key, amount in sums.items():
            totals[key[position]] = totals.get(key[position], 0) + amount
        for row in frame.to_dict("records"):
            amount, whole = sums[row["home"], row["provider"]], totals[row[end]]
            if whole:
                assert row[f"{end}_price_share"] == pytest.approx(amount / whole)
            else:
                assert pd.isna(row[f"{end}_price_share"])


@pytest.mark.parametrize("seed", range(6))
def test_flows_and_the_flows_that_cross_are_apart_by_those_that_stay(seed):
    rows = flows_of(seed)
    everything, crossing = run("flow_dashboard").frame, run("flow_top").frame
    stays = {(row["home_system"], row["provider"]) for row in rows if HOSTS[row["provider"]] == row["home_system"]}
    keys = [set(zip(frame["home"], frame["provider"], strict=True)) for frame in (everything, crossing)]
    assert keys[0] - keys[1] == stays
    assert keys[1] <= keys[0]
    assert int(everything["actual_price"].sum()) == sum(row["actual_price"] or 0 for row in rows)


@pytest.mark.parametrize("seed", range(4))
def test_the_title_names_the_flow_that_is_largest(seed):
    sums = summed(flows_of(seed), "cost", known_only=False)
    most = max(sums.values())
    named = [f"Trust {provider}" for (_, provider), amount in sums.items() if amount == most]
    title = run("flow_dashboard", measure="cost").chart.title
    assert any(name in title for name in named)


@pytest.mark.parametrize("basis", ["actual", "planned"])
def test_measures_follow_the_basis_that_is_chosen(basis):
    publish([fact(provider=p, home_system=HOSTS[p], actual=3, planned=5) for p in HOSTS])
    frame = run("flow_measures", basis=basis).frame.set_index("system")
    assert int(frame.loc["QKK", "retained"]) == 2 * (3 if basis == "actual" else 5) * 10_000


def test_a_difference_is_missing_where_either_side_is():
    rows = [("QKK", 5, 3), ("QWE", None, 3), ("QKS", 5, None), ("REST", None, None), ("DEVOLVED", 0, 0)]
    publish([fact(home_system=h, actual=a, planned=p) for h, a, p in rows])
    found = run("flow_dashboard", measure="cost", basis="difference").frame.set_index("home")["price_difference"]
    assert found[["QKK", "DEVOLVED"]].tolist() == [20_000, 0]
    assert found[["QWE", "QKS", "REST"]].isna().all()


def test_nought_and_nothing_stay_apart_from_the_file_to_the_table():
    publish([fact(home_system="QKK", spells=0, actual=0), fact(home_system="QWE", spells=None, actual=None)])
    result = run("flow_dashboard")
    shown = {row.record["home"]: {c.name: text for c, text in cells} for row, cells in result.table.shown_rows()}
    assert (shown["QKK"]["actual_activity"], shown["QKK"]["actual_price"]) == ("0", "£0")
    assert shown["QWE"]["actual_activity"] == shown["QWE"]["actual_price"] == "No data"
    written = {row[1]: row for row in result.table.file_rows()}
    price = result.table.keys.index("actual_price")
    assert written["QKK"][price] == 0
    assert written["QWE"][price] is None
