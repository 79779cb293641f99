"""Figures of services: what is listed, who provides it, what it costs a head, its line codes and its years."""

import pandas as pd
import pytest

from planning.models import Place, ServiceCode
from presentation.disclosure import HIDDEN
from presentation.figure import Mode, figure_named
from presentation.run import FiltersInvalid, run_figure
from programme.figures.one_service import level_words, service_sentence, services_sentence
from tests.positions import fact, publish
from tests.programme.two_years import CARDIAC, NEUROLOGY, publish_two_years

pytestmark = pytest.mark.django_db


class Reader:
    user = None

    def __init__(self, mode=Mode.INSIDE):
        self.mode = mode


def run(name, *, mode=Mode.INSIDE, page=True, **filters):
    return run_figure(figure_named(name), Reader(mode), filters, page=page)


def of_service(name, service=CARDIAC, **filters):
    return run(name, service=service, **filters)


def sentence_of(service=CARDIAC, **filters):
    return service_sentence({name: of_service(name, service, **filters) for name in ("service_providers", "service_footprint")})


def pounds(frame, column="actual_price"):
    return {key: None if pd.isna(value) else value / 10_000 for key, value in frame[column].items()}


def known(value):
    return None if pd.isna(value) else value


@pytest.fixture(scope="module")
def published(loaded_reference):
    return publish_two_years()


@pytest.fixture
def loaded(published, db):
    return published


class TestTheList:
    def test_every_service_is_listed_the_one_that_costs_most_first(self, loaded):
        frame = run("services").frame
        # 11 trusts × 12 months × £120, and six months of Barts.
        assert frame["service"].head(3).tolist() == [CARDIAC, NEUROLOGY, ""]
        assert pounds(frame.set_index("service").loc[[CARDIAC, NEUROLOGY, ""]]) == {CARDIAC: 21_840, NEUROLOGY: 60, "": 5}
        assert frame["actual_price"].isna().sum() == len(frame) - 3 > 100

    def test_codes_of_no_listed_service_are_a_row_of_the_whole_list_only(self, loaded):
        assert "Codes of no listed service" in set(run("services").frame["service_name"])
        assert "" not in set(run("services", search="a").frame["service"])
        assert "" not in set(run("services", programme_of_care="A").frame["service"])

    def test_shares_are_of_all_that_is_listed(self, loaded):
        shares = run("services").frame.set_index("service")["price_share"]
        assert shares[CARDIAC] == pytest.approx(21_840 / 21_905)
        only = run("services", search="neurosciences").frame.set_index("service")["price_share"]
        assert only[NEUROLOGY] == 1

    def test_growth_is_over_the_full_years(self, loaded):
        rows = run("services").frame.set_index("service")
        assert rows.loc[CARDIAC, "before"] == 25_200 * 10_000
        assert rows.loc[CARDIAC, "change_share"] == pytest.approx(21_840 / 25_200 - 1)
        assert rows.loc[CARDIAC, "growth_from"] == "2024/25"
        assert known(rows.loc[NEUROLOGY, "change_share"]) is None
        assert known(rows.loc[NEUROLOGY, "growth_share"]) is None

    @pytest.mark.parametrize("words", ["cardiac", "CARDIAC", "  cardiac   adult ", "ncbps13a", "electrophysiology"])
    def test_it_is_found_by_name_or_line_code_however_written(self, loaded, words):
        assert CARDIAC in set(run("services", search=words).frame["service"])

    @pytest.mark.parametrize("words", ["cardiac dentistry", ".*", "%", "((", "NCBPS13A NCBPS08O"])
    def test_every_word_must_be_there_and_means_itself(self, loaded, words):
        result = run("services", search=words)
        assert result.frame.empty
        assert result.chart.title == "No cost in what is chosen"
        assert services_sentence({"services": result}) == "No services with any cost in 2025/26."

    def test_the_sentence_counts_services_with_a_cost_and_names_the_largest(self, loaded):
        result = run("services", search="neurosciences")
        name = result.frame["service_name"].iloc[0]
        assert services_sentence({"services": result}) == f"1 service cost £60 in 2025/26; the largest is {name}."
        said = services_sentence({"services": run("services")})
        assert said.startswith("3 services cost £22k in 2025/26; the largest are ")

    def test_services_listed_without_any_cost_are_said_to_have_none(self, loaded):
        result = run("services", search="ataxia")
        assert len(result.frame)
        assert services_sentence({"services": result}).endswith(", none with any cost in 2025/26.")

    def test_delegation_chosen_leaves_those_of_it(self, loaded):
        statuses = run("services").frame.set_index("service")["status"]
        for word in ("Delegated", "Retained"):
            chosen = run("services", status=word).frame.set_index("service")["status"]
            assert set(chosen) == {word}
            assert set(chosen.index) == {code for code, status in statuses.items() if status == word and code}

    @pytest.mark.parametrize(
        ("filters", "words"),
        [
            ({"status": "Blue"}, "Delegation: “Blue” is not on the list"),
            ({"search": "x" * 101}, "Search must be 100 characters or fewer"),
            ({"search": "a\0b"}, "Search must not have a null character in it"),
            ({"year": "all"}, "Year: “all” is not on the list"),
            ({"programme_of_care": "Z"}, "Programmes of care: “Z” is not on the list"),
        ],
    )
    def test_wrong_filters_are_said(self, loaded, filters, words):
        with pytest.raises(FiltersInvalid) as caught:
            run("services", **filters)
        assert words in str(caught.value.form.errors.as_text())

    def test_the_longest_search_is_taken(self, loaded):
        assert run("services", search="x" * 100).frame.empty

    def test_rows_behind_a_search_are_those_of_the_services_found(self, loaded):
        figure = figure_named("services")
        found = figure.rows({"search": "neurosciences", "year": "2025/26"})["service"]
        assert NEUROLOGY in found
        assert CARDIAC not in found
        assert figure.rows({"search": "no such service", "year": "2025/26"})["service"] == ["NONE"]
        assert "service" not in figure.rows({"year": "2025/26"})


