"""Rows of one month of one file: which cells they stand for, and their activity and money."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .lines import FINANCE, PASS_THROUGH, SPELL
from .row_counts import line_rows, whole

KINDS, RESOLVED = 4, 3
# Rows that nobody planned, rows planned where nothing was done, and how many of the first leave the plan blank, not 0.
UNPLANNED, NOT_DONE, BLANK_OF_UNPLANNED = 0.008, 0.010, 0.06
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
    """Cells of one provider's lines, ordered so that equal steps through them visit each stratum in proportion.

    Args:
        lines: The provider's lines; their index is what `cells["line"]` refers to.
        cells: Cells of the year.
        rows: Rows of a full year of this file.
    """
    cells = cells[cells["line"].isin(lines.index)]
    of_cell = lines.loc[cells["line"]]
    stratum = (of_cell["specialised"].to_numpy() * KINDS + of_cell["kind"].to_numpy()) * RESOLVED + cells["resolved"].to_numpy()
    order = np.argsort(stratum, kind="stable")
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


def figures(cells: FileCells, month: Month, picked: np.ndarray, relative_price: np.ndarray, rng: np.random.Generator) -> dict:
    """Activity and money of the picked rows.

    Args:
        cells: Cells of the file.
        month: The month.
        picked: Cell of each row.
        relative_price: Price of each row's tariff relative to its line's unit price.
        rng: The file's chance.

    Returns:
        Whole thousandths of activity and whole pennies by name: `planned_activity`, `planned_price`, `actual_activity`,
        `actual_price`; and `no_plan`, where the plan is to be left blank.
    """
    line, stratum = cells.line[picked], cells.stratum[picked]
    kind, worth = cells.lines["kind"].to_numpy()[line], cells.worth[line]
    treated = kind < PASS_THROUGH
    unit = cells.lines["unit_price"].to_numpy()[line] * relative_price
    money = cells.money * month.actual[cells.line]
    plan = cells.money * month.planned[cells.line] / (1 + cells.lines["over_plan"].to_numpy()[cells.line])
    spells = np.bincount(cells.stratum, money / cells.lines["unit_price"].to_numpy()[cells.line])
    enough = np.bincount(stratum, minlength=stratum.max() + 1)[stratum] >= ENOUGH
    chance = rng.random(len(picked))
    unplanned, not_done = enough & (chance < UNPLANNED), enough & treated & (chance > 1 - NOT_DONE)

    activity = _activity(worth / unit, stratum, np.where(kind == SPELL, spells[stratum], np.nan), rng)
    actual = np.where(treated, activity * unit * rng.lognormal(0, 0.05, len(picked)), worth * _uneven(kind, rng))
    actual = _scaled(np.where(not_done, 0, actual), stratum, np.bincount(cells.stratum, money), kind, worth)
    expected = worth * (plan / money)[picked] * (0.5 + 0.5 * rng.gamma(4, 0.25, len(picked)))
    planned = _scaled(np.where(unplanned, 0, expected), stratum, np.bincount(cells.stratum, plan), kind, worth * 0)
    return {
        "planned_activity": np.where(treated, np.rint(planned / unit * 100) * 10, 0).astype(np.int64),
        "planned_price": whole(planned * 100),
        "actual_activity": np.where(treated & ~not_done, activity * 1000, 0).astype(np.int64),
        "actual_price": whole(actual * 100),
        "no_plan": unplanned & (chance < UNPLANNED * BLANK_OF_UNPLANNED),
    }


def _activity(expected: np.ndarray, stratum: np.ndarray, wanted: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Whole units, at least one a row; where a stratum's sum is wanted, the units beyond the first are scaled to it."""
    more = np.maximum(expected - 1, 0) * rng.gamma(4, 0.25, len(expected))
    counted = np.bincount(stratum)[stratum]
    spare, drawn = np.maximum(wanted - counted, 0), np.bincount(stratum, more)[stratum]
    scale = np.where(np.isnan(wanted) | (drawn == 0), 1, spare / np.where(drawn == 0, 1, drawn))
    return 1 + whole(more * scale)


def _uneven(kind: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """How rows of money without activity spread around their mean: drugs and devices widely, payments little."""
    spread = np.where(kind == FINANCE, 0.15, 0.7)
    return rng.lognormal(-(spread**2) / 2, spread)


def _scaled(values: np.ndarray, stratum: np.ndarray, target: np.ndarray, kind: np.ndarray, worth: np.ndarray) -> np.ndarray:
    """Values scaled so that each stratum adds up to its target; a stratum without rows leaves its money to the others.

    Payments and adjustments are shifted, not scaled: their sum can be near zero.
    """
    target = _without_rows_spread(target, np.bincount(stratum, minlength=len(target)))
    drawn = np.bincount(stratum, values, minlength=len(target))
    base = np.bincount(stratum, worth, minlength=len(target))
    factor = np.divide(target, drawn, out=np.ones_like(target), where=drawn != 0)
    shift = np.divide(target - drawn, base, out=np.zeros_like(target), where=base != 0)
    shifted = (kind == FINANCE) & (base[stratum] != 0)
    return np.where(shifted, values + worth * shift[stratum], values * factor[stratum])


def _without_rows_spread(target: np.ndarray, rows: np.ndarray) -> np.ndarray:
    spread = target.copy()
    care = np.arange(len(target)) // (KINDS * RESOLVED)
    for one in np.unique(care):
        own, present = care == one, (care == one) & (rows > 0)
        if target[present].sum() > 0:
            spread[present] = target[present] * (target[own].sum() / target[present].sum())
    return np.where(rows > 0, spread, 0)
