"""The list of services and the page of one: what they say, where it comes from, and what is said of what is not there."""

import re
from html import unescape

import pandas as pd
import pytest

from accounts.models import AuditEvent
from planning.models import ServiceCode, ServiceStatus
from presentation.disclosure import HIDDEN
from presentation.figure import Mode, figure_named
from presentation.run import FiltersInvalid, run_figure
from programme.charts import service as charts
from programme.queries import service as reads
from tests.positions import fact, publish

pytestmark = pytest.mark.django_db
CARDIAC, SERVICE, HIV = "NCBPS13B", "7", "NCBPS14A"
OWN_TRUSTS = ["RJ1", "RJZ", "RJ2", "RPG", "RV5", "RJ7", "RVR", "RJ6", "RAX", "RPY", "RQY"]
SECTIONS = ["Providers", "Plan and trend", "Flows", "Footprint", "Spend a head", "Delegation and line codes"]


class Reader:
    user = None

    def __init__(self, mode=Mode.INSIDE):
        self.mode = mode


def run(name, mode=Mode.INSIDE, **filters):
    return run_figure(figure_named(name), Reader(mode), filters, page=True)


def year_of(year, *, actual, planned=10, provider="RJ1", code=CARDIAC, months=range(1, 13), **more):
    values = {"service_code": code, "actual": actual, "planned": planned, "spells": 10, "planned_spells": 9, **more}
    return [fact(year=year, month=month, provider=provider, **values) for month in months]


@pytest.fixture
def loaded(reference):
    """Cardiac care of two full years and a part of a third at two providers; HIV at one."""
    rows = [
        *year_of("2024/25", actual=8),
        *year_of("2025/26", actual=12),
        *year_of("2026/27", actual=20, months=range(1, 4)),
        *year_of("2025/26", actual=4, planned=6, provider="RJ7", home_system="QWE"),
        *year_of("2024/25", actual=8, provider="RJ7", home_system="QWE"),
        *year_of("2025/26", actual=2, code=HIV, home_system="REST"),
    ]
    return publish(rows)


@pytest.fixture
def everyone_loaded(reference):
    """Every own trust of both systems is in, so that spend a head may be told."""
    rows = [row for trust in OWN_TRUSTS for row in year_of("2025/26", actual=1, provider=trust)]
    return publish([*rows, *year_of("2025/26", actual=2, provider="RJ7", home_system="QWE", code="NCBPS13A")])


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return unescape(response.content.decode())


