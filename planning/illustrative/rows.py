"""Rows of one month of one file: which cells they stand for, and their activity and money."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .lines import ACTIVITY, FINANCE, KINDS, SPELL
from .row_counts import line_rows, whole

RESOLVED = 3
# Rows that nobody planned, rows planned where nothing was done, and how many of the first leave the plan blank, not 0.
UNPLANNED, NOT_DONE, BLANK_OF_UNPLANNED = 0.008, 0.010, 0.06
# How rows lie around what they stand for: prices of treatments, costs of drugs and devices, payments, adjustments.
PRICE_SPREAD, COST_SPREAD, PAYMENT_SPREAD, ADJUSTMENT_SPREAD = 0.05, 0.5, 0.15, 1.5
ADJUSTMENT = "ADJUSTMENT"
# Fewer rows than this in a stratum keep all their money, so that there is something to scale.
ENOUGH = 6


@dataclass(frozen=True)
class FileCells:
    """Cells of one file, in strata: specialised or other care × kind × home own, elsewhere or unknown.

    By cell: `line` (position in `lines`), `home`, `money` of a full year and `stratum`. By line: `worth`, the £ that one row
    stands for on average.
    """

    lines: pd.DataFrame
    line: np.ndarray
    home: np.ndarray
    money: np.ndarray
    stratum: np.ndarray
    worth: np.ndarray


@dataclass(frozen=True)
class Month:
    """What one month of a file holds: each line's share of the year, as it came and as planned, and the number of rows."""

    number: int
    actual: np.ndarray
    planned: np.ndarray
    rows: int


def file_cells(lines: pd.DataFrame, cells: pd.DataFrame, rows: float) -> FileCells:
    """Cells of one provider's lines, ordered so that equal steps visit strata, and in them families and homes, in proportion.

    Args:
        lines: The provider's lines; their index is what `cells["line"]` refers to.
        cells: Cells of the year.
        rows: Rows of a full year of this file.
    """
    cells = cells[cells["line"].isin(lines.index)]
    of_cell = lines.loc[cells["line"]]
    stratum = (of_cell["specialised"].to_numpy() * len(KINDS) + of_cell["kind"].to_numpy()) * RESOLVED + cells[
        "resolved"
    ].to_numpy()
    family = pd.factorize(of_cell["family"])[0]
    order = np.lexsort([cells["line"].to_numpy(), cells["home"].to_numpy(), family, stratum])
    return FileCells(
        lines=lines.reset_index(drop=True),
        line=lines.index.get_indexer(cells["line"])[order],
        home=cells["home"].to_numpy()[order],
        money=cells["actual_price"].to_numpy()[order],
        stratum=stratum[order],
        worth=(lines["actual_price"] / line_rows(lines, rows)).to_numpy(),
    )


def pick_cells(cells: FileCells, month: Month, start: float) -> np.ndarray:
    """Positions of the cells that the month's rows stand for: equal steps from a random start, through all cells."""
    steps = np.cumsum(cells.money * month.actual[cells.line] / cells.worth[cells.line])
    points = (np.arange(month.rows) + start) / month.rows * steps[-1]
    return np.minimum(np.searchsorted(steps, points, side="right"), len(steps) - 1)


@dataclass(frozen=True)
class Drawn:
    """The picked rows before their figures: what each is for, what it stands for (£), and its tariff's unit price."""

    line: np.ndarray
    stratum: np.ndarray
    kind: np.ndarray
    worth: np.ndarray
    unit: np.ndarray
    signed: np.ndarray

    @property
    def treated(self) -> np.ndarray:
        return self.kind <= ACTIVITY


def drawn_rows(cells: FileCells, picked: np.ndarray, relative_price: np.ndarray) -> Drawn:
    """Rows of the picked cells; `relative_price` is the price of each one's tariff relative to its line's unit price."""
    line = cells.line[picked]
    return Drawn(
        line=line,
        stratum=cells.stratum[picked],
        kind=cells.lines["kind"].to_numpy()[line],
        worth=cells.worth[line],
        unit=cells.lines["unit_price"].to_numpy()[line] * relative_price,
        signed=(cells.lines["point_of_delivery"] == ADJUSTMENT).to_numpy()[line],
    )


