import os
from pathlib import Path

import duckdb
import pytest
from django.core.management import call_command

from planning.actions import rebuild_read_copy, sweep_orphans
from planning.models import Extract
from tests.planning.acm_files import acm_row
from tests.planning.received_extracts import check, receive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def rows(media: Path, extract: Extract) -> list[tuple]:
    copy = duckdb.read_parquet(str(media / "read_copies" / extract.read_copy))
    return sorted(copy.fetchall(), key=str), copy.columns, [str(t) for t in copy.types]


def test_a_lost_read_copy_is_made_again_from_the_record(media, capsys):
    extract = check([acm_row(), acm_row(month=2, actual_activity=""), acm_row(commissioner="13R")])
    before = rows(media, extract)
    (media / "read_copies" / extract.read_copy).unlink()
    call_command("rebuild_read_copies")
    extract.refresh_from_db()
    assert rows(media, extract) == before
    assert capsys.readouterr().out == f"Extract {extract.pk}: {extract.read_copy}\n"


def test_read_copies_that_are_there_are_left_alone(media, capsys):
    check()
    call_command("rebuild_read_copies")
    assert capsys.readouterr().out == ""


def test_rebuilding_twice_gives_the_same_rows(media):
    extract = check()
    before = rows(media, extract)
    rebuild_read_copy(extract=extract)
    assert rows(media, extract) == before


def test_files_that_nothing_names_are_swept_once_they_are_old(media, capsys):
    extract, waiting = check(), receive([acm_row(month=2)])
    strays = [media / folder / "stray" for folder in ("received", "quarantine", "line_store", "read_copies")]
    for path in strays:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("left over")
    assert sweep_orphans() == []
    for path in media.rglob("*"):
        os.utime(path, (0, 0))
    call_command("rebuild_read_copies", sweep=True, dry_run=True)
    assert all(path.exists() for path in strays)
    assert sorted(sweep_orphans()) == sorted(strays)
    assert not any(path.exists() for path in strays)
    assert (media / "read_copies" / extract.read_copy).exists()
    assert (media / "line_store" / extract.line_store).exists()
    assert (media / "received" / waiting.stored_name).exists()


def test_what_killed_processes_left_goes_once_it_is_old_and_what_is_under_way_stays(media, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "uploads")
    checking = receive()
    Extract.objects.filter(pk=checking.pk).update(state="checking")
    left = [
        tmp_path / "uploads" / "tmp12ab.upload.csv",
        media / "working" / "rebuild-12ab" / "facts.parquet",
        media / "working" / str(checking.pk + 1) / "spill" / "numbered.csv",
        media / "quarantine" / "12ab" / "received",
        media / "tmp12ab" / "spill",
    ]
    stays = [tmp_path / "uploads" / "planner.sqlite3", media / "working" / str(checking.pk) / "spill" / "numbered.csv"]
    for path in [*left, *stays]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("9434765919")
    assert sweep_orphans() == []
    for path in tmp_path.rglob("*"):
        os.utime(path, (0, 0))
    assert len(sweep_orphans()) == len(left)
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in stays)
