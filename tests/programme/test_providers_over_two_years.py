"""Figures of providers over two years of every own trust: the list, one provider's services, homes, sites and months."""

import pandas as pd
import pytest

from planning.models import Provider, ServiceCode, Site
from presentation.figure import Mode, figure_named
from presentation.run import FiltersInvalid, run_figure
from programme.figures.one_provider import provider_sentence, providers_sentence
from programme.figures.provider import coverage_title
from programme.queries import provider as reads
from programme.queries import service as service_reads
from tests.positions import fact, publish
from tests.programme.two_years import CARDIAC, NEUROLOGY, publish_two_years

pytestmark = pytest.mark.django_db


class Reader:
    user = None
    mode = Mode.INSIDE


def run(name, **filters):
    return run_figure(figure_named(name), Reader(), filters, page=True)


def sentence_of(provider, **filters):
    names = ("provider_services", "provider_homes")
    return provider_sentence({name: run(name, provider=provider, **filters) for name in names})


def known(value):
    return None if pd.isna(value) else value


@pytest.fixture(scope="module")
def published(loaded_reference):
    return publish_two_years()


@pytest.fixture
def loaded(published, db):
    return published


class TestTheList:
    def test_providers_stand_by_what_they_were_paid_then_by_name(self, loaded):
        frame = run("providers").frame
        assert frame["provider"].head(3).tolist() == ["R1H", "RJ1", "RJ7"]
        assert [price / 10_000 for price in frame["actual_price"].head(3)] == [6_000, 1_500, 1_445]
        rest = frame[frame["actual_price"].isna()]["provider_name"].tolist()
        assert rest == sorted(rest)
        assert len(frame) == Provider.objects.count()

    def test_half_a_year_is_not_compared_with_a_whole_one(self, loaded):
        """The position has every month of both years; Barts has six of one."""
        rows = run("providers").frame.set_index("provider")
        assert known(rows.loc["R1H", "change_share"]) is None
        assert known(rows.loc["R1H", "growth_share"]) is None
        assert rows.loc["RJZ", "change_share"] == pytest.approx(0.2)
        assert rows.loc["RJ1", "growth_share"] == pytest.approx(1_500 / 1_200 - 1)

    def test_in_the_first_year_nobody_has_grown(self, loaded):
        rows = run("providers", year="2024/25").frame
        assert rows["change_share"].isna().all()
        assert rows["growth_share"].isna().all()

    @pytest.mark.parametrize(("code", "word"), [("R1H", "Loaded"), ("RJ1", "Loaded"), ("RVV", "Not expected")])
    def test_whether_extracts_are_loaded(self, loaded, code, word):
        assert run("providers").frame.set_index("provider").loc[code, "loaded"] == word

    def test_a_provider_that_is_expected_and_has_sent_nothing_is_told(self):
        rows = figure_named("providers").calculation(
            {
                "totals": pd.DataFrame(columns=["provider", "planned_price", "actual_price", "actual_activity"]).astype(
                    dict.fromkeys(("planned_price", "actual_price", "actual_activity"), "Int64")
                ),
                "years": pd.DataFrame(columns=["provider", "year", "actual_price"]).astype({"actual_price": "Int64"}),
                "providers": pd.DataFrame(
                    [("RVV", "East Kent", "", "", "", "", True, "rvv"), ("RWF", "Maidstone", "", "", "", "", False, "rwf")],
                    columns=["provider", "provider_name", "short_name", "kind", "system", "system_name", "in_scope", "search"],
                ),
                "loaded": set(),
                "full_years": [],
            },
            {"year": "2025/26"},
        )
        assert dict(zip(rows["provider"], rows["loaded"], strict=True)) == {"RVV": "Expected", "RWF": "Not expected"}

    @pytest.mark.parametrize(
        ("words", "found"), [("r1h", ["R1H"]), ("Evelina", ["RJ1"]), ("guy's thomas", ["RJ1"]), ("zzz", []), ("RJ1 RJ7", [])]
    )
    def test_a_search_finds_by_name_code_and_site(self, loaded, words, found):
        assert run("providers", search=words).frame["provider"].tolist() == found

    @pytest.mark.parametrize(
        ("filters", "said"),
        [
            (
                {"search": "r1h"},
                "1 provider was paid £6k for specialised services in 2025/26, Barts Health NHS Trust 100% of it.",
            ),
            ({"search": "zzz"}, "No providers with any cost in 2025/26."),
            ({"search": "RVV"}, "1 provider, none with any cost in 2025/26."),
        ],
    )
    def test_the_sentence(self, loaded, filters, said):
        assert providers_sentence({"providers": run("providers", **filters)}) == said

    def test_credits_of_one_are_no_part_of_what_others_were_paid(self):
        frame = pd.DataFrame({"provider_name": ["A", "B", "C"], "actual_price": [3_000_0000, 1_000_0000, -2_000_0000]})
        result = type("Result", (), {"frame": frame, "filters": {"year": "2025/26"}})
        said = providers_sentence({"providers": result})
        assert said == "2 providers were paid £4k for specialised services in 2025/26, A 75% of it."

    def test_too_long_a_search_is_said(self, loaded):
        with pytest.raises(FiltersInvalid, match="Search must be 100 characters or fewer"):
            run("providers", search="x" * 101)


