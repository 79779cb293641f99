"""The list of providers and the page of one: what they say, where it comes from, and what is said of what is not there."""

import re
from html import unescape

import pandas as pd
import pytest

from planning.models import Provider, Site
from presentation.disclosure import HIDDEN
from presentation.figure import Mode, figure_named
from presentation.run import FiltersInvalid, run_figure
from programme.figures.provider import NO_SITE
from programme.queries import provider as reads
from tests.positions import fact, publish

pytestmark = pytest.mark.django_db
CARDIAC, HIV = "NCBPS13B", "NCBPS14A"
SECTIONS = ["Plan and trend", "Services", "Homes of patients", "Sites", "What is loaded"]


class Reader:
    user = None

    def __init__(self, mode=Mode.INSIDE):
        self.mode = mode


def run(name, mode=Mode.INSIDE, **filters):
    return run_figure(figure_named(name), Reader(mode), filters, page=True)


def rows(year="2025/26", *, provider="RJ1", code=CARDIAC, actual=10, months=range(1, 13), **more):
    values = {"service_code": code, "actual": actual, "planned": 8, "spells": 10, **more}
    return [fact(year=year, month=month, provider=provider, **values) for month in months]


@pytest.fixture
def loaded(reference):
    """Guy's and St Thomas' with two services, three homes and a site; King's with one of the services."""
    return publish([
        *rows(),
        *rows(home_system="QKS", actual=6, site="RJ121"),
        *rows(home_system="NOT-KNOWN", actual=4),
        *rows(code=HIV, actual=5),
        *rows("2024/25", actual=20),
        *rows("2026/27", months=range(1, 4)),
        *rows(provider="RJZ", actual=20),
    ])  # fmt: skip


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return unescape(response.content.decode())


class TestList:
    def test_every_provider_is_listed_those_that_are_loaded_first(self, loaded):
        frame = run("providers").frame
        assert frame["provider"].tolist()[:2] == ["RJ1", "RJZ"]
        assert len(frame) == Provider.objects.count()
        assert frame["loaded"].tolist()[:2] == ["Loaded", "Loaded"]

    def test_which_extracts_are_expected_and_not_in(self, loaded):
        states = run("providers").frame.set_index("provider")["loaded"]
        assert states["RJ7"] == "Expected"
        assert states["RPA"] == "Not expected"

    def test_what_each_was_paid_and_since_when_it_grew(self, loaded):
        row = run("providers").frame.set_index("provider").loc["RJ1"]
        assert row["actual_price"] == 25 * 12 * 10_000
        assert row["price_share"] == pytest.approx(25 / 45)
        assert row["change_share"] == pytest.approx(0.25)

    @pytest.mark.parametrize("words", ["guy's", "RJ1", "evelina", "thomas foundation"])
    def test_it_is_searched_by_name_code_and_site(self, loaded, words):
        frame = run("providers", search=words).frame
        assert "RJ1" in frame["provider"].tolist()
        assert "RJZ" not in frame["provider"].tolist()

    def test_what_a_search_finds_rests_on_its_own_rows(self, loaded):
        figure = figure_named("providers")
        assert figure.rows(run("providers", search="RJZ").filters)["provider"] == ["RJZ"]
        assert figure.rows(run("providers", search="nobody").filters)["provider"] == ["NONE"]

    def test_the_page_leads_to_every_provider(self, signed_in, programme_team, loaded):
        text = page(signed_in(programme_team), "/providers/")
        assert '<a href="/providers/RJ1/">' in text

    def test_the_page_begins_with_who_was_paid_what(self, signed_in, programme_team, loaded):
        said = signed_in(programme_team).get("/providers/").context["sentence"]
        assert said == (
            "2 providers were paid £540 for specialised services in 2025/26, Guy's and St Thomas' NHS Foundation Trust 56% of it."
        )

    def test_it_stands_before_anything_is_published(self, signed_in, programme_team, reference):
        response = signed_in(programme_team).get("/providers/")
        assert response.status_code == 200
        assert "none with any cost" in response.context["sentence"]


