"""The pages of extracts: send a file, read what was found, publish, withdraw. Each through HTTP, as people do it."""

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Role
from planning.actions import check_extract, publish_extracts, withdraw_extract
from planning.models import Extract, ExtractState, PatientFlow, PositionSlice, ReportingPosition, SubmissionDate
from tests.planning.acm_files import acm_bytes, acm_row
from tests.planning.layout_files import layout_bytes, layout_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
LIST, UPLOAD = "/extracts/", "/extracts/upload/"


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def client(signed_in, finance_lead):
    """Guy's and St Thomas' finance lead."""
    return signed_in(finance_lead)


def send(client, content=None, name="june.csv", **fields):
    content = acm_bytes() if content is None else content
    fields = {"layout": "acm", "reporting_point": "flex", **fields}
    return client.post(UPLOAD, {**fields, "file": SimpleUploadedFile(name, content, "text/csv")})


def sent(client, rows=None, **fields) -> Extract:
    """A file sent and checked."""
    response = send(client, acm_bytes(rows), **fields)
    assert response.status_code == 302, response.context["form"].errors
    return check_extract(extract=Extract.objects.get(pk=response.url.split("/")[-2]))


def page_of(client, extract) -> str:
    response = client.get(f"/extracts/{extract.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def publish(client, extract, **fields):
    sent = {"reason": "June flex", "large_reason": "Corrected", "confirmed": "on", **fields}
    return client.post(f"/extracts/{extract.pk}/publish/", sent, follow=True)


def test_a_file_goes_from_the_form_to_a_position(client, finance_lead):
    response = send(client)
    extract = Extract.objects.get()
    assert response.url == f"/extracts/{extract.pk}/"
    assert (extract.state, extract.uploaded_by, extract.organisation) == ("received", finance_lead, "RJ1")
    assert "waiting to be checked" in page_of(client, extract)
    check_extract(extract=extract)
    page = page_of(client, extract)
    assert "Ready to publish" in page
    assert "Publishing adds £150.00 of actual price" in page
    assert not ReportingPosition.objects.exists()
    page = publish(client, extract).content.decode()
    assert "Position 1 is published" in page
    assert ReportingPosition.objects.get().reason == "June flex"
    assert ReportingPosition.objects.get().made_by == finance_lead


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("june.pdf", acm_bytes(), "The selected file must be a CSV, TXT, XLSX, ZIP or GZ"),
        ("june", acm_bytes(), "The selected file must be a CSV, TXT, XLSX, ZIP or GZ"),
        ("june.csv.exe", acm_bytes(), "The selected file must be a CSV, TXT, XLSX, ZIP or GZ"),
        ("june.csv", b"", "The selected file is empty"),
    ],
)
def test_a_wrong_file_is_told_on_the_page_and_leaves_nothing(client, name, content, said):
    page = send(client, content, name=name).content.decode()
    assert f'<a href="#id_file">{said}</a>' in page
    assert "<title>Error: " in page
    assert not Extract.objects.exists()


def test_nothing_selected_is_told(client):
    page = client.post(UPLOAD, {}).content.decode()
    assert '<a href="#id_file">Select an extract</a>' in page
    assert "Select flex or freeze" in page


def test_a_file_beyond_the_limit_is_told_the_limit(client, settings):
    settings.EXTRACT_MAX_BYTES = 2048
    assert "The selected file must be smaller than 2KB" in send(client, b"x" * 3000).content.decode()


def test_a_file_with_other_headings_is_refused_on_the_page_and_recorded(client):
    page = send(client, b"hello\r\nworld\r\n").content.decode()
    extract = Extract.objects.get()
    assert extract.state == ExtractState.REFUSED
    assert "There is a problem" in page
    assert extract.reason.split(".")[0][:40] in page.replace("&#x27;", "'")
    assert "Why it was refused" in page_of(client, extract)


def test_another_organisations_file_is_refused_and_changes_nothing(client):
    extract = sent(client, [acm_row(provider="RJZ")])
    page = page_of(client, extract)
    assert extract.state == ExtractState.REFUSED
    assert "You can upload files of Guy" in page
    assert "Nothing that was published has changed" in page
    assert not PatientFlow.objects.exists()


