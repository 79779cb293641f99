"""The same bytes sent again, on the pages and from the command line: said plainly, and the right thing offered."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from accounts.models import Role
from planning.actions import check_extract, publish_extracts
from planning.models import Extract, PatientFlow, PositionSlice, ReportingPosition
from tests.planning.acm_files import acm_bytes, acm_file, acm_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def client(signed_in, person):
    lead = person(Role.FINANCE_LEAD, "RJ1")
    made = signed_in(lead)
    made.lead = lead
    return made


def send(client, point="flex", *, illustrative=False, **headers):
    data = {"file": SimpleUploadedFile("june.csv", acm_bytes()), "layout": "acm", "reporting_point": point}
    return client.post("/extracts/upload/", data | ({"illustrative": "on"} if illustrative else {}), headers=headers)


def published(client) -> Extract:
    send(client)
    extract = check_extract(extract=Extract.objects.get())
    publish_extracts(by=client.lead, extracts=[extract], reason="June flex")
    return extract


def test_the_same_mark_leads_to_what_is_there(client):
    extract = published(client)
    response = send(client)
    assert response.url == f"/extracts/{extract.pk}/"
    assert "was uploaded before" in client.get(response.url).content.decode()


def test_freeze_of_a_published_flex_is_offered_and_done(client):
    extract = published(client)
    facts = PatientFlow.objects.count()
    response = send(client, "freeze")
    assert response.url == f"/extracts/{extract.pk}/mark/?reporting_point=freeze"
    page = client.get(response.url).content.decode()
    assert "This file is here already" in page
    assert "as flex. You have now sent it as freeze." in page
    assert 'value="freeze" checked' in " ".join(page.split())
    assert ReportingPosition.objects.count() == 1
    done = client.post(f"/extracts/{extract.pk}/mark/", {"reporting_point": "freeze", "reason": "Agreed"}, follow=True)
    assert "marked as freeze. Position 2 is published with it." in done.content.decode()
    assert set(PositionSlice.objects.at(2).values_list("reporting_point", flat=True)) == {"freeze"}
    assert PatientFlow.objects.count() == facts


def test_a_published_mark_needs_a_reason(client):
    extract = published(client)
    page = client.post(f"/extracts/{extract.pk}/mark/", {"reporting_point": "freeze"})
    assert "Enter why you change it" in page.content.decode()
    assert ReportingPosition.objects.count() == 1


def test_before_publication_it_is_changed_without_a_reason(client):
    send(client)
    extract = Extract.objects.get()
    check_extract(extract=extract)
    response = send(client, "flex", illustrative=True)
    assert response.url.endswith("reporting_point=flex&illustrative=on")
    assert "It is not published yet" in client.get(response.url).content.decode()
    client.post(f"/extracts/{extract.pk}/mark/", {"reporting_point": "flex", "illustrative": "on"})
    extract.refresh_from_db()
    assert extract.illustrative


def test_a_script_is_led_there_too(client):
    extract = published(client)
    response = send(client, "freeze", **{"X-Requested-With": "XMLHttpRequest"})
    assert (response.status_code, response.headers["X-Address"]) == (204, f"/extracts/{extract.pk}/mark/?reporting_point=freeze")


def test_a_hostile_address_marks_nothing_and_is_shown_as_text(client):
    extract = published(client)
    page = client.get(f"/extracts/{extract.pk}/mark/?reporting_point=<b>x</b>&illustrative=on").content.decode()
    assert "<b>x</b>" not in page
    client.post(f"/extracts/{extract.pk}/mark/", {"reporting_point": "<b>x</b>", "reason": "x"})
    extract.refresh_from_db()
    assert extract.reporting_point == "flex"


def test_the_extract_page_offers_to_change_the_mark(client, signed_in, programme_team):
    extract = published(client)
    address = f"/extracts/{extract.pk}/"
    assert f"{address}mark/" in client.get(address).content.decode()
    assert f"{address}mark/" not in signed_in(programme_team).get(address).content.decode()


def load(path, capsys, *options) -> tuple[dict, str]:
    call_command("load_extract", str(path), "--layout", "acm", *options)
    said = capsys.readouterr()
    return json.loads(said.out), said.err


def test_the_command_line_marks_a_published_extract_only_where_publishing_is_asked_for(tmp_path, capsys):
    path = acm_file(tmp_path, [acm_row()])
    first, _ = load(path, capsys, "--publish")
    again, words = load(path, capsys, "--point", "freeze")
    assert (again["extract"], again["reporting_point"]) == (first["extract"], "flex")
    assert "stays so; add --publish to mark it as freeze" in words
    settled, words = load(path, capsys, "--point", "freeze", "--publish")
    assert (settled["extract"], settled["reporting_point"], settled["totals"]) == (first["extract"], "freeze", first["totals"])
    assert "marked as freeze now, position 2" in words


def test_the_command_line_marks_what_is_not_published(tmp_path, capsys):
    path = acm_file(tmp_path, [acm_row()])
    load(path, capsys)
    again, words = load(path, capsys, "--illustrative")
    assert again["illustrative"] is True
    assert "is marked as flex now" in words
    assert not ReportingPosition.objects.exists()
