"""What moves when slices are replaced: the services with the most money, activity by its unit, and systems."""

import pandas as pd

WHEN = ["before", "after"]


def with_difference(frame: pd.DataFrame, figure: str) -> pd.DataFrame:
    """Add the difference of a figure.

    Args:
        frame: The figure with _before and _after; missing where there is none.
        figure: Name of the figure.

    Returns:
        The frame with the figure's _difference; what is missing counts as nothing, unless both are.
    """
    before, after = (frame[f"{figure}_{when}"].astype("Int64") for when in WHEN)
    difference = after.fillna(0) - before.fillna(0)
    return frame.assign(**{f"{figure}_difference": difference.mask(before.isna() & after.isna())})


def sums_by(frame: pd.DataFrame, key: str, figure: str) -> pd.DataFrame:
    """Sum a figure before and after for each value of a column.

    Args:
        frame: `key`, and the figure with _before and _after in stored units.
        key: Name of the column.
        figure: Name of the figure.

    Returns:
        `key`, and the figure with _before, _after and _difference; missing where every row's is.
    """
    columns = [f"{figure}_{when}" for when in WHEN]
    return with_difference(frame.groupby(key, as_index=False, sort=True)[columns].sum(min_count=1), figure)


def moved_most(frame: pd.DataFrame, key: str, figure: str, number: int) -> pd.DataFrame:
    """The values of a column whose money moved most, in either direction.

    Args:
        frame: As for `sums_by`.
        key: Name of the column.
        figure: Name of the figure.
        number: How many at most.

    Returns:
        As `sums_by`, those that moved most first; what did not move is left out.
    """
    sums = sums_by(frame, key, figure)
    moved = sums[sums[f"{figure}_difference"].fillna(0) != 0]
    order = moved[f"{figure}_difference"].abs().sort_values(ascending=False, kind="stable").index
    return moved.loc[order].head(number).reset_index(drop=True)


def activity_by_unit(frame: pd.DataFrame, units: dict[str, str]) -> pd.DataFrame:
    """Sum activity before and after by its unit; activity of two units is never added.

    Args:
        frame: point_of_delivery, and planned_activity and actual_activity with _before and _after, in thousandths.
        units: Point of delivery → unit.

    Returns:
        unit, and both activities with _before, _after and _difference. Units without any activity are left out.
    """
    own = frame.assign(unit=frame["point_of_delivery"].map(units).fillna(""))
    planned, actual = (sums_by(own, "unit", f"{which}_activity") for which in ("planned", "actual"))
    both = planned.merge(actual, on="unit", how="outer").sort_values("unit", ignore_index=True)
    counted = [f"{which}_activity_{when}" for which in ("planned", "actual") for when in WHEN]
    return both[(both[counted].fillna(0) != 0).any(axis=1)].reset_index(drop=True)


def is_large(before: int, difference: int, amount: int, percent: float, least: int) -> bool:
    """Whether a change is beyond what a programme takes as ordinary.

    Args:
        before: Price of the slices that had money and are replaced, in stored units.
        difference: What they would have more or less.
        amount: The most that is ordinary, in stored units.
        percent: The most that is ordinary, in per cent of `before`.
        least: Up to this much a share says nothing, in stored units.

    Returns:
        True where either is exceeded; what replaces nothing is new, and never large.
    """
    if before == 0:
        return False
    share = abs(difference) * 100 > abs(before) * percent and abs(difference) > least
    return abs(difference) > amount or share