def test_the_same_bytes_lead_to_the_extract_that_is_there(client):
    extract = sent(client)
    response = client.post(
        UPLOAD, {"layout": "acm", "reporting_point": "flex", "file": SimpleUploadedFile("again.csv", acm_bytes())}, follow=True
    )
    assert response.redirect_chain[-1][0] == f"/extracts/{extract.pk}/"
    assert "This file was uploaded before" in response.content.decode()
    assert Extract.objects.count() == 1


def test_a_script_is_told_the_address_instead_of_being_sent_there(client):
    file = SimpleUploadedFile("june.csv", acm_bytes())
    fields = {"layout": "acm", "reporting_point": "flex", "file": file}
    response = client.post(UPLOAD, fields, headers={"X-Requested-With": "XMLHttpRequest"})
    assert (response.status_code, response.headers["X-Address"]) == (204, f"/extracts/{Extract.objects.get().pk}/")


def test_a_lead_of_two_organisations_says_whose_file_it_is(client, finance_lead):
    finance_lead.memberships.create(role=Role.FINANCE_LEAD, organisation="RJZ")
    assert "Select whose extract it is" in send(client).content.decode()
    assert "Select a valid choice" in send(client, organisation="RV5").content.decode()
    response = send(client, acm_bytes([acm_row(provider="RJZ")]), organisation="RJZ")
    assert check_extract(extract=Extract.objects.get(pk=response.url.split("/")[-2])).provider == "RJZ"


HOSTILE = [
    ('"><img src=x onerror=alert(1)>.csv', "alert(1)"),
    ("<svg onload=alert(2)>.csv", "alert(2)"),
    ("../../../etc/passwd.csv", "passwd.csv"),
    ("..\\..\\windows\\june.csv", "june.csv"),
    ("a" * 4000 + ".csv", ".csv"),
    ("june\u202evsc.exe.csv", "june"),
    ("=HYPERLINK(1).csv", "=HYPERLINK"),
]


@pytest.mark.parametrize(("name", "kept"), HOSTILE)
def test_hostile_names_of_files_are_shown_as_text_and_reach_no_path(client, settings, name, kept):
    response = send(client, name=name)
    if response.status_code == 200:
        assert not Extract.objects.exists()
        return
    extract = check_extract(extract=Extract.objects.get())
    assert kept in extract.file_name
    for page in (
        page_of(client, extract),
        client.get(LIST).content.decode(),
        client.get(f"/extracts/{extract.pk}/rows/").content.decode(),
    ):
        assert "<img" not in page
        assert "<svg onload" not in page
        assert "\u202e" not in page
    stored = [p for p in settings.MEDIA_ROOT.parent.rglob("*") if p.is_file()]
    assert all(settings.MEDIA_ROOT in p.parents and re.fullmatch(r"[0-9a-f]+(\.values)?\.(csv|parquet)", p.name) for p in stored)


def test_hostile_cells_are_shown_as_text_and_exported_inert(client):
    rows = [acm_row(), acm_row(service_code="<svg onload=alert(3)>"), acm_row(actual_price="=cmd|' /C calc'!A0")]
    extract = sent(client, rows)
    page = page_of(client, extract)
    assert "<svg onload" not in page
    assert "&lt;svg onload=alert(3)&gt;" in page
    response = client.get(f"/extracts/{extract.pk}/problems.csv")
    exported = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert exported[0][:6] == ["Row", "Column", "Value", "Severity", "Problem", "What to do"]
    assert exported[0][-1] == "Illustrative data"
    assert {row[-1] for row in exported[1:]} == {"Yes" if extract.illustrative else "No"}
    values = {row[0]: row[2] for row in exported[1:]}
    assert values["4"] == "'=cmd|' /C calc'!A0"


def test_problems_are_grouped_with_number_example_and_what_to_do(client):
    rows = [acm_row(), *[acm_row(point_of_delivery=f"X{n}") for n in range(3)], acm_row(actual_price="about 12")]
    page = page_of(client, sent(client, rows))
    group = re.search(r"Point of delivery is not known.*?</tr>", page, re.S)[0]
    assert ">3<" in group
    assert "Row 3: <q>X0</q>" in group
    assert "Check the code against the national list" in group
    assert "4 problems" in page


