"""Files of illustrative activity: one for each provider and year."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from . import details, rows, writing
from .catchments import cells_of_year
from .lines import lines_of_year
from .other_layouts import Source, make_other
from .reference import Reference, require_known_codes
from .row_counts import file_rows, whole
from .weights import UnusableWeights, Weights

# Rows that are drawn and written together: what is in memory at a time.
PIECE = 250_000
# How much a month's activity strays from the phasing of its group.
MONTHLY_NOISE = 0.008


@dataclass(frozen=True)
class Others:
    """Layouts to make beside ACM, of which providers and years (none named: of all); `acm` is whether to keep the ACM files."""

    layouts: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    acm: bool = True

    def layouts_of(self, provider: str, year: str) -> tuple[str, ...]:
        wanted = provider in (self.providers or (provider,)) and year in (self.years or (year,))
        return self.layouts if wanted else ()


NO_OTHERS = Others()


def make_extracts(
    weights: Weights,
    reference: Reference,
    years: list[str],
    seed: int,
    out: Path,
    row_total: int | None = None,
    others: Others = NO_OTHERS,
    span: tuple[int, int] | None = None,
) -> Iterator[dict]:
    """Write the files one by one, and say of each what it holds: the ACM files, and beside them what `others` asks for.

    `row_total` is for the whole years; of a `span` of months only their rows are kept, and they are the same as without it.

    Yields one summary a file: `file`, `provider`, `year`, `months`, `rows`, and in pounds as decimal strings `planned_price`,
    `actual_price`, and of these `specialised_planned_price`, `specialised_actual_price`.

    Raises UnusableWeights where the weights name a code that is not on the list of its year, rows are too few, or a year has
    not the months of the span.
    """
    years = sorted(set(years))
    require_known_codes(weights, reference, years)
    lines = {year: lines_of_year(weights, reference, year) for year in years}
    months = {year: int(weights.of_year(year)["months"]) for year in years}
    if span and (short := [year for year in years if months[year] < span[1]]):
        raise UnusableWeights(f"{short[0]} has {months[short[0]]} months: there is no month {span[1]}")
    counts = file_rows(lines, months, row_total)
    for year in years:
        cells = cells_of_year(lines[year], weights, reference, year)
        for provider in weights.providers["provider"]:
            of_provider = lines[year][lines[year]["provider"] == provider]
            count = int(counts[year, provider])
            file = rows.file_cells(of_provider, cells, count * 12 / months[year])
            rng = np.random.default_rng([seed, int(year[:4]), *provider.encode()])
            made = _make_file(file, weights, reference, year, count, rng, out, span or (1, months[year]))
            if others.acm:
                yield made
            source = Source(Path(made["file"]), provider, year, seed)
            beside = (make_other(source, layout, reference) for layout in others.layouts_of(provider, year))
            yield from filter(None, beside)
            if not others.acm:
                source.path.unlink()


def _make_file(
    file: rows.FileCells, weights: Weights, reference: Reference, year: str, count: int, rng, out: Path, span: tuple[int, int]
) -> dict:
    provider, terms = file.lines["provider"].iloc[0], weights.of_year(year)
    choices = details.file_choices(file, weights, reference, year)
    first, last = span
    part = "" if span == (1, int(terms["months"])) else f"_M{first}" if first == last else f"_M{first}-M{last}"
    path = out / f"ACM_{year[2:4]}{year[5:]}_{provider}{part}.csv"
    tally = {"rows": 0, "planned_price": 0, "actual_price": 0, "specialised_planned_price": 0, "specialised_actual_price": 0}
    constants = {
        "year": f"{year[:4]}{year[5:]}",
        "created": terms["created"],
        # Months that others follow have been through their freeze.
        "reporting_type": "FREEZE" if last < int(terms["months"]) else terms["reporting_type"],
        "provider": provider,
        "contract_monitoring_additional_detail_first": writing.MARK,
        "contract_monitoring_additional_description_first": writing.MARK_DESCRIPTION,
    }
    in_price = _market_forces_factor_in_price(file.lines, reference, year)
    drawn = _drawn(file, _months(file, weights, year, count, rng), choices, in_price, rng, span)
    writing.write_file(path, _pieces(_tallied(drawn, tally)), reference.acm_headings, constants)
    money = {name: str(Decimal(pennies).scaleb(-2)) for name, pennies in tally.items() if name != "rows"}
    return {"file": str(path), "provider": provider, "year": year, "months": last - first + 1, "rows": tally["rows"]} | money


def _market_forces_factor_in_price(lines: pd.DataFrame, reference: Reference, year: str) -> np.ndarray:
    """By line, the part of the price that is the market forces factor: none of what is not paid at the national price."""
    table = reference.market_forces_factors
    of_year = table[(table["year"] == year) & (table["provider"] == lines["provider"].iloc[0])]
    return np.where(lines["national_price"] == "Y", 1 - 1 / of_year["value"].iloc[0], 0.0)


def _months(file: rows.FileCells, weights: Weights, year: str, count: int, rng) -> list[rows.Month]:
    """Months of a file: what each line does in them, and the rows of the file spread over them."""
    phasing = weights.phasing.pivot_table("weight", index="activity_group", columns="month")
    planned = phasing.div(phasing.sum(axis=1), axis=0)
    noisy = planned * rng.lognormal(0, MONTHLY_NOISE, planned.shape)
    actual = noisy.div(noisy.sum(axis=1), axis=0)
    group = file.lines["activity_group"]
    numbers = range(1, int(weights.of_year(year)["months"]) + 1)
    expected = np.array([(file.lines["actual_price"] / file.worth * group.map(actual[n])).sum() for n in numbers])
    counts = whole(expected / expected.sum() * count)
    return [
        rows.Month(number, group.map(actual[number]).to_numpy(), group.map(planned[number]).to_numpy(), int(counts[number - 1]))
        for number in numbers
    ]


def _drawn(
    file: rows.FileCells, months: list[rows.Month], choices: details.FileChoices, in_price, rng, span: tuple[int, int]
) -> Iterator[tuple]:
    """The rows of the months of a span, and which of them are specialised. All are drawn, so that none depends on the span."""
    start, of_line, specialised = rng.random(), writing.line_columns(file.lines), file.lines["specialised"].to_numpy()
    for month in months:
        # Steps of the golden ratio: the starts of successive months fall evenly, so that a year misses no small cell.
        start = (start + 0.6180339887498949) % 1
        picked = rows.pick_cells(file, month, start)
        line = file.line[picked]
        tariff = choices.tariffs.draw(line, rng)
        figures = rows.figures(file, month, rows.drawn_rows(file, picked, choices.relative_prices[tariff]), rng)
        of_row = details.columns(file, choices, picked, tariff, rng)
        if not span[0] <= month.number <= span[1]:
            continue
        yield writing.month_frame(month.number, line, of_line, of_row, figures, in_price), specialised[line]


def _tallied(drawn: Iterable[tuple], tally: dict) -> Iterator[pd.DataFrame]:
    """Frames as they pass, their sums added to `tally`."""
    for frame, specialised in drawn:
        tally["rows"] += len(frame)
        for name in ("planned_price", "actual_price"):
            tally[name] += int(frame[name].sum())
            tally[f"specialised_{name}"] += int(frame.loc[specialised, name].sum())
        yield frame


def _pieces(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Months together until there are enough rows to be worth writing."""
    held: list[pd.DataFrame] = []
    for frame in frames:
        held.append(frame)
        if sum(map(len, held)) >= PIECE:
            yield pd.concat(held, ignore_index=True)
            held = []
    if held:
        yield pd.concat(held, ignore_index=True)
