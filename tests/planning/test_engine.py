import re

import duckdb
import pytest

from planning.extracts import engine, intake
from tests.planning.acm_files import acm_row
from tests.planning.checked_files import checked_file

LONG = "CREATE TABLE numbers AS SELECT count(*) FROM range(400000000000)"


@pytest.fixture
def connection(tmp_path):
    with engine.engine(tmp_path) as connection:
        yield connection


def test_a_statement_that_takes_long_is_beaten_and_can_be_stopped(connection, monkeypatch):
    monkeypatch.setattr(engine, "BEAT_SECONDS", 0.01)
    beats = []

    def beat():
        beats.append(len(beats))
        if len(beats) == 3:
            raise KeyError("cancelled")

    with pytest.raises(KeyError, match="cancelled"):
        engine.run(connection, LONG, beat)
    assert beats == [0, 1, 2]
    assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_fault_of_a_statement_is_raised_while_beating(connection):
    with pytest.raises(duckdb.Error):
        engine.run(connection, "SELECT nothing", lambda: None)


def test_texts_and_names_are_quoted(connection):
    value, column = engine.text("it's"), engine.name('a "b"')
    found = connection.execute(f"SELECT {value} AS {column}")
    assert [d[0] for d in found.description] == ['a "b"']
    assert found.fetchall() == [("it's",)]


def test_tables_keep_missing_text_apart_from_blank(connection):
    engine.add_table(connection, "codes", {"code": ["a", "", None], "number": [1, None, 3]}, number="BIGINT")
    assert connection.execute("SELECT * FROM codes").fetchall() == [("a", 1), ("", None), (None, 3)]
    engine.add_table(connection, "codes", {"code": []})
    assert connection.execute("SELECT code = 'x' FROM codes").fetchall() == []


def test_a_list_says_which_codes_are_on_it(connection):
    engine.add_list(connection, "colours", {"red", "it's blue"})
    sql = "SELECT code, try_cast(code AS colours) IS NOT NULL FROM (VALUES ('red'), ('it''s blue'), ('green'), (NULL)) t(code)"
    assert connection.execute(sql).fetchall() == [("red", True), ("it's blue", True), ("green", False), (None, False)]
    engine.add_list(connection, "colours", [])
    assert connection.execute("SELECT try_cast('red' AS colours)").fetchone() == (None,)


def test_cases_look_a_few_values_up(connection):
    looked_up = engine.cases("cell", {"202526": "2025/26", "it's": "x"})
    found = connection.execute(f"SELECT {looked_up} FROM (VALUES ('202526'), ('it''s'), ('y')) t(cell)").fetchall()  # noqa: S608
    assert found == [("2025/26",), ("x",), (None,)]
    assert engine.cases("cell", {}) == "NULL::VARCHAR"


def test_nothing_is_fetched_from_anywhere(connection):
    with pytest.raises(duckdb.Error):
        connection.execute("SELECT * FROM read_xlsx('x.xlsx')")
    assert connection.execute("SELECT current_setting('autoinstall_known_extensions')").fetchone() == (False,)


SETTINGS = "SELECT current_setting('allocator_flush_threshold'), current_setting('allocator_bulk_deallocation_flush_threshold')"


@pytest.mark.parametrize(("most", "held_at_most"), [(1, 1_000_000), (100, 8_000_000)])
def test_only_a_file_of_many_rows_gives_memory_back_at_once(tmp_path, monkeypatch, most, held_at_most):
    monkeypatch.setattr(intake, "MANY_ROWS", most)
    with checked_file(tmp_path, [acm_row(), acm_row()]) as checked:
        found = checked.connection.execute(SETTINGS).fetchone()
        assert checked.result.accepted == 2
    for setting in found:
        number, unit = re.fullmatch(r"([\d.]+) ?(\w+)", setting).groups()
        size = float(number) * {"bytes": 1, "KiB": 1024, "MiB": 1024**2}[unit]
        assert held_at_most * 0.9 < size <= held_at_most