def test_rows_in_are_accepted_rejected_and_left_out(client):
    blank = dict.fromkeys(acm_row(), "")
    extract = sent(client, [acm_row(), acm_row(month="x"), blank])
    counts = re.findall(
        r'row">(Accepted|Rejected|Left out|Rows in the file).*?numeric">([\d,]+)<', page_of(client, extract), re.S
    )
    assert dict(counts) == {"Accepted": "1", "Rejected": "1", "Left out": "1", "Rows in the file": "3"}


def test_the_money_of_every_row_is_said(client):
    total = {**dict.fromkeys(acm_row(), ""), "month": "Total", "actual_price": "171.50"}
    page = page_of(client, sent(client, [acm_row(), acm_row(month="x", actual_price="21.50"), total]))
    table = re.search(r"Every row of the file.*?</table>", page, re.S)[0]
    assert re.findall(r">(£[\d.,]+|Not applicable|No data)<", table) == [
        "£100.00", "£150.00", "£100.00", "£21.50", "No data", "£171.50", "£200.00", "£343.00",
    ]  # fmt: skip


def test_without_an_accepted_row_the_file_is_refused_and_its_problems_are_there(client):
    extract = sent(client, [acm_row(month="x")])
    page = page_of(client, extract)
    assert extract.state == ExtractState.REFUSED
    assert "Month cannot be read" in page
    assert ">Publish<" not in page


def test_what_would_change_names_the_money_the_emptied_slices_and_what_stays(client):
    first = [acm_row(), acm_row(commissioner="36L", actual_price="40.00"), acm_row(month="2", actual_price="7.00")]
    publish(client, sent(client, first))
    second = sent(client, [acm_row(actual_price="160.00"), acm_row(commissioner="92A", actual_price="1.00")])
    page = page_of(client, second)
    assert "Publishing replaces £190.00 of actual price by £161.00, £29 less." in page
    assert "1 slice has money now and no row in this file" in page
    assert "£40.00 of actual price goes" in page
    assert "staying as it is: May 2025, 1 commissioner, £7.00" in page
    publish(client, second)
    assert "Publishing" not in page_of(client, second)


def test_a_file_of_the_same_money_says_that_no_amount_changes(client):
    publish(client, sent(client))
    again = sent(client, [acm_row(created="2026-06-20 09:30:00")])
    assert "Publishing changes no amount: the £150.00" in page_of(client, again)


def test_publishing_needs_a_reason_and_a_confirmation(client):
    extract = sent(client)
    page = client.post(f"/extracts/{extract.pk}/publish/", {}).content.decode()
    assert "Enter why you are publishing it" in page
    assert "Confirm that you have read what would change" in page
    assert not ReportingPosition.objects.exists()


def test_publishing_twice_makes_one_position(client):
    extract = sent(client)
    publish(client, extract)
    page = publish(client, extract).content.decode()
    assert "Position 1 is published" in page
    assert ReportingPosition.objects.count() == 1


def test_withdrawing_brings_back_what_was_there(client, finance_lead):
    first = sent(client)
    publish(client, first)
    second = sent(client, [acm_row(actual_price="160.00")])
    publish(client, second)
    assert "Enter why you are withdrawing it" in client.post(f"/extracts/{second.pk}/withdraw/", {}).content.decode()
    page = client.post(f"/extracts/{second.pk}/withdraw/", {"reason": "Wrong prices"}, follow=True).content.decode()
    assert "Position 3 is published without it" in page
    assert "Why it was withdrawn" in page
    assert "Wrong prices" in page
    assert [slice.extract for slice in PositionSlice.objects.at(3)] == [first]
    again = client.post(f"/extracts/{second.pk}/withdraw/", {"reason": "Again"}, follow=True).content.decode()
    assert "Only a published extract can be withdrawn" in again
    told = page_of(client, second)
    assert told.index('<a href="/positions/2/">Position 2</a>: June flex') < told.index("Position 3</a>: Wrong prices")
    assert len(re.findall(rf"\(\d+ \w+ \d+, \d\d:\d\d by {finance_lead}\)", told)) == 2
    assert "What it changed" not in page_of(client, sent(client, [acm_row(month=3)], name="other.csv"))
    assert ReportingPosition.objects.count() == 3


