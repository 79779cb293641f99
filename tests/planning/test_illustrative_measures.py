"""Measures of flow of the illustrative extracts, as every page of them shows, against loops over single facts."""

import pandas as pd
import pytest

from planning.calculations.homes import NOT_KNOWN
from planning.models import Footprint, Place, Provider, Site, System
from planning.queries import reference
from presentation.figure import figure_named
from presentation.run import run_figure
from tests.planning.twins import explorer as slow
from tests.planning.twins.positions import Facts
from tests.readers import Reader

pytestmark = pytest.mark.django_db
YEAR = "2025/26"
OWN = ("QKK", "QWE")
MEASURES = [("cost", "", "actual_price"), ("activity", "_activity", "actual_activity")]
AMOUNTS = ("resident", "home_provider", "retained", "imports", "exports", "net")


@pytest.fixture(scope="module")
def facts(illustrative) -> list[dict]:
    """Specialised facts of a year whose home is known; activity is that of admitted spells alone."""
    read = Facts(illustrative)
    chosen = [row for row in read.chosen({}) if row["year"] == YEAR and row["home_system"] != NOT_KNOWN]
    return [
        {**row, "actual_activity": row["actual_activity"] if read.units.get(row["point_of_delivery"]) == "SPELL" else None}
        for row in chosen
    ]


@pytest.fixture(scope="module")
def host_of(illustrative) -> dict:
    return dict(Provider.objects.values_list("code", "system_id"))


def shown(name: str, position: int, **filters) -> pd.DataFrame:
    asked = {"position": position, "year": YEAR, **filters}
    return run_figure(figure_named(name), Reader(), asked, page=True).frame


def alike(found, expected) -> bool:
    """Loops give nought where every amount of a group is missing, which the product calls missing."""
    if pd.isna(found):
        return not expected
    return expected is not None and float(found) == pytest.approx(float(expected), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("what", "end", "measure"), MEASURES)
def test_systems_are_those_of_the_loops(illustrative, facts, host_of, what, end, measure):
    frame = shown(f"system_measures{end}", illustrative, measure=what).set_index("system")
    assert set(OWN) <= set(frame.index)
    for system, row in frame.iterrows():
        expected = slow.area_measures(facts, host_of, {system}, measure)
        assert alike(row["resident"], expected["resident"]), system
        if row["is_whole"] and not row["is_alone"]:
            for name, value in expected.items():
                assert alike(row[name], value), (system, name)
        else:
            assert row[["exports", "net", "self_sufficiency"]].isna().all()


@pytest.mark.parametrize(("what", "end", "measure"), MEASURES)
def test_what_systems_send_and_receive_among_themselves_nets_to_nought(illustrative, facts, host_of, what, end, measure):
    """Every home and every host taken together: each flow is counted once as an import and once as an export."""
    everyone = {row["home_system"] for row in facts} | {host_of[row["provider"]] for row in facts}
    nets = [slow.area_measures(facts, host_of, {area}, measure)["net"] for area in everyone]
    assert sum(nets) == 0
    frame = shown(f"system_measures{end}", illustrative, measure=what).set_index("system")
    assert frame.loc[list(OWN), "net"].notna().all()
    assert {int(frame.loc[s, "net"]) for s in OWN} <= {int(net) for net in nets}


@pytest.mark.parametrize(("what", "end", "measure"), MEASURES)
def test_footprints_are_those_of_the_loops_over_their_systems(illustrative, facts, host_of, what, end, measure):
    frame = shown(f"footprint_measures{end}", illustrative, measure=what).set_index("footprint")
    assert len(frame) == Footprint.objects.count()
    for footprint, row in frame.iterrows():
        systems = set(Footprint.systems.through.objects.filter(footprint=footprint).values_list("system", flat=True))
        expected = slow.area_measures(facts, host_of, systems, measure)
        assert alike(row["resident"], expected["resident"]), footprint
        if row["is_whole"]:
            for name in ("home_provider", "retained", "imports", "import_share"):
                assert alike(row[name], expected[name]), (footprint, name)


