"""From an official file to an approved round and its worked calculation taken away, with and without scripts."""

import io
import re
from urllib.parse import urlsplit

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.finance.official_files import as_csv

from .conftest import NARROW, WIDE
from .test_pages import violations

pytestmark = pytest.mark.browser
TEAM, SECOND = "Programme team", "Programme team, second"
TRANSFERS = "2027/28 QKK −1,000,000\n2027/28 South West London £1,000,000.00"
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
    page.get_by_label("Growth (%)", exact=True).fill("4.4; 4.1")
    page.get_by_role("button", name="Calculate").click()
    # Two rates for three years: said beside the field, and nothing that was written is lost.
    expect(page.get_by_role("alert").or_(page.locator(".nhsuk-error-summary")).first).to_contain_text("there are 2")
    page.get_by_label("Growth (%)", exact=True).fill("4.4; 4.1; 3.9")
    page.get_by_label("Recurrent transfers (optional)", exact=True).fill(TRANSFERS)
    page.get_by_role("button", name="Calculate").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Calculated")
    expect(page.locator(".app-lede")).to_contain_text("receives £")
    expect(page.locator("main")).to_contain_text("2027/28: 4.1%")
    expect(page.locator("main")).to_contain_text("2027/28: South East London −£1,000,000.00")
    is_accessible(page, javascript)


def look_at_the_steps(page: Page, javascript: bool) -> None:
    page.get_by_role("link", name="Additional need", exact=True).click()
    expect(page.locator("main")).to_contain_text("Imported index 1.0400")
    expect(page.locator("main")).to_contain_text("for population shares, not for provider or site funding")
    is_accessible(page, javascript)
    page.get_by_role("link", name=re.compile("^Next: Market forces")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Market forces")
    page.get_by_role("link", name=NAME).click()


def is_refused(page: Page) -> None:
    """Whoever made it has no button to approve it with, and is refused if they send what the button would."""
    expect(page.locator("main")).to_contain_text("another member of the programme team approves it")
    expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    token = page.locator("main input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    answer = page.request.post(f"{page.url}approve/", form={"csrfmiddlewaretoken": token}, headers={"referer": page.url})
    assert answer.status == 403
    assert "Nobody approves a round that they made or worked on" in answer.text()


def approve(page: Page, address: str, javascript: bool) -> None:
    """A second member of the programme team reads it, and approves it with a comment."""
    page.goto("/allocation/rounds/")
    page.get_by_role("link", name=NAME).click()
    assert page.url.endswith(address)
    is_accessible(page, javascript)
    page.get_by_label("Comment").fill("Walked through")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator("main")).to_contain_text("is approved")


def take_away(page: Page) -> openpyxl.Workbook:
    with page.expect_download() as download:
        page.get_by_role("button", name="Worked calculation (Excel)").click()
    return openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))


@pytest.mark.parametrize(("javascript", "viewport"), [(True, WIDE), (False, NARROW)], ids=["with scripts", "without, narrow"])
def test_a_round_from_an_official_file_to_approval_and_export(open_on_own_site, javascript, viewport):
    page = open_on_own_site(TEAM, javascript=javascript, viewport=viewport)
    load_need(page, javascript)
    make_round(page, javascript)
    look_at_the_steps(page, javascript)
    page.get_by_role("button", name="Send for review").click()
    is_refused(page)
    second = open_on_own_site(SECOND, javascript=javascript, viewport=viewport)
    approve(second, urlsplit(page.url).path, javascript)
    page.reload()
    expect(page.locator("main")).to_contain_text("Approved by Ravi Programme")
    expect(page.locator("main")).to_contain_text("Walked through")
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
