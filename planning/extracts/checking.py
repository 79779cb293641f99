"""Columns and reference codes → accepted rows and problems, for the whole file at once in DuckDB.

First a scan of the codes that decide about the file (year, provider, commissioners, homes), then one pass that writes every
row with its values read, the rules it breaks and whether it is left out.
"""
# ruff: noqa: S608 - names in SQL come from the layout; texts go through `engine.text`.

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from duckdb import DuckDBPyConnection

from planning.calculations.financial_years import first_day, read_year
from planning.calculations.homes import home_systems, resolve_homes

from . import engine
from .cleaning import MACROS, MISSING, clean_provider
from .faults import ERROR, FIGURES, NON_ACTIVITY, Rule
from .layout_rules import LAYOUT_RULES, price_of, rules_of
from .layouts import layout_columns
from .reading import Heading, Refused

CODES = ("site", "practice_responsibility", "residence_responsibility", "commissioner", "practice", "treatment_function")
LISTED = ("service_category", "service_code", "point_of_delivery")
LISTS = {
    "service_category": "service_categories",
    "service_code": "service_codes",
    "point_of_delivery": "points_of_delivery",
    "commissioner": "commissioners",
    "practice": "practices",
}
HOME_OF = ("practice_responsibility", "residence_responsibility", "commissioner", "practice")
# Fields that are read of every file, whatever its layout.
READ = ("month", "year", "provider", *CODES, *LISTED, "tariff", *FIGURES)
TYPED = ("year", "month", "provider", *CODES, *LISTED, "tariff", "home", "home_system", "home_place", *FIGURES)
# Two years both matter where the smaller has this much of the file; below it, its rows are strays.
SUBSTANTIAL = ((0.05, 10), (0.25, 2))


@dataclass(frozen=True)
class Reference:
    """What cells are checked against: codes by kind, names of providers, and the frames that homes are resolved with."""

    codes: Mapping[str, frozenset[str]]
    provider_names: Mapping[str, str]
    commissioners: pd.DataFrame
    parents: pd.DataFrame
    practices: pd.DataFrame


@dataclass(frozen=True)
class Scan:
    """What the file is of, and how its years and providers are read: cell → value.

    `commissioners` are those that any row names, accepted or not.
    """

    provider: str
    year: str
    commissioners: tuple[str, ...]
    providers: Mapping[str, str]
    years: Mapping[str, str]
    bare_years: frozenset[str]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """Counts of rows and of the problems of each rule; months are those of accepted rows."""

    rows: int
    accepted: int
    rejected: int
    excluded: int
    months: tuple[int, ...]
    broken: tuple[tuple[Rule, int, int], ...]
    notes: tuple[str, ...] = field(default=())


def write_lines(
    connection: DuckDBPyConnection, numbered: Path, target: Path, heading: Heading, layout: str, beat: engine.Beat | None = None
) -> None:
    """Write the numbered file to a Parquet: row, the layout's cells as received under their headings, whether the row is broken.

    `everything` is the whole text of rows that lack what a row of activity has, to tell blank rows and totals by.
    """
    _define(connection)
    columns = [c for c in layout_columns(layout) if c.field in heading.match.indexes and not c.identifying]
    cells = {c.field: f"c{heading.match.indexes[c.field]}" for c in columns}
    last = f"c{len(heading.cells) - 1}"
    kept = ", ".join(f"{cells[c.field]} AS {engine.name(c.name)}" for c in columns)
    # Cheap tests that every ordinary row passes.
    ordinary = [f"try_cast({cells['month']} AS TINYINT) BETWEEN 1 AND 13"]
    ordinary += [f"NOT contains(lower({cells[name]}), 'total')" for name in ("provider", "service_code", "commissioner")]
    ordinary += [f"{cells[name]} <> ''" for name in ("year", "provider", "service_code", "point_of_delivery", "commissioner")]
    sql = f"""SELECT row, {kept}, ({last} IS NULL OR coalesce(beyond, '') <> '' OR coalesce(further, '') <> '') AS ragged,
        CASE WHEN coalesce({" AND ".join(ordinary)}, FALSE) THEN NULL ELSE concat_ws(' | ', {", ".join(cells.values())}) END
        AS everything FROM {_source(numbered, heading)}"""
    engine.run(connection, copy_sql(sql, target), beat)
    fields = {c.field: engine.name(c.name) for c in columns}
    # Every layout is read with the same names; what one does not have is missing in each of its rows.
    wanted = dict.fromkeys((*READ, *LAYOUT_RULES[layout].cells))
    named = ", ".join(f"{fields.get(field, 'NULL::VARCHAR')} AS {field}" for field in wanted)
    view = f"SELECT row, ragged, everything, {named} FROM read_parquet({engine.text(target)})"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW received AS {view}")


