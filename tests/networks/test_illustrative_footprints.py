"""Footprints of the illustrative extracts: the four pilots beside their documents, and every service against slow walks."""

import pandas as pd
import pytest

from networks.figures.footprints import service_scope
from networks.models import Network
from networks.queries import regions_of_homes, regions_of_systems, stated_systems
from planning.calculations.homes import NOT_KNOWN
from presentation.figure import Mode, figure_named
from presentation.run import run_figure
from tests.networks.twins import footprints as slow
from tests.planning.twins.positions import Facts

pytestmark = pytest.mark.django_db
YEAR = "2025/26"
# What the documents of 2021 say: systems, whether "at least", regions. HIV is "South London": its two systems as listed.
DOCUMENTS = {"hiv": (None, False, None), "neurosciences": (2, False, 2), "renal": (3, True, 2), "cardiac": (6, False, 2)}
# What 24,000 illustrative rows give for 2025/26 at 90% of cost: systems, other homes, regions, beside what is stated.
FOUND = {
    "hiv": (3, 0, 2, "More than stated"),
    "neurosciences": (3, 0, 2, "More than stated"),
    "renal": (5, 0, 2, "As stated"),
    "cardiac": (6, 0, 2, "As stated"),
}


class Reader:
    user = None

    def __init__(self, mode=Mode.INSIDE):
        self.mode = mode


def run(name, position, mode=Mode.INSIDE, **filters):
    return run_figure(figure_named(name), Reader(mode), {"position": position, "year": YEAR, **filters}, page=True)


@pytest.fixture(scope="module")
def facts(illustrative) -> list[dict]:
    """Every specialised fact with its service, in the systems of its day and in those of today."""
    read = Facts(illustrative)
    then = read.chosen({})
    today = {row["id"]: row["home_group"] for row in read.chosen({"geography": "today"})}
    return [{**row, "today": today[row["id"]]} for row in then]


def sums(rows, key, measure="actual_price") -> dict:
    """Sums by a key (a column or a function), homes that are not known left out."""
    found: dict = {}
    for row in rows:
        if row["home_group"] != NOT_KNOWN and row[measure] is not None:
            name = key(row) if callable(key) else row[key]
            found[name] = found.get(name, 0) + row[measure]
    return found


def of_service(facts, service, year=YEAR) -> list[dict]:
    return [row for row in facts if row["service"] == service and (year is None or row["year"] == year)]


def services(facts) -> list[str]:
    return sorted({row["service"] for row in facts if row["year"] == YEAR})


def place_of(row) -> str:
    return row["home_place"] or row["home_group"]


@pytest.mark.parametrize(("network", "expected"), DOCUMENTS.items())
def test_what_the_documents_of_the_pilots_say_is_kept(illustrative, network, expected):
    found = Network.objects.get(pk=network)
    assert (found.documented_systems, found.documented_at_least, found.documented_regions) == expected


@pytest.mark.parametrize(("network", "expected"), FOUND.items())
def test_the_pilots_beside_what_the_illustrative_flows_give(illustrative, network, expected):
    frame = run("network_comparison", illustrative, network=network).frame.set_index("footprint")
    row = frame.loc["90"]
    assert (row["systems"], row["others"], row["regions"], row["verdict"]) == expected
    said = DOCUMENTS[network]
    document = frame.loc["document"]
    assert (None if pd.isna(document["systems"]) else document["systems"]) == said[0]
    assert frame.loc["stated", "systems"] == (said[0] or 2)


@pytest.mark.parametrize("network", FOUND)
def test_the_title_of_a_pilot_names_both_footprints(illustrative, network):
    result = run("network_comparison", illustrative, network=network)
    systems, _, regions, _ = FOUND[network]
    assert result.title.startswith(f"90% of its flow takes {systems} systems in {regions} regions; ")
    assert ("its document says" in result.title) == (DOCUMENTS[network][0] is not None)
    assert ("its source lists 2 systems in 1 region" in result.title) == (network == "hiv")


@pytest.mark.parametrize("network", FOUND)
def test_the_page_of_a_pilot_shows_the_two_side_by_side(illustrative, signed_in, programme_team, network):
    text = signed_in(programme_team).get(f"/networks/{network}/?year={YEAR}").content.decode()
    assert "In the words of its document" in text
    assert "Stated systems, as listed" in text
    assert "Fewest homes for 90% of its flow" in text
    assert FOUND[network][3] in text


@pytest.mark.parametrize("network", FOUND)
def test_footprints_of_pilots_are_those_of_the_slow_walk(illustrative, facts, network):
    planned = set(service_codes(network))
    own = sums([row for row in facts if row["service_code"] in planned and row["year"] == YEAR], "home_group")
    frame = run("network_comparison", illustrative, network=network).frame.set_index("footprint")
    whole = sum(own.values())
    for share in (50, 80, 90, 95):
        homes = slow.footprint(own, share)
        row = frame.loc[str(share)]
        assert row["systems"] + row["others"] == len(homes)
        assert row["regions"] == slow.regions_of(homes, regions_of_systems())
        assert row["actual_price"] == sum(own[home] for home in homes)
        assert row["price_share"] == pytest.approx(sum(own[home] for home in homes) / whole)


def service_codes(network) -> list[str]:
    from networks.queries import network_scope

    return network_scope(network)["service_code"].tolist()


@pytest.mark.parametrize("network", FOUND)
def test_delivery_of_pilots_is_that_of_the_slow_walk(illustrative, facts, network):
    planned = set(service_codes(network))
    delivered: dict = {}
    for row in facts:
        if row["service_code"] in planned and row["year"] == YEAR and row["actual_price"] is not None:
            delivered[row["provider"]] = delivered.get(row["provider"], 0) + row["actual_price"]
    frame = run("network_delivery", illustrative, network=network).frame
    assert frame.loc[frame["needed"] != "", "provider"].tolist() == slow.delivering(delivered)
    assert dict(zip(frame["provider"], frame["actual_price"], strict=True)) == delivered


