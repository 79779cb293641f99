import hashlib
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEvent, Role
from accounts.permissions import NotAllowed
from accounts.queries import command_line_user
from planning.actions import cancel_extract, receive_extract
from planning.actions.extracts import display_name
from planning.models import Extract, ExtractState
from tests.planning.acm_files import acm_bytes, acm_row
from tests.planning.layout_files import layout_bytes
from tests.planning.received_extracts import check, receive
from tests.planning.test_person_data import ISSUED, SPACED

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def kept(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media).parts[0]) for path in media.rglob("*") if path.is_file())


def test_a_file_is_kept_under_a_name_of_our_own_with_its_hash(media):
    content = acm_bytes()
    extract = receive(content=content, name="../../etc/trust month 6.csv")
    assert (extract.state, extract.file_name, extract.size) == ("received", "trust month 6.csv", len(content))
    assert extract.sha256 == hashlib.sha256(content).hexdigest()
    assert (media / "received" / extract.stored_name).read_bytes() == content
    assert kept(media) == ["received"]


def test_an_upload_of_a_page_is_received_too():
    upload = SimpleUploadedFile("month.csv", acm_bytes())
    extract = receive_extract(by=command_line_user(), file=upload, file_name=upload.name, layout="acm", reporting_point="freeze")
    assert (extract.state, extract.reporting_point) == ("received", "freeze")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\reports\\month.csv", "month.csv"),
        ("../../../etc/passwd", "passwd"),
        ("a\x00b\nc\u202egpj.csv", "abcgpj.csv"),
        ("", "file without a name"),
        ("/", "file without a name"),
        ("x" * 4000 + ".csv", "x" * 120 + "….csv"),
        ("<script>.csv", "<script>.csv"),
        ("O'Brien %22June%22 & co.csv", 'O\'Brien "June" & co.csv'),
        (f"patient {SPACED}.csv", "patient xxx xxx xxxx.csv"),
        (f"acm_{ISSUED}_june.csv", "acm_xxxxxxxxxx_june.csv"),
        (f"pt{ISSUED}a.csv", "ptxxxxxxxxxxa.csv"),
        (SPACED.replace(" ", "_") + ".csv", "xxx_xxx_xxxx.csv"),
        ("acm 2025 9434765918.csv", "acm 2025 9434765918.csv"),
    ],
)
def test_names_of_files_are_shown_without_what_could_harm(name, shown):
    assert display_name(name) == shown


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "is empty"), (b"hello\nworld\n", "no heading row"), (b"PK\x03\x04", "is broken")],
)
def test_a_file_that_cannot_be_taken_is_refused_and_not_kept(media, content, says):
    extract = receive(content=content)
    assert extract.state == ExtractState.REFUSED
    assert says in extract.reason
    assert kept(media) == []


def test_a_file_that_names_people_is_refused_and_the_values_go_nowhere(media, caplog):
    content = acm_bytes([acm_row(ward_code="9434765919")], headings={"ward_code": "NHS_NUMBER"})
    extract = receive(content=content)
    assert extract.state == ExtractState.REFUSED
    assert "names people: these columns are filled: NHS_NUMBER" in extract.reason
    assert kept(media) == []
    everything = str(list(Extract.objects.values())) + str(list(AuditEvent.objects.values())) + caplog.text
    assert "9434765919" not in everything


def test_a_file_beyond_the_limit_is_refused(settings, media):
    settings.EXTRACT_MAX_BYTES = 2 * 1024**2
    extract = receive(content=acm_bytes() + b" " * 3 * 1024**2)
    assert (extract.state, extract.reason) == ("refused", "The selected file must be smaller than 2 MB.")
    assert kept(media) == []


@pytest.mark.parametrize("layout", ["iap", "plcm", "drplcm", "deplcm"])
def test_every_layout_is_received(layout):
    assert receive(content=layout_bytes(layout), layout=layout).state == "received"


@pytest.mark.parametrize("state", ["received", "checking", "checked", "published"])
def test_the_same_bytes_lead_to_the_extract_that_is_there(state, media):
    extract = receive()
    Extract.objects.filter(pk=extract.pk).update(state=state)
    assert receive(name="another name.csv") == extract
    assert Extract.objects.count() == 1
    assert kept(media) == ["received"]


