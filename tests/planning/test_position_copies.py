"""Copies of whole positions: when they are made and removed, and that they are never missed when they are not there."""

import os
from pathlib import Path

import duckdb
import pytest
from django.core.management import call_command

from planning.actions import make_latest_position_copy, make_position_copy, publish_extracts, sweep_orphans
from planning.queries import flow_frame, position_copies, positions
from planning.queries.position_copies import path_of
from planning.tasks import copy_latest_position_task
from tests.planning.few_codes import make_few_codes
from tests.planning.received_extracts import check
from tests.planning.varied_positions import varied_rows
from tests.positions import fact, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT / "position_copies"


def spent(number: int) -> int:
    return int(flow_frame(None, {"position": number, "specialised": "all"}, [])["actual_price"].iloc[0])


def test_without_a_copy_the_read_copies_are_read(media):
    number = publish([fact(actual=5)])
    assert (spent(number), media.exists()) == (50_000, False)


def test_nothing_is_copied_of_nothing(media):
    assert make_latest_position_copy() is None
    assert not media.exists()


def test_a_copy_is_made_once(media):
    number = publish([fact(actual=5)])
    made = make_position_copy(number=number)
    before = made.stat().st_ino
    assert make_latest_position_copy() == made
    assert (made.stat().st_ino, list(media.iterdir())) == (before, [made])


def test_a_copy_is_of_what_the_position_holds_and_no_other(media):
    first, second = publish([fact(actual=5)]), publish([fact(actual=7)])
    paths = {path_of(positions.manifest(number)) for number in (first, second)}
    assert len(paths) == 2
    make_position_copy(number=second)
    assert (spent(first), spent(second)) == (50_000, 70_000)


def test_copies_of_long_ago_are_removed(media):
    for number in range(6):
        made = make_position_copy(number=publish([fact(actual=number)]))
        os.utime(made, (number, number))
    assert len(list(media.iterdir())) == 4
    assert spent(1) == 0


def test_a_copy_that_was_damaged_is_left_out_and_made_again(media, caplog):
    number = publish(varied_rows(5, 50))
    expected = spent(number)
    made = make_position_copy(number=number)
    made.write_bytes(b"\0" * 5_000)
    assert int(flow_frame(None, {"position": number, "specialised": "all"}, ["provider"])["actual_price"].sum()) == expected
    assert "left out" in caplog.text
    assert not made.exists()
    assert make_position_copy(number=number) == made


def test_what_takes_the_place_of_a_copy_that_broke_while_it_was_open_is_read(media, monkeypatch):
    number = publish([fact(actual=5)])
    made = make_position_copy(number=number)
    opened = position_copies._opened(made)
    assert spent(number) == 50_000

    def fail(*asked):
        raise duckdb.IOException("The disk lost a part of it.")

    with monkeypatch.context() as broken:
        broken.setattr(position_copies, "_run", fail)
        flow_frame(None, {"position": number, "specialised": "all"}, ["provider"])
    assert not made.exists()
    assert make_position_copy(number=number) == made
    assert position_copies._opened(made) is not opened


def test_what_a_killed_worker_left_is_swept_and_copies_are_not(media):
    made = make_position_copy(number=publish([fact(actual=5)]))
    left = made.with_name("0123.unfinished")
    left.write_bytes(b"half")
    os.utime(left, (1, 1))
    os.utime(made, (1, 1))
    assert [path.name for path in sweep_orphans() if path.parent == media] == ["0123.unfinished"]
    assert list(media.iterdir()) == [made]


def test_a_copy_that_could_not_be_finished_leaves_nothing(media, monkeypatch):
    number = publish([fact(actual=5)])
    monkeypatch.setattr("planning.actions.position_copies.facts_sql", lambda copies: ("SELECT * FROM nowhere", []))
    with pytest.raises(duckdb.Error):
        make_position_copy(number=number)
    assert list(media.iterdir()) == []


def test_the_task_says_what_it_cannot_copy(media, caplog):
    publish([fact(actual=5)])
    for read_copy in (media.parent / "read_copies").iterdir():
        read_copy.unlink()
    copy_latest_position_task.call()
    assert "rebuild_read_copies" in caplog.text
    assert list(media.glob("*")) == []


@pytest.mark.django_db(transaction=True)
def test_the_worker_copies_what_was_published(media):
    make_few_codes()
    extract = check()
    position = publish_extracts(by=extract.uploaded_by, extracts=[extract], reason="First")
    call_command("run_worker", batch=True, interval=0)
    assert [path_of(positions.manifest(position.number))] == list(media.iterdir())