def _define(connection: DuckDBPyConnection) -> None:
    engine.add_list(connection, "missing_list", MISSING)
    engine.add_list(connection, "non_activity_list", NON_ACTIVITY)
    for macro in MACROS:
        connection.execute(macro)


def _source(numbered: Path, heading: Heading) -> str:
    # Cells that are not there come as NULL and blank ones as '', so that a short row can be told from a blank end.
    names = ["row", *(f"c{i}" for i in range(len(heading.cells))), "beyond", "further"]
    columns = ", ".join(f"'{name}': '{'BIGINT' if name == 'row' else 'VARCHAR'}'" for name in names)
    return (
        f"read_csv({engine.text(numbered)}, header=false, auto_detect=false, delim={engine.text(heading.delimiter)}, quote='\"', "
        f"escape='\"', new_line='\\n', null_padding=true, nullstr='\x01\x02', strict_mode=true, columns={{{columns}}})"
    )


def scan(connection: DuckDBPyConnection, reference: Reference, beat: engine.Beat | None = None) -> Scan:
    """Find the year and the provider of the file, and refuse a file of two; leaves the tables that rows are read with."""
    for kind, listed in LISTS.items():
        engine.add_list(connection, f"{kind}_list", reference.codes[listed])
    # Cells as they stand are grouped first: there are far fewer combinations to clean than rows.
    named = ", ".join(("year", "provider", *HOME_OF))
    homes = ", ".join(f"code({name}) AS {name}" for name in HOME_OF[:-1])
    engine.run(
        connection,
        f"CREATE OR REPLACE TEMP TABLE combinations AS SELECT tidy(year) AS year, code(provider) AS provider, {homes}, "
        "coalesce(try_cast(code(practice) AS practice_list)::VARCHAR, '') AS practice, "
        f"sum(number) AS number FROM (SELECT {named}, count(*) AS number FROM received GROUP BY ALL) GROUP BY ALL",
        beat,
    )
    years, bare = _years(connection)
    year = _only_year(connection, years)
    providers = _providers(connection, reference)
    _homes(connection, reference, year)
    commissioners = connection.execute(
        "SELECT DISTINCT commissioner FROM combinations WHERE regexp_full_match(commissioner, '[A-Z0-9]{3,5}') "
        "AND NOT starts_with(commissioner, 'TOTAL') AND NOT starts_with(commissioner, 'GRAND') ORDER BY 1"
    ).fetchall()
    return Scan(
        provider=next(iter(providers.values())),
        year=year,
        commissioners=tuple(code for (code,) in commissioners),
        providers=providers,
        years=years,
        bare_years=bare,
        notes=tuple(_spellings(connection, years, providers)),
    )


def _numbers(connection: DuckDBPyConnection, column: str) -> dict[str, int]:
    """How many rows have each cell of a column."""
    found = connection.execute(f"SELECT {column}, sum(number) FROM combinations GROUP BY {column} ORDER BY {column}").fetchall()
    return {cell: int(number) for cell, number in found}


def _years(connection: DuckDBPyConnection) -> tuple[dict[str, str], frozenset[str]]:
    read = {cell: read_year(cell) for cell in _numbers(connection, "year")}
    years = {cell: found[0] for cell, found in read.items() if found}
    return years, frozenset(cell for cell, found in read.items() if found and found[1])


