"""Pages that are about one thing: what their address names cannot be changed by its query."""

import pytest
from django.test import RequestFactory

from accounts.pages import filters_of


@pytest.mark.parametrize(
    ("query", "about", "found"),
    [
        ("", {"service": "7"}, {"service": ["7"]}),
        ("service=8&service=9", {"service": "7"}, {"service": ["7"]}),
        ("year=2025/26", {"service": "7"}, {"year": ["2025/26"], "service": ["7"]}),
        ("provider=RJ1&provider=RJ7", None, {"provider": ["RJ1", "RJ7"]}),
        ("measure=activity", {"measure": "cost"}, {"measure": ["cost"]}),
    ],
)
def test_what_a_page_is_about_stands_in_place_of_what_its_query_says(query, about, found):
    assert dict(filters_of(RequestFactory().get(f"/?{query}"), about).lists()) == found


def test_the_request_itself_is_left_as_it_is():
    request = RequestFactory().get("/?service=8")
    filters_of(request, {"service": "7"})["year"] = "x"
    assert request.GET.getlist("service") == ["8"]
    assert "year" not in request.GET