class TestList:
    def test_every_service_is_listed_the_one_that_costs_most_first(self, loaded):
        frame = run("services").frame
        assert frame["service"].tolist()[:2] == [SERVICE, "16"]
        assert len(frame) == len(reads.all_services())
        assert frame["actual_price"].dropna().tolist() == [16 * 12 * 10_000, 2 * 12 * 10_000]

    def test_what_each_cost_beside_plan_and_before(self, loaded):
        row = run("services").frame.set_index("service").loc[SERVICE]
        assert row["difference"] == 0
        assert row["before"] == 16 * 12 * 10_000
        assert row["change_share"] == 0
        assert row["growth_from"] == "2024/25"
        assert row["price_share"] == pytest.approx(16 / 18)

    def test_a_part_year_is_not_compared(self, loaded):
        result = run("services", year="2026/27")
        row = result.frame.set_index("service").loc[SERVICE]
        assert row["actual_price"] == 20 * 3 * 10_000
        assert pd.isna(row["change_share"])
        assert "2026/27 is not compared: it is not full." in result.notes

    def test_the_latest_full_year_is_shown_first(self, loaded):
        assert run("services").filters["year"] == "2025/26"

    @pytest.mark.parametrize("words", ["cardiac", "CARDIAC adult", "NCBPS13B", "electrophysiology"])
    def test_it_is_searched_by_name_number_and_line_code(self, loaded, words):
        assert SERVICE in run("services", search=words).frame["service"].tolist()

    def test_a_search_finds_only_what_has_every_word(self, loaded):
        frame = run("services", search="cardiac children").frame
        assert all("cardiac" in name.lower() or name for name in frame["service_name"])
        assert SERVICE not in frame["service"].tolist()

    def test_what_a_search_finds_rests_on_its_own_rows(self, loaded):
        figure = figure_named("services")
        result = run("services", search="cardiac")
        narrowed = figure.rows(result.filters)
        assert set(narrowed["service"]) == set(result.frame["service"])
        assert figure.rows(run("services", search="no such thing").filters)["service"] == ["NONE"]
        assert "service" not in figure.rows(run("services").filters)

    def test_delegation_is_that_of_the_year_and_can_be_chosen(self, loaded):
        frame = run("services").frame.set_index("service")
        statuses = reads.statuses_of_services("2025/26")
        assert frame.loc[SERVICE, "status"] == statuses[SERVICE]
        for word in ("Delegated", "Retained"):
            chosen = run("services", status=word).frame
            assert set(chosen["status"]) == {word}
            assert {code for code, said in statuses.items() if said == word} == set(chosen["service"])

    def test_codes_that_differ_are_mixed(self, reference):
        codes = list(ServiceCode.objects.filter(service=SERVICE).values_list("code", flat=True))
        found = set(ServiceStatus.objects.filter(service_code__in=codes, year="2025/26").values_list("status", flat=True))
        assert (reads.statuses_of_services("2025/26")[SERVICE] == reads.MIXED) == (len(found) > 1)

    def test_codes_of_no_listed_service_stand_in_a_row_of_their_own(self, reference):
        publish(year_of("2025/26", actual=5, code="NOTLISTED"))
        frame = run("services").frame
        assert frame.iloc[0]["service"] == ""
        assert frame["actual_price"].dropna().sum() == 5 * 12 * 10_000
        assert "" not in run("services", search="cardiac").frame["service"].tolist()

    def test_the_page_leads_to_every_service_and_files_hold_no_link(self, signed_in, programme_team, loaded):
        client = signed_in(programme_team)
        assert f'<a href="/services/{SERVICE}/">' in page(client, "/services/")
        text = client.get("/figure/services.csv").content.decode()
        assert "Adult specialist cardiac services" in text
        assert "href" not in text

    def test_the_page_says_how_many_and_which_are_the_largest(self, signed_in, programme_team, loaded):
        said = signed_in(programme_team).get("/services/").context["sentence"]
        assert said.startswith("2 services cost £216 in 2025/26; the largest are Adult specialist cardiac services and ")

    def test_a_search_that_finds_nothing_says_so(self, signed_in, programme_team, loaded):
        text = page(signed_in(programme_team), "/services/?search=no+such+service")
        assert "Nothing matches these filters" in text

    @pytest.mark.parametrize("query", ["status=Gone", "year=1066", "programme_of_care=Z", f"search={'x' * 101}"])
    def test_wrong_filters_are_said(self, signed_in, programme_team, loaded, query):
        assert "There is a problem" in page(signed_in(programme_team), f"/services/?{query}")

    def test_it_stands_before_anything_is_published(self, signed_in, programme_team, reference):
        assert signed_in(programme_team).get("/services/").status_code == 200

    def test_it_is_in_the_main_navigation_and_leads_to_providers(self, signed_in, programme_team, loaded):
        text = page(signed_in(programme_team), "/services/")
        assert re.search(r'href="/services/" aria-current="page">Services', text)
        assert 'href="/providers/"' in text