def test_cancelling_leaves_what_is_published_alone(client):
    extract = sent(client)
    assert "The extract is cancelled" in client.post(f"/extracts/{extract.pk}/cancel/", follow=True).content.decode()
    extract.refresh_from_db()
    assert extract.state == ExtractState.CANCELLED
    page = client.get(f"/extracts/{extract.pk}/")
    assert (page.status_code, "accepted rows as they were received" in page.content.decode()) == (200, False)
    assert client.get(f"/extracts/{extract.pk}/rows/").status_code == 200
    assert "cannot be published" in publish(client, extract).content.decode() or not ReportingPosition.objects.exists()
    published = sent(client)
    publish(client, published)
    assert "cannot be cancelled" in client.post(f"/extracts/{published.pk}/cancel/", follow=True).content.decode()


def test_a_one_commissioner_file_can_be_declared_complete(client):
    publish(client, sent(client, [acm_row(), acm_row(commissioner="36L", actual_price="40.00")]))
    extract = sent(client, [acm_row(actual_price="160.00")])
    assert "Slices that would be left empty" not in page_of(client, extract)
    page = client.post(f"/extracts/{extract.pk}/complete/", follow=True).content.decode()
    assert "counts as complete" in page
    assert "Slices that would be left empty" in page


def test_progress_is_said_without_and_with_a_script(client):
    send(client)
    extract = Extract.objects.get()
    page = page_of(client, extract)
    assert '<noscript><meta http-equiv="refresh"' in page
    assert f'hx-get="/extracts/{extract.pk}/progress/"' in page
    waiting = client.get(f"/extracts/{extract.pk}/progress/")
    assert "waiting to be checked" in waiting.content.decode()
    assert "HX-Refresh" not in waiting.headers
    Extract.objects.filter(pk=extract.pk).update(state="checking", rows_read=12345)
    assert "12,345 rows read" in client.get(f"/extracts/{extract.pk}/progress/").content.decode()
    Extract.objects.filter(pk=extract.pk).update(state="received")
    check_extract(extract=extract)
    assert client.get(f"/extracts/{extract.pk}/progress/").headers["HX-Refresh"] == "true"
    assert "http-equiv" not in page_of(client, extract)


def test_asking_for_progress_is_not_a_page_seen(client):
    send(client)
    before = AuditEvent.objects.count()
    client.get(f"/extracts/{Extract.objects.get().pk}/progress/")
    assert AuditEvent.objects.count() == before


def test_without_dates_the_list_says_what_is_missing_and_what_was_sent(client, signed_in, programme_team):
    SubmissionDate.objects.all().delete()
    publish(client, sent(client, [acm_row(month=month) for month in "123"]))
    page = client.get(LIST).content.decode()
    assert "April to June 2025 can still be settled with a freeze extract" in page
    assert "june.csv" in page
    everyone = signed_in(programme_team).get(LIST).content.decode()
    assert everyone.count(">Missing<") > 3
    assert "Upload an extract" not in everyone


def test_the_list_is_filtered_and_says_what_is_wrong(client):
    publish(client, sent(client))
    send(client, b"hello\r\nworld\r\n")
    assert [s.extract.state for s in client.get(LIST).context["page"]] == ["refused", "published"]
    assert [s.extract.state for s in client.get(LIST, {"state": "refused"}).context["page"]] == ["refused"]
    assert [s.extract.provider for s in client.get(LIST, {"provider": "RJ1"}).context["page"]] == ["RJ1"]
    wrong = client.get(LIST, {"state": "nothing"})
    assert wrong.status_code == 200
    assert "There is a problem" in wrong.content.decode()


def test_the_list_says_what_a_file_is_and_that_a_plan_has_no_actual_price(client):
    response = send(client, layout_bytes("iap", [layout_row("iap")]), layout="iap")
    checked = check_extract(extract=Extract.objects.get(pk=response.url.split("/")[-2]))
    assert checked.state == "checked", checked.reason
    page = client.get(LIST).content.decode()
    assert "Indicative Activity Plan" in page
    assert "Not applicable" in page
    assert "£0.00" not in page