def figures(cells: FileCells, month: Month, drawn: Drawn, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Activity and money of a month's rows.

    Returns whole thousandths of activity and whole pennies by name: `planned_activity`, `planned_price`, `actual_activity`,
    `actual_price`; and `no_plan`, where the plan is to be left blank.
    """
    unit_price, over = (cells.lines[name].to_numpy()[cells.line] for name in ("unit_price", "over_plan"))
    money = cells.money * month.actual[cells.line]
    spells = np.bincount(cells.stratum, money / unit_price)
    in_plan = np.bincount(cells.stratum, cells.money * month.planned[cells.line] / (1 + over))
    enough = np.bincount(drawn.stratum)[drawn.stratum] >= ENOUGH
    chance = rng.random(len(drawn.line))
    unplanned, not_done = enough & (chance < UNPLANNED), enough & drawn.treated & (chance > 1 - NOT_DONE)
    activity, actual = _actual(drawn, spells, np.bincount(cells.stratum, money), not_done, rng)
    planned = _planned(drawn, cells.lines["over_plan"].to_numpy(), in_plan, unplanned, rng)
    return {
        "planned_activity": np.where(drawn.treated, np.rint(planned / drawn.unit * 100) * 10, 0).astype(np.int64),
        "planned_price": whole(planned * 100),
        "actual_activity": np.where(drawn.treated & ~not_done, activity * 1000, 0).astype(np.int64),
        "actual_price": whole(actual * 100),
        "no_plan": unplanned & (chance < UNPLANNED * BLANK_OF_UNPLANNED),
    }


def _actual(drawn: Drawn, spells: np.ndarray, money: np.ndarray, not_done: np.ndarray, rng) -> tuple[np.ndarray, np.ndarray]:
    wanted = np.where(drawn.kind == SPELL, spells[drawn.stratum], np.nan)
    activity = _activity(drawn.worth / drawn.unit, drawn.stratum, wanted, rng)
    priced = activity * drawn.unit * rng.lognormal(0, PRICE_SPREAD, len(activity))
    paid = np.where(drawn.treated, priced, drawn.worth * _uneven(drawn, rng))
    return activity, _scaled(np.where(not_done, 0, paid), drawn, money, shift=drawn.kind == FINANCE)


def _planned(drawn: Drawn, over: np.ndarray, money: np.ndarray, unplanned: np.ndarray, rng) -> np.ndarray:
    expected = drawn.worth / (1 + over[drawn.line]) * (0.5 + 0.5 * _around_one(len(drawn.line), rng))
    return _scaled(np.where(unplanned, 0, expected), drawn, money, shift=np.zeros(len(expected), dtype=bool))


def _activity(expected: np.ndarray, stratum: np.ndarray, wanted: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Whole units, at least one a row; where a stratum's sum is wanted, the units beyond the first are scaled to it."""
    more = np.maximum(expected - 1, 0) * _around_one(len(expected), rng)
    counted = np.bincount(stratum)[stratum]
    spare, drawn = np.maximum(wanted - counted, 0), np.bincount(stratum, more)[stratum]
    scale = np.where(np.isnan(wanted) | (drawn == 0), 1, spare / np.where(drawn == 0, 1, drawn))
    return 1 + whole(more * scale)


def _around_one(count: int, rng: np.random.Generator) -> np.ndarray:
    return rng.gamma(9, 1 / 9, count)


def _uneven(drawn: Drawn, rng: np.random.Generator) -> np.ndarray:
    """How rows of money without activity lie around their mean: drugs and devices widely, payments little.

    Adjustments go both ways.
    """
    spread = np.where(drawn.kind == FINANCE, PAYMENT_SPREAD, COST_SPREAD)
    both_ways = rng.normal(1, ADJUSTMENT_SPREAD, len(drawn.line))
    return np.where(drawn.signed, both_ways, rng.lognormal(-(spread**2) / 2, spread))


def _scaled(values: np.ndarray, drawn: Drawn, target: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Values scaled so that each stratum adds up to its target; a stratum without rows leaves its money to the others.

    Rows of `shift` (payments and adjustments, whose sum can be near zero) are shifted by what they are worth instead.
    """
    stratum = drawn.stratum
    target = _without_rows_spread(target, np.bincount(stratum, minlength=len(target)))
    sums, worth = (np.bincount(stratum, part, minlength=len(target)) for part in (values, drawn.worth))
    factor = np.divide(target, sums, out=np.ones_like(target), where=sums != 0)
    moved = np.divide(target - sums, worth, out=np.zeros_like(target), where=worth != 0)
    return np.where(shift, values + drawn.worth * moved[stratum], values * factor[stratum])


def _without_rows_spread(target: np.ndarray, rows: np.ndarray) -> np.ndarray:
    spread = target.copy()
    care = np.arange(len(target)) // (len(KINDS) * RESOLVED)
    for one in np.unique(care):
        own, present = care == one, (care == one) & (rows > 0)
        if target[present].sum() > 0:
            spread[present] = target[present] * (target[own].sum() / target[present].sum())
    return np.where(rows > 0, spread, 0)