class TestOneProvider:
    def test_everything_stands_on_one_page(self, signed_in, programme_team, loaded):
        text = page(signed_in(programme_team), "/providers/RJ1/")
        for section in SECTIONS:
            assert f">{section}</h2>" in text
        for words in ("Organisation code", "Hosted by", "Market forces factor", "Came before it", "Networks it belongs to"):
            assert words in text
        assert '<a href="/providers/RT3/">Royal Brompton and Harefield' in text
        assert 'href="/networks/cardiac/"' in text

    def test_it_begins_with_what_it_was_paid_and_on_whom_it_depends(self, signed_in, programme_team, loaded):
        said = signed_in(programme_team).get("/providers/RJ1/").context["sentence"]
        assert said.startswith("This provider was paid £300, £84 (21.9%) ")
        assert "less than planned, for 2 services in 2025/26." in said
        assert said.endswith("60% of that was for people of South East London.")

    def test_every_figure_of_the_page_is_of_this_provider(self, signed_in, programme_team, loaded):
        results = signed_in(programme_team).get("/providers/RJ1/?provider=RJZ").context["results"]
        assert len(results) == 7
        assert all(result.filters["provider"] == ["RJ1"] for result in results.values())

    def test_its_services_with_its_share_of_each(self, loaded):
        frame = run("provider_services", provider=["RJ1"]).frame.set_index("service")
        assert frame["price_share"].to_dict() == pytest.approx({"7": 0.8, "16": 0.2})
        assert frame["service_share"].to_dict() == pytest.approx({"7": 0.5, "16": 1.0})

    def test_how_much_it_depends_on_each_home(self, loaded):
        frame = run("provider_homes", provider=["RJ1"]).frame.set_index("home_system")
        assert frame["price_share"].to_dict() == pytest.approx({"QKK": 0.6, "QKS": 0.24, "NOT-KNOWN": 0.16})
        assert frame.loc["NOT-KNOWN", "home_name"] == "Not known"
        assert run("provider_homes", provider=["RJ1"]).title == "South East London has 60% of its specialised care"

    def test_plan_against_actual_by_month_and_programme(self, loaded):
        months = run("spend_by_month", provider=["RJ1"]).frame
        assert months["actual_price"].tolist() == [25 * 10_000] * 12
        assert months["planned_price"].tolist() == [32 * 10_000] * 12
        assert months["before_price"].tolist() == [20 * 10_000] * 12
        programmes = run("spend_by_programme_of_care", provider=["RJ1"], year="2025/26").frame
        assert programmes["actual_price"].sum() == months["actual_price"].sum()

    def test_which_months_are_in_and_at_which_point(self, loaded):
        frame = run("provider_coverage", provider=["RJ1"]).frame.set_index("year")
        assert frame.index.tolist() == ["2026/27", "2025/26", "2024/25"]
        assert frame["months_in"].to_dict() == {"2026/27": 3, "2025/26": 12, "2024/25": 12}
        assert frame.loc["2025/26", "actual_price"] == 25 * 12 * 10_000

    def test_coverage_is_of_all_care(self, reference):
        other = {"service_category": "12", "service_code": "99999999"}
        publish([*rows(), fact(actual=7, **other)])
        frame = run("provider_coverage", provider=["RJ1"]).frame.set_index("year")
        assert frame.loc["2025/26", "actual_price"] == (10 * 12 + 7) * 10_000

    def test_its_sites_those_without_a_code_too(self, loaded):
        frame = run("provider_sites", provider=["RJ1"]).frame
        named = set(Site.objects.filter(provider="RJ1").values_list("name", flat=True))
        assert named <= set(frame["site_name"])
        by_name = frame.set_index("site_name")
        assert by_name.loc["Guy's Hospital", "actual_price"] == 6 * 12 * 10_000
        assert by_name.loc[NO_SITE, "actual_price"] == 19 * 12 * 10_000
        assert frame["price_share"].dropna().sum() == pytest.approx(1)

    def test_a_site_that_is_not_listed_keeps_its_money(self, reference):
        publish(rows(site="RJ1ZZ"))
        frame = run("provider_sites", provider=["RJ1"]).frame.set_index("site_name")
        assert frame.loc["Site RJ1ZZ", "actual_price"] == 10 * 12 * 10_000

    def test_services_are_links_to_their_pages(self, signed_in, programme_team, loaded):
        assert '<a href="/services/7/">' in page(signed_in(programme_team), "/providers/RJ1/")

    def test_a_provider_without_extracts_says_so_and_shows_what_is_known(self, signed_in, programme_team, loaded):
        text = page(signed_in(programme_team), "/providers/RPA/")
        assert "No extract of Medway is in this position, and the programme expects none" in text
        assert "Organisation code" in text
        assert "There is a problem" not in text
        expected = page(signed_in(programme_team), "/providers/RJ7/")
        assert "No extract of St George's is in this position." in expected

    def test_a_merged_provider_leads_to_the_one_that_followed_it(self, signed_in, programme_team, loaded):
        text = page(signed_in(programme_team), "/providers/RT3/")
        assert '<a href="/providers/RJ1/">' in text
        assert "Until 31 January 2021" in text

    def test_a_provider_that_joined_later_is_not_loaded_at_an_older_position(self, signed_in, programme_team, loaded):
        publish(rows(provider="RJ7"))
        client = signed_in(programme_team)
        assert "No extract of St George's" not in page(client, "/providers/RJ7/")
        assert "No extract of St George's" in page(client, f"/providers/RJ7/?position={loaded}")

    def test_it_stands_before_anything_is_published(self, signed_in, programme_team, reference):
        assert "No extract of" in page(signed_in(programme_team), "/providers/RJ1/")

    def test_a_figure_of_one_provider_must_name_it(self, loaded):
        with pytest.raises(FiltersInvalid, match="Choose a provider"):
            run("provider_homes")

    def test_outside_money_of_few_people_is_hidden(self, reference):
        publish([fact(month=m, service_code=CARDIAC, actual=500, spells=1) for m in (1, 2)])
        for name in ("provider_services", "provider_homes", "provider_sites"):
            frame = run(name, Mode.OUTSIDE, provider=["RJ1"]).frame
            assert HIDDEN in frame["actual_price"].tolist(), name

    @pytest.mark.parametrize("query", ["year=1066", "measure=x", "geography=x", "position=99"])
    def test_wrong_filters_name_the_field(self, signed_in, programme_team, loaded, query):
        assert "There is a problem" in page(signed_in(programme_team), f"/providers/RJ1/?{query}")