def test_the_list_asks_the_database_the_same_whatever_its_length(client, finance_lead, django_assert_max_num_queries):
    for number in range(30):
        Extract.objects.create(
            layout="acm", provider="RJ1", year="2025/26", covered_months=[1], organisation="RJ1", state="withdrawn",
            file_name=f"{number}.csv", sha256=str(number), uploaded_by=finance_lead,
        )  # fmt: skip
    with django_assert_max_num_queries(25):
        assert len(client.get(LIST).context["page"]) == 30


STRANGERS = [("finance_lead", "RJZ"), ("finance_lead", "QWE"), ("board_member", "")]


@pytest.mark.parametrize("path", ["", "progress/", "problems.csv", "rows/"])
@pytest.mark.parametrize("who", STRANGERS)
def test_another_organisations_extract_is_not_there(client, signed_in, person, path, who):
    extract = sent(client)
    assert signed_in(person(Role(who[0]), who[1])).get(f"/extracts/{extract.pk}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["publish", "withdraw", "cancel", "complete"])
def test_nobody_else_changes_an_extract(client, signed_in, person, programme_team, path):
    extract = sent(client)
    body = {"reason": "Mine now", "confirmed": "on"}
    assert signed_in(person(Role.FINANCE_LEAD, "RJZ")).post(f"/extracts/{extract.pk}/{path}/", body).status_code == 404
    assert signed_in(person(Role.BOARD_MEMBER)).post(f"/extracts/{extract.pk}/{path}/", body).status_code == 404
    assert signed_in(programme_team).post(f"/extracts/{extract.pk}/{path}/", body).status_code == 403
    extract.refresh_from_db()
    assert extract.state == ExtractState.CHECKED


def test_the_programme_team_reads_and_is_told_who_publishes(client, signed_in, programme_team):
    page = page_of(signed_in(programme_team), sent(client))
    assert "published by the finance lead whose organisation it is of" in page
    assert "Cancel this extract" not in page
    assert "/publish/" not in page


@pytest.mark.parametrize("path", ["publish", "withdraw", "cancel", "complete"])
def test_nothing_is_changed_by_a_link_or_without_a_token(client, finance_lead, path):
    extract = sent(client)
    assert client.get(f"/extracts/{extract.pk}/{path}/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(finance_lead, backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post(f"/extracts/{extract.pk}/{path}/", {"reason": "x", "confirmed": "on"}).status_code == 403
    assert strict.post(UPLOAD, {"layout": "acm", "reporting_point": "flex"}).status_code == 403
    extract.refresh_from_db()
    assert extract.state == ExtractState.CHECKED


def test_the_programme_team_does_not_upload(signed_in, programme_team):
    response = signed_in(programme_team).get(UPLOAD)
    assert response.status_code == 403
    assert "uploaded by the finance lead" in response.content.decode()


@pytest.mark.parametrize("number", [0, 999, 10**30])
def test_an_extract_that_is_not_there(client, number):
    assert client.get(f"/extracts/{number}/").status_code == 404


def test_positions_say_when_who_why_and_lead_to_any_page(client, signed_in, board_member, person):
    extract = sent(client)
    publish(client, extract, reason="June flex & <b>more</b>")
    withdraw_extract(by=extract.uploaded_by, extract=extract, reason="Wrong")
    page = client.get(reverse("planning:positions")).content.decode()
    assert "2 positions" in page
    assert "June flex &amp; &lt;b&gt;more" in page
    assert 'href="/?position=1"' in page
    assert f'href="/extracts/{extract.pk}/"' in page
    for other in (board_member, person(Role.FINANCE_LEAD, "RJZ")):
        page = signed_in(other).get(reverse("planning:positions")).content.decode()
        assert "April 2025" in page
        assert f"/extracts/{extract.pk}/" not in page


def test_uploads_and_publications_are_audited_by_name(client, finance_lead):
    extract = sent(client)
    publish_extracts(by=finance_lead, extracts=[extract], reason="June")
    done = AuditEvent.objects.filter(by=finance_lead, about=f"Extract {extract.pk}").order_by("id")
    assert list(done.values_list("action", flat=True)) == ["received extract", "checked extract", "published extract"]