class TestOneService:
    @pytest.fixture
    def text(self, signed_in, programme_team, loaded):
        return page(signed_in(programme_team), f"/services/{SERVICE}/")

    def test_everything_stands_on_one_page(self, text):
        assert "<h1" in text
        for section in SECTIONS:
            assert f">{section}</h2>" in text
        for words in ("Definition", "Programme of care", "Highly specialised", "Natural level", "Networks that plan it"):
            assert words in text
        assert 'href="/networks/cardiac/"' in text

    def test_it_begins_with_what_it_cost_who_provides_it_and_for_whom(self, signed_in, programme_team, loaded):
        said = signed_in(programme_team).get(f"/services/{SERVICE}/").context["sentence"]
        assert said == (
            "This service cost £192, as planned, in 2025/26. It is provided by Guy's and St Thomas' and St George's. "
            "100% of it is for people of South East London and South West London."
        )

    def test_every_figure_of_the_page_is_of_this_service(self, signed_in, programme_team, loaded):
        results = signed_in(programme_team).get(f"/services/{SERVICE}/").context["results"]
        assert len(results) == 9
        for name, result in results.items():
            assert result.filters["service"] == [SERVICE], name
            assert f"service={SERVICE}" in result.query_string, name

    def test_the_address_cannot_make_it_of_another(self, signed_in, programme_team, loaded):
        results = signed_in(programme_team).get(f"/services/{SERVICE}/?service=16&service=1").context["results"]
        assert all(result.filters["service"] == [SERVICE] for result in results.values())

    def test_cost_is_the_measure_of_every_figure_unless_activity_is_asked_for(self, signed_in, programme_team, loaded):
        for query, measure in (("", "cost"), ("?measure=activity", "activity")):
            results = signed_in(programme_team).get(f"/services/{SERVICE}/{query}").context["results"]
            assert {result.filters["measure"] for result in results.values() if "measure" in result.filters} == {measure}

    def test_providers_with_their_shares(self, loaded):
        frame = run("service_providers", service=[SERVICE]).frame
        assert frame["provider"].tolist() == ["RJ1", "RJ7"]
        assert frame["price_share"].tolist() == pytest.approx([0.75, 0.25])
        assert frame["difference"].tolist() == [2 * 12 * 10_000, -2 * 12 * 10_000]
        assert frame["change_share"].tolist() == pytest.approx([0.5, -0.5])
        assert frame["system_name"].tolist() == ["South East London", "South West London"]

    def test_who_has_the_largest_share_is_said(self, loaded):
        assert run("service_providers", service=[SERVICE]).title == "Guy's and St Thomas' has 75% of the service"

    def test_providers_are_links(self, text):
        assert '<a href="/providers/RJ1/">' in text

    def test_years_and_months_beside_plan(self, loaded):
        years = run("spend_by_year", service=[SERVICE])
        assert years.frame["year"].tolist() == ["2024/25", "2025/26", "2026/27"]
        assert years.frame["is_full"].tolist() == [True, True, False]
        assert years.frame["change_share"].tolist()[1] == 0
        assert set(years.chart.frame["x"]) == {"2024/25", "2025/26"}
        months = run("spend_by_month", service=[SERVICE])
        assert len(months.frame) == 12
        assert months.title == "Above plan in none of 12 months of 2025/26"
        assert set(months.chart.frame["series"]) == {"2025/26", "2024/25", "Plan"}

    def test_a_year_of_months_without_one_before(self, loaded):
        months = run("spend_by_month", service=[SERVICE], year="2024/25")
        assert set(months.chart.frame["series"]) == {"2024/25", "Plan"}

    def test_line_codes_stand_with_their_status_those_without_activity_too(self, loaded):
        frame = run("service_lines", service=[SERVICE]).frame.set_index("service_code")
        assert set(frame.index) == set(ServiceCode.objects.filter(service=SERVICE).values_list("code", flat=True))
        assert frame.loc[CARDIAC, "actual_price"] == 16 * 12 * 10_000
        assert frame["actual_price"].notna().sum() == 1
        stored = dict(ServiceStatus.objects.filter(year="2025/26").values_list("service_code", "status"))
        assert all(frame.loc[code, "status"] == reads.STATUS_WORDS[stored[code]] for code in frame.index)

    def test_delegation_by_year_says_which_list_it_is_read_by(self, loaded):
        frame = run("service_status", service=[SERVICE]).frame
        older = frame[frame["year"] == "2024/25"]
        assert older["list_words"].tolist() == ["2025/26, as if delegated then"] * len(older)
        assert set(frame.loc[frame["year"] == "2025/26", "list_words"]) == {"2025/26"}
        codes = ServiceCode.objects.filter(service=SERVICE).count()
        assert frame.groupby("year")["codes"].sum().tolist() == [codes] * 3

    def test_a_service_with_one_status_says_it_of_all_its_codes(self, loaded):
        only = [code for code, word in reads.statuses_of_services("2025/26").items() if word == "Delegated"]
        title = run("service_status", service=[only[0]]).title
        assert title.endswith("delegated in 2025/26")

    def test_the_level_is_said_with_what_it_is_taken_of(self, text):
        assert "Systems of one region, for 90% of its cost in 2025/26" in text

    def test_spend_a_head_is_not_told_where_own_trusts_are_not_in(self, loaded):
        result = run("service_spend_per_head", service=[SERVICE])
        assert result.frame["per_head"].isna().all()
        assert result.title == "Spend a head is not known: no system has all of its own trusts loaded"

    def test_spend_a_head_of_registered_people_or_of_residents(self, everyone_loaded):
        registered = run("service_spend_per_head", service=[SERVICE])
        residents = run("service_spend_per_head", service=[SERVICE], population="resident")
        heads = [result.frame.set_index("system") for result in (registered, residents)]
        for frame in heads:
            row = frame.loc["QKK"]
            assert row["per_head"] == pytest.approx(row["actual_price"] / 10_000 / row["population"])
            assert row["peers_per_head"] == pytest.approx(frame.loc["QWE", "per_head"])
        assert heads[0].loc["QKK", "population"] > heads[1].loc["QKK", "population"]
        assert "registered with practices" in " ".join(registered.notes)
        assert "resident (mid-year estimate)" in " ".join(residents.notes)
        assert "for each registered person" in registered.title
        assert "for each resident" in residents.title

    def test_a_service_without_any_activity_opens_and_says_so(self, signed_in, programme_team, loaded):
        response = signed_in(programme_team).get("/services/1/")
        assert response.status_code == 200
        assert response.context["sentence"] == "No cost of this service is loaded for 2025/26."

    def test_every_service_of_the_list_has_a_page(self, signed_in, programme_team, loaded):
        client = signed_in(programme_team)
        for code in reads.all_services()["service"].tolist()[::30]:
            assert client.get(f"/services/{code}/").status_code == 200, code

    def test_it_stands_before_anything_is_published(self, signed_in, programme_team, reference):
        assert signed_in(programme_team).get(f"/services/{SERVICE}/").status_code == 200

    def test_the_second_time_it_is_the_readers_own_copy(self, signed_in, programme_team, loaded):
        client = signed_in(programme_team)
        tag = client.get(f"/services/{SERVICE}/").headers["ETag"]
        assert client.get(f"/services/{SERVICE}/", headers={"If-None-Match": tag}).status_code == 304
        assert client.get("/services/16/", headers={"If-None-Match": tag}).status_code == 200

    @pytest.mark.parametrize("query", ["year=all", "population=x", "threshold=1", "measure=x", "position=99"])
    def test_wrong_filters_name_the_field(self, signed_in, programme_team, loaded, query):
        assert "There is a problem" in page(signed_in(programme_team), f"/services/{SERVICE}/?{query}")

    def test_a_figure_of_one_service_must_name_it(self, loaded):
        with pytest.raises(FiltersInvalid, match="Choose a service"):
            run("service_providers")

    def test_outside_money_of_few_people_is_hidden(self, reference):
        publish([fact(month=m, service_code=CARDIAC, actual=500, spells=1) for m in (1, 2)])
        row = run("service_providers", Mode.OUTSIDE, service=[SERVICE]).frame.iloc[0]
        assert row["actual_price"] is HIDDEN
        assert row["price_share"] is HIDDEN

    def test_questions_of_the_database_are_bounded(self, signed_in, programme_team, loaded, django_assert_max_num_queries):
        client = signed_in(programme_team)
        client.get(f"/services/{SERVICE}/")
        with django_assert_max_num_queries(70):
            client.get(f"/services/{SERVICE}/")


