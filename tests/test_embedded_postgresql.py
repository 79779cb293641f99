"""The embedded server starts, answers, keeps to itself and is gone afterwards."""

import os
import re
import sys
from pathlib import Path
from urllib.parse import unquote

import dj_database_url
import psycopg2
import pytest

from tests import embedded_postgresql


def test_a_server_answers_and_is_gone_afterwards():
    with embedded_postgresql.running() as url:
        settings = dj_database_url.parse(url)
        folder = Path(unquote(settings["HOST"]))
        connection = psycopg2.connect(host=str(folder), user=settings["USER"], dbname="postgres")
        cursor = connection.cursor()
        cursor.execute("SELECT current_setting('server_encoding'), current_setting('listen_addresses'), current_setting('fsync')")
        assert cursor.fetchone() == ("UTF8", "", "off")
        connection.close()
    assert not folder.exists()


def test_it_never_runs_as_root():
    with embedded_postgresql.running() as url:
        folder = Path(unquote(re.search("@([^/]+)", url)[1]))
        owner = (folder / "data").stat().st_uid
        assert owner != 0
        assert owner == os.geteuid() or os.geteuid() == 0


def test_a_command_gets_the_address_and_its_exit_code_comes_back(monkeypatch, capfd):
    monkeypatch.setenv("TEST_DATABASE_URL", "")
    program = "import os, sys; print(os.environ['TEST_DATABASE_URL']); sys.exit(7)"
    assert embedded_postgresql.main([sys.executable, "-c", program]) == 7
    assert capfd.readouterr().out.startswith("postgres://planner@")


def test_without_its_binaries_it_says_what_to_do(monkeypatch, capsys):
    monkeypatch.setattr(embedded_postgresql, "find_spec", lambda name: None)
    assert embedded_postgresql.main(["true"]) == 3
    assert "make setup" in capsys.readouterr().err


def test_a_server_that_does_not_start_says_why(monkeypatch):
    monkeypatch.setattr(embedded_postgresql, "FAST", ["no_such_setting=1"])
    with pytest.raises(embedded_postgresql.NotAvailable, match="no_such_setting"), embedded_postgresql.running():
        pass
