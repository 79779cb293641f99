"""What may leave, and how: the one place where numbers about few people are hidden or rounded.

`disclose` is applied once to a figure's frame, after every total was computed from the true values and before chart, table
and file are made of it, so that all of them agree. Rule for counts of people: none is 0, 1 to 7 is hidden, otherwise the
nearest 5; shares are taken from the rounded counts (NHS Digital, method for Hospital Episode Statistics, 2018).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from .amounts import POUND, UNIT, half_up, is_missing
from .chart import Measure
from .figure import Mode

SMALLEST_SHOWN = 8
ROUNDED_BASE = 4_000
# An estimate exact to the person would give away the share, and with it the few people, that it was made from.
POPULATION_STEP = 100
THOUSAND_POUNDS = 1_000 * POUND
TEN_THOUSAND_POUNDS = 10_000 * POUND


class _Hidden:
    """The cell that may not be shown. There is one, so `is HIDDEN` holds after copying and pickling."""

    _only = None

    def __new__(cls):
        cls._only = cls._only or super().__new__(cls)
        return cls._only

    def __str__(self):
        return "*"

    def __repr__(self):
        return "HIDDEN"

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        return (_Hidden, ())


HIDDEN = _Hidden()


def disclosed_count(true: int | None, one: int = 1) -> Any:
    """0, HIDDEN for 1 to 7, otherwise the nearest 5. `one` is how a single person is stored (activity: a thousand)."""
    if is_missing(true):
        return None
    if true == 0:
        return 0
    if abs(true) < SMALLEST_SHOWN * one:
        return HIDDEN
    return int(half_up(Decimal(int(true)), Decimal(5 * one)))


def is_small(true: int | None, one: int = 1) -> bool:
    return disclosed_count(true, one) is HIDDEN


def disclosed_share(numerator: Any, denominator: Any) -> Any:
    """The share of two disclosed amounts: HIDDEN where either is, None where there is nothing to divide."""
    if numerator is HIDDEN or denominator is HIDDEN:
        return HIDDEN
    if is_missing(numerator) or is_missing(denominator) or not denominator:
        return None
    return int(numerator) / int(denominator)


def numeric(series: pd.Series) -> pd.Series:
    """A disclosed column as floats, for charts and titles: hidden and missing are NaN."""
    values = [float("nan") if v is HIDDEN or is_missing(v) else float(v) for v in series]
    return pd.Series(values, index=series.index, name=series.name, dtype="float64")


def declared(table_class: type) -> dict[str, Any]:
    """The columns of a table by the column of the frame that they show."""
    return {str(column.accessor or name): column for name, column in table_class.base_columns.items()}


def disclose(frame: pd.DataFrame, table_class: type, mode: Mode, *, all_totals: bool = False) -> pd.DataFrame:
    """The frame as this reader may see it.

    What each column is, and which count stands behind it, is declared by the columns of `table_class`. Numbers that the
    table does not declare are dropped, so that nothing undisclosed reaches a chart. Rows marked in the column named by the
    table's `Meta.total_rows` (all of them with `all_totals`) are totals.
    """
    columns = declared(table_class)
    totals = _totals(frame, table_class, all_totals)
    out = frame[[n for n in frame.columns if n in columns or _holds_no_number(frame[n])]].copy()
    for name, column in columns.items():
        if name in frame.columns and _is_controlled(column, columns, mode):
            out[name] = pd.Series(_disclosed(frame, name, columns, totals), index=frame.index, dtype=object)
    return out


def _totals(frame: pd.DataFrame, table_class: type, all_totals: bool) -> list[bool]:
    marked = table_class._meta.total_rows
    return [True] * len(frame) if all_totals else list(frame[marked].astype(bool)) if marked else [False] * len(frame)


def _holds_no_number(series: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(series.dtype) or pd.api.types.is_datetime64_any_dtype(series.dtype):
        return True
    if pd.api.types.is_numeric_dtype(series.dtype):
        return False
    return not any(isinstance(v, int | float | Decimal) and not isinstance(v, bool) for v in series if not is_missing(v))


def _is_controlled(column: Any, columns: Mapping[str, Any], mode: Mode) -> bool:
    """Whether the rule changes this column for this reader. Inside, only what counts patients."""
    if column.measure is None:
        return False
    behind = [columns[n] for n in (*column.counts, *column.parts) if n in columns]
    return mode == Mode.OUTSIDE or any(c.measure == Measure.PATIENTS for c in (column, *behind))


def _disclosed(frame: pd.DataFrame, name: str, columns: Mapping[str, Any], totals: list[bool]) -> list[Any]:
    column = columns[name]
    if column.parts:
        numerators, denominators = (_disclosed(frame, part, columns, totals) for part in _known_parts(column, columns))
        shown = [disclosed_share(n, d) for n, d in zip(numerators, denominators, strict=True)]
    else:
        sums = [column.of_row or total for total in totals]
        shown = [_disclosed_amount(column.measure, value, summed) for value, summed in zip(frame[name], sums, strict=True)]
    small = [False] * len(frame)
    for counted in column.counts:
        one = 1 if counted in columns and columns[counted].measure == Measure.PATIENTS else UNIT
        small = [s or is_small(value, one) for s, value in zip(small, frame[counted], strict=True)]
    return [HIDDEN if s and value is not None else value for s, value in zip(small, shown, strict=True)]


def _known_parts(column: Any, columns: Mapping[str, Any]) -> tuple[str, str]:
    if unknown := [part for part in column.parts if part not in columns]:
        raise ValueError(
            f"A share rests on {' and '.join(unknown)}: declare it in the table too (visible=False keeps it off the page)."
        )
    return column.parts


def _disclosed_amount(measure: Measure, value: Any, total: bool) -> Any:
    if is_missing(value):
        return None
    if measure == Measure.ACTIVITY:
        return disclosed_count(value, UNIT)
    if measure == Measure.PATIENTS:
        return disclosed_count(value)
    if measure == Measure.MONEY:
        return int(half_up(Decimal(int(value)), Decimal(TEN_THOUSAND_POUNDS if total else THOUSAND_POUNDS)))
    if measure == Measure.POPULATION:
        return int(half_up(Decimal(str(float(value))), Decimal(POPULATION_STEP)))
    return value


def rests_on_rounded_base(frame: pd.DataFrame, table_class: type, mode: Mode) -> bool:
    """Whether the disclosed frame has a share whose rounded base is too small to carry a tenth of a per cent."""
    columns = declared(table_class)
    for column in columns.values():
        if not column.parts or column.parts[1] not in frame or not _is_controlled(column, columns, mode):
            continue
        base = columns[column.parts[1]]
        one = {Measure.ACTIVITY: UNIT, Measure.PATIENTS: 1}.get(base.measure)
        if one and (numeric(frame[column.parts[1]]).dropna().abs() < ROUNDED_BASE * one).any():
            return True
    return False
