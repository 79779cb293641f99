"""Columns and reference codes → accepted rows and problems, for the whole file at once in DuckDB.

First a scan of the codes that decide about the file (year, provider, commissioners, homes), then one pass that writes every
row with its values read, the rules it breaks and whether it is left out.
"""
# ruff: noqa: S608 - names in SQL come from the layout; texts go through `engine.text`.

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from duckdb import DuckDBPyConnection

from planning.calculations.financial_years import MONTH_SPELLINGS, first_day, read_month, read_year
from planning.calculations.homes import home_systems, resolve_homes

from . import engine
from .assignment import Arrangement, arrangement, payers
from .cleaning import MACROS, MISSING, clean_provider
from .faults import FIGURES, NON_ACTIVITY
from .layout_rules import LAYOUT_RULES
from .layouts import layout_columns
from .lengths import measured_columns, too_long_sql
from .marks import mark_sql, marking_cells
from .person_marks import cell_to_show
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
# Two years both matter where the smaller has this much of the file; below it, its rows are strays.
SUBSTANTIAL = ((0.05, 10), (0.25, 2))


@dataclass(frozen=True)
class Reference:
    """What cells are checked against: codes by kind, names of providers, and the frames that homes are resolved with.

    `statuses` are the national lists of services by year, `provider_systems` the system that each provider belongs to.
    """

    codes: Mapping[str, frozenset[str]]
    provider_names: Mapping[str, str]
    commissioners: pd.DataFrame
    parents: pd.DataFrame
    practices: pd.DataFrame
    statuses: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["service_code", "year", "status"]))
    provider_systems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Scan:
    """What the file is of, and how its years, providers and months that are spelled in words are read: cell → value.

    `commissioners` are those that any row names, accepted or not.
    """

    provider: str
    year: str
    commissioners: tuple[str, ...]
    providers: Mapping[str, str]
    years: Mapping[str, str]
    bare_years: frozenset[str]
    arrangement: Arrangement
    notes: tuple[str, ...] = ()
    months: Mapping[str, int] = field(default_factory=dict)


def write_lines(
    connection: DuckDBPyConnection, numbered: Path, target: Path, heading: Heading, layout: str, beat: engine.Beat | None = None
) -> None:
    """Write the numbered file to a Parquet: row, the layout's cells as received under their headings, whether the row is broken.

    `everything` is the whole text of rows that lack what a row of activity has, to tell blank rows and totals by.
    """
    _define(connection)
    columns = [c for c in layout_columns(layout) if c.field in heading.match.indexes and not c.identifying]
    cells = {c.field: f"c{heading.match.indexes[c.field]}" for c in columns}
    marks = marking_cells(heading)
    marking = "".join(f", {cell} AS {name}" for name, cell in marks.items())
    too_long = too_long_sql(measured_columns(layout, cells), cells)
    last = f"c{len(heading.cells) - 1}"
    kept = ", ".join(f"{cells[c.field]} AS {engine.name(c.name)}" for c in columns)
    # Cheap tests that every ordinary row passes; a month in words is looked at more closely.
    in_words = f"regexp_full_match(upper(tidy({cells['month']})), {engine.text(MONTH_SPELLINGS)})"
    # A CASE, for it works its second branch out only where the first does not hold.
    ordinary = [f"CASE WHEN try_cast({cells['month']} AS TINYINT) BETWEEN 1 AND 13 THEN TRUE ELSE {in_words} END"]
    ordinary += [f"NOT contains(lower({cells[name]}), 'total')" for name in ("provider", "service_code", "commissioner")]
    ordinary += [f"{cells[name]} <> ''" for name in ("year", "provider", "service_code", "point_of_delivery", "commissioner")]
    sql = f"""SELECT row, {kept}, ({last} IS NULL OR coalesce(beyond, '') <> '' OR coalesce(further, '') <> '') AS ragged,
        CASE WHEN coalesce({" AND ".join(ordinary)}, FALSE) THEN NULL ELSE concat_ws(' | ', {", ".join(cells.values())}) END
        AS everything, {too_long} AS too_long{marking} FROM {_source(numbered, heading)}"""
    engine.run(connection, engine.copy_sql(sql, target), beat)
    fields = {c.field: engine.name(c.name) for c in columns}
    # Every layout is read with the same names; what one does not have is missing in each of its rows.
    wanted = dict.fromkeys((*READ, *LAYOUT_RULES[layout].cells))
    named = ", ".join(f"{fields.get(field, 'NULL::VARCHAR')} AS {field}" for field in wanted)
    view = (
        f"SELECT row, ragged, everything, too_long, {mark_sql(marks)} AS mark, {named} FROM read_parquet({engine.text(target)})"
    )
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
        f"escape='\"', new_line='\\n', null_padding=true, nullstr='\x01\x02', strict_mode=true, "
        f"buffer_size={engine.READ_AT_ONCE}, columns={{{columns}}})"
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
    provider = next(iter(providers.values()))
    agreed = arrangement(reference.statuses, year, _hub(reference, provider, year))
    engine.add_list(connection, "delegated_services", agreed.delegated)
    engine.add_list(connection, "retained_services", agreed.retained)
    _homes(connection, reference, agreed)
    return Scan(
        provider=provider,
        year=year,
        commissioners=_commissioners(connection, years, providers),
        providers=providers,
        years=years,
        bare_years=bare,
        arrangement=agreed,
        notes=tuple(_spellings(connection, years, providers)),
        months=_months(connection, year),
    )


