"""Figures of shadow monitoring: budgets, spend and forecasts worked by hand, and both views of the same money."""

import pandas as pd
import pytest
from django.urls import reverse

from accounts.models import User
from finance.models import BudgetSet, PopulationBudget, Rate
from presentation.disclosure import HIDDEN
from presentation.figure import Mode
from presentation.run import FiltersInvalid
from tests.finance.test_pages import words
from tests.positions import fact, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area", "bands")]
NAMES = ["shadow_monitoring", "monitoring_by_provider", "monitoring_by_month", "monitoring_by_programme_of_care"]


@pytest.fixture
def bands(area):
    for key, value in (("green_within", "0.005"), ("amber_within", "0.02")):
        Rate.objects.create(kind="monitoring", key=key, value=value, unit="of budget", illustrative=True, source="A board paper")


def months(numbers, **values):
    usual = {"service_code": "GREEN1", "home_system": "QKK", "provider": "RJ1", "spells": 20, "year": "2025/26"}
    return [fact(**{**usual, "month": m, **values}) for m in numbers]


def half_a_year(*more):
    """Plan of the whole year, actual of half of it: South East London over, South West London under."""
    over = [*months(range(1, 7), planned=100, actual=110), *months(range(7, 13), planned=100, spells=None)]
    under = {"home_system": "QWE", "service_code": "GREEN2", "provider": "RJ7"}
    return [
        *over,
        *months(range(1, 7), planned=50, actual=45, **under),
        *months(range(7, 13), planned=50, spells=None, **under),
        *more,
    ]


def pounds(frame, column, key="code"):
    return {c: None if pd.isna(v) else v / 10_000 for c, v in zip(frame[key], frame[column], strict=True)}


def record(area, amount, *, months=(), year="2025/26", programme=None):
    by, _ = User.objects.get_or_create(email="team@example.nhs.uk")
    held = BudgetSet.objects.create(year=year, owner="Programme team", source="A board paper", recorded_by=by)
    amount = None if amount is None else amount * 10_000
    PopulationBudget.objects.create(
        budget_set=held, area=area, amount=amount, months=[m * 10_000 for m in months], programme_of_care_id=programme
    )


def test_plan_stands_in_the_place_of_a_budget(run):
    publish(half_a_year())
    frame = run("shadow_monitoring").frame
    assert pounds(frame, "budget_year") == {"QKK": 1200, "QWE": 600}
    assert pounds(frame, "budget") == {"QKK": 600, "QWE": 300}
    assert pounds(frame, "difference") == {"QKK": 60, "QWE": -30}
    assert pounds(frame, "forecast_phased") == {"QKK": 1320, "QWE": 540}
    assert pounds(frame, "forecast_run_rate") == {"QKK": 1320, "QWE": 540}
    assert pounds(frame, "forecast_difference") == {"QKK": 120, "QWE": -60}
    assert dict(zip(frame["code"], frame["rating"], strict=True)) == {
        "QKK": "Red: well over budget",
        "QWE": "Green: within budget",
    }
    assert set(frame["basis"]) == {"Plan of providers"}


def test_titles_and_the_sentence_are_of_the_numbers(run, signed_in, programme_team):
    publish(half_a_year())
    assert run("shadow_monitoring").title == (
        "South East London is furthest over budget to September 2025: £60 (10.0%); one of two is over"
    )
    assert run("monitoring_by_month").title == "Spend to September 2025 is £30 (3.3%) over budget; it was over in every month"
    said = words(signed_in(programme_team).get(reverse("finance:shadow_monitoring")))
    assert "£930 was spent to September 2025, £30 (3.3%) over budget" in said
    assert "at the rate of the last three months 2025/26 ends £60 (3.3%) over budget" in said
    assert "both views hold the same spend, £930.00" in said
    assert "for population shares, not for provider or site funding" in said


def test_a_recorded_budget_counts_where_a_systems_trusts_are_in(run):
    publish(half_a_year(*months(range(1, 7), home_system="QKS", planned=10, actual=12)))
    record("QKK", 960)
    record("QKS", 999)
    result = run("shadow_monitoring")
    frame = result.frame.set_index("code")
    assert frame.loc["QKK", "budget_year"] == 960 * 10_000
    assert frame.loc["QKK", "budget"] == 480 * 10_000
    assert frame.loc["QKK", "basis"] == "Recorded by the programme"
    assert frame.loc["QKS", "basis"] == "Plan of providers"
    assert any("budget recorded for Kent and Medway is not used" in note for note in result.notes)
    assert any("Budgets of South East London were recorded" in note for note in result.notes)
    assert [source for what, _, source in result.figure.sources(result.filters) if what.startswith("Budgets of")] == [
        "A board paper"
    ] * 2


def test_a_phased_budget_has_its_own_forecast(run):
    publish(half_a_year())
    record("QKK", 1200, months=[150] * 6 + [50] * 6)
    row = run("shadow_monitoring").frame.set_index("code").loc["QKK"]
    assert row["budget"] == 900 * 10_000
    assert row["forecast_phased"] == 880 * 10_000
    assert row["rating"] == "Green: within budget"


