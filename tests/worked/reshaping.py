"""Nested numbers of a worked file to frames, and frames back to nested numbers. Nothing is computed here."""

import math
from decimal import Decimal

import pandas as pd


def long_frame(nested: dict, names: list[str]) -> pd.DataFrame:
    """{"A": {"x": 1}} with names [row, column, value]; one more level or a flat mapping likewise."""
    return pd.DataFrame(list(_leaves(nested)), columns=names)


def _leaves(nested, path=()):
    if not isinstance(nested, dict):
        yield (*path, nested)
        return
    for key, below in nested.items():
        yield from _leaves(below, (*path, key))


def picked(nested: dict, name: str) -> dict:
    """{"A": {"pop": x, "adm": y}} to {"A": x} for the name "pop"."""
    return {key: below[name] for key, below in nested.items()}


def listed(nested: dict, names: list[str]) -> pd.DataFrame:
    """{"A": ["x", "y"]} with names [key, item]; a key with an empty list has no rows."""
    return pd.DataFrame([(key, item) for key, items in nested.items() for item in items], columns=names)


def in_bands(nested: dict, bands: list[str]) -> dict:
    """{"A": {"F": [1, 2]}} to {"A": {"F": {band: 1, other: 2}}}."""
    return {key: {k: dict(zip(bands, values, strict=True)) for k, values in below.items()} for key, below in nested.items()}


def by_key(frame: pd.DataFrame, key: str, renamed: dict[str, str] | None = None) -> dict:
    """{key: {column: value}} of a frame with one row a key."""
    rows = frame.rename(columns=renamed or {}).to_dict("records")
    return {row[key]: {name: plain(value) for name, value in row.items() if name != key} for row in rows}


def column_by_key(frame: pd.DataFrame, key: str, columns: dict[str, str]) -> dict:
    """{name: {key: value}} for each name of `columns`, read from the column it names."""
    return {name: {k: plain(v) for k, v in zip(frame[key], frame[column], strict=True)} for name, column in columns.items()}


def nested(frame: pd.DataFrame, outer: str, inner: str, value: str) -> dict:
    """{outer: {inner: value}}."""
    result: dict = {}
    for o, i, v in zip(frame[outer], frame[inner], frame[value], strict=True):
        result.setdefault(o, {})[i] = plain(v)
    return result


def in_units(pounds) -> list[int]:
    """Pounds as the whole ten-thousandths in which calculations hold money."""
    return [round(amount * 10_000) for amount in pounds]


def in_pounds(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The frame with columns of whole ten-thousandths as pounds."""
    return frame.assign(**{column: frame[column] / 10_000 for column in columns})


def from_millions(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The frame with a column of £ million as whole ten-thousandths of a pound."""
    return frame.assign(**{column: in_units(frame[column] * 1_000_000)})


def in_millions(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its columns of whole ten-thousandths of a pound as £ million."""
    money = [name for name in frame.columns if pd.api.types.is_integer_dtype(frame[name])]
    return frame.assign(**{name: frame[name].astype(float) / 10**10 for name in money})


def by_months(nested: dict, names: list[str]) -> pd.DataFrame:
    """{"A": [x, y]} with names [key, month, value], months counted from 1."""
    rows = [(key, month, value) for key, values in nested.items() for month, value in enumerate(values, start=1)]
    return pd.DataFrame(rows, columns=names)


def decimals(nested):
    """The same mapping with every number as the Decimal that it is written as."""
    if isinstance(nested, dict):
        return {key: decimals(below) for key, below in nested.items()}
    if isinstance(nested, list):
        return [decimals(below) for below in nested]
    return Decimal(str(nested)) if isinstance(nested, int | float) else nested


def plain(value):
    """A number as Python has it, None for a missing one."""
    if isinstance(value, Decimal):
        return float(value)
    value = value.item() if hasattr(value, "item") else value
    return None if value is pd.NA or (isinstance(value, float) and math.isnan(value)) else value
