"""Runs a figure for one reader: filters, query, calculation, totals, disclosure, chart, table."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
from django.conf import settings
from django.http import QueryDict
from django.utils.module_loading import import_string

from .chart import Chart
from .disclosure import disclose, rests_on_rounded_base
from .downloads import DOWNLOADS
from .figure import Figure, Mode, RestsOn
from .shared_reads import shared
from .tables import FigureTable, total_of

MODE_WORDS = {
    Mode.INSIDE: "For people inside the data-sharing agreement: money and activity are exact.",
    Mode.OUTSIDE: "For sharing outside: counts of 1 to 7 are hidden (*), other counts are to the nearest 5, "
    "money to the nearest £1,000 and totals to the nearest £10,000.",
}
ROUNDED_BASE_NOTE = "Percentages are taken from rounded numbers; those of fewer than 4,000 are less exact than the decimals say."


class FiltersInvalid(Exception):
    """The reader asked for something that the figure's form refuses; `form` says what."""

    def __init__(self, form: Any):
        super().__init__(form.errors.as_text())
        self.form = form


@dataclass(frozen=True, kw_only=True)
class FigureResult:
    """A figure as one reader may see it. `frame` and `total` are disclosed."""

    figure: Figure
    form: Any
    filters: Mapping[str, Any]
    frame: pd.DataFrame
    total: Mapping[str, Any]
    chart: Chart | None
    table: FigureTable
    notes: tuple[str, ...]
    position: int | None
    mode: Mode
    illustrative: bool
    stamp: tuple[str, ...]

    @property
    def query_string(self) -> str:
        """The filters as an address carries them, always in one order."""
        return query_string(self.form)

    @property
    def filters_said(self) -> dict[str, Any]:
        """The filters by name, as text or lists of text, without the position."""
        lists = QueryDict(self.query_string).lists()
        return {name: values[0] if len(values) == 1 else values for name, values in lists if name != "position"}

    @property
    def title(self) -> str:
        if self.chart:
            return self.chart.title
        return self.figure.title(self.frame, self.filters) if self.figure.title else self.figure.heading

    @property
    def source(self) -> str:
        """Where the numbers come from, with the position they were taken at."""
        stated = self.chart.source if self.chart else self.figure.source
        return stated if self.position is None or f"osition {self.position}" in stated else f"{stated}, position {self.position}"

    @property
    def foot(self) -> str:
        """What is said under a drawing that may travel alone."""
        outside = f". {self.mode_words}" if self.mode == Mode.OUTSIDE else ""
        return f"{'Illustrative data. ' if self.illustrative else ''}Source: {self.source}{outside}"

    @property
    def mode_words(self) -> str:
        return MODE_WORDS[self.mode]

    @property
    def downloads(self) -> dict[str, Callable[[], bytes]]:
        """Format → what makes the file: `result.downloads["csv"]()`."""
        return {name: partial(download.write, self) for name, download in DOWNLOADS.items()}


def query_string(form: Any) -> str:
    """The canonical filters of a valid form."""
    if hasattr(form, "query_string"):
        return form.query_string()
    query = QueryDict(mutable=True)
    for name, value in form.cleaned_data.items():
        values = value if isinstance(value, list | tuple) else [value]
        query.setlist(name, [str(v) for v in values if v not in (None, "")])
    return query.urlencode()


def valid_form(figure: Figure, reader: Any, data: Any, *, page: bool) -> Any:
    """The figure's form filled and checked. Raises: FiltersInvalid."""
    form = figure.form(data, reader=reader, page=page)
    if not form.is_valid():
        raise FiltersInvalid(form)
    return form


def run_figure(
    figure: Figure, reader: Any, data: Any, *, page: bool, form: Any = None, order_by: str | None = None
) -> FigureResult:
    """Run a figure for a reader.

    `data` are the filters as sent; `page=True` fills what is missing with a page's defaults. `form`, where it is already
    at hand and valid, is not built again. `order_by` sorts the table ("-actual_price").

    Raises:
        FiltersInvalid: the filters say something that the figure's form refuses.
    """
    form = form or valid_form(figure, reader, data, page=page)
    filters = form.cleaned_data
    true = true_frame(figure, reader, filters)
    frame = disclose(true, figure.table, reader.mode)
    total = _disclosed_total(true, figure.table, reader.mode)
    # The chart and its words are made from what is disclosed; totals travel with the frame.
    frame.attrs["total"] = total
    notes = (*figure.note(frame, filters), *_slice_notes(figure, frame, filters))
    if rests_on_rounded_base(frame, figure.table, reader.mode):
        notes = (*notes, ROUNDED_BASE_NOTE)
    position = filters.get("position")
    return FigureResult(
        figure=figure,
        form=form,
        filters=filters,
        frame=frame,
        total=total,
        chart=figure.chart(frame, filters) if figure.chart else None,
        table=_table(figure, frame, total, order_by),
        notes=notes,
        position=position,
        mode=reader.mode,
        illustrative=is_illustrative(position),
        stamp=tuple(figure.stamp(filters)),
    )


@shared
def true_frame(figure: Figure, reader: Any, filters: Mapping[str, Any]) -> pd.DataFrame:
    """A figure's frame as it is calculated, before disclosure."""
    return figure.calculation(figure.query(reader, filters), filters)


def _slice_notes(figure: Figure, frame: pd.DataFrame, filters: Mapping[str, Any]) -> Iterator[str]:
    """What is said of the slices themselves, by the apps above that know them."""
    if figure.rests_on == RestsOn.SLICES and filters.get("position") is not None:
        for dotted in settings.SLICE_NOTES:
            yield from import_string(dotted)(frame, filters)


def _disclosed_total(true: pd.DataFrame, table_class: type[FigureTable], mode: Mode) -> dict[str, Any]:
    summed = true[~true[table_class._meta.total_rows].astype(bool)] if table_class._meta.total_rows else true
    return disclose(total_of(summed, table_class), table_class, mode, all_totals=True).iloc[0].to_dict()


def _table(figure: Figure, frame: pd.DataFrame, total: Mapping[str, Any], order_by: str | None) -> FigureTable:
    columns = figure.table.base_columns.items()
    absent = [name for name, column in columns if column.optional and str(column.accessor or name) not in frame]
    return figure.table(
        frame,
        exclude=absent,
        total=total if figure.table._meta.total_row else None,
        caption=figure.table._meta.caption or figure.heading,
        prefix=f"{figure.name}-",
        order_by=order_by,
    )


def is_illustrative(position: int | None) -> bool:
    """Whether a position holds made-up data. Positions are above this app, so settings name the query that knows."""
    if position is None:
        return False
    stored = import_string(settings.REPORTING_POSITION)(position)
    return stored is not None and stored.illustrative
