"""Whole units shared out so that the parts add up to the whole, to the last unit."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import numpy as np
import pandas as pd


def apportion(total: int, weights: pd.Series) -> pd.Series:
    """Share a whole number of units out in proportion to weights, by largest remainder.

    Each part is its exact quota rounded down; the units left over go to the largest remainders, of equals to the first by
    code. A negative total is shared out like the positive one, with the sign turned. Exact: no floats are added up.

    Args:
        total: whole units, such as ten-thousandths of a pound.
        weights: a number of at least 0 for each code (the index, unique), not all 0.

    Returns:
        int64 parts in the order and with the index of `weights`; they add up to `total`.

    Raises:
        ValueError: a weight is missing or negative, all are 0, or a code stands twice.

    Source: largest remainder (Hamilton), as `docs/methods.md` sets out.
    """
    if not weights.index.is_unique:
        raise ValueError("Weights to share by name a code more than once.")
    if weights.isna().any():
        raise ValueError(f"There is no weight to share by for: {', '.join(str(c) for c in weights.index[weights.isna()])}.")
    whole = _whole_weights(weights.tolist())
    if any(w < 0 for w in whole) or not sum(whole):
        raise ValueError("Weights to share by are at least 0 and not all 0.")
    sign, amount, of = (-1 if total < 0 else 1), abs(int(total)), sum(whole)
    parts, remainders = zip(*(divmod(amount * w, of) for w in whole), strict=True)
    return _with_units_left(sign, amount, list(parts), list(remainders), weights.index)


def apportion_within(rows: pd.DataFrame, by: Sequence[str], *, amount: str, weight: str, code: str) -> pd.Series:
    """Share the amount of each of many groups out in proportion to its rows' weights, as `apportion` does for one.

    Args:
        rows: the columns `by`; `amount` (whole units, the same in every row of a group); `weight` (whole numbers of at least
            0, not all 0 in a group); `code` (unique in a group) breaks ties.
        by: columns that name a group.
        amount: the column of the amount to share.
        weight: the column of the weights.
        code: the column of the code.

    Returns:
        int64 parts with the index of `rows`; those of a group add up to its amount.

    Raises:
        ValueError: an amount or weight is missing, a weight is negative, or all weights of a group are 0.

    Source: largest remainder (Hamilton), as `docs/methods.md` sets out.
    """
    if rows[[amount, weight]].isna().any(axis=None):
        raise ValueError("An amount to share, or a weight to share by, is missing.")
    # Python's own whole numbers: amounts times weights are longer than 64 bits.
    exact = pd.DataFrame({name: [int(v) for v in rows[name]] for name in (amount, weight)}, index=rows.index, dtype=object)
    of = exact[weight].groupby([rows[name] for name in by]).transform("sum")
    if (exact[weight] < 0).any() or (of == 0).any():
        raise ValueError("Weights to share by are at least 0 and not all 0.")
    scaled = exact[amount].abs() * exact[weight]
    parts, remainders = scaled // of, scaled % of
    groups = [rows[name] for name in by]
    left = exact[amount].abs() - parts.groupby(groups).transform("sum")
    order = pd.DataFrame({"behind": -remainders, "code": rows[code].astype(str)}).sort_values(["behind", "code"]).index
    place = pd.Series(0, index=order).groupby([g.reindex(order) for g in groups]).cumcount().reindex(rows.index)
    sign = exact[amount].map(lambda units: -1 if units < 0 else 1)
    return ((parts + (place < left)) * sign).astype("int64")


def round_to_total(parts: pd.Series, total: int) -> pd.Series:
    """Round parts to whole units that add up to a whole already rounded, by largest remainder.

    Args:
        parts: numbers that add up to `total` but for rounding; the index (unique) breaks ties.
        total: whole units.

    Returns:
        int64 parts in the order and with the index of `parts`; each is within one unit of what it was.

    Raises:
        ValueError: a part is missing, or the parts are further from the total than rounding can explain.
    """
    if parts.isna().any():
        raise ValueError("A part to round is missing.")
    values = parts.astype(float)
    down = pd.Series(np.floor(values), index=values.index)
    left = int(total) - int(down.sum())
    if not 0 <= left <= len(values):
        raise ValueError("The parts do not add up to the total.")
    order = sorted(range(len(values)), key=lambda i: (-(values.iloc[i] - down.iloc[i]), str(values.index[i])))
    result = [int(d) for d in down]
    for i in order[:left]:
        result[i] += 1
    return pd.Series(result, index=parts.index, dtype="int64")


def _whole_weights(weights: Sequence[int | float]) -> list[int]:
    """The weights as whole numbers in the same proportions; floats are taken for the binary fractions they are."""
    exact = [Fraction(w) for w in weights]
    common = lcm(*(w.denominator for w in exact)) if exact else 1
    return [int(w * common) for w in exact]


def _with_units_left(sign: int, amount: int, parts: list[int], remainders: list[int], codes: pd.Index) -> pd.Series:
    order = sorted(range(len(parts)), key=lambda i: (-remainders[i], str(codes[i])))
    for i in order[: amount - sum(parts)]:
        parts[i] += 1
    return pd.Series([sign * p for p in parts], index=codes, dtype="int64")