class TestUnknown:
    def test_an_unknown_code_is_not_found_and_can_be_searched_for(self, signed_in, programme_team, reference):
        response = signed_in(programme_team).get("/services/cardiac/")
        text = unescape(response.content.decode())
        assert response.status_code == 404
        assert "There is no service with the code “cardiac”" in text
        assert re.search(r'<form method="get" action="/services/"', text)
        assert f'href="/services/{SERVICE}/"' in text

    def test_a_line_code_leads_to_its_service(self, signed_in, programme_team, reference):
        text = signed_in(programme_team).get(f"/services/{CARDIAC}/").content.decode()
        assert f'href="/services/{SERVICE}/"' in text

    def test_a_code_written_otherwise_leads_on(self, signed_in, programme_team, reference):
        response = signed_in(programme_team).get("/services/2A/?position=1")
        assert (response.status_code, response.url) == (302, "/services/2a/?position=1")

    def test_an_unknown_code_is_in_the_audit_trail(self, signed_in, programme_team, reference):
        signed_in(programme_team).get("/services/nothing/")
        [event] = AuditEvent.objects.filter(by=programme_team)
        assert event.detail["status"] == 404

    def test_an_administrator_is_told_nothing_of_codes(self, signed_in, administrator, reference):
        for address in ("/services/nothing/", "/services/2A/", f"/services/{SERVICE}/"):
            assert signed_in(administrator).get(address).status_code == 403

    def test_markup_in_a_code_is_no_page(self, signed_in, programme_team, reference):
        assert signed_in(programme_team).get("/services/<b>/").status_code == 404


