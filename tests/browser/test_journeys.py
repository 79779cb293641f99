"""What people come to do: sign in, send a file, publish it, see the figures change, take a table away."""

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from .test_pages import violations

pytestmark = pytest.mark.browser

PRICE = "CONTRACT MONITORING ACTUAL PRICE"
KINGS = "Finance lead, King"
UPLOADED = "July resubmission.csv"


def confirm(page: Page) -> None:
    """Say that the difference is right and, where it is a large one, why."""
    agreed, large = page.get_by_label(re.compile("^I confirm that")), page.get_by_label("Why is the change so large?")
    # What is counted is not waited for: on a slow machine the page is only on its way.
    expect(agreed).to_be_visible()
    if large.count():
        large.fill("It is a test")
    agreed.check()


@pytest.mark.parametrize(
    ("role", "sees", "does_not_see"),
    [
        ("Programme team", ["Overview", "Flows", "Allocation", "Affordability", "Networks", "Extracts"], []),
        (KINGS, ["Overview", "Flows", "Allocation", "Affordability", "Networks", "Extracts"], []),
        ("Finance lead, South East London", ["Overview", "Flows", "Allocation", "Affordability", "Networks", "Extracts"], []),
        ("Board member", ["Overview", "Flows", "Allocation", "Affordability", "Networks"], ["Extracts"]),
        ("Administrator", [], ["Overview", "Flows", "Allocation", "Affordability", "Networks", "Extracts"]),
    ],
)
def test_each_role_signs_in_and_is_offered_what_it_may_see(open_as, site, role, sees, does_not_see):
    page = open_as(role)
    answer = page.goto("/your-account/")
    assert answer.status == 200
    expect(page.get_by_role("main")).to_contain_text(site.person(role)[0])
    navigation = page.get_by_role("navigation", name="Main")
    for label in sees:
        expect(navigation.get_by_role("link", name=label, exact=True)).to_be_visible()
    for label in does_not_see:
        expect(navigation.get_by_role("link", name=label, exact=True)).to_have_count(0)


def test_a_wrong_password_is_told_in_plain_words(open_as, site):
    page = open_as()
    page.goto("/")
    page.get_by_label("Email address").fill(site.person("Board member")[0])
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("The email address or the password is not right")
    assert violations(page) == []


def test_signing_out_closes_the_door(open_on_own_site):
    page = open_on_own_site("Board member")
    page.goto("/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/flows/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def dearer(folder: Path, to: Path) -> tuple[Path, Decimal]:
    """King's file of 2025/26 with every actual price doubled, and by how much its total grew."""
    source = next(folder.glob("illustrative_extracts/freeze/ACM_2526_RJZ.csv"))
    rows = list(csv.DictReader(io.StringIO(source.read_text(encoding="utf-8-sig"))))
    grown = sum(Decimal(row[PRICE] or 0) for row in rows)
    with to.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, PRICE: str(Decimal(row[PRICE]) * 2) if row[PRICE] else ""} for row in rows)
    return to, grown


def upload(page: Page, file: Path) -> None:
    page.goto("/extracts/")
    page.get_by_role("button", name="Upload an extract").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("Freeze", exact=True).check()
    page.get_by_label("It is illustrative").check()
    page.get_by_role("button", name="Upload and check").click()


def publish(page: Page) -> None:
    page.get_by_label("Why are you publishing it?").fill("Prices as agreed in July")
    confirm(page)
    page.get_by_role("button", name="Publish", exact=True).click()


def words_of_overview(page: Page) -> tuple[str, list[str]]:
    page.goto("/?year=2025%2F26")
    return page.locator(".app-lede").inner_text(), page.locator(".app-figure__title").all_inner_texts()


def figure(page: Page, name: str) -> Locator:
    return page.locator(f"#figure-{name.replace('_', '-')}")


def downloaded(page: Page, name: str) -> list[dict]:
    """Rows of a figure's CSV, taken by its link."""
    with page.expect_download() as taken:
        figure(page, name).get_by_role("link", name=re.compile("^CSV")).click()
    return list(csv.DictReader(io.StringIO(Path(taken.value.path()).read_text(encoding="utf-8-sig"))))


