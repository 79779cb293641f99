"""One flow: by month and year, by service, as a part of both of its ends, and its page."""

import re
from html import unescape

import pandas as pd
import pytest

from planning.calculations.one_flow import monthly, parts, yearly
from planning.models import Site
from tests.positions import fact, publish

SUMS = ["actual_activity", "planned_activity", "actual_price", "planned_price"]


def months(*rows) -> pd.DataFrame:
    """Rows of year, month, activity and price."""
    frame = pd.DataFrame([(y, m, a, a, p, p, a) for y, m, a, p in rows], columns=["year", "month", *SUMS, "people"])
    return frame.astype({"month": "Int64", **dict.fromkeys([*SUMS, "people"], "Int64")})


def loaded(*rows) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["year", "month"])


def test_a_month_that_is_in_and_has_no_flow_is_nought_and_one_that_is_not_in_is_not_there():
    frame = monthly(months(("2025/26", 2, 5, 50)), loaded(("2025/26", 1), ("2025/26", 2), ("2024/25", 12)))
    assert list(zip(frame["year"], frame["month"], strict=True)) == [("2024/25", 12), ("2025/26", 1), ("2025/26", 2)]
    assert frame["actual_price"].tolist() == [0, 0, 50]


def test_an_amount_that_was_not_said_is_not_nought():
    frame = monthly(months(("2025/26", 1, 5, None)), loaded(("2025/26", 1)))
    assert frame["actual_activity"].tolist() == [5]
    assert frame["actual_price"].isna().all()


def test_a_month_of_several_extracts_stands_once():
    assert len(monthly(months(("2025/26", 1, 5, 50)), loaded(("2025/26", 1), ("2025/26", 1)))) == 1


def test_years_add_up_their_months_and_say_how_many_are_in():
    every = loaded(*[("2025/26", m) for m in range(1, 14)], ("2024/25", 1))
    frame = yearly(monthly(months(("2025/26", 1, 5, 50), ("2025/26", 13, 1, 7), ("2024/25", 1, 2, 20)), every))
    rows = frame.set_index("year")
    assert rows["months"].to_dict() == {"2024/25": 1, "2025/26": 12}
    assert rows["actual_price"].to_dict() == {"2024/25": 20, "2025/26": 57}
    assert rows["price_difference"].tolist() == [0, 0]


def test_nothing_loaded_is_nothing_at_all():
    frame = monthly(months(), loaded())
    assert frame.empty
    assert yearly(frame).empty


@pytest.mark.parametrize("absent", ["year", "month", "actual_price", "people"])
def test_columns_that_are_not_there_are_named(absent):
    with pytest.raises(ValueError, match=absent):
        monthly(months().drop(columns=absent), loaded())


def whole(activity, price, people=100) -> pd.DataFrame:
    return pd.DataFrame([(activity, price, people)], columns=["actual_activity", "actual_price", "people"], dtype="Int64")


def test_a_flow_is_a_part_of_both_of_its_ends():
    frame = parts(whole(20, 50), whole(80, 500), whole(40, 200)).set_index("end")
    assert frame["activity_share"].to_dict() == {"home": 0.25, "provider": 0.5}
    assert frame["price_share"].to_dict() == {"home": 0.1, "provider": 0.25}


def test_a_part_of_nothing_is_no_share():
    frame = parts(whole(0, None), whole(0, None), whole(0, -5))
    assert frame["activity_share"].isna().all()
    assert frame["price_share"].isna().all()


@pytest.fixture
def published(reference):
    """Two years of two flows to Guy's and St Thomas', of two services and two sites."""
    rows = []
    for year, months_in in (("2024/25", 12), ("2025/26", 6)):
        for month in range(1, months_in + 1):
            common = {"year": year, "month": month}
            rows.append(fact(**common, spells=10, actual=100, planned=90, planned_spells=9, site="RJ121"))
            rows.append(fact(**common, spells=4, actual=300, planned=300, service_code="NCBPS01C", site="RJ122"))
            rows.append(fact(**common, spells=6, actual=60, home_system="QKS", home="91Q", home_place=""))
            rows.append(fact(**common, provider="RJ7", spells=5, actual=40))
    return publish(rows)


@pytest.fixture
def page(published, signed_in, programme_team):
    client = signed_in(programme_team)

    def get(query: str):
        return client.get(f"/flows/flow/?{query}")

    return get