class TestProviders:
    def test_each_provider_has_its_share_and_who_hosts_it(self, loaded):
        rows = of_service("service_providers").frame.set_index("provider")
        assert rows.index[0] == "R1H"
        assert pounds(rows.loc[["R1H", "RJ1"]]) == {"R1H": 6_000, "RJ1": 1_440}
        assert rows.loc["R1H", "price_share"] == pytest.approx(6_000 / 21_840)
        assert rows.loc["RJ1", "activity_share"] == pytest.approx(120 / 1_440)
        assert (rows.loc["RJ1", "system_name"], rows.loc["RJ7", "system_name"]) == ("South East London", "South West London")

    def test_a_trust_with_half_a_year_is_not_compared_with_its_whole_one(self, loaded):
        rows = of_service("service_providers").frame.set_index("provider")
        assert known(rows.loc["R1H", "change_share"]) is None
        assert rows.loc["RJ1", "change_share"] == pytest.approx(0.2)

    def test_a_provider_without_a_plan_has_no_difference(self, loaded):
        rows = of_service("service_providers").frame.set_index("provider")
        assert known(rows.loc["R1H", "difference"]) is None
        assert pounds(rows.loc[["RJ1"]], "difference") == {"RJ1": 240}

    def test_the_sentence_says_cost_plan_and_providers(self, loaded):
        said = sentence_of()
        # Own trusts: £15,840 against £13,200; Barts has no plan.
        assert said.startswith("This service cost £22k, £3k (20.0%) more than planned, in 2025/26. It is provided by Barts")
        assert " and 9 more. " in said

    def test_a_service_without_any_cost_says_so(self, loaded):
        assert sentence_of(NEUROLOGY, year="2024/25") == "No cost of this service is loaded for 2024/25."
        assert of_service("service_providers", "1").frame.empty

    def test_a_service_of_one_home_and_one_provider(self, loaded):
        assert sentence_of(NEUROLOGY) == (
            "This service cost £60, in 2025/26. It is provided by Guy's and St Thomas'. "
            "100% of it is for people of Kent and Medway."
        )

    def test_the_level_is_that_of_its_homes(self, loaded):
        def said(service, **filters):
            return level_words({"service_footprint": of_service("service_footprint", service, **filters)})

        assert said(NEUROLOGY) == "System, for 90% of its cost in 2025/26"
        # North East London has £6,000 of £21,840, South West £8,640: 40% and 33%.
        assert said(CARDIAC, threshold="50") == "Systems of one region, for 50% of its cost in 2025/26"
        assert said(NEUROLOGY, measure="activity") == "System, for 90% of its activity in 2025/26"
        assert said("1") == "No flow of people whose home is known"