@pytest.mark.parametrize(("what", "end", "measure"), MEASURES)
def test_services_are_those_of_the_loops_for_south_london_as_one(illustrative, facts, host_of, what, end, measure):
    frame = shown(f"service_measures{end}", illustrative, measure=what).set_index("service")
    assert len(frame) > 30
    for service, row in frame.iterrows():
        own = [fact for fact in facts if fact["service"] == service and fact[measure] is not None]
        if not own:
            # Nothing of it is counted in spells, which is not nought.
            assert pd.isna(row["retained"]) or row["retained"] == 0, service
            continue
        expected = slow.area_measures(own, host_of, set(OWN), measure)
        assert alike(row["resident"], expected["resident"]), service
        for name in ("home_provider", "retained", "imports", "hhi", "effective_providers"):
            assert alike(row[name], expected[name]), (service, name)
        assert pd.isna(row["retained"]) or alike(row["import_share"], expected["import_share"]), service


@pytest.mark.parametrize(("what", "end", "measure"), MEASURES)
def test_providers_are_those_of_the_loops(illustrative, facts, host_of, what, end, measure):
    frame = shown(f"provider_measures{end}", illustrative, measure=what).set_index("provider")
    assert set(frame.index) == {fact["provider"] for fact in facts}
    for provider, row in frame.iterrows():
        if all(fact[measure] is None for fact in facts if fact["provider"] == provider):
            assert pd.isna(row["amount"]), provider
            continue
        expected = slow.provider_measures(facts, host_of, provider, measure)
        for name in ("amount", "retained", "imports", "import_share", "top_share", "origin_hhi"):
            assert alike(row[name], expected[name]), (provider, name)
        assert (row["top_home"] or None) == expected["top_home"], provider


@pytest.mark.parametrize("system", OWN)
def test_how_far_residents_travel_is_that_of_the_loops(illustrative, facts, system):
    frame = shown("system_measures", illustrative, measure="cost").set_index("system")
    places = {code: (lat, lon) for code, lat, lon in Place.objects.values_list("code", "latitude", "longitude")}
    systems = {code: (lat, lon) for code, lat, lon in System.objects.values_list("code", "latitude", "longitude")}
    trusts = {code: (lat, lon) for code, lat, lon in Provider.objects.values_list("code", "latitude", "longitude")}
    sites = {code: (lat, lon) for code, lat, lon in Site.objects.exclude(code="").values_list("code", "latitude", "longitude")}

    def way(fact):
        here = places.get(fact["home_place"]) or systems.get(fact["home_system"])
        there = sites.get(fact["site"]) or trusts.get(fact["provider"])
        return slow.kilometres(here or (None, None), there or (None, None))

    flows: dict = {}
    for fact in facts:
        if fact["home_system"] == system:
            flow = (fact["home_place"], fact["provider"], fact["site"])
            flows[flow] = (flows.get(flow, (0,))[0] + (fact["actual_price"] or 0), way(fact))
    expected = slow.travelled(list(flows.values()))
    row = frame.loc[system]
    assert alike(row["mean_km"], expected["mean"])
    assert alike(row["median_km"], expected["median"])
    assert alike(row["km_covered"], expected["covered"])
    assert 0 < expected["mean"] < 60


@pytest.mark.parametrize("filters", [{}, {"programme_of_care": ["A"]}, {"from_month": "4", "to_month": "6"}], ids=str)
def test_the_explorer_shows_every_flow_and_no_other(illustrative, facts, filters):
    frame = shown("flow_dashboard", illustrative, **{"measure": "cost", **filters})
    months = range(int(filters.get("from_month", 1)), int(filters.get("to_month", 13)) + 1)
    programmes = filters.get("programme_of_care")
    expected: dict = {}
    for fact in facts:
        if fact["month"] in months and (not programmes or fact["programme_of_care"] in programmes):
            pair = (fact["home_system"], fact["provider"])
            expected[pair] = expected.get(pair, 0) + (fact["actual_price"] or 0)
    found = {(r["home"], r["provider"]): int(r["actual_price"]) for r in frame.to_dict("records") if r["home"] != NOT_KNOWN}
    assert found == expected


def test_both_own_systems_are_known_to_be_whole(illustrative):
    """What the loops above compare only where it is shown is shown for both."""
    frame = shown("system_measures", illustrative, measure="cost").set_index("system")
    assert set(reference.own_systems()) == set(OWN)
    assert bool(frame.loc[list(OWN), "is_whole"].all())
    assert not bool(frame.loc[list(OWN), "is_alone"].any())
