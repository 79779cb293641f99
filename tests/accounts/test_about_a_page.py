"""Filters that a page's own address sets stand in place of whatever else its address says."""

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from accounts.pages import filters_of
from programme.forms import ProviderForm, ServiceForm

pytestmark = pytest.mark.django_db


def asked(address, about):
    return filters_of(RequestFactory().get(address), about)


@pytest.mark.parametrize(
    ("address", "about", "filters"),
    [
        ("/services/7/", None, {}),
        ("/services/7/", {"service": "7"}, {"service": ["7"]}),
        ("/services/7/?service=9&service=11", {"service": "7"}, {"service": ["7"]}),
        ("/services/7/?year=2025/26&service=9", {"service": "7"}, {"service": ["7"], "year": ["2025/26"]}),
        ("/services/7/?provider=RJ1&provider=RJZ", {"service": "7"}, {"service": ["7"], "provider": ["RJ1", "RJZ"]}),
    ],
)
def test_what_a_page_is_about_stands_over_its_address(address, about, filters):
    assert dict(asked(address, about).lists()) == filters


def test_the_address_itself_is_not_changed():
    request = RequestFactory().get("/services/7/?service=9")
    filters_of(request, {"service": "7"})
    assert QueryDict("service=9") == request.GET


@pytest.mark.parametrize(
    ("form", "data", "about"),
    [
        (ServiceForm, {"service": "7"}, {"measure": "cost", "service": "7"}),
        (ServiceForm, {"service": "7", "measure": "activity"}, {"measure": "activity", "service": "7"}),
        (ProviderForm, {"provider": "RJ1"}, {"measure": "cost", "provider": "RJ1"}),
        (ProviderForm, {}, {"measure": "cost"}),
    ],
)
def test_every_figure_of_a_page_is_told_what_it_is_about(reference, form, data, about):
    assert form(data).about == about


@pytest.mark.parametrize(
    ("form", "data", "words"),
    [
        (ServiceForm, {}, "Choose a service"),
        (ServiceForm, {"service": "x"}, "Service: “x” is not on the list"),
        (ServiceForm, {"service": "7", "threshold": "99"}, "Share of the flow: “99” is not on the list"),
        (ServiceForm, {"service": "7", "population": "all"}, "People: “all” is not on the list"),
        (ProviderForm, {}, "Choose a provider"),
        (ProviderForm, {"provider": "x"}, "Provider: “x” is not on the list"),
        (ProviderForm, {"provider": "RJ1", "measure": "people"}, "Measure: “people” is not on the list"),
    ],
)
def test_what_is_wrong_names_the_field(reference, form, data, words):
    assert words in form(data).errors.as_text()


def test_defaults_are_those_that_the_page_shows(reference):
    form = ServiceForm({"service": "7"})
    assert form.is_valid(), form.errors
    chosen = {name: form.cleaned_data[name] for name in ("measure", "threshold", "population", "geography", "unit")}
    assert chosen == {"measure": "cost", "threshold": "90", "population": "registered", "geography": "then", "unit": "SPELL"}
    assert form.fields["year"].choices == []