@pytest.mark.parametrize("state", ["refused", "failed", "cancelled", "withdrawn"])
def test_the_same_bytes_are_received_anew_after_an_end(state):
    extract = receive()
    Extract.objects.filter(pk=extract.pk).update(state=state)
    assert receive().pk != extract.pk


def test_the_same_bytes_of_another_organisation_are_another_extract(person):
    ours = receive(by=person(Role.FINANCE_LEAD, "RJ1"))
    theirs = receive(by=person(Role.FINANCE_LEAD, "RJZ"))
    assert ours.pk != theirs.pk
    assert (ours.organisation, theirs.organisation) == ("RJ1", "RJZ")


def test_the_same_bytes_twice_at_once_become_one_extract(monkeypatch, media):
    first = receive()
    monkeypatch.setattr("planning.actions.extracts._same_bytes", lambda by, extract: None)
    assert receive() == first
    assert kept(media) == ["received"]


def test_only_finance_leads_upload(person, programme_team, board_member, administrator, media):
    for someone in (programme_team, board_member, administrator):
        with pytest.raises(NotAllowed):
            receive(by=someone)
    assert kept(media) == []
    with pytest.raises(NotAllowed):
        receive(by=person(Role.FINANCE_LEAD, "RJ1"), organisation="RJZ")


def test_receiving_is_in_the_audit_trail(person):
    lead = person(Role.FINANCE_LEAD, "RJ1")
    extract = receive(by=lead)
    event = AuditEvent.objects.get(action="received extract")
    assert (event.by, event.about, event.detail["file_name"]) == (lead, f"Extract {extract.pk}", "acm.csv")


class FullDisk(io.BytesIO):
    def read(self, *size):
        raise OSError(28, "No space left on device")


def test_a_full_disk_leaves_nothing_behind(media):
    extract = receive_extract(by=command_line_user(), file=FullDisk(), file_name="x.csv", layout="acm")
    assert (extract.state, extract.reason) == (
        "failed",
        "There is no space left for the file. Nothing was changed; try again later.",
    )
    assert kept(media) == []


def test_a_store_that_cannot_be_written_to_is_said_and_is_no_server_error(media):
    media.parent.mkdir(parents=True, exist_ok=True)

    class ReadOnly(io.BytesIO):
        def read(self, *size):
            raise OSError(30, "Read-only file system")

    extract = receive_extract(by=command_line_user(), file=ReadOnly(), file_name="x.csv", layout="acm")
    assert extract.state == "failed"
    assert extract.reason.startswith("The planner cannot write to its own store. Nothing was changed; tell whoever runs")
    assert kept(media) == []


def test_a_fault_that_is_not_of_the_store_is_not_hidden():
    class Broken(io.BytesIO):
        def read(self, *size):
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        receive_extract(by=command_line_user(), file=Broken(), file_name="x.csv", layout="acm")


def test_an_extract_can_be_cancelled_before_it_is_checked(media):
    extract = cancel_extract(by=command_line_user(), extract=receive(), reason="Wrong file")
    assert (extract.state, extract.reason) == ("cancelled", "Wrong file")
    assert kept(media) == []


def test_only_its_own_people_cancel_an_extract(person):
    extract = receive(by=person(Role.FINANCE_LEAD, "RJ1"))
    with pytest.raises(NotAllowed):
        cancel_extract(by=person(Role.FINANCE_LEAD, "RJZ"), extract=extract)
    assert cancel_extract(by=person(Role.FINANCE_LEAD, "RJ1"), extract=extract).state == "cancelled"


def test_cancelling_a_checked_extract_deletes_its_facts_problems_and_files(media, reference):
    extract = check([acm_row(), acm_row(site="x")])
    assert extract.facts.exists()
    assert extract.problems.exists()
    assert kept(media) == ["line_store", "line_store", "read_copies", "received"]
    cancel_extract(by=command_line_user(), extract=extract)
    assert not extract.facts.exists()
    assert not extract.problems.exists()
    assert kept(media) == []


def test_a_published_extract_is_not_cancelled():
    extract = receive()
    Extract.objects.filter(pk=extract.pk).update(state="published")
    assert cancel_extract(by=command_line_user(), extract=extract).state == "published"