@pytest.fixture(scope="module")
def table(illustrative) -> pd.DataFrame:
    return run("footprints", illustrative).frame.set_index("service")


def test_every_service_with_a_flow_is_in_the_table_once(table, facts):
    assert sorted(table.index) == services(facts)


def test_the_footprint_of_every_service_is_that_of_the_slow_walk(table, facts):
    regions = regions_of_systems()
    for service in services(facts):
        own = sums(of_service(facts, service), "home_group")
        for share in (50, 80, 90, 95):
            number = table.loc[service, f"homes_{share}"]
            assert (0 if pd.isna(number) else number) == len(slow.footprint(own, share)), (service, share)
        if sum(own.values()) > 0:
            assert table.loc[service, "regions"] == slow.regions_of(slow.footprint(own, 90), regions)


def test_the_level_of_every_service_is_that_of_trying_each_in_turn(illustrative, facts):
    from networks.charts import LEVEL_WORDS

    regions = regions_of_systems()
    for share in (50, 80, 90, 95):
        frame = run("footprints", illustrative, threshold=str(share)).frame.set_index("service")
        for service in services(facts):
            rows = of_service(facts, service)
            places = sums([row for row in rows if row["home_place"]], "home_place")
            level = slow.level(sums(rows, "home_group"), places, share, regions)
            said = frame.loc[service, "natural_level"]
            assert (None if pd.isna(said) else said) == (LEVEL_WORDS[level] if level else None), (service, share)


def test_the_stability_of_every_service_is_that_of_the_slow_walk(table, facts):
    for service in services(facts):
        rows = of_service(facts, service, None)
        years = {year: sums([r for r in rows if r["year"] == year], "today") for year in {r["year"] for r in rows}}
        walked = slow.stability(years, 90)
        if walked is None:
            assert pd.isna(table.loc[service, "years"])
            continue
        row = table.loc[service]
        assert row["years"] == walked["years"], service
        assert row["span"] == (
            f"{walked['fewest']}" if walked["fewest"] == walked["most"] else f"{walked['fewest']} to {walked['most']}"
        )
        assert pd.isna(row["overlap"]) if walked["overlap"] is None else row["overlap"] == pytest.approx(walked["overlap"])


def test_planning_and_delivery_footprints_are_those_of_the_slow_walk(table, facts):
    scope, stated = service_scope(), stated_systems()
    for service in services(facts):
        rows = of_service(facts, service)
        networks = set(scope.loc[scope["service"] == service, "network"])
        systems = {s for n, s in zip(stated["network"], stated["system"], strict=True) if n in networks}
        named = {s for n, s, f in stated.itertuples(index=False) if n in networks and not f}
        number = table.loc[service, "stated_number"]
        assert (0 if pd.isna(number) else number) == len(named)
        share = slow.stated_share(sums(rows, "home_group"), list(systems))
        if named and share is not None:
            assert table.loc[service, "stated_share"] == pytest.approx(share)
        else:
            assert pd.isna(table.loc[service, "stated_share"])
        delivered: dict = {}
        for row in rows:
            if row["actual_price"] is not None:
                delivered[row["provider"]] = delivered.get(row["provider"], 0) + row["actual_price"]
        found = table.loc[service, "providers_90"]
        assert (0 if pd.isna(found) else found) == len(slow.delivering(delivered)), service


def test_footprints_by_places_are_those_of_the_slow_walk(illustrative, facts):
    frame = run("footprints", illustrative, level="place", threshold="80").frame.set_index("service")
    for service in services(facts):
        own = sums(of_service(facts, service), place_of)
        number = frame.loc[service, "homes_80"]
        assert (0 if pd.isna(number) else number) == len(slow.footprint(own, 80)), service
        if sum(own.values()) > 0:
            assert frame.loc[service, "regions"] == slow.regions_of(slow.footprint(own, 80), regions_of_homes())


def test_levels_add_up_to_every_service_and_all_of_the_money(illustrative, table):
    frame = run("footprint_levels", illustrative).frame
    assert frame["services"].sum() == len(table)
    assert frame["actual_price"].sum() == table["actual_price"].sum()
    assert frame["price_share"].dropna().sum() == pytest.approx(1)


@pytest.mark.parametrize("service", ["7", "none-a05", "15"])
def test_one_services_footprint_is_its_row_in_the_table(illustrative, table, service):
    result = run("service_footprint", illustrative, service=[service])
    needed = result.frame[result.frame["needed"].isin(["50%", "80%", "90%"])]
    number = table.loc[service, "homes_90"] if service in table.index else None
    assert len(needed) == (0 if number is None or pd.isna(number) else number)
    years = run("service_footprint_years", illustrative, service=[service]).frame
    if service in table.index and not pd.isna(table.loc[service, "years"]):
        assert len(years) == table.loc[service, "years"]
        counts = years["homes_needed"]
        assert table.loc[service, "span"] in (f"{counts.min()}", f"{counts.min()} to {counts.max()}")


def test_outside_the_homes_of_a_few_people_are_not_named(illustrative):
    inside, outside = (run("footprints", illustrative, mode).frame for mode in (Mode.INSIDE, Mode.OUTSIDE))
    assert len(inside) == len(outside)
    hidden = outside["footprint_names"].map(str) == "*"
    assert (outside.loc[hidden, "all_footprint_names"].map(str) == "*").all()
    assert not (inside["footprint_names"].map(str) == "*").any()