class TestServices:
    def test_a_service_with_its_shares_both_ways(self, loaded):
        rows = run("provider_services", provider="RJ1").frame.set_index("service")
        assert rows.index.tolist() == [CARDIAC, NEUROLOGY]
        assert rows.loc[CARDIAC, "price_share"] == pytest.approx(1_440 / 1_500)
        assert rows.loc[CARDIAC, "service_share"] == pytest.approx(1_440 / 21_840)
        assert rows.loc[NEUROLOGY, "service_share"] == 1
        assert rows.loc[CARDIAC, "change_share"] == pytest.approx(0.2)
        assert known(rows.loc[NEUROLOGY, "change_share"]) is None

    def test_half_a_year_of_a_service_has_no_change(self, loaded):
        rows = run("provider_services", provider="R1H").frame.set_index("service")
        assert known(rows.loc[CARDIAC, "change_share"]) is None

    def test_codes_of_no_listed_service_are_a_row_without_a_code(self, loaded):
        rows = run("provider_services", provider="RJ7").frame
        assert rows["service_name"].tolist()[-1] == "Codes of no listed service"
        assert rows["service"].tolist()[-1] == ""
        assert rows["status"].tolist()[-1] == "Not listed"

    @pytest.mark.parametrize(
        ("provider", "said"),
        [
            # £1,440 of £1,500 had a plan, of £1,200.
            ("RJ1", "This provider was paid £2k, £240 (20.0%) more than planned, for 2 services in 2025/26. "),
            ("R1H", "This provider was paid £6k, for 1 service in 2025/26. "),
            # £1,440 against £1,200, and £5 against £10; the code of no service is none.
            ("RJ7", "This provider was paid £1k, £235 (19.4%) more than planned, for 1 service in 2025/26. "),
        ],
    )
    def test_the_sentence_says_what_was_paid_against_what_was_planned(self, loaded, provider, said):
        assert sentence_of(provider).startswith(said)

    def test_the_sentence_says_on_whom_it_depends(self, loaded):
        assert sentence_of("RJ1").endswith("96% of that was for people of South East London.")

    def test_a_year_of_which_nothing_is_loaded(self, loaded):
        publish([fact(provider="RVV", year="2025/26", actual=5)])
        assert sentence_of("RVV", year="2024/25") == "Nothing of this provider is loaded for 2024/25."

    def test_another_provider_is_not_shown(self, loaded):
        with pytest.raises(FiltersInvalid, match="Provider: “XXX” is not on the list"):
            run("provider_services", provider="XXX")
        with pytest.raises(FiltersInvalid, match="Choose a provider"):
            run("provider_services")


class TestHomesAndSites:
    def test_homes_make_the_whole_with_those_not_known_in_a_row(self, loaded):
        publish(
            [
                fact(provider="RVV", home_system="QKS", actual=75, spells=1),
                fact(provider="RVV", home_system="NOT-KNOWN", actual=25),
            ]
        )
        rows = run("provider_homes", provider="RVV").frame.set_index("home_system")
        assert rows["price_share"].to_dict() == {"QKS": 0.75, "NOT-KNOWN": 0.25}
        assert rows.loc["NOT-KNOWN", "home_name"] == "Not known"
        assert run("provider_homes", provider="RVV").chart.title == "Kent and Medway has 75% of its specialised care"

    def test_money_of_sites_is_all_of_the_money(self, loaded):
        frame = run("provider_sites", provider="RJ1").frame
        assert frame["actual_price"].sum() == 1_500 * 10_000
        named = frame.set_index("site_name")["actual_price"]
        assert named["Site not stated"] == 1_440 * 10_000
        assert named[Site.objects.get(code="RJ122").name] == 60 * 10_000
        assert set(Site.objects.filter(provider="RJ1").values_list("name", flat=True)) <= set(frame["site_name"])

    def test_a_site_that_nobody_listed_is_called_by_its_code(self, loaded):
        publish([fact(provider="RVV", site="RVVXX", actual=75)])
        assert "Site RVVXX" in set(run("provider_sites", provider="RVV").frame["site_name"])


