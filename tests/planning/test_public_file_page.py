"""The page by which a public file is loaded: who may, what it says of a file with faults, and where a file is let in at all."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEvent, Role
from planning.models import AreaProportion, PublicShares
from tests.planning.workbook_files import workbook_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
ADDRESS = "/flows/catchments/load/"
GOOD = "lad_code,trust_code,proportion\nE09000022,RJ1,0.6\nE09000022,RJZ,0.4\n"


def sent(content: str = GOOD, name: str = "areas.csv", **changed) -> dict:
    file = SimpleUploadedFile(name, content.encode(), content_type="text/csv")
    return {"kind": "proportions", "edition": "April 2026", "source": "A publisher", "file": file, **changed}


def post(client, **changed):
    return client.post(ADDRESS, sent(**changed), follow=True)


@pytest.mark.parametrize("role", [Role.PROGRAMME_TEAM, Role.ADMINISTRATOR])
def test_the_programme_team_and_administrators_load_a_file(signed_in, person, role):
    user = person(role)
    response = post(signed_in(user))
    page = response.content.decode()
    assert response.redirect_chain == [(ADDRESS, 302)]
    assert "2 rows, loaded." in page
    assert "Of each area&#x27;s patients, the share at each trust, April 2026: 2 rows" in page
    assert AuditEvent.objects.get(action="loaded public shares").by == user
    assert AreaProportion.objects.count() == 2


@pytest.mark.parametrize(("role", "organisation"), [(Role.FINANCE_LEAD, "RJ1"), (Role.BOARD_MEMBER, "")])
def test_others_may_not_and_their_file_is_not_let_in(signed_in, person, role, organisation):
    response = signed_in(person(role, organisation)).post(ADDRESS, sent())
    assert response.status_code in (400, 403)
    assert not PublicShares.objects.exists()


def test_a_file_with_faults_loads_nothing_and_each_fault_says_what_to_do(signed_in, programme_team):
    content = GOOD + "Lambeth,RJ2,0.1\nE09000028,RJ1,lots\n"
    page = post(signed_in(programme_team), content=content).content.decode()
    assert "areas.csv has 2 problems. Nothing was loaded" in page
    for words in ("There is a problem", "lad_code", "Lambeth", "Use the code of the area", "lots", "from 0 to 1"):
        assert words in page
    assert not PublicShares.objects.exists()


def test_a_value_is_shown_and_never_run(signed_in, programme_team):
    page = post(signed_in(programme_team), content=GOOD + "<script>alert(1)</script>,RJ2,0.1\n").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_only_the_first_hundred_faults_are_listed(signed_in, programme_team):
    content = "lad_code,trust_code,proportion\n" + "".join(f"E09000022,R{n:02},x\n" for n in range(150))
    page = post(signed_in(programme_team), content=content).content.decode()
    assert "the first 100 of 150" in page
    assert page.count("Write the share as a number") == 100


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": ""}, "Select what is in the file"),
        ({"edition": ""}, "Enter the edition"),
        ({"edition": "x" * 41}, "40 characters or fewer"),
        ({"source": ""}, "Enter the source"),
        ({"file": ""}, "Select a file"),
    ],
)
def test_what_is_missing_is_asked_for(signed_in, programme_team, changed, words):
    page = post(signed_in(programme_team), **changed).content.decode()
    assert words in page
    assert "There is a problem" in page


def test_a_file_that_is_too_large_is_refused_in_words(signed_in, programme_team, settings):
    settings.PUBLIC_FILE_MAX_BYTES = 10
    assert "must be smaller than" in post(signed_in(programme_team)).content.decode()


def test_a_workbook_of_one_sheet_is_loaded_and_of_several_asked_about(signed_in, programme_team):
    rows = [["trust_code", "icb_code", "share"], ["RJ1", "QKK", 0.7], ["RJ1", "QWE", 0.3]]
    several = SimpleUploadedFile("origins.xlsx", workbook_bytes({"Shares": rows, "Notes": [["Suppressed below 8"]]}))
    page = post(signed_in(programme_team), file=several, kind="origins").content.decode()
    assert "Keep the sheet that is meant alone in its workbook" in page
    assert "“Shares”, “Notes”" in page
    assert not PublicShares.objects.exists()
    alone = SimpleUploadedFile("origins.xlsx", workbook_bytes({"Shares": rows}))
    assert "2 rows, loaded." in post(signed_in(programme_team), file=alone, kind="origins").content.decode()


def test_what_only_looks_like_a_workbook_is_told_with_the_way_out(signed_in, programme_team):
    file = SimpleUploadedFile("areas.xlsx", b"PK\x03\x04 and more")
    assert "Save it again and select the new file" in post(signed_in(programme_team), file=file).content.decode()


def test_origin_shares_are_loaded_by_the_same_page(signed_in, programme_team):
    content = "trust_code,icb_code,share\nRJ1,QKK,0.7\nRJ1,QWE,0.3\n"
    page = post(signed_in(programme_team), content=content, kind="origins").content.decode()
    assert "2 rows, loaded." in page
    assert PublicShares.objects.get().kind == "origins_system"


def test_another_edition_is_told(signed_in, programme_team):
    client = signed_in(programme_team)
    post(client)
    page = post(client, edition="April 2027").content.decode()
    assert "Editions loaded before, which stay and are not shown: April 2026." in page
