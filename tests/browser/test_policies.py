"""A policy tried, refused, mended, kept by name and compared, with and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from .test_pages import violations

pytestmark = pytest.mark.browser
TEAM = "Programme team"


def keep(page: Page, name: str) -> None:
    page.get_by_role("button", name="Save as a named option").click()
    page.get_by_label("Name of the option").fill(name)
    page.get_by_role("button", name="Save the option").click()
    expect(page.get_by_text(f"“{name}” is saved.")).to_be_visible()


def try_policy(page: Page, **values: str) -> None:
    page.goto("/allocation/policy/")
    for label, value in values.items():
        page.get_by_label(re.compile(f"^{label} ")).fill(value)
    page.get_by_role("button", name="Show", exact=True).click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_policy_is_tried_mended_kept_and_compared(open_on_own_site, javascript):
    page = open_on_own_site(TEAM, javascript=javascript)
    try_policy(page, Growth="3.5")
    problem = page.locator(".nhsuk-error-summary")
    expect(problem).to_contain_text("The floor of 3.6% cannot hold")
    assert not javascript or violations(page) == []
    page.get_by_role("link", name="Show it with a floor of 3.5%").click()
    expect(page.locator("#figure-policy-gains")).to_contain_text("beside growth alike for all")
    keep(page, "Less to give")
    try_policy(page, Growth="5", Floor="1")
    keep(page, "More, with a low floor")
    for name in ("Less to give", "More, with a low floor"):
        page.get_by_label(f"Compare {name}").check()
    page.get_by_role("button", name="Compare those ticked").click()
    expect(page.locator(".app-lede")).to_contain_text("The options differ most for")
    expect(page.locator("#figure-policy-options")).to_contain_text("More, with a low floor")
    assert not javascript or violations(page) == []
