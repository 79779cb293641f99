"""This extract against what it would replace: before, after and difference of every slice, in money."""

import pandas as pd

KEY = ["provider", "year", "month", "commissioner"]
PRICES = ("planned_price", "actual_price")
NEW, CHANGED, SAME, EMPTIED, STAYS = "new", "changed", "same", "emptied", "stays"


def compare(before: pd.DataFrame, after: pd.DataFrame, covered: pd.DataFrame) -> pd.DataFrame:
    """Hold slices as they are beside slices as they would be.

    `before` and `after` have provider, year, month, commissioner, planned_price and actual_price (stored units); `covered`
    has the months of each provider that the extract replaces, with commissioner "" where it replaces all of them. The result
    has each price before, after and its difference, and `status`: new, changed, same, emptied, or stays where the extract
    does not cover the slice.
    """
    both = before.merge(after, on=KEY, how="outer", suffixes=("_before", "_after"), indicator=True)
    for price in PRICES:
        was, becomes = both[f"{price}_before"].astype("Int64"), both[f"{price}_after"].astype("Int64")
        both[f"{price}_before"], both[f"{price}_after"] = was, becomes
        both[f"{price}_difference"] = becomes.fillna(0) - was.fillna(0)
    pairs = set(covered[KEY].itertuples(index=False, name=None))
    replaced = [(p, y, m, c) in pairs or (p, y, m, "") in pairs for p, y, m, c in both[KEY].itertuples(index=False, name=None)]
    moved = (both["planned_price_difference"] != 0) | (both["actual_price_difference"] != 0)
    both["status"] = SAME
    both.loc[moved, "status"] = CHANGED
    both.loc[both["_merge"] == "right_only", "status"] = NEW
    both.loc[both["_merge"] == "left_only", "status"] = EMPTIED
    both.loc[~pd.Series(replaced, index=both.index, dtype=bool), "status"] = STAYS
    return both.drop(columns="_merge").sort_values(KEY, ignore_index=True)
