"""The pages on which people say how their files are to be read, through HTTP as they do it."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role
from planning.actions import check_extract, say_column
from planning.models import ColumnMapping, Extract, SheetChoice
from tests.planning.acm_files import acm_bytes, acm_row
from tests.planning.workbook_files import acm_cells, workbook_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
OWN = {"actual_price": "COSTS", "month": "MTH"}


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def client(signed_in, finance_lead):
    return signed_in(finance_lead)


def send(client, content, name="june.csv", **fields):
    fields = {"layout": "acm", "reporting_point": "flex", **fields}
    return client.post("/extracts/upload/", {**fields, "file": SimpleUploadedFile(name, content)}, follow=True)


def answer(client, follow=True, **fields):
    extract = Extract.objects.latest("pk")
    return client.post(f"/extracts/{extract.pk}/answer/", fields, follow=follow)


def options_of(page: str, field: str) -> list[str]:
    select = re.search(rf'<select[^>]*name="{field}".*?</select>', page, re.DOTALL)
    return re.findall(r'<option value="([^"]*)"', select[0])


def test_the_page_asks_which_column_is_which_and_goes_on(client):
    rows = [acm_row(ward_code="Smith", actual_price="1,234.50")]
    page = send(
        client, acm_bytes(rows, headings={**OWN, "ward_code": "CONSULTANT", "local_contract_code": "YTD COST"})
    ).content.decode()
    assert "Waiting for you" in page
    assert "Which of your columns is which?" in page
    assert {"", "MTH", "COSTS", "CONSULTANT"} <= set(options_of(page, "actual_price"))
    assert "COSTS (such as 1,234.50)" in page
    assert "Smith" not in page
    assert "YTD COST" not in options_of(page, "actual_price")
    page = answer(client, actual_price="COSTS", month="MTH").content.decode()
    assert "waiting to be checked" in page
    extract = check_extract(extract=Extract.objects.get())
    assert extract.state == "checked"
    page = client.get(f"/extracts/{extract.pk}/").content.decode()
    assert "as you said: MTH as FINANCIAL MONTH; COSTS as CONTRACT MONITORING ACTUAL PRICE" in page


def test_what_is_wrong_with_an_answer_is_said_beside_it(client):
    send(client, acm_bytes(headings=OWN))
    page = answer(client, actual_price="MTH", month="MTH").content.decode()
    assert "There is a problem" in page
    assert "is selected for" in page
    page = answer(client, month="MTH").content.decode()
    assert '<a href="#id_actual_price">Select which of your columns is CONTRACT MONITORING ACTUAL PRICE</a>' in page
    assert Extract.objects.get().state == "waiting"


def test_sheets_are_offered_with_the_likeliest_selected(client):
    book = workbook_bytes({"Notes": [["x"]], "Flex": acm_cells(), "Freeze": acm_cells([acm_row()] * 2)})
    page = send(client, book, name="june.xlsx").content.decode()
    assert "Which sheet is it?" in page
    assert "Your answer is used for your next workbook too." in page
    assert re.search(r'value="Freeze"[^>]*checked', page)
    assert "Notes" not in re.findall(r'name="sheet"[^>]*value="([^"]*)"', page)
    page = answer(client, sheet="Flex").content.decode()
    assert "waiting to be checked" in page
    assert SheetChoice.objects.get().sheet == "Flex"


def test_another_sheet_may_be_read_after_the_check(client):
    send(client, workbook_bytes({"May": acm_cells(), "June": acm_cells([acm_row()] * 2)}), name="june.xlsx")
    answer(client, sheet="May")
    extract = check_extract(extract=Extract.objects.get())
    page = client.get(f"/extracts/{extract.pk}/").content.decode()
    assert "Read another sheet of the workbook" in page
    assert "waiting to be checked" in answer(client, sheet="June").content.decode()
    assert check_extract(extract=Extract.objects.get()).rows == 2


def test_another_sheet_may_be_chosen_while_columns_are_asked_for(client):
    book = workbook_bytes({"A": acm_cells(headings=OWN), "B": acm_cells(headings={"month": "M"})})
    send(client, book, name="june.xlsx")
    page = answer(client, sheet="A").content.decode()
    assert "Read another sheet of the workbook" in page
    page = answer(client, sheet="B").content.decode()
    assert "One column that we need was not recognised" in page
    assert "Select a valid choice" in answer(client, sheet="C").content.decode() or Extract.objects.get().reading["sheet"] == "B"


def test_a_file_of_another_layout_can_go_on_as_what_it_is(client):
    page = send(client, acm_bytes(), layout="iap").content.decode()
    assert "You said that the file is Indicative Activity Plan" in page
    assert "Aggregate Contract Monitoring (ACM), as its headings say" in page
    answer(client, layout="acm")
    assert (Extract.objects.get().layout, Extract.objects.get().state) == ("acm", "received")


def test_a_colleague_sees_the_question_and_the_programme_team_that_it_waits(client, signed_in, person, programme_team):
    send(client, acm_bytes(headings=OWN))
    address = f"/extracts/{Extract.objects.get().pk}/"
    assert "Continue with these columns" in signed_in(person(Role.FINANCE_LEAD, "RJ1")).get(address).content.decode()
    page = signed_in(programme_team).get(address).content.decode()
    assert "It waits for whoever sent it" in page
    assert "Continue with these columns" not in page
    assert "Waiting for you" in client.get("/extracts/?state=waiting").content.decode()


def test_a_waiting_extract_can_be_cancelled_on_its_page(client):
    page = send(client, acm_bytes(headings=OWN)).content.decode()
    assert "Cancel this extract" in page
    extract = Extract.objects.get()
    page = client.post(f"/extracts/{extract.pk}/cancel/", follow=True).content.decode()
    assert "The extract is cancelled" in page
    assert "This was answered already" in answer(client, actual_price="COSTS", month="MTH").content.decode()


def test_answering_twice_is_said(client):
    send(client, acm_bytes(headings=OWN))
    answer(client, actual_price="COSTS", month="MTH")
    assert "This was answered already" in answer(client, actual_price="COSTS", month="MTH").content.decode()


def test_what_is_remembered_is_shown_and_can_be_changed_and_forgotten(client, finance_lead, signed_in, programme_team):
    mapping = say_column(by=finance_lead, organisation="RJ1", layout="acm", heading="Costs", field="ward_code")
    choice = SheetChoice.objects.create(organisation="RJ1", layout="acm", sheet="June", said_by=finance_lead)
    page = client.get("/extracts/columns/").content.decode()
    assert "Costs" in page
    assert "WARD CODE" in page
    page = client.get(f"/extracts/columns/?change={mapping.pk}").content.decode()
    assert 'value="Costs"' in page
    assert re.search(r'value="acm:ward_code" selected', page)
    page = client.post("/extracts/columns/", {"heading": "Costs", "field": "acm:actual_price"}, follow=True).content.decode()
    assert "Costs is read as you said from the next file on" in page
    mapping.refresh_from_db()
    assert mapping.field == "actual_price"
    page = signed_in(programme_team).get("/extracts/columns/").content.decode()
    assert "Costs" in page
    assert "Forget" not in page
    client.post(f"/extracts/columns/{mapping.pk}/delete/")
    client.post(f"/extracts/sheets/{choice.pk}/delete/")
    assert (ColumnMapping.objects.count(), SheetChoice.objects.count()) == (0, 0)
    assert "Nothing was said" in client.get("/extracts/columns/").content.decode()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Enter the heading as it stands in your files"),
        ({"heading": "YTD", "field": "acm:actual_price"}, "Figures to date, of a whole year or differences cannot stand"),
        ({"heading": "SERVICE CODE", "field": "acm:ward_code"}, "a national column already"),
        ({"heading": "X", "field": "acm:nonsense"}, "Select a valid choice"),
        ({"heading": "X", "field": "slam:month"}, "Select a valid choice"),
        ({"heading": "x" * 300, "field": "acm:month"}, "200 characters or fewer"),
    ],
)
def test_what_cannot_be_remembered_is_said(client, fields, says):
    page = client.post("/extracts/columns/", fields).content.decode()
    assert says in page
    assert not ColumnMapping.objects.exists()


@pytest.mark.parametrize("change", ["abc", "999999", "9" * 400, "-1", "²"])
def test_what_is_not_there_to_change_is_not_found_or_left_out(client, change):
    assert client.get("/extracts/columns/", {"change": change}).status_code in (200, 404)


def test_someone_of_two_organisations_says_whose_files_they_mean(signed_in, person):
    lead = person(Role.FINANCE_LEAD, "RJ1")
    lead.memberships.create(role=Role.FINANCE_LEAD, organisation="RJZ")
    client = signed_in(lead)
    assert (
        "Select whose files they are"
        in client.post("/extracts/columns/", {"heading": "X", "field": "acm:month"}).content.decode()
    )
    client.post("/extracts/columns/", {"heading": "X", "field": "acm:month", "organisation": "RJZ"})
    assert ColumnMapping.objects.get().organisation == "RJZ"


def test_the_upload_page_offers_every_layout_and_kind_of_file(client):
    page = client.get("/extracts/upload/").content.decode()
    assert re.findall(r'name="layout"[^>]*value="(\w+)"', page) == ["acm", "iap", "plcm", "drplcm", "deplcm"]
    assert 'accept=".csv,.txt,.xlsx,.xlsm,.zip,.gz"' in page
    assert "/extracts/layouts/" in page
