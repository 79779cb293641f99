"""The explorer in Chromium: from a mark, from a dot by keyboard, and from a table to one flow; with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import NARROW, WIDE
from .test_pages import TEAM, WIDTHS, violations

pytestmark = pytest.mark.browser
FLOWS = "/flows/?year=2025/26"
MAP = f"{FLOWS}&shown_as=map"


def drawn(page, name: str):
    chart = page.locator(f"#chart-{name}")
    expect(chart.locator("svg").first).to_be_attached(timeout=15_000)
    return chart


@WIDTHS
@pytest.mark.parametrize(
    "query", ["level=region&destination=site", "level=place&measure=cost", "level=code&basis=difference", "measure=patients"]
)
def test_every_way_of_looking_is_accessible_and_fits(open_as, query, viewport):
    page = open_as(TEAM, viewport=viewport)
    assert page.goto(f"{FLOWS}&{query}&shown_as=all").status == 200
    if page.locator("[data-chart]").count():
        drawn(page, "flow-map")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_a_dot_of_the_map_is_reached_says_itself_and_leads_on_by_keyboard(open_as):
    page = open_as(TEAM, viewport=WIDE)
    page.goto(MAP)
    chart = drawn(page, "flow-map")
    dot = chart.locator("path.point[tabindex='0']").first
    expect(dot).to_have_attribute("aria-label", re.compile(r".+: [\d,]+"))
    dot.focus()
    expect(dot).to_be_focused()
    expect(chart.locator(".hoverlayer .hovertext").first).to_be_attached()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"(system|provider)=.*shown_as=map"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Flows")


def test_homes_without_a_place_are_listed_beside_the_map(open_as):
    page = open_as(TEAM, viewport=NARROW)
    page.goto(MAP)
    beside = page.locator("#figure-flow-map .app-beside")
    expect(beside).to_contain_text("Not on the map")
    expect(beside).to_contain_text("Rest of England")


def test_a_bar_of_a_flow_leads_to_its_page(open_as):
    page = open_as(TEAM, viewport=WIDE)
    page.goto(f"{FLOWS}&shown_as=largest")
    chart = drawn(page, "flow-top")
    bar = chart.locator(".barlayer .point path").first
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url(re.compile(r"/flows/flow/"))
    expect(page.locator("#figure-flow-trend")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_from_a_table_to_one_flow_and_to_its_rows(open_as, javascript):
    page = open_as(TEAM, javascript=javascript)
    page.goto(FLOWS)
    table = page.locator("#figure-flow-dashboard details.app-figure__table").first
    table.locator("summary").click()
    link = table.locator("tbody th a").first
    said = link.inner_text().strip()
    link.click()
    expect(page).to_have_url(re.compile(r"/flows/flow/\?"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(said.split("\n")[0].split(" to ")[0])
    assert page.locator("section.app-figure").count() == 4
    rows = page.locator("#figure-flow-services").get_by_role("link", name=re.compile("Rows behind"))
    rows.click()
    expect(page).to_have_url(re.compile(r"/figure/flow_services/rows/"))


def test_without_scripts_the_map_is_a_picture_and_its_numbers_a_table(open_as):
    page = open_as(TEAM, javascript=False)
    page.goto(MAP)
    figure = page.locator("#figure-flow-map")
    picture = figure.locator("img")
    answer = page.request.get(picture.get_attribute("src"))
    assert answer.status == 200
    assert b"<circle" in answer.body()
    assert b"Not on the map" in answer.body()
    assert figure.locator("table caption").count() == 1


@WIDTHS
@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_the_same_flows_are_shown_in_another_way_and_stay_so(open_as, viewport, javascript):
    page = open_as(TEAM, javascript=javascript, viewport=viewport)
    page.goto(f"{FLOWS}&measure=cost")
    said = page.locator(".app-lede").inner_text()
    ways = page.get_by_role("navigation", name="Shown as")
    ways.get_by_role("link", name="Matrix").click()
    expect(page.locator("#figure-flow-matrix")).to_be_visible()
    expect(ways.locator("[aria-current]")).to_have_text("Matrix")
    assert page.locator("section.app-figure").count() == 1
    assert page.locator(".app-lede").inner_text() == said
    if javascript:
        assert violations(page) == []
    if page.locator("details.app-filters:not([open])").count():
        page.get_by_text("Change what is shown").click()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile("shown_as=matrix"))


def test_filters_that_select_nothing_lead_to_some_that_do(open_as):
    page = open_as(TEAM, javascript=False)
    page.goto(f"{FLOWS}&from_month=13&to_month=13")
    offer = page.get_by_role("link", name="Without the months chosen")
    expect(offer).to_be_visible()
    offer.click()
    expect(page.locator("#figure-flow-dashboard")).to_be_visible()


@WIDTHS
def test_pages_of_flows_lead_to_each_other(open_as, viewport):
    page = open_as(TEAM, viewport=viewport)
    page.goto(FLOWS)
    section = page.get_by_role("navigation", name="Flows")
    section.get_by_role("link", name="Measures").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Measures of flow")
    expect(page.get_by_role("navigation", name="Flows").locator("[aria-current=page]")).to_have_text("Measures")
    assert violations(page) == []
