"""The footprint finder and the comparisons of networks as pages and figures."""

import pandas as pd
import pytest

from networks import charts
from networks.figures.comparison import comparison_title
from networks.models import Network, NetworkScope
from networks.queries import (
    members_of,
    network_scope,
    networks_of_provider,
    networks_planning,
    regions_of_homes,
    short_names_of_systems,
    stated_successors,
    systems_of_homes,
)
from planning.models import Place, ReportingPosition, System
from presentation.disclosure import HIDDEN
from presentation.figure import Mode, figure_named
from presentation.run import FiltersInvalid, run_figure
from tests.positions import fact, publish

pytestmark = pytest.mark.django_db
CARDIAC, SERVICE = "NCBPS13B", "7"
HOMES = {"QKK": 50, "QKS": 30, "QRV": 12, "REST": 8}


class Reader:
    user = None

    def __init__(self, mode=Mode.INSIDE):
        self.mode = mode


def run(name, mode=Mode.INSIDE, **filters):
    return run_figure(figure_named(name), Reader(mode), filters, page=True)


def facts_of(homes=HOMES, *, year="2025/26", code=CARDIAC, provider="RJ1", months=range(1, 13), **more):
    return [
        fact(year=year, month=month, provider=provider, service_code=code, home_system=home, actual=n, spells=n, **more)
        for home, n in homes.items()
        for month in months
    ]


@pytest.fixture
def loaded(reference):
    """Three years of cardiac care, whose second footprint has another home in it; and HIV at another provider."""
    years = [
        *facts_of(year="2023/24"),
        *facts_of({"QKK": 50, "QWE": 42, "REST": 8}, year="2024/25"),
        *facts_of(),
        *facts_of({"QWE": 20}, code="NCBPS14A", provider="RJ7"),
        *facts_of({"NOT-KNOWN": 100}),
    ]
    return publish(years)


@pytest.fixture
def table(loaded):
    return run("footprints").frame.set_index("service")


