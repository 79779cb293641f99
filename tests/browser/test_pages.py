"""Every page: accessible, whole at both widths, drawn from the product's own files, and readable without JavaScript."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import NARROW, WIDE
from .pages import BEFORE_SIGNING_IN, FIGURE_PAGES, NOT_PAGES, PAGES, every_address, path_of

pytestmark = pytest.mark.browser

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TEAM = "Programme team"
WIDTHS = pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "390"])


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": LEVELS}).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:200]}" for rule in found for node in rule["nodes"]]


def show(page: Page, name: str) -> None:
    """Open a page and wait until its charts are drawn."""
    answer = page.goto(path_of(name))
    assert answer.status == 200
    for chart in page.locator("[data-chart]").all():
        expect(chart.locator("svg, canvas").first).to_be_attached(timeout=15_000)


def test_every_address_is_known_as_a_page_or_as_something_else():
    assert every_address() == set(PAGES) | BEFORE_SIGNING_IN | NOT_PAGES


# Only somebody who may send files is shown where to.
WHO = {"planning:upload_extract": "Finance lead, King"}


@WIDTHS
@pytest.mark.parametrize("name", PAGES)
def test_no_page_breaks_an_accessibility_rule_or_its_width(open_as, name, viewport):
    page = open_as(WHO.get(name, TEAM), viewport=viewport)
    show(page, name)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


@WIDTHS
@pytest.mark.parametrize("name", sorted(BEFORE_SIGNING_IN))
def test_pages_before_signing_in_are_accessible(open_as, name, viewport):
    page = open_as(viewport=viewport)
    show(page, name)
    assert violations(page) == []


@pytest.mark.parametrize("name", FIGURE_PAGES)
def test_every_figure_is_drawn_and_has_its_table(open_as, name):
    page = open_as(TEAM)
    show(page, name)
    figures = page.locator("section.app-figure")
    assert figures.count() >= 1
    for figure in figures.all():
        assert figure.get_by_role("heading").first.inner_text().strip()
        assert figure.locator("table caption").count() == 1
        assert figure.locator("table thead th[scope=col]").count() >= 2
        assert figure.get_by_text("Source:").count() == 1


@pytest.mark.parametrize("name", FIGURE_PAGES)
def test_without_javascript_every_figure_has_its_picture_and_numbers(open_as, name):
    page = open_as(TEAM, javascript=False)
    assert page.goto(path_of(name)).status == 200
    with_script = open_as(TEAM)
    show(with_script, name)
    pictures = page.locator("section.app-figure img")
    assert pictures.count() == with_script.locator("[data-chart]").count()
    for picture in pictures.all():
        answer = page.request.get(picture.get_attribute("src"))
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert picture.get_attribute("alt").strip()
    for table in page.locator("section.app-figure table").all():
        assert re.search(r"\d", table.locator("tbody").text_content())


@pytest.mark.parametrize("name", FIGURE_PAGES)
def test_every_page_of_figures_says_what_its_numbers_are(open_as, name):
    page = open_as(TEAM)
    page.goto(path_of(name))
    bar = page.get_by_role("region", name="Reporting position")
    expect(bar).to_contain_text("Position 2")
    expect(bar).to_contain_text("Illustrative data")


def test_wrong_filters_are_explained_and_accessible(open_as):
    page = open_as(TEAM)
    assert page.goto(path_of("planning:flow_dashboard") + "?year=nonsense&from_month=99").status == 200
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    assert violations(page) == []


def test_a_page_that_is_not_there_is_accessible(open_as):
    page = open_as(TEAM)
    answer = page.goto("/no-such-page/")
    assert answer.status == 404
    assert violations(page) == []
