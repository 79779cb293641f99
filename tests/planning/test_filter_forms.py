"""The form of filters by itself: what it takes, what it says of what it does not, and the address it becomes."""

import random
from typing import ClassVar

import pytest
from django.http import QueryDict

from planning.forms.filters import BASES, GEOGRAPHIES, LEVELS, MEASURES, FilterForm, PeriodForm, PositionForm
from planning.queries import choices
from presentation.wording import UNITS
from tests.positions import fact, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


@pytest.fixture(scope="module")
def published(loaded_reference) -> int:
    rows = [fact(month=m, provider=p, actual=1) for m in range(1, 13) for p in ("RJ1", "RJZ")]
    publish(rows)
    return publish([fact(year="2026/27", month=m, provider="RJ7", actual=1) for m in (1, 2)])


def filled(query: str = "", *, page: bool = False, form=FilterForm):
    return form(QueryDict(query), reader=None, page=page)


def cleaned(query: str = "", **options) -> dict:
    form = filled(query, **options)
    assert form.is_valid(), form.errors
    return form.cleaned_data


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from_month=0", "From month"),
        ("to_month=x", "To month"),
        ("year=1", "Year"),
        ("provider=X", "Providers"),
        ("system=X", "Homes of patients"),
        ("service=X", "Services"),
        ("service_code=X", "Service line codes"),
        ("programme_of_care=X", "Programmes of care"),
        ("national_programme=X", "National programmes"),
        ("point_of_delivery=X", "Points of delivery"),
        ("unit=X", "Activity counted in"),
        ("measure=X", "Measure"),
        ("basis=X", "Show"),
        ("geography=X", "Boundaries of systems"),
        ("level=X", "Homes by"),
        ("position=0", "Position"),
        ("position=x", "Position"),
    ],
)
@pytest.mark.parametrize("page", [True, False])
def test_a_fault_names_its_field_in_words_and_no_other_field_has_one(query, said, page):
    form = filled(query, page=page)
    assert list(form.errors) == [query.split("=")[0]]
    assert all(message.startswith(said) for messages in form.errors.values() for message in messages)


def test_several_faults_are_said_at_once():
    form = filled("year=1&from_month=0&provider=X&position=x")
    assert set(form.errors) == {"year", "from_month", "provider", "position"}


def test_a_position_that_is_not_there_says_which_is_the_latest():
    (said,) = filled("position=7").errors["position"]
    assert "There is no position 7" in said
    assert "2" in said.replace("position 7", "")


@pytest.mark.parametrize(("first", "last", "fits"), [(1, 13, True), (5, 5, True), (6, 5, False), (13, 1, False), (13, 13, True)])
def test_the_last_month_is_not_before_the_first(first, last, fits):
    form = filled(f"from_month={first}&to_month={last}")
    assert form.is_valid() is fits
    assert fits or list(form.errors) == ["to_month"]


def test_either_end_of_the_months_can_stay_open():
    assert cleaned("from_month=3")["to_month"] is None
    assert cleaned("to_month=3")["from_month"] is None


@pytest.mark.parametrize(
    ("point", "unit", "measure", "fits"),
    [
        ("EL", "SPELL", "activity", True),
        ("EL", "ATT", "activity", False),
        ("OPFASPCL", "ATT", "activity", True),
        ("OPFASPCL", "SPELL", "activity", False),
        ("OPFASPCL", "SPELL", "cost", True),
        ("EL&point_of_delivery=OPFASPCL", "ATT", "activity", True),
    ],
)
def test_activity_is_asked_for_in_a_unit_that_it_is_counted_in(point, unit, measure, fits):
    form = filled(f"point_of_delivery={point}&unit={unit}&measure={measure}")
    assert form.is_valid() is fits
    assert fits or list(form.errors) == ["unit"]


def test_services_and_programmes_that_exclude_each_other_are_refused_whichever_they_are():
    services = [code for code, _ in choices.service_choices()][::25]
    programmes = [code for code, _ in choices.programme_choices()]
    for service in services:
        own = choices.programmes_of([service])
        for programme in programmes:
            form = filled(f"service={service}&programme_of_care={programme}")
            assert form.is_valid() is (programme in own)


@pytest.mark.parametrize("name", ["measure", "basis", "geography", "level", "unit"])
def test_every_choice_that_is_offered_is_taken(name):
    offered = {"measure": MEASURES, "basis": BASES, "geography": GEOGRAPHIES, "level": LEVELS, "unit": [(u, u) for u in UNITS]}
    for code, _ in offered[name]:
        assert cleaned(f"{name}={code}")[name] == code


@pytest.mark.parametrize("page", [True, False])
def test_blank_boxes_are_boxes_left_alone(page):
    blank = "year=&from_month=&to_month=&provider=&system=&unit=&measure=&basis=&geography=&level=&position="
    assert cleaned(blank, page=page) == cleaned("", page=page)


def test_the_same_value_many_times_is_that_value():
    repeated = cleaned("&".join(["provider=RJ1"] * 50))
    assert set(repeated["provider"]) == {"RJ1"}
    assert cleaned("measure=cost&measure=activity")["measure"] == "activity"


@pytest.mark.parametrize("seed", range(20))
def test_any_filters_survive_becoming_an_address(seed):
    chance = random.Random(seed)
    possible = {
        "year": ["2025/26", "all"],
        "from_month": ["1", "2"],
        "to_month": ["3", "13"],
        "provider": ["RJ1", "RJZ", "RJ7"],
        "system": ["QKK", "NOT-KNOWN", "S9B9J"],
        "service_code": ["NCBPS13A", "NCBPS01A"],
        "measure": ["cost", "activity"],
        "basis": ["planned", "difference"],
        "geography": ["then", "today"],
        "level": ["place", "system"],
        "position": ["1", "2"],
    }
    query = QueryDict(mutable=True)
    for name, values in possible.items():
        if name == "provider" and chance.random() < 0.5:
            query.setlist(name, ["RJ1", "RJZ"])
        elif name != "provider" and chance.random() < 0.6:
            query[name] = chance.choice(values)
    # Providers of the first position are in the second too.
    form = FilterForm(query, reader=None, page=chance.random() < 0.5)
    assert form.is_valid(), form.errors
    again = FilterForm(QueryDict(form.query_string()), reader=None, page=form.page)
    assert again.is_valid()
    assert again.cleaned_data == form.cleaned_data
    assert again.query_string() == form.query_string()


def test_an_address_can_change_one_filter_and_keep_the_others():
    form = filled("provider=RJ1&measure=cost")
    assert form.is_valid()
    changed = QueryDict(form.query_string(provider=["RJ7"], measure=None))
    assert changed.getlist("provider") == ["RJ7"]
    assert "measure" not in changed
    assert changed["position"] == "2"


def test_providers_and_years_offered_are_those_of_the_position():
    assert "RJ7" in dict(filled("").fields["provider"].choices)
    assert "RJ7" not in dict(filled("position=1").fields["provider"].choices)
    assert "provider" in filled("position=1&provider=RJ7").errors
    assert "year" in filled("position=1&year=2026/27").errors


def test_a_form_has_the_filters_it_uses_and_the_position():
    class YearAndMeasure(FilterForm):
        uses: ClassVar[tuple[str, ...]] = ("year", "measure")

    assert set(filled(form=YearAndMeasure).fields) == {"year", "measure", "position"}
    assert set(filled(form=PositionForm).fields) == {"position"}
    assert set(filled(form=PeriodForm).fields) == {"year", "from_month", "to_month", "position"}
    assert cleaned("measure=nonsense", form=PositionForm) == {"position": 2}
