"""The life of an extract as people meet it: sent again as freeze, told to others, and looked back on."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .test_journeys import KINGS
from .test_pages import violations

pytestmark = pytest.mark.browser


def send(page: Page, file: Path, point: str) -> None:
    page.goto("/extracts/")
    page.get_by_role("button", name="Upload an extract").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label(point, exact=True).check()
    page.get_by_label("It is illustrative").check()
    page.get_by_role("button", name="Upload and check").click()


def test_the_same_file_as_freeze_settles_its_months_and_is_told(open_on_own_site, own_site):
    """The last month of the running year is published as flex; its file comes again, as freeze. Only what is on the page is
    followed, by the lead without scripts."""
    file = next(own_site.folder.glob("illustrative_extracts/flex/ACM_2627_RJZ_M6.csv"))
    page = open_on_own_site(KINGS, javascript=False)
    send(page, file, "Freeze")
    expect(page.get_by_role("heading", name="This file is here already")).to_be_visible()
    page.get_by_label("Why do you change it?").fill("Agreed with the ICB")
    page.get_by_role("button", name="Change and make a new position").click()
    expect(page.get_by_role("main")).to_contain_text("is published with it")

    team = open_on_own_site("Programme team")
    team.goto("/")
    team.get_by_role("link", name=re.compile(r"Notices")).click()
    expect(team.get_by_role("main")).to_contain_text("Marked as freeze, illustrative instead of flex, illustrative")
    team.get_by_role("link", name=re.compile("^Open")).first.click()
    expect(team.get_by_role("main")).to_contain_text("Actual price is the same as before")
    assert violations(team) == []


def test_any_page_is_seen_at_an_older_position_and_back_again(open_as):
    page = open_as("Programme team")
    page.goto("/flows/?measure=cost")
    now = page.locator(".app-lede").inner_text()
    page.get_by_text("See this page at another position").click()
    page.get_by_role("combobox", name="Position").select_option("1")
    page.locator(".app-position__form").get_by_role("button", name="Show").click()
    bar = page.get_by_role("region", name="Reporting position")
    expect(bar).to_contain_text("You are looking at position 1 of 2")
    assert "measure=cost" in page.url
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Allocation").click()
    expect(bar).to_contain_text("You are looking at position 1 of 2")
    assert violations(page) == []
    page.go_back()
    bar.get_by_role("link", name="back to the latest").click()
    expect(bar).to_contain_text("Position 2")
    assert page.locator(".app-lede").inner_text() == now


def test_reminders_can_be_copied_from_the_page(open_as):
    page = open_as("Programme team")
    page.goto("/extracts/")
    page.get_by_role("link", name="Whom to remind of what is overdue").click()
    text = page.get_by_role("textbox").first
    expect(text).to_have_value(re.compile("we have not received"))
    assert violations(page) == []
