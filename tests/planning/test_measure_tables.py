"""Measures of areas, services and providers against loops over the same flows; and what is only true of a whole."""

import random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations.flow_groups import concentration, group_measures, of_areas
from planning.calculations.flows import by_system, of_footprint
from planning.calculations.measure_tables import area_measures, provider_measures, service_measures
from tests.planning.twins import explorer as twin

HOST_OF = {"RJ1": "QKK", "RJZ": "QKK", "RJ7": "QWE", "RVV": "QKS", "RPY": "QWE"}
HOSTS = pd.DataFrame(list(HOST_OF.items()), columns=["provider", "system"])
HOMES = ["QKK", "QWE", "QKS", "REST", "NOT-KNOWN"]
SYSTEMS = ["QKK", "QWE", "QKS"]
AREAS = {"south": ["QKK", "QWE"], "kent": ["QKS"], "all": SYSTEMS, "nowhere": []}
AMOUNTS = ["resident", "home_provider", "retained", "imports", "exports", "net"]
MEASURES = [*AMOUNTS, "self_sufficiency", "import_share", "hhi", "effective_providers"]
COLUMNS = ["home_system", "home_place", "provider", "destination", "service", "amount", "people", "km", "minutes"]


def flow(home, provider, amount, **more) -> dict:
    own = {"home_system": home, "home_place": home, "provider": provider, "destination": provider, "service": "1"}
    return {**own, "amount": amount, "people": amount, "km": 10.0, "minutes": None, **more}


