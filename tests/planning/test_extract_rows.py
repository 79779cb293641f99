"""From a figure to the rows behind it, in at most three clicks, and no row of anyone else's."""

import io
import re
from decimal import Decimal

import openpyxl
import pandas as pd
import pytest

from accounts.models import Role
from accounts.queries import command_line_user
from planning.actions import check_extract, publish_extracts, receive_extract
from planning.calculations.changes import changes_by_month, changes_by_status
from planning.calculations.financial_years import months_in_words
from planning.queries.lines import lines
from planning.queries.problems import problems_by_rule
from tests.planning.acm_files import acm_file, acm_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
ROWS = [
    acm_row(actual_price="1.25"),
    acm_row(month="2", actual_price="2.50", point_of_delivery="DC"),
    acm_row(commissioner="36L", residence_responsibility="36L", practice_responsibility="36L", actual_price="4.00"),
    acm_row(service_category="12", service_code="99999999", actual_price="8.00"),
    acm_row(month="x", actual_price="16.00"),
]


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def loaded(tmp_path):
    """Publish rows as one file, by the command line."""

    def load(rows):
        by = command_line_user()
        with acm_file(tmp_path, rows).open("rb") as file:
            extract = receive_extract(by=by, file=file, file_name="june.csv", layout="acm")
        check_extract(extract=extract)
        publish_extracts(by=by, extracts=[extract], reason="June")
        extract.refresh_from_db()
        return extract

    return load


def row_numbers(page: str) -> list[int]:
    return [int(n.replace(",", "")) for n in re.findall(r'row-header" scope="row">([\d,]+)</th>', page)]


def test_three_clicks_from_a_figure_to_its_rows(loaded, signed_in, finance_lead):
    extract = loaded(ROWS)
    client = signed_in(finance_lead)
    flows = client.get("/flows/?year=2025/26&measure=cost").content.decode()
    behind = re.search(r'href="(/figure/flow_dashboard/rows/[^"]*)"', flows)[1].replace("&amp;", "&")
    listed = client.get(behind).content.decode()
    assert "The figure rests on 1 extract that you can open" in listed
    rows = re.search(rf'href="(/extracts/{extract.pk}/rows/[^"]*)"', listed)[1].replace("&amp;", "&")
    page = client.get(rows).content.decode()
    # The other care of row 5 and the rejected row 6 stand behind no figure of specialised services.
    assert row_numbers(page) == [2, 3, 4]
    assert "3 rows of Guy&#x27;s and St Thomas&#x27;" in page
    assert "actual price £7.75" in page


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("to_month=1", [2, 4]),
        ("system=QWE", [4]),
        ("point_of_delivery=DC", [3]),
        ("service_code=NCBPS13B&from_month=2", [3]),
        ("national_programme=F03", []),
    ],
)
def test_rows_are_those_that_the_filters_let_through(loaded, signed_in, finance_lead, query, rows):
    extract = loaded(ROWS)
    page = signed_in(finance_lead).get(f"/extracts/{extract.pk}/rows/?position=1&{query}").content.decode()
    assert row_numbers(page) == rows


def test_todays_boundaries_are_those_of_the_figure(loaded, signed_in, finance_lead):
    """A commissioner whose system merged in 2026 is found under the system of today."""
    home = dict.fromkeys(("commissioner", "residence_responsibility", "practice_responsibility"), "92A")
    extract = loaded([acm_row(**home), acm_row()])
    client = signed_in(finance_lead)
    for geography, system, rows in (("then", "QXU", [2]), ("today", "S9B9J", [2]), ("then", "S9B9J", [])):
        address = f"/extracts/{extract.pk}/rows/?position=1&geography={geography}&system={system}"
        assert row_numbers(client.get(address).content.decode()) == rows, (geography, system)


def test_an_extracts_own_link_shows_every_accepted_row_as_received(loaded, signed_in, finance_lead):
    extract = loaded([acm_row(actual_price="£1,234.50 "), *ROWS])
    page = signed_in(finance_lead).get(f"/extracts/{extract.pk}/rows/").content.decode()
    assert row_numbers(page) == [2, 3, 4, 5, 6]
    assert "£1,234.50" in page
    assert "CONTRACT MONITORING ACTUAL PRICE" in page


def test_at_a_later_position_only_the_slices_still_current_count(loaded):
    first = loaded(ROWS)
    loaded([acm_row(actual_price="100.00")])
    before, after = (lines(first, {"position": n, "specialised": "all"}, commissioners=None) for n in (1, 2))
    assert (before.total, before.actual_price) == (4, Decimal("15.75"))
    # The second file is of one commissioner and one month: the rows of the other month and commissioner stay.
    assert [row[0] for row in after.rows] == [3, 4]