def drawn(*values: float) -> pd.DataFrame:
    frame = pd.DataFrame({"name": [f"n{i}" for i in range(len(values))], "value": list(values)})
    return frame.assign(share=frame["value"] / max(sum(values), 1))


class TestTitles:
    @pytest.mark.parametrize(
        ("values", "title"),
        [
            ((6.0, 4.0), "n0 has 60% of it"),
            ((5.0, 5.0), "n0 and n1 have 50% of it each"),
            ((1.0, 1.0, 1.0, 1.0), "4 homes are alike: 25% of it each"),
            ((), "No cost in what is chosen"),
        ],
    )
    def test_who_has_the_largest_share(self, values, title):
        said = charts.shares_title(drawn(*values), {"measure": "cost"}, label="name", of="it", noun="home")
        assert said == title

    @pytest.mark.parametrize(
        ("years", "measure", "title"),
        [
            ({"2024/25": 10, "2025/26": 12}, "cost", "Cost was 20% higher in 2025/26 than in 2024/25"),
            ({"2024/25": 10, "2025/26": 9}, "activity", "Admitted spells were 10% lower in 2025/26 than in 2024/25"),
            ({"2024/25": 1000, "2025/26": 1001}, "cost", "Cost in 2025/26 was what it was in 2024/25"),
            ({"2025/26": 30_000}, "cost", "£3 in 2025/26"),
            ({"2024/25": 0, "2025/26": 30_000}, "cost", "£3 in 2025/26"),
            ({}, "cost", "No full year is loaded"),
        ],
    )
    def test_how_it_has_grown(self, years, measure, title):
        what = "price" if measure == "cost" else "activity"
        frame = pd.DataFrame({"year": list(years), f"actual_{what}": list(years.values())})
        assert charts.years_title(frame, {"measure": measure}) == title

    @pytest.mark.parametrize(
        ("differences", "title"),
        [
            ([1, 1, -1], "Above plan in 2 of 3 months of 2025/26"),
            ([0, -1], "Above plan in none of 2 months of 2025/26"),
            ([None], "No month of 2025/26 has both a plan and an actual"),
            ([], "No months of 2025/26 are loaded for what is chosen"),
        ],
    )
    def test_months_above_plan(self, differences, title):
        frame = pd.DataFrame({"price_difference": pd.array(differences, dtype="Int64")})
        assert charts.months_title(frame, {"year": "2025/26", "measure": "cost"}) == title

    @pytest.mark.parametrize(
        ("actual", "difference", "planned", "words"),
        [
            (120_000_000, 20_000_000, 100_000_000, "£12k, £2k (20.0%) more than planned"),
            (80_000_000, -20_000_000, 100_000_000, "£8k, £2k (20.0%) less than planned"),
            (80_000_000, 0, 80_000_000, "£8k, as planned"),
            (80_000_000, None, 0, "£8k"),
            (80_000_000, 80_000_000, 0, "£8k, £8k more than planned"),
        ],
    )
    def test_what_was_paid_beside_plan(self, actual, difference, planned, words):
        assert charts.paid_words(actual, difference, planned) == words

    def test_spend_a_head_of_one_system_alone(self):
        frame = pd.DataFrame({"system_name": ["South East London"], "value": [12.345]})
        assert charts.per_head_title(frame, "resident") == "South East London spends £12.35 for each resident"
