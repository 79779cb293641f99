"""How much of ACM the patient-level sets hold: PLCM, DrPLCM and DePLCM together are what ACM sums up.

A ratio of 1.00 is complete; below it patients are missing, above it they stand twice. Money that no patient is behind, such
as a block payment, is expected in none of the sets and is left out of ratios.
"""

from collections.abc import Collection, Sequence

import pandas as pd

from planning.calculations.contract import ratio, require_columns, require_unique

KEYS = ["provider", "year", "month", "service_code", "point_of_delivery"]


def reconcile(acm: pd.DataFrame, sets: pd.DataFrame, *, without_patients: Collection[str]) -> pd.DataFrame:
    """Hold the patient-level sets against ACM, for the providers and years of which there is any set.

    Args:
        acm: KEYS, acm_price (whole ten-thousandths of a pound) and people (thousandths of events, or missing), once a key.
        sets: KEYS and set_price, of the three sets together, once a key.
        without_patients: Points of delivery of money that no patient is behind.

    Returns:
        KEYS, acm_price, set_price (0 where the sets lack an expected line), people, difference (sets − ACM)
        and is_expected: False where the point of delivery has no
        patients and no set has it either.

    Raises:
        ValueError: A column is missing, or a key stands twice.
    """
    require_columns(acm, [*KEYS, "acm_price", "people"], of="ACM")
    require_columns(sets, [*KEYS, "set_price"], of="patient-level sets")
    require_unique(acm, KEYS, of="ACM")
    require_unique(sets, KEYS, of="patient-level sets")
    sent = sets[["provider", "year"]].drop_duplicates()
    own = acm.merge(sent, on=["provider", "year"], how="inner", validate="many_to_one")
    both = own.merge(sets, on=KEYS, how="outer", validate="one_to_one").sort_values(KEYS, ignore_index=True)
    both = both.astype({"acm_price": "Int64", "set_price": "Int64", "people": "Int64"})
    both["is_expected"] = ~(both["point_of_delivery"].isin(list(without_patients)) & both["set_price"].isna())
    # The sets of the year are in: a line that none of them has is a line at nothing.
    both["set_price"] = both["set_price"].mask(both["is_expected"], both["set_price"].fillna(0))
    both["difference"] = both["set_price"].fillna(0) - both["acm_price"].fillna(0)
    return both


def coverage_by(reconciled: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Sum a reconciliation by some columns, with the coverage ratio.

    Args:
        reconciled: As from `reconcile`, with the columns `by`.
        by: Columns to group by.

    Returns:
        `by`, acm_price, set_price, difference, people (the fewest of a part that has any) and ratio = sets ÷ ACM, missing
        where ACM holds nothing or less than nothing.
    """
    expected = reconciled[reconciled["is_expected"].astype(bool)]
    grouped = expected.groupby(list(by), sort=True)
    sums = grouped[["acm_price", "set_price", "difference"]].sum(min_count=1)
    return with_ratio(sums.assign(people=grouped["people"].min()).reset_index())


def with_ratio(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the column `ratio` = set_price ÷ acm_price.

    Args:
        frame: acm_price and set_price in the same unit, either of which may be missing.

    Returns:
        The frame with `ratio`, missing where ACM holds nothing or less than nothing.
    """
    return frame.assign(ratio=ratio(frame["set_price"], frame["acm_price"]))


def with_coverage(patients: pd.DataFrame, coverage: pd.DataFrame, on: Sequence[str]) -> pd.DataFrame:
    """Put the coverage ratio beside counts of patients.

    Args:
        patients: Columns `on` and counts.
        coverage: Columns `on`, once each, and ratio.
        on: What both are by.

    Returns:
        The counts with `ratio`; missing where there is no coverage to speak of.
    """
    return patients.merge(coverage[[*on, "ratio"]], on=list(on), how="left", validate="many_to_one")
