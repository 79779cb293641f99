"""From a peer group to the largest difference and its table taken away, with and without scripts."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import NARROW
from .test_pages import violations
from .test_scenarios import tick

pytestmark = pytest.mark.browser
TEAM = "Programme team"


def make_group(page: Page, name: str) -> None:
    """A peer group of the two systems whose trusts are in."""
    page.goto("/allocation/variation/")
    page.get_by_role("link", name="Make and change peer groups").click()
    page.get_by_role("button", name="Make a group of systems").click()
    page.get_by_label("Name").fill(name)
    tick(page, "Systems", "South East London", "South West London")
    page.get_by_role("button", name="Keep the group").click()
    expect(page.get_by_role("main")).to_contain_text(f"“{name}” is kept.")


def taken(page: Page, figure: str) -> list[dict]:
    with page.expect_download() as file:
        page.locator(f"#figure-{figure}").get_by_role("link", name=re.compile("^CSV")).click()
    return list(csv.DictReader(io.StringIO(Path(file.value.path()).read_text(encoding="utf-8-sig"))))


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_an_area_is_held_against_a_peer_group_and_its_differences_are_taken_away(open_on_own_site, javascript):
    page = open_on_own_site(TEAM, javascript=javascript)
    make_group(page, "South London")
    page.goto("/allocation/variation/?year=2025/26")
    page.get_by_label("Held against").select_option(label="South London (2 systems)")
    page.get_by_label("Differences by").select_option(label="Programme of care")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".app-lede")).to_contain_text("South East London differs most from its peers on")
    reasons = re.compile("More people treated|Fewer people treated|Each costs more|Each costs less", re.IGNORECASE)
    expect(page.locator("#figure-variation-differences table")).to_contain_text(reasons)
    assert not javascript or violations(page) == []
    rows = taken(page, "variation-differences")
    gaps = [abs(float(row["More (+) or less (−) than peers"])) for row in rows if row["Rank"]]
    assert len(gaps) > 3
    assert gaps == sorted(gaps, reverse=True)


@pytest.mark.parametrize("viewport", [NARROW], ids=["390"])
def test_pages_of_a_peer_group_are_accessible_and_fit(open_on_own_site, viewport):
    page = open_on_own_site(TEAM, viewport=viewport)
    make_group(page, "At any width")
    for address in ("/allocation/variation/peers/1/", "/allocation/variation/peers/1/delete/", "/allocation/variation/peers/"):
        assert page.goto(address).status == 200
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], address
