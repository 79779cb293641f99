"""From a table to the page of what it names, and the pages on paper."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
TEAM = "Programme team"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_from_the_footprints_to_a_service_its_provider_and_its_network(open_as, javascript):
    page = open_as(TEAM, javascript=javascript)
    page.goto("/networks/footprints/")
    page.get_by_role("link", name="Adult specialist cardiac services").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Adult specialist cardiac services")
    page.get_by_role("link", name="Guy's and St Thomas'").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Guy's and St Thomas' NHS Foundation Trust")
    page.get_by_role("link", name="South London Cardiac Operational Delivery Network").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("South London Cardiac")
    expect(page.get_by_text("In the words of its document")).to_be_visible()


def test_a_service_is_found_by_a_word_and_by_a_code_that_is_not_there(open_as):
    page = open_as(TEAM)
    page.goto("/services/")
    page.get_by_label("Search by name, number or line code").fill("cardiac adult")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name="Adult specialist cardiac services")).to_be_visible()
    assert page.goto("/services/renal/").status == 404
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="Adult specialist renal services")).to_be_visible()


def test_on_paper_the_page_has_its_numbers_and_no_controls(open_as):
    page = open_as(TEAM)
    page.goto("/services/7/")
    page.emulate_media(media="print")
    expect(page.locator(".app-contents")).to_be_hidden()
    expect(page.locator(".app-filters")).to_be_hidden()
    expect(page.locator("#figure-service-providers table")).to_be_visible()