def _only_year(connection: DuckDBPyConnection, years: Mapping[str, str]) -> str:
    counts: Counter[str] = Counter()
    for cell, number in _numbers(connection, "year").items():
        if cell in years:
            counts[years[cell]] += number
    if not counts:
        raise Refused("No row has a financial year that can be read. Enter the year as 202526 or 2025/26.")
    (year, first), (other, second) = [*counts.most_common(2), ("", 0)][:2]
    if second == first or any(second >= rows and second >= share * counts.total() for share, rows in SUBSTANTIAL):
        both = " and ".join(sorted([year, other]))
        raise Refused(f"The selected file holds rows of {both}. Send one file for each financial year.")
    return year


def _providers(connection: DuckDBPyConnection, reference: Reference) -> dict[str, str]:
    cells = _numbers(connection, "provider")
    read = {cell: clean_provider(cell, reference.codes["providers"]) for cell in cells}
    providers = {cell: code for cell, code in read.items() if code}
    if not providers:
        shown = ", ".join(cell for cell in cells if cell)[:60] or "blank cells"
        raise Refused(f"No row names a provider that is on the list: the file has {shown}. Check the provider's ODS code.")
    if len(set(providers.values())) > 1:
        names = ", ".join(f"{reference.provider_names.get(p, p)} ({p})" for p in sorted(set(providers.values()))[:5])
        raise Refused(f"The selected file holds rows of more than one provider: {names}. Send one file for each provider.")
    return providers


def _spellings(connection: DuckDBPyConnection, years: Mapping[str, str], providers: Mapping[str, str]) -> Iterator[str]:
    """Sentences on codes that were read otherwise than they are written."""
    for column, cells, what in (("year", years, "financial year"), ("provider", providers, "provider")):
        numbers = _numbers(connection, column)
        for cell, value in cells.items():
            if cell not in (value, value.replace("/", "")):
                yield f"The {what} {cell} was read as {value} in {numbers[cell]:,} rows."


def _homes(connection: DuckDBPyConnection, reference: Reference, year: str) -> None:
    combinations = connection.execute(f"SELECT DISTINCT {', '.join(HOME_OF)} FROM combinations").fetchall()
    rows = pd.DataFrame(combinations, columns=list(HOME_OF), dtype=object)
    systems = sorted(reference.codes["systems"])
    known = home_systems(reference.commissioners, reference.parents, systems, first_day(year))
    resolved = resolve_homes(rows, known, reference.practices)
    engine.add_table(connection, "homes", {str(name): resolved[name].tolist() for name in resolved})


def write_values(
    connection: DuckDBPyConnection,
    target: Path,
    scanned: Scan,
    rules_: tuple[Rule, ...],
    layout: str,
    beat: engine.Beat | None = None,
) -> None:
    """Write the values of every row to a Parquet: row, `TYPED`, `faults` (a bit for each rule), excluded, accepted, symbols."""
    broken_row, *others = [(1 << i, rule.condition) for i, rule in enumerate(rules_)]
    bits = " + ".join(f"CASE WHEN {condition} THEN {bit}::BIGINT ELSE 0 END" for bit, condition in others)
    # The cells of a broken row stand in the wrong columns: what is wrong with them says nothing.
    bits = f"CASE WHEN {broken_row[1]} THEN {broken_row[0]}::BIGINT ELSE {bits} END"
    errors = sum(1 << i for i, rule in enumerate(rules_) if rule.severity == ERROR)
    # Every step is a query of its own: what is worked out once is then a column, and never worked out again.
    broken = f"SELECT *, {bits} AS broken FROM ({_valued_sql(scanned, LAYOUT_RULES[layout].cells)})"
    excluded = f"""SELECT *, CASE WHEN broken & {errors} = 0 OR everything IS NULL THEN ''
        WHEN regexp_matches(everything, '^[\\s|\\x{{A0}}]*$') THEN 'blank'
        WHEN is_total(raw_month, raw_year, raw_provider, service_code, point_of_delivery, commissioner, everything) THEN 'total'
        ELSE '' END AS excluded FROM ({broken})"""
    sql = f"""SELECT row, {", ".join(TYPED)}, CASE WHEN excluded = '' THEN broken ELSE 0 END AS faults, excluded,
        broken & {errors} = 0 AS accepted, symbols FROM ({excluded})"""
    engine.run(connection, copy_sql(sql, target), beat)


