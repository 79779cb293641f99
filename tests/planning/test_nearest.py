"""Filters that select nothing: why, and the nearest that select something, each of which does."""

import re
from html import unescape

import pytest

from planning.figures.nearest import nothing_selected
from tests.positions import fact, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(reference) -> int:
    """Guy's has two years of two services and homes; St George's the later one, to June."""
    rows = []
    for year in ("2024/25", "2025/26"):
        for month in range(1, 13):
            rows.append(fact(year=year, month=month, spells=5, actual=100))
            rows.append(fact(year=year, month=month, spells=2, actual=70, home_system="QKS", service_code="NCBPS01C"))
    rows += [fact(provider="RJ7", month=month, spells=3, actual=50, home_system="QWE") for month in (1, 2, 3)]
    rows += [fact(month=1, actual=900, point_of_delivery="DRUG", service_code="NCBPS01A")]
    return publish(rows)


@pytest.fixture
def page(signed_in, programme_team):
    client = signed_in(programme_team)
    return lambda query: client.get(query if query.startswith("/") else f"/flows/?year=2025/26&{query}")


def offers(response) -> dict[str, str]:
    return {offer.words: offer.query for offer in response.context["nothing"]["offers"]}


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", unescape(response.content.decode())))


def test_what_selects_something_is_left_alone(page, loaded):
    response = page("provider=RJ1")
    assert response.context["nothing"] is None
    assert "Nothing matches these filters" not in words(response)


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("provider=RJ7&system=QKS", {"Without the providers chosen", "Without the homes chosen"}),
        ("system=OVERSEAS", {"Without the homes chosen"}),
        ("from_month=13", {"Without the months chosen"}),
        ("provider=RJ7&from_month=6", {"Without the providers chosen", "Without the months chosen"}),
        ("place=E09000028", {"Without the places chosen"}),
        ("service_code=NCBPS13C", {"Without the service line codes chosen"}),
        ("unit=HOUR", {"In cost"}),
        ("service_code=NCBPS01A", {"Without the service line codes chosen", "In cost"}),
    ],
)
def test_the_nearest_filters_are_offered(page, loaded, query, offered):
    response = page(query)
    assert offered <= set(offers(response))
    assert "These are the nearest that match something" in words(response)


@pytest.mark.parametrize(
    "query",
    ["provider=RJ7&system=QKS", "from_month=13", "system=OVERSEAS&provider=RJ7", "unit=HOUR", "measure=cost&system=DEVOLVED"],
)
def test_every_offer_leads_to_something(page, loaded, query):
    found = offers(page(query))
    assert found
    for offered in found.values():
        response = page(f"/flows/?{offered}")
        assert response.status_code == 200
        assert not response.context["form"].errors
        assert response.context["nothing"] is None


def test_where_one_filter_less_is_not_enough_two_are_left_out(page, loaded):
    found = offers(page("provider=RJ7&system=QKS&from_month=6&to_month=6"))
    assert "Without the providers chosen" in found
    both = offers(page("/flows/?year=all&system=OVERSEAS&service_code=NCBPS13C"))
    assert set(both) == {"Without the service line codes chosen and the homes chosen"}


def test_another_year_that_has_it_is_offered(page, loaded):
    response = page("/flows/?year=2024/25&provider=RJ7")
    found = offers(response)
    assert "In 2025/26" in found
    assert "St George's: no extract of 2024/25 is published." in words(response)


def test_months_that_are_not_loaded_are_said(page, loaded):
    assert "Of 2025/26 only April 2025 to March 2026 is loaded." in words(page("from_month=13"))


def test_a_system_that_had_ended_or_not_begun_is_said(page, reference):
    publish([fact(year="2030/31", spells=5, actual=100)])
    said = words(page("/flows/?year=2030/31&system=QXU"))
    assert "ended in 2026: choose boundaries as they are today, or what followed it." in said
    assert "ended in" not in words(page("/flows/?year=2030/31&system=QXU&geography=today"))


def test_a_system_of_later_years_is_said(page, reference):
    publish([fact(year="2022/23", spells=5, actual=100)])
    assert "began in 2026: choose boundaries as they are today." in words(page("/flows/?year=2022/23&system=S9B9J"))


def test_how_much_an_offer_selects_stands_beside_it(page, loaded):
    assert "Without the homes chosen: 93 admitted spells" in words(page("system=OVERSEAS"))
    assert "Without the homes chosen: £3k" in words(page("system=OVERSEAS&measure=cost"))


def test_before_anything_is_published_there_is_nothing_to_offer(page, reference):
    response = page("/flows/")
    assert response.status_code == 200
    assert response.context["nothing"] is None


def test_wrong_filters_are_a_fault_and_not_an_empty_page(page, loaded):
    response = page("system=NOWHERE")
    assert "nothing" not in response.context or not response.context["nothing"]
    assert nothing_selected(None, {}) is None
