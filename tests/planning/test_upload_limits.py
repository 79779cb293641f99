"""What is read of a file that is sent: by whom, to which page, and how much of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import StopUpload
from django.test import Client, RequestFactory
from django.urls import resolve

from planning.actions.upload_handler import ExtractUploadHandler
from planning.models import Extract

BLOCK = 1000


@pytest.fixture
def limit(settings, tmp_path):
    settings.EXTRACT_MAX_BYTES = 3 * BLOCK
    settings.MEDIA_ROOT = tmp_path


def a_file(size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("june.csv", b"a" * size, "text/csv")


def send(client: Client, size: int):
    return client.post("/extracts/upload/", {"layout": "acm", "reporting_point": "flex", "file": a_file(size)})


def handler_for(user, path: str = "/extracts/upload/") -> ExtractUploadHandler:
    request = RequestFactory().post(path)
    request.user, request.resolver_match = user, resolve(path)
    return ExtractUploadHandler(request)


class Unread:
    """A body that nobody may read."""

    def read(self, *args):
        pytest.fail("The body was read.")

    readline = read


def test_nobodys_files_are_not_read(db):
    client = Client(enforce_csrf_checks=True)
    client.get("/sign-in/")
    kind = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": "9999999999"}
    response = client.generic("POST", "/extracts/upload/", **{"wsgi.input": Unread(), **kind})
    assert (response.status_code, response.url) == (302, "/sign-in/?next=/extracts/upload/")


def test_a_file_that_is_too_large_is_said_in_words(reference, limit, signed_in, finance_lead):
    page = send(signed_in(finance_lead), 4 * BLOCK).content.decode()
    assert "The selected file must be smaller than" in page
    assert "Select what the extract is" not in page
    assert not Extract.objects.exists()


def test_a_file_of_the_largest_size_is_looked_at(reference, limit, signed_in, finance_lead):
    assert "must be smaller than" not in send(signed_in(finance_lead), 3 * BLOCK).content.decode()
    assert Extract.objects.get().size == 3 * BLOCK


def test_nothing_is_kept_beyond_the_limit_and_its_size_is_known(limit, finance_lead):
    handler = handler_for(finance_lead)
    handler.new_file("file", "june.csv", "text/csv", None)
    kept = []
    for start in range(0, 5 * BLOCK, BLOCK):
        handler.receive_data_chunk(b"a" * BLOCK, start)
        handler.file.flush()
        kept.append(handler.file.file.seek(0, 2))
    assert kept == [1000, 2000, 3000, 0, 0]
    assert handler.file_complete(5 * BLOCK).size == 5 * BLOCK


def test_what_never_ends_is_broken_off(limit, finance_lead):
    handler = handler_for(finance_lead)
    handler.new_file("file", "june.csv", "text/csv", None)
    handler.receive_data_chunk(b"a" * BLOCK, 5 * BLOCK)
    with pytest.raises(StopUpload) as stopped:
        handler.receive_data_chunk(b"a" * BLOCK, 6 * BLOCK)
    assert stopped.value.connection_reset


@pytest.mark.parametrize("path", ["/extracts/upload/", "/your-account/password/"])
def test_files_are_taken_only_of_who_may_send_them_and_where_they_are_asked_for(path, finance_lead, board_member, programme_team):
    for user in (finance_lead, board_member, programme_team):
        handler = handler_for(user, path)
        if user == finance_lead and path == "/extracts/upload/":
            handler.new_file("file", "june.csv", "text/csv", None)
        else:
            with pytest.raises(StopUpload):
                handler.new_file("file", "june.csv", "text/csv", None)


def test_one_file_is_sent_at_a_time(reference, limit, signed_in, finance_lead):
    form = {"layout": "acm", "reporting_point": "flex", "file": [a_file(BLOCK), a_file(BLOCK)]}
    assert signed_in(finance_lead).post("/extracts/upload/", form).status_code == 400
    assert not Extract.objects.exists()
