"""Growth rates that a reader may try: what they begin as, how far they may go, and what is said beyond."""

from decimal import Decimal

import pytest

from finance.forms import NAMES, AffordabilityForm, AllocationForm, SpendForm
from finance.models import Rate
from tests.finance.conftest import GROWTH, Reader
from tests.positions import fact, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
RANGES = {
    name: (Decimal("0") if name == "efficiency" else Decimal("-20"), Decimal("20" if name == "efficiency" else "30"))
    for name in NAMES
}


@pytest.fixture(autouse=True)
def published():
    publish([fact(year=y, month=m, actual=1, planned=1) for y in ("2024/25", "2025/26") for m in range(1, 13)])
    publish([fact(year="2026/27", month=1, actual=1, planned=1)])


def form(page=True, **data):
    return AffordabilityForm(data, reader=Reader(), page=page)


@pytest.mark.parametrize("name", NAMES)
def test_the_ends_of_the_range_are_allowed_and_a_thousandth_beyond_is_not(name):
    least, most = RANGES[name]
    step = Decimal("0.001")
    for value in (least, most, Decimal("1.125")):
        assert form(**{name: str(value)}).is_valid()
    for value in (least - step, most + step):
        wrong = form(**{name: str(value)})
        assert list(wrong.errors) == [name]
        said = wrong.errors[name][0].replace("\u2212", "-")
        assert said.startswith(NAMES[name])
        assert f"{least}%" in said
        assert f"{most}%" in said


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["x", "1,5", "--1", "1e400", "NaN", "sNaN", "Infinity", "0x10", "1.2345", "9" * 400, "\u00bd"])
def test_what_is_no_rate_is_named_once(name, value):
    wrong = form(**{name: value})
    assert list(wrong.errors) == [name]
    assert all(said.startswith(NAMES[name]) for said in wrong.errors[name])


@pytest.mark.parametrize("page", [True, False])
def test_rates_that_are_not_given_are_the_programmes_own(page):
    clean = form(page)
    assert clean.is_valid()
    assert {name: clean.cleaned_data[name] / 100 for name in NAMES} == {name: Decimal(value) for name, value in GROWTH.items()}


def test_a_rate_that_is_given_stands_and_the_others_stay_the_programmes_own():
    clean = form(price="0")
    assert clean.is_valid()
    assert clean.cleaned_data["price"] == 0
    assert clean.cleaned_data["efficiency"] == Decimal("2")


def test_a_later_rate_holds_for_the_later_year_only():
    Rate.objects.create(
        kind="growth", key="price", value="0.05", unit="a year", from_year="2026/27", illustrative=True, source="New"
    )
    old, new = form(year="2025/26"), form(year="2026/27")
    assert old.is_valid()
    assert new.is_valid()
    assert (old.cleaned_data["price"], new.cleaned_data["price"]) == (Decimal("4.15"), Decimal("5"))
    assert "Default 5" in new.fields["price"].help_text


def test_without_a_rate_of_the_programme_the_box_is_empty_and_the_form_still_stands():
    Rate.objects.filter(kind="growth", key="revenue").delete()
    clean = form()
    assert clean.is_valid()
    assert clean.cleaned_data["revenue"] is None


def test_the_gap_is_of_one_opening_year():
    assert "year" in form(year="all").errors
    clean = form()
    assert clean.is_valid()
    assert clean.cleaned_data["year"] == "2025/26"


def test_the_way_back_to_the_default_rates_keeps_the_other_filters():
    changed = form(price="1", programme_of_care=["A"])
    assert changed.is_valid()
    assert "programme_of_care=A" in changed.query_without_rates
    assert "price" not in changed.query_without_rates
    wrong = form(price="x")
    assert wrong.query_without_rates == ""


def test_filters_and_rates_are_all_of_the_boxes():
    both = [field.name for field in (*form().chosen_fields, *form().rate_fields)]
    assert set(both) | {"position"} == set(form().fields)
    assert len(both) == len(set(both))


def test_shares_of_a_whole_offer_no_choice_of_parts():
    assert set(AllocationForm({}, reader=Reader()).fields) == {"year", "from_month", "to_month", "position"}


@pytest.mark.parametrize(("page", "year"), [(True, "2025/26"), (False, "all")])
def test_spend_opens_on_the_latest_full_year_on_a_page_and_on_everything_elsewhere(page, year):
    clean = SpendForm({}, reader=Reader(), page=page)
    assert clean.is_valid()
    assert clean.cleaned_data["year"] == year