class TestTable:
    def test_each_service_with_its_footprint(self, table):
        row = table.loc[SERVICE]
        assert [row[f"homes_{share}"] for share in (50, 80, 90, 95)] == [1, 2, 3, 4]
        assert row["natural_level"] == charts.LEVEL_WORDS["regions"]
        assert row["regions"] == 2
        assert row["actual_price"] == 200 * 12 * 10_000

    def test_homes_not_known_are_left_out_and_said(self, table):
        assert table.loc[SERVICE, "not_known_share"] == pytest.approx(0.5)
        assert "Not known" not in table.loc[SERVICE, "all_footprint_names"]
        notes = " ".join(run("footprints").notes)
        assert "50.0% at most" in notes

    def test_the_rest_of_england_is_labelled(self, table):
        assert table.loc[SERVICE, "beyond_share"] == pytest.approx(0.08)
        assert "Rest of England" in run("footprints", threshold="95").frame.set_index("service").loc[SERVICE, "footprint_names"]
        assert "count as one home each and as no region" in " ".join(run("footprints").notes)

    def test_how_stable_it_was(self, table):
        row = table.loc[SERVICE]
        # QKK, QKS, QRV · QKK, QWE · QKK, QKS, QRV: one of four homes in every year.
        assert (row["years"], row["span"], row["stability"]) == (3, "2 to 3", "Changing")
        assert row["overlap"] == pytest.approx(0.25)
        assert table.loc["16", "stability"] == "One year only"

    def test_who_plans_it_and_who_delivers_it(self, table):
        row = table.loc[SERVICE]
        assert "Cardiac" in row["planned_by"]
        assert row["stated_number"] == 6
        assert row["stated_share"] == pytest.approx(0.8)
        assert (row["providers_90"], row["provider_names"]) == (1, "Guy's and St Thomas'")

    def test_names_link_to_the_page_of_the_service_and_files_hold_none(self, signed_in, programme_team, loaded):
        client = signed_in(programme_team)
        assert f'<a href="/services/{SERVICE}/">' in client.get("/networks/footprints/").content.decode()
        assert "href" not in client.get("/figure/footprints.csv").content.decode()

    def test_links_of_an_older_position_stay_there(self, signed_in, programme_team, loaded):
        publish(facts_of())
        text = signed_in(programme_team).get(f"/networks/footprints/?position={loaded}").content.decode()
        assert f'<a href="/services/{SERVICE}/?position={loaded}">' in text

    def test_a_programme_of_care_narrows_it(self, loaded):
        assert run("footprints", programme_of_care=["F"]).frame["service"].tolist() == ["16"]

    def test_thresholds_change_level_and_homes(self, loaded):
        half = run("footprints", threshold="50").frame.set_index("service").loc[SERVICE]
        assert half["natural_level"] == charts.LEVEL_WORDS["system"]
        assert half["footprint_names"] == short_names_of_systems()["QKK"]

    def test_activity_can_give_another_footprint_than_cost(self, reference):
        homes = [("QKK", 99, 1), ("QKS", 1, 99)]
        publish(
            [fact(month=m, service_code=CARDIAC, home_system=h, actual=a, spells=s) for h, a, s in homes for m in range(1, 13)]
        )
        names = {
            measure: run("footprints", measure=measure, threshold="50").frame["all_footprint_names"].tolist()
            for measure in ("cost", "activity")
        }
        assert names == {"cost": ["South East London"], "activity": ["Kent and Medway"]}

    def test_by_places_where_they_are_known(self, reference):
        place = Place.objects.filter(system="QKK").order_by("code").first()
        publish([
            *facts_of({"QKK": 95}, home_place=place.code),
            *facts_of({"QKK": 5}),
        ])  # fmt: skip
        row = run("footprints", level="place").frame.set_index("service").loc[SERVICE]
        assert (row["all_footprint_names"], row["natural_level"]) == (place.name, charts.LEVEL_WORDS["place"])

    def test_a_merger_is_no_change(self, reference):
        """Surrey Heartlands and Sussex are one system from April 2026; the footprint of both years is the same homes."""
        older = [
            fact(year="2025/26", month=m, service_code=CARDIAC, home="92A", home_system="QXU", actual=9) for m in range(1, 13)
        ]
        newer = [
            fact(year="2026/27", month=m, service_code=CARDIAC, home="92A", home_system="S9B9J", actual=9) for m in range(1, 7)
        ]
        publish([*older, *newer])
        ReportingPosition.objects.update(made_at="2026-11-01T12:00Z")
        row = run("footprints", year="2025/26").frame.set_index("service").loc[SERVICE]
        assert (row["years"], row["overlap"], row["stability"]) == (2, 1, "Stable")

    def test_outside_homes_of_few_people_are_hidden(self, reference):
        publish([fact(month=m, service_code=CARDIAC, home_system="QKK", actual=500, spells=1) for m in (1, 2, 3)])
        row = run("footprints", Mode.OUTSIDE).frame.iloc[0]
        assert row["footprint_names"] is HIDDEN
        assert row["all_footprint_names"] is HIDDEN
        assert row["actual_price"] is HIDDEN
        assert run("footprints").frame.iloc[0]["footprint_names"] == "SEL"

    def test_codes_of_no_listed_service_keep_their_money(self, reference):
        publish(facts_of(code="NOTLISTED"))
        row = run("footprints").frame.iloc[0]
        assert (row["service"], row["service_name"]) == ("", "Codes of no listed service")
        assert row["actual_price"] == 100 * 12 * 10_000

    @pytest.mark.parametrize(
        ("filters", "message"),
        [({"threshold": "91"}, "Share of the flow"), ({"level": "street"}, "Homes by"), ({"year": "1066"}, "Year")],
    )
    def test_wrong_filters_name_the_field(self, loaded, filters, message):
        with pytest.raises(FiltersInvalid, match=message):
            run("footprints", **filters)


class TestLevels:
    def test_every_level_stands_with_what_it_holds(self, loaded):
        frame = run("footprint_levels").frame.set_index("level")
        assert frame["services"].to_dict() == {"place": 0, "system": 1, "one_region": 0, "regions": 1, "national": 0}
        assert frame.loc["system", "actual_price"] == 20 * 12 * 10_000
        assert pd.isna(frame.loc["place", "actual_price"])
        assert frame.loc["system", "largest"]

    def test_services_of_unknown_homes_alone_have_no_level(self, reference):
        publish(facts_of({"NOT-KNOWN": 5}))
        frame = run("footprint_levels").frame.set_index("level")
        assert frame.loc["none", "services"] == 1
        assert frame.loc["none", "level_name"] == charts.NO_LEVEL

    @pytest.mark.parametrize(
        ("counts", "title"),
        [
            ({"system": 3, "regions": 1}, "One system makes up 90% of the flow in three of 4 services"),
            ({"national": 1}, "No set of loaded systems makes up 90% of the flow in one of 1 service"),
            ({"place": 2, "regions": 2}, "2 natural levels have 2 services each, for 90% of the flow"),
            ({"none": 2}, "No services with flows in what is chosen"),
            ({}, "No services with flows in what is chosen"),
        ],
    )
    def test_the_title_names_the_level_of_the_most_services(self, counts, title):
        levels = ["place", "system", "one_region", "regions", "national", "none"]
        drawn = pd.DataFrame({"level": levels, "value": [float(counts.get(level, 0)) for level in levels]})
        assert charts.levels_title(drawn, "90% of the flow") == title

    def test_the_sentence_counts_services_by_level_and_those_that_are_stable(self, signed_in, programme_team, loaded):
        said = signed_in(programme_team).get("/networks/footprints/").context["sentence"]
        assert said.startswith("For 90% of the flow of 2 services in 2025/26, 1 need one system and 1 need several regions.")
        assert said.endswith("None of 1 kept a stable footprint over the years loaded.")

    def test_the_page_stands_before_anything_is_published(self, signed_in, programme_team, reference):
        response = signed_in(programme_team).get("/networks/footprints/")
        assert response.status_code == 200
        assert "No service has a flow" in response.context["sentence"]
        assert "Nothing matches these filters" in response.content.decode()