def test_the_newest_budget_counts_and_the_plan_can_count_again(run):
    publish(half_a_year())
    record("QKK", 960)
    first = run("shadow_monitoring").stamp
    record("QKK", 840)
    assert pounds(run("shadow_monitoring").frame, "budget_year")["QKK"] == 840
    record("QKK", None)
    assert pounds(run("shadow_monitoring").frame, "budget_year")["QKK"] == 1200
    assert run("shadow_monitoring").stamp != first


def test_a_budget_of_one_programme_is_seen_there(run):
    publish(half_a_year())
    record("QKK", 600, programme="A")
    assert pounds(run("monitoring_by_programme_of_care").frame, "budget_year") == {"A": 600, "B": 600}


def test_both_views_hold_the_same_money_whatever_the_homes(run):
    publish(
        half_a_year(
            *months(range(1, 7), home_system="NOT-KNOWN", planned=10, actual=20),
            *months(range(1, 5), home_system="DEVOLVED", planned=1, actual=2),
            *months(range(1, 7), service_code="RED1", planned=5, actual=5),
            *months([2], home_system="NOT-KNOWN", service_code="GREEN2", planned=3, actual=4),
        )
    )
    totals = [run(name).total for name in NAMES]
    for column in ("actual_price", "forecast_phased", "forecast_run_rate", "budget_year"):
        assert totals[0][column] == totals[1][column] == totals[3][column]
    assert totals[0]["actual_price"] == run("spend_by_provider").total["actual_price"]
    assert pounds(run("shadow_monitoring").frame, "actual_price")["QKK"] == 660 + 120
    assert any("£4 is unallocated" in note for note in run("shadow_monitoring").notes)


def test_months_stand_up_to_the_one_asked_for(run):
    publish(half_a_year())
    frame = run("monitoring_by_month", {"to_month": "3"}).frame
    assert frame["name"].tolist()[:3] == ["April", "May", "June"]
    assert pounds(frame, "actual_to_date", "name")["June"] == 3 * 155
    assert frame["actual_price"].isna().sum() == 9
    assert pounds(run("shadow_monitoring", {"to_month": "3"}).frame, "actual_price") == {"QKK": 330, "QWE": 135}


def test_months_and_programmes_are_of_the_homes_chosen(run):
    publish(half_a_year())
    chosen = {"system": ["QWE"]}
    assert set(run("monitoring_by_programme_of_care", chosen).frame["code"]) == {"B"}
    assert run("monitoring_by_month", chosen).total["actual_price"] == 270 * 10_000
    assert len(run("shadow_monitoring", chosen).frame) == 2


def test_places_are_populations_too(run):
    publish(half_a_year(*months(range(1, 7), home_place="PQKK", planned=30, actual=33)))
    frame = run("shadow_monitoring", {"level": "place"}).frame.set_index("code")
    assert frame.loc["PQKK", "actual_price"] == 198 * 10_000
    assert frame.loc["QKK", "name"] == "South East London: place not known"
    assert frame["actual_price"].sum() == run("shadow_monitoring").total["actual_price"]


def test_a_provider_that_is_late_is_named_and_the_page_opens_where_all_are_in(run):
    publish(half_a_year()[:6] + months(range(1, 5), provider="RJ7", planned=1, actual=1))
    assert run("shadow_monitoring").filters["to_month"] == 4
    notes = run("shadow_monitoring", {"to_month": "6"}).notes
    assert any(note.startswith("St George's has not sent August to September 2025") for note in notes)


def test_nothing_is_rated_without_bands(run):
    publish(half_a_year())
    Rate.objects.filter(kind="monitoring").delete()
    result = run("shadow_monitoring")
    assert result.frame["rating"].isna().all()
    assert any("Nothing is rated" in note for note in result.notes)


def test_few_people_hide_their_money_and_their_rating_outside(run):
    publish(half_a_year(*months([1], home_system="QKS", planned=10, actual=900, spells=3)))
    frame = run("shadow_monitoring", mode=Mode.OUTSIDE).frame.set_index("code")
    assert frame.loc["QKS", "actual_price"] is HIDDEN
    assert frame.loc["QKS", "forecast_run_rate"] is HIDDEN
    assert pd.isna(frame.loc["QKS", "rating"])
    assert not pd.isna(frame.loc["QKK", "rating"])


def test_a_month_of_few_people_does_not_follow_from_what_stands_around_it(run):
    publish([*months([1, 3], planned=5, actual=5), *months([2], planned=5, actual=5, spells=3)])
    frame = run("monitoring_by_month", mode=Mode.OUTSIDE).frame
    assert frame["actual_price"].tolist()[1] is HIDDEN
    assert [v is HIDDEN for v in frame["actual_to_date"].tolist()[:3]] == [False, True, True]


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_stands_with_and_without_data(run, name):
    empty = run(name, page=True)
    assert empty.frame.empty
    publish(half_a_year())
    for result in (empty, run(name, mode=Mode.OUTSIDE)):
        assert "nan" not in (result.title + result.chart.summary).split()


@pytest.mark.parametrize("data", [{"year": "all"}, {"year": "1999/00"}, {"to_month": "14"}, {"level": "region"}])
def test_filters_that_nobody_should_send_are_named(run, data):
    publish(half_a_year())
    with pytest.raises(FiltersInvalid):
        run("shadow_monitoring", data)


def test_the_page_stands_before_anything_is_published(signed_in, programme_team):
    response = signed_in(programme_team).get(reverse("finance:shadow_monitoring"))
    assert "No spend is loaded for what is chosen." in words(response)