def _numbers(connection: DuckDBPyConnection, column: str) -> dict[str, int]:
    """How many rows have each cell of a column."""
    found = connection.execute(f"SELECT {column}, sum(number) FROM combinations GROUP BY {column} ORDER BY {column}").fetchall()
    return {cell: int(number) for cell, number in found}


def _years(connection: DuckDBPyConnection) -> tuple[dict[str, str], frozenset[str]]:
    read = {cell: read_year(cell) for cell in _numbers(connection, "year")}
    years = {cell: found[0] for cell, found in read.items() if found}
    return years, frozenset(cell for cell, found in read.items() if found and found[1])


def _months(connection: DuckDBPyConnection, year: str) -> dict[str, int]:
    """Cells of months that are spelled otherwise than by a number; a column of few different cells is soon looked through."""
    cells = connection.execute(
        "SELECT DISTINCT upper(tidy(month)) FROM received WHERE try_cast(month AS TINYINT) IS NULL "
        f"AND regexp_full_match(upper(tidy(month)), {engine.text(MONTH_SPELLINGS)})"
    ).fetchall()
    return {cell: month for (cell,) in sorted(cells) if (month := read_month(cell, year))}


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
        shown = ", ".join(cell_to_show(cell) for cell in cells if cell)[:60] or "blank cells"
        raise Refused(f"No row names a provider that is on the list: the file has {shown}. Check the provider's ODS code.")
    if len(set(providers.values())) > 1:
        names = ", ".join(f"{reference.provider_names.get(p, p)} ({p})" for p in sorted(set(providers.values()))[:5])
        raise Refused(f"The selected file holds rows of more than one provider: {names}. Send one file for each provider.")
    return providers


def _commissioners(connection: DuckDBPyConnection, years: Mapping[str, str], providers: Mapping[str, str]) -> tuple[str, ...]:
    """Commissioners that rows name, accepted or not; a row with neither a year nor a provider is no activity of theirs."""
    found = connection.execute(
        "SELECT DISTINCT year, provider, commissioner FROM combinations WHERE regexp_full_match(commissioner, '[A-Z0-9]{3,5}') "
        "AND NOT starts_with(commissioner, 'TOTAL') AND NOT starts_with(commissioner, 'GRAND')"
    ).fetchall()
    return tuple(sorted({code for year, provider, code in found if year in years or provider in providers}))


def _spellings(connection: DuckDBPyConnection, years: Mapping[str, str], providers: Mapping[str, str]) -> Iterator[str]:
    """Sentences on codes that were read otherwise than they are written."""
    for column, cells, what in (("year", years, "financial year"), ("provider", providers, "provider")):
        numbers = _numbers(connection, column)
        for cell, value in cells.items():
            if cell not in (value, value.replace("/", "")):
                rows = f"{numbers[cell]:,} row{'s' if numbers[cell] != 1 else ''}"
                yield f"The {what} {cell} was read as {value} in {rows}."


def _hub(reference: Reference, provider: str, year: str) -> str:
    """The hub that commissions retained services of a provider: that of its system's commissioners in the year."""
    system, day = reference.provider_systems.get(provider, ""), pd.Timestamp(first_day(year))
    if not system or "hub_code" not in reference.parents:
        return ""
    own = reference.parents[reference.parents["system_code"] == system]
    own = own[~(own["valid_from"] > day) & ~(own["valid_to"] < day) & (own["hub_code"] != "")]
    hubs = own["hub_code"].unique()
    return str(hubs[0]) if len(hubs) == 1 else ""


def _homes(connection: DuckDBPyConnection, reference: Reference, agreed: Arrangement) -> None:
    combinations = connection.execute(f"SELECT DISTINCT {', '.join(HOME_OF)} FROM combinations").fetchall()
    rows = pd.DataFrame(combinations, columns=list(HOME_OF), dtype=object)
    systems = sorted(reference.codes["systems"])
    known = home_systems(reference.commissioners, reference.parents, systems, first_day(agreed.year))
    resolved = resolve_homes(payers(rows, reference.commissioners, agreed.hub), known, reference.practices)
    engine.add_table(connection, "homes", {str(name): resolved[name].tolist() for name in resolved})