class TestSpendPerHead:
    def test_whole_systems_stand_beside_each_other_and_others_are_not_known(self, loaded):
        result = of_service("service_spend_per_head")
        rows = result.frame.set_index("system")
        assert pounds(rows.loc[["QKK", "QWE", "QMF"]]) == {"QKK": 7_200, "QWE": 8_640, "QMF": 6_000}
        for system, peer in (("QKK", "QWE"), ("QWE", "QKK")):
            rate = rows.loc[system, "actual_price"] / 10_000 / rows.loc[system, "population"]
            assert rows.loc[system, "per_head"] == pytest.approx(rate)
            assert rows.loc[system, "peers_per_head"] == pytest.approx(rows.loc[peer, "per_head"])
        assert known(rows.loc["QMF", "per_head"]) is None
        assert rows.loc["QMF", "own_trusts"] == "Not known: its own trusts have not submitted"
        assert "Not known for 1 system: not all of their own trusts have submitted." in result.notes

    def test_a_service_that_nobody_used_has_no_rates(self, loaded):
        result = of_service("service_spend_per_head", "1")
        assert result.frame.empty
        assert result.chart.title == "Spend a head is not known: no system has all of its own trusts loaded"

    def test_people_are_those_of_the_places_shared_as_their_residents_are(self, loaded):
        rows = of_service("service_spend_per_head").frame.set_index("system")
        for system in ("QKK", "QWE"):
            people = 0
            for place in Place.objects.all():
                shares = [place.system_share] if place.system_id == system else []
                shares += [overlap.share for overlap in place.overlaps.all() if overlap.system_id == system]
                people += sum(place.registered_population * float(share) for share in shares)
            assert rows.loc[system, "population"] == round(people)

    def test_residents_are_other_people_than_registered_ones(self, loaded):
        registered, resident = (
            of_service("service_spend_per_head", population=which).frame.set_index("system").loc["QKK", "population"]
            for which in ("registered", "resident")
        )
        assert registered > 1_500_000
        assert resident > 1_500_000
        assert registered != resident

    def test_patients_of_unknown_home_are_in_no_rate(self, loaded):
        publish([fact(provider="RJZ", home_system="NOT-KNOWN", home="", commissioner="13R", actual=500)])
        assert "NOT-KNOWN" not in set(of_service("service_spend_per_head").frame["system"])

    def test_few_people_give_away_no_rate_outside(self, loaded):
        publish(
            [fact(provider="RJ1", year="2025/26", month=m, home_system="QKK", service_code="NCBPS08O", spells=1 if m == 1 else 0,
                  actual=70) for m in range(1, 13)]
        )  # fmt: skip
        outside = run("service_spend_per_head", service=NEUROLOGY, mode=Mode.OUTSIDE).frame.set_index("system")
        assert outside.loc["QKK", "actual_price"] is HIDDEN
        assert outside.loc["QKK", "per_head"] is HIDDEN


