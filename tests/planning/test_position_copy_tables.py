"""The file of a whole position: three tables that name every fact once, whatever is blank, missing or less than nothing."""
# ruff: noqa: S608 - every name in the SQL is a constant of the package or of pytest.

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.extracts.faults import FIGURES
from planning.extracts.position_copies import KEYS, TABLES, write_position_copy

KINDS, PARTIES = TABLES["kinds"], TABLES["parties"]
COLUMNS = [*KINDS, *PARTIES, "month", *FIGURES]
SLICES = pd.DataFrame({"extract": [1], "month": [1], "commissioner": ["QKK"]})


def fact(number: int | None = 1, *, month=1, **changes) -> dict:
    own = {
        "year": "2025/26", "service_code": "NCBPS11B", "service_category": "21", "point_of_delivery": "EL", "provider": "RJ1",
        "site": "RJ121", "commissioner": "QKK", "home": "QKK", "home_system": "QKK", "home_place": "E09000022",
    }  # fmt: skip
    return {**own, "month": month, **dict.fromkeys(FIGURES, number), **changes}


def frame_of(rows) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=COLUMNS).astype(dict.fromkeys(FIGURES, "Int64") | {"month": "int64"})
    return frame.astype(dict.fromkeys([*KINDS, *PARTIES], object))


def stored(rows, path) -> str:
    """Facts in a file, typed as read copies are."""
    types = [f"CAST({c} AS VARCHAR) AS {c}" for c in (*KINDS, *PARTIES)]
    types += [f"CAST({c} AS BIGINT) AS {c}" for c in ("month", *FIGURES)]
    with duckdb.connect() as connection:
        connection.register("given_rows", frame_of(rows))
        connection.execute(f"COPY (SELECT {', '.join(types)} FROM given_rows) TO '{path}' (FORMAT parquet)")
    return str(path)


def written(rows, folder) -> dict[str, pd.DataFrame]:
    """The tables of a copy of some facts."""
    target = folder / "copy.duckdb"
    write_position_copy("SELECT * FROM read_parquet(?)", [stored(rows, folder / "facts.parquet")], SLICES, target)
    with duckdb.connect(str(target), read_only=True) as connection:
        return {table: connection.execute(f"SELECT * FROM {table}").df() for table in (*TABLES, "facts")}


def counted(rows) -> dict:
    """How often each fact stands, missing as None."""
    found: dict = {}
    for row in rows:
        key = tuple(None if pd.isna(row[column]) else row[column] for column in COLUMNS)
        found[key] = found.get(key, 0) + 1
    return found


def joined(tables: dict) -> list[dict]:
    whole = tables["facts"].merge(tables["kinds"], on="kind", validate="many_to_one")
    return whole.merge(tables["parties"], on="party", validate="many_to_one").to_dict("records")


def test_facts_name_their_kind_and_their_parties_by_number(tmp_path):
    rows = [fact(1), fact(2, month=2), fact(3, service_code="NCBPS13B"), fact(4, provider="RJZ"), fact(5, site="")]
    tables = written(rows, tmp_path)
    assert list(tables["facts"].columns) == ["kind", "party", "month", *FIGURES]
    assert (len(tables["kinds"]), len(tables["parties"]), len(tables["facts"])) == (2, 3, 5)
    assert counted(joined(tables)) == counted(rows)


def test_numbers_are_whole_from_one_on_in_the_order_of_the_names(tmp_path):
    tables = written([fact(service_code=code, provider=provider) for code in "CAB" for provider in ("RJZ", "RJ1")], tmp_path)
    for table, names in (("kinds", "service_code"), ("parties", "provider")):
        ordered = tables[table].sort_values(KEYS[table])
        assert ordered[KEYS[table]].tolist() == list(range(1, len(ordered) + 1))
        assert ordered[names].tolist() == sorted(ordered[names])


@pytest.mark.parametrize("column", [*KINDS, *PARTIES])
@pytest.mark.parametrize("value", ["", None, "O'Brien; --", "É"])
def test_no_fact_is_lost_for_a_name_that_is_blank_missing_or_odd(tmp_path, column, value):
    rows = [fact(1), fact(2, **{column: value}), fact(3, **{column: value})]
    assert counted(joined(written(rows, tmp_path))) == counted(rows)


def test_the_same_fact_twice_stands_twice(tmp_path):
    tables = written([fact(7), fact(7)], tmp_path)
    assert (len(tables["kinds"]), len(tables["facts"])) == (1, 2)


@pytest.mark.parametrize("number", [None, 0, -1, 2**62, -(2**62)])
def test_figures_are_kept_as_they_are(tmp_path, number):
    found = written([fact(number)], tmp_path)["facts"]
    for figure in FIGURES:
        value = found[figure].astype("Int64").iloc[0]
        assert pd.isna(value) if number is None else value == number


def test_the_year_end_is_a_month(tmp_path):
    assert sorted(written([fact(month=month) for month in range(1, 14)], tmp_path)["facts"]["month"]) == list(range(1, 14))


def test_no_facts_are_empty_tables(tmp_path):
    assert all(table.empty for table in written([], tmp_path).values())


def test_only_slices_that_count_are_read(tmp_path):
    facts = stored([fact(1), fact(2, month=2)], tmp_path / "facts.parquet")
    sql = "SELECT r.* FROM read_parquet(?) r JOIN slices USING (month, commissioner)"
    write_position_copy(sql, [facts], SLICES, tmp_path / "copy.duckdb")
    with duckdb.connect(str(tmp_path / "copy.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT month, actual_price FROM facts").fetchall() == [(1, 1)]


@pytest.mark.parametrize("sql", ["SELECT * FROM nowhere", "SELECT 1 AS year", "nonsense"])
def test_facts_that_cannot_be_read_are_an_error(tmp_path, sql):
    with pytest.raises(duckdb.Error):
        write_position_copy(sql, [], SLICES, tmp_path / "copy.duckdb")


def test_a_file_that_is_there_already_is_not_written_over(tmp_path):
    written([fact(1)], tmp_path)
    with pytest.raises(duckdb.Error):
        written([fact(2)], tmp_path)
    with duckdb.connect(str(tmp_path / "copy.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT actual_price FROM facts").fetchall() == [(1,)]


names = st.sampled_from(["", "A", "B", None])
any_fact = st.builds(
    lambda month, number, values: fact(number, month=month, **dict(zip((*KINDS, *PARTIES), values, strict=True))),
    st.integers(1, 13),
    st.one_of(st.none(), st.integers(-(10**15), 10**15)),
    st.tuples(*(names for _ in (*KINDS, *PARTIES))),
)


@given(st.lists(any_fact, max_size=8))
def test_every_fact_is_in_it_once_and_no_other(tmp_path_factory, rows):
    tables = written(rows, tmp_path_factory.mktemp("copies"))
    assert counted(joined(tables)) == counted(rows)
    for table, columns in TABLES.items():
        assert len(tables[table]) == len({tuple(row[c] for c in columns) for row in rows})