pytestmark = pytest.mark.django_db
ONE = "home=QKK&provider=RJ1&level=system"


def test_the_page_says_what_part_of_both_ends_the_flow_is(page):
    text = unescape(page(f"{ONE}&year=2025/26").content.decode())
    assert "South East London to Guy's and St Thomas'" in text
    # 14 of 19 spells of the home, and 14 of 20 of the provider.
    assert "84 admitted spells" in text
    assert "74% of all for people of South East London" in text
    assert "70% of all that Guy's and St Thomas' did" in text


def test_the_trend_is_of_every_month_whatever_year_is_chosen(page):
    results = page(f"{ONE}&year=2025/26&from_month=3").context["results"]
    trend = results["flow_trend"].frame
    assert len(trend) == 18
    assert set(trend["actual_activity"]) == {14_000}
    assert trend["period"].tolist()[0] == "Apr 2024"
    years = results["flow_years"].frame.set_index("year")
    assert years["months"].to_dict() == {"2024/25": 12, "2025/26": 6}
    assert years["actual_price"].to_dict() == {"2024/25": 12 * 400 * 10_000, "2025/26": 6 * 400 * 10_000}


def test_its_services_are_those_of_the_months_chosen(page):
    frame = page(f"{ONE}&year=2025/26&from_month=5&measure=cost").context["results"]["flow_services"].frame
    assert frame["actual_price"].tolist() == [2 * 300 * 10_000, 2 * 100 * 10_000]
    assert frame["price_share"].tolist() == [0.75, 0.25]


def test_a_site_is_a_flow_of_its_own(page):
    assert Site.objects.filter(code="RJ121").exists()
    results = page(f"{ONE}&year=2025/26&site=RJ121").context["results"]
    assert results["flow_trend"].frame["actual_activity"].max() == 10_000
    # What its ends are stays the home, and the provider.
    assert results["flow_parts"].frame["all_activity"].tolist() == [6 * 19_000, 6 * 20_000]


@pytest.mark.parametrize(
    ("level", "home", "spells"),
    [("region", "Y56", 14), ("code", "72Q", 14), ("code", "91Q", 6), ("system", "QKS", 6), ("place", "QKS", 6)],
)
def test_a_home_of_any_level_has_its_flow(page, level, home, spells):
    results = page(f"home={home}&provider=RJ1&level={level}&year=2025/26").context["results"]
    assert results["flow_trend"].frame["actual_activity"].max() == spells * 1_000
    assert int(results["flow_services"].frame["actual_activity"].sum()) == 6 * spells * 1_000


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Choose a home of patients"),
        ("home=QKK", "Choose a provider"),
        ("home=NOWHERE&provider=RJ1", "is not on the list"),
        ("home=QKK&provider=XXX", "is not on the list"),
        (f"{ONE}&measure=patients", "There is a problem"),
        (f"{ONE}&home=<script>", "is not on the list"),
    ],
)
def test_a_flow_that_is_none_is_said_in_words(page, query, said):
    response = page(query)
    text = unescape(response.content.decode())
    assert response.status_code == 200
    assert said in text
    assert "who is treated where" in text
    assert not response.context["results"]


def test_a_flow_without_anything_says_so(page):
    text = unescape(page("home=QXU&provider=RJ1&level=system&year=2025/26").content.decode())
    assert "Nothing from" in text
    assert re.search(r"Nothing in any month|No data", text)


def test_a_page_of_flows_leads_to_it(published, signed_in, programme_team):
    client = signed_in(programme_team)
    text = client.get("/flows/?year=2025/26&measure=cost").content.decode()
    [address] = {unescape(found) for found in re.findall(r'href="(/flows/flow/[^"]+home=QKS&amp;provider=RJ1)"', text)}
    assert "year=2025%2F26" in address
    assert "measure=cost" in address
    response = client.get(address)
    assert response.status_code == 200
    assert not response.context["form"].errors
    assert int(response.context["results"]["flow_services"].frame["actual_price"].sum()) == 6 * 60 * 10_000


def test_its_rows_are_one_click_away(page, published):
    text = page(f"{ONE}&year=2025/26").content.decode()
    assert re.search(r"/figure/flow_services/rows/\?[^\"]*home=QKK", unescape(text))
