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
    assert list(response.context["results"]) == ["flow_dashboard"]


def names(response):
    return [result.figure.name for result in response.context["drawn"]]


@pytest.mark.parametrize(
    ("shown_as", "figure"),
    [
        ("sankey", "flow_dashboard"),
        ("matrix", "flow_matrix"),
        ("largest", "flow_top"),
        ("map", "flow_map"),
        ("x", "flow_dashboard"),
    ],
)
def test_one_picture_is_drawn_at_a_time(page, loaded, shown_as, figure):
    response = page(f"?shown_as={shown_as}")
    assert names(response) == [figure]
    text = response.content.decode()
    assert text.count('<section class="app-figure') == 1
    assert ('<input type="hidden" name="shown_as"' in text) == (figure != "flow_dashboard")
    assert response.context["sentence"] == page().context["sentence"]


def test_all_pictures_stand_on_one_page_to_be_printed(page, loaded):
    activity, cost = page("?shown_as=all"), page("?shown_as=all&measure=cost")
    assert names(activity) == ["flow_dashboard", "flow_matrix", "flow_measures_activity", "flow_top", "flow_map"]
    assert names(cost)[2] == "flow_measures"


def test_ways_of_showing_keep_the_filters_and_leave_the_order_of_a_table(page, loaded):
    ways = {w.name: w for w in page("?measure=cost&shown_as=map&flow_map-sort=-km&flow_map-page=2").context["ways"]}
    assert [name for name, way in ways.items() if way.current] == ["map"]
    assert ways["sankey"].address == "?measure=cost"
    assert ways["matrix"].address == "?measure=cost&shown_as=matrix"
    assert list(ways) == ["sankey", "matrix", "largest", "map", "all"]


def test_a_picture_is_kept_under_its_own_tag(page, loaded):
    assert page()["ETag"] != page("?shown_as=map")["ETag"]


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