def months(*rows):
    return pd.DataFrame(list(rows), columns=["months_in", "months_expected"])


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([], "Nothing is loaded"),
        ([(12, 12)], "All 12 months of 1 year are in"),
        ([(12, 12), (7, 12)], "19 of 24 months of 2 years are in"),
        ([(1, 1)], "The one month due of 1 year is in"),
        ([(1, 3)], "1 of 3 months of 1 year is in"),
        ([(0, 3)], "None of 3 months of 1 year are in"),
        ([(0, 0)], "No month of 1 year is due yet"),
    ],
)
def test_how_many_months_are_in(rows, title):
    assert coverage_title(months(*rows), {}) == title


def test_months_of_each_year_are_those_that_are_in(loaded):
    rows = run("provider_coverage", provider="R1H").frame.set_index("year")
    assert rows["months_in"].to_dict() == {"2025/26": 6, "2024/25": 12}
    assert rows.index.tolist() == ["2025/26", "2024/25"]


class TestReads:
    def test_years_are_full_of_any_provider_or_of_one(self, loaded):
        assert service_reads.full_years(loaded) == ["2024/25", "2025/26"]
        assert service_reads.full_years(loaded, ["R1H"]) == ["2024/25"]
        assert service_reads.full_years(loaded, ["RVV"]) == []

    def test_rows_of_full_years_are_those_of_their_own_provider(self, loaded):
        rows = pd.DataFrame(
            [("R1H", "2024/25"), ("R1H", "2025/26"), ("RJ1", "2025/26"), ("RVV", "2025/26")], columns=["provider", "year"]
        )
        kept = service_reads.in_full_years(rows, loaded)
        assert list(kept.itertuples(index=False, name=None)) == [("R1H", "2024/25"), ("RJ1", "2025/26")]
        assert service_reads.in_full_years(rows.head(0), loaded).empty

    def test_a_thirteenth_month_does_not_make_a_year_full(self, loaded):
        publish([fact(provider="RVV", month=m, actual=1) for m in range(2, 14)])
        assert service_reads.full_years(None, ["RVV"]) == []

    @pytest.mark.parametrize(
        ("since", "until", "words"),
        [
            (None, None, "No end is known"),
            ("2024-04-01", None, "From 1 April 2024"),
            (None, "2025-03-31", "Until 31 March 2025"),
            ("2024-04-01", "2025-03-31", "From 1 April 2024 until 31 March 2025"),
        ],
    )
    def test_when_a_provider_is_in_force(self, loaded, since, until, words):
        Provider.objects.filter(code="RVV").update(valid_from=since, valid_to=until)
        assert dict(reads.provider_facts(reads.provider_named("RVV")))["In force"] == words

    @pytest.mark.parametrize(("code", "name"), [("rj1", "RJ1"), ("RJ1", "RJ1"), ("RJ11", None), ("", None), ("%", None)])
    def test_a_provider_is_known_however_its_letters_are_written(self, loaded, code, name):
        found = reads.provider_named(code)
        assert (found and found.code) == name

    def test_what_is_like_a_code_is_offered_once_and_not_all_of_it(self, loaded):
        assert [one.code for one in reads.providers_like("St Thomas' Hospital")] == ["RJ1"]
        assert len(reads.providers_like("NHS")) == 8
        assert len(reads.providers_like("a", 3)) == 3
        assert reads.providers_like("no such trust") == []

    def test_services_are_found_by_line_code_once(self, loaded):
        assert [one.code for one in service_reads.services_like("ncbps13a")] == [CARDIAC]
        assert service_reads.service_named("7").code == CARDIAC
        assert service_reads.service_named("NCBPS13A") is None

    def test_what_is_known_of_a_service_and_what_is_not(self, loaded):
        service = service_reads.service_named(CARDIAC)
        facts = dict(service_reads.service_facts(service))
        assert facts["Definition"] == "Entry 7 of the manual of prescribed services"
        assert facts["Highly specialised"] == "No"
        service.in_manual, service.highly_specialised, service.programme_of_care = False, None, None
        facts = dict(service_reads.service_facts(service))
        assert "7" not in facts["Definition"]
        assert facts["Definition"] == service_reads.NO_ENTRY
        assert (facts["Highly specialised"], facts["Programme of care"]) == ("", "")

    def test_the_status_of_a_service_is_that_of_all_its_codes_or_mixed(self, loaded):
        statuses = service_reads.statuses_of_services("2025/26")
        by_code = service_reads.reference.service_status(["2025/26"]).set_index("service_code")["status"].to_dict()
        for service, word in statuses.items():
            found = {
                by_code[code]
                for code in ServiceCode.objects.filter(service=service).values_list("code", flat=True)
                if code in by_code
            }
            expected = {service_reads.STATUS_WORDS[one] for one in found}
            assert word == (expected.pop() if len(expected) == 1 else "Mixed"), service

    def test_market_forces_stand_latest_first(self, loaded):
        years = [year for year, _ in reads.market_forces_words("RJ1")]
        assert years == sorted(years, reverse=True)
        assert years
        assert reads.market_forces_words("XXX") == []