def test_sums_are_of_all_rows_and_pages_hold_some(loaded, signed_in, finance_lead):
    extract = loaded([acm_row(actual_price="0.01") for _ in range(250)])
    client = signed_in(finance_lead)
    address = f"/extracts/{extract.pk}/rows/"
    pages = [client.get(address, {"page": n}) for n in (1, 2, 3, 4)]
    assert [len(row_numbers(p.content.decode())) for p in pages] == [100, 100, 50, 0]
    assert "250 rows of Guy&#x27;s and St Thomas&#x27;" in pages[0].content.decode()
    assert "actual price £2.50" in pages[2].content.decode()
    assert row_numbers(pages[1].content.decode())[0] == 102
    for wrong in ("0", "-1", "x", "9" * 30):
        assert client.get(address, {"page": wrong}).status_code == 200


def test_the_price_column_of_the_files_adds_up_to_the_page_with_its_credits(loaded, signed_in, finance_lead):
    rows = [acm_row(actual_price="-132318.6503"), acm_row(actual_price="200000.00"), acm_row(actual_price="£1,000.50")]
    extract = loaded([*rows, acm_row(actual_activity="-1", actual_price="-10", planned_price="")])
    client = signed_in(finance_lead)
    text = client.get(f"/extracts/{extract.pk}/rows.csv").getvalue().decode("utf-8-sig")
    found = pd.read_csv(io.StringIO(text), dtype=str)["CONTRACT MONITORING ACTUAL PRICE"]
    assert found.tolist() == ["-132318.6503", "200000.00", "£1,000.50", "-10"]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/extracts/{extract.pk}/rows.xlsx").content))["Rows"]
    heading, *cells = book.iter_rows(values_only=True)
    assert [row[heading.index("CONTRACT MONITORING ACTUAL PRICE")] for row in cells] == [-132318.6503, 200000, "£1,000.50", -10]
    assert {row[heading.index("FINANCIAL MONTH")] for row in cells} == {"1"}


def test_a_systems_lead_sees_the_rows_of_their_own_commissioners(loaded, signed_in, person):
    extract = loaded(ROWS)
    client = signed_in(person(Role.FINANCE_LEAD, "QWE"))
    assert client.get(f"/extracts/{extract.pk}/").status_code == 404
    listed = client.get("/figure/flow_dashboard/rows/").content.decode()
    assert f"/extracts/{extract.pk}/rows/" in listed
    page = client.get(f"/extracts/{extract.pk}/rows/").content.decode()
    assert row_numbers(page) == [4]
    assert "Only the rows of your own commissioners are here: 36L" in page


@pytest.mark.parametrize("who", [(Role.FINANCE_LEAD, "RJZ"), (Role.FINANCE_LEAD, "QXU"), (Role.BOARD_MEMBER, "")])
def test_nobody_else_sees_a_row(loaded, signed_in, person, who):
    extract = loaded(ROWS)
    client = signed_in(person(*who))
    assert client.get(f"/extracts/{extract.pk}/rows/?position=1").status_code == 404
    response = client.get("/figure/flow_dashboard/rows/")
    if who[0] == Role.BOARD_MEMBER:
        assert response.status_code == 404
    else:
        assert "on 0 extracts that you can open, and on 1 of other organisations" in response.content.decode()
        assert f"/extracts/{extract.pk}/" not in response.content.decode()


def test_a_board_member_is_not_offered_rows(loaded, signed_in, board_member, programme_team):
    loaded(ROWS)
    assert "/rows/" in signed_in(programme_team).get("/flows/").content.decode()
    assert "/rows/" not in signed_in(board_member).get("/flows/").content.decode()


@pytest.mark.parametrize("query", ["position=99", "year=1066", "provider=%27%3B--", "from_month=9&to_month=2"])
def test_wrong_filters_are_told_and_never_fail(loaded, signed_in, finance_lead, query):
    extract = loaded(ROWS)
    client = signed_in(finance_lead)
    for address in ("/figure/flow_dashboard/rows/", f"/extracts/{extract.pk}/rows/"):
        response = client.get(f"{address}?{query}")
        assert response.status_code == 200
        assert "There is a problem" in response.content.decode()


def test_a_figure_that_is_not_there(signed_in, finance_lead):
    assert signed_in(finance_lead).get("/figure/nothing/rows/").status_code == 404


def test_an_example_is_of_its_own_rule(loaded):
    extract = loaded([acm_row(), acm_row(site="a b", practice="9"), acm_row(site="c d")])
    found = {group["rule"]: (group["first_row"], group["example"], group["number"]) for group in problems_by_rule(extract)}
    assert found["site has another form"] == (3, "a b", 2)
    assert found["practice has another form"] == (3, "9", 1)


@pytest.mark.parametrize(
    ("months", "words"),
    [
        ([1], "April 2025"),
        ([1, 2, 3], "April to June 2025"),
        ([8, 9, 10], "November 2025 to January 2026"),
        ([1, 3, 4], "April 2025 and June to July 2025"),
        ([11, 12, 13], "February to March 2026 and year end 2025/26"),
        ([13], "year end 2025/26"),
        ([], ""),
    ],
)
def test_periods_in_words(months, words):
    assert months_in_words("2025/26", months) == words


def test_changes_need_their_columns():
    for summed in (changes_by_month, changes_by_status):
        with pytest.raises(ValueError, match="no column named"):
            summed(pd.DataFrame({"year": [], "month": []}))
