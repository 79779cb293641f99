"""How far what a population is spent on stands from its weighted share."""

import pandas as pd

from planning.calculations.contract import floats, ratio, require_columns, require_known, require_unique

from .apportionment import apportion


def distance_from_target(areas: pd.DataFrame, *, quantum: int | None = None) -> pd.DataFrame:
    """Target and opening distance of each area.

    Args:
        areas: `area` (unique), `target_share` (adds up to 1), `baseline` (whole ten-thousandths of a pound).
        quantum: whole ten-thousandths of a pound to share out; the sum of the baselines where none is given.

    Returns:
        The areas' rows with `target` (share × quantum, by largest remainder, so that targets add up to the quantum),
        `distance_money` (baseline − target; positive = above target) and `distance` (baseline ÷ (share × sum of baselines)
        − 1; NaN where the share is 0).

    Raises:
        ValueError: a column is not there, an area stands twice, a number is missing, or the shares do not add up to 1.

    Source: NHS England, revenue allocations: opening distance from target.
    """
    require_columns(areas, ["area", "target_share", "baseline"], of="areas")
    require_unique(areas, ["area"], of="areas")
    require_known(areas, ["target_share", "baseline"], name="area", of="areas")
    shares = floats(areas["target_share"])
    if abs(shares.sum() - 1) > 1e-9:
        raise ValueError("The target shares do not add up to 1.")
    total = int(areas["baseline"].sum())
    target = apportion(total if quantum is None else quantum, pd.Series(shares.to_numpy(), index=areas["area"]))
    result = areas.assign(target=target.to_numpy())
    result["distance_money"] = result["baseline"] - result["target"]
    result["distance"] = ratio(result["baseline"], shares * total) - 1
    return result