def _tidied_sql(cells: Sequence[str]) -> str:
    """Codes in capitals, and figures that are plain numbers."""
    codes = ", ".join(f"upper(tidy({name})) AS u_{name}" for name in ("month", "provider", *CODES, *LISTED, "tariff"))
    figures = ", ".join(f"{name} AS raw_{name}, try_cast({name} AS DECIMAL(18, 8)) AS plain_{name}" for name in FIGURES)
    further = "".join(f", tidy({name}) AS cell_{name}" for name in cells)
    return f"SELECT row, ragged, everything, tidy(year) AS raw_year, {codes}, {figures}{further} FROM received"


def _coded_sql(cells: Sequence[str]) -> str:
    """Codes read, and the digits of figures that are no plain numbers."""
    named = ", ".join(f"unless_missing(u_{name}) AS {name}" for name in (*CODES, "tariff") if name != "treatment_function")
    # Codes of digits; on the lists there are no words for a blank.
    digits = {"raw_month": "month", "raw_provider": "provider", **{name: name for name in LISTED}}
    whole = ", ".join(f"whole(u_{source}) AS {name}" for name, source in digits.items())
    codes = f"{named}, {whole}, unless_missing(whole(u_treatment_function)) AS treatment_function"
    given = {name: f"plain_{name} IS NULL AND coalesce(raw_{name}, '') <> ''" for name in FIGURES}
    amounts = ", ".join(f"CASE WHEN {given[name]} THEN amount(raw_{name}) END AS digits_{name}" for name in FIGURES)
    unclear = ", ".join(
        f"CASE WHEN {given[name]} THEN NOT is_missing(raw_{name}) ELSE FALSE END AS unclear_{name}" for name in FIGURES
    )
    return f"SELECT *, {codes}, {amounts}, {unclear} FROM ({_tidied_sql(cells)})"


def _valued_sql(scanned: Scan, cells: Sequence[str]) -> str:
    """Values of every cell: lookups of the file's years, providers and homes, and figures as numbers."""
    months = {f"{month:{width}}": str(month) for month in range(1, 14) for width in ("d", "02d")}
    homes = " AND ".join(f"h.{name} = t.{name}" for name in HOME_OF[:-1])
    valued = ", ".join(f"coalesce(plain_{n}, try_cast(digits_{n} AS DECIMAL(18, 8))) AS {n}" for n in FIGURES)
    large = "isfinite(coalesce(try_cast(digits_{n} AS DOUBLE), try_cast(raw_{n} AS DOUBLE)))"
    huge = ", ".join(
        f"CASE WHEN unclear_{n} AND {n} IS NULL THEN coalesce({large.format(n=n)}, FALSE) ELSE FALSE END AS huge_{n}"
        for n in FIGURES
    )
    unreadable = ", ".join(f"unclear_{n} AND {n} IS NULL AND NOT huge_{n} AS bad_{n}" for n in FIGURES)
    return f"""
        SELECT *, {unreadable} FROM (SELECT *, {huge} FROM (
            SELECT t.*, h.home, h.home_system, h.home_place,
                {engine.cases("raw_year", scanned.years)} AS year, {engine.cases("raw_provider", scanned.providers)} AS provider,
                {engine.cases("raw_month", months)}::TINYINT AS month,
                {engine.cases("raw_year", dict.fromkeys(scanned.bare_years, "bare"))} IS NOT NULL AS bare_year,
                {", ".join(f"try_cast(t.{n} AS {n}_list) IS NOT NULL AS known_{n}" for n in (*LISTED, "commissioner"))},
                {valued}, {" OR ".join(f"coalesce(digits_{name}, '') <> ''" for name in FIGURES)} AS symbols
            FROM ({_coded_sql(cells)}) t
            LEFT JOIN homes h ON {homes} AND h.practice = coalesce(try_cast(t.practice AS practice_list)::VARCHAR, '')))"""


def copy_sql(sql: str, target: Path) -> str:
    # The default pages of dictionaries take ten times the memory for files of the same size.
    written = f"COMPRESSION snappy, ROW_GROUP_SIZE {engine.ROW_GROUP}, STRING_DICTIONARY_PAGE_SIZE_LIMIT 65536"
    return f"COPY ({sql}) TO {engine.text(target)} (FORMAT parquet, {written})"