class TestOneService:
    def test_its_homes_largest_first_with_what_they_make_up(self, loaded):
        frame = run("service_footprint", service=[SERVICE]).frame
        assert frame["home_system"].tolist() == ["QKK", "QKS", "QRV", "REST"]
        assert frame["covered"].tolist() == pytest.approx([0.5, 0.8, 0.92, 1.0])
        assert frame["needed"].tolist() == ["50%", "80%", "90%", "95%"]
        assert frame["stated"].tolist() == ["Stated", "Stated", "Not stated", "Not stated"]
        assert set(frame["natural_level"]) == {"regions"}

    def test_its_title_names_few_homes_and_counts_many(self, loaded):
        assert run("service_footprint", service=[SERVICE]).title == (
            "South East London, Kent and Medway and North West London make up 90% of its flow"
        )
        assert run("service_footprint", service=[SERVICE], threshold="95").title == (
            "Four homes in 2 regions make up 95% of its flow, most of all South East London"
        )

    def test_a_service_of_no_network_says_so(self, reference):
        publish(facts_of(code="NCBPS01A"))
        service = run("services", search="NCBPS01A").frame["service"].iloc[0]
        result = run("service_footprint", service=[service])
        if not networks_planning(service):
            assert set(result.frame["stated"]) == {"No network"}
            assert "No network that is loaded plans any code" in " ".join(result.notes)

    def test_a_service_without_a_flow(self, loaded):
        result = run("service_footprint", service=["1"])
        assert result.frame.empty
        assert result.title == "No flows of this service in what is chosen"
        assert run("service_footprint_years", service=["1"]).title == "No flows of this service in any year loaded"

    def test_a_service_must_be_named(self, loaded):
        with pytest.raises(FiltersInvalid, match="Choose a service"):
            run("service_footprint")

    def test_its_years_say_what_joined_and_what_left(self, loaded):
        frame = run("service_footprint_years", service=[SERVICE]).frame.set_index("year")
        assert frame["homes_90"].tolist() == [3, 2, 3]
        assert frame.loc["2024/25", "joined"] == "South West London"
        assert frame.loc["2024/25", "left"] == "Kent and Medway and North West London"
        assert frame.loc["2023/24", "joined"] == ""
        assert frame.loc["2025/26", "left"] == "South West London"

    @pytest.mark.parametrize(
        ("counts", "stability", "title"),
        [
            ([3, 2, 3], "Changing", "2 to 3 homes for 90% of its flow in each year loaded, and they change"),
            ([1, 1], "Stable", "1 home for 90% of its flow in each year loaded, and it stays the same"),
            ([4, 4], "Mostly stable", "4 homes for 90% of its flow in each year loaded, and most stay the same"),
            ([5], "One year only", "5 homes for 90% of its flow in the one year loaded"),
            ([], "", "No flows of this service in any year loaded"),
        ],
    )
    def test_the_title_of_its_years(self, counts, stability, title):
        frame = pd.DataFrame({"homes_needed": counts, "stability": stability})
        assert charts.service_years_title(frame, {"threshold": "90"}) == title

    def test_the_footprint_by_places_names_their_system(self, reference):
        place = Place.objects.filter(system="QKK").order_by("code").first()
        publish(facts_of({"QKK": 95}, home_place=place.code))
        row = run("service_footprint", service=[SERVICE], level="place").frame.iloc[0]
        assert (row["home_name"], row["system_name"], row["region"]) == (place.name, "South East London", "London")
        assert row["stated"] == "Stated"


