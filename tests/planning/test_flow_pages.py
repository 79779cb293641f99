"""The Flows page, by address."""

import pytest

from tests.positions import fact, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(reference):
    rows = [fact(month=m, spells=5, actual=100, home_system=h) for m in range(1, 13) for h in ("QKK", "QKS", "NOT-KNOWN")]
    return publish([*rows, *(fact(provider="RJ7", month=m, spells=3, actual=50, home_system="QWE") for m in range(1, 13))])


@pytest.fixture
def page(signed_in, programme_team):
    client = signed_in(programme_team)
    return lambda query="": client.get(f"/flows/{query}")


def test_the_page_has_its_figures_and_their_total(page, loaded):
    response = page()
    assert response.status_code == 200
    total = response.context["results"]["flow_dashboard"].total
    assert total["actual_price"] == (36 * 100 + 12 * 50) * 10_000
    assert "flow_measures_activity" in response.context["results"]
    assert "flow_measures" in page("?measure=cost").context["results"]


@pytest.mark.parametrize(
    "query",
    [
        "?year=1066",
        "?from_month=9&to_month=2",
        "?from_month=0",
        "?provider=NOBODY",
        "?provider=RJ1&provider=XXX",
        "?measure=patients",
        "?unit=%27%3B--",
        "?position=0",
        "?position=99999999999999999999",
        "?point_of_delivery=OPFASPCL&unit=SPELL",
        "?service=1&programme_of_care=D",
        "?service_code=%00",
        "?level=street",
    ],
)
def test_wrong_parameters_are_said_on_the_page(page, loaded, query):
    response = page(query)
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert not response.context["results"]


@pytest.mark.parametrize("query", ["?system=OVERSEAS", "?from_month=13&to_month=13", "?service=1"])
def test_filters_that_select_nothing_say_so_and_offer_a_way_out(page, loaded, query):
    text = page(query).content.decode()
    assert "Nothing matches these filters" in text
    assert 'href="/flows/">clear the filters' in text


@pytest.mark.parametrize(
    "query", ["?year=all", "?level=place", "?geography=today", "?basis=difference&measure=cost", "?unit=OBD"]
)
def test_every_way_of_looking_at_it_works(page, loaded, query):
    assert page(query).status_code == 200


def test_the_page_stands_before_anything_is_published(page, reference):
    response = page()
    assert response.status_code == 200
    assert "Nothing is published yet" in response.content.decode()


def test_the_bar_says_position_coverage_and_months(page, loaded):
    text = page().content.decode()
    assert "Position 1" in text
    assert "to March 2026 (freeze)" in text
    assert "24 of 132 provider months in" in text


def test_an_unchanged_page_is_not_sent_again(signed_in, programme_team, loaded):
    client = signed_in(programme_team)
    first = client.get("/flows/")
    assert client.get("/flows/", headers={"if-none-match": first["ETag"]}).status_code == 304
    publish([fact(actual=1)])
    assert client.get("/flows/", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_questions_of_the_database_do_not_grow_with_the_data(signed_in, programme_team, loaded, django_assert_max_num_queries):
    client = signed_in(programme_team)
    client.get("/flows/")
    with django_assert_max_num_queries(30):
        client.get("/flows/")