def count(connection: DuckDBPyConnection, values: Path, rules_: tuple[Rule, ...], layout: str) -> Checked:
    """Count the rows of a checked file and the problems of each rule."""
    source = f"read_parquet({engine.text(values)})"
    broken = ", ".join(f"count(*) FILTER (WHERE faults & {1 << i} <> 0) AS rule_{i}" for i in range(len(rules_)))
    [found] = engine.rows(
        connection,
        "SELECT count(*) AS rows, count(*) FILTER (WHERE accepted) AS accepted, "
        "count(*) FILTER (WHERE excluded <> '') AS excluded, list(DISTINCT month) FILTER (WHERE accepted) AS months, "
        f"count(*) FILTER (WHERE symbols AND accepted) AS symbols, {broken} FROM {source}",
    )
    notes = [f"{found['symbols']:,} rows had figures with signs or separators, which were read."] if found["symbols"] else []
    return Checked(
        rows=found["rows"],
        accepted=found["accepted"],
        rejected=found["rows"] - found["accepted"] - found["excluded"],
        excluded=found["excluded"],
        months=tuple(sorted(found["months"] or ())),
        broken=tuple((rule, i, found[f"rule_{i}"]) for i, rule in enumerate(rules_) if found[f"rule_{i}"]),
        notes=(*notes, *_left_out(connection, source, price_of(layout))),
    )


def _left_out(connection: DuckDBPyConnection, source: str, price: str) -> Iterator[str]:
    """Sentences on rows that were left out, with what totals add up to."""
    found = engine.rows(
        connection,
        f"SELECT excluded, count(*) AS number, list(row ORDER BY row)[1:10] AS first, sum({price}) AS money "
        f"FROM {source} WHERE excluded <> '' GROUP BY excluded ORDER BY excluded",
    )
    for left in found:
        where = ", ".join(f"{row:,}" for row in left["first"]) + (" and more" if left["number"] > 10 else "")
        if left["excluded"] == "blank":
            yield f"Blank rows left out: {left['number']:,} (rows {where})."
        else:
            what = price.replace("_", " ") + "s"
            money = f"; their {what} add up to £{left['money']:,.2f}" if left["money"] is not None else ""
            yield f"Total rows left out: {left['number']:,} (rows {where}){money}."


def problems(
    connection: DuckDBPyConnection, lines: Path, values: Path, result: Checked, layout: str, most: int, batch: int
) -> Iterator[list[tuple]]:
    """Batches of (row, column, value, rule, severity, message): of each rule the first `most`."""
    headings = {c.field: c.name for c in layout_columns(layout)}
    shown = {c.name for c in layout_columns(layout) if not c.concealed}
    received = {name for (name, *_) in connection.execute(f"DESCRIBE FROM read_parquet({engine.text(lines)})").fetchall()}
    for rule, bit, _ in result.broken:
        heading = headings.get(rule.field, "")
        value = f"coalesce(left({engine.name(heading)}, 200), '')" if heading in received & shown else "''"
        found = connection.execute(
            f"SELECT row, {value} FROM (SELECT row FROM read_parquet({engine.text(values)}) WHERE faults & {1 << bit} <> 0 "
            f"ORDER BY row LIMIT {most}) JOIN read_parquet({engine.text(lines)}) USING (row) ORDER BY row"
        )
        while rows := found.fetchmany(batch):
            yield [(row, heading, value, rule.name, rule.severity, rule.message) for row, value in rows]


def rules_for(scanned: Scan, reference: Reference, layout: str) -> tuple[Rule, ...]:
    return rules_of(layout, reference.provider_names.get(scanned.provider, scanned.provider), scanned.year)


def refuse_without_rows(result: Checked) -> None:
    if result.accepted:
        return
    worst = max(result.broken, key=lambda b: (b[0].severity == ERROR, b[2]))[0]
    raise Refused(f"No row of the selected file can be accepted. The commonest reason: {worst.name}. {worst.message}")
