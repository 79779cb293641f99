"""Valid files with some bytes changed: each is read or refused in words, and no row is lost."""

import random
import shutil

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from planning.actions import check_extract
from planning.extracts.reading import Refused
from planning.models import Extract, PatientFlow
from planning.queries import latest_position, position_totals
from tests.planning.acm_files import acm_bytes, acm_row
from tests.planning.checked_files import checked_file, problems_in
from tests.planning.received_extracts import publish

SPECIAL = (b'"', b'""', b",", b"\r", b"\n", b"\x00", b"\xff", b"\x01\x02", b"\xe2\x80")
ROWS = [
    acm_row(month=m, actual_price=f"{m}.5", local_contract_code='a "quoted", cell' if m % 3 else "two\nlines")
    for m in (1, 2, 3, 4, 5, 6)
] * 4


def mutated(seed: int) -> bytes:
    chance = random.Random(seed)
    encoding = chance.choice(["utf-8", "utf-8", "utf-16", "cp1252"])
    content = bytearray(acm_bytes(ROWS, encoding=encoding))
    for _ in range(chance.choice([1, 1, 3, 20])):
        at = chance.randrange(len(content) if chance.random() < 0.7 else 1500)
        kind = chance.randrange(4)
        if kind == 0:
            content[at] = chance.randrange(256)
        elif kind == 1:
            del content[at : at + chance.randrange(1, 30)]
        elif kind == 2:
            content[at:at] = chance.choice(SPECIAL)
        else:
            start = chance.randrange(len(content))
            content[at:at] = content[start : start + chance.randrange(100)]
    return bytes(content)


def said_of(folder, seed: int) -> str:
    """What is said of a mutated file, after what was counted has been added up."""
    folder.mkdir()
    try:
        with checked_file(folder, content=mutated(seed)) as checked:
            result = checked.result
            assert result.rows == result.accepted + result.rejected + result.excluded, seed
            assert len({problem[0] for problem in problems_in(checked) if problem[4] == "error"}) == result.rejected, seed
            assert bool(checked.totals) == bool(result.accepted), seed
    except Refused as refused:
        return str(refused)
    finally:
        shutil.rmtree(folder)
    return "Read."


@pytest.mark.parametrize("seed", range(40))
def test_a_mutated_file_is_read_or_refused_in_words(tmp_path, seed):
    assert said_of(tmp_path / "one", seed).endswith(".")


@pytest.mark.many
@pytest.mark.parametrize("first", range(1000, 3000, 50))
def test_many_mutated_files_are_read_or_refused_in_words(tmp_path, first):
    for seed in range(first, first + 50):
        assert said_of(tmp_path / str(seed), seed).endswith("."), seed


@pytest.mark.django_db
@pytest.mark.parametrize("first", range(5000, 5040, 10))
def test_mutated_files_sent_through_the_page_leave_what_is_published_as_it_is(
    signed_in, finance_lead, reference, settings, tmp_path, first
):
    settings.MEDIA_ROOT = tmp_path / "media"
    client = signed_in(finance_lead)
    publish([acm_row(actual_price="7.25")])
    for seed in range(first, first + 10):
        file = SimpleUploadedFile(f"{seed}.csv", mutated(seed), "text/csv")
        response = client.post("/extracts/upload/", {"layout": "acm", "reporting_point": "flex", "file": file})
        assert response.status_code in (200, 302), seed
        extract = check_extract(extract=Extract.objects.order_by("pk").last())
        assert extract.state in ("checked", "refused", "waiting"), (seed, extract.reason)
        assert (extract.state == "checked") == PatientFlow.objects.filter(extract=extract).exists(), seed
        assert client.get(f"/extracts/{extract.pk}/").status_code == 200, seed
    assert latest_position() == 1
    assert int(position_totals(1)["actual_price"].sum()) == 72_500
