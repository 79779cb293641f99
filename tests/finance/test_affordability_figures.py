"""Figures of the Affordability page: spend, outturn, the gap and its drivers."""

from decimal import Decimal

import pandas as pd
import pytest

from finance.models import Rate
from presentation.figure import Mode
from presentation.run import FiltersInvalid
from tests.finance.twins import money as twin
from tests.positions import fact, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
SPEND = ["spend_by_provider", "spend_by_system", "spend_by_programme_of_care"]
NAMES = ["affordability", "gap_drivers", "growth_rates", *SPEND]
RATES = {"demographic": 0.010, "non_demographic": 0.015, "price": 0.0415, "efficiency": 0.020}


def year_of(year, months, **values):
    usual = {"service_code": "GREEN1", "home_system": "QKK", "provider": "RJ1", "spells": 20}
    return [fact(**{**usual, "year": year, "month": m, **values}) for m in months]


def full_year(year="2025/26"):
    return [
        *year_of(year, range(1, 13), planned=1000, actual=1020),
        *year_of(year, range(1, 13), planned=500, actual=490, home_system="QWE", service_code="GREEN2"),
        *year_of(year, range(1, 13), planned=300, actual=330, provider="RJ7", home_system="QWE"),
    ]


@pytest.fixture
def loaded():
    return publish(full_year())


def pounds(frame, column, key="code"):
    return {c: None if pd.isna(v) else v / 10_000 for c, v in zip(frame[key], frame[column], strict=True)}


def test_spend_is_actual_less_plan_by_every_column(run, loaded):
    assert pounds(run("spend_by_provider").frame, "difference") == {"RJ1": 120, "RJ7": 360}
    assert pounds(run("spend_by_system").frame, "difference") == {"QKK": 240, "QWE": 240}
    assert pounds(run("spend_by_programme_of_care").frame, "difference") == {"A": 600, "B": -120}


def test_spend_agrees_with_the_slow_twin_and_its_parts_with_their_total(run, loaded):
    facts = full_year()
    for name, column in (("spend_by_provider", "provider"), ("spend_by_system", "home_system")):
        result = run(name)
        expected = twin.spend_to_date(facts, column)
        assert dict(zip(result.frame["code"], result.frame["actual_price"], strict=True)) == {
            k: a for k, (_, a) in expected.items()
        }
        assert result.total["actual_price"] == sum(a for _, a in expected.values())
        assert result.total["planned_price"] == sum(p for p, _ in expected.values())


def test_over_and_under_are_said_in_words(run, loaded):
    result = run("spend_by_programme_of_care")
    assert dict(zip(result.frame["name"], result.frame["against_plan"], strict=True)) == {
        "Internal medicine": "Over plan",
        "Cancer": "Under plan",
    }
    assert result.title == "Only Internal medicine is over plan, by £600"
    assert "together £480 over plan" in result.chart.summary


def test_a_full_year_is_its_own_outturn(run, loaded):
    frame = run("spend_by_provider", {"year": "2025/26"}).frame
    assert pounds(frame, "forecast") == {"RJ1": 12 * 1510, "RJ7": 12 * 330}
    assert frame["forecast_from"].tolist() == ["12 months, the full year's actual"] * 2


def test_a_part_year_borrows_the_phasing_of_the_year_before(run):
    earlier = year_of("2025/26", range(1, 7), planned=30, actual=30) + year_of("2025/26", range(7, 13), planned=20, actual=20)
    publish([*earlier, *year_of("2026/27", range(1, 7), planned=60, actual=66)])
    result = run("spend_by_provider", {"year": "2026/27"})
    assert pounds(result.frame, "forecast") == {"RJ1": 660}
    assert pounds(result.frame, "planned_year") == {"RJ1": 600}
    assert result.frame["forecast_from"].tolist() == ["6 months, phasing of the earlier year's plan"]


def test_all_years_add_up_each_by_itself(run):
    publish(full_year("2022/23") + full_year("2025/26"))
    assert pounds(run("spend_by_provider").frame, "forecast") == {"RJ1": 2 * 12 * 1510, "RJ7": 2 * 12 * 330}


def test_a_code_that_is_in_no_programme_of_care_keeps_its_money(run):
    publish(year_of("2025/26", [1], planned=1, actual=2, service_code="NEW1"))
    assert run("spend_by_programme_of_care").frame["name"].tolist() == ["No programme of care"]