def frame_of(rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype({"amount": "Int64", "people": "Int64", "km": "float64", "minutes": "float64"})


def random_flows(seed: int) -> list[dict]:
    """Flows that stand in several rows by place and site, some with nothing known, some nought."""
    chance = random.Random(seed)
    return [
        flow(
            chance.choice(HOMES),
            chance.choice(list(HOST_OF)),
            chance.choice([None, 0, chance.randint(1, 10**6)]),
            home_place=chance.choice("ABC"),
            destination=chance.choice("XYZ"),
            service=chance.choice(["1", "2", ""]),
            km=chance.choice([None, chance.uniform(1, 90)]),
            minutes=chance.choice([None, chance.uniform(5, 120)]),
        )
        for _ in range(chance.randint(1, 60))
    ]


def same(found, expected) -> bool:
    if expected is None or pd.isna(found):
        return expected is None and bool(pd.isna(found))
    return float(found) == pytest.approx(float(expected))


def measured(rows, *, areas=AREAS, whole=SYSTEMS) -> pd.DataFrame:
    frame = area_measures(frame_of(rows), HOSTS, measure="amount", areas=areas, whole=whole, not_known=["NOT-KNOWN"])
    return frame.set_index("area")


def known(rows) -> list[dict]:
    return [row for row in rows if row["home_system"] != "NOT-KNOWN"]


@pytest.mark.parametrize("seed", range(25))
def test_areas_measure_as_the_twin_says(seed):
    rows = [row for row in random_flows(seed) if row["amount"] is not None]
    found = measured(rows)
    for area, systems in AREAS.items():
        if not found.loc[area, "is_whole"] or found.loc[area, "is_alone"]:
            continue
        expected = twin.area_measures(known(rows), HOST_OF, set(systems), "amount")
        for name in MEASURES:
            assert same(found.loc[area, name], expected[name]), (area, name)


def test_what_is_missing_is_not_nought():
    """Of flows whose amounts nobody has said, no more is known than that they are there."""
    found = measured([flow("QKK", "RJ1", None), flow("QKS", "RJ1", 5)], areas={"QKK": ["QKK"]}).loc["QKK"]
    assert pd.isna(found["resident"])
    assert pd.isna(found["retained"])
    assert found["home_provider"] == 5
    # What comes in is known; of how much, is not.
    assert found["imports"] == 5
    assert pd.isna(found["import_share"])


@pytest.mark.parametrize("seed", range(10))
def test_areas_travel_as_the_twin_says(seed):
    rows = random_flows(seed)
    found = measured(rows)
    for area, systems in AREAS.items():
        own = [row for row in known(rows) if row["home_system"] in systems]
        for column, names in (("km", ["mean_km", "median_km", "km_covered"]), ("minutes", ["mean_minutes", "median_minutes"])):
            expected = twin.travelled([(row["amount"], row[column]) for row in own])
            for name, key in zip(names, ["mean", "median", "covered"], strict=False):
                assert same(found.loc[area, name], expected[key]), (area, name)
        near = twin.travelled([(row["amount"], row["minutes"]) for row in own], within=60)
        assert same(found.loc[area, "share_within_hour"], near["share_within"])


@pytest.mark.parametrize("seed", range(8))
def test_a_group_of_one_system_is_the_system_and_one_of_all_is_the_footprint(seed):
    rows = [row for row in random_flows(seed) if row["amount"] is not None and row["home_system"] != "NOT-KNOWN"]
    flows = frame_of(rows).groupby(["home_system", "provider"], as_index=False)["amount"].sum()
    groups = of_areas(flows, HOSTS, {**{s: [s] for s in SYSTEMS}, "both": ["QKK", "QWE"]})
    found = group_measures(groups, by="area", measure="amount").set_index("area")
    for system in by_system(flows, HOSTS, measure="amount", systems=SYSTEMS).to_dict("records"):
        if system["system"] in found.index:
            for name in MEASURES:
                assert same(found.loc[system["system"], name], None if pd.isna(system[name]) else system[name]), name
    if "both" in found.index:
        group = of_footprint(flows, HOSTS, measure="amount", systems=["QKK", "QWE"])
        for name in ("resident", "retained", "imports", "exports", "net", "self_sufficiency", "import_share"):
            assert same(found.loc["both", name], None if pd.isna(group[name]) else group[name]), name


def test_what_is_only_true_of_a_whole_is_not_said_of_a_part():
    rows = [flow("QKK", "RJ1", 10), flow("QKK", "RJ7", 5), flow("QWE", "RJ7", 20)]
    found = measured(rows, whole=["QKK"])
    assert found.loc["south", "resident"] == 35
    assert found.loc["south", AMOUNTS[1:]].isna().all()
    assert not found.loc["south", "is_whole"]
    alone = measured(rows, areas={"QKK": ["QKK"]}, whole=["QKK"])
    assert alone.loc["QKK", "self_sufficiency"] == pytest.approx(10 / 15)


def test_where_no_trust_of_others_is_loaded_nobody_can_be_seen_to_leave():
    rows = [flow("QKK", "RJ1", 10), flow("QWE", "RJ7", 20), flow("QKS", "RJ1", 30)]
    found = measured(rows).loc["south"]
    assert found["is_alone"]
    assert found[["exports", "net", "self_sufficiency"]].isna().all()
    assert found["import_share"] == pytest.approx(0.5)
    assert found["imports"] == 30
    assert not measured([*rows, flow("QKK", "RVV", 1)]).loc["south", "is_alone"]


def test_homes_that_are_not_known_are_left_out_and_their_share_is_said():
    rows = [flow("QKK", "RJ1", 30), flow("NOT-KNOWN", "RJ1", 10)]
    found = measured(rows)
    assert found.loc["all", "home_provider"] == 30
    assert set(found["not_known_share"]) == {0.25}


def test_an_area_that_nothing_touches_has_nothing():
    found = measured([flow("QKS", "RVV", 5)], areas={"none": ["QKK"], "kent": ["QKS"]}, whole=SYSTEMS)
    assert found.loc["none", AMOUNTS].tolist() == [0] * 6
    assert found.loc["none", ["self_sufficiency", "import_share", "hhi", "mean_km"]].isna().all()
    assert list(found.index) == ["none", "kent"]


def test_the_people_behind_each_amount_travel_with_it():
    rows = [flow("QKK", "RJ1", 100, people=7), flow("QKS", "RJ1", 50, people=3), flow("QKK", "RVV", 9, people=2)]
    found = measured(rows, areas={"QKK": ["QKK"]}).loc["QKK"]
    counts = {name: found[f"{name}_people"] for name in ("resident", "retained", "imports", "exports", "home_provider", "net")}
    assert counts == {"resident": 9, "retained": 7, "imports": 3, "exports": 2, "home_provider": 10, "net": 2}


@given(
    st.lists(st.tuples(st.sampled_from(SYSTEMS), st.sampled_from(list(HOST_OF)), st.integers(0, 10**12)), min_size=1, max_size=20)
)
def test_a_closed_system_nets_to_zero_and_shares_are_shares(rows):
    """Everybody is of a system, and every trust has one: what leaves the one comes into the other."""
    found = measured([flow(*row) for row in rows], areas={s: [s] for s in SYSTEMS})
    seen = found[~found["is_alone"]]
    if len(seen) == len(found):
        assert int(found["net"].sum()) == 0
        assert int(found["imports"].sum()) == int(found["exports"].sum())
    assert int(found["resident"].sum()) == int(found["home_provider"].sum()) == sum(value for *_, value in rows)
    for name in ("self_sufficiency", "import_share"):
        assert found[name].dropna().between(0, 1).all()
    assert (found["hhi"].dropna() <= 10_000 + 1e-6).all()
    assert (found["effective_providers"].dropna() >= 1 - 1e-9).all()


@given(st.dictionaries(st.sampled_from("ABCDEF"), st.integers(1, 10**9), min_size=1))
def test_equal_shares_are_the_least_concentrated(amounts):
    def index(values):
        frame = pd.DataFrame({"by": "all", "of": list(values), "amount": list(values.values())})
        return float(concentration(frame, by="by", of="of", measure="amount")["all"])

    equal = dict.fromkeys(amounts, 1)
    assert index(equal) == pytest.approx(10_000 / len(amounts))
    assert index(equal) - 1e-6 <= index(amounts) <= 10_000 + 1e-6


def test_services_are_measured_for_one_area_the_largest_first():
    rows = [
        flow("QKK", "RJ1", 10, service="1"),
        flow("QKK", "RVV", 30, service="1"),
        flow("QKS", "RJ1", 5, service="2"),
        flow("QKK", "RJ1", 60, service="2"),
        flow("QKS", "RVV", 90, service="3"),
    ]
    options = {"measure": "amount", "whole": SYSTEMS, "not_known": ["NOT-KNOWN"]}
    found = service_measures(frame_of(rows), HOSTS, systems=["QKK"], **options)
    assert found["service"].tolist() == ["2", "1"]
    assert found["self_sufficiency"].tolist() == [1.0, 0.25]
    assert found["import_share"].round(4).tolist() == [round(5 / 65, 4), 0.0]
    assert found["is_whole"].all()
    part = service_measures(frame_of(rows), HOSTS, systems=["QKK"], **{**options, "whole": []})
    assert part["self_sufficiency"].isna().all()
    assert part["resident"].tolist() == [60, 40]


@pytest.mark.parametrize("seed", range(10))
def test_services_measure_as_the_twin_says(seed):
    rows = [row for row in random_flows(seed) if row["amount"] is not None]
    options = {"measure": "amount", "systems": ["QKK", "QWE"], "whole": SYSTEMS, "not_known": ["NOT-KNOWN"]}
    for row in service_measures(frame_of(rows), HOSTS, **options).to_dict("records"):
        own = [one for one in known(rows) if one["service"] == row["service"]]
        expected = twin.area_measures(own, HOST_OF, {"QKK", "QWE"}, "amount")
        for name in ("resident", "home_provider", "retained", "imports", "import_share", "hhi"):
            assert same(row[name], expected[name]), name


@pytest.mark.parametrize("seed", range(15))
def test_providers_measure_as_the_twin_says(seed):
    rows = [row for row in random_flows(seed) if row["amount"] is not None]
    if not known(rows):
        pytest.skip("nobody's home is known")
    frame = provider_measures(frame_of(rows), HOSTS, measure="amount", not_known=["NOT-KNOWN"])
    assert frame["amount"].astype(float).is_monotonic_decreasing
    for row in frame.to_dict("records"):
        expected = twin.provider_measures(known(rows), HOST_OF, row["provider"], "amount")
        for name in ("amount", "retained", "imports", "import_share", "top_share", "origin_hhi"):
            assert same(row[name], expected[name]), name
        assert row["top_home"] == expected["top_home"]
        own = [one for one in rows if one["provider"] == row["provider"]]
        total, absent = (sum(one["amount"] for one in some) for some in (own, [o for o in own if o not in known(own)]))
        assert same(row["not_known_share"], absent / total if total else None)


def test_a_provider_without_a_system_has_only_others():
    rows = frame_of([flow("QKK", "RXX", 8), flow("QWE", "RXX", 2)])
    [row] = provider_measures(rows, HOSTS, measure="amount", not_known=[]).to_dict("records")
    assert (row["system"], row["retained"], row["imports"]) == ("", 0, 10)
    assert (row["top_home"], row["top_share"]) == ("QKK", 0.8)
    assert row["top_amount"] == 8


@pytest.mark.parametrize("absent", ["home_system", "provider"])
def test_columns_that_are_not_there_are_named(absent):
    with pytest.raises(ValueError, match=absent):
        of_areas(frame_of([flow("QKK", "RJ1", 1)]).drop(columns=absent), HOSTS, AREAS)


def test_two_hosts_of_a_provider_are_refused():
    with pytest.raises(ValueError, match="more than one row"):
        of_areas(frame_of([flow("QKK", "RJ1", 1)]), pd.concat([HOSTS, HOSTS]), AREAS)
