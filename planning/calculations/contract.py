"""What every calculation asks of the frames it is given, checked before anything is computed."""

from collections.abc import Iterable

import pandas as pd


def require_columns(frame: pd.DataFrame, columns: Iterable[str], *, of: str) -> None:
    """Check that a frame has the columns a calculation needs.

    Args:
        frame: the frame as given.
        columns: names that must be there.
        of: what the frame holds, for the message.

    Raises:
        ValueError: names the columns that are not there.
    """
    if absent := [c for c in columns if c not in frame.columns]:
        raise ValueError(f"The frame of {of} has no column: {', '.join(absent)}.")


def require_unique(frame: pd.DataFrame, key: list[str], *, of: str) -> None:
    """Check that a key names each row once, so that a merge cannot double money.

    Raises:
        ValueError: names the key and the first value that stands twice.
    """
    twice = frame.duplicated(key)
    if twice.any():
        first = ", ".join(str(v) for v in frame.loc[twice, key].iloc[0])
        raise ValueError(f"The frame of {of} has more than one row for {' and '.join(key)}: {first}.")


def require_known(frame: pd.DataFrame, columns: Iterable[str], *, name: str, of: str) -> None:
    """Check that columns have no missing value, and say whose are missing.

    Args:
        frame: the frame as given.
        columns: columns that may not be missing.
        name: column that names a row in the message.
        of: what the frame holds, for the message.

    Raises:
        ValueError: names each column and the rows where it is missing.
    """
    faults = [
        f"{column} of {', '.join(str(v) for v in frame.loc[frame[column].isna(), name])}"
        for column in columns
        if frame[column].isna().any()
    ]
    if faults:
        raise ValueError(f"The frame of {of} lacks {'; '.join(faults)}.")


def floats(values: pd.Series) -> pd.Series:
    """The column as 64-bit floats, NaN where a number is missing."""
    numbers = pd.to_numeric(values).astype("Float64")
    return pd.Series(numbers.to_numpy(dtype="float64", na_value=float("nan")), index=values.index)


def numbers(values: pd.Series) -> pd.Series:
    """The column with a numeric type: whole numbers stay exact, and what is missing stays missing."""
    return values.convert_dtypes() if values.dtype == object else values


def ratio(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Divide two columns as floats.

    A share of nothing, of less than nothing (credits outweigh charges) or of a missing number is NaN, never infinite.
    """
    over = floats(denominator)
    return floats(numerator) / over.mask(over <= 0)
