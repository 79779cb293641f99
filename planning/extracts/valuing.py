"""The value of every row: what its cells say, what was cleaned off them, the rules it breaks and whether it is left out.

One pass over the lines. What a row breaks, and what was cleaned in it, are bits of whole numbers, so that rows can be counted
by them without being read again.
"""
# ruff: noqa: S608 - names in SQL come from the layout; texts go through `engine.text`.

from collections.abc import Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from . import engine
from .checking import CODES, HOME_OF, LISTED, Scan
from .cleaning import cleaned_codes_sql, cleaned_figures_sql
from .faults import ERROR, FIGURES, Rule
from .headings_again import HEADINGS
from .layout_rules import LAYOUT_RULES
from .marks import Marks, excluded_sql, marks_in

TYPED = ("year", "month", "provider", *CODES, *LISTED, "tariff", "home", "home_system", "home_place", *FIGURES)
# What is written beside the values: bits of broken rules, of texts that are too long, of cleanings, and what became of the row.
KEPT = ("faults", "too_long", "cleaned", "cleaned_codes", "excluded", "accepted")
# Codes, and the columns that hold them as they were read.
CLEANED_CODES = {"month": "raw_month", "provider": "raw_provider", **{n: n for n in (*CODES, *LISTED, "tariff")}}


def write_values(
    connection: DuckDBPyConnection,
    target: Path,
    scanned: Scan,
    rules_: tuple[Rule, ...],
    layout: str,
    beat: engine.Beat | None = None,
    *,
    headings: str = "FALSE",
) -> None:
    """Write the values of every row to a Parquet: row, `TYPED` and `KEPT`. `headings` is SQL that holds for rows of headings."""
    broken_row, *others = [(1 << i, rule.condition) for i, rule in enumerate(rules_)]
    bits = " + ".join(f"CASE WHEN {condition} THEN {bit}::BIGINT ELSE 0 END" for bit, condition in others)
    # The cells of a broken row stand in the wrong columns: what is wrong with them says nothing.
    bits = f"CASE WHEN {broken_row[1]} THEN {broken_row[0]}::BIGINT ELSE {bits} END"
    errors = sum(1 << i for i, rule in enumerate(rules_) if rule.severity == ERROR)
    # Every step is a query of its own: what is worked out once is then a column, and never worked out again.
    broken = f"SELECT *, {bits} AS broken FROM ({_valued_sql(scanned, LAYOUT_RULES[layout].cells)})"
    excluded = f"SELECT *, {_excluded_sql(errors, marks_in(connection), layout, headings)} AS excluded FROM ({broken})"
    sql = f"""SELECT row, {", ".join(TYPED)}, CASE WHEN excluded = '' THEN broken ELSE 0 END AS faults,
        CASE WHEN excluded = '' THEN too_long ELSE 0 END AS too_long, cleaned, cleaned_codes, excluded,
        broken & {errors} = 0 AND excluded = '' AS accepted FROM ({excluded})"""
    engine.run(connection, engine.copy_sql(sql, target), beat)


def _excluded_sql(errors: int, marks: Marks, layout: str, headings: str) -> str:
    """Why a row is left out: '' for most."""
    branches = [
        # Numbers of columns look like ordinary cells, so this comes first.
        *([] if headings == "FALSE" else [f"WHEN {headings} THEN '{HEADINGS}'"]),
        *excluded_sql(marks, layout),
        f"WHEN broken & {errors} = 0 OR everything IS NULL THEN ''",
        "WHEN regexp_matches(everything, '^[\\s|\\x{A0}]*$') THEN 'blank'",
        "WHEN is_total(raw_month, raw_year, raw_provider, service_code, point_of_delivery, commissioner, everything) "
        "THEN 'total'",
    ]
    return f"CASE {' '.join(branches)} ELSE '' END"


def _tidied_sql(cells: Sequence[str]) -> str:
    """Codes in capitals, and figures that are plain numbers."""
    codes = ", ".join(f"upper(tidy({name})) AS u_{name}" for name in ("month", "provider", *CODES, *LISTED, "tariff"))
    figures = ", ".join(f"{name} AS raw_{name}, try_cast({name} AS DECIMAL(18, 8)) AS plain_{name}" for name in FIGURES)
    further = "".join(f", tidy({name}) AS cell_{name}" for name in cells)
    got = ", ".join(f"{name} AS got_{name}" for name in CLEANED_CODES)
    kept = f"row, ragged, everything, too_long, mark, tidy(year) AS raw_year, {got}"
    return f"SELECT {kept}, {codes}, {figures}{further} FROM received"


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
    months |= {cell: str(month) for cell, month in scanned.months.items()}
    homes = " AND ".join(f"h.{name} = t.{name}" for name in HOME_OF[:-1])
    valued = ", ".join(f"coalesce(plain_{n}, try_cast(digits_{n} AS DECIMAL(18, 8))) AS {n}" for n in FIGURES)
    large = "isfinite(coalesce(try_cast(digits_{n} AS DOUBLE), try_cast(raw_{n} AS DOUBLE)))"
    huge = ", ".join(
        f"CASE WHEN unclear_{n} AND {n} IS NULL THEN coalesce({large.format(n=n)}, FALSE) ELSE FALSE END AS huge_{n}"
        for n in FIGURES
    )
    unreadable = ", ".join(f"unclear_{n} AND {n} IS NULL AND NOT huge_{n} AS bad_{n}" for n in FIGURES)
    cleaned = f"{cleaned_figures_sql(FIGURES)} AS cleaned, {cleaned_codes_sql(CLEANED_CODES)} AS cleaned_codes"
    return f"""
        SELECT *, {unreadable}, {cleaned} FROM (SELECT *, {huge} FROM (
            SELECT t.*, h.home, h.home_system, h.home_place, h.payer, h.responsible,
                {engine.cases("raw_year", scanned.years)} AS year, {engine.cases("raw_provider", scanned.providers)} AS provider,
                {engine.cases("raw_month", months)}::TINYINT AS month,
                {engine.cases("raw_year", dict.fromkeys(scanned.bare_years, "bare"))} IS NOT NULL AS bare_year,
                {", ".join(f"try_cast(t.{n} AS {n}_list) IS NOT NULL AS known_{n}" for n in (*LISTED, "commissioner"))},
                try_cast(t.service_code AS delegated_services) IS NOT NULL AS delegated,
                try_cast(t.service_code AS retained_services) IS NOT NULL AS retained,
                {valued}
            FROM ({_coded_sql(cells)}) t
            LEFT JOIN homes h ON {homes} AND h.practice = coalesce(try_cast(t.practice AS practice_list)::VARCHAR, '')))"""
