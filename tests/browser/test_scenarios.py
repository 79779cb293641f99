"""A repatriation from the first question to the table taken away, with and without scripts."""

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


def is_accessible(page: Page, javascript: bool = True) -> None:
    """The rules are checked by a script, which a page without scripts does not run."""
    assert not javascript or violations(page) == []


def tick(page: Page, legend: str, *labels: str) -> None:
    """Choose from a list of boxes, which stands behind a summary where it is long."""
    group = page.get_by_role("group", name=re.compile(f"^{legend}"))
    # What is counted is not waited for: on a slow machine the page is only on its way.
    expect(group).to_be_visible()
    summary = group.locator("summary")
    if summary.count() and group.locator("details").get_attribute("open") is None:
        summary.first.click()
    for label in labels:
        group.get_by_label(re.compile(label)).first.check()


def begin(page: Page, name: str) -> None:
    page.goto("/flows/")
    page.get_by_role("navigation", name="Flows", exact=True).get_by_role("link", name="Scenarios").click()
    page.get_by_role("button", name="Start a scenario").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Flows of").select_option("2025/26")
    page.get_by_role("button", name="Go on to its moves").click()


def repatriate(page: Page, share: str, javascript: bool = True) -> None:
    """Some of South West London's people who are treated at Guy's go to St George's."""
    page.get_by_role("link", name="Repatriate", exact=True).click()
    tick(page, "Homes of the people who move", "South West London")
    tick(page, "Providers that they leave", "Guy's and St Thomas'")
    page.get_by_label("Provider that they go to").select_option(label="St George's")
    page.get_by_label("Share that moves, %").fill(share)
    page.get_by_role("button", name="See what it does").click()
    expect(page.locator("#preview")).to_contain_text("Not kept yet")
    is_accessible(page, javascript)
    page.get_by_role("button", name="Add the move").click()


def save(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Save as version")).click()
    expect(page.get_by_role("heading", name="Moves, in their order")).to_be_visible()


def downloaded(page: Page, figure: str) -> list[dict]:
    with page.expect_download() as taken:
        page.locator(f"#figure-{figure}").get_by_role("link", name=re.compile("^CSV")).click()
    return list(csv.DictReader(io.StringIO(Path(taken.value.path()).read_text(encoding="utf-8-sig"))))


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_repatriation_is_built_saved_compared_and_exported(open_on_own_site, javascript):
    page = open_on_own_site(TEAM, javascript=javascript)
    for name, share in (("Half come home", "50"), ("A tenth comes home", "10")):
        begin(page, name)
        repatriate(page, share, javascript)
        expect(page.get_by_role("main")).to_contain_text(f"Repatriate {share}.0%")
        save(page)
        is_accessible(page, javascript)
    lede = page.locator(".app-lede").inner_text()
    assert "move to St George's" in lede
    assert "loses most" in lede

    rows = downloaded(page, "scenario-organisations")
    assert {row["Organisation"] for row in rows} == {"Guy's and St Thomas'", "St George's"}
    assert len({row["Year"] for row in rows}) == 5

    page.get_by_role("button", name="Compare").click()
    tick(page, "Scenarios", "Half come home")
    page.get_by_role("button", name="Compare").click()
    table = page.locator("table", has_text="A column for each scenario")
    expect(table.get_by_role("columnheader", name="Half come home")).to_be_visible()
    expect(table.get_by_role("columnheader", name="A tenth comes home")).to_be_visible()
    is_accessible(page, javascript)
    assert len(downloaded(page, "scenarios-compared")) >= 2


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "390"])
def test_pages_of_a_scenario_are_accessible_and_fit(open_on_own_site, viewport):
    page = open_on_own_site(TEAM, viewport=viewport)
    begin(page, "At any width")
    addresses = [page.url]
    repatriate(page, "25")
    addresses += [page.url, f"{page.url}1/", f"{page.url}add/growth/", page.url.replace("moves/", "details/")]
    save(page)
    addresses += [page.url, f"{page.url}delete/"]
    for address in addresses:
        assert page.goto(address).status == 200
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], address


def test_what_is_wrong_is_said_at_its_field(open_on_own_site):
    page = open_on_own_site(TEAM)
    begin(page, "Wrong")
    page.get_by_role("link", name="Repatriate", exact=True).click()
    page.get_by_label("Share that moves, %").fill("120")
    page.get_by_role("button", name="Add the move").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Share that moves must be between 0% and 100%")
    expect(alert).to_contain_text("Select homes of the people who move")
    assert violations(page) == []


def test_the_board_reads_what_is_shared(open_on_own_site):
    team = open_on_own_site(TEAM)
    begin(team, "For the board")
    repatriate(team, "30")
    save(team)
    board = open_on_own_site("Board member")
    assert board.goto(team.url).status == 404
    team.get_by_role("button", name="Share", exact=True).click()
    assert board.goto(team.url).status == 200
    expect(board.get_by_role("button", name="Make a copy")).to_have_count(0)
