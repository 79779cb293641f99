"""From every provider's catchment to one, by the filters of the page, and a public file with faults: with scripts and without."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .test_pages import violations

pytestmark = pytest.mark.browser
TEAM, BOARD = "Programme team", "Board member"
SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
ALL = "/flows/catchments/"
FAULTY = "lad_code,trust_code,proportion\nE09000022,RJ1,0.6\nLambeth,RJZ,much\n"


def lede(page: Page) -> str:
    return page.locator(".app-lede").inner_text()


def show(page: Page) -> None:
    page.get_by_role("button", name="Show").click()


@SCRIPTS
def test_from_all_catchments_to_the_places_of_one(open_as, javascript):
    page = open_as(TEAM, javascript=javascript)
    page.goto(ALL)
    assert "most look to" in lede(page)
    page.get_by_role("listitem").get_by_role("link", name="King's College Hospital").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Catchment of King's College Hospital NHS Foundation Trust")
    assert "Residents in the catchment:" in lede(page)
    page.get_by_label("Areas", exact=True).select_option("Place")
    show(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("King's College Hospital")
    assert "catchment_of=" not in page.url or "catchment_of=RJZ" in page.url
    table = page.locator("#figure-catchment table")
    assert "Southwark" in table.text_content()
    expect(page.locator("#figure-catchment")).to_contain_text("the others are spread over the residents of their system")


@SCRIPTS
def test_an_upper_limit_is_called_one(open_as, javascript):
    page = open_as(TEAM, javascript=javascript)
    page.goto(ALL)
    expect(page.locator("#figure-catchments")).to_contain_text("Not counted: residents of")
    page.locator("summary", has_text="More filters").click()
    page.get_by_label("Areas counted").select_option("All, as an upper limit")
    show(page)
    assert lede(page).startswith("As an upper limit:")
    expect(page.locator("#figure-catchments")).to_contain_text("An upper limit: residents of systems")


def test_the_methods_and_the_traps_are_on_the_page(open_as):
    page = open_as(TEAM)
    page.goto(ALL)
    table = page.locator("#figure-catchments table")
    for heading in ("Proportional", "First past the post", "30% rule", "Caution"):
        assert heading in table.locator("thead").inner_text()
    expect(table.locator("tbody")).to_contain_text("Few spells, one programme")
    expect(page.locator("#figure-catchments")).to_contain_text("Handle with care: Kingston and Richmond")
    method = "by age and sex, from minimised patient-level extracts of every provider"
    expect(page.locator("#figure-catchments")).to_contain_text(method)
    expect(page.get_by_role("region", name="Reporting position")).to_contain_text("Illustrative data")


def test_what_a_board_member_takes_away_is_rounded(open_as):
    page = open_as(BOARD)
    page.goto(ALL)
    with page.expect_download() as started:
        page.locator("#figure-catchments").get_by_role("link", name="CSV").click()
    text = Path(started.value.path()).read_text(encoding="utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row.get("Provider code")]
    assert len(rows) >= 5
    shown = [row["Proportional"] for row in rows]
    assert all(value == "*" or int(value) % 100 == 0 for value in shown)
    expect(page.get_by_role("link", name="Load a public file")).to_have_count(0)


@SCRIPTS
def test_a_public_file_with_faults_says_what_to_do_and_loads_nothing(open_as, tmp_path, javascript):
    file = tmp_path / "areas.csv"
    file.write_text(FAULTY)
    page = open_as(TEAM, javascript=javascript)
    page.goto(ALL)
    page.get_by_role("link", name="Load a public file").click()
    page.get_by_label("Area proportions").check()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("Edition").fill("April 2026")
    page.get_by_label("Source").fill("Made up")
    page.get_by_role("button", name="Check and load").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("areas.csv has 2 problems. Nothing was loaded")
    faults = page.get_by_role("table", name="What is wrong with the file")
    expect(faults).to_contain_text("Use the code of the area")
    expect(faults).to_contain_text("Write the share as a number from 0 to 1")
    expect(page.get_by_text("No public file is loaded.")).to_be_visible()
    assert violations(page) == [] if javascript else True
