"""A workbook as hospitals send them, from the upload page to a position, by somebody who knows only what the pages say."""

import csv
import io
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from .test_journeys import KINGS, PRICE, confirm
from .test_pages import violations

pytestmark = pytest.mark.browser

LINE = "SERVICE CODE"
PLANNED = "CONTRACT MONITORING PLANNED PRICE"
MONTH = "FINANCIAL MONTH"
# One heading that is a known spelling, two that nobody could know, and one that must not be taken.
HEADINGS = {PLANNED: "PRICE_PLAN", PRICE: "Trust cost £", LINE: "Trust line", "WARD CODE": "YTD COST"}
TITLES = [["King's College Hospital"], ["Month 12, made by contracts"], []]
EVERY = 100


@dataclass
class Messy:
    """What is in the workbook: rows of activity, how many of them cannot be accepted, and what the others cost."""

    file: Path
    rows: int
    rejected: int
    accepted_price: Decimal


def messy_workbook(folder: Path, to: Path) -> Messy:
    """King's file of 2025/26 as a workbook with title rows, notes, headings of its own, signs, faults and a total."""
    source = next(folder.glob("illustrative_extracts/freeze/ACM_2526_RJZ.csv"))
    rows = list(csv.DictReader(io.StringIO(source.read_text(encoding="utf-8-sig"))))
    messy = Messy(to, len(rows), 0, Decimal(0))
    for number, row in enumerate(rows):
        if number == 3:
            row[PRICE] = "TBC"
        elif number % EVERY == 7:
            row[LINE] = "NCBPS99Q"
        else:
            messy.accepted_price += Decimal(row[PRICE] or 0)
            row[PRICE] = as_written(row[PRICE])
            continue
        messy.rejected += 1
    total = dict.fromkeys(rows[0], "") | {LINE: "Total", PRICE: as_written(str(messy.accepted_price))}
    with xlsxwriter.Workbook(str(to), {"strings_to_numbers": False}) as book:
        write(book.add_worksheet("Read me"), [["What this is"], ["Made on the last day of the month"]])
        heading = [HEADINGS.get(name, name) for name in rows[0]] + ["Local comment"]
        write(book.add_worksheet("Last month"), [heading, *([*row.values(), "old"] for row in rows[:20])])
        write(book.add_worksheet("Activity"), [*TITLES, heading, *([*row.values(), "as agreed"] for row in [*rows, total])])
    return messy


def as_written(price: str) -> str:
    """£1,234.50, and (£50.00) for less than nothing."""
    if not price:
        return ""
    words = f"£{abs(Decimal(price)):,}"
    return f"({words})" if Decimal(price) < 0 else words


def write(sheet, rows) -> None:
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(number, column, cell)


def heading_shown(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", name=words, exact=True)).to_be_visible(timeout=60_000)


def the_option(page: Page, label: str, starts: str) -> str:
    """The only option of a select that begins with these words."""
    offered = page.get_by_label(label, exact=True).locator("option").all_inner_texts()
    [found] = [words for words in offered if words.startswith(starts)]
    return found


def test_a_messy_workbook_goes_from_upload_to_published_by_what_the_pages_say(open_on_own_site, own_site, tmp_path):
    messy = messy_workbook(own_site.folder, tmp_path / "Month 12 FINAL v2.xlsx")
    page = open_on_own_site(KINGS)
    page.goto("/extracts/")
    page.get_by_role("button", name="Upload an extract").click()
    page.locator("input[type=file]").set_input_files(messy.file)
    page.get_by_label("Aggregate Contract Monitoring (ACM)").check()
    page.get_by_label("Freeze", exact=True).check()
    page.get_by_label("It is illustrative").check()
    page.get_by_role("button", name="Upload and check").click()

    heading_shown(page, "Which sheet is it?")
    assert violations(page) == []
    expect(page.get_by_label(re.compile("^Activity: "))).to_be_checked()
    assert page.get_by_label(re.compile("^Read me")).count() == 0
    page.get_by_role("button", name="Continue with this sheet").click()

    heading_shown(page, "Which of your columns is which?")
    expect(page.get_by_role("main")).to_contain_text("The headings are in row 4 of the sheet Activity")
    offered = page.get_by_label(PRICE, exact=True).locator("option").all_inner_texts()
    assert not any("YTD" in words for words in offered)
    page.get_by_role("button", name="Continue with these columns").click()
    expect(page.get_by_role("alert")).to_contain_text(f"Select which of your columns is {LINE}")
    assert violations(page) == []
    for column in (LINE, PRICE):
        page.get_by_label(column, exact=True).select_option(label=the_option(page, column, HEADINGS[column]))
    page.get_by_role("button", name="Continue with these columns").click()

    heading_shown(page, "What would change")
    assert violations(page) == []
    main = page.get_by_role("main")
    expect(main).to_contain_text("Read from the sheet “Activity” of the workbook")
    expect(main).to_contain_text("PRICE_PLAN as CONTRACT MONITORING PLANNED PRICE")
    expect(main).to_contain_text(f"Trust cost £ as {PRICE}")
    expect(main).to_contain_text("Local comment")
    rows = page.get_by_role("row")
    expect(rows.filter(has_text="Accepted").first).to_contain_text(f"£{messy.accepted_price:,.2f}")
    expect(rows.filter(has_text="Rejected").first).to_contain_text(f"{messy.rejected:,}")
    expect(rows.filter(has_text="Rows in the file").first).to_contain_text(f"{messy.rows + 1:,}")
    expect(rows.filter(has_text="TBC").first).to_contain_text(f"Row {3 + len(TITLES) + 2}")
    expect(rows.filter(has_text="NCBPS99Q").first).to_be_visible()

    page.get_by_label("Why are you publishing it?").fill("Month 12 as agreed")
    confirm(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(main).to_contain_text("Published")
    page.goto("/extracts/columns/")
    assert violations(page) == []
    expect(page.get_by_role("row").filter(has_text="Trust line")).to_contain_text(LINE)
