"""Shadow monitoring as people use it: what it says, a budget recorded, its effect, and a file taken away."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import NARROW, WIDE
from .test_pages import violations

pytestmark = pytest.mark.browser
TEAM = "Programme team"


def row_of(page: Page, figure: str, name: str) -> dict[str, str]:
    """Heading → cell of one row of a figure's table."""
    table = page.locator(f"#figure-{figure.replace('_', '-')} table").first
    headings = [text.strip() for text in table.locator("thead th").all_inner_texts()]
    row = table.locator("tbody tr").filter(has=page.get_by_role("rowheader", name=name, exact=True)).first
    return dict(zip(headings, [text.strip() for text in row.locator("th, td").all_inner_texts()], strict=True))


def taken(page: Page, figure: str) -> list[dict]:
    with page.expect_download() as download:
        page.locator(f"#figure-{figure.replace('_', '-')}").get_by_role("link", name=re.compile("^CSV")).click()
    return list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig"))))


def pounds(text: str) -> int:
    return int(text.replace("£", "").replace(",", ""))


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_budget_is_recorded_and_the_population_is_rated_against_it(open_on_own_site, javascript):
    page = open_on_own_site(TEAM, javascript=javascript)
    page.goto("/allocation/")
    page.get_by_role("navigation", name="Allocation", exact=True).get_by_role("link", name="Shadow monitoring").click()
    expect(page.get_by_text("for population shares, not for provider or site funding")).to_be_visible()
    expect(page.locator("#agree")).to_contain_text("both views hold the same spend")
    before = row_of(page, "shadow_monitoring", "South East London")
    assert before["Budget is"] == "Plan of providers"
    page.get_by_role("link", name="Budgets recorded for populations").click()
    page.get_by_role("button", name="Record one budget").click()
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Select a system or place")
    page.get_by_label("System or place").select_option("QKK")
    page.get_by_label(re.compile("^Budget for the year")).fill(str(10 * pounds(before["Budget for the year"])))
    page.get_by_label("Owner").fill("Director of finance")
    page.get_by_label("Source").fill("Paper 7")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text(re.compile("^Recorded for"))).to_be_visible()
    page.get_by_role("link", name="Shadow monitoring").first.click()
    after = row_of(page, "shadow_monitoring", "South East London")
    assert after["Budget is"] == "Recorded by the programme"
    assert after["Rating"] == "Green: within budget"
    assert after["Actual to date"] == before["Actual to date"]
    [row] = [r for r in taken(page, "shadow_monitoring") if r["Code"] == "QKK"]
    assert pounds(after["Budget for the year"]) == float(row["Budget for the year"])


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_pages_are_accessible_and_fit(open_as, viewport):
    page = open_as(TEAM, viewport=viewport)
    for path in ("/allocation/monitoring/", "/allocation/monitoring/budgets/", "/allocation/monitoring/budgets/upload/"):
        page.goto(path)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_months_and_places_can_be_chosen(open_as):
    page = open_as(TEAM)
    page.goto("/allocation/monitoring/")
    page.get_by_label("As at the end of").select_option(label="May")
    page.get_by_label("Populations by").select_option(label="Place")
    page.get_by_role("button", name="Show").first.click()
    expect(page.locator(".app-lede")).to_contain_text("to May")
    expect(page.locator("#figure-shadow-monitoring")).to_contain_text("place not known")
    shown = page.locator("#figure-monitoring-by-month tbody tr").nth(2)
    expect(shown).to_contain_text("No data")