class TestLinesAndStatus:
    def test_every_line_code_is_listed_with_what_it_cost(self, loaded):
        rows = of_service("service_lines").frame.set_index("service_code")
        assert set(rows.index) == set(ServiceCode.objects.filter(service=CARDIAC).values_list("code", flat=True))
        assert rows.index[0] == "NCBPS13A"
        assert pounds(rows)["NCBPS13A"] == 21_840
        assert known(rows.loc["NCBPS13B", "actual_price"]) is None

    def test_codes_of_each_status_and_year_make_all_codes(self, loaded):
        frame = of_service("service_status").frame
        many = ServiceCode.objects.filter(service=CARDIAC).count()
        assert frame.groupby("year")["codes"].sum().to_dict() == {"2025/26": many, "2024/25": many}
        assert frame["year"].tolist() == sorted(frame["year"], reverse=True)
        assert frame.groupby("year")["actual_price"].sum().to_dict() == {"2025/26": 21_840 * 10_000, "2024/25": 25_200 * 10_000}

    def test_the_title_tells_the_codes_apart(self):
        title = figure_named("service_status").title
        rows = pd.DataFrame([("2025/26", "Delegated", 3), ("2025/26", "Retained", 2)], columns=["year", "status", "codes"])
        chosen = {"year": "2025/26"}
        assert title(rows, chosen) == "Of 5 line codes in 2025/26, 3 delegated, 2 retained"
        assert title(rows.head(1), chosen) == "All 3 line codes are delegated in 2025/26"
        assert title(rows.head(1).assign(codes=1), chosen) == "Its one line code is delegated in 2025/26"
        assert title(rows, {"year": "2024/25"}) == "No line codes of this service are known"
        assert title(rows.head(0), chosen) == "No line codes of this service are known"


class TestOverTime:
    def test_each_year_with_its_months_plan_and_change(self, loaded):
        rows = of_service("spend_by_year").frame.set_index("year")
        assert rows["months"].to_dict() == {"2024/25": 12, "2025/26": 12}
        assert pounds(rows) == {"2024/25": 25_200, "2025/26": 21_840}
        assert rows.loc["2025/26", "change_share"] == pytest.approx(21_840 / 25_200 - 1)
        assert known(rows.loc["2024/25", "change_share"]) is None

    def test_a_trust_with_half_a_year_is_not_full(self, loaded):
        result = run("spend_by_year", provider="R1H")
        rows = result.frame.set_index("year")
        assert rows["months"].to_dict() == {"2024/25": 12, "2025/26": 6}
        assert known(rows.loc["2025/26", "change_share"]) is None
        assert result.chart.title == "£12k in 2024/25"

    def test_months_stand_beside_the_year_before(self, loaded):
        frame = run("spend_by_month", provider="R1H").frame.set_index("month_name")
        assert len(frame) == 12
        assert (frame.loc["April", "actual_price"], frame.loc["April", "before_price"]) == (10_000_000, 10_000_000)
        assert known(frame.loc["March", "actual_price"]) is None
        assert frame.loc["March", "before_price"] == 10_000_000

    def test_one_service_at_one_provider(self, loaded):
        frame = run("spend_by_month", provider="RJ1", service=NEUROLOGY).frame
        assert frame["month_name"].tolist() == ["April"]
        assert frame["actual_price"].tolist() == [600_000]

    def test_nothing_chosen_is_everything(self, loaded):
        assert pounds(run("spend_by_year").frame.set_index("year")) == {"2024/25": 25_200, "2025/26": 21_905}

    @pytest.mark.parametrize("filters", [{"service": "no"}, {"provider": "XXX"}, {"year": "all"}])
    def test_what_is_not_listed_is_said(self, loaded, filters):
        with pytest.raises(FiltersInvalid, match="is not on the list"):
            run("spend_by_month", **filters)