class TestComparison:
    def test_the_stated_and_the_found_stand_side_by_side(self, loaded):
        frame = run("network_comparison", network="cardiac").frame.set_index("footprint")
        assert frame.loc["document", "systems"] == 6
        assert frame.loc["stated", "price_share"] == pytest.approx(0.8)
        assert frame.loc["90", "verdict"] == "Fewer than stated"
        assert frame.loc["90", "only_here"] == "North West London"
        assert "South West London" in frame.loc["90", "only_stated"]

    @pytest.mark.parametrize(
        ("homes", "network", "verdict"),
        [
            ({"QWE": 50, "QXU": 45, "QKK": 5}, "neurosciences", "As stated"),
            ({"QWE": 50, "QKK": 45, "QXU": 5}, "neurosciences", "Fewer than stated"),
            ({"QWE": 50, "QXU": 30, "QKK": 20}, "neurosciences", "More than stated"),
            ({"QWE": 50, "QXU": 40, "REST": 10}, "neurosciences", "As stated"),
            ({"QWE": 50, "QXU": 30, "REST": 20}, "neurosciences", "More than stated"),
            ({"QWE": 40, "QXU": 30, "QKK": 15, "QKS": 15}, "renal", "As stated"),
            ({"QKK": 60, "QWE": 40}, "hiv", "As stated"),
            ({"QKK": 60, "QXU": 40}, "hiv", "More than stated"),
        ],
    )
    def test_how_a_footprint_stands_beside_what_is_stated(self, reference, homes, network, verdict):
        code = network_scope(network)["service_code"].iloc[0]
        publish(facts_of(homes, code=code))
        frame = run("network_comparison", network=network).frame.set_index("footprint")
        assert frame.loc["90", "verdict"] == verdict

    def test_a_network_that_states_nothing_is_compared_with_nothing(self, loaded):
        Network.objects.create(code="bare", name="Bare", kind="Network")
        NetworkScope.objects.create(network_id="bare", service_code_id=CARDIAC, source="A test")
        result = run("network_comparison", network="bare")
        assert result.title == "90% of its flow takes 3 systems in 2 regions"
        assert set(result.frame["verdict"].fillna("")) <= {"Stated", ""}

    def test_the_title_says_the_rest_of_england_is_among_them(self):
        rows = [
            {"footprint": "document", "systems": 2, "regions": 2, "others": None, "homes": "x"},
            {"footprint": "stated", "systems": 2, "regions": 2, "others": 0, "homes": "x"},
            {"footprint": "90", "systems": 1, "regions": 1, "others": 1, "homes": "x"},
        ]
        said = comparison_title(pd.DataFrame(rows), {})
        assert said == "90% of its flow takes 1 system and 1 other home in 1 region; its document says 2 systems in 2 regions"

    def test_who_delivers_it(self, loaded):
        frame = run("network_delivery", network="cardiac").frame.set_index("provider")
        row = frame.loc["RJ1"]
        assert (row["system_name"], row["stated"], row["needed"]) == ("South East London", "Stated", "Needed for 90%")
        assert row["member"] == ("Member" if "RJ1" in members_of("cardiac") else "Not a member")

    @pytest.mark.parametrize(
        ("rows", "title"),
        [
            ([("Stated", "x")], "One provider delivers 90% of it, hosted in the stated footprint"),
            ([("Stated", "x"), ("Stated", "x")], "Two providers deliver 90% of it, all hosted in the stated footprint"),
            (
                [("Stated", "x"), ("Not stated", "x")],
                "Two providers deliver 90% of it, one of them hosted outside the stated footprint",
            ),
            ([("Not stated", "x")], "One provider delivers 90% of it, hosted outside the stated footprint"),
            ([("Not stated", "x"), ("Stated", "")], "One provider delivers 90% of it, hosted outside the stated footprint"),
            ([], "No provider delivers this network's services in what is chosen"),
        ],
    )
    def test_the_title_of_delivery(self, rows, title):
        assert charts.delivery_title(pd.DataFrame(rows, columns=["stated", "needed"])) == title


class TestReads:
    def test_every_place_has_a_region(self, reference):
        homes, systems = regions_of_homes(), systems_of_homes()
        assert all(homes[place] == homes[system] for place, system in systems.items())
        assert set(systems.values()) <= set(System.objects.values_list("code", flat=True))

    def test_what_followed_a_stated_system(self, reference):
        followed = stated_successors("cardiac")
        assert followed["S9B9J"] in {"QNX", "QXU", "QNQ"}

    def test_networks_that_plan_a_service_by_programme_or_by_code(self, reference):
        assert next(network.code for network in networks_planning(SERVICE)) == "cardiac"
        assert networks_planning("none") == []

    def test_networks_of_a_provider_are_those_it_belongs_to_or_hosts(self, reference):
        codes = [network.code for network in networks_of_provider("RJ1")]
        assert len(codes) == len(set(codes))
        assert "cardiac" in codes
        hosted = set(Network.objects.filter(host_provider="RJ1").values_list("code", flat=True))
        assert hosted <= set(codes)
        assert networks_of_provider("R1F") == []
