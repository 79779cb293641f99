"""From an official file to an approved round and its worked calculation taken away, with and without scripts."""

import io
import re

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.finance.official_files import as_csv

from .conftest import NARROW, WIDE
from .test_pages import violations

pytestmark = pytest.mark.browser
TEAM = "Programme team"
NAME = "Walk from file to round"


def need_file() -> bytes:
    return as_csv(
        [
            {"ICB code": code, "Need index": index, "Includes age": "no", "Year": "2025/26"}
            for code, index in (("QKK", "1.04"), ("QWE", "0.96"))
        ]
    )


def is_accessible(page: Page, javascript: bool) -> None:
    """The rules are checked by a script, which a page without scripts does not run."""
    assert not javascript or violations(page) == []


def load_need(page: Page, javascript: bool) -> None:
    page.goto("/allocation/official-files/")
    page.get_by_label("Need index", exact=True).check()
    file = {"name": "need.csv", "mimeType": "text/csv", "buffer": need_file()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("Edition", exact=True).fill("2025/26")
    page.get_by_label("Source", exact=True).fill("Made up for a walk through the pages")
    page.get_by_role("button", name=re.compile("^Check and load")).click()
    expect(page.locator("main")).to_contain_text("Made up for a walk")
    is_accessible(page, javascript)


def make_round(page: Page, javascript: bool) -> None:
    page.goto("/allocation/")
    page.get_by_role("navigation", name="Allocation", exact=True).get_by_role("link", name="Rounds").click()
    page.get_by_role("button", name="Start a round").click()
    is_accessible(page, javascript)
    page.get_by_label("Name", exact=True).fill(NAME)
    page.get_by_label("Imported need index of an official file").check()
    page.get_by_role("button", name="Calculate").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Calculated")
    expect(page.locator(".app-lede")).to_contain_text("receives £")
    is_accessible(page, javascript)


def look_at_the_steps(page: Page, javascript: bool) -> None:
    page.get_by_role("link", name="Additional need", exact=True).click()
    expect(page.locator("main")).to_contain_text("Imported index 1.0400")
    expect(page.locator("main")).to_contain_text("for population shares, not for provider or site funding")
    is_accessible(page, javascript)
    page.get_by_role("link", name=re.compile("^Next: Market forces")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Market forces")
    page.get_by_role("link", name=NAME).click()


def take_away(page: Page) -> openpyxl.Workbook:
    with page.expect_download() as download:
        page.get_by_role("button", name="Worked calculation (Excel)").click()
    return openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))


@pytest.mark.parametrize(("javascript", "viewport"), [(True, WIDE), (False, NARROW)], ids=["with scripts", "without, narrow"])
def test_a_round_from_an_official_file_to_approval_and_export(open_on_own_site, own_site, javascript, viewport):
    page = open_on_own_site(TEAM, javascript=javascript, viewport=viewport)
    load_need(page, javascript)
    make_round(page, javascript)
    look_at_the_steps(page, javascript)
    page.get_by_role("button", name="Send for review").click()
    expect(page.locator("main")).to_contain_text("another member of the programme team approves it")
    # A second member of the programme team, as the command line is one.
    approve = (
        "from accounts.queries import command_line_user as who; from finance.models import AllocationRound as rounds; "
        "from finance.actions.rounds import approve_round; approve_round(by=who(), found=rounds.objects.get(), note='Walked')"
    )
    own_site.manage("shell", "-c", approve)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Approved")
    expect(page.locator("main")).to_contain_text("Sealed: it is as it was approved")
    is_accessible(page, javascript)
    book = take_away(page)
    assert book["Years"]["N3"].value.startswith("=")
    shown = page.locator("#figure-allocation-round table").first.inner_text()
    first = f"£{book['Check']['D3'].value:,.2f}"
    assert first in shown
    csv = page.locator("#figure-allocation-round").get_by_role("link", name=re.compile("^CSV"))
    with page.expect_download() as download:
        csv.click()
    assert f"{book['Check']['D3'].value:.2f}" in download.value.path().read_text(encoding="utf-8-sig")
