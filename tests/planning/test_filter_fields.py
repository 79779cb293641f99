"""Which filters a page shows first, and when the others are shown too."""

import pytest

from planning.forms.flows import FlowFilterForm
from tests.positions import fact, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(reference):
    publish([fact(month=m) for m in range(1, 13)])
    return lambda **data: FlowFilterForm(data, reader=None, page=True)


def test_every_visible_filter_stands_in_one_of_the_two_places(form):
    filled = form()
    names = [f.name for f in filled.main_fields] + [f.name for f in filled.further_fields]
    assert sorted(names) == sorted(f.name for f in filled.visible_fields())
    assert [f.name for f in filled.main_fields][:2] == ["year", "measure"]


@pytest.mark.parametrize(
    ("data", "is_open"),
    [
        ({}, False),
        ({"measure": "cost"}, False),
        ({"geography": "then"}, False),
        ({"geography": "today"}, True),
        ({"to_month": "6"}, True),
        ({"from_month": "9", "to_month": "2"}, True),
        ({"geography": "nowhere"}, True),
    ],
)
def test_the_others_are_open_where_one_of_them_says_something(form, data, is_open):
    filled = form(**data)
    filled.is_valid()
    assert filled.further_chosen is is_open
