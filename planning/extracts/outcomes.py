"""What became of the rows of a checked file: how many and what money, by outcome, by rule broken, by cleaning."""
# ruff: noqa: S608 - names in SQL are constants; texts go through `engine.text`.

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from . import engine
from .cleaning import code_cleanings, figure_cleanings, in_words
from .faults import ERROR, FIGURES, Rule
from .headings_again import HEADINGS
from .layouts import layout_columns
from .marks import PLAN, SUMMARY
from .person_marks import cell_to_show
from .reading import Refused
from .valuing import CLEANED_CODES

ACCEPTED, REJECTED, BLANK, TOTAL = "accepted", "rejected", "blank", "total"
LEFT_OUT = (BLANK, HEADINGS, TOTAL, PLAN, SUMMARY)
PRICES = ("planned_price", "actual_price")
# Whole ten-thousandths of a pound, as everywhere.
_MONEY = ", ".join(f"round(sum({price}) * 10000)::BIGINT AS {price}" for price in PRICES)
SAID = {
    BLANK: "Blank rows left out",
    HEADINGS: "Rows left out that repeat or explain the headings",
    TOTAL: "Total rows left out",
    PLAN: "Plan rows left out, since they say again what other rows say or hold their plan as if it had been done",
    SUMMARY: "Summary rows left out, since the rows that they sum up are in the file",
}


@dataclass(frozen=True)
class Outcome:
    """Rows that came to the same end, with the first of them and their prices in stored units (None where none has one)."""

    outcome: str
    rows: int
    first_rows: tuple[int, ...]
    planned_price: int | None
    actual_price: int | None


@dataclass(frozen=True)
class Broken:
    """A rule that rows broke: how many, the first with its cell, and the prices of these rows in stored units.

    `mask` and `bit` find the rows again among the values, whatever rules later files are held against. `shown` is whether the
    cells of its column are there and may be shown.
    """

    rule: str
    severity: str
    field: str
    column: str
    message: str
    mask: str
    bit: int
    shown: bool
    number: int
    first_row: int
    example: str
    planned_price: int | None
    actual_price: int | None

    @property
    def condition(self) -> str:
        """SQL over the values."""
        return f"{self.mask} & {1 << self.bit} <> 0"


@dataclass(frozen=True)
class Cleaned:
    """A cleaning of one column, in words, with the first row that it was made in."""

    field: str
    number: int
    first_row: int
    words: str


@dataclass(frozen=True)
class Checked:
    """Counts of rows; months are those of accepted rows."""

    rows: int
    accepted: int
    rejected: int
    excluded: int
    months: tuple[int, ...]
    outcomes: tuple[Outcome, ...]
    broken: tuple[Broken, ...]
    cleaned: tuple[Cleaned, ...]
    notes: tuple[str, ...] = ()


def stored(found: Sequence[Outcome | Broken | Cleaned]) -> list[dict]:
    """What was found as the database keeps it."""
    return [asdict(one) for one in found]


def count(
    connection: DuckDBPyConnection, lines: Path, values: Path, rules: tuple[Rule, ...], lengths: tuple[Rule, ...], layout: str
) -> Checked:
    """Count the rows of a checked file, the rows of each rule, and the cleanings.

    The file is read once: rows with the same bits are one row of the table `masks`, of which there are few.
    """
    bits = "faults, too_long, cleaned, cleaned_codes, excluded, accepted"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE masks AS SELECT {bits}, CASE WHEN accepted THEN month END AS month, count(*) AS number, "
        f"min(row) AS first_row, {', '.join(f'sum({price}) AS {price}' for price in PRICES)} "
        f"FROM read_parquet({engine.text(values)}) GROUP BY ALL"
    )
    outcomes = {found.outcome: found for found in _outcomes(connection, values)}
    months = connection.execute("SELECT DISTINCT month FROM masks WHERE accepted ORDER BY 1").fetchall()
    numbers = {outcome: found.rows for outcome, found in outcomes.items()}
    left_out = [outcomes[kind] for kind in LEFT_OUT if kind in outcomes]
    return Checked(
        rows=sum(numbers.values()),
        accepted=numbers.get(ACCEPTED, 0),
        rejected=numbers.get(REJECTED, 0),
        excluded=sum(found.rows for found in left_out),
        months=tuple(month for (month,) in months),
        outcomes=tuple(outcomes.values()),
        broken=tuple(_broken(connection, lines, rules, lengths, layout)),
        cleaned=tuple(_cleaned(connection)),
        notes=tuple(_left_out_in_words(found) for found in left_out),
    )