def test_the_gap_agrees_with_the_slow_twin(run, loaded):
    frame = run("affordability", page=True).frame
    spend, revenue = 12 * 1840, 12 * 1800
    expected = twin.gaps(spend, revenue, RATES, [0.044] * 5)
    assert [g / 10_000 for g in frame["gap"]] == pytest.approx(expected, abs=0.001)
    assert frame["year"].tolist() == ["2025/26", "2026/27", "2027/28", "2028/29", "2029/30", "2030/31"]
    assert frame["gap"].tolist() == (frame["expenditure"] - frame["revenue"]).tolist()


def test_the_title_says_what_the_gap_reaches(run, loaded):
    result = run("affordability")
    assert result.title == f"If nothing is done the gap reaches £{result.frame['gap'].iloc[-1] / 10_000:,.0f} in 2030/31".replace(
        ",", ","
    )
    falling = run("affordability", {"revenue": "10"})
    assert falling.title.startswith("If nothing is done there is a surplus of ")
    assert falling.frame["gap_words"].iloc[-1] == "Surplus"


def test_the_waterfall_leads_from_gap_to_gap_exactly(run, loaded):
    frame = run("gap_drivers").frame
    years = run("affordability").frame
    assert frame["amount"].iloc[0] == years["gap"].iloc[0]
    assert frame["amount"].iloc[:-1].sum() == frame["amount"].iloc[-1] == years["gap"].iloc[-1]
    assert frame["is_total"].tolist() == [True, False, False, False, False, False, True]
    amounts = dict(zip(frame["step_name"], frame["amount"], strict=True))
    assert amounts["Efficiency"] < 0 < amounts["Price uplift"]
    assert amounts["Revenue growth"] < 0


def test_the_net_price_rule_is_shown(run, loaded):
    notes = " ".join(run("affordability").notes)
    assert "multiplicative" in notes
    assert "(1 + 4.15%) × (1 − 2.00%) − 1 = 2.067%" in notes


def test_defaults_are_seen_to_be_defaults_with_their_source(run, loaded):
    rows = run("growth_rates", {"price": "3"}, page=True).frame.set_index("driver_name")
    assert rows["state"].to_dict() == {
        "Demographic growth": "Default",
        "Non-demographic growth": "Default",
        "Price uplift": "Changed",
        "Efficiency": "Default",
        "Revenue growth": "Default",
    }
    assert rows.loc["Price uplift", ["rate", "default"]].tolist() == [0.03, 0.0415]
    assert rows.loc["Efficiency", "source"] == "Source of efficiency"


def test_a_later_rate_holds_from_its_year(run):
    Rate.objects.create(kind="growth", key="price", value="0.03", unit="a year", from_year="2026/27", source="Newer")
    publish(full_year("2025/26") + full_year("2026/27"))
    assert run("growth_rates", {"year": "2025/26"}).frame.set_index("driver_name").loc["Price uplift", "default"] == 0.0415
    assert run("growth_rates", {"year": "2026/27"}).frame.set_index("driver_name").loc["Price uplift", "default"] == 0.03


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("price", "31", "Price uplift must be between −20% and 30% a year"),
        ("demographic", "-21", "Demographic growth must be between −20% and 30% a year"),
        ("efficiency", "-1", "Efficiency must be between 0% and 20% a year"),
        ("efficiency", "100000000", "Efficiency must be between 0% and 20% a year"),
        ("revenue", "lots", "Revenue growth must be a number, such as 1.5"),
        ("revenue", "1.23456", "Revenue growth must have no more than 3 decimal places"),
    ],
)
def test_a_rate_out_of_range_is_named(run, loaded, name, value, message):
    with pytest.raises(FiltersInvalid) as caught:
        run("affordability", {name: value}, page=True)
    assert message in caught.value.form.errors[name]


def test_a_link_carries_the_rates_that_made_the_numbers(run, loaded):
    query = run("affordability", {"price": "3"}, page=True).query_string
    assert "price=3" in query
    assert "efficiency=2" in query


def test_without_rates_the_gap_is_not_known(run, loaded):
    Rate.objects.filter(key="revenue").delete()
    result = run("affordability", page=True)
    assert result.frame.empty
    assert "not known" in result.title


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", list(Mode))
def test_every_figure_stands_with_and_without_data(run, name, mode):
    empty = run(name, mode=mode)
    publish(full_year())
    full = run(name, mode=mode, page=True)
    for result in (empty, full):
        assert "nan" not in result.title
        assert result.chart is None or result.chart.summary
    assert len(full.frame)


def test_the_rates_are_in_the_stamp(run, loaded):
    before = run("affordability").stamp
    Rate.objects.filter(key="price").update(value=Decimal("0.05"))
    assert run("affordability").stamp != before