class TestUnknown:
    def test_an_unknown_code_is_not_found_and_can_be_searched_for(self, signed_in, programme_team, reference):
        response = signed_in(programme_team).get("/providers/kings/")
        text = unescape(response.content.decode())
        assert response.status_code == 404
        assert re.search(r'<form method="get" action="/providers/"', text)

    def test_a_code_written_small_leads_on(self, signed_in, programme_team, reference):
        response = signed_in(programme_team).get("/providers/rj1/")
        assert (response.status_code, response.url) == (302, "/providers/RJ1/")

    def test_a_site_leads_to_its_provider(self, signed_in, programme_team, reference):
        text = signed_in(programme_team).get("/providers/evelina/").content.decode()
        assert 'href="/providers/RJ1/"' in text


class TestReads:
    def test_facts_say_not_known_where_they_are_not(self, reference):
        facts = dict(reads.provider_facts(Provider.objects.get(pk="R1F")))
        assert (facts["Kind"], facts["Hosted by"]) == ("", "")
        assert facts["Extracts expected"] == "No"

    def test_market_forces_factors_say_what_is_assumed(self, reference):
        said = reads.market_forces_words("RJ1")
        years = [year for year, _ in said]
        assert years == sorted(years, reverse=True)
        assert all(re.fullmatch(r"\d\.\d{4}( \(assumed\))?", words) for _, words in said)
        assert reads.market_forces_words("NOBODY") == []

    def test_every_provider_is_found_by_its_own_code(self, reference):
        frame = reads.all_providers()
        assert all(code.casefold() in text for code, text in zip(frame["provider"], frame["search"], strict=True))
        assert frame["provider"].is_unique
        assert not frame["system"].isna().any()
        assert isinstance(frame, pd.DataFrame)

    def test_providers_of_a_position_are_those_with_extracts(self, loaded):
        assert reads.loaded_providers(loaded) == {"RJ1", "RJZ"}
        assert reads.loaded_providers(None) == set()