def _outcomes(connection: DuckDBPyConnection, values: Path) -> Iterator[Outcome]:
    kind = f"CASE WHEN excluded <> '' THEN excluded WHEN accepted THEN '{ACCEPTED}' ELSE '{REJECTED}' END"
    found = engine.rows(
        connection, f"SELECT {kind} AS outcome, sum(number)::BIGINT AS rows, {_MONEY} FROM masks GROUP BY ALL ORDER BY ALL"
    )
    for row in found:
        firsts: list[tuple] = []
        if row["outcome"] in LEFT_OUT:
            firsts = connection.execute(
                f"SELECT row FROM read_parquet({engine.text(values)}) WHERE excluded = '{row['outcome']}' ORDER BY row LIMIT 10"
            ).fetchall()
        if row["outcome"] == HEADINGS:
            # Numbers of columns are no money.
            row |= dict.fromkeys(PRICES)
        yield Outcome(**row, first_rows=tuple(number for (number,) in firsts))


def _left_out_in_words(found: Outcome) -> str:
    """How many rows were left out and why, with what they add up to."""
    where = ", ".join(f"{row:,}" for row in found.first_rows) + (" and more" if found.rows > len(found.first_rows) else "")
    sums = [
        f"their {price.replace('_', ' ')}s add up to £{amount / 10_000:,.2f}"
        for price in PRICES
        if (amount := getattr(found, price)) is not None
    ]
    rows = "rows" if found.rows > 1 else "row"
    return f"{SAID[found.outcome]}: {found.rows:,} ({rows} {where}){''.join('; ' + words for words in sums)}."


def _broken(
    connection: DuckDBPyConnection, lines: Path, rules: tuple[Rule, ...], lengths: tuple[Rule, ...], layout: str
) -> Iterator[Broken]:
    """Rules with a problem, in the order of the rules, each with its first cell."""
    columns = {c.field: c for c in layout_columns(layout)}
    received = {name for (name, *_) in connection.execute(f"DESCRIBE FROM read_parquet({engine.text(lines)})").fetchall()}
    for mask, named in (("faults", rules), ("too_long", lengths)):
        for bit in _bits(connection, mask):
            rule = named[bit]
            [found] = engine.rows(
                connection,
                f"SELECT sum(number)::BIGINT AS number, min(first_row) AS first_row, {_MONEY} FROM masks "
                f"WHERE {mask} & {1 << bit} <> 0",
            )
            column = columns.get(rule.field)
            name = column.name if column else ""
            shown = name in received and not (column and column.concealed)
            cell = _cell(connection, lines, name, found["first_row"]) if shown else ""
            example = cell_to_show(cell, figure=rule.field in FIGURES)
            yield Broken(rule.name, rule.severity, rule.field, name, rule.message, mask, bit, shown, example=example, **found)


def _bits(connection: DuckDBPyConnection, mask: str, where: str = "TRUE") -> list[int]:
    """Bits that any row has."""
    [(held,)] = connection.execute(f"SELECT coalesce(bit_or({mask}), 0) FROM masks WHERE {where}").fetchall()
    return [bit for bit in range(63) if held & 1 << bit]


def _cell(connection: DuckDBPyConnection, lines: Path, column: str, row: int) -> str:
    found = connection.execute(
        f"SELECT left({engine.name(column)}, 200) FROM read_parquet({engine.text(lines)}) WHERE row = {row}"
    ).fetchone()
    return (found and found[0]) or ""


def _cleaned(connection: DuckDBPyConnection) -> Iterator[Cleaned]:
    """Cleanings of accepted rows: what was taken off rows that count for nothing would only confuse."""
    kinds = {"cleaned": figure_cleanings(FIGURES), "cleaned_codes": code_cleanings(tuple(CLEANED_CODES))}
    for mask, cleanings in kinds.items():
        for bit in _bits(connection, mask, "accepted"):
            field, cleaning = cleanings[bit]
            [(number, first_row)] = connection.execute(
                f"SELECT sum(number)::BIGINT, min(first_row) FROM masks WHERE accepted AND {mask} & {1 << bit} <> 0"
            ).fetchall()
            yield Cleaned(field, number, first_row, in_words(field, cleaning, number))


def problems(
    connection: DuckDBPyConnection, lines: Path, values: Path, broken: Sequence[Broken], most: int, batch: int
) -> Iterator[list[tuple]]:
    """Batches of (row, column, value, rule, severity, message): of each rule the first `most`."""
    for one in broken:
        value = f"coalesce(left({engine.name(one.column)}, 200), '')" if one.shown else "''"
        found = connection.execute(
            f"SELECT row, {value} FROM (SELECT row FROM read_parquet({engine.text(values)}) WHERE {one.condition} "
            f"ORDER BY row LIMIT {most}) JOIN read_parquet({engine.text(lines)}) USING (row) ORDER BY row"
        )
        while rows := found.fetchmany(batch):
            figure = one.field in FIGURES
            yield [
                (row, one.column, cell_to_show(value, figure=figure), one.rule, one.severity, one.message) for row, value in rows
            ]


def refuse_without_rows(result: Checked) -> None:
    if result.accepted:
        return
    if not result.broken:
        raise Refused(f"No row of the selected file can be accepted. {' '.join(result.notes)}")
    worst = max(result.broken, key=lambda broken: (broken.severity == ERROR, broken.number))
    raise Refused(f"No row of the selected file can be accepted. The commonest reason: {worst.rule}. {worst.message}")
