"""The Allocation and Affordability pages as people see them."""

import re

import pytest
from django.urls import reverse

from tests.finance.test_affordability_figures import full_year
from tests.finance.test_allocation_figures import SPEND, rows
from tests.positions import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
PAGES = ["finance:allocation", "finance:affordability"]


@pytest.fixture
def client(programme_team, signed_in):
    return signed_in(programme_team)


def words(response) -> str:
    """What the page says, without its marks and the numbers kept for charts."""
    html = re.sub(r"<script.*?</script>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_allocation_shows_the_money_of_the_extracts(client):
    publish(rows())
    response = client.get(reverse("finance:allocation"), {"year": "2025/26"})
    said = words(response)
    total = sum(amount for *_, amount in SPEND)
    assert f"£{total:,}.00" in said  # the ledger, to the penny
    assert "£760" in said
    assert "South West London receives 16.1% (£72) more than its weighted share of delegated spend in 2025/26" in said
    assert "equals the ledger of 2 providers to the penny" in said
    assert "for population shares, not for provider or site funding" in said
    assert "not all of their own trusts have submitted" in said


def test_affordability_shows_the_money_of_the_extracts(client):
    publish(full_year())
    said = words(client.get(reverse("finance:affordability"), {"year": "2025/26"}))
    assert "Providers were paid £22k for specialised services in 2025/26, £480 over plan (2.2%)" in said
    assert f"£{12 * 1840:,}" in said
    assert "If nothing is done the gap reaches" in said
    assert "Default 4.15" in said
    assert "Source of price" in said


def test_rates_can_be_changed_in_the_address(client):
    publish(full_year())
    said = words(client.get(reverse("finance:affordability"), {"revenue": "10"}))
    assert "there is a surplus of" in said
    assert "Changed" in said


@pytest.mark.parametrize(
    ("name", "query", "message"),
    [
        ("finance:affordability", {"price": "99"}, "Price uplift must be between −20% and 30% a year"),
        ("finance:affordability", {"year": "all"}, "Year: “all” is not on the list"),
        ("finance:allocation", {"year": "1999/00"}, "Year: “1999/00” is not on the list"),
        (
            "finance:allocation",
            {"from_month": "9", "to_month": "3"},
            "The last month must be the same as or after the first month",
        ),
    ],
)
def test_wrong_filters_are_named_and_nothing_is_shown(client, name, query, message):
    publish(full_year())
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    assert message in words(response)
    assert "app-figure__table" not in response.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_pages_stand_before_anything_is_published(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert "nan" not in words(response).split()


@pytest.mark.parametrize("name", PAGES)
def test_pages_ask_people_to_sign_in(client, name):
    client.logout()
    assert client.get(reverse(name)).status_code == 302


@pytest.mark.parametrize(("name", "most"), [("finance:allocation", 34), ("finance:affordability", 28)])
def test_pages_ask_the_database_as_often_whatever_is_loaded(client, name, most, django_assert_max_num_queries):
    publish(full_year("2022/23") + full_year() + rows(year="2019/20"))
    with django_assert_max_num_queries(most) as few:
        client.get(reverse(name))
    publish([*full_year("2026/27"), *rows(year="2026/27")])
    with django_assert_max_num_queries(len(few.captured_queries) + 2):
        client.get(reverse(name))