def all_care(page: Page) -> Decimal:
    """All care of 2025/26 on the Overview, £; read whether the table is open or closed."""
    table = figure(page, "specialised_and_other").locator("table")
    headings = [text.strip() for text in table.locator("thead th").all_text_contents()]
    cells = [text.strip() for text in table.locator("tbody tr", has_text="2025/26").locator("th, td").all_text_contents()]
    return Decimal(dict(zip(headings, cells, strict=True))["All care, actual"].replace("£", "").replace(",", ""))


def test_a_finance_lead_sends_a_file_and_the_figures_follow(open_on_own_site, own_site, tmp_path):
    file, grown = dearer(own_site.folder, tmp_path / UPLOADED)
    page = open_on_own_site(KINGS)
    lede_before, titles_before = words_of_overview(page)
    care_before = all_care(page)

    upload(page, file)
    expect(page.get_by_role("heading", name="What would change")).to_be_visible(timeout=60_000)
    assert violations(page) == []
    assert words_of_overview(page)[0] == lede_before, "an extract that is only checked must change nothing"
    page.goto("/extracts/")
    page.get_by_role("link", name=re.compile(re.escape(UPLOADED))).click()
    publish(page)
    expect(page.get_by_role("main")).to_contain_text("Published")

    lede, titles = words_of_overview(page)
    assert lede != lede_before
    assert titles != titles_before
    assert all_care(page) - care_before == grown
    expect(page.get_by_role("region", name="Reporting position")).to_contain_text("Position 3")
    year = next(row for row in downloaded(page, "specialised_and_other") if row["Year"] == "2025/26")
    assert Decimal(year["All care, actual"]) == all_care(page)

    page.goto("/?year=2025%2F26&position=2")
    assert page.locator(".app-lede").inner_text() == lede_before


def test_a_file_can_be_sent_and_published_without_javascript(open_on_own_site, own_site, tmp_path):
    file, grown = dearer(own_site.folder, tmp_path / UPLOADED)
    page = open_on_own_site(KINGS, javascript=False)
    page.goto("/?year=2025%2F26")
    before = all_care(page)
    upload(page, file)
    expect(page.get_by_role("heading", name="What would change")).to_be_visible(timeout=60_000)
    publish(page)
    page.goto("/?year=2025%2F26")
    assert all_care(page) - before == grown


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("notes.csv", "hello\nworld\n", "has no heading row of Aggregate Contract Monitoring"),
        ("empty.csv", "", "The selected file is empty"),
        ("picture.png", "not a table", "The selected file must be a CSV"),
    ],
)
def test_a_wrong_file_is_refused_in_plain_words(open_as, tmp_path, name, content, says):
    file = tmp_path / name
    file.write_text(content)
    page = open_as(KINGS)
    upload(page, file)
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    expect(page.get_by_role("alert")).to_contain_text(says)
    assert violations(page) == []


def test_a_file_of_another_organisation_is_refused(open_as, site, tmp_path):
    file, _ = dearer(site.folder, tmp_path / UPLOADED)
    page = open_as("Finance lead, Guy")
    upload(page, file)
    said = page.get_by_role("main").get_by_text("The selected file is of King's College Hospital NHS Foundation Trust")
    expect(said.first).to_be_visible(timeout=60_000)
    expect(page.get_by_role("main")).to_contain_text("Nothing that was published has changed")


def test_from_a_figure_to_the_rows_behind_it_in_three_clicks(open_as):
    page = open_as(KINGS)
    page.goto("/flows/")
    figure(page, "flow_dashboard").get_by_role("link", name=re.compile("Rows behind")).click()
    page.get_by_role("link", name=re.compile("^Rows of extract")).first.click()
    expect(page.locator("table tbody tr").first).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("rows of King's")
    assert violations(page) == []


def test_filters_are_a_link(open_as):
    """What one person sees, another can open."""
    page = open_as("Programme team")
    page.goto("/flows/")
    page.get_by_label("Year").first.select_option("2019/20")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"year=2019%2F20"))
    other = open_as("Board member")
    other.goto(page.url)
    assert other.locator(".app-lede").inner_text() == page.locator(".app-lede").inner_text()


def test_another_organisations_extract_is_not_found(open_as, site):
    lead, board = open_as("Finance lead, Guy"), open_as("Board member")
    team = open_as("Programme team")
    team.goto("/extracts/")
    address = team.get_by_role("link", name=re.compile("RJZ")).first.get_attribute("href")
    assert team.goto(address).status == 200
    assert lead.goto(address).status == 404
    assert board.goto(address).status == 404
